"""What holds for every test: no window of the machine is used, however slow it is, and no settings of its user; what
is said of all of something is said of something; and a promise that all parts are there is kept.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterable

import pytest
from hypothesis import HealthCheck, settings

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

_SETTINGS = tempfile.TemporaryDirectory()
os.environ["XDG_CONFIG_HOME"] = os.environ["APPDATA"] = _SETTINGS.name

ALL_PARTS = os.environ.get("FACTORYVIEW_ALL_PARTS") == "1"


settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "parts: needs programs that not every machine has; skipped where they are not")


def all_of_some(conditions: Iterable[object]) -> bool:
    """`all`, but nothing is not enough: a test that looked at nothing has proved nothing."""
    empty = True
    for condition in conditions:
        if not condition:
            return False
        empty = False
    assert not empty, "all() of nothing proves nothing; where there may be nothing, say so with `not any(not …)`"
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for module in {item.module for item in items if isinstance(item, pytest.Function)}:
        module.all = all_of_some


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With FACTORYVIEW_ALL_PARTS=1 a test that would be skipped fails: whoever says so has installed every part."""
    report = yield
    if ALL_PARTS and report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("parts"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped although FACTORYVIEW_ALL_PARTS=1: {report.longrepr}"
    return report
