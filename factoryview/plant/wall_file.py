"""Wall files: what a screen on the wall shows, when, and who may steer it. TOML, every mistake named at its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Field, Strict

from factoryview.errors import PlantError
from factoryview.language.said import said
from factoryview.plant.checks import Misfit, entries, near
from factoryview.plant.files import read_model, read_text
from factoryview.plant.words import Hour, Moment, Name, Number, PlantModel, Weekday, Whole, ZoneName

Kind = Literal["whole", "department", "constraint", "goals", "hours", "timelapse", "leaks", "ladder"]
KINDS: tuple[Kind, ...] = get_args(Kind)
POWERS = ("none", "cec", "wlr-randr", "xset")
"""How a display is switched; else a command of one's own."""
DEMO = "demo"
"""What a wall file calls the plant that comes with the program instead of a file."""


def _power(value: object) -> object:
    if isinstance(value, str) and value in POWERS:
        return value
    if isinstance(value, list) and value and all(isinstance(part, str) and part for part in value):
        return tuple(value)
    known = ", ".join(f'"{name}"' for name in POWERS)
    raise ValueError(said("error.no_power"), said("error.power_choice", known=known))


Share = Annotated[Number, Field(ge=0.2, le=1)]
Truth = Annotated[bool, Strict()]


class WallModel(PlantModel):
    """What all tables of a wall file have in common. A key may be a word of Python, like `from`."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)


class WallScreen(WallModel):
    """The screen and those who look at it."""

    inches: Number = Field(default=55, ge=1, le=1000)
    """Its diagonal."""
    distance_m: Number = Field(default=4, ge=0.1, le=100)
    """Metres to those who look at it."""
    pixels: tuple[Annotated[Whole, Field(ge=320, le=16384)], Annotated[Whole, Field(ge=180, le=16384)]] = (1920, 1080)
    """Width and height, for `check`; the wall itself takes what the display has."""
    safe_area_percent: Number = Field(default=0, ge=0, le=10)
    """What the display cuts off at each edge, in per cent of its width and height: nothing is said there."""
    drift_px: Whole = Field(default=3, ge=0, le=20)
    """So many pixels the whole picture wanders, slowly, so that nothing burns in. 0: it stands still."""


class WallPlant(WallModel):
    """A plant of which views are shown."""

    name: Name
    """What views call it."""
    file: Name
    """A plant file, a log or a store, relative to the wall file; or `demo`."""
    start: Moment | None = None
    """Of a replay: where it begins; by default a month before the end of the log."""
    seconds_per_day: Number | None = Field(default=None, gt=0, le=86400)
    """Of a replay: seconds of display for a day of data."""


class View(WallModel):
    """One thing that stands on the wall for a while."""

    kind: Kind
    """What it shows."""
    plant: Name | None = None
    """The name of one of the plants; by default the first."""
    stage: Name | None = None
    """Of a close-up: the machine; by default what limits the plant."""
    department: Name | None = None
    """Of a view of one department: its name."""
    goal: Name | None = None
    """Hour by hour: the stage or outcome whose goal is meant; by default the plant's first."""
    seconds: Number | None = Field(default=None, ge=2, le=600)
    """How long it stands; by default a quarter of a minute, a time lapse a whole one."""
    distance_m: Number | None = Field(default=None, ge=0.1, le=100)
    """Metres from which this view is to be read; by default the screen's."""
    since: Hour | None = Field(default=None, alias="from")
    """Time of day from which it is shown."""
    until: Hour | None = None
    """Time of day at which it is shown no more; before `from`: on the next day."""
    weekdays: tuple[Weekday, ...] = ()
    """Days on which it is shown (those on which it begins); none: all."""


class Remote(WallModel):
    """The page with which a phone steers the wall."""

    enabled: Truth = False
    """Off unless the file says so."""
    host: Name = "127.0.0.1"
    """The address it listens on; by default this computer alone."""
    port: Whole = Field(default=8730, ge=0, le=65535)
    """0: any that is free."""
    address: Name | None = None
    """What the QR code says where that is not host and port: `http://wall.example:8730`."""
    token_env: Name | None = None
    """The variable of the environment with the token; absent: a random one, kept in the user's settings folder."""


class DisplayRule(WallModel):
    """When the display is on, how bright, and how it is switched."""

    on: Hour | None = None
    """Time of day at which it is switched on."""
    off: Hour | None = None
    """Time of day at which it is switched off."""
    weekdays: tuple[Weekday, ...] = ()
    """Days on which it is switched on; none: all."""
    power: Annotated[str | tuple[str, ...], BeforeValidator(_power)] = Field(default="none", union_mode="left_to_right")
    """`none`, `cec`, `wlr-randr` or `xset`; or a command as a list, in which `{state}` becomes `on` or `off`."""
    brightness: Share = 1.0
    """Of the picture; 1 is as bright as it is drawn."""
    dark_hours: tuple[Hour, Hour] | None = None
    """From the first to the second time of day the picture is at its darkest."""


class Memory(WallModel):
    """What the wall may take."""

    ceiling_mb: Whole | None = Field(default=None, ge=100)
    """Resident memory above which the program begins anew, with the same view."""


class LogFile(WallModel):
    """What is written of what happened and who steered."""

    file: Name | None = None
    """Relative to the wall file; absent: nothing is written."""
    keep: Whole = Field(default=5, ge=1, le=100)
    """Files of which the oldest is dropped."""


class Wall(WallModel):
    """A wall: screen, plants, and the views that stand on it in turn."""

    title: Name | None = None
    """Instead of the plant's name."""
    language: Literal["de", "en"] | None = None
    """By default the plant's, else the system's."""
    theme: Literal["night", "day", "contrast", "auto"] = "night"
    """auto: by day from seven to seven."""
    low_motion: Truth = False
    """Nothing drifts, and only crates move."""
    timezone: ZoneName | None = None
    """Of all times of day in this file; by default the system's."""
    screen: WallScreen = WallScreen()
    plant: tuple[WallPlant, ...] = ()
    """What is to be seen."""
    view: tuple[View, ...] = ()
    """A file without a plant or a view is refused: see `find_wall_misfits`."""
    remote: Remote = Remote()
    """The page for phones."""
    display: DisplayRule = DisplayRule()
    memory: Memory = Memory()
    log: LogFile = LogFile()

    def plant_of(self, view: View) -> WallPlant:
        """The plant of a view."""
        return next((plant for plant in self.plant if plant.name == view.plant), self.plant[0])

    def seconds_of(self, view: View) -> float:
        """How long a view stands."""
        return view.seconds if view.seconds is not None else 60.0 if view.kind == "timelapse" else 15.0

    def distance_of(self, view: View) -> float:
        """Metres from which a view is to be read."""
        return view.distance_m if view.distance_m is not None else self.screen.distance_m


def is_wall(path: Path) -> bool:
    """Whether a file is meant as a wall's: TOML with plants or views, in the singular."""
    try:
        found = tomllib.loads(read_text(path)) if path.suffix == ".toml" else {}
    except (PlantError, ValueError, RecursionError):
        return False
    return "view" in found or "plant" in found


def load_wall(path: Path) -> Wall:
    """Read a wall file (TOML, UTF-8). Raises PlantError with all its mistakes at once."""
    return read_wall(read_text(path, "error.kind_wall"), str(path))


def read_wall(text: str, where: str = "wall") -> Wall:
    """Read the text of a wall file; `where` is what mistakes call it. Raises PlantError."""
    return read_model(Wall, text, where, find_wall_misfits)


def find_wall_misfits(data: dict[str, Any]) -> list[Misfit]:
    """Whether names and hours fit together, in the tables of a wall file as `tomllib` reads them."""
    return [*_names(data), *_views(data), *_hours(data)]


def _names(data: dict[str, Any]) -> Iterator[Misfit]:
    seen: dict[str, int] = {}
    for position, entry in entries(data, "plant"):
        name = entry.get("name")
        if isinstance(name, str) and name in seen:
            yield Misfit(
                ("plant", position, "name"),
                said("error.plant_name_twice", name=name, number=seen[name] + 1),
                said("error.own_names"),
            )
        elif isinstance(name, str):
            seen[name] = position
    for key in ("plant", "view"):
        if data.get(key) in (None, []):
            yield Misfit((), said("error.nothing_to_show", key=key), said("error.add_block", key=key))


def _views(data: dict[str, Any]) -> Iterator[Misfit]:
    plants = [entry["name"] for _, entry in entries(data, "plant") if isinstance(entry.get("name"), str)]
    for position, entry in entries(data, "view"):
        kind, plant = entry.get("kind"), entry.get("plant")
        if isinstance(plant, str) and plants and plant not in plants:
            yield Misfit(("view", position, "plant"), said("error.no_plant", name=plant), near(plant, plants))
        for key, only in (("department", "department"), ("stage", "constraint"), ("goal", "hours")):
            if key in entry and isinstance(kind, str) and kind in KINDS and kind != only:
                yield Misfit(
                    ("view", position, key),
                    said("error.view_has_no", kind=kind, key=key),
                    said("error.remove_key", key=key),
                )
        if kind == "department" and "department" not in entry:
            yield Misfit(("view", position), said("error.view_department"), said("error.add_department"))


def _hours(data: dict[str, Any]) -> Iterator[Misfit]:
    places: list[tuple[tuple[str | int, ...], dict[str, Any], str, str]] = [
        (("view", position), entry, "from", "until") for position, entry in entries(data, "view")
    ]
    display = data.get("display")
    if isinstance(display, dict):
        places.append((("display",), display, "on", "off"))
    for place, entry, first, last in places:
        one, other = (_hour(entry.get(key)) for key in (first, last))
        if one is not None and one == other:
            yield Misfit((*place, last), said("error.are_the_same", first=first, last=last), said("error.whole_day"))
        if place[0] == "display" and (first in entry) != (last in entry):
            here, there = (first, last) if first in entry else (last, first)
            yield Misfit(
                (*place, here),
                said("error.stands_without", here=here, there=there),
                said("error.add_or_leave", key=there),
            )


def _hour(value: object) -> time | None:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
