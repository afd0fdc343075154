"""Changes of a plant and scenarios, as people call them."""

from __future__ import annotations

from datetime import time

from factoryview.plant.models import label_of
from factoryview.plant.scenario_edits import is_named
from factoryview.plant.scenario_file import (
    ChangeArrivals,
    ChangeBatch,
    ChangeHours,
    ChangeLimit,
    ChangeLosses,
    ChangePeople,
    ChangePriority,
    ChangeRetirements,
    ChangeRoute,
    ChangeSkip,
    ChangeWork,
    Scenario,
)
from factoryview.plant.words import PlantModel
from factoryview.view.presentation import Presentation


def change_words(change: PlantModel, shown: Presentation) -> str:
    """What is changed, without where."""
    language, say = shown.language, shown.language.text
    match change:
        case ChangePeople(add=add, kind=kind):
            return _sign(add) + language.count(f"change.{kind}", abs(add))
        case ChangeRetirements(per_year=number):
            return say("change.retire", n=language.rate(number))
        case ChangeWork(factor=factor):
            return say("change.work", n=_percent(factor, shown))
        case ChangeHours(start=start, end=end):
            return say("change.hours", start=_clock(start), end=_clock(end))
        case ChangeSkip(below=below, share=share):
            if below is not None:
                return say("change.skip_below", value=language.money(below))
            return say("change.skip", n=language.percent(share))
        case ChangeRoute(by=by, share=share):
            return say("change.route", n=language.percent(share), stage=shown.wording.label(by))
        case ChangePriority(rule=rule):
            return say(f"change.{rule.replace(' ', '_')}")
        case ChangeLosses(factor=factor):
            return say("change.losses", n=_percent(factor, shown))
        case ChangeBatch(size=1):
            return say("change.one_by_one")
        case ChangeBatch(size=size):
            return say("change.batch", n=language.number(size))
        case ChangeLimit(most=most):
            return say("change.limit", n=language.number(most))
        case ChangeArrivals(factor=factor):
            return say("change.arrivals", n=_percent(factor, shown))
        case _:
            raise AssertionError(f"nobody has words for {change!r}")


def place_words(change: PlantModel, shown: Presentation) -> str:
    """Where something is changed."""
    if isinstance(change, ChangeArrivals):
        return channel_words(change.channel, shown)
    stage = getattr(change, "stage", None)
    return shown.language.text("change.everywhere") if stage is None else shown.wording.label(stage)


def channel_words(channel: str | None, shown: Presentation) -> str:
    """A channel; None: all of them."""
    if channel is None:
        return shown.language.text("change.all_channels")
    sources = shown.model.factory.plant.sources
    return next((label_of(each, shown.language.code) for each in sources if each.name == channel), channel)


def scenario_words(scenario: Scenario, shown: Presentation) -> str:
    """The name of a scenario; of one without a name of its own, what it changes."""
    if is_named(scenario):
        return scenario.name
    return ", ".join(f"{place_words(each, shown)} {change_words(each, shown)}" for each in scenario.changes())


def _clock(hour: time) -> str:
    return f"{hour:%H:%M}" if hour.minute else str(hour.hour)


def _percent(factor: float, shown: Presentation) -> str:
    more = round(factor - 1, 4)
    return f"{_sign(more)}{shown.language.percent(abs(more))}"


def _sign(value: float) -> str:
    return "+" if value >= 0 else "−"
