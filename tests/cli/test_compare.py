"""`compare`: what changed, and two spans or plants beside each other."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from factoryview.flow.change.document import Changes, Compared
from tests.kit.command import factoryview

BEGIN = datetime(2025, 1, 6, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight cases a working day of half a year; from 1 April what took two hours takes six."""
    path = tmp_path_factory.mktemp("compare") / "deals.csv"
    rng = np.random.default_rng(7)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case", "stage", "time", "start"])
        for day in range(180):
            begin = BEGIN + timedelta(days=day)
            if begin.weekday() > 4:
                continue
            for k in range(8):
                came = begin + timedelta(minutes=40 * k)
                case = f"{day}-{k}"
                slow = 3.0 if begin >= datetime(2025, 4, 1, tzinfo=UTC) else 1.0
                checked = came + timedelta(hours=float(rng.gamma(4.0, 0.5)) * slow)
                rows.writerow([case, "Intake", came.isoformat(), (came - timedelta(minutes=10)).isoformat()])
                rows.writerow([case, "Check", checked.isoformat(), (came + timedelta(minutes=1)).isoformat()])
    return path


def test_what_changed_is_told_with_its_day(log: Path) -> None:
    said = factoryview("compare", log, "--json")
    found = Changes.model_validate_json(said.out)
    change = next(each for each in found.changes if each.stage == "Check")

    assert said.status == 0
    assert change.at.date() in (datetime(2025, 3, 31).date(), datetime(2025, 4, 1).date())
    assert change.cause == "work"
    assert "Check" in factoryview("compare", log, "--lang", "de").out


def test_two_spans_are_compared_as_two_plants_are(log: Path) -> None:
    spans = ("--spans", "2025-03", "2025-05")
    one = Compared.model_validate_json(factoryview("compare", log, *spans, "--json").out)
    two = Compared.model_validate_json(factoryview("compare", log, log, *spans, "--json").out)
    work = next(each for each in one.differences if (each.stage, each.measure) == ("Check", "work"))

    assert work.after / work.before == pytest.approx(3, rel=0.2)
    assert two.differences == one.differences
    assert [span.working_days for span in one.spans] == [21, 22]
    assert len(factoryview("compare", log, *spans, "--lang", "en").out.splitlines()) == len(one.differences) + 2


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--spans", "soon", "2025-05"), 2, "soon"),
        (("--spans", "2025-03-03..2025-03-04", "2025-05"), 3, "2 working days"),
        (("--spans", "2019-03", "2025-05"), 3, "0 working days"),
        (("--spans", "2025-03", "2025-05", "-o", "both.pdf"), 2, ".png"),
        (("-o", "both.png"), 2, "--spans"),
    ],
)
def test_spans_that_cannot_be_compared_are_said(log: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    told = factoryview("compare", log, *arguments)

    assert told.status == status
    assert said in told.err
    assert "Traceback" not in told.err


def test_both_spans_stand_in_one_picture(log: Path, tmp_path: Path) -> None:
    picture = tmp_path / "both.png"
    said = factoryview("compare", log, "--spans", "2025-03", "2025-05", "-o", picture, "--size", "640x720")

    assert said.status == 0, said.err
    assert picture.read_bytes()[16:24] == (640).to_bytes(4, "big") + (720).to_bytes(4, "big")


def test_without_an_input_it_says_so_and_the_schema_is_one() -> None:
    assert factoryview("compare").status == 2
    assert {"compared", "changes"} == set(json.loads(factoryview("compare", "--schema").out))
