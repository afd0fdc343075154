"""Which machine wears what: vermilion for one alone, and no headline names a machine that is not marked."""

from __future__ import annotations

from dataclasses import replace

from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED
from factoryview.view.dresses import dresses_of, level_of, lit_at, most_lost, usual_at
from factoryview.view.news import Calm, Elsewhere, Jam, Longest
from tests.kit.small_plants import kept


def test_of_all_that_jam_only_that_of_the_first_headline_is_vermilion() -> None:
    model = kept("jammed").model
    state = model.state(model.worst_moment(), 86_400e6)
    first, second, *rest = (replace(stage, level=RED) for stage in state.stages)
    told = replace(state, stages=(first, second, *rest), news=(Jam(first.id[1], 2, 8.0, state.at, None),), alarms=())
    found = dresses_of(told)
    assert found[first.id[1]] == "alarm"
    assert {found[stage.id[1]] for stage in (second, *rest)} == {"slow"}
    [into] = [belt for belt in state.belts if belt.id[2] == first.id[1]][:1]
    belt = into._replace(level=RED)
    assert level_of(belt, found) == RED
    assert level_of(belt, {first.id[1]: "slow"}) == AMBER
    assert level_of(belt, {first.id[1]: "calm"}) == NEUTRAL
    assert level_of(belt, {first.id[1]: "known"}) == 3


def test_while_nothing_jams_that_is_lit_where_time_goes_else_where_most_are_lost() -> None:
    model = kept("calm").model
    state = model.state(model.worst_moment(), 86_400e6)
    calm = replace(state, stages=tuple(replace(stage, level=NEUTRAL) for stage in state.stages))
    lost = [replace(one, share=0.4, lost=float(n)) for n, one in enumerate(calm.bins, 1)]
    most, stage = lost[-1].id[1], calm.stages[0].id[1]
    told = replace(calm, bins=tuple(lost), news=(Calm(70.0),))
    assert most_lost(lost) is lost[-1]
    assert lit_at(told) == most
    assert [name for name, dress in dresses_of(told).items() if dress == "longest"] == [most]
    longest = replace(told, news=(Calm(70.0, longest=Longest(stage, 5e9, 9e9)),))
    assert lit_at(longest) == stage
    few = [replace(one, share=0.2) for one in lost]
    assert most_lost(few) is None
    assert lit_at(replace(told, bins=tuple(few))) == ""
    assert lit_at(replace(told, news=(Jam(stage, 1, 8.0, state.at, None),))) == "", "what jams is told"


def test_where_more_wait_elsewhere_as_on_most_days_that_is_usual() -> None:
    told = [Jam("Offer", 1, 8.0, 0, None, elsewhere=Elsewhere("Call", 90.0, usual)) for usual in (True, False)]
    assert [usual_at((one,)) for one in told] == [frozenset({"Call"}), frozenset()]
