"""What is said of changes and of two spans beside each other, for other programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from factoryview.flow.change.changes import Cause, Change, Measure
from factoryview.flow.change.compare import Comparison, Span
from factoryview.flow.change.forecast import Forecast
from factoryview.time import HOUR, utc

_UNITS = "Hours (waiting, work), cases a working day (throughput), a share of 0 to 1 (losses)."


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EffectPart(_Part):
    """One measure before and after."""

    measure: Measure = Field(description="waiting is the whole stay where `waits` is false; work is of working time.")
    before: float = Field(description=_UNITS)
    after: float = Field(description=_UNITS)
    low: float = Field(description="The difference lies between low and high with 95 %.")
    high: float


class ChangePart(_Part):
    """Something that is different at a stage since a day."""

    stage: str
    at: datetime = Field(description="Begin of the first working day.")
    since: datetime = Field(description="It began on one of the days from here …")
    until: datetime = Field(description="… to here.")
    cause: Cause
    main: Measure | None = Field(description="The measure to be named first; null: it shows in none beyond noise.")
    waits: bool = Field(description="waiting is the wait for the start; else the whole stay: no start is known.")
    contention: float | None = Field(description="Share of the waiting in how much longer cases stay, 0 to 1.")
    effects: tuple[EffectPart, ...]


class Changes(_Part):
    """Every change in a log, seen from its end."""

    until: datetime = Field(description="What is known was known then.")
    changes: tuple[ChangePart, ...]


class SpanPart(_Part):
    """One side of a comparison."""

    plant: str
    since: datetime
    until: datetime = Field(description="The begin of its last working day.")
    working_days: int


class DifferencePart(EffectPart):
    """What a stage does otherwise in the second span."""

    stage: str
    waits: bool
    chance: float = Field(description="How often chance alone makes one as large.")
    volume: float = Field(description="Cases a working day that it concerns.")
    weight: float = Field(description="Relative difference × volume; the largest comes first.")


class Compared(_Part):
    """Two spans beside each other."""

    spans: tuple[SpanPart, SpanPart]
    differences: tuple[DifferencePart, ...]
    found: int = Field(description="Differences beyond noise; at most seven are listed.")
    tested: int
    only_first: tuple[str, ...] = Field(description="Stages that only the first has.")
    only_second: tuple[str, ...]


class TestedPart(_Part):
    """How often such forecasts came true on past days."""

    hits: int
    tries: int


class ExpectedPart(_Part):
    """What comes true with a chance."""

    chance: float
    by_month_end: float = Field(description="At least so many end well in the whole month.")
    month_tested: TestedPart
    done: date | None = Field(
        description="By the end of that day as many have ended as are in progress; null: far away."
    )
    done_tested: TestedPart


class ForecastPart(_Part):
    """What is to be expected, by Monte Carlo on the plant's own days."""

    at: datetime
    month_end: date
    working_days_left: int
    so_far: float = Field(description="Cases that ended well in this month.")
    open: float = Field(description="Cases in progress.")
    expected: tuple[ExpectedPart, ...]


def forecast_document(found: Forecast) -> ForecastPart:
    """The forecast."""
    expected = tuple(
        ExpectedPart(
            chance=chance, by_month_end=found.by_month_end[chance], done=found.done[chance],
            month_tested=TestedPart(**found.month_tested[chance]._asdict()),
            done_tested=TestedPart(**found.done_tested[chance]._asdict()),
        )
        for chance in found.by_month_end
    )  # fmt: skip
    return ForecastPart(at=utc(found.at), month_end=found.month_end, working_days_left=found.days,
                        so_far=found.so_far, open=found.open, expected=expected)  # fmt: skip


def changes_document(found: tuple[Change, ...], until: int) -> Changes:
    """until: µs UTC."""
    return Changes(until=utc(until), changes=tuple(change_part(change) for change in found))


def change_part(change: Change) -> ChangePart:
    """One change."""
    effects = []
    for measure, effect in change.effects.items():
        scaled = _scale(measure)
        effects.append(EffectPart(measure=measure, before=scaled(effect.before), after=scaled(effect.after),
                                  low=scaled(effect.low), high=scaled(effect.high)))  # fmt: skip
    return ChangePart(
        stage=change.stage, at=utc(change.at), since=utc(change.since), until=utc(change.until), cause=change.cause,
        main=change.main, waits=change.waits, contention=change.contention, effects=tuple(effects),
    )  # fmt: skip


def compared_document(found: Comparison, spans: tuple[Span, Span]) -> Compared:
    """The comparison of these spans."""
    differences = []
    for each in found.differences:
        scaled = _scale(each.measure)
        differences.append(DifferencePart(
            stage=each.stage, measure=each.measure, waits=each.waits, before=scaled(each.before),
            after=scaled(each.after), low=scaled(each.low), high=scaled(each.high), chance=round(each.chance, 6),
            volume=round(each.volume, 3), weight=round(each.weight, 3),
        ))  # fmt: skip
    first, second = (
        SpanPart(plant=span.records.plant.name, since=utc(span.first), until=utc(span.last), working_days=span.days)
        for span in spans
    )
    return Compared(
        spans=(first, second), differences=tuple(differences), found=found.found, tested=found.tested,
        only_first=found.alone[0], only_second=found.alone[1],
    )  # fmt: skip


def _scale(measure: Measure) -> Callable[[float], float]:
    unit = HOUR if measure in ("waiting", "work") else 1.0
    return lambda value: round(value / unit, 4)
