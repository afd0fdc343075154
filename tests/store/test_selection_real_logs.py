"""Selecting by an attribute of a real log gives all numbers of the file with only those rows: key figures, verdict."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory
from factoryview.factory.privacy import Gate
from factoryview.flow.kpis import kpis
from factoryview.flow.verdict.verdict import verdict
from factoryview.sources import ReadOptions, read
from factoryview.store.database import Store
from factoryview.store.selection import AttributeIn, Selection
from factoryview.store.windows import Totals

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real logs (../shared/data) are not here")

LOGS: list[tuple[str, Selection, Callable[[dict[str, str]], bool]]] = [
    ("permits/receipt.csv.gz", AttributeIn("case:group", ("Group 5",)), lambda row: row["case:group"] == "Group 5"),
    (
        "permits/receipt.csv.gz",
        ~AttributeIn("case:department", ("General",)),
        lambda row: row["case:department"] != "General",
    ),
    ("crm/sales_pipeline.csv", AttributeIn("product", ("MG Special",)), lambda row: row["product"] == "MG Special"),
]


@pytest.fixture(scope="module")
def opened() -> Callable[[str], Factory]:
    known: dict[str, Factory] = {}

    def get(name: str) -> Factory:
        if name not in known:
            known[name] = open_factory(DATA / name, Opening())
        return known[name]

    return get


@pytest.mark.parametrize(("name", "selection", "fits"), LOGS)
def test_the_numbers_are_those_of_the_file_with_only_those_rows(
    name: str,
    selection: Selection,
    fits: Callable[[dict[str, str]], bool],
    opened: Callable[[str], Factory],
    tmp_path: Path,
) -> None:
    factory = opened(name)
    part = tmp_path / "part.csv"
    open_text = gzip.open if name.endswith(".gz") else open
    with open_text(DATA / name, "rt", encoding="utf-8", newline="") as file, part.open("w", newline="") as kept:
        rows = csv.DictReader(file)
        out = csv.DictWriter(kept, rows.fieldnames or ())
        out.writeheader()
        out.writerows(chosen := [row for row in rows if fits(row)])
    assert len(chosen) > 50
    log = read(part, ReadOptions(columns=factory.columns if factory.mappable else {}))
    whole = factory.store
    alone = Store.build(log, ends=whole.ends, milestones=whole.milestones)
    selected = whole.where(selection)
    stages = tuple(alone.stages())
    assert tuple(selected.stages()) == stages
    assert selected.span() == alone.span()
    ours, theirs = (
        kpis(store, bucket="week", timezone="Europe/Berlin", gate=Gate(smallest=1)) for store in (selected, alone)
    )
    assert ours.to_csv() == theirs.to_csv()
    assert verdict(selected, factory.plant) == verdict(alone, factory.plant)
    first, last = alone.span()
    totals = [Totals.of(store, stages) for store in (selected, alone)]
    for at in range(first, last, (last - first) // 7):
        assert totals[0].in_progress(at) == totals[1].in_progress(at)
        assert totals[0].outcomes(at) == totals[1].outcomes(at)
