"""Which view stands: turns, hours, weekdays, steering, and clocks that jump."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.plant.wall_file import Wall, read_wall
from factoryview.wall.control import Brightness, Next, Pause, Pin, Previous, Resume, Unpin
from factoryview.wall.rotation import (
    Turn,
    adopted,
    first_turn,
    left,
    names_of,
    nobody_at,
    shown_at,
    spans_of,
    steered,
    turned,
    upcoming,
    views_at,
)

MONDAY = datetime(2026, 3, 2, 10)


def wall(*views: str) -> Wall:
    return read_wall('[[plant]]\nname = "A"\nfile = "demo"\n' + "".join(f"[[view]]\n{view}\n" for view in views))


PLAIN = wall('kind = "whole"\nseconds = 20', 'kind = "goals"\nseconds = 10', 'kind = "leaks"\nseconds = 5')


def test_views_take_turns_each_for_its_own_time() -> None:
    turn, seen = first_turn(PLAIN, MONDAY, 100.0), []
    for tick in range(71):
        now = 100.0 + tick
        turn = turned(PLAIN, turn, MONDAY + timedelta(seconds=tick), now)
        seen.append(turn.view)
    assert [seen.count(view) for view in range(3)] == [41, 20, 10]
    assert seen[19:21] == [0, 1]
    assert (seen[29], seen[30], seen[34], seen[35]) == (1, 2, 2, 0)


@pytest.mark.parametrize(
    ("hours", "weekdays", "shown"),
    [
        ('from = "08:00"\nuntil = "12:00"', "", {8, 9, 10, 11}),
        ('from = "22:00"\nuntil = "02:00"', "", {22, 23, 0, 1}),
        ('from = "22:00"', "", {22, 23}),
        ('until = "02:00"', "", {0, 1}),
        ('from = "22:00"\nuntil = "02:00"', 'weekdays = ["mon"]', {22, 23}),
        ('from = "22:00"\nuntil = "02:00"', 'weekdays = ["sun"]', {0, 1}),
        ("", 'weekdays = ["tue"]', set()),
    ],
)
def test_hours_and_weekdays_of_a_view(hours: str, weekdays: str, shown: set[int]) -> None:
    """A night belongs to the day on which it begins."""
    view = wall(f'kind = "whole"\n{hours}\n{weekdays}').view[0]
    assert {hour for hour in range(24) if shown_at(view, MONDAY.replace(hour=hour))} == shown


def test_where_nothing_has_its_hour_the_first_view_stands_and_check_is_told() -> None:
    some = wall('kind = "whole"\nfrom = "08:00"\nuntil = "18:00"', 'kind = "goals"\nfrom = "08:00"\nuntil = "18:00"')
    night = MONDAY.replace(hour=3)
    assert views_at(some, night) == (0,)
    assert left(some, first_turn(some, night, 0.0), night, 1e6) == float("inf")
    assert {(moment.weekday(), moment.hour) for moment in nobody_at(some)} == {
        (day, hour) for day in range(7) for hour in (0, 18)
    }
    assert list(nobody_at(PLAIN)) == []
    assert len(list(spans_of(PLAIN))) == 1


def test_steering() -> None:
    turn = first_turn(PLAIN, MONDAY, 0.0)
    turn = steered(PLAIN, turn, [Next(), Next(), Previous(), Brightness(0.5)], MONDAY, 1.0)
    assert (turn.view, turn.since) == (1, 1.0)
    paused = steered(PLAIN, turn, [Pause()], MONDAY, 2.0)
    assert turned(PLAIN, paused, MONDAY, 1e9) == paused
    assert steered(PLAIN, paused, [Next()], MONDAY, 3.0).paused
    going = steered(PLAIN, paused, [Resume()], MONDAY, 50.0)
    assert left(PLAIN, going, MONDAY, 50.0) == 10
    pinned = steered(PLAIN, turn, [Pin("leaks")], MONDAY, 4.0)
    assert (pinned.view, turned(PLAIN, pinned, MONDAY, 1e9)) == (2, pinned)
    assert steered(PLAIN, pinned, [Unpin()], MONDAY, 9.0) == Turn(2, 9.0)
    assert steered(PLAIN, turn, [Pin("no such view")], MONDAY, 4.0) == turn


def test_a_clock_that_jumps_and_a_computer_that_slept_change_one_view_at_most() -> None:
    turn = first_turn(PLAIN, MONDAY, 0.0)
    assert turned(PLAIN, turn, MONDAY + timedelta(days=400), 5.0) == turn
    assert turned(PLAIN, turn, MONDAY - timedelta(days=400), 5.0) == turn
    assert turned(PLAIN, turn, MONDAY, 1e6) == Turn(1, 1e6)


def test_a_view_whose_hour_is_over_ends_its_turn_and_does_not_come_again() -> None:
    some = wall('kind = "whole"\nseconds = 10', 'kind = "goals"\nuntil = "11:00"\nseconds = 10', 'kind = "leaks"')
    turn = turned(some, first_turn(some, MONDAY, 0.0), MONDAY, 10.0)
    assert turn.view == 1
    later = MONDAY.replace(hour=11)
    assert turned(some, turn, later, 15.0) == turn
    assert [upcoming(some, turn, later), upcoming(some, Turn(2, 0), later), upcoming(some, Turn(0, 0), later)] == [
        2,
        0,
        2,
    ]


def test_names_tell_views_apart_and_stay_when_the_file_changes() -> None:
    two = read_wall(
        '[[plant]]\nname = "A"\nfile = "demo"\n[[plant]]\nname = "B"\nfile = "demo"\n'
        '[[view]]\nkind = "whole"\n[[view]]\nkind = "whole"\nplant = "B"\n'
        '[[view]]\nkind = "department"\ndepartment = "Sales"\n[[view]]\nkind = "whole"\n'
    )
    assert names_of(two) == ("whole A", "whole B", "department Sales A", "whole A 4")
    turn = Turn(2, 5.0, pinned=2)
    fewer = wall('kind = "leaks"', 'kind = "goals"')
    assert adopted(PLAIN, fewer, turn, MONDAY, 9.0) == Turn(0, 5.0, pinned=0)
    gone = wall('kind = "whole"', 'kind = "ladder"')
    assert adopted(PLAIN, gone, turn, MONDAY, 9.0) == Turn(0, 9.0)
    assert first_turn(PLAIN, MONDAY, 3.0, "goals") == Turn(1, 3.0)
    assert first_turn(PLAIN, MONDAY, 3.0, "nonsense") == Turn(0, 3.0)


@given(steps=st.lists(st.floats(0, 60), max_size=40), start=st.integers(0, 7 * 86_400))
def test_whatever_happens_a_view_of_the_file_stands_and_none_is_cut(steps: list[float], start: int) -> None:
    some = wall('kind = "whole"\nseconds = 20', 'kind = "goals"\nseconds = 10\nfrom = "08:00"\nuntil = "07:00"',
                'kind = "leaks"\nseconds = 5\nweekdays = ["sat"]')  # fmt: skip
    moment, now = MONDAY + timedelta(seconds=start), 0.0
    turn = first_turn(some, moment, now)
    for step in steps:
        now, moment = now + step, moment + timedelta(seconds=step)
        after = turned(some, turn, moment, now)
        assert 0 <= after.view < 3
        if after != turn:
            assert now - turn.since >= some.seconds_of(some.view[turn.view])
        turn = after


def test_a_view_that_has_nothing_to_show_is_left_out_unless_none_has() -> None:
    turn = Turn(0, 0.0, empty=frozenset({1}))
    assert upcoming(PLAIN, turn, MONDAY) == 2
    assert steered(PLAIN, Turn(2, 0.0, empty=frozenset({1})), [Previous()], MONDAY, 5.0).view == 0
    assert steered(PLAIN, turn, [Pin("goals")], MONDAY, 5.0).view == 1
    assert left(PLAIN, Turn(0, 0.0, empty=frozenset({1, 2})), MONDAY, 100.0) == float("inf")
    assert upcoming(PLAIN, Turn(0, 0.0, empty=frozenset({0, 1, 2})), MONDAY) == 1
    fresh = adopted(PLAIN, wall('kind = "goals"', 'kind = "whole"'), turn, MONDAY, 5.0)
    assert fresh.empty == frozenset(), "the places are those of the file"
