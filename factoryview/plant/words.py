"""The kinds of words in a plant file: durations, dates, names; and what every model of it has in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, Strict
from pydantic.fields import FieldInfo

from factoryview.language.said import said

Times = Literal["entry", "completion", "interval"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
"""In the order of `date.weekday`."""

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = timedelta(days=36500)
_YEARS = 1900, 2199
"""Of dates in a file: nothing that is reckoned from them leaves what Python can say, in any time zone."""
_Dated = TypeVar("_Dated", bound=date)


def parse_duration(value: object) -> timedelta:
    """`"2 d"`, `"90 min"`, `"1.5 h"` → timedelta, to the microsecond; ValueError for anything else.

    >>> parse_duration("36 h")
    datetime.timedelta(days=1, seconds=43200)
    """
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*(s|min|h|d|w)\s*", value) if isinstance(value, str) else None
    if not match:
        raise ValueError(said("error.no_duration", value=_shown(value)), said("error.write_duration"))
    microseconds = round(Fraction(match[1]) * _UNITS[match[2]] * 1_000_000)
    if microseconds > _LONGEST // timedelta(microseconds=1):
        raise ValueError(said("error.hundred_years", value=_shown(value)), said("error.check_unit"))
    return timedelta(microseconds=microseconds)


def write_duration(span: timedelta) -> str:
    """The inverse of `parse_duration`, in the largest unit that divides evenly."""
    for unit, size in reversed(_UNITS.items()):
        whole, rest = divmod(span, timedelta(seconds=size))
        if span and not rest:
            return f"{whole} {unit}"
    seconds, rest = divmod(span, timedelta(seconds=1))
    return f"{seconds}.{rest.microseconds:06d}".rstrip("0").rstrip(".") + " s"


def _some_time(span: timedelta) -> timedelta:
    if not timedelta(0) < span <= _LONGEST:
        raise ValueError(said("error.no_wait", value=write_duration(span)), said("error.wait_or_leave"))
    return span


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _written_out(value: object) -> object:
    """A bare number is no moment: pydantic would take it for seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError(said("error.no_date_or_time", value=_shown(value)), said("error.write_out"))
    return value


def _in_years(value: _Dated) -> _Dated:
    first, last = _YEARS
    if not first <= value.year <= last:
        raise ValueError(said("error.far_year", value=str(value), first=first, last=last), said("error.check_year"))
    return value


def day_of(text: str) -> date:
    """A day as people type it, 2026-07-31; ValueError for anything else, and for what no file may say.

    >>> day_of("2026-07-31")
    datetime.date(2026, 7, 31)
    """
    return _in_years(date.fromisoformat(text))


def _of_the_plant(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError(said("error.has_offset", value=str(value)), said("error.no_offset"))
    return value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(said("error.zone_unknown", name=name), said("error.zone_like")) from None
    return name


REDACTED = "•••"


@dataclass(frozen=True, slots=True)
class Secret:
    """Marks a field of a model whose value opens something: it is never shown, logged or kept in a store."""

    is_address: bool = False
    """Of a URL the scheme may be shown, and its server by whoever reads it."""


def secret_of(field: FieldInfo) -> Secret | None:
    """The mark of a field, if it has one."""
    return next((mark for mark in (*field.metadata, *_metadata(field.annotation)) if isinstance(mark, Secret)), None)


def _metadata(annotation: Any) -> Iterator[object]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _metadata(inner)


Name = Annotated[str, Field(min_length=1)]
SecretName = Annotated[Name, Secret()]
SecretAddress = Annotated[Name, Secret(is_address=True)]
SecretNames = Annotated[dict[str, str], Secret()]
Whole = Annotated[int, Strict()]
Cell = Annotated[int, Strict(), Field(ge=0, le=500)]
"""A place on the floor, counted from its upper left corner; a floor of twelve machines is about 60 wide."""
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), AfterValidator(_some_time), PlainSerializer(write_duration)
]
Day = Annotated[date, BeforeValidator(_written_out), AfterValidator(_in_years)]
Hour = Annotated[time, BeforeValidator(_written_out), AfterValidator(_of_the_plant)]
Moment = Annotated[datetime, BeforeValidator(_written_out), AfterValidator(_in_years)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]


class PlantModel(BaseModel):
    """Strict: a key nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Without secrets, so that none gets into a traceback."""
        for name, value in super().__repr_args__():
            field = type(self).model_fields.get(name or "")
            yield name, REDACTED if value and field and secret_of(field) else value
