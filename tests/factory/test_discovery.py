"""A discovered plant names its data, seen from its own file, so that the file can be played by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from factoryview.factory.discovery import discovered, goal_of_the_plant, goals_of_stages
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.plant.files import dump_plant, load_plant, save_plant
from tests.kit.command import factoryview

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


def waits(path: Path) -> dict[str, list[float]]:
    """A log whose cases stay for other spans each; days of the stays that are over, by stage."""
    rng, rows, found = Random(3), [], {"Ask": [], "Bid": []}
    for k in range(60):
        at = datetime(2024, 1, 1) + timedelta(hours=11 * k)
        for stage in ("Ask", "Bid", "Won"):
            rows.append(f"d{k},{stage},{at:%Y-%m-%d %H:%M}")
            hours = rng.randrange(20, 400)
            if stage in found:
                found[stage].append(hours / 24)
            at += timedelta(hours=hours)
    path.write_text("deal,phase,entered\n" + "\n".join(rows), encoding="utf-8")
    return found


def test_goals_are_suggested_and_hold_without_their_sign(tmp_path: Path) -> None:
    days = waits(tmp_path / "log.csv")
    made = factoryview("discover", tmp_path / "log.csv", "-o", tmp_path / "p.toml", "--times", "entry", "--lang", "en")
    assert made.status == 0, made.err
    text = (tmp_path / "p.toml").read_text(encoding="utf-8")
    plant = load_plant(tmp_path / "p.toml")
    assert [stage.target_wait for stage in plant.stages] == [None, None]
    assert plant.targets == ()
    bare = "\n".join(line.removeprefix("# ") for line in text.splitlines() if not line.startswith("# What"))
    bare = "\n".join(line for line in bare.splitlines() if not line.startswith("As many"))
    (tmp_path / "q.toml").write_text(bare, encoding="utf-8")
    wanted = load_plant(tmp_path / "q.toml")
    for stage in wanted.stages:
        assert stage.target_wait is not None
        goal = stage.target_wait / timedelta(days=1)
        assert goal == int(goal)
        assert sum(span <= goal for span in days[stage.name]) / 60 >= 0.85 - 1 / 60
        assert sum(span <= goal - 1 for span in days[stage.name]) / 60 < 0.85 + 1 / 60
    assert [(target.of, target.per_day > 0) for target in wanted.targets] == [("Won", True)]


def test_where_goals_are_said_none_are_suggested(tmp_path: Path) -> None:
    waits(tmp_path / "log.csv")
    base = 'name = "x"\n[[stages]]\nname = "Ask"\ntarget_wait = "2 d"\n[[stages]]\nname = "Bid"\n'
    (tmp_path / "p.toml").write_text(
        base + '[[targets]]\nof = "Bid"\nper_day = 3\n[log]\npath = "log.csv"\n', encoding="utf-8"
    )
    factory = open_factory(tmp_path / "p.toml")
    assert set(goals_of_stages(factory, "de")) == {"Bid"}
    assert "85 % der Fälle" in goals_of_stages(factory, "de")["Bid"]
    assert goal_of_the_plant(factory, "de") == ""


def test_comments_change_nothing_of_the_plant(tmp_path: Path) -> None:
    plant = open_factory(written(tmp_path)).plant
    save_plant(plant, tmp_path / "x.toml", "one\ntwo", beside={"Ask": "three"}, footer="four")
    assert load_plant(tmp_path / "x.toml") == plant
    assert (tmp_path / "x.toml").read_text(encoding="utf-8").count("# ") == 4


def written(folder: Path) -> Path:
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    return folder / "log.csv"
