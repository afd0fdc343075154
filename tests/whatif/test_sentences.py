"""What is said of a scenario: why it does nothing, what is sure of it, and what was guessed."""

from __future__ import annotations

import pytest

from factoryview.language import Language
from factoryview.plant.models import Plant
from factoryview.whatif.document import NAMES, Band, Effect, Focus, Guess, Measured, Money, Tried, WhatIf
from factoryview.whatif.sentences import money_words, verdict_lines

PLANT = Plant(name="Office")
EN, DE = (Language(code, "UTC", "EUR") for code in ("en", "de"))


def band(median: float, width: float = 0.5) -> Band:
    return Band(median=median, low=median - width, high=median + width)


def tried(
    effect: Effect, focus: Focus, gain: Band, constraint: tuple[str, ...] | None = ("Approval",), *,
    lead: float = 0.0, possible: float | None = None, guesses: tuple[Guess, ...] = (), cost: float = 0.0,
    net: Band | None = None, value: Band | None = None,
) -> tuple[Tried, WhatIf]:  # fmt: skip
    figures = {name: Measured(as_is=band(10), to_be=band(10), difference=band(0)) for name in NAMES}
    figures["throughput"] = Measured(as_is=band(10), to_be=band(10), difference=gain)
    figures["lead_time"] = Measured(as_is=band(10), to_be=band(10), difference=band(lead))
    money = Money(cost_a_year=cost, once=0.0, value_a_year=value or net, net_a_year=net)
    one = Tried(
        name="one", figures=figures, effect=effect, constraint=constraint, possible=possible, focus=focus, money=money,
        on_front=False, guesses=guesses,
    )  # fmt: skip
    found = WhatIf(
        at="now", days=90, futures=100, capacity_visible=True, trust=None, constraint=("Approval",), promise_hours=48.0,
        as_is={name: band(10) for name in NAMES}, scenarios=(one,),
    )  # fmt: skip
    return one, found


def said(language: Language, one: Tried, found: WhatIf) -> str:
    return " | ".join(verdict_lines(one, found, PLANT, language)).replace("\N{NO-BREAK SPACE}", " ")


def test_what_the_constraint_keeps_is_said_with_why() -> None:
    moved = tried("blocked", "exploit", band(2.0), ("Packing",), possible=16.0)
    assert "brings only +2 a week: the constraint goes to Packing" in said(EN, *moved)
    assert "nur +2 je Woche: Der Engpass wandert zu Packing" in said(DE, *moved)
    unsure = tried("blocked", "exploit", band(2.0, 3.0), ("Packing",), possible=16.0)
    assert "no more that could be told from chance (−1 to +5 a week)" in said(EN, *unsure)
    assert "because the constraint goes to Packing" in said(EN, *unsure)
    assert "nicht erkennbar mehr (−1 bis +5 je Woche), denn der Engpass wandert zu Packing" in said(DE, *unsure)
    assert "because the constraint is elsewhere: Approval" in said(
        EN, *tried("blocked", "elsewhere", band(0), possible=9)
    )


@pytest.mark.parametrize(("effect", "lead"), [("worse", 4.0), ("none", 0.0), ("mixed", 0.0)])
def test_what_is_not_at_the_constraint_and_brings_nothing_says_where_it_is(effect: Effect, lead: float) -> None:
    words = said(EN, *tried(effect, "elsewhere", band(0.1), lead=lead))
    assert "because the constraint is elsewhere: Approval" in words
    assert "denn der Engpass ist woanders: Approval" in said(DE, *tried("worse", "elsewhere", band(0.1), lead=4.0))


def test_what_is_quicker_is_not_called_nothing() -> None:
    words = said(EN, *tried("better", "elsewhere", band(0.1), lead=-4.0))
    assert "constraint stays: Approval" in words
    assert "No more" not in words


def test_a_little_that_is_sure_is_not_called_chance() -> None:
    chance = tried("none", "exploit", band(0), lead=0.4)
    assert said(EN, *chance).startswith("→ This does nothing: what differs is chance.")
    little = tried("none", "exploit", band(0), lead=-0.6)
    assert said(EN, *little).startswith("→ This does next to nothing: what is sure of it is less than 1%.")
    assert said(DE, *little).startswith("→ Das bewirkt so gut wie nichts: Sicher ist davon weniger als 1 %.")


def test_a_guess_is_told_where_it_matters_and_in_one_line_where_not() -> None:
    guesses = tuple(
        Guess(stages=(stage,), servers=servers, throughput=gain, lead_time=None)
        for stage, servers, gain in (("Packing", 1, 5.0), ("Packing", 3, 2.1), ("Offer", 2, 2.0), ("Offer", 4, 1.9))
    )
    lines = verdict_lines(*tried("better", "elevate", band(2.0), guesses=guesses), PLANT, EN)
    told = [line for line in lines if "guessed" in line]
    assert len(told) == 2
    assert "Packing is guessed; if it were 1, this would bring +5 a week" in told[0]
    assert told[1].endswith("one more or fewer would change little of this: Offer.")


def test_a_guess_matters_that_changes_nothing_but_the_lead_time() -> None:
    guesses = tuple(
        Guess(stages=(stage,), servers=servers, throughput=gain, lead_time=lead)
        for stage, servers, gain, lead in (
            ("Packing", 1, 2.1, -20.0), ("Packing", 3, 2.0, -4.2), ("Offer", 2, 5.0, -4.0), ("Audit", 2, 2.0, None),
            ("Billing", 1, 2.0, -3.6), ("Loading", 4, 1.9, 3.0),
        )
    )  # fmt: skip
    one = tried("better", "elevate", band(2.0), lead=-4.0, guesses=guesses)
    told = [line for line in verdict_lines(*one, PLANT, EN) if "guessed" in line]
    assert len(told) == 4
    assert (
        "Packing is guessed; if it were 1, this would bring +2.1 a week and change the lead time by −20 h." in told[0]
    )
    assert "Offer is guessed; if it were 2, this would bring +5 a week." in told[1]
    assert "Loading is guessed; if it were 4, this would bring +1.9 a week and change the lead time by +3 h." in told[2]
    assert told[3].endswith("one more or fewer would change little of this: Audit; Billing.")
    words = said(DE, *one)
    assert "wären es 1, brächte es +2,1 je Woche, und die Durchlaufzeit änderte sich um −20 h." in words


def test_money_is_rounded_and_says_whether_it_pays() -> None:
    sure = said(EN, *tried("better", "elevate", band(2.0), net=band(1_635_798.0, 1000.0), cost=133_000.0))
    assert "1.64" in sure
    assert "1,635,798" not in sure
    assert "and the change costs 133,000 €." in sure
    assert "Whether it pays" not in sure
    unsure = said(EN, *tried("better", "exploit", band(2.0), net=band(1000.0, 2000.0)))
    assert "it costs nothing that the plant file knows" in unsure
    assert "Whether it pays cannot be told from chance" in unsure
    assert money_words(0.2, EN) == money_words(0.0, EN)


@pytest.mark.parametrize(
    ("value", "cost", "english", "german"),
    [
        (90.0, 50.0, ": the additional cases are worth 90 €, and the change costs 50 €.",
         ": Die zusätzlichen Fälle sind 90 € wert, und die Änderung kostet 50 €."),
        (90.0, -50.0, ": the additional cases are worth 90 €, and the change saves 50 €.",
         ": Die zusätzlichen Fälle sind 90 € wert, und die Änderung spart 50 €."),
        (-20.0, 50.0, ": the cases that are no longer done are worth 20 €, and the change costs 50 €.",
         ": Die Fälle, die nicht mehr erledigt werden, sind 20 € wert, und die Änderung kostet 50 €."),
        (-20.0, -50.0, ": the cases that are no longer done are worth 20 €, and the change saves 50 €.",
         ": Die Fälle, die nicht mehr erledigt werden, sind 20 € wert, und die Änderung spart 50 €."),
        (-20.0, 0.0, ", the value of the cases that are no longer done; it costs nothing",
         ", der Wert der Fälle, die nicht mehr erledigt werden; es kostet nichts"),
    ],
)  # fmt: skip
def test_it_is_the_change_that_costs_or_saves(value: float, cost: float, english: str, german: str) -> None:
    one = tried("mixed", "exploit", band(2.0), net=band(value - cost, 1.0), value=band(value, 1.0), cost=cost)
    net = f"{value - cost:+.0f} €".replace("-", "−")
    assert f"A year: {net} (" in said(EN, *one)
    assert f"){english}" in said(EN, *one)
    assert f"){german}" in said(DE, *one)


def test_without_a_value_a_cost_and_a_saving_are_called_so() -> None:
    assert "Cost a year: 50 €." in said(EN, *tried("mixed", "exploit", band(2.0), cost=50.0))
    assert "Saved a year: 50 €." in said(EN, *tried("mixed", "exploit", band(2.0), cost=-50.0))
    assert "Ersparnis im Jahr: 50 €." in said(DE, *tried("mixed", "exploit", band(2.0), cost=-50.0))
