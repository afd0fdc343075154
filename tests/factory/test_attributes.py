"""Which attributes may be offered and selected by, and that a factory follows a selection."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.factory.factory import Factory, Opening, open_factory
from factoryview.plant.models import Privacy
from factoryview.store.selection import AttributeIn, Through

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
