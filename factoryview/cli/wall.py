"""`wall`: the kiosk on an office wall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factoryview.app.display import WindowOptions
from factoryview.cli.options import Lang, language_of, parse_size, system_language
from factoryview.plant.wall_file import DEMO, load_wall
from factoryview.resources import data_file

if TYPE_CHECKING:
    from factoryview.wall.kiosk import Kiosk


def wall(
    path: Annotated[Path, typer.Argument(help="A wall file, .toml, or demo.")],
    *,
    windowed: Annotated[bool, typer.Option("--windowed", help="In a window instead of the full screen.")] = False,
    size: Annotated[str | None, typer.Option("--size", help="WIDTHxHEIGHT in pixels (also as -1920x1080).")] = None,
    view: Annotated[str | None, typer.Option("--view", help="The view to begin with, by its name.")] = None,
    seconds: Annotated[float | None, typer.Option("--for", help="End after so long.")] = None,
    lang: Lang = None,
) -> None:
    """Views in turn until the window is closed; Escape or Q does."""
    file = data_file("demo-wall.toml") if str(path) == DEMO else path
    known = load_wall(file)
    if lang is not None:
        known = known.model_copy(update={"language": language_of(lang, None)})
    code = known.language or system_language()
    window = WindowOptions(parse_size(size), not windowed, known.title or "factoryview", code)
    from factoryview.wall.loop import LoopOptions, show_wall

    def make() -> Kiosk:
        from factoryview.wall.kiosk import Kiosk

        return Kiosk(file, known, code, view=view or "")

    show_wall(make, LoopOptions(window, "day" if known.theme == "day" else "night", seconds))
