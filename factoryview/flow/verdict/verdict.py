"""The verdict as one model: where it jams, since when, why, what it costs, what leaks."""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from factoryview.errors import UsageError
from factoryview.factory.privacy import Gate
from factoryview.flow.moment.judging import judge
from factoryview.flow.verdict.basis import Line, line_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.causes import causes
from factoryview.flow.verdict.costs import Cost, cost_of
from factoryview.flow.verdict.evidence import gather, known_at
from factoryview.flow.verdict.experiences import Worth, experiences
from factoryview.flow.verdict.forecast import Outlook, outlook
from factoryview.flow.verdict.handovers import Alarm, alarms
from factoryview.flow.verdict.law import balances
from factoryview.flow.verdict.leaks import Loss, leaks
from factoryview.flow.verdict.ribbon import ribbon
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.time import hours_of, micros_of_hours, moment_of

JUST = 3 * 24.0
"""Hours for which an alarm that has ended is still shown."""
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
    reason: str | None = Field(description="Null where none was given; … where there are several of too few cases.")
    outcome: str
    channel: str | None
    cases: float
    value: float | None
    share: float = Field(description="Of the cases that left the stage in the period.")
    before: float | None = Field(description="Cases in the period of the same length before; null: too few to say.")
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
    cost_per_case: float | None = Field(description="Working time on a case × hourly cost; null without costs.")
    not_worth: int = Field(description="Cases of the period that cost more than they are worth.")
    their_cost: float | None
    their_value: float | None


class OutlookPart(Part):
    """What the open cases of a stage will do; hours are working hours of the stage."""

    open: int
    usual: dict[str, float | None] = Field(description="Percentile → stay; null where it is not known.")
    older: dict[str, int] = Field(description="Percentile → open cases older than that.")
    clear_hours: float | None
    cleared: datetime | None
    on_time: float | None = Field(description="Expected share that leaves within the target wait.")
    overdue: int


class CustomerPart(Part):
    """The customer's experience; hours."""

    cases: int
    lead_time: float
    slow: float
    waiting_for_us: float


class TeamPart(Part):
    """The load of a department; small ones are merged."""

    heads: int
    vacancies: int
    open_per_head: float
    done_per_head: float = Field(description="Per week.")


class PartnerPart(Part):
    """What a channel brings in."""

    cases: int
    completed: float
    lead_time: float
    value: float | None


class PhasePart(Part):
    """A stretch of time with the same bottleneck, or none."""

    stage: str | None
    since: datetime
    until: datetime


class Verdict(Part):
    """What `explain` says. Times are UTC; `window` is the period the verdict is taken from."""

    at: datetime
    window: tuple[datetime, datetime]
    bottleneck: BottleneckPart
    methods: dict[str, str | None]
    congestion: dict[str, Literal["neutral", "amber", "red"]]
    leaks: list[LeakPart]
    handovers: list[HandoverPart]
    causes: dict[str, dict[str, float]] = Field(description="Stage → cause → share of its waiting time.")
    efficiency: dict[str, dict[str, float]] = Field(
        description="Stage → cycle-time efficiency `now`, and without each cause; where starts are known."
    )
    money: MoneyPart
    forecast: dict[str, OutlookPart]
    customer: CustomerPart | None
    employee: dict[str, TeamPart]
    partner: dict[str, PartnerPart]
    forgotten: dict[str, int] = Field(description="Stage → open cases nobody works on any more.")
    unbalanced: dict[str, float] = Field(description="Stage → (L − λW) ÷ L where Little's law fails by over 2 %.")
    ribbon: list[PhasePart] = Field(description="The bottleneck along the whole log.")


def verdict(
    store: Store,
    plant: Plant,
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
    evidence = gather(store, plant)
    if live and at is not None:
        evidence = known_at(evidence, min(hours_of(at), evidence.end))
    return _of_line(line_of(evidence), store, at, span, live)


def _of_line(
    line: Line,
    store: Store,
    at: datetime | None,
    span: tuple[datetime, datetime] | None,
    live: bool,
) -> Verdict:
    evidence = line.evidence
    hours = None if span is None else (hours_of(span[0]), hours_of(span[1]))
    phases = ribbon(line)
    found = find_bottleneck(line, None if at is None else hours_of(at), hours, live=live, phases=phases)
    cost = cost_of(line, found, store, phases if span is None else None)
    since, until = (moment_of(hour) for hour in found.window)
    gate = Gate.of(evidence.plant)
    lost = leaks(store, evidence.bad, since.replace(tzinfo=None), until.replace(tzinfo=None), gate)
    waits = causes(store, line, found.window)
    lenses = experiences(store, line, found.window)
    return Verdict(
        at=moment_of(found.until),
        window=(since, until),
        bottleneck=BottleneckPart(
            stage=found.stage,
            kind=found.kind,
            provisional=found.provisional,
            since=None if found.since is None else moment_of(found.since),
            gain_per_day=round(cost.cases, 3),
            why=found.reason,
        ),
        methods=found.methods,
        congestion=_levels(store, line, found.until),
        leaks=[LeakPart(change=loss.change, **vars(loss)) for loss in lost],
        handovers=[_handover(alarm) for alarm in _fresh(store, line, found.until, hours)],
        causes={name: waiting.shares for name, waiting in waits.items()},
        efficiency={
            name: {"now": waiting.efficiency, **waiting.without}
            for name, waiting in waits.items()
            if waiting.efficiency is not None
        },
        money=_money(evidence.plant.currency, cost, lost, lenses.worth),
        forecast={name: _outlook(each) for name, each in outlook(line, found.until).items()},
        customer=None if lenses.customer is None else CustomerPart(**vars(lenses.customer)),
        employee={name: TeamPart(**vars(team)) for name, team in lenses.employee.items()},
        partner={name: PartnerPart(**vars(partner)) for name, partner in lenses.partner.items()},
        forgotten=_forgotten(line, found.until),
        unbalanced={
            name: round(each.mismatch, 4) for name, each in balances(line, found.window).items() if not each.holds
        },
        ribbon=[
            PhasePart(stage=phase.stage, since=moment_of(phase.since), until=moment_of(phase.until)) for phase in phases
        ],
    )


def _forgotten(line: Line, moment: float) -> dict[str, int]:
    counts = {station.name: int((station.forgotten <= moment).sum()) for station in line.stations}
    return {name: count for name, count in counts.items() if count}


def _fresh(store: Store, line: Line, moment: float, span: tuple[float, float] | None) -> list[Alarm]:
    """Alarms that go on at the moment or have just ended; over a span, those that touch it."""
    clocks = {station.name: station.clock for station in line.stations}
    found = alarms(store, line.evidence, clocks, moment)
    begin = moment - JUST if span is None else span[0]
    return [alarm for alarm in found if alarm.until >= begin]


def _handover(alarm: Alarm) -> HandoverPart:
    return HandoverPart(
        origin=alarm.origin,
        stage=alarm.stage,
        cases=alarm.cases,
        since=moment_of(alarm.since),
        until=moment_of(alarm.until),
        value=alarm.value,
        usual_hours=round(alarm.usual, 2),
    )


def _money(currency: str, cost: Cost, lost: list[Loss], worth: Worth | None) -> MoneyPart:
    values = [loss.value for loss in lost if loss.value is not None]
    return MoneyPart(
        currency=currency,
        per_day=None if cost.money is None else round(cost.money, 2),
        value_per_case=None if cost.value is None else round(cost.value, 2),
        lost_value=round(sum(values), 2) if values else None,
        cost_per_case=None if worth is None else round(worth.cost_per_case, 2),
        not_worth=0 if worth is None else worth.not_worth,
        their_cost=None if worth is None else worth.their_cost,
        their_value=None if worth is None else worth.their_value,
    )


def _outlook(each: Outlook) -> OutlookPart:
    def known(hours: float | None) -> float | None:
        return None if hours is None or not isfinite(hours) else round(hours, 2)

    return OutlookPart(
        open=each.open,
        usual={f"p{100 * q:.0f}": known(stay) for q, stay in each.usual.items()},
        older={f"p{100 * q:.0f}": count for q, count in each.older.items()},
        clear_hours=known(each.clear),
        cleared=None if each.cleared is None else moment_of(each.cleared),
        on_time=None if each.on_time is None else round(each.on_time, 4),
        overdue=each.overdue,
    )


def _levels(store: Store, line: Line, moment: float) -> dict[str, Literal["neutral", "amber", "red"]]:
    """The congestion of every stage at the moment, as the floor colours it."""
    found = judge(store, line.evidence.plant, line.evidence.stages).at(micros_of_hours(moment))
    return {stage.stage: LEVELS[stage.level] for stage in found}
