"""What is written on machines and on ends, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factoryview.language import Code, Language
from factoryview.view.news import Calm, Elsewhere, Jam, Longest
from factoryview.view.news_wording import NewsWording
from factoryview.view.remembered import Remembered
from factoryview.view.station_wording import StationWording
from factoryview.view.wording import Wording
from tests.kit.small_plants import kept

ENGLISH = Wording(kept("calm").model.topology, kept("calm").model.factory.plant, Language("en", "Europe/Berlin"))


@pytest.mark.parametrize(("code", "said"), [("de", "1.234"), ("en", "1,234")])
def test_an_end_says_how_many_have_come_and_since_when(code: Code, said: str) -> None:
    model = kept("calm").model
    language = Language(code, "Europe/Berlin")
    news = NewsWording(language, str)
    words = StationWording(model.topology, model.factory.plant, language, {}, news, Remembered())
    state = model.state(model.last, 86_400e6)
    dock = replace(state.outcomes[0], total=1234.0)
    depot = words.depot(dock, state)
    assert (depot.label, depot.count, depot.dress, depot.icon) == (dock.id[1], said, "depot", "flag")
    assert news.day(state.first, state.at) in depot.since
    assert words.depot(dock, state) is depot, "what stays as it is is said once"


def test_where_others_are_waited_for_the_machine_says_so_instead_of_how_busy_it_is() -> None:
    model = kept("jammed").model
    stage = model.factory.plant.stages[-1]
    stages = (*model.factory.plant.stages[:-1], stage.model_copy(update={"kind": "delay"}))
    wording = Wording(model.topology, model.factory.plant.model_copy(update={"stages": stages}), ENGLISH.language)
    at = model.worst_moment()
    state = model.state(at, 86_400e6)
    stay = next(one.mean_stay for one in state.stages if one.id[1] == stage.name)
    assert stay is not None
    said = dict(zip(model.topology.plan.blocks, wording.moment(state).floor.stations, strict=True))
    assert said[stage.name].rates == f"external · {ENGLISH.language.duration(stay)}"
    assert [name for name, one in said.items() if one.excused] == [stage.name]


def test_a_larger_number_elsewhere_says_that_it_is_usual() -> None:
    model = kept("jammed").model
    wording = Wording(model.topology, model.factory.plant, ENGLISH.language)
    state = model.state(model.worst_moment(), 86_400e6)
    first, *others = [stage.id[1] for stage in state.stages]
    for usual in (True, False):
        more = Elsewhere(others[0], 900.0, usual)
        told = replace(state, news=(Jam(first, 1, 8.0, state.at, None, elsewhere=more),))
        said = dict(zip(model.topology.plan.blocks, wording.moment(told).floor.stations, strict=True))
        assert (said[others[0]].rates == "usual here") == usual
        assert said[others[0]].excused == usual
        assert not any(said[name].excused for name in (first, *others[1:]))


def test_the_machine_at_which_cases_spend_their_time_is_lit_and_says_how_much() -> None:
    model = kept("calm").model
    wording = Wording(model.topology, model.factory.plant, ENGLISH.language)
    state = model.state(model.worst_moment(), 86_400e6)
    stage = next(one for one in state.stages if one.mean_stay is not None and not one.level)
    told = replace(state, news=(Calm(70.0, longest=Longest(stage.id[1], 5e9, 9e9)),))
    said = dict(zip(model.topology.plan.blocks, wording.moment(told).floor.stations, strict=True))
    assert [name for name, one in said.items() if one.dress == "longest"] == [stage.id[1]]
    assert said[stage.id[1]].rates == f"{ENGLISH.language.duration(stage.mean_stay)} each"
    stations = {name: one for name, one in said.items() if one.dress != "depot"}
    assert [name for name, one in stations.items() if not one.quiet] == [stage.id[1]], "one number calls"
    [banner] = wording.moment(told).banners
    assert (banner.dress, banner.stage, banner.well) == ("longest", stage.id[1], False)


@pytest.mark.parametrize(("lying", "said"), [(6.0, "6 left lying"), (4.0, None)])
def test_a_machine_says_that_most_of_its_number_is_left_lying(lying: float, said: str | None) -> None:
    model = kept("jammed").model
    wording = Wording(model.topology, model.factory.plant, ENGLISH.language)
    state = model.state(model.worst_moment(), 86_400e6)
    first, *others = state.stages
    here = replace(first.here, wip=10.0, wrecks=lying)
    told = replace(state, stages=(replace(first, here=here), *others))
    station = dict(zip(model.topology.plan.blocks, wording.moment(told).floor.stations, strict=True))[first.id[1]]
    assert station.excused == (said is not None)
    assert (station.rates == said) == (said is not None)
