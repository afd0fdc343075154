"""`wall`: the kiosk on an office wall, and what goes with it: how walls are, installing one, what one may show."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.options import Lang, language_of, parse_size, system_language
from factoryview.errors import UsageError
from factoryview.language import Code, Language
from factoryview.language.said import said
from factoryview.plant.wall_file import DEMO, Wall, load_wall
from factoryview.resources import data_file

TOKEN = "FACTORYVIEW_WALL_TOKEN"
"""The variable with the token of walls that are asked how they are."""


def wall(
    given: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]", help="A wall file, .toml, or demo; with --status: HOST[:PORT]…"),
    ] = None,
    *,
    windowed: Annotated[bool, typer.Option("--windowed", help="In a window instead of the full screen.")] = False,
    size: Annotated[str | None, typer.Option("--size", help="WIDTHxHEIGHT in pixels (also as -1920x1080).")] = None,
    view: Annotated[str | None, typer.Option("--view", help="The view to begin with, by its name.")] = None,
    seconds: Annotated[float | None, typer.Option("--for", help="End after so long.")] = None,
    status: Annotated[bool, typer.Option("--status", help="How these walls are; status 1: one is not well.")] = False,
    install: Annotated[bool, typer.Option("--install", help="Start this wall with the desktop.")] = False,
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Undo --install.")] = False,
    privacy: Annotated[
        bool, typer.Option("--privacy", help="A page on what this wall shows, cannot show, and who may change it.")
    ] = False,
    test_card: Annotated[
        bool,
        typer.Option("--test-card", help="Edges, sizes at their distances, colours and motion, instead of a wall."),
    ] = False,
    lang: Lang = None,
) -> None:
    """Views in turn until the window is closed; Escape or Q does."""
    wanted = [
        name for name, asked in zip(_INSTEAD, (status, install, uninstall, privacy, test_card), strict=True) if asked
    ]
    if len(wanted) > 1:
        raise UsageError(said("error.one_of", options=", ".join(_INSTEAD)))
    code = language_of(lang, None)
    if status:
        _tell_status(given or [], code)
    elif uninstall:
        _uninstall(code)
    else:
        file, known = _read(given or [], lang)
        if install:
            _install(file, code)
        elif privacy:
            _tell_privacy(file, known, code)
        elif test_card:
            _show_card(known, windowed=windowed, size=size, seconds=seconds)
        else:
            chosen = None if lang is None else code
            _show(file, known, chosen, windowed=windowed, size=size, view=view, seconds=seconds)


_INSTEAD = ("--status", "--install", "--uninstall", "--privacy", "--test-card")


def _read(given: list[str], lang: str | None) -> tuple[Path, Wall]:
    if len(given) != 1:
        raise UsageError(said("error.one_wall"))
    file = data_file("demo-wall.toml") if given[0] == DEMO else Path(given[0])
    known = load_wall(file)
    if lang is not None:
        known = known.model_copy(update={"language": language_of(lang, None)})
    return file, known


def _show(
    file: Path, wall: Wall, lang: Code | None, *, windowed: bool, size: str | None, view: str | None,
    seconds: float | None,
) -> None:  # fmt: skip
    """On a full screen for ever it is supervised: this process is then the parent of the one that shows it."""
    from factoryview.wall.keeping.pulse import SUPERVISED

    pixels = parse_size(size)
    alone = windowed or seconds is not None or sys.platform == "win32"  # where signals are not those of Unix
    if not alone and SUPERVISED not in os.environ:
        from factoryview.app.installed import own_command
        from factoryview.wall.keeping.supervised import supervise

        raise typer.Exit(supervise(file, wall, own_command(), sys.argv[1:]))
    from factoryview.app.display import WindowOptions
    from factoryview.wall.loop import LoopOptions
    from factoryview.wall.running import WallProgram, run_wall

    code = wall.language or system_language()
    window = WindowOptions(pixels, not windowed, wall.title or "factoryview", code)
    options = LoopOptions(window, "night" if wall.theme == "auto" else wall.theme, seconds)
    ended = run_wall(WallProgram(file, wall, code, view or "", lang), options, os.environ)
    if ended:
        raise typer.Exit(ended)


def _show_card(wall: Wall, *, windowed: bool, size: str | None, seconds: float | None) -> None:
    """The test card until it is closed, or for so long."""
    from factoryview.app.display import WindowOptions
    from factoryview.scene.theme import ThemeName
    from factoryview.wall.card import TestCard
    from factoryview.wall.loop import LoopOptions, show_wall

    code = wall.language or system_language()
    theme: ThemeName = "night" if wall.theme == "auto" else wall.theme
    window = WindowOptions(parse_size(size), not windowed, wall.title or "factoryview", code)
    show_wall(lambda: TestCard(wall, Language(code), theme), LoopOptions(window, theme, seconds))


def _tell_status(given: list[str], code: Code) -> None:
    from factoryview.wall.status import asked_of, kept_token, status_of

    if not given:
        raise UsageError(said("error.status_needs"))
    token = os.environ.get(TOKEN) or kept_token()
    told = status_of([asked_of(each, token) for each in given], Language(code))
    for each in told:
        print(each.line)
    if not all(each.well for each in told):
        raise typer.Exit(1)


def _install(file: Path, code: Code) -> None:
    from factoryview.app.installed import own_command
    from factoryview.wall.keeping.install import install, places_of, run_command

    language = Language(code)
    for done in install(file, own_command(), places_of(os.environ, Path.home()), run_command):
        print(language.text(f"install.{done.did}", what=done.what))
    print(language.text("install.next"))


def _uninstall(code: Code) -> None:
    from factoryview.wall.keeping.install import places_of, run_command, uninstall

    language = Language(code)
    dones = uninstall(places_of(os.environ, Path.home()), run_command)
    for done in dones:
        print(language.text(f"install.{done.did}", what=done.what))
    if not dones:
        print(language.text("install.nothing"))


def _tell_privacy(file: Path, wall: Wall, code: Code) -> None:
    from factoryview.wall.plants import path_of
    from factoryview.wall.privacy import privacy_page, shown_plant

    plants = [shown_plant(said.name, path_of(said, file.parent)) for said in wall.plant]
    print(privacy_page(file, wall, plants, Language(code), date.today()), end="")
