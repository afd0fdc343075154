"""Why these: injected causes are found, what is chance is not named, and nothing later is looked at."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.factory.privacy import Gate
from factoryview.flow.contributors import Contributor, Trait, contributors
from factoryview.store.windows import FOREVER
from factoryview.time import DAY, HOUR, WEEK

PLANTS = 200
GATE = Gate(smallest=6)


class Made:
    """A plant with eight traits of which the first slows, or none does; its queue grows, and the last becomes common
    as it grows.
    """

    def __init__(self, seed: int, slows: float) -> None:
        random = np.random.default_rng(seed)
        count = int(random.integers(300, 900))
        self.entered = np.sort(random.integers(0, 12 * WEEK, count)).astype(np.int64)
        growth = self.entered / (12 * WEEK)
        stay = random.gamma(2.0, 1.0, count) * DAY * (0.5 + 4 * growth)
        self.traits = []
        for k in range(7):
            values = tuple(f"{k}{letter}" for letter in "abcdef"[: int(random.integers(2, 7))])
            shares = random.dirichlet(np.full(len(values), 3.0))
            self.traits.append(
                Trait(f"trait {k}", random.choice(len(values), count, p=shares).astype(np.int32), values)
            )
        common = (random.random(count) < growth).astype(np.int32)
        self.traits.append(Trait("common late", common, ("no", "yes")))
        counts = np.bincount(self.traits[0].codes)
        self.cause = int(np.argmin(np.abs(counts - 0.25 * count)))
        stay = np.where(self.traits[0].codes == self.cause, stay * (1 + slows), stay)
        self.left = self.entered + stay.astype(np.int64)

    def found(self, at: int = 30 * WEEK) -> tuple[Contributor, ...]:
        return contributors(self.traits, self.entered, self.left, 0, at, GATE)


def test_injected_causes_are_found_and_false_ones_are_not_named() -> None:
    found = false = 0
    for seed in range(PLANTS):
        made = Made(seed, slows=1.0)
        named = {(one.trait, one.value) for one in made.found()}
        cause = "trait 0", made.traits[0].values[made.cause]
        found += cause in named
        false += bool(named - {cause})
    assert found >= 0.95 * PLANTS
    assert false <= 0.05 * PLANTS


def test_where_nothing_slows_hardly_anything_is_named() -> None:
    assert sum(bool(Made(seed, slows=0.0).found()) for seed in range(PLANTS)) <= 0.05 * PLANTS


def test_shares_and_extra_time_are_those_of_plain_counts() -> None:
    made = Made(3, slows=1.5)
    [one, *_] = made.found()
    has = made.traits[0].codes == made.cause
    weeks, spans = made.entered // WEEK, (made.left - made.entered).astype(float)
    slow = np.zeros(len(has), bool)
    differences, weights = [], []
    for week in range(12):
        here = weeks == week
        slow |= here & (spans > np.median(spans[here]))
        ours, theirs = spans[here & has], spans[here & ~has]
        differences.append(ours.mean() - theirs.mean())
        weights.append(1 / (1 / len(ours) + 1 / len(theirs)))
    assert one.cases == has.sum()
    assert one.share == pytest.approx((has & slow).sum() / slow.sum())
    assert one.lift == pytest.approx(one.share / has.mean())
    assert one.extra == pytest.approx(np.average(differences, weights=weights))
    assert one.low < one.extra < one.high


@pytest.mark.parametrize("seed", range(5))
def test_what_is_said_at_a_moment_knows_nothing_later(seed: int) -> None:
    made = Made(seed, slows=1.0)
    at = 9 * WEEK + 5 * HOUR
    before = made.entered <= at
    known = np.where(made.left <= at, made.left, FOREVER)
    traits = [Trait(trait.name, trait.codes[before], trait.values) for trait in made.traits]
    cut = contributors(traits, made.entered[before], known[before], 0, at, GATE)
    assert cut == made.found(at)


def test_of_few_cases_and_of_small_groups_nothing_is_said() -> None:
    made = Made(1, slows=3.0)
    assert made.found()
    few = [Trait(trait.name, trait.codes[:90], trait.values) for trait in made.traits]
    assert contributors(few, made.entered[:90], made.left[:90], 0, 30 * WEEK, GATE) == ()
    assert contributors(made.traits, made.entered, made.left, 0, 30 * WEEK, Gate(smallest=10_000)) == ()
