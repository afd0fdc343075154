"""What `check` says: everything that was found, each with its place and its cure, one line each."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from factoryview.factory.check import check_input
from factoryview.factory.factory import Opening
from factoryview.resources import data_file
from tests.kit.command import Said, factoryview

LOG = """ticket,step,at,who,colour
1,Ask,2025-03-03T08:00:00+00:00,Ada,red
1,Check,2025-03-04T08:00:00+00:00,Bob,red
1,Done,2025-03-05T08:00:00+00:00,Bob,blue
2,Ask,2025-03-04T08:00:00+00:00,Ada,red
2,Check,not a time,Bob,red
2,Done,2025-03-06T08:00:00+00:00,Bob,red
,Ask,2025-03-04T08:00:00+00:00,Ada,red
3,Ask,2025-03-05T08:00:00+00:00,Ada,green
3,Check,2025-03-06T08:00:00+00:00,Bob,green
3,Done,2025-03-08T08:00:00+00:00,Bob,green
"""
LOG += "".join(
    f"{n},{step},2025-03-{day:02d}T{8 + n % 10:02d}:00:00+00:00,Ada,red\n"
    for n in range(4, 14)
    for step, day in (("Ask", n), ("Check", n + 1), ("Done", n + 3))
)
PLANT = """name = "Amt"
[[stages]]
name = "Ask"
postz = 2
[[stages]]
name = "Check"
posts = "two"
department = "Nowhere"
[[workers]]
stage = "Chek"
"""


def check(*arguments: object) -> Said:
    return factoryview("check", *arguments, "--lang", "en")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def test_a_log_is_told_column_by_column_with_its_ends_and_its_rejected_rows(log: Path) -> None:
    result = check(log, "--map", "case=ticket,stage=step,time=at", "--times", "entry")
    assert result.status == 0
    lines = result.out.splitlines()
    assert 'info: log.csv, column "ticket": is the case.' in lines
    assert 'info: log.csv, column "step": is the stage.' in lines
    assert 'info: log.csv, column "who": is the resource.' in lines
    assert any("kept as attributes" in line and "colour" in line for line in lines)
    assert any(line.startswith('info: log.csv, ends: Cases are done at "Done": 13 of 13') for line in lines)
    assert (
        'warning: log.csv, line 6: rejected: time that cannot be read: "not a time". Repair the row or leave it out.'
        in lines
    )
    assert any(line.startswith("warning: log.csv, line 8: rejected: no case.") for line in lines)
    assert any("2 rows cannot be used" in line and str(log.with_name("log.rejected.csv")) in line for line in lines)
    assert lines[-1].startswith("log.csv: usable; 3 warnings")
    assert all(line.split(":")[0] in ("info", "ask", "warning", "error") for line in lines[:-1])


def test_every_column_is_told_though_nobody_said_which(log: Path) -> None:
    told = [str(remark) for remark in check_input(log, Opening()).remarks]
    for column in ("ticket", "step", "at", "who"):
        assert any(f'column "{column}"' in line and ("is the" in line or "taken for" in line) for line in told)


def test_all_mistakes_of_a_plant_file_are_told_with_line_and_cure(tmp_path: Path) -> None:
    plant = tmp_path / "plant.toml"
    plant.write_text(PLANT, encoding="utf-8")
    result = check(plant)
    assert result.status == 3
    lines = result.out.splitlines()
    errors = [line for line in lines if line.startswith("error: ")]
    assert [f"line {number}" in line for number, line in zip((4, 7, 8, 10), errors, strict=True)] == [True] * 4
    assert 'Did you mean "posts"?' in errors[0]
    assert lines[-1] == "plant.toml: cannot be used; 4 errors."


def test_a_plant_without_data_and_one_with_data_are_usable(tmp_path: Path, log: Path) -> None:
    bare = tmp_path / "bare.toml"
    bare.write_text('name = "Amt"\n[[stages]]\nname = "Ask"\n', encoding="utf-8")
    full = tmp_path / "full.toml"
    full.write_text(bare.read_text() + f'[log]\npath = "{log.name}"\ntimes = "entry"\nends = ["Done"]\n')
    result = check(bare, full)
    assert result.status == 0
    assert "it names no data." in result.out
    assert 'log.csv, ends: Cases are done at "Done": said so.' in result.out


def test_several_files_are_all_told_and_one_bad_one_is_enough_for_status_3(tmp_path: Path, log: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("", encoding="utf-8")
    damaged = tmp_path / "log.csv.gz"
    damaged.write_bytes(gzip.compress(LOG.encode())[:60])
    result = check(tmp_path / "nothing.csv", empty, damaged, log)
    assert result.status == 3
    ends = [line for line in result.out.splitlines() if "cannot be used;" in line or ": usable;" in line]
    assert ["cannot be used" in line for line in ends] == [True, True, True, False]
    assert "Traceback" not in result.out


def test_more_rejected_rows_than_fit_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    rows = "".join(f"{n},Ask,never{n}\n{n},Ask,2025-03-03T08:00:00Z\n" for n in range(40))
    rows += "".join(f"{n},Done,2025-03-{n % 28 + 1:02d}T09:00:00Z\n" for n in range(40, 800))
    path.write_text("case,stage,time\n" + rows, encoding="utf-8")
    lines = check(path).out.splitlines()
    assert sum("rejected: time" in line for line in lines) == 20
    assert any("has every one" in line for line in lines)


def test_a_wild_field_stays_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "wild.csv"
    path.write_bytes(b'case,stage,time\n1,A,2025-03-03\n2,"A",\x1b[31m"now\n"\n3,B,2025-03-04\n4,B,' + b"9" * 300_000)
    result = check(path)
    assert result.status in (0, 3)
    assert "\x1b" not in result.out
    kinds = ("info", "ask", "warning", "error")
    assert all(line.split(":")[0] in kinds for line in result.out.splitlines()[:-1])


def test_what_nobody_can_read_from_there_is_told_with_its_size_and_a_cure() -> None:
    plant = data_file("umsatzwerk.toml")
    near, far = check(plant, "--screen", 86, "--distance", 0.4), check(plant, "--screen", 55, "--distance", 5)
    assert near.status == far.status == 0
    illegible = [line for line in far.out.splitlines() if line.startswith("illegible: ")]
    assert len(illegible) > 20
    assert all("picture of Umsatzwerk, text " in line for line in illegible)
    assert sum("Stand within" in line for line in illegible) > 15, "the timeline is written for the desk"
    assert not [line for line in illegible if '"Approval"' in line], "names are as large as they have to be"
    assert sum("finds no room" in line for line in illegible) > 3
    assert any(re.search('text "[^"]+" at .*′ of arc .*px', line) for line in illegible), illegible[:3]
    assert len([line for line in near.out.splitlines() if line.startswith("illegible: ")]) < 5
    assert f"{len(illegible)} illegible." in far.out.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("--screen", 55), ("--distance", 5), ("--screen", 0, "--distance", 5)])
def test_half_a_place_to_stand_is_a_usage_error(arguments: tuple[object, ...], log: Path) -> None:
    result = check(log, *arguments)
    assert result.status == 2
    assert "--distance" in result.err
