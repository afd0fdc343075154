"""The forecast page: how many by the end of the month, when those in progress are done, how often that came true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from factoryview.desk.sheet import Question, Sheet
from factoryview.flow.change.forecast import Forecast, Tested, forecast
from factoryview.flow.change.records import records_of
from factoryview.scene.charts.plots import Heading, ShareRow
from factoryview.scene.chrome.tabs import HeadLine
from factoryview.scene.ui.node import Node
from factoryview.view.model import Model

FORECAST = "plant/forecast"
"""What is chosen while the page is open."""
_LINE, _HEADING, _ROW, _AIR = 40, 46, 44, 18
"""Heights in u."""
_COLUMNS = 220
"""u that each value takes."""


class Outlook(NamedTuple):
    """What is to be expected, as known at a moment (µs UTC)."""

    at: int | None
    """None: no working day is over yet."""
    expected: Forecast | None
    """None: too few cases have ended to say it."""


def outlook_at(model: Model, at: int) -> Outlook:
    """What `forecast --at` says. Asks the store."""
    if at < model.first:
        return Outlook(None, None)
    return Outlook(at, forecast(records_of(model.factory.store, model.factory.plant, at)))


def forecast_page(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """As known when, then a table for each question."""
    say, language, outlook = asked.language.text, asked.language, asked.outlook
    if outlook is None:
        yield _line(sheet, "none", say("forecast.counting"))
        return
    if outlook.at is not None:
        yield _line(sheet, "known", say("forecast.known", moment=language.clock(outlook.at)))
    found = outlook.expected
    if found is None:
        yield _line(sheet, "none", say("forecast.unknown"))
        return
    sheet.row(_AIR)
    left = language.count("cost.working_days", found.days)
    counts = {chance: language.number(least) for chance, least in found.by_month_end.items()}
    yield from _table(
        asked, sheet, "month", say("forecast.by", date=language.day(found.month_end)),
        say("forecast.so_far", n=language.number(found.so_far), days=left), say("forecast.least"), counts,
        found.month_tested,
    )  # fmt: skip
    if found.open >= 1:
        days = {chance: say("forecast.far") if day is None else language.day(day) for chance, day in found.done.items()}
        yield from _table(
            asked, sheet, "done", say("forecast.open"), language.count("cases.count", found.open),
            say("forecast.done_by"), days, found.done_tested,
        )  # fmt: skip


def _table(
    asked: Question,
    sheet: Sheet,
    name: str,
    title: str,
    now: str,
    column: str,
    said: Mapping[float, str],
    tested: Mapping[float, Tested],
) -> Iterator[Node]:
    """A row for each chance: what is said of it, and how often that came true on past days."""
    say, language, u = asked.language.text, asked.language, sheet.u
    yield Node(f"panel/{name}/head", sheet.row(_HEADING), Heading(title, "", u), "text", title)
    yield _line(sheet, f"{name}/now", now)
    tries = max(each.tries for each in tested.values())
    columns = (column, say("forecast.came_true")) if tries else (column,)
    look = ShareRow(say("forecast.chance"), 0.0, columns, u, "quiet", _COLUMNS)
    yield Node(f"panel/{name}/columns", sheet.row(_ROW), look, "text", " · ".join((look.words, *columns)))
    for chance, words in said.items():
        each = tested[chance]
        values = (words, language.percent(each.hits / each.tries)) if each.tries else (words,)
        row = ShareRow(language.percent(chance), chance, values, u, "calm", _COLUMNS)
        label = " · ".join((row.words, *values))
        yield Node(f"panel/{name}/{round(100 * chance)}", sheet.row(_ROW), row, "text", label)
    test = say("forecast.tries", n=language.number(tries)) if tries else say("forecast.untested")
    yield _line(sheet, f"{name}/tested", test)
    sheet.row(_AIR)


def _line(sheet: Sheet, name: str, words: str) -> Node:
    return Node(f"panel/{name}", sheet.row(_LINE), HeadLine(words, 26, sheet.u, "text_muted", "Medium"), "text", words)
