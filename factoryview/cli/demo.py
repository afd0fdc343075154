"""`demo`: a plant that comes with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.options import DEMOS, InputOptions, Lang, Picture, Playing, named
from factoryview.cli.play import play
from factoryview.errors import UsageError
from factoryview.language.said import said


def demo(
    plant: Annotated[str, typer.Argument(help="umsatzwerk or permits.")] = "umsatzwerk",
    *,
    picture: Picture,
    playing: Playing,
    lang: Lang = None,
) -> None:
    """Play it as any other."""
    if plant not in DEMOS.values():
        raise UsageError(said("error.no_demo", plant=plant))
    play(named(Path(plant)), reading=InputOptions(), picture=picture, playing=playing, lang=lang)
