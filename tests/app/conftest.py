"""One plant for all pilots."""

from __future__ import annotations

import pytest

from factoryview.view.present import Presenter
from tests.kit.command import write_log
from tests.kit.pilot import Pilot, present


@pytest.fixture(scope="session")
def presenter(tmp_path_factory: pytest.TempPathFactory) -> Presenter:
    return present(write_log(tmp_path_factory.mktemp("log") / "office.csv", cases=150), ends=("Won", "Lost"))


@pytest.fixture
def pilot(presenter: Presenter) -> Pilot:
    return Pilot(presenter)
