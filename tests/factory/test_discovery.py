"""A discovered plant names its data, seen from its own file, so that the file can be played by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.factory.discovery import discovered
from factoryview.factory.factory import Opening, open_factory
from factoryview.plant.files import dump_plant

LOG = "deal,phase,entered\n" + "".join(
    f"d{k},{stage},2024-01-{1 + k % 20 + day:02}\n"
    for k in range(20)
    for day, stage in enumerate(("Ask", "Bid", "Won"))
)


@pytest.mark.parametrize("place", ["plant.toml", "plants/office.toml"])
def test_the_file_opens_the_same_log_from_wherever_it_lies(tmp_path: Path, place: str) -> None:
    (tmp_path / "data").mkdir()
    source, target = tmp_path / "data" / "log.csv", tmp_path / place
    target.parent.mkdir(exist_ok=True)
    source.write_text(LOG, encoding="utf-8")
    columns = {"case": "deal", "stage": "phase", "time": "entered"}
    first = open_factory(source, Opening(columns=columns, times="entry", ends=("Won",)))
    target.write_text(dump_plant(discovered(first, source, target)), encoding="utf-8")
    again = open_factory(target)
    assert again.plant.log is not None
    assert (again.plant.log.times, again.plant.log.ends) == ("entry", ("Won",))
    assert again.plant.log.columns == columns
    query = "select * from stays order by id"
    assert again.store.engine.rows(query, {}) == first.store.engine.rows(query, {})
    assert again.store.rows("counts/outcomes") == [("Won", 20)]
    third = discovered(again, target, tmp_path / "elsewhere" / "third.toml")
    assert third.log is not None
    assert third.log.path == "../data/log.csv", "a plant that names its log already keeps it"
