"""Scenarios put together change by change, what they are called, and their file."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.plant.scenario_edits import (
    is_named,
    notation,
    save_scenarios,
    with_change,
    with_scenario,
    without_change,
)
from factoryview.plant.scenario_file import (
    MOST_SCENARIOS,
    ChangeArrivals,
    ChangeBatch,
    ChangeHours,
    ChangeLimit,
    ChangeLosses,
    ChangePeople,
    ChangePriority,
    ChangeRetirements,
    ChangeRoute,
    ChangeSkip,
    ChangeWork,
    Scenario,
    Scenarios,
    load_scenarios,
    parse_set,
)
from factoryview.plant.words import PlantModel

PERSON = ChangePeople(stage="Approval", add=1)
EVERY: tuple[PlantModel, ...] = (
    PERSON,
    ChangePeople(stage="Approval", add=-2, kind="robot"),
    ChangeRetirements(stage="Offer", per_year=1.5),
    ChangeWork(stage="Offer", factor=0.8),
    ChangeHours(stage="Offer", start=time(8, 30), end=time(19)),
    ChangeHours(start=time(8), end=time(18)),
    ChangeSkip(stage="Approval", below=5000.0),
    ChangeSkip(stage="Offer", share=0.3),
    ChangeRoute(stage="Approval", by="Offer"),
    ChangePriority(stage="Approval", rule="shortest first"),
    ChangeLosses(stage="Offer", factor=0.5),
    ChangeArrivals(channel="web", factor=1.25),
    ChangeArrivals(factor=0.75),
    ChangeBatch(stage="Approval", size=5),
    ChangeLimit(stage="Approval", most=10),
)


def made(*changes: PlantModel) -> Scenario | None:
    found = None
    for change in changes:
        found = with_change(found, change)
    return found


def test_changes_of_one_kind_at_one_place_add_up() -> None:
    two = made(PERSON, PERSON)
    assert two is not None
    assert [people.add for people in two.people] == [2]
    less = ChangeWork(stage="Offer", factor=0.8)
    twice = made(less, less, PERSON)
    assert twice is not None
    assert twice.work[0].factor == pytest.approx(0.64)
    assert len(list(twice.changes())) == 2
    robot = made(PERSON, ChangePeople(stage="Approval", add=1, kind="robot"), ChangePeople(stage="Offer", add=1))
    assert robot is not None
    assert len(robot.people) == 3


def test_what_is_undone_by_another_change_is_gone() -> None:
    fewer = ChangePeople(stage="Approval", add=-1)
    rule = ChangePriority(stage="Approval", rule="random")
    assert made(PERSON, fewer) is None
    assert made(rule, rule) is None
    assert made(ChangeWork(stage="A", factor=0.8), ChangeWork(stage="A", factor=1.25)) is None
    both = made(PERSON, rule)
    assert both is not None
    assert without_change(both, rule) == made(PERSON)
    other = made(rule, ChangePriority(stage="Approval", rule="first come"))
    assert other is not None
    assert [each.rule for each in other.priority] == ["first come"]


def test_a_scenario_is_called_what_the_command_line_calls_it_until_it_has_a_name() -> None:
    for change in EVERY:
        once = made(change)
        assert once is not None
        said = parse_set([once.name])
        assert list(said.changes()) == [change], once.name
        assert not is_named(once)
    one = made(PERSON)
    assert one is not None
    named = one.model_copy(update={"name": "Third one"})
    more = with_change(named, ChangeWork(stage="Offer", factor=0.8))
    assert more is not None
    assert is_named(more)
    assert more.name == "Third one"
    two = made(PERSON, PERSON)
    assert two is not None
    assert two.name == "Approval.people+=2"


def test_factors_stay_within_what_a_file_may_say() -> None:
    much, little = (ChangeArrivals(factor=factor) for factor in (4.0, 0.1))
    for change in (much, little):
        found = made(*[change] * 9)
        assert found is not None
        assert Scenario.model_validate(found.model_dump()) == found


@pytest.mark.parametrize(
    ("before", "more", "after"),
    [
        (ChangePeople(stage="A", add=500), ChangePeople(stage="A", add=1), 500),
        (ChangePeople(stage="A", add=-500), ChangePeople(stage="A", add=-1), -500),
        (ChangeRetirements(stage="A", per_year=499.5), ChangeRetirements(stage="A", per_year=1.0), 500),
        (ChangeLosses(stage="A", factor=0.0), ChangeLosses(stage="A", factor=0.5), 0),
        (ChangeLosses(stage="A", factor=0.5), ChangeLosses(stage="A", factor=0.0), 0),
        (ChangeArrivals(factor=0.0), ChangeArrivals(factor=1.25), 0),
        (ChangeWork(stage="A", factor=50.0), ChangeWork(stage="A", factor=0.8), 40),
        (ChangeWork(stage="A", factor=0.005), ChangeWork(stage="A", factor=1.25), 0.00625),
        (ChangeWork(stage="A", factor=100.0), ChangeWork(stage="A", factor=1.25), 100),
    ],
)
def test_what_adds_up_is_what_a_file_may_say(before: PlantModel, more: PlantModel, after: float) -> None:
    found = made(before, more)
    assert found is not None
    [change] = found.changes()
    number = "per_year" if isinstance(change, ChangeRetirements) else "add" if hasattr(change, "add") else "factor"
    assert getattr(change, number) == pytest.approx(after)
    assert Scenario.model_validate(found.model_dump()) == found


def test_a_list_holds_each_name_once_and_no_more_than_can_be_told_apart() -> None:
    scenarios = tuple(Scenario(name=str(n), people=(PERSON,)) for n in range(MOST_SCENARIOS))
    more = Scenario(name="more", people=(PERSON,))
    assert with_scenario(scenarios[:2], "", more) == (*scenarios[:2], more)
    assert with_scenario(scenarios, "", more) == scenarios
    assert with_scenario(scenarios[:3], "1", more) == (scenarios[0], more, scenarios[2])
    assert with_scenario(scenarios[:3], "1", None) == (scenarios[0], scenarios[2])
    assert with_scenario(scenarios[:3], "1", scenarios[2]) == (scenarios[0], scenarios[2]), "the same twice is one"


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    kinds = [with_change(None, change) for change in EVERY[:MOST_SCENARIOS]]
    wanted = Scenarios(days=60, scenario=tuple(each for each in kinds if each is not None))
    save_scenarios(wanted, tmp_path / "scenarios.toml")
    assert load_scenarios(tmp_path / "scenarios.toml") == wanted
    with pytest.raises(InputError, match="folder"):
        save_scenarios(wanted, tmp_path / "nowhere" / "scenarios.toml")


def test_a_name_is_never_too_long() -> None:
    many = [ChangePeople(stage=f"A stage with a long name {n}", add=1) for n in range(9)]
    found = made(*many)
    assert found is not None
    assert len(found.name) == len(notation(many)) == 80
    assert not is_named(found)
