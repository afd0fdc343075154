"""What there is to say at a moment: the constraint or the worst jam, and a hand-over that loses cases."""

from __future__ import annotations

from datetime import date

import numpy as np

from factoryview.flow.moment.congestion import AMBER, NEUTRAL, RED
from factoryview.flow.moment.history import DAY
from factoryview.flow.moment.standing import Standing
from factoryview.flow.verdict.handovers import LEAST
from factoryview.flow.verdict.story import Chapter, Story
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
        bucket = self.counts.history.index(at)
        chapter = self.story.chapter(at) if self.story else None
        if chapter is not None and self._matters(chapter, bucket):
            first: News = self._constraint(chapter, at, day, bucket)
        else:
            first = self._worst_jam(at, bucket, standing)
        least = max(LEAST, self.counts.factory.gate.smallest)
        alarm = self.story.alarm(at, _ALARM_LASTS, least) if self.story else None
        if alarm is None or alarm.stage not in self._stages:
            return (first,)
        return (first, LostHandover(alarm.stage, alarm.cases, alarm.value))

    def _matters(self, chapter: Chapter, bucket: int) -> bool:
        """Whether a bottleneck is the news: it costs something, and nothing jams while its own belts flow."""
        levels = self.counts.congestion.level(bucket)
        own = levels[self._stages.index(chapter.stage)] if chapter.stage in self._stages else NEUTRAL
        return (
            chapter.stage in self._stages and chapter.cases_per_day >= _LEAST and (own > NEUTRAL or levels.max() < RED)
        )

    def _constraint(self, chapter: Chapter, at: int, day: date, bucket: int) -> Constraint:
        level = int(self.counts.congestion.levels[self._stages.index(chapter.stage), bucket])
        people, robots = self.counts.factory.staff(chapter.stage, day)
        vacant = (self.counts.factory.posts(chapter.stage) or 0) - people - robots
        return Constraint(chapter.stage, max(AMBER, level), chapter.cases_per_day, at - chapter.onset, max(0, vacant))

    def _worst_jam(self, at: int, bucket: int, standing: Standing) -> Calm | Jam:
        jam, past = self.counts.congestion, self.counts.history
        levels, waits = jam.level(bucket), jam.waits[:, bucket]
        worst = int(levels.max()) if len(levels) else 0
        if not worst:
            return Calm(float(self.counts.totals.in_progress(at)))
        candidates = np.flatnonzero(levels == worst)
        limits = np.array([jam.thresholds[i].amber for i in candidates])
        stage = int(candidates[np.argmax(waits[candidates] / np.maximum(limits, 1.0))])
        begun = past.origin + jam.since(stage, bucket) * past.width
        clears = float(waits[stage]) if np.isfinite(waits[stage]) else None
        return Jam(self._stages[stage], worst, standing.stages[stage].wip, max(0, at - begun), clears)
