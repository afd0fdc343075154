"""A floor has only as many machines as can be told apart."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from factoryview.errors import InputError
from factoryview.factory.building import MOST_MACHINES
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory


def write(path: Path, stages: int) -> Path:
    rows = [f"{case},S{(case * 7 + step) % stages:03},2025-01-{1 + case % 28:02} {step:02}:00"
            for case in range(400) for step in range(6)]  # fmt: skip
    path.write_text("\n".join(["case,stage,entered at", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize("asked", [0, 10_000])
def test_more_stages_than_can_be_drawn_are_refused_in_a_sentence(asked: int, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", 400)
    with pytest.raises(InputError, match=f"400 activities, and at most {MOST_MACHINES} machines.*Leave out --stages"):
        open_factory(path, Opening(machines=asked))
    factory = open_factory(path)
    assert len(factory.plant.stages) <= 12
    assert [finding.cure for finding in factory.findings if "rarer activities" in finding.text] == [""]


def test_as_many_as_can_be_drawn_are_drawn(tmp_path: Path) -> None:
    factory = open_factory(write(tmp_path / "log.csv", 40), Opening(machines=0))
    assert len(factory.plant.stages) == 40


@pytest.mark.parametrize("kind", ["log", "warehouse"])
def test_a_plant_file_bounds_the_machines_wherever_its_events_are(kind: str, tmp_path: Path) -> None:
    write(tmp_path / "log.csv", 9)
    with duckdb.connect(str(tmp_path / "events.duckdb")) as connection:
        connection.execute(f"""create table events as select "case"::varchar as "case", stage, "entered at" as time
            from read_csv('{tmp_path / "log.csv"}')""")
    where = {"log": 'path = "log.csv"', "warehouse": 'path = "events.duckdb"\ntable = "events"'}[kind]
    listed = '[[stages]]\nname = "S005"\n[[stages]]\nname = "S001"\n'
    names: list[tuple[str, ...]] = []
    for most in ("", "most_stages = 2\n", "most_stages = 4\n"):
        plant = tmp_path / "plant.toml"
        plant.write_text(f'name = "P"\n{most}{listed}[{kind}]\n{where}\ntimes = "entry"\nends = []\n', encoding="utf-8")
        names.append(tuple(stage.name for stage in open_factory(plant).plant.stages))
    assert [len(each) for each in names] == [9, 2, 4]
    assert all(each.index("S005") < each.index("S001") for each in names)
    assert len(open_factory(plant, Opening(machines=3)).plant.stages) == 3
