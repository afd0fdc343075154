"""`check WALL.toml`: its round, headlines in sight, and what cannot be read, measured in what was drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.plant.wall_file import KINDS, is_wall, load_wall, read_wall
from factoryview.resources import data_file
from factoryview.scene.legibility import LEAST, Viewing
from factoryview.wall.check import CheckedWall, _drawn, check_wall, unread
from factoryview.wall.plants import PlantOnWall, Speaking
from factoryview.wall.views import Scene
from tests.kit.command import factoryview, write_log
from tests.kit.small_plants import studied
from tests.wall.kit import Played


def checked(folder: Path, text: str) -> CheckedWall:
    write_log(folder / "deals.csv")
    path = folder / "wall.toml"
    path.write_text(text, encoding="utf-8")
    return check_wall(path, "en")


def wall_of(*views: str, plants: tuple[str, ...] = ("A",), extra: str = "") -> str:
    tables = "".join(f'[[plant]]\nname = "{name}"\nfile = "deals.csv"\n' for name in plants)
    return extra + tables + "".join(f"[[view]]\n{view}\n" for view in views)


def said(found: CheckedWall, severity: str = "warning") -> list[str]:
    return [str(remark) for remark in found.remarks if remark.severity == severity]


def test_a_round_that_takes_too_long_is_said_with_what_to_take_away(tmp_path: Path) -> None:
    found = checked(tmp_path, wall_of('kind = "whole"\nseconds = 100', 'kind = "leaks"\nseconds = 45'))
    [told] = [text for text in said(found) if "round" in text]
    assert "takes 145 s" in told
    assert 'Take 25 s away: the longest view is "whole"' in told
    assert found.usable
    night = checked(tmp_path, wall_of('kind = "whole"\nseconds = 100\nfrom = "08:00"\nuntil = "18:00"',
                                      'kind = "leaks"\nseconds = 45\nfrom = "18:00"\nuntil = "08:00"'))  # fmt: skip
    assert [text for text in said(night) if "round" in text] == []


def test_a_headline_that_is_out_of_sight_more_than_half_of_the_time_is_said(tmp_path: Path) -> None:
    half = ('kind = "whole"\nplant = "A"\nseconds = 20', 'kind = "whole"\nplant = "B"\nseconds = 20')
    assert [text for text in said(checked(tmp_path, wall_of(*half, plants=("A", "B")))) if "sight" in text] == []
    less = (*half, 'kind = "leaks"\nplant = "B"\nseconds = 10')
    [told] = [text for text in said(checked(tmp_path, wall_of(*less, plants=("A", "B")))) if "sight" in text]
    assert 'The headline of "A" is in sight 40% of the time. Give "A" 5 s more' in told


def test_hours_without_a_view_and_names_that_are_not_there(tmp_path: Path) -> None:
    views = (
        'kind = "department"\ndepartment = "Sales"\nuntil = "18:00"',
        'kind = "constraint"\nstage = "Ofer"\nuntil = "18:00"',
    )
    found = checked(tmp_path, wall_of(*views))
    assert any("Monday 18:00: No view has its hour" in text for text in said(found))
    errors = said(found, "error")
    assert any('There is no department "Sales"' in text for text in errors)
    assert any('There is no stage "Ofer". Did you mean "Offer"?' in text for text in errors)
    assert not found.usable


def test_a_file_or_plant_that_cannot_be_read_is_an_error_with_its_place(tmp_path: Path) -> None:
    found = checked(tmp_path, wall_of('kind = "hole"'))
    assert "line 5, view[1], kind" in said(found, "error")[0]
    gone = checked(tmp_path, wall_of('kind = "whole"').replace("deals.csv", "gone.csv"))
    assert "gone.csv" in said(gone, "error")[0]
    assert not gone.usable


def scene_of(text: str, kind: str) -> tuple[Scene, tuple[int, int]]:
    wall = read_wall(text)
    plant = PlantOnWall(wall.plant[0], Path(), Speaking(None, "en", None), "night", low_motion=True, now=0)
    plant.show(Played(studied("piled")))
    view = next(view for view in wall.view if view.kind == kind)
    return Scene(plant, wall, view, wall.screen.pixels), wall.screen.pixels


@pytest.mark.parametrize("kind", ["constraint", "goals", "leaks", "whole"])
@pytest.mark.parametrize("pixels", [(1920, 1080), (1080, 1920)])
def test_every_letter_that_must_be_read_spans_sixteen_minutes_of_arc(kind: str, pixels: tuple[int, int]) -> None:
    distance = 4 if kind == "whole" else 8
    text = wall_of(
        f'kind = "{kind}"', extra=f"[screen]\ninches = 55\ndistance_m = {distance}\npixels = {list(pixels)}\n"
    )
    scene, size = scene_of(text.replace("file", "start = 2025-04-08\nfile"), kind)
    page, tree = _drawn(scene)
    assert list(unread(page, tree, read_wall(text), scene.view, size, "here")) == []
    viewing = Viewing(55, distance, size[0] / size[1])
    strip = tree.find("strip")
    assert strip is not None
    lines = [line for line in page.written if strip.rect.contains(line.ink)]
    assert len(lines) >= 3
    assert all(viewing.arc(line.size, size[1]) >= LEAST - 0.05 for line in lines)


def test_the_headline_of_a_near_view_is_read_from_where_the_farthest_stand() -> None:
    extra, near = "[screen]\ninches = 55\ndistance_m = 8\n", 'kind = "whole"\ndistance_m = 4'
    scene, size = scene_of(wall_of(near, extra=extra), "whole")
    page, tree = _drawn(scene)
    assert list(unread(page, tree, read_wall(wall_of(near, extra=extra)), scene.view, size, "here")) == []
    boxes = [node.rect for node in tree.walk() if node.id.startswith("strip/headline/")]
    lines = [line for line in page.written if any(box.contains(line.ink) for box in boxes)]
    assert lines
    assert all(Viewing(55, 8, size[0] / size[1]).arc(line.size, size[1]) >= LEAST - 0.05 for line in lines)
    farther = read_wall(wall_of(near, extra=extra.replace("= 8", "= 10")))
    found = [str(remark) for remark in unread(page, tree, farther, farther.view[0], size, "here")]
    assert found
    assert all("at 10 m" in text for text in found)


def test_what_is_drawn_for_one_distance_is_not_read_from_farther() -> None:
    scene, size = scene_of(wall_of('kind = "constraint"', extra="[screen]\ndistance_m = 8\n"), "constraint")
    page, tree = _drawn(scene)
    far = read_wall(wall_of('kind = "constraint"', extra="[screen]\ndistance_m = 12\n"))
    found = [str(remark) for remark in unread(page, tree, far, far.view[0], size, "here")]
    assert any("10.7′ of arc at 12 m" in text or "10.8′ of arc at 12 m" in text for text in found)


def test_the_wall_of_the_program_has_nothing_to_complain_of() -> None:
    shown = factoryview("check", data_file("demo-wall.toml"), "--lang", "en")
    assert shown.status == 0, shown.out
    assert shown.out.splitlines()[-1] == "demo-wall.toml: usable; nothing to complain of."
    assert "a round takes 112 s" in shown.out
    assert {view.kind for view in load_wall(data_file("demo-wall.toml")).view} == set(KINDS)
    assert is_wall(data_file("demo-wall.toml"))
    assert not is_wall(data_file("umsatzwerk.toml"))
