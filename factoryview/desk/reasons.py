"""The pages of a machine's panel that say why: what it loses, when work comes; and where cases come from and go to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pygame

from factoryview.desk.cards import reason_words
from factoryview.desk.conditions import attribute_words
from factoryview.desk.pages import span_row
from factoryview.desk.sheet import ChartFace, Question, Sheet
from factoryview.factory.privacy import REST
from factoryview.flow.contributors import FEWEST, contributors
from factoryview.plant.models import label_of
from factoryview.scene.charts.plots import Heading, HeatMap, ShareRow
from factoryview.scene.ui.node import Node
from factoryview.view.charts import Part, parts, rhythm
from factoryview.view.databox import bin_box
from factoryview.view.series import StageLog
from factoryview.view.stages import StageState
from factoryview.view.traits import ABOVE, BELOW, CHANNEL, VALUE

_HEADING, _ROW, _AIR = 40, 40, 14
"""Heights in u."""
_MOST_ROWS = 5
_MONDAY = date(2024, 1, 1)


def why_page(asked: Question, stage: StageState, sheet: Sheet) -> Iterator[Node]:
    """What it loses and why, and when its work comes."""
    log = asked.log(stage.id[1])
    yield from span_row(asked, sheet)
    if log is None:
        return
    yield from _slower(asked, log, sheet)
    yield from _losses(asked, stage, log, sheet)
    over, language = asked.stretch, asked.language
    yield from sheet.chart(
        asked.memo, "panel/rhythm", (log, over, language, sheet.u), lambda: _rhythm(asked, log), min(sheet.left, 300)
    )


def routes_page(asked: Question, stage: StageState, sheet: Sheet) -> Iterator[Node]:
    """Of those that are here: by which channel and from which stage they came; of those that left: where they went."""
    log = asked.log(stage.id[1])
    yield from span_row(asked, sheet)
    if log is None:
        return
    say, number, gate = asked.language.text, asked.language.number, asked.presentation.model.factory.gate
    here, over, wording = log.there(asked.state.at), asked.stretch, asked.presentation.wording
    head = say("routes.here", n=number(float(log.weight[here].sum())))
    yield from _list(asked, sheet, "panel/by", head, parts(log.came_by(here), gate), lambda name: _channel(asked, name))
    yield from _list(asked, sheet, "panel/from", say("routes.from"), parts(log.came_from(here), gate), wording.label)
    gone = log.sent_on(over.since, over.now)
    head = say("routes.to", n=number(sum(gone.values())))
    yield from _list(asked, sheet, "panel/to", head, parts(gone, gate), wording.label)


def _slower(asked: Question, log: StageLog, sheet: Sheet) -> Iterator[Node]:
    """What those have in common that stay longer than others of their week: share, lift and extra time."""
    over, language, u = asked.stretch, asked.language, sheet.u
    gate, traits = asked.presentation.model.factory.gate, asked.traits(log)
    top = sheet.rest
    head = pygame.Rect(top.x, top.y, top.w, round(_HEADING * u))

    def made() -> Node:
        found = contributors(traits, log.entered, log.left, over.since, over.at, gate)
        few = int(((log.entered >= over.since) & (log.entered < over.at)).sum()) < FEWEST
        title = language.text("why.slower" if found else "why.too_few" if few else "why.nothing")
        nodes = [Node("panel/slower/head", head, Heading(title, "", u), "text", title)]
        for k, one in enumerate(found[:_MOST_ROWS]):
            values = language.percent(one.share), f"{language.number(one.lift, 1)}×", f"+{language.duration(one.extra)}"
            words = trait_words(asked, one.trait, one.value)
            row = pygame.Rect(head.x, head.bottom + k * round(_ROW * u), head.w, round(_ROW * u))
            look = ShareRow(words, one.share, values, u)
            between = language.text("why.between", low=language.duration(one.low), high=language.duration(one.high))
            nodes.append(Node(f"panel/slower/{k}", row, look, "text", " · ".join((words, *values, between))))
        return Node(
            "panel/slower", head.unionall([node.rect for node in nodes]), None, "group", title, None, tuple(nodes)
        )

    node = asked.memo.node("panel/slower", (log, traits, replace(over, now=over.at), language, u, head), made)
    sheet.row(node.rect.h / u + _AIR)
    yield node


def trait_words(asked: Question, trait: str, value: str) -> str:
    """A value of a trait as people say it."""
    say, number = asked.language.text, asked.language.number
    if trait == CHANNEL:
        return say("only.channel", name=_channel(asked, value))
    name = say("only.value") if trait == VALUE else attribute_words(trait)
    if value[:1] not in (ABOVE, BELOW):
        return say("only.attribute", name=name, value=value)
    written = asked.language.money(float(value[1:])) if trait == VALUE else number(float(value[1:]), 2)
    return say("only.above" if value[0] == ABOVE else "only.below", name=name, value=written)


def _losses(asked: Question, stage: StageState, log: StageLog, sheet: Sheet) -> Iterator[Node]:
    """The reasons of its bin, with share and money."""
    lost = next((each for each in asked.state.bins if each.id[1] == stage.id[1]), None)
    if lost is None:
        return
    plant, gate = asked.presentation.model.factory.plant, asked.presentation.model.factory.gate
    box, language = bin_box(asked.state, log, lost.left, gate), asked.language
    if not box.rows:  # of too few to be told
        return
    period = language.since(asked.state.window.until - asked.state.window.since)
    yield _head(sheet, "panel/lost", language.text("chart.lost"), language.text("bin.period", span=period))
    for k, (reason, cases, share, money) in enumerate(box.rows[:_MOST_ROWS]):
        values = (language.percent(share), language.money(money) if money else language.number(cases))
        words = reason_words(reason, plant, language)
        look = ShareRow(words, share, values, sheet.u, "known", 128)
        yield Node(f"panel/lost/{k}", sheet.row(_ROW), look, "text", " · ".join((words, *values)))
    sheet.row(_AIR)


def _list(
    asked: Question, sheet: Sheet, name: str, title: str, rows: Sequence[Part], label: Callable[[str], str]
) -> Iterator[Node]:
    """Parts of a whole as bars under a title; nothing where there are none, or all are put together."""
    if all(part.name == REST for part in rows):
        return
    yield _head(sheet, name, title, "")
    language = asked.language
    for k, part in enumerate(rows[:_MOST_ROWS]):
        words = language.text("routes.rest") if part.name == REST else label(part.name)
        values = (language.number(part.cases), language.percent(part.share))
        look = ShareRow(words, part.share, values, sheet.u)
        yield Node(f"{name}/{k}", sheet.row(_ROW), look, "text", " · ".join((words, *values)))
    sheet.row(_AIR)


def _head(sheet: Sheet, name: str, title: str, value: str) -> Node:
    return Node(f"{name}/head", sheet.row(_HEADING), Heading(title, value, sheet.u), "text", f"{title} {value}".strip())


def _rhythm(asked: Question, log: StageLog) -> ChartFace:
    language = asked.language
    rows = rhythm(log, asked.stretch, language.zone)
    days = tuple(language.weekday(_MONDAY + timedelta(n)) for n in range(7))
    heads = tuple((hour, language.number(hour)) for hour in (0, 6, 12, 18))
    return ChartFace(language.text("chart.rhythm"), "", HeatMap(rows, days, heads, asked.composition.u))


def _channel(asked: Question, name: str) -> str:
    sources = asked.presentation.model.factory.plant.sources
    return next((label_of(source, asked.language.code) for source in sources if source.name == name), name)
