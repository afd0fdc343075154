"""One plant for all pilots."""

from __future__ import annotations

import pytest

from factoryview.view.presentation import Presentation
from tests.kit.command import write_log
from tests.kit.pilot import Pilot, present


@pytest.fixture(scope="session")
def presentation(tmp_path_factory: pytest.TempPathFactory) -> Presentation:
    return present(write_log(tmp_path_factory.mktemp("log") / "office.csv", cases=150), ends=("Won", "Lost"))


@pytest.fixture
def pilot(presentation: Presentation) -> Pilot:
    return Pilot(presentation)
