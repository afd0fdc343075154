"""Goals on the wall: to scale, with their takt; and what happens when one is met."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pygame
import pytest

from factoryview.flow.hours import PlannedHour
from factoryview.plant.models import Calendar
from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import opaque
from factoryview.scene.chrome.confetti import Confetti
from factoryview.scene.chrome.large import GoalBar
from factoryview.scene.picture import GoalRow, GoalScale
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.look import Canvas
from factoryview.time import HOUR, micros_of
from factoryview.view.presentation import Presentation
from factoryview.wall import boards
from factoryview.wall.cheers import SECONDS, cheers_at
from tests.kit.small_plants import studied
from tests.wall.kit import Played, Wand, wall_text

ZONE = ZoneInfo("Europe/Berlin")
MINUTE = 60_000_000


@cache
def presentation() -> Presentation:
    return studied("calm")


def paid_by_day() -> dict[str, list[int]]:
    """Local days and when their payments came, µs UTC; counted from the stays."""
    rows = presentation().model.factory.store.rows("counts/outcomes")
    assert "Paid" in [name for name, _ in rows]
    goal = presentation().model.counts.goals["Paid"]
    days: dict[str, list[int]] = {}
    for at in goal.arrivals.at.tolist():
        days.setdefault(datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZONE).date().isoformat(), []).append(at)
    return {
        day: paid for day, paid in days.items() if day >= "2025-03-20"
    }  # before, it is not known which days are worked


def test_a_goal_is_cheered_from_the_payment_that_met_it_for_some_seconds() -> None:
    days = {day: paid for day, paid in paid_by_day().items() if len(paid) >= 10 and paid[9] - paid[8] > MINUTE}
    assert days
    for paid in list(days.values())[:4]:
        met, pace = paid[9], 1e6
        assert cheers_at(presentation(), met - 1, pace) == ()
        for later in (0.0, 3.0, SECONDS - 0.5):
            (cheer,) = cheers_at(presentation(), met + round(later * pace), pace)
            assert cheer.elapsed == pytest.approx(later)
            assert cheer.banner.glad
        assert cheers_at(presentation(), met + round(SECONDS * pace), pace) == ()
        assert cheers_at(presentation(), met, 0.0) == (), "nothing moves where time stands"


@pytest.mark.parametrize("low_motion", [False, True])
def test_it_rains_over_the_floor_where_motion_is_welcome(low_motion: bool) -> None:
    day, paid = next((day, paid) for day, paid in paid_by_day().items() if len(paid) >= 10)
    start = (datetime.fromtimestamp(paid[9] / 1e6, ZONE) + timedelta(seconds=60)).replace(tzinfo=None)
    plant = f"start = {start.isoformat(timespec='seconds')}\nseconds_per_day = 120"
    text = wall_text("whole", "goals", extra=f"low_motion = {str(low_motion).lower()}\n", plant=plant)
    with Wand(lambda: Played(presentation()), text, view="whole") as wand:
        wand.until_open().frame()
        assert wand.says("strip/headline/0").startswith("Goal met"), day
        assert (wand.node("cheer") is None) == low_motion


def test_the_bar_is_to_scale() -> None:
    art = Art(NIGHT)
    scale = GoalScale(actual=3, plan=6, target=8, low=4, high=6)
    row = GoalRow("Orders", "3", "plan 6", "−3", False, "", "takt 1.1 h", scale)
    surface, rect = opaque((808, 60)), pygame.Rect(4, 4, 800, 50)
    GoalBar(row, scale, 0, 40, 30).paint(Canvas(surface, surface, art), rect)
    line = [tuple(surface.get_at((x, rect.centery)))[:3] for x in range(rect.x, rect.right)]
    assert line.count(art.theme.shortfall) == 300
    assert line[300] == line[350] == art.theme.rung
    assert line[600] == art.theme.headline
    assert line[410] == line[590] != art.theme.rung
    assert line[799] == art.theme.headline


def test_confetti_is_a_function_of_the_time_passed_and_stays_in_its_box() -> None:
    art, rect = Art(NIGHT), pygame.Rect(40, 40, 560, 280)

    def drawn(elapsed: float) -> pygame.Surface:
        surface = opaque((640, 360))
        Confetti(elapsed, SECONDS).paint(Canvas(surface, surface, art), rect)
        return surface

    first, again = drawn(3.0), drawn(3.0)
    ground = opaque((640, 360))
    assert first.get_buffer().raw == again.get_buffer().raw != ground.get_buffer().raw
    assert drawn(0.0).get_buffer().raw != first.get_buffer().raw
    assert drawn(SECONDS).get_buffer().raw == ground.get_buffer().raw, "it is over in time"
    outside = first.copy()
    outside.blit(ground, rect, rect)
    assert outside.get_buffer().raw == ground.get_buffer().raw


def test_the_takt_is_said_where_working_hours_are_known() -> None:
    shown = presentation()
    paid = next(paid for paid in paid_by_day().values() if len(paid) >= 5)
    state = shown.model.state(paid[4], 1e6)
    (goal,) = state.figures.goals.values()
    row = next(row for board in shown.wording.moment(state).floor.boards for row in board.rows
               if isinstance(row, GoalRow))  # fmt: skip
    assert row.scale == GoalScale(goal.actual, goal.plan, 10.0, goal.low or goal.actual, goal.high or goal.actual)
    assert shown.model.factory.plant.calendar == Calendar()
    assert row.takt == "", "no hours are named in this plant"


def test_once_the_day_can_end_in_one_way_only_one_number_is_its_forecast() -> None:
    shown = presentation()
    paid = next(paid for paid in paid_by_day().values() if len(paid) >= 5)
    late = datetime.fromtimestamp(paid[4] / 1e6, ZONE).replace(hour=23, minute=59)
    forecasts = set()
    for at in (paid[4], round(late.timestamp() * 1e6)):
        state = shown.model.state(at, 1e6)
        (goal,) = state.figures.goals.values()
        row = next(row for board in shown.wording.moment(state).floor.boards for row in board.rows
                   if isinstance(row, GoalRow))  # fmt: skip
        ends = dict.fromkeys(f"{end:.0f}" for end in (goal.low, goal.high))
        assert row.forecast == f"today {'–'.join(ends)}"
        forecasts.add(len(ends))
    assert forecasts == {1, 2}


def test_before_work_begins_hours_in_which_next_to_nothing_is_planned_take_no_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = micros_of(datetime(2025, 4, 8, 5, tzinfo=ZONE))
    plans = (0.0, 0.04, 0.7, 0.0, 1.2)
    hours = [PlannedHour(at + i * HOUR, at + (i + 1) * HOUR, plan) for i, plan in enumerate(plans)]
    monkeypatch.setattr(boards, "goal_hours", lambda *_: ())
    monkeypatch.setattr(boards, "hours_to_come", lambda *_: tuple(hours))
    with Wand(lambda: Played(presentation()), wall_text("hours", plant=""), size=(1080, 1920)) as wand:
        wand.until_open()
        shown = [node.label for node in wand.kiosk.tree.walk() if node.id.startswith("ahead/")]
        assert [words.split()[0] for words in shown] == ["7:00–8:00", "8:00–9:00", "9:00–10:00"]
        assert [words.split()[-1] for words in shown] == ["0.7", "0", "1.2"]
        del hours[2:]
        wand.frame(1.0)
        assert wand.node("ahead/1") is not None, "where nothing else is planned, that little is"
