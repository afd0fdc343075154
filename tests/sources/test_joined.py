"""A case named by two columns, codes with their names beside them, a clock time for each of two dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from factoryview.sources import ReadOptions, read
from tests.kit.exports.histories import confirmations, idoc_states, order_positions

HEAD = ("Order;Item;Status;Changed on", "A1;10;Packed;2025-01-03 10:00")


@pytest.mark.parametrize("seed", range(3))
def test_positions_are_asked_about_and_the_cure_follows_each(seed: int, tmp_path: Path) -> None:
    made = order_positions(Random(seed))
    path = tmp_path / made.name
    path.write_bytes(made.data)
    lines = [line.split(";") for line in made.data.decode().splitlines()]
    asked = [guess for guess in read(path).guesses if any("+" in other for other in guess.others)]
    assert len(asked) == 1
    both = f"{lines[0][0]} + {lines[0][1]}"
    assert both in asked[0].others[0]
    log = read(path, ReadOptions(columns={"case": both}))
    found = log.connection.execute('SELECT "case", stage FROM events').fetchall()
    assert sorted(found) == sorted((f"{order} / {item}", status) for order, item, status, *_ in lines[1:])
    assert not [guess for guess in log.guesses if guess.what == "case"]


def test_lines_that_go_through_the_stages_together_are_not_asked_about(tmp_path: Path) -> None:
    path, at = tmp_path / "one.csv", datetime(2025, 1, 3, 8)
    rows = [f"A{n};{10 * k};{stage};{at + timedelta(hours=9 * n + 30 * k)}"
            for n in range(40) for k, stage in enumerate(("Taken", "Packed", "Sent"))]  # fmt: skip
    path.write_text("\n".join([HEAD[0], *rows]), encoding="utf-8")
    assert not [guess for guess in read(path).guesses if any("+" in other for other in guess.others)]


def test_a_row_without_one_of_the_two_has_no_case(tmp_path: Path) -> None:
    path, at = tmp_path / "two.csv", datetime(2025, 1, 3, 8)
    rows = [f"A{n};{'' if n == 7 else 10};{stage};{at + timedelta(hours=9 * n + 30 * k)}"
            for n in range(30) for k, stage in enumerate(("Taken", "Packed"))]  # fmt: skip
    path.write_text("\n".join([HEAD[0], *rows]), encoding="utf-8")
    log = read(path, ReadOptions(columns={"case": "Order + Item"}))
    assert log.rejected == 2
    assert log.connection.execute('SELECT count(DISTINCT "case") FROM events').fetchone() == (29,)


def test_names_are_shown_for_codes_and_the_codes_on_demand(tmp_path: Path) -> None:
    made = idoc_states(Random(4))
    path = tmp_path / made.name
    path.write_bytes(made.data)
    assert read(path).columns["stage"] == "STATXT"
    codes = read(path, ReadOptions(columns={"stage": "STATUS"}))
    assert {row[0] for row in codes.connection.execute("SELECT stage FROM events").fetchall()} <= {
        "64",
        "62",
        "51",
        "53",
    }


def test_each_date_takes_the_clock_time_beside_it(tmp_path: Path) -> None:
    made = confirmations(Random(2))
    path = tmp_path / made.name
    path.write_bytes(made.data)
    found = read(path).connection.execute('SELECT "case", stage, start, time FROM events').fetchall()
    written = []
    for line in made.data.decode().splitlines()[1:]:
        case, stage, *cells, _ = line.split(";")
        start, end = (datetime.strptime(f"{day} {clock}", "%d.%m.%Y %H:%M:%S") for day, clock in (cells[:2], cells[2:]))
        written.append((case, stage, start, end))
    assert sorted(found) == sorted(written)
