"""The figures of a stage by working days, against plain counts from the visits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from factoryview.app.session import Session
from factoryview.factory.privacy import STRICT, Gate
from factoryview.time import DAY, micros_of
from factoryview.view.charts import Stretch
from factoryview.view.figures_over_time import FIGURES, Figure, over_time
from tests.kit.small_plants import kept
from tests.view.test_charts import ZONE, logged, plain, stretch

OPEN = Gate(smallest=1)


def days(over: Stretch) -> list[tuple[int, int]]:
    """Local working days of a stretch that are over."""
    begin = datetime.fromtimestamp(over.since / 1e6, UTC).astimezone(ZONE).date() + timedelta(1)
    midnights = [micros_of(datetime(*(begin + timedelta(n)).timetuple()[:3], tzinfo=ZONE)) for n in range(60)]
    return [(a, b) for a, b in pairwise(midnights) if b <= over.at]


def points(figure: Figure, over: Stretch, gate: Gate = OPEN) -> list[float]:
    hours = kept("piled").model.counts.hours
    return [value for _, value in over_time(logged(), over, hours, ZONE, figure, gate).points]


def test_the_queue_is_who_is_there_at_the_end_of_each_day() -> None:
    over = stretch("month", 0.8)
    expected = [sum(v.entered <= b and not (v.left and v.left <= b) for v in plain()) for _, b in days(over)]

    assert max(expected) > 3
    assert points("queue", over) == expected


def test_waits_are_of_those_that_left_that_day() -> None:
    over = stretch("month", 0.8)
    expected = []
    for a, b in days(over):
        gone = [v for v in plain() if v.left and a <= v.left < b]
        if gone:
            expected.append(sum((v.left or 0) - v.entered for v in gone) / len(gone))

    assert len(expected) > 5
    assert not logged().starts_known
    assert points("waiting", over) == pytest.approx(expected)


def test_a_share_is_of_all_that_left_and_never_of_few() -> None:
    over = stretch("month", 0.8)
    shares = points("losses", over)

    assert shares
    assert 0 <= min(shares) <= max(shares) <= 1
    few = points("losses", over, Gate(smallest=10**6))
    assert few == points("waiting", over, Gate(smallest=10**6)) == []
    assert len(points("waiting", over, STRICT)) <= len(points("waiting", over))


def test_nothing_is_known_of_later() -> None:
    early, late = stretch("all", 0.5), stretch("all", 1.0)
    for figure in FIGURES:
        before = points(figure, early)
        assert before
        assert points(figure, late)[: len(before)] == before, figure
    assert early.at < late.at - DAY


def test_one_begins_with_departures() -> None:
    assert Session.__dataclass_fields__["figure"].default == FIGURES[0] == "go"
