"""Selections: which cases are to be looked at, said as conditions that a store turns into a set of cases.

slow_offers = Through("Offer") & LongerThan(hours=720) & ~ChannelIn(("partner",))
store.where(slow_offers)
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import count
from typing import ClassVar

from factoryview.store.queries import sql
from factoryview.time import HOUR

_PARAMETER = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True)
class Selection:
    """A condition on cases. Conditions are joined by `&` and turned round by `~`."""

    def __and__(self, other: Selection) -> Selection:
        return Both(self, other)

    def __invert__(self) -> Selection:
        return Not(self)


@dataclass(frozen=True)
class Both(Selection):
    """Cases that fulfil both."""

    one: Selection
    other: Selection


@dataclass(frozen=True)
class Not(Selection):
    """All other cases."""

    condition: Selection


@dataclass(frozen=True)
class _Asked(Selection):
    """A condition that a query answers: its fields are the parameters of `store/sql/selection/QUERY.sql`."""

    query: ClassVar[str]

    def parameters(self) -> dict[str, object]:
        """What the query's parameters stand for."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True)
class ChannelIn(_Asked):
    """The case came in by one of these channels; `unknown`: or nobody wrote down by which."""

    names: tuple[str, ...]
    unknown: bool = False
    query: ClassVar[str] = "channel"


@dataclass(frozen=True)
class ValueBetween(_Asked):
    """The case's value, as last written down, lies in [low, high]."""

    low: float = -math.inf
    high: float = math.inf
    query: ClassVar[str] = "value"


@dataclass(frozen=True)
class Through(_Asked):
    """The case has been at the stage, or has ended in the outcome of that name."""

    stage: str
    query: ClassVar[str] = "through"


@dataclass(frozen=True)
class First(_Asked):
    """The case was first seen at the stage."""

    stage: str
    query: ClassVar[str] = "first"


@dataclass(frozen=True)
class Last(_Asked):
    """Nothing is known to follow the case's stay at the stage, or it has ended in the outcome of that name."""

    stage: str
    query: ClassVar[str] = "last"


@dataclass(frozen=True)
class Followed(_Asked):
    """The case went from one stage straight to another stage or outcome."""

    origin: str
    target: str
    query: ClassVar[str] = "followed"


@dataclass(frozen=True)
class Repeated(_Asked):
    """The case has been at the stage at least twice."""

    stage: str
    query: ClassVar[str] = "repeated"


@dataclass(frozen=True)
class LongerThan(_Asked):
    """The case took longer than so many hours from first sight to its end, or to `now` (µs UTC) if it has not ended.

    now: the last moment of the log where absent.
    """

    hours: float
    now: int | None = None
    query: ClassVar[str] = "longer"

    def parameters(self) -> dict[str, object]:
        return {"span": round(self.hours * HOUR), "now": self.now}


@dataclass(frozen=True)
class InProgress(_Asked):
    """The case had begun and not ended at the moment (µs UTC)."""

    at: int
    query: ClassVar[str] = "in_progress"


@dataclass(frozen=True)
class AttributeIn(_Asked):
    """The attribute of the case, or of one of its events, is one of these texts."""

    attribute: str
    values: tuple[str, ...]
    query: ClassVar[str] = "attribute"


@dataclass(frozen=True)
class AttributeBetween(_Asked):
    """The attribute of the case, or of one of its events, is a number in [low, high]."""

    attribute: str
    low: float = -math.inf
    high: float = math.inf
    query: ClassVar[str] = "attribute_range"


@dataclass(frozen=True)
class RouteIs(_Asked):
    """The case has been at these stages one after the other and at no others; `outcome`: and ended there ('': has not).

    Stays at a stage right after one another count once.
    """

    stages: tuple[str, ...]
    outcome: str = ""
    query: ClassVar[str] = "route"


def attributes_of(selection: Selection) -> frozenset[str]:
    """The names of the attributes that a selection asks for."""
    if isinstance(selection, Both):
        return attributes_of(selection.one) | attributes_of(selection.other)
    if isinstance(selection, Not):
        return attributes_of(selection.condition)
    return frozenset({selection.attribute} if isinstance(selection, AttributeIn | AttributeBetween) else ())


def compiled(
    selection: Selection, attribute: Callable[[str], str], now: Callable[[], int]
) -> tuple[str, dict[str, object]]:
    """The query of the selected cases and its parameters.

    attribute: the query of an attribute by its name. now: the last moment of the log, asked where it is needed.
    """
    parameters: dict[str, object] = {}
    numbers = count()

    def query(condition: Selection) -> str:
        if isinstance(condition, Both):
            return f"({query(condition.one)}) intersect ({query(condition.other)})"
        if isinstance(condition, Not):
            return f"({sql('selection/everything')}) except ({query(condition.condition)})"
        assert isinstance(condition, _Asked)
        place = next(numbers)
        given = condition.parameters()
        if given.get("now", 0) is None:
            given["now"] = now()
        text = _PARAMETER.sub(rf"$\g<1>_{place}", sql(f"selection/{condition.query}"))
        if isinstance(condition, AttributeIn | AttributeBetween):
            text = text.format(attribute=attribute(str(given.pop("attribute"))))
        parameters.update({f"{name}_{place}": value for name, value in given.items()})
        return text

    return f'select distinct "case" from ({query(selection)}) where "case" is not null', parameters
