"""The forecast page says what `forecast` says, of the moment that is seen and nothing later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from factoryview.flow.change.forecast import CHANCES, forecast
from factoryview.flow.change.records import records_of
from factoryview.store.selection import Through
from tests.kit.desk_pilot import DeskPilot
from tests.kit.small_plants import DAY, FIRST, reworked, simulate, studied

SIZE = (1366, 768)
ENDS = reworked().ends


def opened(days: float) -> DeskPilot:
    """At the desk, with the page opened, so many days after the begin of the log."""
    pilot = DeskPilot(studied("reworked"), SIZE, paused=True, start=FIRST + round(days * DAY))
    pilot.press("d").wait(0)
    return pilot


@pytest.mark.parametrize("days", [33.4, 38.0])
def test_what_is_so_far_and_in_progress_is_that_of_a_plain_loop(days: float) -> None:
    pilot = opened(days)
    levels = pilot.screen.model.counts.jams.levels
    at = int(levels.moments[levels.at(pilot.session.playhead.at)])
    assert at <= pilot.session.playhead.at, "nothing later is known"
    zone = ZoneInfo("Europe/Berlin")
    today = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).astimezone(zone)
    month = round(today.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp() * 1e6)
    begun, paid, ended = set(), 0, set()
    for event in simulate(reworked().line):
        if (event.time or 0) > at:
            continue
        begun.add(event.case)
        if event.stage in ENDS:
            ended.add(event.case)
            paid += event.stage == "Paid" and (event.time or 0) >= month

    assert f"{paid} so far" in pilot.label("panel/month/now")
    assert f"{len(begun) - len(ended)} cases" in pilot.label("panel/done/now")


def test_every_figure_is_that_of_the_command_at_the_same_moment() -> None:
    pilot = opened(38.0)
    model = pilot.screen.model
    levels, language = model.counts.jams.levels, pilot.screen.presentation.language
    at = int(levels.moments[levels.at(pilot.session.playhead.at)])
    found = forecast(records_of(model.factory.store, model.factory.plant, at))
    assert found is not None
    assert language.clock(at) in pilot.label("panel/known")
    tests = found.month_tested, found.done_tested
    assert min(each.tries for tested in tests for each in tested.values()) > 0
    for chance in CHANCES:
        month, done = (pilot.label(f"panel/{name}/{round(100 * chance)}").split(" · ") for name in ("month", "done"))
        rates = [language.percent(tested[chance].hits / tested[chance].tries) for tested in tests]
        day = found.done[chance]
        assert month == [language.percent(chance), language.number(found.by_month_end[chance]), rates[0]]
        assert done == [language.percent(chance), "not in sight" if day is None else language.day(day), rates[1]]


def test_it_is_told_in_german_and_shut_again() -> None:
    pilot = opened(38.0)
    pilot.press("f2").wait(0)
    assert pilot.label("panel/title") == "Vorhersage"
    assert pilot.label("panel/month/head") == "Erfolgreich beendet bis 30. April 2025"
    pilot.press("escape")
    assert pilot.tree.find("panel") is None


def test_too_few_are_said_to_be_too_few_and_filters_narrow_it() -> None:
    pilot = opened(9.0)
    assert pilot.label("panel/none") == "Too few cases have ended lately to say what is to come."
    pilot = opened(38.0)
    whole = pilot.label("panel/done/now")
    pilot.run("filter", Through("Approval")).wait(0)
    pilot.wait(0)
    assert pilot.label("panel/done/now") != whole


def test_before_the_first_working_day_is_over_nothing_is_foretold() -> None:
    pilot = opened(0.0)
    pilot.screen.settle()
    pilot.wait(0)
    assert pilot.label("panel/none")
    assert pilot.node("panel").find("panel/known") is None
