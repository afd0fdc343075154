"""The moments of a log that matter, as a film: when a jam began, was worst and was over, what was left lying, and the
marks people have set. Between them time flies; at each of them the camera goes to the stage it is about.

What a caption says is known at the moment at which it appears.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from factoryview.flow.moment.alarms import Alarm
from factoryview.plant.models import label_of
from factoryview.time import DAY
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation

Kind = Literal["began", "worst", "ended", "lying", "mark", "start"]
MOST = 9
"""Moments that find room in a film of a minute or so."""
STANDS, FLIES = 6.0, 2.5
"""Seconds of display around a moment, and between two."""
_GLIDE = 1.2
"""Seconds in which the camera goes to a stage, and back."""
_BEFORE, _AFTER = 0.25, 0.75
"""Which part of the time around a moment lies before it."""
_AROUND = 8
"""Days that are played around a moment, or a 20th of the log if that is less."""
_NEAR = 1 / 3
"""Of two moments closer than this share of what is played around one, only the more important is shown."""
_WEIGHTS: dict[Kind, float] = {"began": 1.0, "worst": 0.9, "lying": 1.0, "ended": 0.6}
_OF_MARKS = 0.95
"""What a mark weighs beside the gravest alarm."""
_LEAST = 0.05
"""Alarms of less than this share of the gravest one are left out."""


@dataclass(frozen=True)
class Highlight:
    """A moment that matters."""

    at: int
    """µs UTC; nothing is said of it before."""
    kind: Kind
    stage: str
    """What it is about; empty: the whole plant."""
    label: str = ""
    """Of a mark."""


@dataclass(frozen=True)
class Cut:
    """A stretch of a film. Times in µs UTC."""

    since: int
    until: int
    seconds: float
    """Of display."""
    stage: str = ""
    """What the camera goes to; empty: it sees the whole floor."""
    caption_at: int = 0
    title: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Shot:
    """One frame of a film."""

    at: int
    """µs UTC."""
    pace: float
    """Data µs per second of display."""
    stage: str
    near: float
    """How far the camera has come to the stage, in time: 0 sees the whole floor, 1 the close-up."""
    title: str
    detail: str


def highlights(presentation: Presentation, since: int, until: int, most: int = MOST) -> list[Highlight]:
    """The moments that matter most between two (µs UTC), in order of time; at most `most`, at least one.

    How much one matters: the late cases of its alarm times the days they were late. Marks come after the gravest.
    """
    model = presentation.model
    found = [pair for pair in _of_alarms(model, until) if since <= pair[1].at]
    gravest = max((weight for weight, _ in found), default=1.0)
    found = [pair for pair in found if pair[0] >= _LEAST * gravest]
    marks = [mark for mark in presentation.facts.marks if since <= mark.at <= until]
    every = max(1, -(-len(marks) // (most // 2 + 1)))
    found += [(_OF_MARKS * gravest, Highlight(mark.at, "mark", "", mark.label)) for mark in marks[::every]]
    ranked = sorted(found, key=lambda pair: (-pair[0], pair[1].at))
    apart, chosen = round(_NEAR * _around(model)), list[Highlight]()
    for _, one in ranked:
        if len(chosen) < most and all(abs(one.at - other.at) >= apart for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.at) or [Highlight(since, "start", "")]


def cuts(presentation: Presentation, since: int, until: int) -> list[Cut]:
    """The film of the moments that matter between two (µs UTC)."""
    around = _around(presentation.model)
    found: list[Cut] = []
    done = since
    shown = highlights(presentation, since, until)
    for k, one in enumerate(shown):
        after = shown[k + 1].at if k + 1 < len(shown) else until
        begin = min(max(done, one.at - round(_BEFORE * around)), one.at)
        end = max(one.at, min(one.at + round(_AFTER * around), until, (one.at + after) // 2))
        if begin > done:
            found.append(Cut(done, begin, _flight(begin - done, around)))
        title, detail = _words(presentation, one)
        found.append(Cut(begin, end, STANDS, one.stage, one.at, title, detail))
        done = end
    return [*found, Cut(done, until, _flight(until - done, around))] if until > done else found


def shots(film: list[Cut], fps: float) -> Iterator[Shot]:
    """Every frame, 1 ÷ fps seconds of display apart."""
    begins = np.concatenate([[0.0], np.cumsum([cut.seconds for cut in film])])
    for number in range(max(1, round(begins[-1] * fps))):
        second = number / fps
        k = min(bisect_right(begins.tolist(), second) - 1, len(film) - 1)
        cut, passed = film[k], second - begins[k]
        pace = (cut.until - cut.since) / cut.seconds
        at = min(cut.until, cut.since + round(pace * passed))
        near = min(1.0, float(passed / _GLIDE), float((cut.seconds - passed) / _GLIDE)) if cut.stage else 0.0
        said = bool(cut.title) and at >= cut.caption_at
        yield Shot(at, pace, cut.stage, near, cut.title if said else "", cut.detail if said else "")


def chapters(film: list[Cut]) -> list[tuple[float, float, str]]:
    """Begin and end (seconds of display) of each moment's stretch with its title; they cover the film."""
    begins = np.concatenate([[0.0], np.cumsum([cut.seconds for cut in film])]).tolist()
    named = [(begins[k], cut.title) for k, cut in enumerate(film) if cut.title]
    if not named:
        return []
    edges = [0.0, *(begin for begin, _ in named[1:]), begins[-1]]
    return [(a, b, title) for (a, b), (_, title) in zip(pairwise(edges), named, strict=True)]


def captions(film: list[Cut]) -> list[tuple[float, float, str]]:
    """Begin and end (seconds of display) of each caption and what it says."""
    found, begin = [], 0.0
    for cut in film:
        if cut.title:
            waits = cut.seconds * (cut.caption_at - cut.since) / max(1, cut.until - cut.since)
            words = cut.title + (f"\n{cut.detail}" if cut.detail else "")
            found.append((begin + waits, begin + cut.seconds, words))
        begin += cut.seconds
    return found


def _of_alarms(model: Model, until: int) -> Iterator[tuple[float, Highlight]]:
    """Weight and moment of what alarms did, as known at a moment (µs UTC)."""
    levels, stages = model.counts.jams.levels, model.topology.stages
    now = levels.at(until)
    for alarm in model.counts.jams.alarms:
        if alarm.stage not in stages or alarm.since > now:
            continue
        size = _size(model, alarm)
        spells = [(begin, min(end, now + 1)) for begin, end in alarm.spells if begin <= now]
        steps = np.concatenate([np.arange(*spell) for spell in spells])
        weight, worst = float(size[steps].sum()), int(steps[np.argmax(size[steps])])
        last, lies = spells[-1][1], alarm.kind == "left lying"
        kinds: list[tuple[Kind, int]] = [("lying" if lies else "began", alarm.since)]
        if not lies:
            kinds.append(("worst", worst))
        if last <= now and last < levels.steps:
            kinds.append(("ended", last))
        for kind, step in kinds:
            yield _WEIGHTS[kind] * weight, Highlight(int(levels.moments[step]), kind, alarm.stage)


def _size(model: Model, alarm: Alarm) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    levels = model.counts.jams.levels
    grid = levels.wrecks if alarm.kind == "left lying" else levels.excess
    return np.asarray(grid[levels.stages.index(alarm.stage)])


def _around(model: Model) -> int:
    return max(1, min(_AROUND * DAY, (model.last - model.first) // 20))


def _words(presentation: Presentation, one: Highlight) -> tuple[str, str]:
    """Title and detail of a caption, as known at its moment."""
    language, model = presentation.language, presentation.model
    day = language.date(one.at, "date.long")
    if one.kind in ("mark", "start"):
        return one.label or presentation.facts.title, day
    place = model.topology.stages.index(one.stage)
    here = model.standing(one.at, 0.0).stages[place]
    cases = here.wrecks if one.kind == "lying" else here.wip - here.wrecks
    stage = model.factory.plant.stage(one.stage)
    label = label_of(stage, language.code) if stage is not None else one.stage
    title = language.text(f"reel.{one.kind}", stage=label)
    return title, f"{language.count('reel.cases_lie' if one.kind == 'lying' else 'reel.cases_wait', cases)} · {day}"


def _flight(span: int, around: int) -> float:
    """Seconds of display in which a span passes: never slower than what is played around a moment."""
    return min(FLIES, STANDS * span / around)
