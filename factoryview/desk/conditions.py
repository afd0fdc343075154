"""Conditions on cases in the words of one language, and those that are offered."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from factoryview.desk.filtering import Choices
from factoryview.language import Language
from factoryview.plant.models import label_of
from factoryview.store.selection import (
    AttributeBetween,
    AttributeIn,
    ChannelIn,
    First,
    Followed,
    InProgress,
    Last,
    LongerThan,
    Not,
    Repeated,
    RouteIs,
    Selection,
    Through,
    ValueBetween,
)
from factoryview.time import HOUR
from factoryview.view.connections import ENTRANCE
from factoryview.view.presentation import Presentation

_MOST_VALUES, _SHORT = 12, 3
"""Texts of an attribute that are offered; stages of a route that are all said."""


class Offer(NamedTuple):
    """A condition that may be chosen."""

    name: str
    """The last part of its node's id."""
    condition: Selection


def words(condition: Selection, presentation: Presentation) -> str:
    """A condition as people say it."""
    language = presentation.language
    say, label = language.text, presentation.wording.label
    match condition:
        case Not(Through(stage)):
            return say("only.not_through", stage=label(stage))
        case Not(inner):
            return say("only.not", what=words(inner, presentation))
        case Through(stage):
            return say("only.through", stage=label(stage))
        case First(stage):
            return say("only.first", stage=label(stage))
        case Last(stage):
            return say("only.last", stage=label(stage))
        case Repeated(stage):
            return say("only.repeated", stage=label(stage))
        case Followed(origin, target):
            return say("only.followed", origin=label(origin), target=label(target))
        case ChannelIn(names):
            return say("only.channel", name=", ".join(_channel(name, presentation) for name in names))
        case RouteIs(stages, outcome):
            return say("only.route", route=_route(stages, outcome, label))
        case LongerThan(hours):
            return say("only.longer", span=language.duration(hours * HOUR))
        case InProgress(at):
            return say("only.in_progress", date=language.date(at, "date.long"))
        case ValueBetween(low, high):
            return _between(say("only.value"), low, high, language, money=True)
        case AttributeBetween(name, low, high):
            return _between(attribute_words(name), low, high, language)
        case AttributeIn(name, values):
            return say("only.attribute", name=attribute_words(name), value=", ".join(values))
        case _:
            raise AssertionError(f"nobody has words for {condition}")


def _route(stages: Sequence[str], outcome: str, label: Callable[[str], str]) -> str:
    """A route in few words: a long one by its ends."""
    said = [*map(label, stages), *([label(outcome)] if outcome and outcome != stages[-1] else [])]
    return " › ".join(said if len(said) <= _SHORT else [said[0], f"… {len(said) - 2} …", said[-1]])


def of_stage(stage: str) -> Iterator[Offer]:
    """By pointing at a machine."""
    yield Offer("through", Through(stage))
    yield Offer("not_through", Not(Through(stage)))
    yield Offer("first", First(stage))
    yield Offer("last", Last(stage))
    yield Offer("repeated", Repeated(stage))


def of_way(origin: str, target: str) -> Iterator[Offer]:
    """By pointing at a belt. origin: a stage, or a source as it is called on the floor."""
    if origin.startswith(ENTRANCE):
        channel = origin.removeprefix(ENTRANCE)
        yield from [Offer("channel", ChannelIn((channel,)))] if channel else []
        yield Offer("first", First(target))
        return
    yield Offer("followed", Followed(origin, target))
    yield Offer("not_followed", Not(Followed(origin, target)))


def of_plant(presentation: Presentation, at: int, choices: Choices) -> Iterator[Offer]:
    """By what the log says of its cases. at: the moment shown, µs UTC."""
    factory = presentation.model.factory
    yield Offer("in_progress", InProgress(at))
    for source in factory.sources():
        yield Offer(f"channel/{source.name}", ChannelIn((source.name,)))
    for days in (7, 30, 90):
        yield Offer(f"longer/{days}", LongerThan(24.0 * days))
    for worth in choices.worth:
        yield Offer(f"worth/{worth:g}", ValueBetween(worth))
    for offered in choices.attributes:
        name = offered.about.name
        values = [value for value, _ in offered.values[:_MOST_VALUES]]
        if offered.about.kind == "text":
            for value in [] if _moments(values) else values:
                yield Offer(f"attribute/{name}/{value}", AttributeIn(name, (value,)))
        elif offered.low is not None and offered.high is not None and offered.low < offered.high:
            middle = (offered.low + offered.high) / 2
            yield Offer(f"attribute/{name}/above", AttributeBetween(name, middle))
            yield Offer(f"attribute/{name}/below", AttributeBetween(name, -math.inf, middle))


def attribute_words(name: str) -> str:
    """An attribute as people call it; event logs write before it whether it is of the case.

    >>> attribute_words("case:department"), attribute_words("region")
    ('department', 'region')
    """
    return name.removeprefix("case:") or name


def _moments(values: Sequence[str]) -> bool:
    """Whether most texts of an attribute are moments: nobody looks for the cases of one."""
    return sum(_is_moment(value) for value in values) > len(values) / 2


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _channel(name: str, presentation: Presentation) -> str:
    sources = presentation.model.factory.plant.sources
    return next((label_of(source, presentation.language.code) for source in sources if source.name == name), name)


def _between(name: str, low: float, high: float, language: Language, *, money: bool = False) -> str:
    def written(value: float) -> str:
        return language.money(value) if money else language.number(value, 2)

    if math.isinf(high):
        return language.text("only.above", name=name, value=written(low))
    if math.isinf(low):
        return language.text("only.below", name=name, value=written(high))
    return language.text("only.between", name=name, low=written(low), high=written(high))
