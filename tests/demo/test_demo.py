"""The generator: same seed, same rows; the shipped files are what it writes today."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from factoryview.demo import MEANINGS, PERIODS, SEED, STORIES, StoryName, generate, plant_of
from factoryview.demo.__main__ import main
from factoryview.demo.rows import Meaning, Row, csv_text, rows_of, write_gzip
from factoryview.demo.simulator import simulate
from factoryview.demo.truth import Laboratory, heads, monthly_wip, process_cost, staff_changes
from factoryview.plant.files import load_plant

DATA = Path(__file__).parents[2] / "data"
BOTH: tuple[StoryName, ...] = ("umsatzwerk", "permits")


@cache
def rows(story: StoryName) -> list[Row]:
    return generate(story)


@pytest.mark.parametrize("story", BOTH)
def test_the_shipped_log_is_what_the_generator_writes(story: StoryName) -> None:
    shipped = gzip.decompress((DATA / f"{story}.csv.gz").read_bytes()).decode()
    assert shipped == csv_text(rows(story))
    assert (DATA / f"{story}.csv.gz").stat().st_size < 1_500_000


@pytest.mark.parametrize("story", BOTH)
def test_the_shipped_plant_is_what_the_story_says(story: StoryName) -> None:
    assert load_plant(DATA / f"{story}.toml") == plant_of(story)


@pytest.mark.parametrize(("story", "index"), [("umsatzwerk", 0), ("permits", 1)])
def test_the_shipped_truth_is_what_simulation_finds(story: StoryName, index: int) -> None:
    """A part of it: all of it takes forty seconds, `python -m factoryview.demo` does that."""
    shipped = json.loads((DATA / f"{story}.truth.json").read_text(encoding="utf-8"))
    laboratory = Laboratory(STORIES[story], SEED)
    assert shipped["periods"][index] == laboratory.period(PERIODS[story][index])
    assert shipped["wip"] == monthly_wip(laboratory.story, laboratory.baseline)
    assert shipped["process_cost"] == process_cost(laboratory.story, laboratory.baseline)
    assert shipped["staff"] == staff_changes(laboratory.story)


def test_another_process_gives_the_same_rows() -> None:
    """Nothing may hang on the order of sets or on the seed of hashes."""
    code = (
        "import hashlib; from factoryview.demo import generate;"
        "from factoryview.demo.rows import csv_text;"
        "print(hashlib.sha256(csv_text(generate('permits')).encode()).hexdigest())"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == hashlib.sha256(csv_text(rows("permits")).encode()).hexdigest()


def test_another_seed_gives_another_year_of_the_same_story() -> None:
    other = generate("umsatzwerk", seed=7)
    assert other != rows("umsatzwerk")
    lost = {row["case"] for row in other}
    assert 18_000 < len(lost) < 22_000


@pytest.mark.parametrize("story", BOTH)
def test_three_meanings_tell_of_the_same_stays(story: StoryName) -> None:
    run, work = simulate(STORIES[story], SEED), STORIES[story].time
    meanings: tuple[Meaning, ...] = ("entry", "completion", "interval")
    logs = {meaning: rows_of(run, work, meaning) for meaning in meanings}
    assert logs[MEANINGS[story]] == rows(story)

    def keys(meaning: Meaning, column: str) -> list[tuple[str, str, str]]:
        return sorted((row["case"], row["stage"], row[column]) for row in logs[meaning])

    assert keys("completion", "time") == keys("interval", "end")
    assert all(row["start"] <= row["end"] or row["start"][-6:] != row["end"][-6:] for row in logs["interval"])
    unfinished = Counter((row["case"], row["stage"]) for row in logs["entry"])
    unfinished.subtract((row["case"], row["stage"]) for row in logs["interval"])
    assert min(unfinished.values()) == 0
    gave_up = {end.case.id for end in run.ends if end.outcome == "Lost"}
    over = {end.case.id for end in run.ends} - gave_up
    assert not any(left and case in over for (case, _), left in unfinished.items())


def test_packed_bytes_carry_no_date_and_no_name(tmp_path: Path) -> None:
    write_gzip(tmp_path / "a.gz", "x\n" * 50)
    write_gzip(tmp_path / "b.gz", "x\n" * 50)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert (tmp_path / "a.gz").read_bytes()[3:8] == bytes(5)


def test_heads_count_people_on_the_days_they_are_there() -> None:
    story = STORIES["umsatzwerk"]
    changes = {(c["stage"], c["date"]): c["heads"] for c in staff_changes(story)}
    assert changes["Approval", "2025-06-09"] == 1
    assert changes["Approval", "2025-10-06"] == 3
    assert heads(story, "Approval", story.time.first) == 2


def test_the_command_wants_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path / "missing")]) == 2
    assert "usage" in capsys.readouterr().err
