"""Milestones and their order, on walks whose best answer is known."""

from __future__ import annotations

import random
import tracemalloc
from datetime import timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.plant.fold import choose_milestones, hidden_in, order_stages
from factoryview.plant.profile import Activity, LogProfile
from tests.kit.profiles import NOON, Event, count, traces

walks = st.lists(st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=8)


def seen_forward(profile: LogProfile, order: tuple[str, ...]) -> tuple[int, int]:
    moves = {pair: n for pair, n in profile.follows.items() if pair[0] != pair[1]}
    forward = sum(n for (a, b), n in moves.items() if order.index(a) < order.index(b))
    return forward, sum(moves.values())


@given(walks)
@settings(max_examples=60, deadline=None)
def test_no_single_stage_could_be_moved_to_a_better_place(given_walks: list[str]) -> None:
    profile = count(traces(*given_walks))
    order = choose_milestones(profile)
    assert sorted(order) == sorted(profile.activities)
    best = seen_forward(profile, order)[0]
    for name in order:
        rest = [other for other in order if other != name]
        for place in range(len(order)):
            moved = (*rest[:place], name, *rest[place:])
            assert seen_forward(profile, moved)[0] <= best


def test_a_chain_with_rework_is_put_in_order() -> None:
    profile = count(traces("D B D B C A", "D B C A", "D C A", "D B C B C A"))
    order = order_stages(profile, ("A", "B", "C", "D"))
    best = max(permutations("ABCD"), key=lambda names: seen_forward(profile, names)[0])
    assert order == best == ("D", "B", "C", "A")


def test_stages_the_log_does_not_have_come_last() -> None:
    assert order_stages(count(traces("A B")), ("X", "B", "A")) == ("A", "B", "X")


def test_what_is_never_seen_next_to_anything_stands_at_the_front() -> None:
    assert order_stages(count(traces("M N", "M N", "Z")), ("M", "N", "Z"))[0] == "Z"


def folded_walks(seed: int) -> tuple[list[str], list[str]]:
    """Eight milestones in a fixed order, between them 60 kinds of small steps in any order."""
    dice = random.Random(seed)
    milestones = [f"M{number}" for number in range(8)]
    small = [f"x{number:02}" for number in range(60)]
    found = []
    for _ in range(200):
        walk: list[str] = []
        for milestone in milestones:
            if milestone in ("M0", "M7") or dice.random() < 0.9:
                walk += [*dice.choices(small, k=dice.randrange(4)), milestone]
        found.append(" ".join(walk))
    return milestones, found


@pytest.mark.parametrize("seed", range(5))
def test_milestones_are_found_among_many_small_steps(seed: int) -> None:
    milestones, found = folded_walks(seed)
    profile = count(traces(*found))
    assert len(profile.activities) > 60
    assert list(choose_milestones(profile, 8)) == milestones


def test_all_activities_stay_when_they_are_few_or_folding_is_off() -> None:
    profile = count(traces(*folded_walks(1)[1]))
    assert len(choose_milestones(profile, 0)) == len(profile.activities) == len(choose_milestones(profile, 100))
    assert len(choose_milestones(profile, 5)) == 5


def test_what_is_to_be_kept_is_kept_and_what_is_not_to_be_there_is_not() -> None:
    profile = count(traces(*folded_walks(2)[1]))
    order = choose_milestones(profile, 6, keep=("x07", "gone"), without=frozenset({"M3"}))
    assert "x07" in order
    assert not {"M3", "gone"} & set(order)
    assert len(order) <= 6


def test_flow_through_what_is_folded_away_is_kept() -> None:
    """A → x → B: of the moves out of x three lead to B and one back to A, so of four into x three arrive at B."""
    profile = count(traces("A x B", "A x x B", "A x B", "A x A B"))
    flow = profile.flow_between(("A", "B"))
    out_of_x = {"x": 1, "B": 3, "A": 1}
    to_b = 4 * out_of_x["B"] / (out_of_x["B"] + out_of_x["A"])
    assert flow.ravel().tolist() == pytest.approx([4 - to_b, to_b + 1, 0, 0], abs=1e-9)


def test_flow_does_not_leak_where_cases_end_in_a_folded_stage() -> None:
    flow = count(traces("A x", "A x B", gap=timedelta(hours=1))).flow_between(("A", "B"))
    assert flow.ravel().tolist() == pytest.approx([0, 1, 0, 0])


@given(walks)
@settings(max_examples=60, deadline=None)
def test_flow_into_a_stage_is_its_events_that_something_precedes(given_walks: list[str]) -> None:
    profile = count(traces(*given_walks))
    names = tuple(sorted(profile.activities))[:2]
    cases = [[stage for stage in walk.split() if stage in names] for walk in given_walks]
    entered = {name: sum(b == name for case in cases for _, b in pairwise(case)) for name in names}
    flow = profile.flow_between(names)
    total = sum(entered.values())
    assert flow.sum() <= sum(profile.activities[name].events for name in names) + 1e-6
    if len(profile.activities) <= 2:
        assert flow.sum() == pytest.approx(total)


def test_ten_thousand_names_take_the_memory_of_a_few_hundred() -> None:
    cases = 30_000
    steps = [f"step {k}" for k in range(10_000)]
    activities = {
        name: Activity(name, cases, cases, 1.0, cases * (place == 0), cases * (place == 1), 0, float(place))
        for place, name in enumerate(("Begin", "End"))
    }
    activities |= {name: Activity(name, 3, 3, 3 / cases, 0, 0, 0, 0.5) for name in steps}
    follows = {("Begin", name): 3 for name in steps} | {(name, "End"): 3 for name in steps}
    profile = LogProfile(cases, 3 * cases, None, None, activities, follows)
    tracemalloc.start()
    try:
        order = choose_milestones(profile, 12)
        flow = profile.flow_between(order)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert order == ("Begin", "End")
    assert flow[0, 1] > 0
    assert peak < 100 << 20


def worked(seed: int, meaning: str) -> LogProfile:
    """Four steps of work that take days, between them thirty notes of a status that take no time."""
    dice = random.Random(seed)
    events = []
    for case in range(150):
        now = NOON + timedelta(hours=case)
        for step in range(4):
            if dice.random() < 0.8:
                work = timedelta(hours=dice.uniform(20, 90))
                now += work if meaning == "completion" else timedelta()
                events.append(Event(f"{case}", f"Work {step}", now))
                now += work if meaning == "entry" else timedelta()
            for note in range(8):
                events.append(Event(f"{case}", f"Note {step}.{note}", now := now + timedelta(seconds=2)))
    return count(events)


@pytest.mark.parametrize("meaning", ["entry", "completion"])
def test_where_time_is_spent_there_is_a_machine(meaning: str) -> None:
    """Though every note is in every case, and no work is."""
    chosen = choose_milestones(worked(1, meaning), 6, meaning=meaning)
    assert {name for name in chosen if name.startswith("Work")} == {f"Work {step}" for step in range(4)}


def test_what_a_machine_hides() -> None:
    profile = count(traces("A x y B z C", "A x B", "A y B z C"))
    assert hidden_in(profile, ("A", "B", "C"), "entry") == {"A": ("x", "y"), "B": ("z",)}
    assert hidden_in(profile, ("A", "B", "C"), "completion") == {"B": ("x", "y"), "C": ("z",)}
    assert hidden_in(count(traces("x A y", "x A y")), ("A",), "entry") == {"A": ("x", "y")}
    assert hidden_in(count(traces("x y", "y x")), (), "entry") == {}


def test_what_ten_thousand_names_are_hidden_in_takes_no_time() -> None:
    names = [f"s{number:05}" for number in range(10_000)]
    each = [Activity(name, 1, 1, 0.01, 0, 0, 0, 0.5) for name in names]
    follows = dict.fromkeys(pairwise(names), 1) | {(names[-1], names[2]): 1}
    profile = LogProfile(100, 10_000, NOON, NOON, {one.name: one for one in each}, follows)
    assert hidden_in(profile, (names[0],), "entry") == {names[0]: tuple(names[1:])}
    assert hidden_in(profile, (names[0], names[5000]), "completion")[names[5000]] == tuple(names[1:5000] + names[5001:])
