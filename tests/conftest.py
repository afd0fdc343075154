"""What holds for every test: no window of the machine is used, however slow it is, no settings of its user, nor what is
kept for them; what is said of all of something is said of something; and a promise that all parts are there is kept.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Generator, Iterable

import pytest
from hypothesis import HealthCheck, settings

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

_SETTINGS = tempfile.TemporaryDirectory()
os.environ["XDG_CONFIG_HOME"] = os.environ["APPDATA"] = _SETTINGS.name
os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = f"{_SETTINGS.name}/cache"

ALL_PARTS = os.environ.get("FACTORYVIEW_ALL_PARTS") == "1"


settings.register_profile(
    "same every time", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, print_blob=True
)
settings.register_profile("search", settings.get_profile("same every time"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same every time"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cluster: needs Java and pyspark, and some minutes; skipped where they are not")
    config.addinivalue_line("markers", "pythons: installs the wheel from a package registry for other Pythons, if any")
    config.addinivalue_line("markers", "parts: needs programs that not every machine has; skipped where they are not")


_LOOKED_AT: dict[tuple[str, int], bool] = {}
"""File and line of every `all(…)` that the running test has asked → whether there was ever anything to ask it of."""


def all_of_some(conditions: Iterable[object]) -> bool:
    """`all`, which notes whether it was asked of anything."""
    caller = sys._getframe(1)
    place = caller.f_code.co_filename, caller.f_lineno
    _LOOKED_AT.setdefault(place, False)
    for condition in conditions:
        _LOOKED_AT[place] = True
        if not condition:
            return False
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for module in {item.module for item in items if isinstance(item, pytest.Function)}:
        module.all = all_of_some


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A test fails that asserts `all(…)` of nothing, in all its examples: it has proved nothing. One of several cases
    of a parametrised test may have nothing to look at.
    """
    _LOOKED_AT.clear()
    result = yield
    idle = sorted(place for place, looked in _LOOKED_AT.items() if not looked)
    assert not idle or hasattr(pyfuncitem, "callspec"), f"all() of nothing proves nothing: {idle}"
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With FACTORYVIEW_ALL_PARTS=1 a test that would be skipped fails: whoever says so has installed every part."""
    report = yield
    if ALL_PARTS and report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("parts"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped although FACTORYVIEW_ALL_PARTS=1: {report.longrepr}"
    return report
