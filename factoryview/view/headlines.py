"""What there is to say at a moment: the constraint or the worst jam, and cases that are left lying."""

from __future__ import annotations

from datetime import date

from factoryview.flow.ladder import Ladder
from factoryview.flow.moment.judging import StageLevel
from factoryview.flow.moment.levels import AMBER, NEUTRAL
from factoryview.flow.moment.standing import Standing
from factoryview.flow.verdict.lead import Conclusion, Lead, lead
from factoryview.time import DAY, micros_of_hours
from factoryview.view.counts import Counts
from factoryview.view.news import Calm, Constraint, Elsewhere, Jam, LeftLying, Longest, News, Working

_CHOICE, _MOST, _MOSTLY = 3, 0.25, 0.5
"""The fewest stages of which one is said to take the longest, the share of the lead time that makes it so, and the
share of work from which on work is the news.
"""
_MONTH = 30 * DAY


class Headlines:
    """Finds the news of a moment. Until something has been found out about it, the worst jam is the news."""

    def __init__(self, counts: Counts, finding: Conclusion | None) -> None:
        """finding: of the moment that is asked for."""
        self.counts, self.finding = counts, finding
        self._stages = counts.topology.stages

    def at(self, at: int, day: date, standing: Standing, steps: Ladder | None = None) -> tuple[News, ...]:
        """The most important first. day: the local day of the moment. steps: how long cases stay where, once known."""
        jams = self.counts.jams
        levels = jams.at(at)
        step = jams.levels.at(at)
        worst = self.counts.remembered.of("worst", step, lambda: jams.levels.worst(step))
        found = lead(self.finding, levels, worst)
        first: News
        if found is None or found.stage not in self._stages:
            first = self._calm(at, levels, standing, steps)
        elif found.bottleneck:
            first = self._constraint(found, at, day, levels, standing)
        else:
            first = self._jam(found, at, day, levels, standing)
        lying = [levels[self._stages.index(name)] for name in jams.news_of_wrecks(at) if name in self._stages]
        return (first, *(self._left_lying(stage) for stage in lying))

    def _constraint(
        self, found: Lead, at: int, day: date, levels: tuple[StageLevel, ...], standing: Standing
    ) -> Constraint:
        place, vacant = self._stages.index(found.stage), self._vacant(found.stage, day)
        here = standing.stages[place].wip
        since = micros_of_hours(found.since)
        level, elsewhere = max(AMBER, levels[place].level), self._elsewhere(place, levels, standing)
        demand = found.demand if levels[place].due is None else None
        late = min(levels[place].late, here) if levels[place].level else 0.0
        return Constraint(
            found.stage, level, here, since, found.cost, vacant, elsewhere, demand, late, self._before(place, at)
        )

    def _before(self, place: int, at: int) -> float | None:
        """How many stood at a stage when the last bucket of the history ended that is 30 days old."""
        past, then = self.counts.history, at - _MONTH
        if then <= past.first:
            return None
        until = past.index(then)
        come, gone = past.arrivals[place, :until], past.departures[place, :until]
        return self.counts.remembered.of("before", (place, until), lambda: float(come.sum() - gone.sum()))

    def _vacant(self, stage: str, day: date) -> int:
        """Posts that nobody holds."""
        people, robots = self.counts.factory.staff(stage, day)
        return max(0, (self.counts.factory.posts(stage) or 0) - people - robots)

    def _jam(self, found: Lead, at: int, day: date, levels: tuple[StageLevel, ...], standing: Standing) -> Jam:
        place, past = self._stages.index(found.stage), self.counts.history
        here, jam = standing.stages[place].wip, levels[place]
        clears = past.clears_in(place, here - jam.wrecks, at)
        since, elsewhere = max(micros_of_hours(found.since), past.first), self._elsewhere(place, levels, standing)
        demand = found.demand if jam.due is None else None
        vacant = self._vacant(found.stage, day)
        late = min(jam.late, max(0.0, here - jam.wrecks))
        return Jam(
            jam.stage,
            jam.level,
            here,
            since,
            clears,
            found.cost,
            elsewhere,
            demand,
            vacant,
            late,
            self._before(place, at),
        )

    def _elsewhere(self, place: int, levels: tuple[StageLevel, ...], standing: Standing) -> Elsewhere | None:
        """A larger queue than that of the news is a riddle, unless it is named."""
        waiting = [stage.wip - stage.wrecks for stage in standing.stages]
        most = waiting.index(max(waiting))
        if waiting[most] <= standing.stages[place].wip:
            return None
        usual = levels[most].judged and levels[most].level == NEUTRAL
        return Elsewhere(self._stages[most], waiting[most], usual)

    def _left_lying(self, stage: StageLevel) -> LeftLying:
        value = (
            None if stage.wrecks_value is None else self.counts.factory.gate.number(stage.wrecks_value, stage.wrecks)
        )
        return LeftLying(stage.stage, stage.wrecks, stage.wrecks_since or 0, value)

    def _calm(self, at: int, levels: tuple[StageLevel, ...], standing: Standing, steps: Ladder | None) -> Calm:
        waiting = [stage.wip - stage.wrecks for stage in standing.stages]
        most = max(waiting, default=0.0)
        place = waiting.index(most) if waiting else 0
        shown = float(sum(stage.wip for stage in standing.stages))
        lying = max(standing.stages, key=lambda stage: stage.wrecks, default=None)
        return Calm(
            in_progress=shown,
            largest=self._stages[place] if most else "",
            waiting=most,
            lying=lying.wrecks if lying else 0.0,
            lying_at=self._stages[standing.stages.index(lying)] if lying and lying.wrecks else "",
            lying_among=lying.wip if lying and lying.wrecks else 0.0,
            at_exit=max(0.0, self.counts.totals.in_progress(at) - shown),
            judged=any(stage.judged for stage in levels),
            usual=bool(most) and levels[place].judged,
            longest=_longest(steps),
            queues=self.finding is None or self.finding.bottleneck.reason != "no queue",
        )


def _longest(steps: Ladder | None) -> Longest | Working | None:
    """Where a case spends more of its time than anywhere else, unless most of it is work; None where there is no
    choice, or it is no news.
    """
    if steps is None or len(steps.rungs) < _CHOICE:
        return None
    if steps.work is not None and (steps.share or 0.0) >= _MOSTLY:
        return Working(steps.work, steps.total)
    most = max(steps.rungs, key=lambda rung: rung.stay)
    return Longest(most.stage, most.stay, steps.total) if most.stay >= _MOST * steps.total > 0 else None
