"""Departments that a column names: told of a stage only where the log says so nearly always."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from random import Random

import pytest

from factoryview.errors import InputError
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.plant.models import Plant, label_of
from factoryview.sources import ReadOptions, read
from factoryview.store.departments import named_by

OF = {"Lead": "Sales", "Offer": "Sales", "Plan": "Works", "Build": "Works", "Ship": "Works"}


def written(path: Path, head: str, wrong: float = 0.0) -> list[tuple[str, str]]:
    """A log with a department beside every stage, of which some rows say another; the stages and what stands there."""
    rng, rows, said = Random(1), [], []
    for number in range(40):
        for hour, (stage, own) in enumerate(OF.items()):
            named = rng.choice(["Sales", "Works"]) if rng.random() < wrong else own
            said.append((stage, named))
            rows.append(f"{number},{stage},2025-01-{1 + number % 28:02} {hour + 7:02}:00,{named},x{rng.random()}")
    path.write_text(f"case,stage,entered at,{head},note\n" + "\n".join(rows), encoding="utf-8")
    return said


@pytest.mark.parametrize("head", ["Abteilung", "Department", "département", "Dept.", "business_unit"])
def test_a_column_of_that_name_says_the_departments(head: str, tmp_path: Path) -> None:
    written(tmp_path / "log.csv", head, wrong=0.05)
    plant = open_factory(tmp_path / "log.csv").plant
    assert [department.name for department in plant.departments] == ["Sales", "Works"]
    assert {stage.name: stage.department for stage in plant.stages} == {
        stage: own for stage, own in OF.items() if plant.stage(stage) is not None
    }


def test_a_column_that_says_now_this_and_now_that_names_none(tmp_path: Path) -> None:
    written(tmp_path / "log.csv", "department", wrong=0.6)
    assert open_factory(tmp_path / "log.csv").plant.departments == ()


def test_another_column_names_some_if_somebody_says_so(tmp_path: Path) -> None:
    said = written(tmp_path / "log.csv", "place", wrong=0.3)
    log = read(tmp_path / "log.csv", ReadOptions())
    most: dict[str, Counter[str]] = defaultdict(Counter)
    for stage, named in said:
        most[stage][named] += 1
    assert named_by(log.connection, log.attributes) == ("", {})
    expected = {stage: counted.most_common(1)[0][0] for stage, counted in most.items()}
    assert named_by(log.connection, log.attributes, "place") == ("place", expected)
    with pytest.raises(InputError, match='no attribute "nowhere"'):
        named_by(log.connection, log.attributes, "nowhere")


def test_the_plant_file_may_say_the_column_and_which_departments_count(tmp_path: Path) -> None:
    written(tmp_path / "log.csv", "place")
    toml = 'name = "x"\n[log]\npath = "log.csv"\ndepartment = "place"\n'
    (tmp_path / "a.toml").write_text(toml)
    assert [one.name for one in open_factory(tmp_path / "a.toml").plant.departments] == ["Sales", "Works"]
    (tmp_path / "b.toml").write_text('name = "x"\n[[departments]]\nname = "Works"\n' + toml.partition("\n")[2])
    plant: Plant = open_factory(tmp_path / "b.toml", Opening()).plant
    assert {stage.department for stage in plant.stages} == {None, "Works"}


def test_a_stage_keeps_its_name_whatever_its_department_is_called(tmp_path: Path) -> None:
    """A department that a column names is no beginning of the name, however long both are."""
    owners = {"Klärung technisch": "Vertrieb", "Arbeitsvorbereitung": "Produktion", "Produktion: Fräsen": "Produktion",
              "Versand": "Logistik"}  # fmt: skip
    rows = [f"{n},{stage},2025-01-{1 + n % 28:02} {7 + k:02}:00,{own}" for n in range(40)
            for k, (stage, own) in enumerate(owners.items())]  # fmt: skip
    (tmp_path / "log.csv").write_text("\n".join(["case,stage,entered at,Abteilung", *rows]), encoding="utf-8")
    plant = open_factory(tmp_path / "log.csv", Opening(ends=("Versand",))).plant
    assert {stage.name: label_of(stage, "de") for stage in plant.stages} == {
        "Klärung technisch": "Klärung technisch", "Arbeitsvorbereitung": "Arbeitsvorbereitung",
        "Produktion: Fräsen": "Fräsen",
    }  # fmt: skip
