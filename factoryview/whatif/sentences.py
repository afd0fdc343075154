"""What a simulation says of scenarios, in words: a table of figures and what follows from it."""

from __future__ import annotations

from factoryview.language import Language
from factoryview.plant.models import Plant, label_of
from factoryview.time import HOUR
from factoryview.whatif.document import JUDGED, NAMES, Band, Guess, Name, Tried, WhatIf

WIDTHS = (26, 12, 12)


def whatif_lines(found: WhatIf, plant: Plant, language: Language) -> list[str]:
    """All of it, line by line."""
    text = language.text
    lines = [text("whatif.heading", at=found.at, days=language.number(found.days), n=language.number(found.futures))]
    lines.append(limit_words(found.constraint, plant, language))
    if not found.capacity_visible:
        lines.append(text("whatif.no_capacity"))
    for one in found.scenarios:
        lines += ["", *_scenario(one, found, plant, language)]
    best = [one.name for one in found.scenarios if one.on_front]
    if len(found.scenarios) > 1:
        lines += ["", text("whatif.front", names=", ".join(best)) if best else text("whatif.front_none")]
    lines += ["", text("whatif.caveat")]
    return lines


def _scenario(one: Tried, found: WhatIf, plant: Plant, language: Language) -> list[str]:
    text = language.text
    first, second, third = WIDTHS
    head = f"{text('whatif.as_is'):>{second}}{text('whatif.to_be'):>{third}}  {text('whatif.difference')}"
    lines = [one.name, f"  {'':{first}}{head}"]
    for name in NAMES:
        figure = one.figures[name]
        if name == "losses" and (figure.as_is is None or figure.as_is.high <= 0):
            continue
        values = f"{written(name, figure.as_is, language):>{second}}{written(name, figure.to_be, language):>{third}}"
        label = text(f"whatif.{name}", n=language.duration(found.promise_hours * HOUR))
        lines.append(f"  {label:{first}}{values}  {difference_words(name, figure.difference, language)}")
    return [*lines, *(f"  {line}" for line in verdict_lines(one, found, plant, language))]


def written(name: Name, value: Band | None, language: Language) -> str:
    """The median of a figure in its unit."""
    return "–" if value is None else _value(name, value.median, language)


def _value(name: Name, value: float, language: Language) -> str:
    size = abs(value)
    if name == "lead_time":
        return _sign(value, language.duration(size * HOUR))
    if name == "on_time":
        return _sign(value, language.percent(size))
    return _sign(value, language.rate(size))


def _sign(value: float, size: str, plus: str = "") -> str:
    """The size as written with its sign; none before what is written as nothing.

    >>> _sign(-0.4, "0.4"), _sign(-0.04, "0"), _sign(0.4, "0.4", "+")
    ('−0.4', '0', '+0.4')
    """
    nothing = not any(digit in size for digit in "123456789")
    return ("" if nothing else "−" if value < 0 else plus) + size


def difference_words(name: Name, value: Band | None, language: Language) -> str:
    """The median of a difference with its sign, and its band."""
    if value is None:
        return "–"
    low, high, median = (_value(name, each, language) for each in (value.low, value.high, value.median))
    plus = _sign(value.median, median, "+") if value.median > 0 else median
    return language.text("whatif.band", n=plus, low=low, high=high)


def verdict_lines(one: Tried, found: WhatIf, plant: Plant, language: Language, *, money: bool = True) -> list[str]:
    """What follows from a scenario's figures. money: what it costs and brings, too."""
    text = language.text
    gain = one.figures["throughput"].difference
    there = _names(one.constraint, plant, language) if one.constraint else ""
    lines = []
    if one.effect == "none":
        elsewhere = found.constraint and one.focus == "elsewhere"
        known = _names(found.constraint, plant, language) if found.constraint else ""
        nothing = "hardly" if _surely(one) else "nothing"
        lines.append(text("whatif.nothing_elsewhere", stage=known) if elsewhere else text(f"whatif.{nothing}"))
    elif one.effect == "blocked" and one.possible is not None:
        where, possible = "same" if one.constraint == found.constraint else "moved", _signed(one.possible, language)
        if gain is None or gain.low <= 0:
            low, high = (_signed(each, language) for each in ((0.0, 0.0) if gain is None else (gain.low, gain.high)))
            name = f"no_more_{where}"
            lines.append(text(f"whatif.{name}", stage=there, low=low, high=high, possible=possible))
        else:
            name, more = f"blocked_{where}", _signed(gain.median, language)
            lines.append(text(f"whatif.{name}", stage=there, n=more, possible=possible))
    elif one.focus == "elsewhere" and one.constraint == found.constraint and _no_more(one):
        lines.append(text("whatif.no_more_elsewhere", stage=there))
    elif one.constraint is None:
        lines += [text("whatif.limit_gone")] if found.constraint is not None else []
    elif one.constraint == found.constraint:
        lines.append(text("whatif.limit_stays", stage=there))
    else:
        lines.append(text("whatif.limit_moves", stage=there))
    if one.focus != "unknown":
        lines.append(text(f"whatif.focus.{one.focus}"))
    lines += _money(one, language) if money else []
    return lines + _guessed(one, plant, language)


def _guessed(one: Tried, plant: Plant, language: Language) -> list[str]:
    """What it would bring if the servers that were guessed were others; in one line, where that changes nothing."""
    gain, lead = one.figures["throughput"].difference, one.figures["lead_time"].difference
    matters = [guess for guess in one.guesses if gain is None or _otherwise(guess.throughput, gain)
               or _otherwise(guess.lead_time, lead)]  # fmt: skip
    indifferent = dict.fromkeys(guess.stages for guess in one.guesses)
    for guess in matters:
        indifferent.pop(guess.stages, None)
    lines = [_guess_words(guess, lead, plant, language) for guess in matters]
    if indifferent:
        stages = "; ".join(_names(each, plant, language) for each in indifferent)
        lines.append(language.text("whatif.guess_no_matter", stage=stages))
    return lines


def _guess_words(guess: Guess, lead: Band | None, plant: Plant, language: Language) -> str:
    gaps = {
        "stage": _names(guess.stages, plant, language), "servers": language.number(guess.servers),
        "n": _signed(guess.throughput, language),
    }  # fmt: skip
    if guess.lead_time is None or not _otherwise(guess.lead_time, lead):
        return language.text("whatif.guess", **gaps)
    size = language.duration(abs(guess.lead_time) * HOUR)
    return language.text("whatif.guess_lead_time", **gaps, span=_sign(guess.lead_time, size, "+"))


def _otherwise(value: float | None, known: Band | None) -> bool:
    """Whether a figure lies outside of a band; what is not known does not."""
    return value is not None and known is not None and not known.low <= value <= known.high


def _surely(one: Tried) -> bool:
    """Whether anything that it is judged by is otherwise for sure, however little."""
    told = (one.figures[name].difference for name in JUDGED)
    return any(each is not None and each.low * each.high > 0 for each in told)


def _no_more(one: Tried) -> bool:
    """Not more is done, nor is anything quicker, as far as can be told from chance."""
    gain, lead = one.figures["throughput"].difference, one.figures["lead_time"].difference
    return (gain is None or gain.low <= 0) and (lead is None or lead.high >= 0)


def _money(one: Tried, language: Language) -> list[str]:
    money, lines = one.money, []
    if money.cost_a_year is None:
        return [language.text("whatif.cost_unknown")]
    if money.net_a_year is not None and money.value_a_year is not None:
        net = money.net_a_year
        lines.append(_net(net, money.value_a_year.median, money.cost_a_year, language))
        if net.low < 0 < net.high:
            lines.append(language.text("whatif.pays_unsure"))
    elif money.cost_a_year:
        name = "cost" if money.cost_a_year > 0 else "saving"
        lines.append(language.text(f"whatif.{name}", cost=language.money_in_short(abs(money.cost_a_year))))
    if money.once:
        lines.append(language.text("whatif.once", cost=language.money(money.once)))
    return lines


def _net(net: Band, value: float, cost: float, language: Language) -> str:
    """What a year brings, and of what: what more or fewer cases are worth, and what the change costs or saves."""
    low, median, high = (money_words(each, language) for each in (net.low, net.median, net.high))
    cases = "more" if value >= 0 else "fewer"
    change = "costs" if cost > 0 else "saves" if cost < 0 else "free"
    name, gaps = f"net_{cases}_{change}", {"n": median, "low": low, "high": high}
    if cost:
        gaps |= {"value": language.money_in_short(abs(value)), "cost": language.money_in_short(abs(cost))}
    return language.text(f"whatif.{name}", **gaps)


def money_words(value: float, language: Language) -> str:
    """About so much money, with its sign; nothing has none."""
    said = language.money_in_short(abs(value))
    return said if round(value) == 0 else ("−" if value < 0 else "+") + said


def _signed(value: float, language: Language) -> str:
    return _sign(value, language.rate(abs(value)), "+")


def limit_words(constraint: tuple[str, ...] | None, plant: Plant, language: Language) -> str:
    """What limits the plant, by the stages of its pool; None: nothing does."""
    if constraint is None:
        return language.text("whatif.limit_none")
    return language.text("whatif.limit", stage=_names(constraint, plant, language))


def _names(stages: tuple[str, ...], plant: Plant, language: Language) -> str:
    known = (plant.stage(name) for name in stages)
    return ", ".join(
        label_of(stage, language.code) if stage is not None else name for stage, name in zip(known, stages, strict=True)
    )
