"""What a cost is called, in one language: a short form for the picture, sentences for `explain`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from factoryview.flow.verdict.costs import Cost
from factoryview.language import Language
from factoryview.language.numbers import WHOLE, digits_of_rate
from factoryview.time import micros_of

if TYPE_CHECKING:
    from factoryview.flow.verdict.document import CostPart

_SAID = 0.05
"""What is less would be written as 0."""


def amount(cost: Cost, language: Language) -> str:
    """The short form: `holds back 2.1 to 5.9 a working day`; never a number where none is known."""
    held = cost.held
    match cost.case:
        case "sure":
            return language.text("cost.amount", range=_range(held.low, held.high, language))
        case "possible":
            return language.text("cost.at_most", n=_bound(held.high, language, up=True))
        case "shrinking":
            return language.text("cost.shrinks", n=language.rate(held.shrinks))
        case "unseen":
            return language.text("cost.unseen")
        case _:
            return language.text("cost.time") if held.standing >= 1 else ""


def money(cost: Cost, language: Language) -> str:
    """What of it is money, in the short form: what is lost for good a working day, else what is tied up; "" where no
    case has a value, or where it is not sure that any is held back.
    """
    if cost.case != "sure":
        return ""
    if cost.lost_per_day is not None and cost.held.lost >= _SAID:
        return language.text("cost.money_lost", money=_money(cost.lost_per_day, language))
    if cost.tied_up and cost.held.standing >= 1:
        return language.text("cost.money_tied_up", money=_money(cost.tied_up, language))
    return ""


def sentences(part: CostPart, stage: str, language: Language) -> Iterator[str]:
    """What a stage costs, in full sentences. stage: its label."""
    say = language.text
    since, until = (language.date(micros_of(moment), "date.long") for moment in part.window)
    days = language.count("cost.working_days", part.working_days, digits=0 if part.working_days >= 2 else 1)
    period = {"from_": since, "to": until, "days": days, "stage": stage}
    if part.per_day is None or part.held_up is None:
        yield say("cost.say_unseen", stage=stage)
        return
    low, high = _bound(part.per_day.low, language, up=False), _bound(part.per_day.high, language, up=True)
    match part.case:
        case "sure":
            chance = "" if low == high else say("cost.chance", low=low, high=high)
            yield say("cost.say_sure", n=language.rate(part.per_day.point), chance=chance, **period)
            lost = part.lost_by_waiting
            if lost is not None and lost.per_day >= _SAID:
                value = "" if not lost.value else say("cost.value", money=_money(lost.value, language))
                yield say("cost.say_lost", n=language.rate(lost.per_day), value=value)
        case "possible":
            yield say("cost.say_possible", high=high, **period)
        case "shrinking":
            gone = "" if part.gone is None else say("cost.gone", date=language.date(micros_of(part.gone), "date.long"))
            yield say("cost.say_shrinking", n=language.rate(part.shrinks_per_day or 0.0), gone=gone, **period)
        case "time":
            yield say("cost.say_time", **period)
    stock = part.held_up
    if stock.mean >= 1:
        wait = language.count("cost.wait", stock.days_per_case, digits=digits_of_rate(stock.days_per_case))
        yield say(
            "cost.say_stock", n=language.rate(stock.mean), wait=wait if stock.days_per_case >= _SAID else "",
            money=say("cost.say_tied_up", money=_money(stock.value, language)) if stock.value else "",
        )  # fmt: skip


def _range(low: float, high: float, language: Language) -> str:
    """`2.1 to 5.9`, `0.9 to 1.0`, rounded outwards; one number where both are the same."""
    parts = [_bound(low, language, up=False), _bound(high, language, up=True)]
    if parts[0] == parts[1]:
        return parts[0]
    point = language.number(0.5, 1)[1]
    if any(point in part for part in parts) and high < WHOLE:
        parts = [part if point in part or part == "0" else f"{part}{point}0" for part in parts]
    return language.text("cost.range", low=parts[0], high=parts[1])


def _bound(value: float, language: Language, *, up: bool) -> str:
    """Rounded outwards, one digit below ten."""
    digits = digits_of_rate(value)
    scale = 10.0**digits
    steps = math.ceil(value * scale - 1e-6) if up else math.floor(value * scale + 1e-6)
    return language.number(steps / scale, digits)


def _money(value: float, language: Language) -> str:
    """Two digits that count: more would pretend to be exact."""
    scale = 10.0 ** max(0, math.floor(math.log10(abs(value))) - 1) if value else 1.0
    return language.money(round(value / scale) * scale)
