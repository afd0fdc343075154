"""Words where dates are expected, and rows that only say more of a case."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from factoryview.sources import read
from tests.kit.exports.by_hand import list_of_offers
from tests.kit.exports.histories import shop_orders


@pytest.mark.parametrize("seed", range(3))
def test_a_word_where_a_date_is_expected_is_no_date_and_is_told(seed: int, tmp_path: Path) -> None:
    made = list_of_offers(Random(seed))
    path = tmp_path / made.name
    path.write_bytes(made.data)
    log = read(path)
    written = sum(line.count("offen") for line in made.data.decode().splitlines())
    told = [f for f in log.findings if "offen" in f.text]
    assert bool(told) == (written > 0)
    assert log.rejected == 0
    found = log.connection.execute('SELECT "case", stage FROM events').fetchall()
    assert sorted(found) == sorted((case, stage) for case, stage, _ in made.rows)


@pytest.mark.parametrize("seed", range(3))
def test_further_things_of_an_order_are_counted_and_no_entries(seed: int, tmp_path: Path) -> None:
    made = shop_orders(Random(seed))
    path = tmp_path / made.name
    path.write_bytes(made.data)
    log = read(path)
    lines = made.data.decode().splitlines()[1:]
    further = sum(",Cup" in line or ",Plate" in line for line in lines)
    assert any(f"{further} row" in f.text for f in log.findings) == (further > 0)
    assert len(log.connection.execute("SELECT * FROM events").fetchall()) == len(made.rows)


def test_a_word_in_a_log_stays_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,activity,timestamp\n" + "".join(
        f"{n},{stage},{'soon' if n == 3 else f'2024-01-{n:02}'}\n" for n in range(1, 20) for stage in "AB"
    ), encoding="utf-8")  # fmt: skip
    assert read(path).rejected == 2
