"""The time ribbon: a stretch of the log from left to right with all that is to be seen along it, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from factoryview.flow.moment.levels import NEUTRAL
from factoryview.language import Language
from factoryview.plant.models import Plant, label_of
from factoryview.scene.picture import Bar, Facts, LadderPicture, Limit, RungPicture, Sign
from factoryview.time import DAY
from factoryview.view.counts import Counts
from factoryview.view.lookback import Lookback
from factoryview.view.ticks import micros, tick_levels

if TYPE_CHECKING:
    from factoryview.flow.change.became import Became
    from factoryview.flow.change.changes import Change
    from factoryview.flow.verdict.spans import ConstraintSpan

MOST_BARS = 180
_WORSE = {"waiting": 1, "work": 1, "losses": 1, "throughput": 0}
"""Whether more of it is worse; 0: neither."""
_LATELY = 28 * DAY
"""Of what has changed longer ago nobody has to be reminded."""
_LONGEST = 44
"""Letters of a note on the timeline."""


def bars_between(counts: Counts, since: int, until: int) -> tuple[Bar, ...]:
    """Cases in progress along a stretch of time (µs UTC), and the worst level of any stage."""
    past = counts.history
    wip = past.wip.sum(axis=0)
    levels, news = counts.levels_of_buckets.max(axis=0, initial=NEUTRAL), counts.jams.news[counts.steps_of_buckets]
    low = max(0, (since - past.origin) // past.width)
    high = min(len(wip), max(low + 1, math.ceil((until - past.origin) / past.width)))
    if (begun := counts.factory.begun) is not None:  # of what has not been counted yet nothing is shown
        wip = np.where(np.arange(len(wip)) <= past.index(begun.until), wip, 0.0)
    step = max(1, math.ceil((high - low) / MOST_BARS))
    if low >= high:
        return ()
    begins = np.arange(low, high, step)
    here, parts = slice(low, min(len(wip), low + step * len(begins))), begins - low
    standing = np.add.reduceat(wip[here], parts) / np.diff(parts, append=here.stop - low)
    worst, new = np.maximum.reduceat(levels[here], parts), np.logical_or.reduceat(news[here], parts)
    return tuple(map(Bar, standing.tolist(), worst.tolist(), new.tolist()))


def ribbon_of(
    facts: Facts, counts: Counts, language: Language, lookback: Lookback | None, span: tuple[int, int] | None
) -> Facts:
    """The facts with the ribbon of a span (None: of the whole log). lookback: once there is one."""
    since, until = span or (facts.first, facts.last)
    signs = sorted(_signs(counts, language, lookback), key=lambda sign: sign.at)
    if span is not None:
        facts = replace(
            facts, first=since, last=until, bars=bars_between(counts, since, until),
            marks=tuple(mark for mark in facts.marks if since <= mark.at <= until),
            ticks=tick_levels(since, until, language), zoomed=True,
        )  # fmt: skip
    spans = lookback.spans if lookback is not None else ()
    return replace(
        facts, signs=tuple(sign for sign in signs if since <= sign.at <= until),
        limits=tuple(_limit(span, counts.factory.plant, language) for span in spans
                     if span.since < until and span.until > since),
    )  # fmt: skip


def _limit(span: ConstraintSpan, plant: Plant, language: Language) -> Limit:
    """How it began, spread and went, in words."""
    from factoryview.flow.change.sentences import stage_label  # here as below: a first picture does not wait for it

    dates = {"since": language.date(span.since, "date.long"), "until": language.date(span.until, "date.long")}
    parts = [language.text("ribbon.limits", stage=stage_label(span.stage, plant, language), **dates)]
    if span.late is not None and span.peak is not None:
        late, peak = (language.date(at - 1, "date.day") for at in (span.late, span.peak))  # they end working days
        parts.append(language.text("ribbon.spread", late=late, peak=peak))
    return Limit(span.since, span.until, span.late, span.peak, " · ".join([*parts, language.text("ribbon.hindsight")]))


def _signs(counts: Counts, language: Language, lookback: Lookback | None) -> Iterator[Sign]:
    plant = counts.factory.plant
    for change in lookback.changes if lookback is not None else ():
        yield change_sign(change, plant, language)
    if not counts.factory.notes.note:
        return
    from factoryview.flow.change.became import due_end
    from factoryview.flow.change.sentences import became_sentences

    for note in counts.factory.notes.note:
        said = _short(note.text)
        yield Sign(micros(note.at, language), said, "note", said=note.text)
        due = due_end(note, plant.timezone)
        if due is None or note.state == "dropped":
            continue
        became = lookback.became.get(note.id) if lookback is not None else None
        told = "" if became is None else " ".join(became_sentences(became, plant, language))
        words = language.text("ribbon.due", text=said)
        yield Sign(due, words, "due", worse=_worse_since(became), said=f"{words} {told}".strip())


def change_sign(change: Change, plant: Plant, language: Language) -> Sign:
    """A change with its size: as short as it can be said, and whole."""
    from factoryview.flow.change.sentences import change_sentence, written

    known = plant.stage(change.stage)
    label = label_of(known, language.code) if known is not None else change.stage
    said, size, worse, measure = label, 1, 0, change.main
    if measure is not None:
        effect = change.effects[measure]
        difference = effect.difference
        said = f"{label} {'+' if difference > 0 else '−'}{written(measure, abs(difference), language)}"
        relative = abs(difference) / max((abs(effect.before) + abs(effect.after)) / 2, 1e-12)
        size = 1 + (relative > 0.4) + (relative > 0.8)
        worse = _WORSE[measure] if difference > 0 else -_WORSE[measure]
    return Sign(change.at, said, "change", size, worse, change_sentence(change, plant, language))


def marked(ladder: LadderPicture, changes: Iterable[Change], at: int, language: Language) -> LadderPicture:
    """The ladder, with a mark on each stage at which cases stay longer or shorter since a day of the last weeks."""
    lately = {
        change.stage: change for change in sorted(changes, key=lambda change: change.at)
        if at - _LATELY <= change.at <= at and change.main in ("waiting", "work")
    }  # fmt: skip
    return replace(ladder, rungs=tuple(
        _marked(rung, lately[rung.stage], language) if rung.stage in lately else rung for rung in ladder.rungs
    ))  # fmt: skip


def _marked(rung: RungPicture, change: Change, language: Language) -> RungPicture:
    from factoryview.flow.change.sentences import written

    measure = change.main
    assert measure is not None, "it is waiting or work"
    difference = change.effects[measure].difference
    size = f"{'+' if difference > 0 else '−'}{written(measure, abs(difference), language)}"
    said = language.text("ladder.since", size=size, date=language.date(change.at, "date.day"))
    return replace(rung, change=said, longer=1 if difference > 0 else -1)


def _worse_since(became: Became | None) -> int:
    """−1: it has become better, 1: worse, by all that is beyond noise."""
    told = sum(_WORSE[each.measure] * (1 if each.difference > 0 else -1) for each in became.told) if became else 0
    return (told > 0) - (told < 0)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
