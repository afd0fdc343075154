"""The page of a belt: what lies on it, and its performance spectrum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from factoryview.desk.cards import belt_card
from factoryview.desk.pages import span_row
from factoryview.desk.sheet import ChartFace, Question, Sheet
from factoryview.layout.plan import Belt
from factoryview.scene.charts.plots import Threads
from factoryview.scene.chrome.card import RowLook
from factoryview.scene.ui.node import Node
from factoryview.view.databox import belt_box
from factoryview.view.series import StageLog
from factoryview.view.spectrum import spectrum

_ROW, _CHART = 38, 380
"""Heights in u."""
_FEW, _MANY = 0.1, 0.5
"""Shares of cases overtaken or batched up to which, and from which on, that has a name."""


def belt_page(asked: Question, place: int, sheet: Sheet) -> Iterator[Node]:
    """place: of the belt on the plan; one that leads to a stage."""
    counts, belt = asked.presentation.model.counts, asked.presentation.model.topology.plan.belts[place]
    log = asked.log(belt.target)
    for row in belt_card(asked.label, belt_box(counts, asked.state, place, log), asked.language).rows:
        yield Node(f"panel/box/{row.name}", sheet.row(_ROW), RowLook(row, sheet.u), "text", row.value)
    sheet.row(16)
    yield from span_row(asked, sheet)
    if log is not None:
        over = asked.stretch
        of = (log, belt.origin, asked.language, sheet.u, over.now)
        yield from sheet.chart(
            asked.memo, "panel/spectrum", of, lambda: _spectrum(asked, log, belt), min(_CHART, sheet.left),
            replace(over, now=over.at), asked.state.at,
        )  # fmt: skip


def _spectrum(asked: Question, log: StageLog, belt: Belt) -> ChartFace:
    found, say = spectrum(log, belt.origin, asked.stretch), asked.language.text
    parts = []
    if found.overtaken is not None:
        share = asked.language.percent(found.overtaken)
        key = "spectrum.in_order" if found.overtaken <= _FEW else "spectrum.overtaken"
        parts.append(say(key, share=share))
    if found.batched is not None and found.batched >= _MANY:
        parts.append(say("spectrum.batched"))
    if found.every > 1:
        parts.append(say("spectrum.every", n=asked.language.number(found.every)))
    return ChartFace(say("spectrum.title"), " · ".join(parts), Threads(found.lines, asked.composition.u))
