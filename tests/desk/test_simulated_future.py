"""A simulated future on the floor: the same law, the simulation's own numbers, nothing of what really came later."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from factoryview.desk.whatif.ahead import middle_seed, notes_then, plant_then, simulated
from factoryview.desk.whatif.futures import Futures, Known
from factoryview.plant.models import Mark, Worker
from factoryview.plant.notes import Note, Notes
from factoryview.plant.scenario_file import Scenario, parse_set
from factoryview.store.selection import Through
from factoryview.time import micros_of
from factoryview.view.model import Model
from factoryview.whatif.facts import Future
from factoryview.whatif.interventions import changed
from factoryview.whatif.kernel import Run, simulate
from factoryview.whatif.remembering import RememberingLab
from tests.desk.test_whatif import PERSON, QuickPilot, sits
from tests.kit.plain import visits
from tests.kit.small_plants import piled, reworked, sales, studied
from tests.kit.small_plants import simulate as simulated_log

DAY = 86_400_000_000
SMALL = {"piled": piled, "reworked": reworked}
MORE = parse_set(["Approval.people+=1"])


@lru_cache(maxsize=4)
def known_of(name: str, share: float) -> tuple[Model, Known, RememberingLab]:
    model, asked = studied(name).model, Futures(20, 20, 30)
    at = model.first + round(share * (model.last - model.first))
    asked.ask(model.factory, at, [])
    asked.settle()
    assert asked.known is not None
    assert asked.known.lab is not None
    return model, asked.known, asked.known.lab


def ran(lab: RememberingLab, scenario: Scenario | None) -> tuple[Future, Run]:
    """The middle future, simulated once more."""

    def variant(future: Future, seed: int) -> Future:
        return future if scenario is None else changed(future, scenario, lab.setting, seed)

    seed = middle_seed(lab, variant, 20)
    future = variant(lab.future(seed), seed)
    return future, simulate(future.replication.steps, future.replication.pools, seed, lab.setting.end)


def plain_counts(lab: RememberingLab, future: Future, run: Run, hour: float) -> Counter[str]:
    """Simulated cases at each stage at an hour after the begin, by a plain loop over the steps."""
    stages, found = lab.setting.calibration.log.stages, Counter[str]()
    open_, arrived = future.replication.open.tolist(), future.replication.arrived.tolist()
    parents, cases = future.replication.steps.parent.tolist(), future.replication.steps.case.tolist()
    starts, ends = run.start.tolist(), run.end.tolist()
    for step, (parent, case, stage) in enumerate(zip(parents, cases, future.replication.stage.tolist(), strict=True)):
        if parent < 0:
            entered = -math.inf if open_[case] else arrived[case]
        else:
            left_unserved = math.isinf(starts[parent]) and math.isfinite(ends[parent])
            entered = math.inf if left_unserved else ends[parent]
        if entered <= hour < ends[step]:
            found[stages[stage]] += 1
    return found


@pytest.mark.parametrize(("name", "share", "scenario"), [("piled", 1.0, MORE), ("reworked", 0.7, None)])
def test_what_stands_there_is_what_the_simulation_says(name: str, share: float, scenario: Scenario | None) -> None:
    model, known, lab = known_of(name, share)
    ahead = simulated(model, known, lab, scenario, 20)
    assert ahead.topology.plan is model.topology.plan
    small = SMALL[name]()
    now = Counter(v.stage for v in visits(simulated_log(small.line), small.ends) if v.present(known.at))
    assert {stage.id[1]: stage.here.wip for stage in ahead.state(known.at, 1e6).stages if stage.here.wip} == now
    future, run = ran(lab, scenario)
    going = len(lab.today.case) + len(lab.today.fresh)
    assert going == sum(now.values()), "all that is in progress goes on"
    looked = 0
    for days in (0.5, 3.3, 15, 29):
        at = known.at + round(days * DAY)
        hour = float(lab.setting.week.hours(np.array([at]))[0])
        expected = plain_counts(lab, future, run, hour)
        state = ahead.state(at, 1e6)
        assert {stage.id[1]: stage.here.wip for stage in state.stages if stage.here.wip} == expected, days
        for stage in state.stages:
            here = stage.here
            assert here.wip == here.on_belt + here.in_pile + here.in_machine + here.wrecks
        looked += sum(expected.values())
    assert looked > 20
    ends = zip(future.replication.steps.case.tolist(), run.end.tolist(), strict=True)
    over = set(range(len(future.donor))) - {case for case, end in ends if math.isinf(end)}
    ended = sum(ahead.counts.totals.outcomes(ahead.last).values())
    before = sum(model.counts.totals.outcomes(known.at).values())
    assert ended - before == len(over) > 50


def test_the_past_is_as_it_was_and_nothing_that_came_later_is_known() -> None:
    model, known, lab = known_of("reworked", 0.7)
    ahead = simulated(model, known, lab, None, 20)
    for share in (0.2, 0.6, 1.0):
        at = model.first + round(share * (known.at - model.first))
        one, other = model.state(at, 1e6), ahead.state(at, 1e6)
        assert [stage.here for stage in one.stages] == [stage.here for stage in other.stages]
        assert [depot.total for depot in one.outcomes] == [depot.total for depot in other.outcomes]
    known_ids = set(model.factory.store.ask("stays/ids")["id"].tolist())
    later = {int(stay) for stay in model.topology.fetch(known.at + 1, model.last).id.tolist()}
    shown = {int(stay) for stay in ahead.topology.fetch(known.at + 1, ahead.last).id.tolist()}
    here = {int(stay) for stay in model.topology.fetch(known.at, known.at + 1).id.tolist()}
    assert later - here
    assert not shown & (later - here) & known_ids - here


def test_playing_on_seeking_and_coming_back() -> None:
    pilot = sits()
    pilot.run("intervene", PERSON).press("escape").press("home", "end")
    at, whole = pilot.session.playhead.at, pilot.screen.model
    pilot.press("u").wait(0)
    assert pilot.session.future_from == at
    assert pilot.screen.model is not whole
    assert pilot.session.playhead.last > at + 25 * DAY
    assert pilot.session.playhead.playing
    assert "+1 person" in pilot.label("future")
    pilot.press("space").run("to", at + 9 * DAY)
    assert pilot.label("title").endswith("simulated future")
    ground, bars = pilot.node("future/ground").rect, pilot.node("timeline/bars").rect
    assert bars.x < ground.x < bars.right == ground.right
    seen = pilot.wait(0).seen
    pilot.run("to", at + 20 * DAY).run("to", at + 9 * DAY)
    assert pilot.seen == seen, "seeking gives what was seen there"
    pilot.run("filter", Through("Offer"))
    assert pilot.session.filters == ()
    assert "no filters" in pilot.label("notice")
    for _ in range(2):
        pilot.press("c").wait(0)
        assert (pilot.session.lens, pilot.label("title")[-16:]) == ("channel", "simulated future")
        assert pilot.tree.find("future/ground") is not None
    assert pilot.desk._taken_away().facts.title.endswith("simulated future"), "a picture that is kept says so, too"
    assert "not kept" in pilot.press("ctrl+e").label("notice")
    pilot.run("to", at - 5 * DAY)
    assert "simulated" not in pilot.label("title")
    pilot.press("escape")
    assert pilot.session.future_from is None
    assert pilot.screen.model is whole
    assert pilot.session.playhead.at == at
    assert pilot.session.playhead.last == whole.last
    assert pilot.tree.find("future") is None


def test_where_nothing_can_be_simulated_that_is_said() -> None:
    presentation = studied("piled")
    pilot = QuickPilot(presentation, (960, 540), paused=True, start=presentation.model.first)
    pilot.press("u").wait(0)
    assert pilot.session.future_from is None
    assert pilot.label("notice")
    assert pilot.screen.model is presentation.model


def test_who_comes_and_goes_is_seen_and_no_plan_for_later_is_known() -> None:
    plant, at = sales().plant, micros_of(datetime(2025, 3, 20, 12, tzinfo=UTC))
    later = Worker(stage="Offer", count=3, since=date(2025, 4, 1))
    leaving = Worker(stage="Inquiry", count=1, since=date(2025, 3, 1), until=date(2025, 3, 25))
    known = plant.model_copy(update={"workers": (*plant.workers, later, leaving)})

    def heads(scenario: Scenario | None, stage: str, on: date) -> int:
        then = plant_then(known, scenario, at)
        return sum(
            worker.count for worker in then.workers
            if worker.stage == stage and worker.kind == "person"
            and (worker.since or on) <= on <= (worker.until or on)
        )  # fmt: skip

    now, then = date(2025, 3, 20), date(2025, 4, 20)
    assert heads(None, "Offer", then) == heads(None, "Offer", now) == 3
    assert heads(None, "Inquiry", then) == heads(None, "Inquiry", now) == 3
    assert heads(MORE, "Approval", then) == heads(MORE, "Approval", now) + 1
    less = parse_set(["Offer.people-=2"])
    assert (heads(less, "Offer", now), heads(less, "Offer", then)) == (3, 1)


def test_a_mark_or_note_of_later_the_same_day_is_not_known() -> None:
    """Held at every hour of a day against the moments themselves, in a zone that is not UTC."""
    plant, zone = sales().plant.model_copy(update={"timezone": "America/New_York"}), ZoneInfo("America/New_York")
    hours = (0, 9, 13, 23)
    marks = tuple(Mark(at=datetime(2025, 3, 20, hour), label={"en": f"{hour}"}) for hour in hours)
    said = datetime(2025, 3, 20)
    notes = Notes(note=tuple(Note(at=datetime(2025, 3, 20, hour), text=f"{hour}", said=said) for hour in hours))
    known = plant.model_copy(update={"marks": marks})
    for hour in range(24):
        at = micros_of(datetime(2025, 3, 20, hour, 30, tzinfo=zone))
        expected = [f"{each}" for each in hours if each <= hour]
        assert [mark.label["en"] for mark in plant_then(known, None, at).marks] == expected
        assert [note.text for note in notes_then(notes, known, at).note] == expected
