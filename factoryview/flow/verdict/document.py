"""The verdict as a document: what `explain --json` writes and its sentences are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from factoryview.flow.verdict.heldback import Case

Level = Literal["neutral", "amber", "red"]
LEVELS: tuple[Level, ...] = ("neutral", "amber", "red")


class Part(BaseModel):
    """Any part of the verdict: closed, and never changed after it is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HeadlinePart(Part):
    """The one stage to speak of: the same that the picture names first."""

    kind: Literal["bottleneck", "jam", "none"]
    stage: str | None
    level: Level
    since: datetime | None


class StagePart(Part):
    """How one stage stands at the moment."""

    standing: float = Field(description="Cases that stand there: entered ≤ at < left.")
    gone: float = Field(description="Cases that have left it so far.")
    level: Level
    since: datetime | None = Field(description="Since when it has that level, or a worse one; null: nothing jams.")
    late: float = Field(description="Cases that wait longer than the target, or than nine of ten used to.")
    usual_days: float | None = Field(description="That time, in working days; null: not known yet.")
    judged: bool
    forgotten: float = Field(description="Cases on which nobody works any more.")
    next_release: datetime | None = Field(description="Of a stage that works in batches.")
    holds: tuple[str, ...] = Field((), description="What else of the log happens at its machine, the commonest first.")
    holds_more: int = Field(0, description="How many activities beside those in holds.")


class BottleneckPart(Part):
    """What limits the plant."""

    stage: str | None
    kind: Literal["sole", "shifting", "none"]
    provisional: bool = Field(description="It has been so for less than 15 days: the next ones may change it.")
    since: datetime | None
    gain_per_day: float | None = Field(
        description="Completed cases per working day that it holds back; null where the log does not show what waits."
    )
    why: str = Field(description="One of clear, idle, disagree, no gain, unseen, no queue.")


class RangePart(Part):
    """A number with its 90 % interval."""

    point: float
    low: float
    high: float


class LostPart(Part):
    """Of the cases held back per working day those that left because they waited: they do not come later."""

    per_day: float
    value: float | None


class HeldUpPart(Part):
    """The stock that waits, on average over the window."""

    mean: float
    days_per_case: float = Field(description="Working days that each of them waits.")
    value: float | None = Field(description="Money tied up.")


class CostPart(Part):
    """What a stage has held back, in completed cases per working day of the window."""

    stage: str
    case: Case = Field(description="What can be said of it: sure, possible, time, shrinking, none, unseen.")
    onset: datetime
    window: tuple[datetime, datetime]
    working_days: float
    per_day: RangePart | None = Field(description="Null where the log does not show what waits there.")
    lost_by_waiting: LostPart | None
    held_up: HeldUpPart | None
    limited_by: str | None = Field(description="The next constraint, where it sets the number.")
    shrinks_per_day: float | None
    gone: datetime | None = Field(description="When a pile that shrinks is gone at that pace.")


class DemandPart(Part):
    """What came to a stage and left it per working day, since it jams and in the same time before."""

    come: float
    go: float
    before_come: float | None = Field(description="Null where the log does not go back so far.")
    before_go: float | None


class LeakPart(Part):
    """Cases lost at one stage for one reason."""

    stage: str | None
    reason: str | None = Field(description="Null where none was given; … where there are several of too few cases.")
    outcome: str
    channel: str | None
    cases: float
    value: float | None
    share: float | None = Field(
        description="Of the cases that left the stage in the period; null: the log does not know how many went on."
    )
    before: float | None = Field(description="Cases in the period of the same length before; null: too few to say.")
    change: float | None


class LossPart(Part):
    """The stage that lost the most in the period, whatever the reason."""

    stage: str
    cases: float
    share: float | None = Field(description="Of the cases that left it; null: too few to say, or not known.")


class HandoverPart(Part):
    """Cases that stand at a stage and on which nobody works any more."""

    origin: str | None = Field(description="Where most of them came from.")
    stage: str
    cases: float
    since: datetime = Field(description="When the first of them came.")
    until: datetime = Field(description="When the last of them came.")
    value: float | None


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
    cleared: datetime | None = Field(
        description="When they are gone at the pace of the last days; null: nothing leaves."
    )
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
    """What `explain` says. Times are UTC. Nothing later than `at` is known to it."""

    at: datetime
    known_until: datetime = Field(description="What limits the plant was concluded at the end of that working day.")
    window: tuple[datetime, datetime] = Field(description="The period from which the bottleneck is concluded.")
    period: tuple[datetime, datetime] = Field(description="The period over which losses and shares are counted.")
    headline: HeadlinePart
    bottleneck: BottleneckPart
    cost: CostPart | None = Field(description="Of the stage of the headline.")
    demand: DemandPart | None = Field(description="Of the stage of the headline.")
    stages: dict[str, StagePart]
    methods: dict[str, str | None]
    congestion: dict[str, Level]
    leaks: list[LeakPart]
    largest_loss: LossPart | None
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
    forgotten: dict[str, float] = Field(description="Stage → cases nobody works on any more.")
    unbalanced: dict[str, float] = Field(description="Stage → (L − λW) ÷ L where Little's law fails by over 2 %.")
    ribbon: list[PhasePart] = Field(description="The bottleneck along the log so far.")
