"""The data box of a machine, a belt and a bin, against plain counts; and nothing of it knows what is to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest

from factoryview.factory.privacy import REST, Gate
from factoryview.flow.accuracy import hand_overs
from factoryview.plant.models import Plant
from factoryview.time import DAY, HOUR, micros_of
from factoryview.view.databox import BinBox, belt_box, bin_box, deadlines, stage_box
from factoryview.view.model import Model
from factoryview.view.series import StageLog
from tests.kit.cut import cut
from tests.kit.plain import visits
from tests.kit.small_plants import piled, simulate, studied

PACE = 3_600e6


def logged(model: Model, stage: str) -> StageLog:
    return StageLog.fetch(model.factory.store, model.topology, stage)


def test_the_box_of_a_stage_is_what_plain_loops_count() -> None:
    model, small = studied("piled").model, piled()
    known = visits(simulate(small.line), small.ends)
    random, checked = Random(3), 0
    for _ in range(8):
        state = model.state(random.randint(model.first, model.last), PACE)
        at, window = state.at, state.window
        for stage in ("Offer", "Approval"):
            box = stage_box(model.counts, state, stage, logged(model, stage), model.studied)
            mine = [visit for visit in known if visit.stage == stage]
            here = [visit for visit in mine if visit.present(at)]
            gone = [v.left - v.entered for v in mine if v.left and window.since <= v.left < window.until]
            come = sum(window.since <= visit.entered < window.until for visit in mine)
            assert box.in_progress == len(here)
            assert box.stay == (pytest.approx(sum(gone) / len(gone)) if len(gone) >= 6 else None)
            if box.wrecks == 0:
                assert box.oldest == (at - min(visit.entered for visit in here) if here else None)
            if come >= 6:
                assert box.takt == pytest.approx((window.until - window.since) / come), "worked around the clock"
            assert box.target == (5 * DAY if stage == "Approval" else None)
            if box.oldest is not None and box.target is not None:
                assert box.breach == box.target - box.oldest
            if box.work is not None and box.waiting is not None and box.stay is not None:
                assert 0 <= box.work <= box.stay == pytest.approx(box.work + box.waiting)
                checked += 1
    assert checked > 4


def test_complete_and_accurate_is_that_of_all_hand_overs() -> None:
    model = studied("reworked").model
    gate, seen = Gate(smallest=1), 0
    counts = replace(model.counts, factory=replace(model.counts.factory, plant=_open(model.factory.plant)))
    for share in (0.4, 0.8, 1.0):
        state = model.state(model.first + round(share * (model.last - model.first)), PACE)
        every = hand_overs(model.factory.store, state.window, gate)
        for stage in model.topology.stages:
            box = stage_box(counts, state, stage, logged(model, stage), None)
            mine = [one for one in every if one.origin == stage]
            total = sum(one.visits for one in mine)
            good = sum(one.visits * (one.accurate or 0.0) for one in mine)
            assert box.accurate == (pytest.approx(good / total) if total else None)
            seen += bool(total) and good < total
    assert seen > 3


def _open(plant: Plant) -> Plant:
    return plant.model_copy(update={"privacy": plant.privacy.model_copy(update={"smallest_group": 1})})


def test_without_what_takes_longer_the_box_says_only_what_is_known() -> None:
    model = studied("piled").model
    state = model.state(model.worst_moment(), PACE)
    box = stage_box(model.counts, state, "Approval", None, None)
    assert (box.work, box.waiting, box.oldest, box.accurate, box.breach) == (None,) * 5
    assert box.stay is not None
    assert box.in_progress > 100


def test_what_lies_on_a_belt_is_what_stands_there() -> None:
    model, seen = studied("piled").model, 0
    for share in (0.3, 0.6, 0.95):
        state = model.state(model.first + round(share * (model.last - model.first)), PACE)
        for place, way in enumerate(model.topology.ways):
            stage = model.topology.stages[way.stage]
            log, on = logged(model, stage), state.standing.belts[place]
            box = belt_box(model.counts, state, place, log)
            assert (box.waiting, box.moving) == (on.standing, len(on.id) - on.standing), "each crate is one case"
            entered = [int(log.entered[log.id == stay][0]) for stay in on.id.tolist()]
            assert box.oldest == (state.at - min(entered) if entered else None)
            if stage == "Approval":
                assert box.late == sum(state.at - moment >= 5 * DAY for moment in entered)
                seen += int(box.late or 0)
            else:
                assert box.late is None
    assert seen


def test_reasons_of_too_few_cases_stand_together() -> None:
    model = studied("jammed").model
    state = model.state(model.last, PACE)
    at = np.full(20, state.window.until - HOUR)
    reasons = np.array([0] * 9 + [1] * 6 + [2] * 3 + [3] * 2, dtype=np.int32)
    value = np.array([10.0] * 9 + [np.nan] * 6 + [5.0] * 5)
    log = replace(logged(model, "Qualify"), lost_at=at, lost_weight=np.ones(20), lost_value=value, lost_reason=reasons,
                  reasons=("dear", "late", "gone", "other"))  # fmt: skip
    box = bin_box(state, log, 40.0, Gate(smallest=6))
    assert box == BinBox((("dear", 9.0, 0.225, 90.0), (REST, 11.0, 0.275, 25.0)))
    assert bin_box(state, log, 40.0, Gate(smallest=30)).rows == ()
    assert [row[0] for row in bin_box(state, log, 40.0, Gate(smallest=1)).rows] == ["dear", "late", "gone", "other"]


def test_a_target_is_counted_in_working_days_where_the_plant_has_a_calendar() -> None:
    def moment(day: int, hour: int) -> int:
        return micros_of(datetime(2025, 7, day, hour, tzinfo=UTC))

    calendar = {
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "start": "08:00",
        "end": "16:00",
        "holidays": ["2025-07-09"],
    }
    plant = Plant.model_validate({"name": "x", "timezone": "UTC", "calendar": calendar})
    entered = np.array([moment(7, 10), moment(4, 15), moment(5, 12)])  # Monday, Friday, Saturday
    assert deadlines(entered, DAY, plant).tolist() == [moment(8, 10), moment(7, 15), moment(7, 16)]
    assert deadlines(entered, 2 * DAY, plant).tolist() == [moment(10, 10), moment(8, 15), moment(8, 16)]
    assert deadlines(entered[:1], 4 * HOUR, plant).tolist() == [moment(7, 14)]
    around = Plant(name="x")
    assert deadlines(entered, 2 * DAY, around).tolist() == (entered + 2 * DAY).tolist()


@pytest.mark.parametrize("stage", ["Offer", "Approval"])
def test_a_box_knows_nothing_later(stage: str) -> None:
    model = studied("reworked").model
    at = model.first + round(0.55 * (model.last - model.first))
    state = model.state(at, PACE)
    known = StageLog.fetch(cut(model.factory, at).store, model.topology, stage)
    whole = stage_box(model.counts, state, stage, logged(model, stage), None)
    assert stage_box(model.counts, state, stage, known, None) == whole
    assert whole.accurate is not None
    assert timedelta(microseconds=whole.oldest or 0) > timedelta()
