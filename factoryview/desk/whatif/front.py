"""The page of the plant's scenarios: a front of what they cost against what they bring, and a table, each to choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pygame

from factoryview.app.intervening import open_scenario
from factoryview.desk.sheet import Question, Sheet
from factoryview.desk.whatif.offers import of_channel
from factoryview.desk.whatif.page import action_item, believed, cells, said, trust_lines, verdict_of
from factoryview.desk.whatif.words import change_words, channel_words, scenario_words
from factoryview.plant.scenario_file import Scenario
from factoryview.scene.charts.front import Dot, FrontLook, dot_boxes
from factoryview.scene.chrome.rows import Press, TableRow, alike
from factoryview.scene.ui.node import Action, Node
from factoryview.time import HOUR
from factoryview.whatif.comparing import front
from factoryview.whatif.document import Band, Tried
from factoryview.whatif.sentences import difference_words, money_words

_ROW, _GAP, _FRONT, _LEAST_FRONT, _BUTTONS, _SHUT = 33, 8, 240, 130, 150, 26
"""Heights in u."""
_SHARES = (0.05, 0.35, 0.18, 0.22, 0.20)
_MOST_SOURCES = 2
_NO_COST = "–"


@dataclass(frozen=True)
class Listed:
    """A scenario and what is known of it."""

    scenario: Scenario
    tried: Tried | None


def listed(asked: Question) -> list[Listed]:
    """The scenarios in the order in which they were made, those marked than which no other is better."""
    known, scenarios = asked.known, asked.session.scenarios
    answers = [None if known is None else known.of(each) for each in scenarios]
    tried = [None if found is None else found.scenarios[0] for found in answers]
    marked = iter(front([each for each in tried if each is not None]))
    return [Listed(one, None if each is None else next(marked)) for one, each in zip(scenarios, tried, strict=True)]


def scenarios_page(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """All of it."""
    rows = listed(asked)
    yield from trust_lines(asked, sheet)
    sheet.row(_GAP)
    if not rows:
        yield from said(sheet, "panel/none", asked.language.text("whatif.none"), "text")
    else:
        if any(row.tried is not None for row in rows):
            yield from _front(asked, sheet, rows)
        yield from _table(asked, sheet, rows)
    yield from _commands(asked, sheet)
    yield from _verdict(asked, sheet, rows)
    yield from _sources(asked, sheet)


def _cost(tried: Tried) -> float | None:
    return tried.money.cost_a_year


def _median(value: Band | None) -> float | None:
    return None if value is None else value.median


def _front(asked: Question, sheet: Sheet, rows: Sequence[Listed]) -> Iterator[Node]:
    """Each scenario whose cost is known, at its cost and its lead time; a press opens it."""
    language, say = asked.language, asked.language.text
    dots = []
    for k, row in enumerate(rows):
        cost = None if row.tried is None else _cost(row.tried)
        lead = None if row.tried is None else _median(row.tried.figures["lead_time"].to_be)
        if row.tried is not None and cost is not None and lead is not None:
            chosen = row.scenario.name == asked.session.scenario
            dots.append((row, Dot(cost, lead, str(k + 1), row.tried.on_front, chosen)))
    as_is = asked.known.of(None) if asked.known is not None else None
    lead = None if as_is is None else _median(as_is.as_is["lead_time"])
    today = () if lead is None else (Dot(0.0, lead, say("whatif.as_is"), False, not asked.session.scenario),)
    every = (*(dot for _, dot in dots), *today)
    high = min(_FRONT, sheet.left - _ROW * (len(rows) + 1) - _BUTTONS)
    if not every or high < _LEAST_FRONT:
        return
    box = sheet.row(high)
    sheet.row(_GAP)
    costs, leads = [dot.x for dot in every], [dot.y for dot in every]
    look = FrontLook(
        every, (money_words(min(costs), language), money_words(max(costs), language)),
        (language.duration(min(leads) * HOUR), language.duration(max(leads) * HOUR)),
        say("whatif.front_cost"), say("whatif.front_lead"), sheet.u,
    )  # fmt: skip
    boxes = dot_boxes(look, box)
    parts = [
        Node(f"panel/front/{dot.name}", rect, None, "button", scenario_words(row.scenario, asked.presentation),
             Action("scenario", (row.scenario.name,)))
        for (row, dot), rect in zip(dots, boxes, strict=False)
    ]  # fmt: skip
    yield Node("panel/front", box, look, "image", say("whatif.front_title"), None, tuple(parts))


def _table(asked: Question, sheet: Sheet, rows: Sequence[Listed]) -> Iterator[Node]:
    """A row for each: throughput, lead time and net benefit, or cost, against the plant as it is."""
    say = asked.language.text
    head = ("", say("whatif.scenario"), say("whatif.short.throughput"), say("whatif.short.lead_time"),
            say("whatif.short.net"))  # fmt: skip
    shut = round(_SHUT * sheet.u)
    high, wide = round(_ROW * sheet.u), sheet.rect.w - shut
    if sheet.left >= _ROW:
        look = TableRow(head, _SHARES, sheet.u, ("text_muted",) * 5, words=2)
        look = replace(look, sizes=(min(look.fitting(pygame.Rect(0, 0, wide, high))),) * 5)
        line = sheet.row(_ROW)
        yield Node("panel/table/head", pygame.Rect(line.x, line.y, wide, line.h), look, "text", " · ".join(head[1:]))
    looks = alike([_table_row(asked, sheet, k, row) for k, row in enumerate(rows)], wide, high)
    for k, (row, look) in enumerate(zip(rows, looks, strict=True)):
        if sheet.left < _ROW:
            return
        line, name = sheet.row(_ROW), look.cells[1]
        rect = pygame.Rect(line.x, line.y, wide, line.h)
        yield Node(f"panel/table/{k + 1}", rect, look, "button", " · ".join(look.cells),
                   Action("scenario", (row.scenario.name,)))  # fmt: skip
        gone = TableRow(("×",), (1.0,), sheet.u, ("text_muted",))
        cross = pygame.Rect(rect.right, line.y, shut, line.h)
        yield Node(f"panel/drop/{k + 1}", cross, gone, "button", say("whatif.drop", name=name),
                   Action("drop_scenario", (row.scenario.name,)))  # fmt: skip


def _table_row(asked: Question, sheet: Sheet, k: int, row: Listed) -> TableRow:
    name, tried = scenario_words(row.scenario, asked.presentation), row.tried
    refused = asked.known is not None and asked.known.refusal(row.scenario) is not None
    cells_: tuple[str, ...] = (str(k + 1), name, "", "", asked.language.text("whatif.refused") if refused else "…")
    if tried is not None:
        cells_ = (str(k + 1), name, *(_short(tried, each, asked) for each in ("throughput", "lead_time", "net")))
    on_front = tried is not None and tried.on_front
    inks = ("ghost" if on_front else "text_muted", "headline" if on_front else "text", *["headline"] * 3)
    inks = inks if believed(asked.known) else ("text_muted",) * 5
    return TableRow(cells_, _SHARES, sheet.u, inks, row.scenario.name == asked.session.scenario, words=2)


def _short(tried: Tried, name: str, asked: Question) -> str:
    """The median of a difference alone."""
    language = asked.language
    if name == "net":
        net, cost = _median(tried.money.net_a_year), tried.money.cost_a_year
        value = net if net is not None else None if cost is None else -cost
        return _NO_COST if value is None else money_words(value, language)
    figure = tried.figures[name].difference  # type: ignore[index]
    return difference_words(name, figure, language).partition(" (")[0]  # type: ignore[arg-type]


def _verdict(asked: Question, sheet: Sheet, rows: Sequence[Listed]) -> Iterator[Node]:
    """What follows from the open one."""
    scenario, known = open_scenario(asked.session), asked.known
    row = next((each for each in rows if each.scenario is scenario), None)
    found = known.of(scenario) if known is not None and scenario is not None else None
    if row is None or row.tried is None or found is None:
        return
    sheet.row(_GAP)
    ink = "text" if believed(known) else "text_muted"
    plant = asked.presentation.model.factory.plant
    for k, words in enumerate(verdict_of(row.tried, found, plant, asked.language)):
        told = list(said(sheet, f"panel/verdict/{k}", words, ink, "SemiBold" if not k else "Medium"))
        if not told:
            return  # what comes later is worth less than what finds no room
        yield from told


def _commands(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """Begin another one, and save them."""
    if not asked.session.scenarios:
        return
    sheet.row(_GAP)
    say = asked.language.text
    buttons = [("new", "whatif.new", Action("scenario", ("",))), ("save", "whatif.save", Action("save_scenarios"))]
    opened = open_scenario(asked.session)
    if opened is not None and (act := action_item(asked, opened)) is not None:
        buttons.append(("act", "whatif.act", act))
    for (name, key, action), rect in zip(buttons, cells(sheet, len(buttons)), strict=False):
        yield Node(f"panel/{name}", rect, Press(say(key), sheet.u), "button", say(key), action)


def _sources(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """More or fewer that come in, by each channel that may stand by name."""
    shown = asked.presentation
    channels: list[str | None] = [None, *(source.name for source in shown.model.factory.sources())]
    pale = not believed(asked.known)
    for at in range(0, len(channels), _MOST_SOURCES):
        pairs = [(each, press) for each in channels[at : at + _MOST_SOURCES] for press in of_channel(each)]
        for (channel, press), rect in zip(pairs, cells(sheet, 2 * _MOST_SOURCES), strict=False):
            words = f"{channel_words(channel, shown)} {change_words(press.change, shown)}"
            action = None if pale else Action("intervene", (press.change,))
            yield Node(f"panel/try/{channel or 'all'}/{press.name}", rect, Press(words, sheet.u, pale), "button", words,
                       action)  # fmt: skip
