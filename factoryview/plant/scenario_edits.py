"""Scenarios put together change by change: what adds up, what one is called until it has a name, and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import tomli_w

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.output import replacing
from factoryview.plant.scenario_file import (
    KINDS,
    MOST_PEOPLE,
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
)
from factoryview.plant.words import PlantModel

KIND_OF: dict[type[PlantModel], str] = {
    ChangeArrivals: "arrivals",
    ChangeLosses: "losses",
    ChangeSkip: "skip",
    ChangeRoute: "route",
    ChangeWork: "work",
    ChangePriority: "priority",
    ChangeHours: "hours",
    ChangePeople: "people",
    ChangeRetirements: "retire",
    ChangeBatch: "batch",
    ChangeLimit: "limit",
}
"""The field of a scenario that holds a change."""
_Rule = ChangeHours | ChangePriority | ChangeSkip | ChangeRoute | ChangeBatch | ChangeLimit
"""Takes the place of one before, instead of adding up with it."""
_LEAST_TIMES, _MOST_TIMES = 0.01, 20.0
"""Bounds of factors that multiply; one that is beyond them already goes no further."""
_LONGEST, _DRAWN = 80, 6
"""Letters of a scenario's name; of those drawn from what has no room in it."""


def with_change(scenario: Scenario | None, change: PlantModel, *, again: bool = False) -> Scenario | None:
    """A scenario with one more change, which adds up with one of its kind at the same place; None: nothing is left.

    People add up, times as long or as many multiply, other hours and rules take the place of those before, and a rule
    that holds already is taken back. again: it goes on holding instead.
    """
    kind = KIND_OF[type(change)]
    before = () if scenario is None else getattr(scenario, kind)
    like = next((each for each in before if _place(each) == _place(change)), None)
    added = change if like is None or (again and like == change and isinstance(change, _Rule)) else _added(like, change)
    kept = (added if each is like else each for each in before) if like is not None else (*before, added)
    return _with(scenario, kind, tuple(each for each in kept if each is not None))


def together(changes: Iterable[PlantModel]) -> Scenario | None:
    """Changes that are made one after the other, as a scenario: what is chosen again goes on holding; None: nothing."""
    made: Scenario | None = None
    for change in changes:
        made = with_change(made, change, again=True)
    return made


def without_change(scenario: Scenario, change: PlantModel) -> Scenario | None:
    """A scenario without one of its changes; None: nothing is left."""
    kind = KIND_OF[type(change)]
    return _with(scenario, kind, tuple(each for each in getattr(scenario, kind) if each != change))


def _with(scenario: Scenario | None, kind: str, changes: tuple[PlantModel, ...]) -> Scenario | None:
    named = scenario is not None and is_named(scenario)
    held = {} if scenario is None else {each: getattr(scenario, each) for each in KINDS}
    held[kind] = changes
    if not any(held.values()):
        return None
    every = [change for each in KINDS for change in held.get(each, ())]
    return Scenario(name=scenario.name if named and scenario is not None else notation(every), **held)


def _place(change: PlantModel) -> object:
    """What two changes have in common that add up."""
    number = {"add", "factor", "per_year"} if isinstance(change, ChangePeople | ChangeRetirements) else {"factor"}
    if isinstance(change, _Rule):
        return type(change), change.stage
    return type(change), tuple((key, value) for key, value in change if key not in number)


def _added(one: PlantModel, other: PlantModel) -> PlantModel | None:
    """Both together; None: as if there were none."""
    if isinstance(one, ChangePeople) and isinstance(other, ChangePeople):
        add = max(-MOST_PEOPLE, min(MOST_PEOPLE, one.add + other.add))
        return one.model_copy(update={"add": add}) if add else None
    if isinstance(one, ChangeRetirements) and isinstance(other, ChangeRetirements):
        return one.model_copy(update={"per_year": min(MOST_PEOPLE, one.per_year + other.per_year)})
    if isinstance(one, ChangeWork | ChangeArrivals | ChangeLosses):
        more = getattr(other, "factor", 1.0)
        low, high = min(_LEAST_TIMES, one.factor, more), max(_MOST_TIMES, one.factor, more)
        factor = min(high, max(low, round(one.factor * more, 6)))
        return None if factor == 1 else one.model_copy(update={"factor": factor})
    return None if one == other else other


def is_named(scenario: Scenario) -> bool:
    """Whether somebody gave it a name."""
    return scenario.name != notation(list(scenario.changes()))


def notation(changes: Sequence[PlantModel]) -> str:
    """Changes as `--set` of the command line takes them; of many the first, and letters that tell them from others.

    >>> notation([ChangePeople(stage="Approval", add=1), ChangeWork(stage="Offer", factor=0.8)])
    'Approval.people+=1, Offer.work*=0.8'
    """
    text = ", ".join(each for change in changes for each in _said(change))
    if len(text) <= _LONGEST:
        return text
    drawn = sha256(text.encode("utf-8", "replace")).hexdigest()[:_DRAWN]
    return f"{text[: _LONGEST - _DRAWN - 2]}… {drawn}"


def _said(change: PlantModel) -> Iterator[str]:
    match change:
        case ChangePeople(stage=stage, add=add, kind=kind):
            who = "people" if kind == "person" else "robots"
            yield f"{stage}.{who}{'+' if add >= 0 else '-'}={abs(add)}"
        case ChangeRetirements(stage=stage, per_year=number):
            yield f"{stage}.retire={number:g}"
        case ChangeWork(stage=stage, factor=factor):
            yield f"{stage}.work*={factor:g}"
        case ChangeHours(stage=stage, start=start, end=end):
            yield f"{f'{stage}.' if stage else ''}hours={start:%H:%M}-{end:%H:%M}"
        case ChangeSkip(stage=stage, below=below, share=share):
            yield f"{stage}.skip<{below:g}" if below is not None else f"{stage}.skip={share:g}"
        case ChangeRoute(stage=stage, by=by):
            yield f"{stage}.by={by}"
        case ChangePriority(stage=stage, rule=rule):
            yield f"{stage}.priority={rule}"
        case ChangeLosses(stage=stage, factor=factor):
            yield f"{stage}.losses*={factor:g}"
        case ChangeBatch(stage=stage, size=size):
            yield f"{stage}.batch={size}"
        case ChangeLimit(stage=stage, most=most):
            yield f"{stage}.limit={most}"
        case ChangeArrivals(channel=channel, factor=factor):
            yield f"{f'{channel}.' if channel else ''}arrivals*={factor:g}"


def apart(scenarios: Iterable[Scenario], name: str, new: Scenario) -> Scenario:
    """A scenario under a name that no other one has. name: of the one whose place it takes."""
    taken = {each.name for each in scenarios if each.name != name and each != new}
    called, number = new.name, 2
    while called in taken:
        end = f" ({number})"
        called, number = new.name[: _LONGEST - len(end)] + end, number + 1
    return new if called == new.name else new.model_copy(update={"name": called})


def with_scenario(scenarios: tuple[Scenario, ...], name: str, new: Scenario | None) -> tuple[Scenario, ...]:
    """The list with a scenario in the place of the one of that name, or behind the others; None: it is taken out.

    The same once more is gone; another one that is called as the new one stays, see `apart`. What is too much for one
    front stays away.
    """
    kept = [each for each in scenarios if each.name == name or each != new]
    if all(each.name != name for each in kept):
        return tuple(kept if new is None else [*kept, new][:MOST_SCENARIOS])
    made = [new if each.name == name else each for each in kept]
    return tuple(each for each in made if each is not None)


def save_scenarios(wanted: Scenarios, path: Path) -> None:
    """Write a scenario file, whole or not at all. Raises InputError."""
    try:
        with replacing(path) as beside:
            beside.write_text(tomli_w.dumps(wanted.model_dump(exclude_defaults=True)), encoding="utf-8")
    except OSError as error:
        raise InputError(
            said("error.scenarios_unwritten", why=error),
            where=str(path),
            cure=said("error.writable_folder"),
        ) from error
