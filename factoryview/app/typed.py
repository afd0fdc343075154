"""What was typed on the command line, understood: sizes, themes, languages, reading options."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factoryview.errors import UsageError

if TYPE_CHECKING:
    from factoryview.factory.factory import Factory, Opening
    from factoryview.language import Code, Language
    from factoryview.plant.models import Plant
    from factoryview.scene.legibility import Viewing
    from factoryview.scene.theme import Theme
    from factoryview.view.presentation import Presentation


@dataclass(frozen=True)
class Reading:
    """The reading options as they were typed."""

    plant: Path | None
    map: str | None
    times: str | None
    ends: str | None
    timezone: str | None
    stages: int

    def opening(self) -> Opening:
        from factoryview.factory.factory import Opening

        if self.times not in (None, "entry", "completion", "interval"):
            raise UsageError(f'--times {self.times}: use "entry", "completion" or "interval".')
        if self.stages < 0:
            raise UsageError(f"--stages {self.stages}: use 0 (do not fold) or a number of machines.")
        ends = None if self.ends is None else tuple(end.strip() for end in self.ends.split(",") if end.strip())
        return Opening(self.plant, parse_map(self.map), self.times, ends, self.timezone, self.stages)


def parse_map(text: str | None) -> dict[str, str]:
    """`case=Ticket,time=Changed` as role → column."""
    found: dict[str, str] = {}
    for part in (text or "").split(","):
        if part.strip():
            role, equals, column = part.partition("=")
            if not equals or not column.strip():
                raise UsageError(f'--map {text}: "{part}" is not ROLE=COLUMN, like case=Ticket.')
            found[role.strip()] = column.strip()
    return found


def open_input(path: Path, reading: Reading) -> Factory:
    """Open what was named, behind a progress bar."""
    from factoryview.factory.factory import open_factory

    with progress_bar() as progress:
        return open_factory(path, reading.opening(), progress)


def inputs_of(path: Path, plant: Path | None) -> list[Path]:
    """Every file that opening `path` reads: logs, tables, plant files, what its sources follow, and the store."""
    from factoryview.errors import PlantError
    from factoryview.factory.factory import store_of
    from factoryview.plant.files import load_plant

    found = [file for file in (path, plant) if file is not None]
    for file in [file for file in found if file.suffix == ".toml"]:
        try:
            known = load_plant(file)
        except PlantError:
            continue  # opening it says so
        near = file.parent
        if known.log is not None:
            found += [near / known.log.path, *(near / known.log.path / table.table for table in known.log.tables)]
        found += [near / named for feed in known.feeds if (named := getattr(feed, "path", None))]
        found.append(store_of(file, known))
    return found


def presentation_of(factory: Factory, lang: str | None, aspect: float = 2.1, title: str | None = None) -> Presentation:
    """The plant in the language asked for, else its own, else the system's. title: instead of its name."""
    from factoryview.view.model import Model
    from factoryview.view.presentation import Presentation

    language = language_for(factory.plant, lang)
    return Presentation(Model(factory, language.code, aspect=aspect), language, title=title)


def language_for(plant: Plant, lang: str | None) -> Language:
    """The language asked for, else the plant's, else the system's, with the plant's time zone and currency."""
    from factoryview.language import Language

    return Language(language_of(lang, plant.language), plant.timezone, plant.currency)


def system_language() -> str:
    """`de` where the system speaks German, else `en`."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "de" if said.startswith("de") else "en"


@contextmanager
def progress_bar() -> Iterator[Callable[[float, str], None]]:
    """A bar on the terminal; nothing when nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _share, _doing: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, doing: bar.update(task, completed=share, description=doing)


def parse_size(text: str | None, usual: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """`1920x1080` as width and height; `usual` where nothing was said."""
    if text is None:
        return usual
    match = re.fullmatch(r"(\d+)[xX×](\d+)", text)
    if not match or not (320 <= int(match[1]) <= 16_384 and 180 <= int(match[2]) <= 16_384):
        raise UsageError(f"--size {text}: use WIDTHxHEIGHT from 320x180 to 16384x16384, like 1920x1080.")
    return int(match[1]), int(match[2])


def parse_theme(name: str) -> Theme:
    """The theme of that name."""
    from factoryview.scene.theme import DAY, NIGHT

    if name not in ("night", "day"):
        raise UsageError(f'--theme {name}: use "night" or "day".')
    return DAY if name == "day" else NIGHT


def viewing_of(screen: float | None, distance: float | None, size: tuple[int, int]) -> Viewing | None:
    """The screen and its viewers, if both were said. size: pixels, for the screen's shape."""
    from factoryview.scene.legibility import Viewing

    if screen is None and distance is None:
        return None
    if screen is None or distance is None:
        raise UsageError("give both: --screen INCHES and --distance METRES.")
    if not (1 <= screen <= 1_000 and 0.1 <= distance <= 100):
        raise UsageError(f"--screen {screen:g} --distance {distance:g}: use 1 to 1000 inches and 0.1 to 100 metres.")
    return Viewing(screen, distance, size[0] / size[1])


def aspect_of(size: tuple[int, int]) -> float:
    """Width ÷ height of the part of a screen that the floor fills."""
    from factoryview.scene.chrome.furniture import Screen

    floor = Screen(*size).floor
    return floor.w / floor.h


def report_guesses(factory: Factory) -> None:
    """What was guessed or set aside, on the error stream, one line each."""
    for finding in factory.findings:
        if finding.severity != "info":
            print(f"{finding.severity}: {finding.place}: {finding.text} {finding.cure}".rstrip(), file=sys.stderr)


def language_of(said: str | None, usual: str | None) -> Code:
    """The language said, else the usual one, else the system's."""
    code = said or usual or system_language()
    if code not in ("de", "en"):
        raise UsageError(f'--lang {code}: use "de" or "en".')
    return "de" if code == "de" else "en"
