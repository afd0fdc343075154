"""What there is to say at a moment: the constraint or the worst jam, and a hand-over that loses cases."""

from __future__ import annotations

from datetime import date

import numpy as np

from factoryview.flow.moment.judging import StageLevel
from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED
from factoryview.flow.moment.standing import Standing
from factoryview.flow.verdict.handovers import LEAST
from factoryview.flow.verdict.story import Chapter, Story
from factoryview.time import DAY
from factoryview.view.counts import Counts
from factoryview.view.news import Calm, Constraint, Jam, LostHandover, News

_LEAST = 0.05
"""Cases a day; a bottleneck that costs less is written as 0 and is no news."""
_ALARM_LASTS = 3 * DAY
"""A hand-over alarm that has ended is shown for so long."""


class Headlines:
    """Finds the news of a moment. Until the story is known, the worst jam is the news."""

    def __init__(self, counts: Counts, story: Story | None) -> None:
        self.counts, self.story = counts, story
        self._stages = counts.topology.stages

    def at(self, at: int, day: date, standing: Standing) -> tuple[News, ...]:
        """The most important first. day: the local day of the moment."""
        levels = self.counts.jams.at(at)
        chapter = self.story.chapter(at) if self.story else None
        if chapter is not None and self._matters(chapter, levels):
            first: News = self._constraint(chapter, at, day, levels)
        else:
            first = self._worst_jam(at, levels, standing)
        least = max(LEAST, self.counts.factory.gate.smallest)
        alarm = self.story.alarm(at, _ALARM_LASTS, least) if self.story else None
        if alarm is None or alarm.stage not in self._stages:
            return (first,)
        return (first, LostHandover(alarm.stage, alarm.cases, alarm.value))

    def _matters(self, chapter: Chapter, levels: tuple[StageLevel, ...]) -> bool:
        """Whether a bottleneck is the news: it costs something, and nothing jams while its own belts flow."""
        own = next((each.level for each in levels if each.stage == chapter.stage), None)
        worst = max(each.level for each in levels)
        return own is not None and chapter.cases_per_day >= _LEAST and (own > NEUTRAL or worst < RED)

    def _constraint(self, chapter: Chapter, at: int, day: date, levels: tuple[StageLevel, ...]) -> Constraint:
        level = levels[self._stages.index(chapter.stage)].level
        people, robots = self.counts.factory.staff(chapter.stage, day)
        vacant = (self.counts.factory.posts(chapter.stage) or 0) - people - robots
        return Constraint(chapter.stage, max(AMBER, level), chapter.cases_per_day, at - chapter.onset, max(0, vacant))

    def _worst_jam(self, at: int, levels: tuple[StageLevel, ...], standing: Standing) -> Calm | Jam:
        found, past = self.counts.jams.levels, self.counts.history
        place = found.worst(found.at(at))
        if place is None:
            return self._calm(at, levels, standing)
        jam, here = levels[place], standing.stages[place].wip
        gone = float(past.lately(past.departures, at)[place])
        clears = (here - jam.wrecks) * past.rate.window / gone if gone else None
        return Jam(jam.stage, jam.level, here, max(0, at - max(jam.since or at, past.first)), clears)

    def _calm(self, at: int, levels: tuple[StageLevel, ...], standing: Standing) -> Calm:
        waiting = [stage.wip - stage.wrecks for stage in standing.stages]
        place = int(np.argmax(waiting)) if waiting else 0
        most = waiting[place] if waiting else 0.0
        return Calm(
            float(self.counts.totals.in_progress(at)),
            self._stages[place] if most else "",
            most,
            any(stage.judged for stage in levels),
        )
