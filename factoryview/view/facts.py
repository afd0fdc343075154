"""What of a plant's picture is the same at any time, in words: names, legend, notes, the dates of the timeline."""

from __future__ import annotations

from factoryview.flow.moment.history import RECENT
from factoryview.language import Language
from factoryview.plant.models import Plant, label_of
from factoryview.scene.picture import Facts, FloorFacts, MarkFacts
from factoryview.view.connections import ENTRANCE
from factoryview.view.counts import Counts
from factoryview.view.ribbon import bars_between
from factoryview.view.ticks import micros, tick_levels
from factoryview.view.topology import Topology

_SHOWN_GUESSES = ("case", "stage", "time", "times", "dates", "encoding", "sheet", "timezone")
"""Those that change what the floor shows."""
_LONGEST_GUESS = 60


def facts_of(counts: Counts, language: Language, title: str | None = None) -> Facts:
    """The facts of a plant's picture. title: instead of the plant's name."""
    plant, topology, past = counts.factory.plant, counts.topology, counts.history
    sources = _sources(plant, topology, language)
    return Facts(
        title=title or plant.name,
        floor=_floor(plant, topology, sources, language),
        first=past.first,
        last=past.last,
        bars=bars_between(counts, past.first, past.last + 1),
        marks=tuple(
            MarkFacts(micros(mark.at, language), mark.label.get(language.code) or next(iter(mark.label.values())))
            for mark in plant.marks
            if past.first <= micros(mark.at, language) <= past.last
        ),
        ticks=tick_levels(past.first, past.last, language),
        legend=_legend(counts, language),
        notes=_notes(counts, language),
        to_live=language.text("playhead.to_live"),
        replay=language.text("kiosk.replay"),
        ahead=language.text("timeline.ahead"),
        counted=counts.factory.begun.until if counts.factory.begun is not None else None,
    )


def _floor(plant: Plant, topology: Topology, sources: dict[str, tuple[str, int]], language: Language) -> FloorFacts:
    names = [label_of(department, language.code) for department in plant.departments]
    signs = []
    for sign in topology.plan.signs:
        label, hue = sources[sign.source]
        signs.append((label or language.text("source.others"), hue))
    return FloorFacts(topology.plan, dict(enumerate(names)), tuple(signs))


def _sources(plant: Plant, topology: Topology, language: Language) -> dict[str, tuple[str, int]]:
    """Source → its label (empty: it stands for all that have none of their own) and hue."""
    labels = {source.name: label_of(source, language.code) for source in plant.sources}
    channels = {name: name.removeprefix(ENTRANCE) for name in topology.sources}
    return {name: (labels.get(channels[name], channels[name]), hue) for name, hue in topology.sources.items()}


def _legend(counts: Counts, language: Language) -> tuple[tuple[str, str], ...]:
    """Each sign of the picture with its meaning; only those that can be seen on this plant."""
    text, plant = language.text, counts.factory.plant
    targets = any(stage.target_wait is not None for stage in plant.stages)
    meanings = {
        "count": text("legend.count"),
        "calm": text("legend.calm"),
        "amber": text("legend.amber_target" if targets else "legend.amber"),
        "red": text("legend.red"),
        "longest": text("legend.longest"),
        "hue": text("legend.hue"),
        "pallet": language.count("legend.heap", 10 * counts.weight),
        "rack": language.count("legend.heap", 100 * counts.weight),
        "siding": text("legend.siding"),
        "lamps": text("legend.lamps"),
    }
    if plant.workers:
        meanings |= {sign: text(f"legend.{sign}") for sign in ("figure", "robot", "chair")}
    if counts.topology.losing:
        long = counts.history.last - counts.history.first > RECENT
        meanings["bin"] = text("legend.bins", span=language.since(RECENT)) if long else text("legend.bins_all")
    meanings["ladder"] = text("legend.ladder")
    meanings["ghost"] = text("legend.ghost")
    return tuple((text(f"sign.{sign}"), meaning) for sign, meaning in meanings.items())


_TANGLED = 0.6
"""Share of the moves along the main road below which that is said: most of a tangled plant's cases go other ways."""


def _notes(counts: Counts, language: Language) -> tuple[str, ...]:
    notes = []
    if counts.weight != 1:
        notes.append(language.text("note.crate", n=language.number(counts.weight)))
    if counts.anonymous:
        notes.append(language.text("note.anonymous"))
    if counts.rejected:
        notes.append(language.count("note.rejected", counts.rejected))
    if counts.undated:
        notes.append(language.text("note.undated", n=language.number(counts.undated)))
    if counts.road_share < _TANGLED:
        notes.append(language.text("note.road", share=language.percent(counts.road_share)))
    if guessed := _guessed(counts, language):
        notes.append(guessed)
    return tuple(notes)


def _guessed(counts: Counts, language: Language) -> str:
    """What had to be guessed of the reading; empty where nothing was. `check` and the command line say which option
    says otherwise: a picture is looked at where nobody types.
    """
    guesses = [guess for guess in counts.factory.guesses if guess.what in _SHOWN_GUESSES]
    if not guesses:
        return ""
    taken = ", ".join(f"{language.text(f'guess.{guess.what}')} = {_short(guess.taken)}" for guess in guesses)
    return language.text("note.guessed", taken=taken)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_GUESS else text[: _LONGEST_GUESS - 1] + "…"
