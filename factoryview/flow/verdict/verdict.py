"""The verdict of a moment or a span: where it jams, since when, why, what it costs, what leaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Literal

import numpy as np

from factoryview.errors import UsageError
from factoryview.factory.privacy import Gate
from factoryview.flow.moment.history import History, history
from factoryview.flow.moment.judging import Judged, StageLevel, judge
from factoryview.flow.moment.presence import presence
from factoryview.flow.verdict.basis import Basis
from factoryview.flow.verdict.causes import causes
from factoryview.flow.verdict.costs import Cost
from factoryview.flow.verdict.demand import Demand
from factoryview.flow.verdict.document import (
    LEVELS,
    BottleneckPart,
    CostPart,
    CustomerPart,
    DemandPart,
    HandoverPart,
    HeadlinePart,
    HeldUpPart,
    LeakPart,
    LossPart,
    LostPart,
    MoneyPart,
    OutlookPart,
    PartnerPart,
    PhasePart,
    RangePart,
    StagePart,
    TeamPart,
    Verdict,
)
from factoryview.flow.verdict.experiences import Worth, experiences
from factoryview.flow.verdict.findings import Findings
from factoryview.flow.verdict.forecast import Outlook, outlook
from factoryview.flow.verdict.law import balances
from factoryview.flow.verdict.lead import Conclusion, Lead, lead
from factoryview.flow.verdict.leaks import Loss, largest, leaks
from factoryview.flow.verdict.ribbon import ribbon
from factoryview.language.said import said
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.time import HOUR, hours_of, micros_of, micros_of_hours, moment_of, utc

YOUNG = 15 * 24.0
"""Hours for which a bottleneck is provisional."""


def verdict(
    store: Store,
    plant: Plant,
    *,
    at: datetime | None = None,
    span: tuple[datetime, datetime] | None = None,
    findings: Findings | None = None,
) -> Verdict:
    """The verdict at a moment (default: the end of the log), or over a span; nothing later is known to it.

    findings: of the same log, where the caller has them. Raises UsageError for a span that ends before it begins,
    InputError for a log without times.
    """
    if span is not None and hours_of(span[1]) <= hours_of(span[0]):
        raise UsageError(said("error.from_after_to", since=span[0], until=span[1]))
    first, last = store.span()
    asked = last if at is None else micros_of(at)
    moment = min(max(micros_of(span[1]) if span is not None else asked, first), last)
    stages = tuple(store.stages()) if findings is None else findings.jams.levels.stages
    stays = presence(store, stages)
    findings = findings or Findings(store, plant, judge(store, plant, stages, known=stays))
    past = history(store, stages, known=stays)
    if span is None:
        return _Judge(store, findings.jams, past, moment, findings.at(moment), findings.basis(moment), None).verdict()
    since = max(hours_of(span[0]), first / HOUR)
    if since >= moment / HOUR:
        raise UsageError(said("error.from_too_late", since=span[0]))
    finding, basis = findings.over(since, moment / HOUR)
    return _Judge(store, findings.jams, past, moment, finding, basis, (since, moment / HOUR)).verdict()


@dataclass(frozen=True)
class _Judge:
    """All that the verdict of one moment is taken from."""

    store: Store
    jams: Judged
    past: History
    moment: int
    finding: Conclusion | None
    basis: Basis
    span: tuple[float, float] | None

    def verdict(self) -> Verdict:
        store, basis, finding = self.store, self.basis, self.finding
        gate = Gate.of(basis.evidence.plant)
        period = self.past.window(self.moment)
        since, until = (period.since, period.until) if self.span is None else map(micros_of_hours, self.span)
        lost = leaks(store, basis.evidence.bad, _plain(since), _plain(until), gate, _plain(self.past.first))
        most = largest(store, basis.evidence.bad, _plain(since), _plain(until), gate)
        window = (since / HOUR, max(until, since + 1) / HOUR) if finding is None else finding.bottleneck.window
        waits = causes(store, basis, window)
        lenses = experiences(store, basis, window)
        levels = self.jams.at(self.moment)
        found = lead(finding, levels, self.jams.levels.worst(self.jams.levels.at(self.moment)))
        cost = None if found is None else found.cost
        standing = self._standing(levels)
        return Verdict(
            at=utc(self.moment),
            known_until=moment_of(basis.evidence.end),
            window=(moment_of(window[0]), moment_of(window[1])),
            period=(utc(since), utc(until)),
            headline=_headline(found, levels),
            bottleneck=self._bottleneck(),
            cost=None if found is None or cost is None else _cost(found.stage, cost, gate),
            demand=None if found is None else _demand(found.demand),
            stages=standing,
            methods={} if finding is None else finding.bottleneck.methods,
            congestion={stage.stage: LEVELS[stage.level] for stage in levels},
            leaks=[LeakPart(change=loss.change, **vars(loss)) for loss in lost],
            largest_loss=None if most is None else LossPart(**vars(most)),
            handovers=self._handovers(gate),
            causes={name: waiting.shares for name, waiting in waits.items()},
            efficiency={
                name: {"now": waiting.efficiency, **waiting.without}
                for name, waiting in waits.items()
                if waiting.efficiency is not None
            },
            money=_money(basis.evidence.plant.currency, cost, lost, lenses.worth),
            forecast={
                name: self._outlook(name, each, standing) for name, each in outlook(basis, basis.evidence.end).items()
            },
            customer=None if lenses.customer is None else CustomerPart(**vars(lenses.customer)),
            employee={name: TeamPart(**vars(team)) for name, team in lenses.employee.items()},
            partner={name: PartnerPart(**vars(partner)) for name, partner in lenses.partner.items()},
            forgotten={stage.stage: stage.wrecks for stage in levels if stage.wrecks},
            unbalanced={
                name: round(each.mismatch, 4) for name, each in balances(basis, window).items() if not each.holds
            },
            ribbon=[
                PhasePart(stage=phase.stage, since=moment_of(phase.since), until=moment_of(phase.until))
                for phase in ribbon(basis)
            ],
        )

    def _bottleneck(self) -> BottleneckPart:
        if self.finding is None:
            return BottleneckPart(
                stage=None, kind="none", provisional=False, since=None, gain_per_day=None, why="unjudged"
            )
        found = self.finding.bottleneck
        cost = None if found.stage is None else self.finding.costs[found.stage]
        young = found.since is not None and found.until - found.since < YOUNG
        return BottleneckPart(
            stage=found.stage,
            kind=found.kind,
            provisional=young,
            since=None if found.since is None else moment_of(found.since),
            gain_per_day=0.0 if cost is None else None if cost.case == "unseen" else round(cost.held.point, 3),
            why=found.reason,
        )

    def _standing(self, levels: tuple[StageLevel, ...]) -> dict[str, StagePart]:
        counts = dict(self.store.rows("verdict/standing", at=_plain(self.moment)))
        gone = dict(self.store.rows("verdict/left", at=_plain(self.moment)))
        held = {stage.name: (stage.hides, stage.hides_more) for stage in self.basis.evidence.plant.stages}
        return {
            each.stage: StagePart(
                standing=float(counts.get(each.stage) or 0.0),
                gone=float(gone.get(each.stage) or 0.0),
                level=LEVELS[each.level],
                since=None if each.since is None else utc(max(each.since, self.past.first)),
                late=each.late,
                usual_days=None if each.usual is None else round(each.usual, 2),
                judged=each.judged,
                forgotten=each.wrecks,
                next_release=None if each.due is None else utc(each.due),
                holds=held.get(each.stage, ((), 0))[0],
                holds_more=held.get(each.stage, ((), 0))[1],
            )
            for each in levels
        }

    def _handovers(self, gate: Gate) -> list[HandoverPart]:
        """Of every stage at which enough cases are left lying, the most first."""
        wrecks = self.jams.wrecks
        lying = wrecks.at(self.moment)
        origins = dict(self.store.rows("verdict/origins", ids=wrecks.id[lying].tolist())) if len(lying) else {}
        found = []
        for code, stage in enumerate(self.jams.levels.stages):
            here = lying[wrecks.stage[lying] == code]
            cases = float(wrecks.weight[here].sum())
            if not len(here) or not gate.enough(cases):
                continue
            values = wrecks.value[here] * wrecks.weight[here]
            worth = float(np.nansum(values)) if np.isfinite(values).any() else None
            came = wrecks.entered[here]
            found.append(
                HandoverPart(
                    origin=origins.get(stage), stage=stage, cases=round(cases, 9), since=utc(int(came.min())),
                    until=utc(int(came.max())), value=worth,
                )
            )  # fmt: skip
        return sorted(found, key=lambda part: -part.cases)

    def _outlook(self, name: str, each: Outlook, standing: dict[str, StagePart]) -> OutlookPart:
        stage = standing[name]
        place = self.past.stages.index(name)
        clears = self.past.clears_in(place, stage.standing - stage.forgotten, self.moment)
        return OutlookPart(
            open=each.open,
            usual={f"p{100 * q:.0f}": round(stay, 2) if isfinite(stay) else None for q, stay in each.usual.items()},
            older={f"p{100 * q:.0f}": count for q, count in each.older.items()},
            cleared=None if clears is None else utc(self.moment + round(clears)),
            on_time=None if each.on_time is None else round(each.on_time, 4),
            overdue=each.overdue,
        )


def _plain(at: int) -> datetime:
    """As the store writes moments: UTC without saying so."""
    return utc(at).replace(tzinfo=None)


def _headline(found: Lead | None, levels: tuple[StageLevel, ...]) -> HeadlinePart:
    if found is None:
        return HeadlinePart(kind="none", stage=None, level="neutral", since=None)
    level = next((each.level for each in levels if each.stage == found.stage), 0)
    kind: Literal["bottleneck", "jam"] = "bottleneck" if found.bottleneck else "jam"
    return HeadlinePart(kind=kind, stage=found.stage, level=LEVELS[level], since=moment_of(found.since))


def _demand(flow: Demand | None) -> DemandPart | None:
    if flow is None:
        return None
    return DemandPart(come=flow.come, go=flow.go, before_come=flow.before_come, before_go=flow.before_go)


def _cost(stage: str, cost: Cost, gate: Gate) -> CostPart:
    held, seen = cost.held, cost.case != "unseen"
    lost = LostPart(per_day=round(held.lost, 3), value=cost.lost_per_day) if seen and held.lost else None
    per_day = RangePart(point=round(held.point, 3), low=round(held.low, 3), high=round(held.high, 3))
    stock = HeldUpPart(mean=round(held.standing, 2), days_per_case=round(held.wait, 2), value=_told(cost, gate))
    return CostPart(
        stage=stage,
        case=cost.case,
        onset=moment_of(held.since),
        window=(moment_of(held.window[0]), moment_of(held.window[1])),
        working_days=round(held.working_days, 2),
        per_day=per_day if seen else None,
        lost_by_waiting=lost,
        held_up=stock if seen else None,
        limited_by=held.limited_by,
        shrinks_per_day=round(held.shrinks, 3) if cost.case == "shrinking" else None,
        gone=None if held.gone is None else moment_of(held.gone),
    )


def _told(cost: Cost, gate: Gate) -> float | None:
    """What is tied up, where so many wait that it may be said."""
    return None if cost.tied_up is None or not gate.enough(cost.held.standing) else round(cost.tied_up, 2)


def _money(currency: str, cost: Cost | None, lost: list[Loss], worth: Worth | None) -> MoneyPart:
    values = [loss.value for loss in lost if loss.value is not None]
    per_day, value = (None, None) if cost is None else (cost.per_day, cost.value)
    return MoneyPart(
        currency=currency,
        per_day=None if per_day is None else round(per_day, 2),
        value_per_case=None if value is None else round(value, 2),
        lost_value=round(sum(values), 2) if values else None,
        cost_per_case=None if worth is None else round(worth.cost_per_case, 2),
        not_worth=0 if worth is None else worth.not_worth,
        their_cost=None if worth is None else worth.their_cost,
        their_value=None if worth is None else worth.their_value,
    )
