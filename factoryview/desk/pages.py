"""The pages of a machine's panel: how it stands now, and how it came to that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pygame

from factoryview.app.session import SPANS
from factoryview.desk.cards import UNKNOWN, held_rows, stage_rows
from factoryview.desk.sheet import ChartFace, Question, Sheet
from factoryview.language import Language
from factoryview.scene.charts.axes import time_axis
from factoryview.scene.charts.plots import BarChart, Curve, Ink, LineChart, Rule
from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.chrome.card import CardRow, RowLook
from factoryview.scene.chrome.tabs import tab_nodes
from factoryview.scene.ui.node import Action, Node
from factoryview.time import DAY
from factoryview.view.charts import (
    Passing,
    Phase,
    Series,
    Spread,
    Stretch,
    ageing,
    behaviour,
    cumulative,
    interventions,
    passing,
    sojourn_now,
    waiting,
)
from factoryview.view.charts import queue as queue_of
from factoryview.view.databox import stage_box
from factoryview.view.figures import StageFlow
from factoryview.view.figures_over_time import Figure, over_time
from factoryview.view.series import StageLog
from factoryview.view.stages import StageState
from factoryview.view.ticks import tick_levels

_ROW, _SPANS, _AXIS = 38, 48, 36
"""Heights in u."""
_LEAST = 130
"""u that a chart with its heading needs to be read; where there are fewer, one stands alone."""
_INKS: dict[int, Ink] = {0: "calm", 1: "slow", 2: "alarm"}


def now_page(asked: Question, stage: StageState, sheet: Sheet) -> Iterator[Node]:
    """The data box, how long those that left had waited, and how old those are that are here."""
    name, counts, say = stage.id[1], asked.presentation.model.counts, asked.language.text
    log = asked.log(name)
    box = stage_box(counts, asked.state, name, log, asked.presentation.model.studied)
    here = CardRow("in_progress", say("card.in_progress"), asked.language.number(box.in_progress))
    wrecks = CardRow("wrecks", say("card.wrecks"), asked.language.number(box.wrecks), loud=box.wrecks > 0)
    held = held_rows(counts.factory.plant.stage(name), asked.language)
    rows = (*stage_rows(box, asked.language), here, wrecks)
    deep = -(-len(rows) // 2)
    for k in range(deep):
        line = sheet.row(_ROW)
        gap = round(30 * sheet.u)
        half = (line.w - gap) // 2
        for row, x in ((rows[k], line.x), *(((rows[k + deep], line.right - half),) if k + deep < len(rows) else ())):
            rect = pygame.Rect(x, line.y, half, line.h)
            yield Node(f"panel/box/{row.name}", rect, RowLook(row, sheet.u), "text", row.value)
    for row in held:
        yield Node(f"panel/box/{row.name}", sheet.row(_ROW), RowLook(row, sheet.u), "text", row.value)
    sheet.row(16)
    yield from span_row(asked, sheet)
    if log is None:
        return
    over, gate = asked.stretch, counts.factory.gate
    given_up, target = counts.jams.wrecks.given_up, box.target
    both = sheet.left >= 2 * _LEAST
    high = sheet.left / (2 if both else 1)
    of = (log, over, asked.language, target, sheet.u)
    title = say("chart.waiting" if log.starts_known else "chart.stay")
    yield from sheet.chart(
        asked.memo, "panel/waiting", of, lambda: _spread(asked, title, waiting(log, over, gate, target), target), high
    )
    if not both:
        return
    yield from sheet.chart(
        asked.memo, "panel/ageing", of,
        lambda: _spread(asked, say("chart.ageing"), ageing(log, over.now, given_up, target), target), high,
    )  # fmt: skip


def history_page(asked: Question, stage: StageState, sheet: Sheet) -> Iterator[Node]:
    """Queue, comings and goings, cumulative flow and the process behaviour chart, above one axis of time."""
    log = asked.log(stage.id[1])
    yield from span_row(asked, sheet)
    if log is None:
        return
    over, at, name = asked.stretch, asked.state.at, stage.id[1]
    high, memo, counts = (sheet.left - _AXIS) / 4, asked.memo, asked.presentation.model.counts
    known, flow = counts.factory.plant.stage(name), asked.state.figures.flows[name]
    target = None if known is None or known.target_wait is None else round(known.target_wait.total_seconds() * 1e6)
    wanted = wanted_queue(asked, target, flow.go)
    curve = replace(over, now=over.at)
    of = (log, curve, asked.language, stage.level, flow, sheet.u)

    def went() -> Passing:
        return passing(log, over, counts.hours, asked.language.zone)

    yield from sheet.chart(
        memo, "panel/queue", (*of, stage.here.wip, wanted),
        lambda: _queue(asked, queue_of(log, over), wanted, stage), high, curve, at,
    )  # fmt: skip
    yield from sheet.chart(memo, "panel/passing", of, lambda: _passing(asked, went(), flow), high, curve, at)
    yield from sheet.chart(
        memo, "panel/cumulative", (*of, over.now), lambda: _cumulative(asked, log, over), high, curve, at
    )
    yield from sheet.chart(
        memo, "panel/behaviour", (*of, asked.session.figure, over.now), lambda: _behaviour(asked, log), high, curve, at,
        Action("figure_next"),
    )  # fmt: skip
    axis, scale = sheet.row(_AXIS), TimeScale(over.since, over.until, sheet.rect.x, sheet.rect.w)
    key = (over.since, over.until, asked.language, sheet.rect, sheet.u)

    def made() -> Node:
        levels = tick_levels(over.since, over.until, asked.language)
        return time_axis("panel/axis", levels, scale, axis, sheet.u)

    yield asked.memo.node("panel/axis", key, made)


def wanted_queue(asked: Question, target: int | None, go: float | None) -> float | None:
    """How many wait if the target is just met and as many go as lately: target × throughput (Little's law)."""
    if target is None or go is None:
        return None
    clock = asked.presentation.model.counts.jams.levels.workdays
    days = clock.length(float(target)) if clock.unit == DAY else target / DAY
    return days * go


def span_row(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """How much of the past is looked at, to choose."""
    names = [(span, asked.language.text(f"period.{span}")) for span in SPANS]
    yield from tab_nodes("panel/span", names, asked.session.span, "span", sheet.row(_SPANS), sheet.u, 24)


def _spread(asked: Question, title: str, found: Spread | None, target: int | None) -> ChartFace:
    """BarChart of how long cases took; those beyond the target stand out."""
    language = asked.language
    if found is None:
        return ChartFace(title, language.text("chart.too_few"), BarChart((), (), (), asked.composition.u))
    rules = [Rule(target / found.top, "limit", language.text("chart.target"))] if target else []
    for share, words in ((found.median, "50 %"), (found.high, "85 %")):
        rules += [] if share is None else [Rule(share / found.top, "quiet", words)]
    width = found.top / len(found.bars)
    inks: tuple[Ink, ...] = tuple(
        "known" if target and (k + 0.5) * width > target else "calm" for k in range(len(found.bars))
    )
    parts = [language.count("cases.count", found.cases)] if found.median is None else []
    for share, words in ((found.median, "50 %"), (found.high, "85 %")):
        parts += [] if share is None else [f"{words} {language.duration(share)}"]
    return ChartFace(title, " · ".join(parts), BarChart(found.bars, inks, tuple(rules), asked.composition.u))


def _queue(asked: Question, found: Series, wanted: float | None, stage: StageState) -> ChartFace:
    language = asked.language
    parts = [language.number(stage.here.wip)]
    if wanted is not None:
        parts.append(language.text("chart.wanted", n=language.number(wanted)))
    rules = () if wanted is None else (Rule(wanted, "limit"),)
    top = 1.08 * max(found.most, wanted or 0.0, 1.0)
    curve = Curve(found.points, _INKS.get(stage.level, "calm") if stage.level else "line", filled=True)
    return ChartFace(
        language.text("chart.queue"), " · ".join(parts), LineChart((curve,), rules, top, asked.composition.u)
    )


def _passing(asked: Question, found: Passing, flow: StageFlow) -> ChartFace:
    language = asked.language
    hourly = found.unit == "hour"
    come, go = (UNKNOWN if value is None else language.rate(value) for value in (flow.come, flow.go))
    words = language.text("chart.come_go", come=come, go=go)
    if flow.capacity is not None:
        words = " · ".join((words, language.text("chart.capacity", n=language.rate(flow.capacity))))
    rules = () if flow.capacity is None or hourly else (Rule(flow.capacity, "limit"),)
    top = 1.08 * max(found.come.most, found.go.most, *(rule.at for rule in rules), 1e-6)
    curves = Curve(found.come.points, "other"), Curve(found.go.points, "line")
    title = language.text("chart.passing_hour" if hourly else "chart.passing")
    return ChartFace(title, words, LineChart(curves, rules, top, asked.composition.u))


def _cumulative(asked: Question, log: StageLog, over: Stretch) -> ChartFace:
    come, gone = cumulative(log, over)
    now = sojourn_now(log, over.now)
    words = "" if now is None else asked.language.text("chart.sojourn", span=asked.language.duration(now))
    curves = Curve(come.points, "other"), Curve(gone.points, "line")
    low = min((value for _, value in (*come.points[:1], *gone.points[:1])), default=0.0)
    plot = LineChart(curves, (), low + 1.05 * max(come.most - low, 1.0), asked.composition.u, low, between=True)
    return ChartFace(asked.language.text("chart.cumulative"), words, plot)


def _levels(phase: Phase) -> tuple[tuple[float, Ink], ...]:
    return (phase.low, "quiet"), (phase.mean, "other"), (phase.high, "quiet")


def _behaviour(asked: Question, log: StageLog) -> ChartFace:
    """The figure that was chosen, with its natural limits since the last intervention."""
    counts, language, figure = asked.presentation.model.counts, asked.language, asked.session.figure
    values = over_time(log, asked.stretch, counts.hours, language.zone, figure, counts.factory.gate)
    found = behaviour(values, interventions(counts.factory, log.stage, asked.stretch))
    name = "stay" if figure == "waiting" and not log.starts_known else figure
    title = language.text(f"limits.{name}")
    if found.mean is None or found.low is None or found.high is None:
        return ChartFace(title, language.text("chart.too_few"), LineChart((), (), 1.0, asked.composition.u))
    say = _WRITTEN[figure]
    bounds = {"low": say(language, found.low), "high": say(language, found.high), "mean": say(language, found.mean)}
    words = language.text("chart.limits", **bounds)
    curve = Curve(found.values.points, "line", spots=found.outside)
    top = 1.08 * max(found.values.most, *(phase.high for phase in found.phases))
    if len(found.phases) == 1:
        rules = Rule(found.low, "quiet"), Rule(found.mean, "other"), Rule(found.high, "quiet")
        return ChartFace(title, words, LineChart((curve,), rules, top, asked.composition.u))
    shares = [share for share, _ in found.values.points]
    limits = [
        Curve(((shares[phase.first], level), (shares[phase.last - 1], level)), ink)
        for phase in found.phases
        for level, ink in _levels(phase)
    ]
    return ChartFace(title, words, LineChart((*limits, curve), (), top, asked.composition.u))


_WRITTEN: dict[Figure, Callable[[Language, float], str]] = {
    "go": Language.rate,
    "come": Language.rate,
    "waiting": lambda language, span: language.duration(span),
    "queue": lambda language, cases: language.number(cases),
    "losses": lambda language, share: language.percent(share),
}
"""How a figure is written."""
