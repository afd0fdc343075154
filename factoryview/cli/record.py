"""`record`: the live sources of a plant into its store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factoryview.app.recording import record as record_plant
from factoryview.cli.options import Lang, language_of
from factoryview.errors import UsageError
from factoryview.language.said import said


def record(
    path: Annotated[Path, typer.Argument(help="A plant file with [[feeds]].")],
    *,
    seconds: Annotated[float | None, typer.Option("--seconds", help="End after so long.")] = None,
    lang: Lang = None,
) -> None:
    """Until Ctrl-C, or for so long."""
    if seconds is not None and not seconds > 0:
        raise UsageError(said("error.seconds_positive", seconds=seconds))
    record_plant(path, seconds, language_of=lambda plant: language_of(lang, plant.language))
