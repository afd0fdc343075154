"""The page of a machine or a source on which it is changed: how far to trust it, buttons, and what follows in words and
numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pygame

from factoryview.app.intervening import open_scenario
from factoryview.desk.sheet import Question, Sheet
from factoryview.desk.whatif.futures import Known
from factoryview.desk.whatif.offers import Press as Offer
from factoryview.desk.whatif.offers import of_channel, of_stage
from factoryview.desk.whatif.words import change_words, place_words, scenario_words
from factoryview.language import Language
from factoryview.plant.models import Plant
from factoryview.plant.scenario_edits import is_named
from factoryview.plant.scenario_file import Scenario
from factoryview.scene.chrome.rows import Lines, Press, TableRow, wrapped
from factoryview.scene.text import Weight
from factoryview.scene.ui.node import Action, Node
from factoryview.whatif.document import NAMES, Band, Name, Tried, WhatIf
from factoryview.whatif.sentences import difference_words, limit_words, money_words, verdict_lines, written
from factoryview.whatif.trust_words import doubt_in, sentences

_BUTTON, _GAP, _ROW, _LINE = 42, 6, 30, 26
"""Heights in u: of a button and the room below it, of a row of figures, of a line of a sentence."""
_SMALL = 22
"""Em in u."""
_COLUMNS = 4
_SHARES, _MONEY_SHARES = (0.30, 0.15, 0.15, 0.40), (0.24, 0.76)
_EXPECTED: tuple[Name, ...] = ("throughput", "lead_time")
"""What is expected of an action item."""
_BETTER: dict[Name, int] = {"throughput": 1, "lead_time": -1, "on_time": 1, "wip": -1, "losses": -1}


def whatif_page(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """All of it, for what was chosen."""
    known, scenario = asked.known, open_scenario(asked.session)
    yield from trust_lines(asked, sheet)
    yield from _buttons(asked, sheet, list(_offers(asked, known, scenario)))
    yield from chosen_changes(asked, sheet, scenario)
    yield from outcome(asked, sheet, scenario)


def trust_lines(asked: Question, sheet: Sheet) -> Iterator[Node]:
    """First of all: how near the model comes to what was, or why nothing of it is to be believed."""
    known, language = asked.known, asked.language
    if asked.session.filters:
        yield from said(sheet, "panel/all", language.text("whatif.all_cases"), "text_muted")
    if known is None or (known.trust is None and known.trouble is None):
        key = "whatif.pause" if known is None else "whatif.calibrating" if known.lab is None else "whatif.testing"
        yield from said(sheet, "panel/trust", language.text(key), "text_muted")
        return
    if known.trouble is not None or known.trust is None:
        why = known.trouble.inside(language.code) if known.trouble is not None else ""
        yield from said(sheet, "panel/trouble", language.text("whatif.trouble", why=why), "known")
        return
    doubt = doubt_in(known.trust, language)
    if doubt:
        yield from said(sheet, "panel/doubt", doubt, "known", "SemiBold")
    for k, words in enumerate(sentences(known.trust, language)):
        yield from said(sheet, f"panel/trust/{k}", words, "text_muted")


def believed(known: Known | None) -> bool:
    """Whether anything of it may be believed; so long as that is not known, it may."""
    return known is None or known.trust is None or known.trust.why_not in ("", "capacity")


def said(sheet: Sheet, name: str, words: str, ink: str = "text", weight: Weight = "Medium") -> Iterator[Node]:
    """A sentence in as many lines as it needs, if they find room."""
    size = max(4, round(_SMALL * sheet.u))
    lines = wrapped(words, sheet.rect.w, size, weight)
    if words and sheet.left >= _LINE * len(lines):
        yield Node(name, sheet.row(_LINE * len(lines)), Lines(lines, size, ink, weight), "text", words)


def _offers(asked: Question, known: Known | None, scenario: Scenario | None) -> Iterator[Offer]:
    kind, _, name = asked.session.selection.partition("/")
    model = asked.presentation.model
    if kind == "stage":
        yield from of_stage(name, model, asked.choices, known, scenario)
    elif asked.source is not None:
        yield from of_channel(asked.source or None)


def _buttons(asked: Question, sheet: Sheet, offers: Sequence[Offer]) -> Iterator[Node]:
    """What can be tried, four beside each other; pale with the reason where it cannot be."""
    say, shown = asked.language.text, asked.presentation
    doubt = "" if believed(asked.known) else "whatif.not_to_be_believed"
    sheet.row(_GAP)
    for at in range(0, len(offers), _COLUMNS):
        for offer, rect in zip(offers[at : at + _COLUMNS], cells(sheet, _COLUMNS), strict=False):
            why = doubt or offer.why_not
            words = change_words(offer.change, shown)
            label = f"{words}: {say(why)}" if why else words
            action = None if why else Action("intervene", (offer.change,))
            yield Node(f"panel/try/{offer.name}", rect, Press(words, sheet.u, bool(why)), "button", label, action)


def cells(sheet: Sheet, columns: int) -> Iterator[pygame.Rect]:
    """Boxes beside each other in the next row of buttons; none where it finds no room."""
    if sheet.left < _BUTTON:
        return
    line, gap = sheet.row(_BUTTON), round(10 * sheet.u)
    sheet.row(_GAP)
    wide = (line.w - (columns - 1) * gap) // columns
    for k in range(columns):
        yield pygame.Rect(line.x + k * (wide + gap), line.y, wide, line.h)


def chosen_changes(asked: Question, sheet: Sheet, scenario: Scenario | None) -> Iterator[Node]:
    """What is changed together; a press on one takes it back."""
    if scenario is None:
        return
    say, shown = asked.language.text, asked.presentation
    if is_named(scenario):
        yield from said(sheet, "panel/scenario", scenario.name, "ghost", "SemiBold")
    buttons: list[tuple[str, str, str, Action]] = []
    for k, change in enumerate(scenario.changes()):
        words = f"{place_words(change, shown)}: {change_words(change, shown)}"
        label = say("whatif.take_back", what=words)
        buttons.append((f"change/{k}", f"{words}  ×", label, Action("take_back", (change,))))
    action = action_item(asked, scenario)
    if action is not None:
        buttons.append(("act", say("whatif.act"), say("whatif.act"), action))
    for at in range(0, len(buttons), 2):
        for (name, words, label, action), rect in zip(buttons[at : at + 2], cells(sheet, 2), strict=False):
            yield Node(f"panel/{name}", rect, Press(words, sheet.u), "button", label, action)


def action_item(asked: Question, scenario: Scenario) -> Action | None:
    """What notes a scenario as something to be done, with what is expected of it; None while that is not known."""
    known, language = asked.known, asked.language
    found = known.of(scenario) if known is not None and believed(known) else None
    if found is None or asked.session.future_from is not None:
        return None
    figures, say = found.scenarios[0].figures, language.text
    expected = ", ".join(
        f"{say(f'whatif.short.{name}')} {difference_words(name, figures[name].difference, language)}"
        for name in _EXPECTED
    )
    return Action("act_on", (f"{scenario_words(scenario, asked.presentation)} ={expected} ",))


def outcome(asked: Question, sheet: Sheet, scenario: Scenario | None) -> Iterator[Node]:
    """What follows from the open scenario: what limits the plant then, figures with bands, and what they mean."""
    known, say = asked.known, asked.language.text
    if known is None:
        return
    refusal = known.refusal(scenario)
    if refusal is not None:
        if known.trouble is None:
            yield from said(sheet, "panel/refused", refusal.inside(asked.language.code), "known")
        return
    found = known.of(scenario)
    if found is None:
        if known.trust is not None:
            yield from said(sheet, "panel/wait", say("whatif.simulating"), "text_muted")
        return
    plant, ink = asked.presentation.model.factory.plant, "text" if believed(known) else "text_muted"
    lines: list[str] = []
    if scenario is None:
        yield from said(sheet, "panel/verdict/0", limit_words(found.constraint, plant, asked.language), ink, "SemiBold")
    else:
        lines = verdict_of(found.scenarios[0], found, plant, asked.language)
        yield from said(sheet, "panel/verdict/0", lines[0] if lines else "", ink, "SemiBold")
    sheet.row(_GAP)
    yield from _table(found, scenario, sheet, asked.language, ink)
    sheet.row(_GAP)
    for k, words in enumerate(lines[1:], start=1):
        yield from said(sheet, f"panel/verdict/{k}", words, ink)
    days, futures = asked.language.number(found.days), asked.language.number(found.futures)
    at = asked.language.date(known.at, "date.clock")
    yield from said(sheet, "panel/from", say("whatif.heading", at=at, days=days, n=futures), "text_muted")


def _table(found: WhatIf, scenario: Scenario | None, sheet: Sheet, language: Language, ink: str) -> Iterator[Node]:
    """Every figure as it is, as it would be, and the difference with its band."""
    say, pale = language.text, ink == "text_muted"
    tried = None if scenario is None else found.scenarios[0]
    head = ("", say("whatif.as_is"), *((say("whatif.to_be"), say("whatif.difference")) if tried else ("", "")))
    yield from _row(sheet, "head", head, ("text_muted",) * 4)
    for name, cells_, inks in _figures(found, tried, language):
        yield from _row(sheet, name, cells_, ("text_muted",) * len(cells_) if pale else inks)


def _row(sheet: Sheet, name: str, cells_: tuple[str, ...], inks: tuple[str, ...]) -> Iterator[Node]:
    if sheet.left >= _ROW:
        words = " · ".join(each for each in cells_ if each)
        shares = _SHARES if len(cells_) == len(_SHARES) else _MONEY_SHARES
        yield Node(f"panel/figure/{name}", sheet.row(_ROW), TableRow(cells_, shares, sheet.u, inks), "text", words)


def _figures(
    found: WhatIf, tried: Tried | None, language: Language
) -> Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Name, cells and colours of each row."""
    say = language.text
    for name in NAMES:
        as_is = found.as_is[name]
        if name == "losses" and (as_is is None or as_is.high <= 0):
            continue
        label = say(f"whatif.short.{name}")
        if tried is None:
            yield name, (label, written(name, as_is, language), "", ""), ("text_muted", "headline", "text", "text")
            continue
        figure = tried.figures[name]
        cells_ = (label, written(name, figure.as_is, language), written(name, figure.to_be, language),
                  difference_words(name, figure.difference, language))  # fmt: skip
        yield name, cells_, ("text_muted", "text", "headline", _ink(figure.difference, _BETTER[name]))
    if tried is None:
        return
    money = tried.money
    if money.cost_a_year is not None:
        words = money_words(money.cost_a_year, language)
        yield "cost", (say("whatif.short.cost"), words), ("text_muted", "headline")
    if money.net_a_year is not None:
        net = money.net_a_year
        band = language.text(
            "whatif.band", n=money_words(net.median, language), low=money_words(net.low, language),
            high=money_words(net.high, language),
        )  # fmt: skip
        yield "net", (say("whatif.short.net"), band), ("text_muted", _ink(net, 1))


def verdict_of(tried: Tried, found: WhatIf, plant: Plant, language: Language) -> list[str]:
    """What follows from a scenario, without the money that the table says."""
    lines = verdict_lines(tried, found, plant, language, money=False)
    lines = lines or [limit_words(tried.constraint, plant, language)]
    if tried.money.cost_a_year is None or tried.money.once > 0:
        lines += [line for line in verdict_lines(tried, found, plant, language) if line not in lines]
    return [line.removeprefix("→ ") for line in lines]


def _ink(value: Band | None, better: int) -> str:
    """The colour of a difference: for the better or the worse only where it is no chance."""
    if value is None or value.low <= 0 <= value.high:
        return "text"
    return "good" if value.median * better > 0 else "brick_text"
