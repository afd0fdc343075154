"""What the desk says of a machine, a depot, a belt or a bin that is pointed at, in one fixed order."""

from __future__ import annotations

from collections.abc import Callable

from factoryview.factory.privacy import REST
from factoryview.flow.moment.history import Rate
from factoryview.language import Language
from factoryview.plant.models import Plant, Stage, reason_label
from factoryview.scene.chrome.card import Card, CardRow
from factoryview.time import DAY, HOUR
from factoryview.view.crates import Journey
from factoryview.view.databox import BeltBox, BinBox, StageBox
from factoryview.view.state import OutcomeState

UNKNOWN = "–"
"""A number that nobody knows."""
_MOST_REASONS, _MOST_STAYS = 6, 9
_MOST_HELD = 2
"""Names of what a machine holds on one line."""
_PER = {DAY: "rate.per_day", HOUR: "rate.per_hour"}


def stage_rows(box: StageBox, language: Language) -> tuple[CardRow, ...]:
    """The data box of a machine, in its order."""
    say, span = language.text, language.duration
    busy = say("card.of", n=language.number(box.busy), of=language.number(box.heads)) if box.heads else UNKNOWN
    takt = _span(box.takt, language)
    if box.takt is not None and box.needs is not None:
        takt = say("card.takt_needs", takt=span(box.takt), needs=span(box.needs))
    return (
        CardRow("work", say("card.work"), _span(box.work, language)),
        _waiting(box, language),
        CardRow("busy", say("card.busy"), busy),
        CardRow("oldest", say("card.oldest"), _span(box.oldest, language)),
        CardRow("takt", say("card.takt"), takt, loud=bool(box.takt and box.needs and box.needs > box.takt)),
        CardRow("target", say("card.target"), _span(box.target, language)),
        CardRow("accurate", say("card.accurate"), UNKNOWN if box.accurate is None else language.percent(box.accurate)),
        CardRow("breach", say("card.breach"), _breach(box.breach, language), loud=(box.breach or 0) < 0),
    )


def stage_card(label: str, box: StageBox, language: Language, stage: Stage | None = None) -> Card:
    """A machine. stage: what the plant says of it."""
    beside = language.text("news.in_progress", n=language.number(box.in_progress))
    return Card(label, beside, (*stage_rows(box, language), *held_rows(stage, language)))


def held_rows(stage: Stage | None, language: Language) -> tuple[CardRow, ...]:
    """What else happens inside a machine, by its names; nothing where it holds its own work alone."""
    if stage is None or not stage.hides:
        return ()
    shown = stage.hides[:_MOST_HELD]
    more = len(stage.hides) - len(shown) + stage.hides_more
    names = ", ".join(shown)
    value = language.text("card.holds_more", names=names, n=language.number(more)) if more else names
    return (CardRow("holds", language.text("card.holds"), value),)


def depot_card(label: str, depot: OutcomeState, share: float | None, rate: Rate, language: Language) -> Card:
    """The end of a line. share: of all that have ended."""
    per = language.text(_PER.get(rate.unit, "rate.per_minute"), n=language.rate(depot.throughput))
    rows = (
        CardRow("ended", language.text("card.ended"), language.number(depot.total)),
        CardRow("rate", language.text("card.lately"), per),
        CardRow("share", language.text("card.share"), UNKNOWN if share is None else language.percent(share)),
    )
    return Card(label, "", rows, 1)


def belt_card(label: str, box: BeltBox, language: Language) -> Card:
    """A belt."""
    say, number = language.text, language.number
    all_of = box.waiting + box.moving
    late = UNKNOWN if box.late is None else say("card.of", n=number(box.late), of=number(all_of))
    rows = (
        CardRow("waiting", say("card.standing"), number(box.waiting)),
        CardRow("moving", say("card.moving"), number(box.moving)),
        CardRow("oldest", say("card.oldest"), _span(box.oldest, language)),
        CardRow("late", say("card.late"), late, loud=bool(box.late)),
    )
    return Card(label, "", rows, 1)


def bin_card(label: str, box: BinBox, period: int, plant: Plant, language: Language) -> Card:
    """What a machine loses: reasons with their share and money. period: µs over which it is counted."""
    rows = []
    for k, (reason, cases, share, money) in enumerate(box.rows[:_MOST_REASONS]):
        parts = [language.number(cases), language.percent(share)]
        parts += [language.money(money)] if money else []
        rows.append(CardRow(f"reason/{k}", reason_words(reason, plant, language), " · ".join(parts)))
    beside = language.text("bin.period", span=language.since(period))
    return Card(language.text("card.lost", stage=label), beside, tuple(rows), 1)


def crate_card(way: Journey, at: int, label: Callable[[str], str], language: Language) -> Card:
    """The way of a case: its last stays, and how long each was or has been."""
    rows = []
    for k, stay in enumerate(way.stays[-_MOST_STAYS:]):
        span = language.duration((stay.left if stay.left is not None else at) - stay.entered)
        rows.append(CardRow(f"stay/{k}", label(stay.stage), span))
    since = language.text("card.under_way", span=language.duration(at - way.stays[0].entered))
    return Card(way.case or language.text("card.case"), since, tuple(rows), 1)


def reason_words(reason: str, plant: Plant, language: Language) -> str:
    """A reason as people call it; the small ones stand together."""
    return language.text("card.rest") if reason == REST else reason_label(plant, reason, language.code)


def _waiting(box: StageBox, language: Language) -> CardRow:
    """Waiting alone where work is known, else both together, and said so."""
    if box.waiting is not None or box.stay is None:
        return CardRow("waiting", language.text("card.waiting"), _span(box.waiting, language))
    return CardRow("waiting", language.text("card.stay"), language.duration(box.stay))


def _breach(span: int | None, language: Language) -> str:
    if span is None:
        return UNKNOWN
    return language.text("card.breach_in" if span >= 0 else "card.breach_since", span=language.since(abs(span)))


def _span(span: float | None, language: Language) -> str:
    return UNKNOWN if span is None else language.duration(span)
