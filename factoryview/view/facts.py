"""What a plant looks like at any time: names, floor, timeline, legend."""

from __future__ import annotations

import math

import numpy as np

from factoryview.factory.factory import Factory
from factoryview.flow.moment.congestion import Congestion
from factoryview.flow.moment.history import History
from factoryview.language import Language
from factoryview.plant.icons import icon_for
from factoryview.plant.models import label_of
from factoryview.scene.picture import Bar, BeltFacts, Facts, Legend, MarkFacts, StageFacts
from factoryview.view.ticks import micros, tick_moments
from factoryview.view.topology import FloorOf, own_tiles

_MOST_BARS = 180


def facts_of(
    factory: Factory, language: Language, floor: FloorOf, history: History, congestion: Congestion, weight: float
) -> Facts:
    """The facts of a factory's picture. weight: cases per crate."""
    plant = factory.plant
    shown: list[StageFacts] = []
    outcomes = {outcome.name: outcome for outcome in plant.outcomes}
    for name in (*floor.stages, *floor.docks):
        thing = plant.stage(name) or outcomes.get(name)
        label = label_of(thing, language.code) if thing else name
        icon = getattr(thing, "icon", None) or ("flag" if name in floor.docks else icon_for(name))
        shown.append(StageFacts(name, label, icon))
    index = {fact.name: i for i, fact in enumerate(shown)}
    belts = tuple(
        BeltFacts(index[belt.target], own_tiles(floor.plan, i), floor.shares[i])
        for i, belt in enumerate(floor.plan.belts)
    )
    labels = {department.name: label_of(department, language.code) for department in plant.departments}
    ticks = tick_moments(history.first, history.last, language)
    return Facts(
        title=plant.name,
        plan=floor.plan,
        stages=tuple(shown),
        belts=belts,
        zones={zone: labels.get(zone, "" if not plant.departments else zone) for zone in floor.plan.zones},
        sources={name: (label or language.text("other_sources"), hue) for name, (label, hue) in floor.sources.items()},
        first=history.first,
        last=history.last,
        bars=_bars(history, congestion),
        marks=tuple(
            MarkFacts(micros(mark.at, language), mark.label.get(language.code) or next(iter(mark.label.values())))
            for mark in plant.marks
            if history.first <= micros(mark.at, language) <= history.last
        ),
        ticks=tuple((at, language.date(at, pattern)) for at, pattern in ticks),
        legend=_legend(language, floor, congestion, weight),
        notes=_notes(factory, language, weight),
        to_live=language.text("to_live"),
    )


def _bars(history: History, congestion: Congestion) -> tuple[Bar, ...]:
    wip = history.wip.sum(axis=0)
    levels = congestion.levels.max(axis=0)
    step = max(1, math.ceil(len(wip) / _MOST_BARS))
    return tuple(
        Bar(float(np.mean(wip[i : i + step])), int(levels[i : i + step].max())) for i in range(0, len(wip), step)
    )


def _legend(language: Language, floor: FloorOf, congestion: Congestion, weight: float) -> Legend:
    text = language.text
    targets = any(limit.from_target for limit in congestion.thresholds)
    amber = "legend_amber_target" if targets else "legend_amber"
    named = [(label, hue) for label, hue in floor.sources.values() if label]
    heap = [text("legend_heap", n=language.number(k * weight)) for k in (10, 100)]
    return Legend((text("legend_calm"), text(amber), text("legend_red")), tuple(named), heap[0], heap[1])


def _notes(factory: Factory, language: Language, weight: float) -> tuple[str, ...]:
    notes = []
    if weight != 1:
        notes.append(language.text("one_crate", n=language.number(weight)))
    if factory.store.counted():
        notes.append(language.text("anonymous"))
    if factory.rejected:
        notes.append(language.text("rejected", n=language.number(factory.rejected)))
    undated = factory.store.rows("stays/undated")[0][0]
    if undated:
        notes.append(language.text("undated", n=language.number(undated)))
    return tuple(notes)
