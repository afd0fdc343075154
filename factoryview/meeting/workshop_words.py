"""What the panel of a workshop says, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pygame

from factoryview.app.session import Session
from factoryview.desk.whatif.futures import Known
from factoryview.desk.whatif.offers import Press
from factoryview.desk.whatif.page import believed, verdict_of
from factoryview.desk.whatif.words import change_words, place_words
from factoryview.errors import FactoryviewError
from factoryview.language import Language
from factoryview.plant.scenario_file import Scenario
from factoryview.plant.words import PlantModel
from factoryview.plant.workshop_file import Group, Round, Workshop
from factoryview.scene.charts.plots import Curve, Heading, LineChart
from factoryview.scene.chrome.board_panel import Board, Item
from factoryview.scene.ui.node import Action, Node
from factoryview.view.presentation import Presentation
from factoryview.whatif.document import Measured, Name, Tried
from factoryview.whatif.rounds import Game
from factoryview.whatif.sentences import difference_words, limit_words, money_words, written
from factoryview.whatif.trust_words import doubt_in

FIGURES: tuple[Name, ...] = ("throughput", "lead_time", "on_time", "wip")
"""What a round says that it brought."""
EXPECTED: tuple[Name, ...] = ("throughput", "lead_time")
_HEAD, _CHART, _AIR = 38, 330, 12
"""Heights in u: of the chart's heading, of both, of the room below."""


def changes_words(made: Round, shown: Presentation) -> str:
    """What a round changes, and where."""
    said = [f"{place_words(each, shown)} {change_words(each, shown)}" for each in made.changes()]
    return ", ".join(said) or shown.language.text("workshop.nothing")


def plan_words(group: Group, shown: Presentation) -> str:
    """A group and all that it has changed."""
    plan = group.plan
    if plan is None:
        return f"{group.name}: {shown.language.text('workshop.nothing')}"
    changes = ", ".join(f"{place_words(each, shown)} {change_words(each, shown)}" for each in plan.changes())
    return f"{group.name}: {changes}"


def expected_words(known: Known | None, plan: Scenario, language: Language) -> str:
    """What is expected of a plan, as an action item says it; empty while that is not known, or not to be believed."""
    found = known.of(plan) if known is not None and believed(known) else None
    return "" if found is None else effect_words(found.scenarios[0], language)


def effect_words(tried: Tried, language: Language) -> str:
    """By how much what is done and how long it takes would differ."""
    return ", ".join(
        f"{language.text(f'whatif.short.{name}')} {difference_words(name, tried.figures[name].difference, language)}"
        for name in EXPECTED
    )


def turn_words(workshop: Workshop, place: tuple[int, int], language: Language) -> str:
    """Whose turn it is, and what is to be done."""
    group = workshop.group[place[1]].name
    n, of, days = (language.number(each) for each in (place[0] + 1, workshop.rounds, workshop.days))
    return language.text("workshop.turn", group=group, n=n, of=of, days=days)


def today_board(board: Board, known: Known | None, shown: Presentation) -> Board:
    """The plant as it is: what would come if nothing were changed, what limits it, and how far to trust that."""
    language, say = shown.language, shown.language.text
    found = known.of(None) if known is not None else None
    if known is not None and known.trouble is not None:
        return replace(board, items=(Item("trouble", known.trouble.inside(language.code)),))
    if known is None or found is None:
        return replace(board, items=(Item("wait", say("whatif.calibrating")),))
    rows = (Item(name, f"{say(f'whatif.short.{name}')}  {written(name, found.as_is[name], language)}")
            for name in FIGURES)  # fmt: skip
    limit = limit_words(found.constraint, shown.model.factory.plant, language)
    doubt = doubt_in(known.trust, language) if known.trust is not None else ""
    return replace(board, items=(Item("limit", limit, doubt), *rows))


def offers_board(
    board: Board, offers: Sequence[Press], row: int, pending: PlantModel | None, known: Known | None,
    session: Session, shown: Presentation,
) -> Board:  # fmt: skip
    """What can be changed in this round, and a button that plays it."""
    say = shown.language.text
    doubt = "" if believed(known) else say("whatif.not_to_be_believed")
    items = []
    for k, offer in enumerate(offers):
        why = doubt or (say(offer.why_not) if offer.why_not else "")
        sign = "●" if offer.change == pending else ""
        words = f"{k + 1}  {place_words(offer.change, shown)}: {change_words(offer.change, shown)}"
        action = None if why else Action("meeting_row", (k,))
        items.append(Item(offer.name, words, why, sign, k == row and bool(session.selection), action))
    if pending is not None and all(offer.change != pending for offer in offers):
        items.insert(0, Item("pending", f"{place_words(pending, shown)}: {change_words(pending, shown)}", sign="●"))
    play = say("workshop.play" if pending is not None else "workshop.play_unchanged")
    back, *_ = board.buttons
    return replace(board, items=tuple(items), buttons=(back, ("play", play, Action("play_round"))))


def played_board(
    board: Board, made: Round, number: int, game: Game | FactoryviewError | None, shown: Presentation
) -> Board:
    """What a round brought, beside the same weeks of the plant as it is."""
    language, say = shown.language, shown.language.text
    change = Item("change", changes_words(made, shown), sign="●")
    if isinstance(game, FactoryviewError):
        return replace(board, items=(change, Item("trouble", game.inside(language.code))))
    if game is None:
        return replace(board, items=(change, Item("wait", say("whatif.simulating"))))
    figures = game.figures[number]
    rows = (Item(name, figure_words(name, figures[name], language)) for name in FIGURES)
    return replace(board, items=(change, *rows))


def figure_words(name: Name, figure: Measured, language: Language) -> str:
    """A figure with the changes, and by how much it differs from the plant as it is."""
    words = f"{language.text(f'whatif.short.{name}')}  {written(name, figure.to_be, language)}"
    return f"{words} · {difference_words(name, figure.difference, language)}"


def compare_board(board: Board, workshop: Workshop, known: Known | None, row: int, shown: Presentation) -> Board:
    """The plans of all groups, each with what it would bring and cost."""
    language, say = shown.language, shown.language.text
    items = []
    for k, group in enumerate(workshop.group):
        plan = group.plan
        more = "" if plan is None else _brought(known, plan, shown)
        action = Action("meeting_row", (k,))
        items.append(Item(group.name, plan_words(group, shown), more, "", k == row % len(workshop.group), action))
    found = known.of(None) if known is not None else None
    if found is not None:
        today = ", ".join(f"{say(f'whatif.short.{name}')} {written(name, found.as_is[name], language)}"
                          for name in EXPECTED)  # fmt: skip
        items.append(Item("today", say("whatif.as_is"), today))
    return replace(board, items=tuple(items))


def _brought(known: Known | None, plan: Scenario, shown: Presentation) -> str:
    """What a plan would bring from the first day on: figures, money, and what limits the plant then."""
    language = shown.language
    refusal = known.refusal(plan) if known is not None else None
    if refusal is not None:
        return refusal.inside(language.code)
    found = known.of(plan) if known is not None else None
    if found is None:
        return language.text("whatif.simulating")
    tried, parts = found.scenarios[0], []
    parts.append(effect_words(tried, language))
    if tried.money.net_a_year is not None:
        parts.append(f"{language.text('whatif.short.net')} {money_words(tried.money.net_a_year.median, language)}")
    elif tried.money.cost_a_year is not None:
        parts.append(f"{language.text('whatif.short.cost')} {money_words(tried.money.cost_a_year, language)}")
    parts += verdict_of(tried, found, shown.model.factory.plant, language)[:1]
    return " · ".join(parts)


def flow_nodes(game: Game, days: int, rounds: int, room: pygame.Rect, u: float, language: Language) -> list[Node]:
    """The cumulative flow since the begin of the first round, in the lower part of a room.

    What has come and what is done by each day, the ground between both in progress; paler what would be done as it is;
    an upright line at the end of each round.
    """
    high = min(round(_CHART * u), room.h // 2)
    head = pygame.Rect(room.x, room.bottom - high, room.w, round(_HEAD * u))
    plot = pygame.Rect(room.x, head.bottom, room.w, max(1, high - head.h - round(_AIR * u)))
    top = 1.05 * max(1.0, float(game.came.max()))

    def curve(values: Sequence[float]) -> tuple[tuple[float, float], ...]:
        return tuple((day / (days * rounds), float(value)) for day, value in enumerate(values))

    ends = [Curve(((k / rounds, 0.0), (k / rounds, top)), "quiet") for k in range(1, rounds)]
    come, gone, today = curve(game.came.tolist()), curve(game.gone.tolist()), curve(game.gone_as_is.tolist())
    curves = (Curve(come, "other"), Curve(gone, "line"), Curve(today, "quiet"), *ends)
    more = float(game.gone[-1] - game.gone_as_is[-1])
    sign = "+" if more >= 0 else "−"
    value = language.text("workshop.flow_value", n=language.number(round(float(game.gone[-1]))),
                          more=f"{sign}{language.number(abs(round(more)))}")  # fmt: skip
    title = language.text("workshop.flow")
    words = f"{title} {value}"
    return [
        Node("meeting/flow/head", head, Heading(title, value, u), "text", words),
        Node("meeting/flow/plot", plot, LineChart(curves, (), top, u, between=True), "image", words),
    ]
