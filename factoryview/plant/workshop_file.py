"""Workshop files: groups that change a plant in rounds, one thing a round. TOML.

Each group is a table of its own, so that what two groups play apart merges in git.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any
from unicodedata import category

import tomli_w
from pydantic import Field, field_validator, model_validator

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.output import replacing
from factoryview.plant.checks import Misfit, entries
from factoryview.plant.files import read_model, read_text
from factoryview.plant.scenario_edits import KIND_OF, together, with_change
from factoryview.plant.scenario_file import MOST_SCENARIOS, Changes, Scenario
from factoryview.plant.words import Moment, Name, PlantModel, Whole

DEFAULT_ROUNDS, MOST_ROUNDS = 3, 6
"""A day has no time for more."""


class Round(Changes):
    """A round of a group: one change, and then the time of a round is played. Without a change all stays as it was."""

    @model_validator(mode="after")
    def _one_change(self) -> Round:
        if len(list(self.changes())) > 1:
            raise ValueError(said("error.one_a_round"), said("error.another_round"))
        return self

    @property
    def scenario(self) -> Scenario | None:
        """Its change as a scenario; None: nothing is changed."""
        [*changes] = self.changes()
        return with_change(None, changes[0]) if changes else None


def round_of(change: PlantModel) -> Round:
    """The round in which one thing is changed."""
    return Round.model_validate({KIND_OF[type(change)]: (change,)})


class Group(PlantModel):
    """People who play together."""

    name: Name = Field(max_length=40)
    """What they are called: a role or a department."""
    round: tuple[Round, ...] = Field(default=(), max_length=MOST_ROUNDS)
    """What they changed, in the order of the rounds."""
    votes: int = Field(default=0, ge=0, le=10_000, strict=True)
    """Votes that their plan was given."""

    @field_validator("name")
    @classmethod
    def _one_line(cls, name: str) -> str:
        if any(category(letter) in ("Cc", "Zl", "Zp") for letter in name):
            raise ValueError(said("error.name_one_line"), said("error.write_one_line"))
        return name

    @property
    def plan(self) -> Scenario | None:
        """All that they have changed, as a scenario; None: nothing."""
        changes = (change for each in self.round for change in each.changes())
        made = together(changes)
        return None if made is None else made.model_copy(update={"name": self.name})


class Workshop(PlantModel):
    """A workshop about a plant: what would be, by several groups, in rounds."""

    at: Moment | None = None
    """From which moment on it is played; left out: the end of the log."""
    days: Whole = Field(default=30, ge=7, le=120)
    """How long a round is."""
    rounds: Whole = Field(default=DEFAULT_ROUNDS, ge=1, le=MOST_ROUNDS)
    """How many there are."""
    group: tuple[Group, ...] = Field(default=(), max_length=MOST_SCENARIOS)
    """Who plays."""

    @property
    def plans(self) -> tuple[Scenario, ...]:
        """The plans of the groups that have one."""
        return tuple(plan for each in self.group if (plan := each.plan) is not None)

    def with_round(self, group: int, number: int, made: Round) -> Workshop:
        """With another round of a group (places from 0); rounds before it that were not played change nothing."""
        mine = self.group[group]
        rounds = list(mine.round) + [Round()] * (number + 1 - len(mine.round))
        rounds[number] = made
        return self.with_group(group, mine.model_copy(update={"round": tuple(rounds)}))

    def with_group(self, place: int, group: Group) -> Workshop:
        """With another group at a place."""
        groups = (*self.group[:place], group, *self.group[place + 1 :])
        return self.model_copy(update={"group": groups})


def merged(base: Workshop, ours: Workshop, theirs: Workshop) -> Workshop:
    """What two made of one workshop, group by group and round by round; what both changed is as the others have it.

    Raises InputError where the others have another plan of the day: groups, rounds, days or the moment.
    """
    plans = [(one.days, one.rounds, [group.name for group in one.group]) for one in (ours, theirs)]
    if plans[0] != plans[1] or theirs.at not in (base.at, ours.at):
        raise InputError(said("error.workshop_changed"), cure=said("error.open_workshop_again"))
    groups = (_merged_group(*three) for three in zip(base.group, ours.group, theirs.group, strict=True))
    return ours.model_copy(update={"group": tuple(groups)})


def _merged_group(base: Group, ours: Group, theirs: Group) -> Group:
    three = [*zip_longest(base.round, ours.round, theirs.round, fillvalue=Round())]
    rounds = tuple(mine if other == before else other for before, mine, other in three)
    votes = ours.votes if theirs.votes == base.votes else theirs.votes
    return ours.model_copy(update={"round": rounds[: max(len(ours.round), len(theirs.round))], "votes": votes})


def load_workshop(path: Path) -> Workshop:
    """The workshop in a file. Raises PlantError with all its mistakes."""
    return read_model(Workshop, read_text(path, "error.kind_workshop"), str(path), _misfits)


def begun(groups: Sequence[str], rounds: int | None = None, days: int | None = None) -> Workshop:
    """A workshop in which nothing has been played yet. Raises PlantError with all its mistakes."""
    given = {"rounds": rounds, "days": days, "group": [{"name": name} for name in groups]}
    text = tomli_w.dumps({key: value for key, value in given.items() if value is not None})
    return read_model(Workshop, text, "--groups", _misfits)


def _misfits(data: dict[str, Any]) -> list[Misfit]:
    """Mistakes across tables: nobody plays, two groups of a name."""
    listed = entries(data, "group")
    found = [] if listed else [Misfit((), said("error.no_group"), said("error.add_group"))]
    seen: set[str] = set()
    for place, group in listed:
        name = group.get("name")
        if isinstance(name, str) and name in seen:
            found.append(
                Misfit(("group", place, "name"), said("error.there_twice", name=name), said("error.another_name"))
            )
        if isinstance(name, str):
            seen.add(name)
        most = data.get("rounds", DEFAULT_ROUNDS)
        if isinstance(most, int) and len(entries(group, "round")) > most:
            found.append(Misfit(("group", place, "round"), said("error.too_many_rounds"), said("error.more_rounds")))
    return found


def save_workshop(workshop: Workshop, path: Path) -> None:
    """Write a workshop file, whole or not at all. Raises InputError."""
    try:
        with replacing(path) as beside:
            beside.write_text(_text(workshop), encoding="utf-8")
    except OSError as error:
        raise InputError(
            said("error.workshop_unwritten", why=error), where=str(path), cure=said("error.writable_folder")
        ) from error


def _text(workshop: Workshop) -> str:
    """A block for each group and each round, so that lines of one group are next to none of another's."""
    parts = [tomli_w.dumps(workshop.model_dump(exclude_defaults=True, exclude={"group"}))]
    for group in workshop.group:
        parts.append(f"[[group]]\n{tomli_w.dumps(group.model_dump(exclude_defaults=True, exclude={'round'}))}")
        for each in group.round:
            change = tomli_w.dumps(each.model_dump(exclude_defaults=True))
            parts.append("[[group.round]]\n" + re.sub(r"^\[\[", "[[group.round.", change, flags=re.M))
    return "\n".join(part for part in parts if part)
