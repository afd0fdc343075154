"""When a goal is met, the wall says so for some seconds, and it rains small crates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factoryview.plant.models import label_of
from factoryview.scene.picture import Banner
from factoryview.view.presentation import Presentation

SECONDS = 8.0
"""Of display, for which it is said."""


@dataclass(frozen=True)
class Cheer:
    """A goal of the day that has just been met."""

    banner: Banner
    elapsed: float
    """Seconds of display since."""


def cheers_at(presentation: Presentation, at: int, pace: float) -> tuple[Cheer, ...]:
    """What there is to be glad of, the latest first. pace: data µs per second of display. A function of the moment."""
    if pace <= 0:
        return ()
    language, counts = presentation.language, presentation.model.counts
    found = []
    for target in counts.factory.plant.targets:
        goal = counts.goals[target.of]
        now = goal.by_now(at)
        if not now.open or now.actual < target.per_day:
            continue
        before_today = goal.arrivals.by(at) - now.actual
        met = int(goal.arrivals.at[np.searchsorted(goal.arrivals.total[1:], before_today + target.per_day)])
        elapsed = (at - met) / pace
        if elapsed < SECONDS:
            numbers = {"n": language.number(now.actual), "goal": language.number(target.per_day)}
            words = language.text("kiosk.goal_met", name=label_of(target, language.code), **numbers)
            found.append(Cheer(Banner("calm", words, glad=True), elapsed))
    return tuple(sorted(found, key=lambda cheer: cheer.elapsed))
