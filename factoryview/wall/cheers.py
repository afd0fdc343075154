"""When a goal is met, the wall says so for some seconds."""

from __future__ import annotations

from factoryview.plant.models import label_of
from factoryview.scene.picture import Banner
from factoryview.view.presentation import Presentation

SECONDS = 8.0
"""Of display, for which it is said."""


def cheers_at(presentation: Presentation, at: int, pace: float) -> tuple[Banner, ...]:
    """The goals of the day that have just been met. pace: data µs per second of display. A function of the moment."""
    language, counts = presentation.language, presentation.model.counts
    found = []
    for target in counts.factory.plant.targets:
        goal = counts.goals[target.of]
        now = goal.by_now(at)
        lately = goal.arrivals.by(at) - goal.arrivals.by(at - round(SECONDS * pace))
        if now.open and now.actual - lately < target.per_day <= now.actual:
            numbers = {"n": language.number(now.actual), "goal": language.number(target.per_day)}
            found.append(
                Banner("calm", language.text("kiosk.goal_met", name=label_of(target, language.code), **numbers))
            )
    return tuple(found)
