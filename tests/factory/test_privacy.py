"""What may be shown of groups, cases and names, and that a factory's channels pass the gate."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from factoryview.factory.factory import Factory
from factoryview.factory.privacy import REST, STRICT, Gate
from factoryview.plant.models import Plant, Privacy, Source
from factoryview.store.database import Store
from tests.kit.event_logs import SECOND, Event, event_log


def test_without_a_word_of_the_plant_six_are_the_fewest_and_nobody_is_named() -> None:
    assert Gate.of(Plant(name="x")) == STRICT
    assert (STRICT.smallest, STRICT.enough(5), STRICT.enough(6)) == (6, False, True)
    assert STRICT.case("A-17") is None
    assert STRICT.name("ACME") is None
    assert STRICT.number(0.0, 5.99) is None
    assert STRICT.number(0.0, 6) == 0.0
    assert REST == "…"


def test_a_plant_may_allow_more() -> None:
    gate = Gate.of(Plant(name="x", privacy=Privacy(case_ids=True, names=True, smallest_group=2)))
    assert gate.case("A-17") == "A-17"
    assert gate.name("ACME") == "ACME"
    assert (gate.enough(1), gate.enough(2)) == (False, True)


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 12)), st.integers(1, 8))
def test_groups_that_stand_alone_are_large_enough_and_no_small_one_is_found_by_subtraction(
    sizes: dict[str, int], smallest: int
) -> None:
    few = Gate(smallest=smallest).merged(sizes)
    alone = set(sizes) - few
    for name in alone:
        assert sizes[name] >= smallest
    small = {name for name, size in sizes.items() if size < smallest}
    assert small <= few
    together = sum(sizes[name] for name in few)
    assert not few or together >= smallest or not alone
    joined = few - small
    assert len(joined) <= 1, "no more are merged than need be"
    if joined:
        [name] = joined
        assert sum(sizes[other] for other in small) < smallest
        assert sizes[name] == min(size for size in sizes.values() if size >= smallest)


def test_a_channel_of_few_cases_does_not_stand_by_name() -> None:
    counts = {"web": 7, "fair": 6, "fax": 1}
    names = [name for name, number in counts.items() for _ in range(number)]
    events = [
        Event(2 * k + step, f"case {k}", stage, (k + step) * SECOND, channel=name if not step else None)
        for k, name in enumerate(names)
        for step, stage in enumerate(("Ask", "Offer"))
    ]
    store = Store.build(event_log(duckdb.connect(), "entry", events))
    plant = Plant(name="x", sources=tuple(Source(name=name) for name in (*counts, "none yet")))

    def shown(plant: Plant) -> list[str]:
        return [source.name for source in Factory(plant, store, "x", (), 0, {}, len(events)).sources()]

    assert shown(plant) == ["web", "fair", "none yet"]
    assert shown(plant.model_copy(update={"privacy": Privacy(smallest_group=1)})) == [*counts, "none yet"]
    assert shown(plant.model_copy(update={"privacy": Privacy(smallest_group=7)})) == ["web", "none yet"]
