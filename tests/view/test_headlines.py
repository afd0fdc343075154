"""What there is to say at a moment: who is named, with which numbers, known by then."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pytest

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.flow.ladder import Ladder, Rung
from factoryview.flow.moment.history import Window
from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED
from factoryview.flow.moment.standing import AtStage, Standing
from factoryview.flow.verdict.bottleneck import Bottleneck
from factoryview.flow.verdict.costs import Cost
from factoryview.flow.verdict.document import HandoverPart
from factoryview.flow.verdict.findings import Findings, findings_of
from factoryview.flow.verdict.heldback import Case, Held
from factoryview.flow.verdict.lead import Conclusion
from factoryview.flow.verdict.verdict import verdict
from factoryview.plant.models import Plant
from factoryview.resources import data_file
from factoryview.store.database import Store
from factoryview.time import DAY, HOUR, micros_of
from factoryview.view.headlines import Headlines
from factoryview.view.model import Model
from factoryview.view.news import Calm, Constraint, Elsewhere, Jam, LeftLying, Longest, News, Working, longest_of
from tests.kit.event_logs import Event, event_log
from tests.kit.small_plants import FIRST, kept


def rungs(*hours: float, work: float | None = None) -> Ladder:
    """A main road of so many stages, at each of which a case stays so long; of each that share is work."""
    stays = [round(each * HOUR) for each in hours]
    of_work = [None if work is None else stay * work for stay in stays]
    steps = [Rung(f"S{i}", 9.0, stay, spent) for i, (stay, spent) in enumerate(zip(stays, of_work, strict=True))]
    return Ladder(Window(FIRST, FIRST + DAY, slice(0, 1)), tuple(steps))


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (None, None),
        (rungs(5, 1), None),
        (rungs(2, 5, 1), Longest("S1", 5 * HOUR, 8 * HOUR)),
        (rungs(1, 1, 1, 1, 1), None),
        (rungs(2, 5, 1, work=0.4), Longest("S1", 5 * HOUR, 8 * HOUR)),
        (rungs(2, 5, 1, work=0.75), Working(6 * HOUR, 8 * HOUR)),
    ],
)
def test_while_nothing_jams_it_says_where_the_time_goes(steps: Ladder | None, told: Longest | Working | None) -> None:
    model = kept("calm").model
    at = model.worst_moment()
    day = datetime.fromtimestamp(at / 1e6, UTC).date()
    [news] = Headlines(model.counts, None).at(at, day, model.standing(at, 86_400e6), steps)
    assert isinstance(news, Calm)
    assert news.longest == told
    assert longest_of((news,)) == (told.stage if isinstance(told, Longest) else "")


@cache
def demo() -> Model:
    return Model(open_factory(data_file("umsatzwerk.toml")))


def said(model: Model, at: int, finding: Conclusion | None) -> tuple[News, ...]:
    day = datetime.fromtimestamp(at / 1e6, UTC).date()
    return Headlines(model.counts, finding).at(at, day, model.standing(at, 86_400e6))


def concluded(at: int, stage: str | None, days: int, case: Case = "sure") -> Conclusion:
    """As if that stage had been found to limit the plant for so many days."""
    hour = at / HOUR
    held = Held(stage or "", hour - days * 24, (hour - days * 24, hour), 5.0, case, 1.5, 0.5, 2.5, 0.0, 40.0, 2.0, None,
                0.0, None)  # fmt: skip
    since = hour - days * 24 if stage else None
    found = Bottleneck(stage, "sole" if stage else "none", since, hour, (hour - 720, hour), {}, {}, {}, "clear")
    return Conclusion(found, {stage: Cost(held, 10.0, 400.0)} if stage else {})


def before_of(model: Model, place: int, at: int) -> float | None:
    """How many stood at a stage 30 days before, counted stay by stay when the last bucket had ended by then."""
    past = model.counts.history
    then = at - 30 * DAY
    if then <= past.first:
        return None
    until = past.origin + (then - past.origin) // past.width * past.width
    name = past.stages[place]
    rows = model.factory.store.engine.connection.execute(  # type: ignore[attr-defined]
        'select epoch_us(entered), epoch_us("left"), weight from stays where stage = ?', [name]
    ).fetchall()
    there = (row for row in rows if row[0] is not None and row[0] < until and not (row[1] and row[1] < until))
    return sum(weight for _, _, weight in there)


@cache
def findings() -> Findings:
    return findings_of(demo().factory.store, demo().factory.plant)


def explained_at(moment: datetime) -> list[HandoverPart]:
    factory = demo().factory
    return verdict(factory.store, factory.plant, at=moment, findings=findings()).handovers


def left_lying(model: Model, at: int) -> list[LeftLying]:
    return [news for news in said(model, at, None) if isinstance(news, LeftLying)]


def enquiries_never_touched(until: datetime) -> set[str]:
    """Enquiries that came to Qualify in the nine days of the spreadsheet, by then, and never left it."""
    paths: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    with gzip.open(Path(data_file("umsatzwerk.csv.gz")), "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            paths[row["case"]].append((datetime.fromisoformat(row["time"]), row["stage"]))
    begun = datetime(2025, 9, 8, tzinfo=UTC)
    last = {case: max(path) for case, path in paths.items()}
    return {case for case, (entered, stage) in last.items() if stage == "Qualify" and begun <= entered <= until}


@pytest.mark.parametrize("day", [8, 10, 12, 15, 17])
def test_who_is_left_lying_stands_there_and_is_known_by_then_as_explain_says(day: int) -> None:
    model, moment = demo(), datetime(2025, 9, day, 12, tzinfo=UTC)
    at = micros_of(moment)
    found = left_lying(model, at)
    explained = explained_at(moment)
    lost = enquiries_never_touched(moment)
    if day <= 10:
        assert found == []
        assert sum(part.cases for part in explained) <= len(lost)
        return
    [there] = [stage.here.wip for stage in model.state(at, 86_400e6).stages if stage.id[1] == "Qualify"]
    [news], [part] = found, explained
    assert (news.stage, news.cases, news.value, news.since) == (
        part.stage, part.cases, part.value, micros_of(part.since)
    )  # fmt: skip
    assert 10 <= news.cases <= min(there, len(lost))


def test_all_that_was_lost_is_found_out_within_days_and_no_news_after_a_while() -> None:
    model = demo()
    ended = datetime(2025, 9, 25, 12, tzinfo=UTC)
    [part] = explained_at(ended)
    assert part.cases == len(enquiries_never_touched(ended)) == 189
    assert left_lying(model, micros_of(datetime(2025, 11, 20, 12, tzinfo=UTC))) == []
    assert left_lying(model, micros_of(datetime(2025, 9, 5, 12, tzinfo=UTC))) == []


def test_where_nothing_jams_it_says_how_many_are_in_progress_and_where_most_are() -> None:
    model = kept("calm").model
    assert model.counts.jams.levels.level.max() == NEUTRAL
    at = model.first + (model.last - model.first) * 3 // 4
    here = {stage.id[1]: stage.here.wip for stage in model.state(at, 86_400e6).stages}
    largest = max(here, key=lambda name: here[name])
    assert said(model, at, None) == (Calm(sum(here.values()), largest, here[largest], usual=True),)
    early = model.first + 2 * DAY
    [news] = said(model, early, None)
    assert isinstance(news, Calm)
    assert not news.judged
    assert not news.usual


def test_who_has_no_next_step_is_counted_apart_so_that_the_machines_add_up() -> None:
    log = [
        Event(2 * k + step, f"case {k}", stage, FIRST + (k + step) * HOUR)
        for k in range(60)
        for step, stage in enumerate(("Ask", "Won") if k % 4 else ("Ask", "Offer"))
    ]
    store = Store.build(event_log(duckdb.connect(), "completion", log), ends=("Won",))
    model = Model(Factory(Plant(name="x"), store, "x", (), 0, {}, len(log)))
    at = FIRST + 40 * HOUR
    begun = {event.case for event in log if (event.time or 0) <= at}
    offered = {event.case for event in log if event.stage == "Offer" and (event.time or 0) <= at}
    ended = {event.case for event in log if event.stage == "Won" and (event.time or 0) <= at}
    [news] = said(model, at, None)
    assert isinstance(news, Calm)
    assert (news.at_exit, news.in_progress) == (len(offered), len(begun - offered - ended))
    assert news.at_exit > 5


def test_the_worst_jam_is_named_with_its_queue_and_age() -> None:
    model = kept("jammed").model
    at, past, levels = model.worst_moment(), model.counts.history, model.counts.jams.levels
    step = max(k for k in range(levels.steps) if levels.moments[k] <= at)
    stage = model.topology.stages.index("Approval")
    assert levels.level[:, step].tolist().index(RED) == stage
    begun = step
    while begun and levels.level[stage, begun - 1] == RED:
        begun -= 1
    [news] = said(model, at, None)
    waiting = model.standing(at, 86_400e6).stages[stage].wip
    gone = past.lately(past.departures, at)[stage]
    clears = waiting * 7 * DAY / gone
    late = min(float(levels.late[stage, step]), waiting)
    assert late > 0
    before = before_of(model, stage, at)
    told = Jam("Approval", RED, waiting, int(levels.moments[begun]), clears, vacancies=1, late=late, before=before)
    assert news == told
    [news] = said(model, at, concluded(at, None, 0))
    assert news == told
    stuck = replace(model.counts, history=replace(past, departures=np.zeros_like(past.departures)))
    [news] = Headlines(stuck, None).at(at, date(2025, 4, 1), model.standing(at, 86_400e6))
    assert isinstance(news, Jam)
    assert news.clears_in is None


def _waiting(stage: AtStage) -> float:
    return stage.wip - stage.wrecks


def test_the_constraint_is_the_news_unless_its_own_belts_flow_beside_a_jam() -> None:
    model = kept("jammed").model
    at = model.worst_moment()

    def first(stage: str) -> News:
        return said(model, at, concluded(at, stage, 9))[0]

    place = model.topology.stages.index("Approval")
    waiting = model.standing(at, 86_400e6).stages[place].wip
    cost = concluded(at, "Approval", 9).costs["Approval"]
    late = min(model.counts.jams.at(at)[place].late, waiting)
    assert first("Approval") == Constraint(
        "Approval", RED, waiting, at - 9 * DAY, cost, 1, late=late, before=before_of(model, place, at)
    )
    assert isinstance(first("Inquiry"), Jam), "it flows while Approval jams"
    calm = kept("calm").model
    cost = concluded(at, "Approval", 1).costs["Approval"]
    named = set()
    for when in range(at, at + DAY, DAY // 24):
        stages = calm.standing(when, 86_400e6).stages
        more, here = max(stages, key=_waiting), stages[place].wip
        elsewhere = None
        if _waiting(more) > here:
            level = calm.counts.jams.at(when)[stages.index(more)]
            elsewhere = Elsewhere(
                calm.topology.stages[stages.index(more)], _waiting(more), level.judged and level.level == NEUTRAL
            )
        found = said(calm, when, concluded(at, "Approval", 1))[0]
        before = before_of(calm, place, when)
        assert found == Constraint("Approval", AMBER, here, at - DAY, cost, 1, elsewhere, before=before)
        named.add(elsewhere is not None)
    assert named == {True, False}


def test_where_more_wait_than_at_the_jam_is_told_as_usual_only_where_it_was_judged() -> None:
    model = kept("jammed").model
    at = model.worst_moment()
    standing, day = model.standing(at, 86_400e6), date(2025, 4, 1)
    jam, other = (model.topology.stages.index(name) for name in ("Approval", "Delivery"))
    more = standing.stages[jam].wip + 5

    def with_more(wrecks: float) -> Standing:
        stages = list(standing.stages)
        stages[other] = replace(stages[other], wip=more + wrecks, wrecks=wrecks)
        return replace(standing, stages=tuple(stages))

    for concluded_at in (None, concluded(at, "Approval", 9)):
        finder = Headlines(model.counts, concluded_at)
        news = finder.at(at, day, standing)[0]
        assert isinstance(news, Jam | Constraint)
        assert news.elsewhere is None, "nowhere more wait"
        news = finder.at(at, day, with_more(3))[0]
        assert isinstance(news, Jam | Constraint)
        assert model.counts.jams.at(at)[other].judged
        assert news.elsewhere == Elsewhere("Delivery", more)
    few = standing.stages[jam].wip
    stages = tuple(replace(stage, wip=few, wrecks=1.0) for stage in standing.stages)
    news = Headlines(model.counts, None).at(at, day, replace(standing, stages=stages))[0]
    assert isinstance(news, Jam)
    assert news.elsewhere is None, "who lies there does not wait"
