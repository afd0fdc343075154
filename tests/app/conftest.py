"""One plant for all pilots."""

from __future__ import annotations

import pytest

from factoryview.app.present import Presenter
from tests.app.pilot import Pilot, present
from tests.command import write_log


@pytest.fixture(scope="session")
def presenter(tmp_path_factory: pytest.TempPathFactory) -> Presenter:
    return present(write_log(tmp_path_factory.mktemp("log") / "office.csv", cases=150), ends=("Won", "Lost"))


@pytest.fixture
def pilot(presenter: Presenter) -> Pilot:
    return Pilot(presenter)
