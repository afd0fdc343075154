"""A workshop in Markdown: what each group changed round by round, what it brought, the plans beside each other, and
what was agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factoryview.export.markdown import escaped
from factoryview.export.notes_files import parts_of
from factoryview.flow.change.sentences import stage_label
from factoryview.language import Language
from factoryview.meeting.workshop_words import FIGURES, changes_words, plan_words
from factoryview.plant.notes import Note
from factoryview.plant.workshop_file import Group, Workshop
from factoryview.view.presentation import Presentation
from factoryview.whatif.document import Measured, Name, WhatIf
from factoryview.whatif.rounds import Game
from factoryview.whatif.sentences import difference_words, limit_words, money_words, verdict_lines, written


def workshop_lines(
    workshop: Workshop, games: Sequence[Game], found: WhatIf, doubt: str, agreed: Sequence[Note], shown: Presentation
) -> Iterator[str]:
    """All of it, line by line. games: of each group; found: the plans from the first day on, with those that are none
    left out; doubt: why nothing of it should be believed, empty where it may be.
    """
    language, say, plant = shown.language, shown.language.text, shown.model.factory.plant
    yield f"# {say('workshop.title', plant=escaped(shown.facts.title))}"
    yield ""
    yield say("whatif.heading", at=found.at, days=language.number(found.days), n=language.number(found.futures))
    yield escaped(limit_words(found.constraint, plant, language))
    if doubt:
        yield escaped(doubt)
    for group, game in zip(workshop.group, games, strict=True):
        yield from ("", *_rounds(group, game, shown))
    yield from ("", f"## {say('workshop.plans')}", "")
    yield from _plans(workshop, found, shown)
    yield from ("", f"## {say('workshop.agreed')}", "")
    if not agreed:
        yield say("meeting.none_agreed")
    for note in agreed:
        stage = stage_label(note.stage, plant, language) if note.stage else None
        yield f"- [{'x' if note.state == 'done' else ' '}] " + " · ".join(
            map(escaped, [note.text, *parts_of(note, language, stage)])
        )


def _rounds(group: Group, game: Game, shown: Presentation) -> Iterator[str]:
    language, say = shown.language, shown.language.text
    yield f"## {escaped(group.name)}"
    yield ""
    if not group.round:
        yield say("workshop.not_played")
        return
    yield from _head(say("workshop.round"), say("workshop.change"), *(say(f"whatif.short.{name}") for name in FIGURES))
    for number, (made, figures) in enumerate(zip(group.round, game.figures, strict=True), start=1):
        cells = (_with_difference(name, figures[name], language) for name in FIGURES)
        yield _line(language.number(number), changes_words(made, shown), *cells)
    done, as_is = (language.number(round(float(curve[-1]))) for curve in (game.gone, game.gone_as_is))
    yield ""
    yield say("workshop.done", round=language.number(len(group.round)), n=done, as_is=as_is)


def _with_difference(name: Name, figure: Measured, language: Language) -> str:
    return f"{written(name, figure.to_be, language)} ({difference_words(name, figure.difference, language)})"


def _plans(workshop: Workshop, found: WhatIf, shown: Presentation) -> Iterator[str]:
    language, say, plant = shown.language, shown.language.text, shown.model.factory.plant
    tried = {each.name: each for each in found.scenarios}
    names = (*(say(f"whatif.short.{name}") for name in FIGURES), say("whatif.short.cost"), say("whatif.short.net"))
    yield from _head(say("workshop.plan"), *names, say("workshop.votes"))
    today = (written(name, found.as_is[name], language) for name in FIGURES)
    yield _line(say("whatif.as_is"), *today, "", "", "")
    said: list[str] = []
    for group in workshop.group:
        one = tried.get(group.name)
        if one is None:
            yield _line(plan_words(group, shown), *("" for _ in names), language.number(group.votes))
            continue
        figures = (difference_words(name, one.figures[name].difference, language) for name in FIGURES)
        cost, net = one.money.cost_a_year, one.money.net_a_year
        money = (
            "–" if value is None else money_words(value, language)
            for value in (cost, None if net is None else net.median)
        )
        yield _line(plan_words(group, shown), *figures, *money, language.number(group.votes))
        said += [
            f"- {escaped(group.name)}: {escaped(line.removeprefix('→ '))}"
            for line in verdict_lines(one, found, plant, language)[:1]
        ]
    if said:
        yield from ("", *said)


def _head(*names: str) -> Iterator[str]:
    yield _line(*names)
    yield "|" + "---|" * len(names)


def _line(*cells: str) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"
