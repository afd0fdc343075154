"""The page for the works council says what the files say, in both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from factoryview.language import CODES, Code, Language
from factoryview.plant.models import Privacy
from factoryview.plant.wall_file import KINDS, LogFile, Remote, View, Wall, WallPlant
from factoryview.store.kept import cache_folder
from factoryview.wall.privacy import ShownPlant, privacy_page

WALL = Wall(title="Sales", plant=(WallPlant(name="Works", file="works.toml"),), view=(View(kind="goals"),))
DAY = date(2026, 3, 2)


def page(wall: Wall = WALL, privacy: Privacy | None = None, code: Code = "en") -> dict[str, str]:
    """Heading → what stands below it."""
    shown = [ShownPlant("Works", Path("works.toml"), privacy or Privacy())]
    text = privacy_page(Path("WALL.toml"), wall, shown, Language(code), DAY)
    parts = [part.partition("\n") for part in text.split("\n## ")]
    return {head.removeprefix("# "): body for head, _, body in parts}


def test_what_a_plant_does_not_allow_stands_under_what_cannot_be_shown() -> None:
    strict = page()
    assert "fewer than 6 cases" in strict["It cannot show"]
    assert "Works: case numbers" in strict["It cannot show"]
    assert "names of customers" in strict["It cannot show"]
    assert strict["Allowed, because the plant file says so"].strip() == "- nothing more"
    loose = page(privacy=Privacy(case_ids=True, smallest_group=10))
    assert "fewer than 10 cases" in loose["It cannot show"]
    assert "case numbers" not in loose["It cannot show"]
    assert loose["Allowed, because the plant file says so"].strip() == "- Works: case numbers"
    assert "people at work have no way" in loose["It cannot show"]


def test_only_the_views_of_the_file_are_named() -> None:
    assert page()["It shows"].count("\n- ") == 2
    every = WALL.model_copy(update={"view": tuple(View(kind=kind) for kind in KINDS)})
    assert page(every)["It shows"].count("\n- ") == len(KINDS) + 1


def test_who_may_change_it_depends_on_the_phone_page() -> None:
    def changed(remote: Remote) -> str:
        return page(WALL.model_copy(update={"remote": remote}))["Who may change this"]

    assert "nobody else" in changed(Remote())
    assert "this computer only" in changed(Remote(enabled=True))
    assert "http://10.0.0.7:8730" in changed(Remote(enabled=True, host="10.0.0.7"))
    assert "http://wall.example" in changed(Remote(enabled=True, address="http://wall.example"))


@pytest.mark.parametrize("code", CODES)
def test_it_is_one_page_with_all_its_files(code: Code) -> None:
    wall = WALL.model_copy(update={"log": LogFile(file="wall.log", keep=4)})
    sections = page(wall, code=code)
    text = "\n".join(sections.values())
    assert len(sections) == 6
    assert all(name in text for name in ("WALL.toml", "works.toml", "works.notes", "wall.log", "smallest_group"))
    assert str(cache_folder()) in text
    assert text.count("\n") < 60
