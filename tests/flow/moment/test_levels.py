"""Levels say how late those who wait are: against independent counts, on plants whose jams are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.flow.moment.alarms import alarms
from factoryview.flow.moment.batches import next_release
from factoryview.flow.moment.crowd import NEVER, Crowd
from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED, LevelReason, Nature, levels
from factoryview.flow.moment.usual import BLOCK, Cohorts
from factoryview.flow.moment.workdays import Workdays
from factoryview.time import DAY
from tests.kit.plants.jams import generate
from tests.kit.plants.judging import judged, spells

INF = float("inf")


def days(number: int) -> Workdays:
    """So many days, all of them working days."""
    edges = np.arange(number + 2) * DAY
    return Workdays(DAY, edges, np.ones(number + 1, bool), number, edges[:-1], edges[1:])


def crowd(stays: list[tuple[float, float]], *, hidden: bool = False) -> Crowd:
    stays = sorted(stays)
    return Crowd(np.array([a for a, _ in stays]), np.array([b for _, b in stays]), np.ones(len(stays)), hidden)


STAYS = st.lists(
    st.tuples(st.floats(0, 40), st.one_of(st.just(INF), st.floats(0, 30))).map(lambda pair: (pair[0], sum(pair))),
    max_size=40,
)


@settings(deadline=None)
@given(STAYS, st.integers(1, 20), st.integers(1, 30), st.floats(0, 20))
def test_who_stands_there_is_counted_as_in_plain_python(
    stays: list[tuple[float, float]], first: int, length: int, longer: float
) -> None:
    found, stays = crowd(stays), sorted(stays)
    until = first + length
    there = np.array([i for i, (a, b) in enumerate(stays) if a <= until - 1 and b > first], dtype=np.intp)
    old = [sum(a <= k < b and k - a > longer for a, b in stays) for k in range(first, until)]
    assert found.present(until).tolist() == [sum(a <= k < b for a, b in stays) for k in range(until + 1)]
    assert found.standing(there, first, until, longer).tolist() == old
    gone, late = found.leaving_late(first, until, longer, 10.0)
    for i, k in enumerate(range(first, until)):
        left = [b - a for a, b in stays if k - 10 < b <= k]
        assert (gone[i], late[i]) == (len(left), sum(stay > longer for stay in left))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1.0, 3.0, None]))
def test_weights_are_counted_whether_they_are_alike_or_not(seed: int, each: float | None) -> None:
    rng = np.random.default_rng(seed)
    come, weight = np.sort(rng.uniform(0, 30, 60)), np.full(60, each) if each else rng.integers(1, 5, 60).astype(float)
    left = np.where(rng.random(60) < 0.2, INF, come + rng.exponential(5, 60))
    found = Crowd(come, left, weight)
    stays = list(zip(come.tolist(), left.tolist(), weight.tolist(), strict=True))
    found.wrecked[::7] = np.ceil(come[::7]) + 1
    for k in range(31):
        assert found.present(30)[k] == sum(w for a, b, w in stays if a <= k < b)
        assert found.known(30)[0][k] == sum(w for a, _, w in stays if a <= k)
        assert found.known(30)[1][k] == sum(w for _, b, w in stays if b <= k)
        assert found.wrecks(30)[k] == sum(w for a, b, w in stays[::7] if np.ceil(a) + 1 <= k < b)
        days = {int(a) for a, _, _ in stays if int(a) + 1 <= k}
        assert found.arrival_days(30)[k] == len(days)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.5, 4))
def test_a_wreck_is_old_overtaken_and_of_an_age_at_which_nobody_leaves(seed: int, usual: float) -> None:
    rng = np.random.default_rng(seed)
    come = np.sort(rng.uniform(0, 60, 150))
    stay = np.where(rng.random(150) < 0.1, np.where(rng.random(150) < 0.5, INF, rng.uniform(5, 50, 150)), usual)
    stays = list(zip(come.tolist(), (come + stay).tolist(), strict=True))
    found = crowd(stays)
    found.mark_wrecks(np.arange(1, 62, 20), np.full(3, usual))
    least = max(2.5 * usual, 3.0)
    expected = [NEVER] * 150
    for k in range(1, 61):

        def dead(age: float, k: int = k) -> bool:
            older = sum(a < k - age and b > k for a, b in stays)
            gone = sum(k - max(10.0, age) < b <= k and b - a > age for a, b in stays)
            return older > 0 and gone < 0.1 * older

        ages = [age for age in (least * 2**n for n in range(5)) if dead(age)]
        for i, (a, b) in enumerate(stays):
            later = [right for left, right in stays[i + 1 :] if left <= k - usual]
            gone = sum(right <= k for right in later)
            overtaken = len(later) >= 10 and gone >= 0.25 * len(later)
            if expected[i] == NEVER and b > k and ages and k - a > min(ages) and overtaken:
                expected[i] = k
    assert found.wrecked.tolist() == expected


def test_what_is_usual_is_the_ninetieth_percentile_of_the_calm_cohorts() -> None:
    rng = np.random.default_rng(3)
    come = np.sort(rng.uniform(0, 200, 1600))
    stay = rng.uniform(0, 10, 1600)
    stay[come > 100] *= 3  # a jam of half the time does not raise it
    usual = Cohorts(crowd(list(zip(come.tolist(), (come + stay).tolist(), strict=True))), BLOCK)
    found = [usual.usual(at) for at in range(0, 201, 20)]
    assert found[2] is None
    assert found[-1] is not None
    parts = []
    for begin in range(0, 200, 20):
        here = (come >= begin) & (come < begin + 20) & (come + stay <= 200)
        last, stays = come[(come >= begin) & (come < begin + 20)].max(), np.sort(stay[here])
        whole = ((come >= begin) & (come < begin + 20)).sum()
        if len(stays) > 0.75 * whole and last + 2 * stays[int(0.75 * whole)] <= 200:
            parts.append(stays[int(np.ceil(0.9 * len(stays))) - 1])
    if len(parts) < 3:
        pytest.fail("the plain count knows too few cohorts to be compared with")
    assert found[-1].stay == pytest.approx(float(np.quantile(parts, 0.25)), rel=0.1)
    assert found[-1].tail(found[-1].stay) == pytest.approx(0.05, abs=0.02)  # of uniform stays up to 10


def test_a_cohort_is_as_long_as_what_it_measures() -> None:
    come = np.arange(0, 400, 0.5)
    left = np.ceil((come + 1e-9) / 60) * 60  # a release every sixty days
    usual = Cohorts(crowd(list(zip(come.tolist(), left.tolist(), strict=True))), 5)
    found = [usual.usual(at) for at in range(0, 400, 5)]
    known = [one.stay for one in found if one is not None]
    assert known
    assert min(known) > 50


@pytest.mark.parametrize("kind", ["overload", "staff lost", "growth", "handover", "batches left out"])
def test_a_log_that_is_cut_has_the_same_levels_before_the_cut(kind: str) -> None:
    plant = generate(kind, 5.0, 4)
    whole = judged(plant)
    first, last = plant.span
    for share in (0.4, 0.63):
        part = judged(plant, first + int(share * (last - first)))
        steps = part.steps
        for name in ("level", "reason", "excess", "live", "wrecks", "usual", "due"):
            assert np.array_equal(getattr(part, name), getattr(whole, name)[:, :steps], equal_nan=True), name
        assert [a.phase(steps - 1) for a in alarms(part)] == [
            a.phase(steps - 1) for a in alarms(whole) if a.since < steps
        ]


@pytest.mark.parametrize(("kind", "stage"), [("overload", "Assess"), ("staff lost", "Work"), ("growth", "Assess")])
def test_known_jams_are_red_where_and_when_they_are(kind: str, stage: str) -> None:
    plant = generate(kind, 20.0, 1)
    found = judged(plant)
    [(since, until)] = [(a, b) for name, a, b in plant.jams if name == stage]
    red = spells(found.level[found.stages.index(stage)] == RED)
    assert len(red) == 1
    assert since < red[0][0] < since + 60
    assert red[0][1] <= until + 60
    assert found.worst(red[0][0] + 5) == found.stages.index(stage)


@pytest.mark.parametrize("kind", ["calm", "mondays", "closures", "batch10", "batch60"])
def test_a_calm_plant_is_never_red(kind: str) -> None:
    found = judged(generate(kind, 20.0, 2))
    assert found.level.max() < RED
    assert found.judged[: found.stages.index("Archive"), -1].all()
    assert (found.reason[found.stages.index("Archive"), 130:] == LevelReason.OUTCOME).all()


def test_a_lost_hand_over_is_no_jam_but_wrecks() -> None:
    plant = generate("handover", 20.0, 5)
    found = judged(plant)
    stage = found.stages.index("Assess")
    assert (found.level[stage] < RED).all()
    marked = found.wrecked[stage][0]
    assert set(plant.lost) <= set(marked)
    assert len(marked) <= len(plant.lost) + 2
    assert found.wrecks[stage, -1] == len(marked)
    [lying] = [alarm for alarm in alarms(found) if alarm.kind == "left lying"]
    assert (lying.stage, lying.phase(found.steps - 1)) == ("Assess", "standing")


def steady(number: int, stay: float, per_day: int = 4) -> list[tuple[float, float]]:
    return [(d + n / per_day, d + n / per_day + stay) for d in range(number) for n in range(per_day)]


@pytest.mark.parametrize(("stay", "level"), [(1.9, NEUTRAL), (2.5, AMBER), (5.0, RED)])
def test_against_a_target_the_level_is_the_share_beyond_it(stay: float, level: int) -> None:
    """First in, first out, 1 − target ÷ stay of a queue are late: a sixth is amber, a third red."""
    found = levels({"Ask": crowd(steady(40, stay, 40))}, days(40), {"Ask": Nature(target=2.0)})
    assert found.level[0, -1] == level
    assert found.reason[0, -1] == (LevelReason.OVER_TARGET if level else LevelReason.CALM)


def test_a_level_needs_three_days_and_enough_cases() -> None:
    stays = steady(12, 0.5, 10) + [(20.0, 29.5)] * 30
    found = levels({"Ask": crowd(stays)}, days(40), {"Ask": Nature(target=2.0)})
    red = np.flatnonzero(found.level[0] == RED)
    assert red.tolist() == list(range(25, 30))  # late from the 23rd on, gone before the 30th
    few = levels({"Ask": crowd(steady(12, 0.5, 10) + [(20.0, 29.5)] * 9)}, days(40), {"Ask": Nature(target=2.0)})
    assert few.level.max() < RED


def test_where_nobody_can_work_faster_a_stage_is_amber_at_most() -> None:
    found = levels({"Ask": crowd(steady(40, 9.0, 10))}, days(40), {"Ask": Nature(target=2.0, delay=True)})
    assert found.level[0, -1] == AMBER
    assert found.reason[0, -1] == LevelReason.DELAY


def test_nothing_is_said_without_history() -> None:
    found = levels({"Ask": crowd(steady(30, 9.0, 10)), "Other": crowd([])}, days(30))
    assert (found.reason == LevelReason.UNKNOWN).all()
    assert (found.level == NEUTRAL).all()
    assert not found.judged.any()
    assert found.worst(30) is None


def test_a_batch_is_named_with_its_next_date() -> None:
    come = np.arange(0, 300, 0.5)
    stays = list(zip(come.tolist(), (np.floor(come / 10) * 10 + 10).tolist(), strict=True))
    due = next_release(crowd(stays), 300)
    assert due[100] == 110
    assert due[105] == 110
    assert np.isnan(next_release(crowd(steady(300, 2.0)), 300)).all()


def test_of_completions_the_departures_speak() -> None:
    """Where the log shows a stay only when it is over, nothing of the open ones is used."""
    rng = np.random.default_rng(1)
    come = np.sort(rng.uniform(0, 200, 2000))
    left = come + np.where(come > 120, np.minimum((come - 120) * 0.4, 20), 0) + rng.uniform(0.2, 0.9, 2000)
    stays = list(zip(come.tolist(), left.tolist(), strict=True))
    whole = levels({"Do": crowd(stays, hidden=True)}, days(200))
    part = levels({"Do": crowd([(a, b) for a, b in stays if b <= 150.0], hidden=True)}, days(150))
    assert (whole.level[:, :151] == part.level).all()
    assert whole.level[0, 150] == RED
    assert whole.level[0, 100] == NEUTRAL
    present = sum(a <= 100 < b for a, b in stays)
    assert whole.live[0, 100] == pytest.approx(present, rel=0.4)


def test_an_alarm_is_news_when_it_begins_and_when_it_gets_worse() -> None:
    stays = steady(40, 0.5, 10) + [(float(d), 150.0) for d in range(40, 140) for _ in range(2)]
    found = levels({"Ask": crowd(stays)}, days(160), {"Ask": Nature(target=2.0)})
    [alarm] = alarms(found)
    begin = int(np.flatnonzero(found.level[0] == RED)[0])
    assert alarm.since == begin
    assert alarm.phase(begin - 1) is None
    assert alarm.phase(begin) == "new"
    assert alarm.phase(begin + 5) == "standing"
    worse = alarm.announced[1]
    assert worse >= begin + 20
    assert found.excess[0, worse] >= 1.5 * found.excess[0, begin]
    assert alarm.phase(worse) == "worse"
    assert alarm.phase(152) == "ended"
