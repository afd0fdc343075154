"""What is counted of a whole log once, against plain loops over its events."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import duckdb
import numpy as np
import pytest

from factoryview.factory.factory import Factory
from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED
from factoryview.plant.models import Plant, Source
from factoryview.store.database import Store
from factoryview.time import DAY
from factoryview.view.counts import judged
from factoryview.view.model import Model
from tests.kit.event_logs import Event, event_log
from tests.kit.plain import visits
from tests.kit.small_plants import FIRST, jammed, kept, reworked, simulate


@cache
def model() -> Model:
    events = simulate(jammed().line)
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=("Paid", "Lost"))
    return Model(Factory(jammed().plant, store, "x", (), 3, {}, len(events)))


def test_entrances_and_goals_are_those_of_the_events() -> None:
    counts, events = model().counts, simulate(jammed().line)
    stays = visits(events, ("Paid", "Lost"))
    assert {name for name, _ in counts.sources} == {"→ web", "→ partner"}
    for (name, stage), tally in counts.sources.items():
        new = [s for s in stays if s.came_from is None and s.stage == stage]
        came = sorted(s.entered for s in new if s.channel == name.removeprefix("→ "))
        assert tally.at.tolist() == came
        assert tally.by(came[len(came) // 2]) == len(came) // 2 + 1
    paid = sorted(s.left or 0 for s in stays if s.to == "Paid")
    assert counts.goals["Paid"].arrivals.at.tolist() == paid
    assert (counts.rejected, counts.undated, counts.anonymous, counts.weight) == (3, 0, False, 1.0)


def test_a_rate_is_over_the_week_before_the_bucket() -> None:
    counts = model().counts
    past, tally = counts.history, next(tally for (name, _), tally in counts.sources.items() if name == "→ web")
    for bucket in (0, 3, 50, past.buckets - 1):
        at = past.origin + bucket * past.width + past.width // 3
        until = past.origin + bucket * past.width
        since = max(until - 7 * DAY, past.origin)
        came = int(((tally.at >= until - 7 * DAY) & (tally.at < until)).sum())
        assert past.rate_of(tally, at) == pytest.approx(came / max(until - since, past.width) * DAY)


def test_belts_have_moved_fully_by_half_or_not_at_all() -> None:
    counts = kept("jammed").model.counts
    speeds = {NEUTRAL: 1.0, AMBER: 0.5, RED: 0.0}
    found = counts.jams.levels
    assert set(np.unique(found.level)) == {NEUTRAL, AMBER, RED}
    moments = [counts.history.first, *found.moments[1:].tolist()]
    for stage in range(len(found.level)):
        moved = 0.0
        for step, level in enumerate(found.level[stage].tolist()):
            assert counts.moving[stage, step] == pytest.approx(moved)
            moved += speeds[level] * (moments[min(step + 1, len(moments) - 1)] - moments[step])


def test_crates_of_several_cases_and_cases_without_a_date_are_counted() -> None:
    events = [Event(k, f"case {k}", "Ask", FIRST + k, weight=25.0) for k in range(9)]
    events.append(Event(9, "case 9", "Ask", None, weight=25.0))
    store = Store.build(event_log(duckdb.connect(), "entry", events))
    counts = Model(Factory(Plant(name="x", sources=(Source(name="web"),)), store, "x", (), 0, {}, 10)).counts
    assert (counts.weight, counts.undated) == (25.0, 1)


def test_jams_are_judged_anew_only_when_a_working_day_has_ended() -> None:
    counts = model().counts
    past = counts.history
    assert judged(counts.factory, past, counts) is counts.jams
    ends = counts.jams.levels.workdays.next_end
    assert judged(counts.factory, replace(past, last=ends - 1), counts) is counts.jams
    later = replace(past, last=ends + DAY)
    assert judged(counts.factory, later, counts) is not counts.jams


def test_the_share_of_the_main_road_is_that_of_moves_between_stages() -> None:
    """Counted by hand: moves from a stage of the road to its next over all moves from a stage to another."""
    counts = kept("reworked").model.counts
    paths: dict[str, list[Event]] = {}
    for event in simulate(reworked().line):
        paths.setdefault(event.case, []).append(event)
    moves = [
        (a.stage, b.stage)
        for path in paths.values()
        for a, b in pairwise(sorted(path, key=lambda event: (event.time or 0, event.row)))
        if a.stage != b.stage and not {a.stage, b.stage} & {"Paid", "Lost"}
    ]
    along = set(pairwise(counts.road))
    assert 0 < counts.road_share < 1
    assert counts.road_share == pytest.approx(sum(move in along for move in moves) / len(moves))
