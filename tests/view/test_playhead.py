"""The moment shown moves by laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.view.playhead import Playhead, usual_pace

MOMENTS = st.integers(-(10**15), 4 * 10**15)
SECONDS = st.floats(0, 0.1)


@st.composite
def heads(draw: st.DrawFn) -> Playhead:
    first, last = sorted((draw(MOMENTS), draw(MOMENTS)))
    at = draw(st.integers(first, last))
    return Playhead(at, draw(st.floats(1e6, 1e12)), first, last, playing=draw(st.booleans()), loop=draw(st.booleans()))


@given(heads(), st.lists(SECONDS | st.floats(0, 1e6), max_size=20))
def test_it_never_leaves_the_log(head: Playhead, steps: list[float]) -> None:
    for step in steps:
        moved = head.advanced(step)
        assert moved.first <= moved.at <= moved.last
        assert moved.at >= head.at or head.loop
        head = moved


@given(heads(), st.floats(0, 1e6))
def test_paused_it_stands(head: Playhead, seconds: float) -> None:
    if not head.playing:
        assert head.advanced(seconds) == head


@given(heads(), SECONDS)
def test_it_moves_by_pace_times_time_and_stops_at_the_end(head: Playhead, seconds: float) -> None:
    if head.playing:
        there = head.at + round(seconds * head.pace)
        moved = head.advanced(seconds)
        if there < head.last:
            assert (moved.at, moved.playing) == (there, True)
        elif head.loop:
            assert (moved.at, moved.playing) == (head.first, True)
        else:
            assert (moved.at, moved.playing) == (head.last, False)


@given(heads(), MOMENTS)
def test_seeking_is_exact_inside_the_log_and_keeps_everything_else(head: Playhead, at: int) -> None:
    sought = head.sought(at)
    assert sought.at == (at if head.first <= at <= head.last else head.first if at < head.first else head.last)
    assert (sought.pace, sought.playing, sought.loop) == (head.pace, head.playing, head.loop)
    assert sought.sought(head.at) == head


@given(heads())
def test_toggling_twice_is_nothing_but_at_the_end(head: Playhead) -> None:
    once = head.toggled()
    assert once.playing != head.playing
    assert once.at == (head.first if not head.playing and head.at >= head.last else head.at)
    if head.at < head.last:
        assert once.toggled() == head


@given(heads(), st.integers(-60, 60))
def test_speed_stays_between_its_bounds(head: Playhead, steps: int) -> None:
    changed = head.faster(steps)
    assert 1e6 <= changed.pace <= 400 * 86_400e6
    assert changed.at == head.at
    if 1e6 < changed.pace < 400 * 86_400e6:
        assert changed.faster(-steps).pace == pytest.approx(head.pace)


@given(heads(), st.lists(st.tuples(SECONDS, st.integers(0, 10**9)), min_size=1, max_size=20))
def test_a_live_playhead_is_always_at_the_clock(head: Playhead, steps: list[tuple[float, int]]) -> None:
    head, clock = head.to_live(), head.last
    for seconds, passed in steps:
        clock += passed
        head = head.advanced(seconds, clock)
        assert (head.at, head.last, head.shown_pace, head.live) == (clock, clock, 1e6, True)


@given(heads(), MOMENTS)
def test_going_elsewhere_or_pausing_leaves_the_live(head: Playhead, at: int) -> None:
    assert not head.to_live().sought(at).live
    assert not head.to_live().toggled().live


def test_playing_on_from_the_past_it_catches_up_with_the_clock() -> None:
    head = Playhead(0, 60e6, 0, 100_000_000).advanced(0.1, 100_000_000)
    assert not head.live
    assert (head.at, head.last) == (6_000_000, 100_000_000)
    for _ in range(100):
        head = head.advanced(0.1, 100_000_000)
    assert head.live


def test_paused_in_the_past_it_stands_while_the_clock_goes_on() -> None:
    head = Playhead(50, 60e6, 0, 100, playing=False)
    assert (head.advanced(0.1, 200).at, head.advanced(0.1, 200).last) == (50, 200)


def test_in_a_log_that_grows_whoever_had_come_to_its_end_goes_to_the_new_one() -> None:
    head = Playhead(50, 1e6, 0, 100)
    assert head.extended(0, 200) == Playhead(50, 1e6, 0, 200)
    ended = Playhead(100, 1e6, 0, 100, playing=False)
    assert ended.extended(0, 200) == Playhead(200, 1e6, 0, 200, playing=False)
    assert Playhead(60, 1e6, 0, 100, playing=False).extended(0, 200).at == 60
    assert ended.extended(0, 80).at == 100, "what a live plant has seen of time is not taken back"


@given(st.integers(0, 10**17))
def test_a_log_plays_at_its_usual_pace_for_some_minutes(span: int) -> None:
    pace = usual_pace(span)
    seconds = span / pace
    assert pace >= 60e6
    assert seconds >= 240 or pace == 60e6, "never over in a moment"
    assert seconds <= 240 * 7 or pace == 30 * 86_400e6, "and no longer than it takes at the next faster pace"
