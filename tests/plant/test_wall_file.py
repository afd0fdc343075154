"""Wall files: what they say, and every mistake at its line with a cure."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from factoryview.errors import PlantError
from factoryview.plant.wall_file import KINDS, load_wall, read_wall
from factoryview.resources import data_file

_PLANT = '[[plant]]\nname = "A"\nfile = "a.csv"\n'
_VIEW = '[[view]]\nkind = "whole"\n'


def test_the_wall_that_comes_with_the_program_can_be_read() -> None:
    wall = load_wall(data_file("demo-wall.toml"))
    assert [plant.file for plant in wall.plant] == ["demo"]
    assert {view.kind for view in wall.view} >= {"whole", "constraint", "goals"}
    assert wall.distance_of(wall.view[0]) == 4
    assert wall.distance_of(wall.view[1]) == 8


def test_what_is_not_said_has_defaults() -> None:
    wall = read_wall(_PLANT + _VIEW)
    assert (wall.screen.inches, wall.screen.distance_m, wall.screen.safe_area_percent, wall.screen.drift_px) == (
        55,
        4,
        0,
        3,
    )
    assert (wall.remote.enabled, wall.remote.host, wall.remote.port) == (False, "127.0.0.1", 8730)
    assert (wall.display.power, wall.display.brightness, wall.memory.ceiling_mb) == ("none", 1, None)
    assert wall.plant_of(wall.view[0]) is wall.plant[0]


def test_hours_weekdays_and_plants_of_views() -> None:
    text = _PLANT + '[[plant]]\nname = "B"\nfile = "b.toml"\n' + "".join(f'[[view]]\nkind = "{kind}"\nplant = "B"\n'
        + ('department = "Sales"\n' if kind == "department" else "")
        + 'from = "22:00"\nuntil = 06:00:00\nweekdays = ["mon", "sun"]\n' for kind in KINDS)  # fmt: skip
    wall = read_wall(text)
    assert [view.kind for view in wall.view] == list(KINDS)
    assert {(view.since, view.until, view.weekdays) for view in wall.view} == {(time(22), time(6), ("mon", "sun"))}
    assert {wall.plant_of(view).file for view in wall.view} == {"b.toml"}


def test_a_display_is_switched_in_a_known_way_or_by_a_command() -> None:
    wall = read_wall(_PLANT + _VIEW + '[display]\non = "07:00"\noff = "19:00"\npower = ["switch", "{state}"]\n'
                     'dark_hours = ["20:00", "06:00"]\n')  # fmt: skip
    assert wall.display.power == ("switch", "{state}")
    assert wall.display.dark_hours == (time(20), time(6))
    assert read_wall(_PLANT + _VIEW + '[display]\npower = "cec"\n').display.power == "cec"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_VIEW, "There is no plant to show. Add [[plant]]"),
        (_PLANT, "There is no view to show. Add [[view]]"),
        (_PLANT + '[[view]]\nkind = "hole"\n',
         'wall, line 5, view[1], kind: "hole" is not possible for kind. Did you mean "whole"?'),
        (_PLANT + _VIEW + "secnods = 4\n",
         'line 6, view[1], secnods: There is no key "secnods" here. Did you mean "seconds"?'),
        (_PLANT + _VIEW + 'since = "08:00"\nform = 4\n',
         'line 7, view[1], form: There is no key "form" here. Did you mean "from"?'),
        (_PLANT + _VIEW + "seconds = 0\n", "0 is out of range. It must be at least 2."),
        (_PLANT + _VIEW + 'plant = "a"\n', 'There is no plant "a". Did you mean "A"?'),
        (_PLANT + _VIEW + 'department = "Sales"\n', 'A view of kind "whole" has no department.'),
        (_PLANT + '[[view]]\nkind = "department"\n', "This view does not say which department."),
        (_PLANT + _PLANT + _VIEW, '"A" is already the name of plant 1.'),
        (_PLANT + _VIEW + 'from = "08:00"\nuntil = "08:00"\n', "from and until are the same."),
        (_PLANT + _VIEW + 'from = "8 Uhr"\n', '"8 Uhr" is no time of day. Write it like from = "08:00".'),
        (_PLANT + _VIEW + '[display]\non = "08:00"\n', "on stands without off."),
        (_PLANT + _VIEW + '[display]\npower = "cek"\n', "Power is no way to switch a display"),
        (_PLANT + _VIEW + "[display]\nbrightness = 0.1\n", "0.1 is out of range. It must be at least 0.2."),
        (_PLANT + _VIEW + "[remote]\nport = 70000\n", "70000 is out of range. It must be at most 65535."),
        (_PLANT + _VIEW + '[remote]\nenabled = "yes"\n', '"yes" is neither true nor false.'),
        (_PLANT + "view = 3\n", "view"),
    ],
)  # fmt: skip
def test_every_mistake_has_its_place_and_its_cure(text: str, said: str) -> None:
    with pytest.raises(PlantError) as caught:
        read_wall(text)
    assert said.casefold() in str(caught.value).casefold()


@pytest.mark.parametrize("text", ["[[plant]", "plant = 1\nview = 2", "view = [1]\nplant = ['a']", "\x00", "a = ["])
def test_what_is_no_wall_at_all_is_said_in_sentences(text: str) -> None:
    with pytest.raises(PlantError, match="wall"):
        read_wall(text)


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(PlantError, match="There is no such file"):
        load_wall(tmp_path / "wall.toml")
    with pytest.raises(PlantError, match="This is a folder, not a wall file"):
        load_wall(tmp_path)
