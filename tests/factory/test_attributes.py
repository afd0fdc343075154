"""Which attributes may be offered and selected by, and that a factory follows a selection."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.factory.attributes import offered, selected
from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory
from factoryview.factory.privacy import Gate
from factoryview.flow.moment.history import history
from factoryview.plant.models import Privacy
from factoryview.store.selection import AttributeIn, Through
from factoryview.store.windows import Numbering, Windows
from factoryview.view.lens import lens_of, lenses_of

CASES = 40


@pytest.fixture
def factory(tmp_path: Path) -> Factory:
    """Forty cases: regions of 30, 7 and 3 cases, a customer, a ticket of each, pages, and who checked."""
    lines = ["case,stage,time,resource,region,customer,ticket,pages,checked"]
    for k in range(CASES):
        region = "North" if k < 30 else "South" if k < 37 else "West"
        said = f"{region},Firm {k % 4},T-{k},{k + 10}"
        lines.append(f"c{k},Ask,2024-01-01 {k // 2 % 24:02}:00,{'Ann' if k % 2 else 'Bo'},{said},Ann")
        lines.append(f"c{k},Offer,2024-01-02 {k // 2 % 24:02}:00,Bo,{said},Bo")
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_factory(path, Opening(times="entry"))


def with_privacy(factory: Factory, **said: object) -> Factory:
    factory.plant = factory.plant.model_copy(update={"privacy": Privacy(**said)})  # type: ignore[arg-type]
    return factory


def test_only_what_tells_no_person_and_no_single_case_is_offered(factory: Factory) -> None:
    assert set(factory.store.attributes()) == {"region", "customer", "ticket", "pages", "checked"}
    found = {one.about.name: one for one in factory.attributes()}
    assert set(found) == {"region", "pages"}
    assert found["region"].values == (("North", 30), ("South", 7)), "three cases of the west are too few"
    assert (found["pages"].about.kind, found["pages"].low, found["pages"].high) == ("number", 15.0, CASES + 4.0)
    assert found["pages"].values == ()


def test_a_lens_shows_what_may_be_offered_and_puts_small_groups_together(factory: Factory) -> None:
    assert list(lenses_of(factory)) == ["channel", "age", "deadline", "attribute/region"]
    stages = tuple(factory.store.stages())
    past = history(factory.store, stages)
    known = Windows(factory.store, Numbering(stages, (), ())).fetch(past.first, past.last + 1)
    lens = lens_of(with_privacy(factory, smallest_group=4), "attribute/region", past)
    hues = lens.hues(known, past.last, None)  # type: ignore[arg-type]
    assert lens.values == ("North",), "three of the west could be told from seven of the south"
    assert sorted(hues.tolist()) == [0] * 10 + [1] * 30
    lens = lens_of(with_privacy(factory, smallest_group=1), "attribute/region", past)
    assert lens.values == ("North", "South", "West")
    everything = with_privacy(factory, names=True, case_ids=True)
    assert {"attribute/customer"} == set(lenses_of(everything)) - {"channel", "age", "deadline", "attribute/region",
                                                                   "attribute/ticket"}  # fmt: skip


@pytest.mark.parametrize("smallest", [1, 3, 4, 7, 8, 31])
def test_texts_and_the_ends_of_numbers_are_those_of_enough_cases(factory: Factory, smallest: int) -> None:
    sizes, pages = {"North": 30, "South": 7, "West": 3}, sorted(range(10, 10 + CASES))
    found = {one.about.name: one for one in offered(factory.store, Gate(smallest))}
    assert dict(found["region"].values) == {name: size for name, size in sizes.items() if size >= smallest}
    assert (found["pages"].low, found["pages"].high) == (pages[smallest - 1], pages[-smallest])


def test_as_many_cases_as_the_gate_asks_for_may_be_looked_at(factory: Factory) -> None:
    west = AttributeIn("region", ("West",))
    assert selected(factory.store, west, Gate(3)).rows("stays/cases") == [(3,)]
    with pytest.raises(InputError, match="fewer than 4"):
        selected(factory.store, west, Gate(4))


def test_a_plant_may_allow_names_and_case_ids_but_never_who_worked(factory: Factory) -> None:
    every = with_privacy(factory, names=True, case_ids=True, smallest_group=1)
    assert {one.about.name for one in every.attributes()} == {"region", "customer", "ticket", "pages"}
    assert every.where(AttributeIn("ticket", ("T-7",))).store.rows("stays/cases") == [(1,)]
    with pytest.raises(InputError, match="tells people"):
        every.where(AttributeIn("checked", ("Ann",)))


def test_a_factory_follows_a_selection(factory: Factory) -> None:
    north = factory.where(AttributeIn("region", ("North",)))
    assert north.store.rows("stays/cases") == [(30,)]
    assert north.where(~Through("Ask")).store.rows("stays/cases") == [(0,)]
    assert factory.store.rows("stays/cases") == [(CASES,)]
    assert north.plant is factory.plant


@pytest.mark.parametrize(
    ("selection", "word"),
    [
        (AttributeIn("region", ("West",)), "fewer than 6 cases"),
        (AttributeIn("customer", ("Firm 1",)), '"customer" tells people or single cases apart'),
        (~AttributeIn("ticket", ("T-1",)), '"ticket" tells people or single cases apart'),
        (AttributeIn("colour", ("red",)), 'no attribute "colour"'),
    ],
)
def test_what_may_not_be_looked_at_is_refused(factory: Factory, selection: AttributeIn, word: str) -> None:
    with pytest.raises(InputError, match=word):
        factory.where(selection)
