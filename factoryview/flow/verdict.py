"""The verdict as one model: where it jams, since when, why, what it costs, what leaks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from factoryview.errors import UsageError
from factoryview.flow.bottleneck import Line, find_bottleneck, line_of, ribbon
from factoryview.flow.congestion import congestion
from factoryview.flow.costs import cost_of
from factoryview.flow.evidence import Meaning, gather, hours_of, known_at, moment_of
from factoryview.flow.history import history
from factoryview.flow.leaks import leaks
from factoryview.plant.models import Plant
from factoryview.store.database import Store

LEVELS: tuple[Literal["neutral", "amber", "red"], ...] = ("neutral", "amber", "red")


class Part(BaseModel):
    """Any part of the verdict: closed, and never changed after it is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BottleneckPart(Part):
    """What limits the plant."""

    stage: str | None
    kind: Literal["sole", "shifting", "none"]
    provisional: bool = Field(description="Only elapsed time is known: the next days may change it.")
    since: datetime | None
    gain_per_day: float = Field(description="Completed cases per working day, if lifted to the next constraint.")
    why: str = Field(description="One of clear, idle, disagree, no gain, unseen, no queue.")


class LeakPart(Part):
    """Cases lost at one stage for one reason."""

    stage: str | None
    reason: str | None
    outcome: str
    channel: str | None
    cases: float
    value: float | None
    share: float = Field(description="Of the cases that left the stage in the period.")
    before: float = Field(description="Cases in the period of the same length before.")
    change: float | None


class HandoverPart(Part):
    """Cases that were handed over and never picked up."""

    origin: str | None
    stage: str
    cases: int
    since: datetime
    until: datetime
    value: float | None
    usual_hours: float = Field(description="99 of 100 are picked up within these hours.")


class MoneyPart(Part):
    """What the bottleneck costs, in the plant's currency."""

    currency: str
    per_day: float | None = Field(description="Per working day; null where no case has a value.")
    value_per_case: float | None
    lost_value: float | None = Field(description="Value of all cases lost in the period.")


class Verdict(Part):
    """What `explain` says. Times are UTC; `window` is the period the verdict is taken from."""

    at: datetime
    window: tuple[datetime, datetime]
    bottleneck: BottleneckPart
    methods: dict[str, str | None]
    congestion: dict[str, Literal["neutral", "amber", "red"]]
    leaks: list[LeakPart]
    handovers: list[HandoverPart]
    causes: dict[str, dict[str, float]]
    money: MoneyPart


def verdict(
    connection: duckdb.DuckDBPyConnection,
    plant: Plant,
    meaning: Meaning,
    *,
    at: datetime | None = None,
    span: tuple[datetime, datetime] | None = None,
    live: bool = False,
) -> Verdict:
    """The verdict at a moment (default: the end of the log), or over a span.

    live: only what was known at the moment is used; else the whole log speaks, also about its past. Raises
    UsageError for a span that ends before it begins, InputError for a log without times.
    """
    if span is not None and hours_of(span[1]) <= hours_of(span[0]):
        raise UsageError(f"--from {span[0]:%Y-%m-%d %H:%M} is not before --to {span[1]:%Y-%m-%d %H:%M}.")
    evidence = gather(connection, plant, meaning)
    if live and at is not None:
        evidence = known_at(evidence, min(hours_of(at), evidence.end))
    return _of_line(line_of(evidence), connection, at, span, live)


def _of_line(
    line: Line,
    connection: duckdb.DuckDBPyConnection,
    at: datetime | None,
    span: tuple[datetime, datetime] | None,
    live: bool,
) -> Verdict:
    evidence, plant = line.evidence, line.evidence.plant
    hours = None if span is None else (hours_of(span[0]), hours_of(span[1]))
    found = find_bottleneck(line, None if at is None else hours_of(at), hours, live=live, phases=ribbon(line))
    cost = cost_of(line, found, connection)
    since, until = (moment_of(hour).replace(tzinfo=None) for hour in found.window)
    stages = set(evidence.stages)
    bad = [name for name, good in zip(evidence.ways, evidence.good, strict=True) if not good and name not in stages]
    lost = leaks(connection, bad, since, until)
    values = [loss.value for loss in lost if loss.value is not None]
    return Verdict(
        at=moment_of(found.until),
        window=(since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)),
        bottleneck=BottleneckPart(
            stage=found.stage,
            kind=found.kind,
            provisional=found.provisional,
            since=None if found.since is None else moment_of(found.since),
            gain_per_day=round(cost.cases, 3),
            why=found.reason,
        ),
        methods=found.methods,
        congestion=_levels(connection, line, found.until),
        leaks=[
            LeakPart(
                stage=loss.stage, reason=loss.reason, outcome=loss.outcome, channel=loss.channel,
                cases=loss.cases, value=loss.value, share=round(loss.share, 4), before=loss.before,
                change=loss.change,
            )
            for loss in lost
        ],
        handovers=[],
        causes={},
        money=MoneyPart(
            currency=plant.currency,
            per_day=None if cost.money is None else round(cost.money, 2),
            value_per_case=None if cost.value is None else round(cost.value, 2),
            lost_value=round(sum(values), 2) if values else None,
        ),
    )  # fmt: skip


def _levels(
    connection: duckdb.DuckDBPyConnection, line: Line, moment: float
) -> dict[str, Literal["neutral", "amber", "red"]]:
    """The congestion of every stage at the moment, as the floor colours it."""
    evidence = line.evidence
    past = history(Store(connection, evidence.meaning, ()), evidence.stages)
    targets = {stage.name: stage.target_wait for stage in evidence.plant.stages if stage.target_wait is not None}
    levels = congestion(past, targets).level(past.index(round(moment * 3.6e9)))
    return {name: LEVELS[int(level)] for name, level in zip(evidence.stages, levels, strict=True)}
