"""What the wall says in words at a moment."""

from __future__ import annotations

import numpy as np

from factoryview.factory.factory import Factory
from factoryview.flow.moment.congestion import AMBER, NEUTRAL, RED, Congestion
from factoryview.flow.moment.history import DAY, History
from factoryview.flow.moment.standing import Standing
from factoryview.flow.verdict.story import Chapter, Story
from factoryview.language import Language
from factoryview.scene.picture import Headline
from factoryview.store.windows import Totals

_LEAST = 0.05
"""Cases a day; a bottleneck that costs less is written as 0 and is no news."""
_ALARM_LASTS = 3 * DAY
"""A hand-over alarm that has ended is shown for so long."""


class Speaker:
    """Finds the headlines. Until `story` is known, the worst jam speaks."""

    def __init__(
        self,
        factory: Factory,
        language: Language,
        labels: tuple[str, ...],
        stages: tuple[str, ...],
        history: History,
        congestion: Congestion,
        totals: Totals,
    ) -> None:
        self.factory, self.language = factory, language
        self.labels, self.stages = labels, stages
        self.history, self.congestion, self.totals = history, congestion, totals
        self.story: Story | None = None

    def headlines(self, at: int, bucket: int, standing: Standing) -> tuple[Headline, ...]:
        """The bottleneck or the worst jam, and a hand-over that loses cases."""
        chapter = self.story.chapter(at) if self.story else None
        if chapter is not None and not self._matters(chapter, bucket):
            chapter = None
        first = self._bottleneck(chapter, at, bucket) if chapter else self._worst_jam(at, bucket, standing)
        alarm = self.story.alarm(at, _ALARM_LASTS) if self.story else None
        if alarm is None or alarm.stage not in self.stages:
            return (first,)
        language = self.language
        detail = language.text("never_picked_up", n=language.number(alarm.cases))
        if alarm.value:
            detail += " · " + language.text("worth", money=language.money(alarm.value))
        return (first, Headline(AMBER, language.text("handover", stage=self._label(alarm.stage)), detail, alarm.stage))

    def _label(self, stage: str) -> str:
        return self.labels[self.stages.index(stage)]

    def _matters(self, chapter: Chapter, bucket: int) -> bool:
        """Whether a bottleneck is the news: it costs something, and nothing jams while its own belts flow."""
        levels = self.congestion.levels[:, bucket]
        own = levels[self.stages.index(chapter.stage)] if chapter.stage in self.stages else NEUTRAL
        return (
            chapter.stage in self.stages and chapter.cases_per_day >= _LEAST and (own > NEUTRAL or levels.max() < RED)
        )

    def _bottleneck(self, chapter: Chapter, at: int, bucket: int) -> Headline:
        language = self.language
        level = int(self.congestion.levels[self.stages.index(chapter.stage), bucket])
        cases = language.text("cases_lost", n=language.rate(chapter.cases_per_day))
        parts = [language.text("costs", cases=cases, since=language.duration(at - chapter.onset, words=True))]
        people, robots = self.factory.staff(chapter.stage, language.moment(at).date())
        vacant = (self.factory.posts(chapter.stage) or 0) - people - robots
        if vacant > 0:
            parts.append(language.text("vacant" if vacant == 1 else "vacants", n=language.number(vacant)))
        return Headline(
            max(AMBER, level),
            language.text("bottleneck", stage=self._label(chapter.stage)),
            " · ".join(parts),
            chapter.stage,
        )

    def _worst_jam(self, at: int, bucket: int, standing: Standing) -> Headline:
        levels = self.congestion.levels[:, bucket]
        waits = self.congestion.waits[:, bucket]
        language = self.language
        worst = int(levels.max()) if len(levels) else 0
        if not worst:
            count = language.number(float(self.totals.in_progress(at)))
            return Headline(0, language.text("all_flows"), language.text("flow_detail", n=count))
        candidates = np.flatnonzero(levels == worst)
        limits = np.array([self.congestion.thresholds[i].amber for i in candidates])
        stage = int(candidates[np.argmax(waits[candidates] / np.maximum(limits, 1.0))])
        start = self.history.origin + self.congestion.since(stage, bucket) * self.history.width
        values = {
            "n": language.number(standing.stages[stage].wip),
            "since": language.duration(max(0, at - start), words=True),
            "clear": language.duration(float(waits[stage])) if np.isfinite(waits[stage]) else "",
        }
        key = "jam_detail" if values["clear"] else "jam_stuck"
        title = language.text("jam" if worst == RED else "slow", stage=self.labels[stage])
        return Headline(worst, title, language.text(key, **values), self.stages[stage])
