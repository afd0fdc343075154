"""What a cost is called: its bounds are rounded outwards, and there is no number where none is known."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.flow.verdict.costs import Cost
from factoryview.flow.verdict.heldback import Case, Held
from factoryview.flow.verdict.pricing import amount
from factoryview.language import Language

EN, DE = Language("en", "UTC", "EUR"), Language("de", "UTC", "EUR")


def cost(case: Case, low: float = 1.0, high: float = 2.0, standing: float = 40.0) -> Cost:
    held = Held(
        "Offer", 0.0, (0.0, 480.0), 20.0, case, (low + high) / 2, low, high, 0.0, standing, 2.0, None, 0.7, None
    )
    return Cost(held, 100.0, None)


@given(st.floats(0, 900), st.floats(0, 90))
def test_the_range_that_is_written_holds_the_range_that_was_found(low: float, wide: float) -> None:
    said = amount(cost("sure", low, low + wide), EN)
    found = [float(number) for number in re.findall(r"\d+(?:\.\d)?", said)]
    assert len(found) in (1, 2), said
    step = 1.0 if low + wide >= 9.95 else 0.1
    assert low - step - 1e-6 <= found[0] <= low + 1e-5
    assert low + wide - 1e-5 <= found[-1] <= low + wide + step + 1e-6


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.9, 1.0, "0,9 bis 1,0"),
        (3.6, 4.8, "3,6 bis 4,8"),
        (8.0, 12.0, "8 bis 12"),
        (1.0, 2.0, "1 bis 2"),
        (1, 1, "1 "),
    ],
)
def test_both_ends_of_a_range_have_as_many_digits(low: float, high: float, said: str) -> None:
    assert said in amount(cost("sure", low, high), DE)


@given(st.floats(0.001, 900))
def test_what_is_possible_is_said_as_a_bound_from_above(high: float) -> None:
    [number] = re.findall(r"\d+(?:\.\d)?", amount(cost("possible", 0.0, high), EN))
    assert float(number) >= high - 1e-5


@pytest.mark.parametrize("language", [EN, DE], ids=["en", "de"])
def test_no_number_is_said_where_none_is_known(language: Language) -> None:
    for case in ("unseen", "time", "none"):
        said = amount(cost(case), language)  # type: ignore[arg-type]
        assert said
        assert not re.search(r"\d", said)
    assert amount(cost("time", standing=0.5), language) == ""


def test_a_pile_that_shrinks_says_by_how_much() -> None:
    assert "0.7" in amount(cost("shrinking"), EN)
    assert "0,7" in amount(cost("shrinking"), DE)
