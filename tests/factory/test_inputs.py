"""Which files an input is made of."""

from __future__ import annotations

from pathlib import Path

from factoryview.factory.inputs import inputs_of


def test_a_plant_file_is_made_of_its_log_or_its_followed_files_and_its_store(tmp_path: Path) -> None:
    plant = tmp_path / "plant.toml"
    plant.write_text('name = "P"\n[log]\npath = "deals.csv"\n')
    assert set(inputs_of(plant, None)) >= {plant, tmp_path / "deals.csv"}
    plant.write_text('name = "P"\n[[feeds]]\nname = "f"\nkind = "file"\npath = "in"\n')
    assert set(inputs_of(plant, None)) == {plant, tmp_path / "in", tmp_path / "plant.store"}


def test_a_log_is_made_of_itself_and_of_the_plant_file_beside_it(tmp_path: Path) -> None:
    log, broken = tmp_path / "deals.csv", tmp_path / "plant.toml"
    broken.write_text("name = ")
    assert inputs_of(log, None) == [log]
    assert inputs_of(log, broken) == [log, broken]
