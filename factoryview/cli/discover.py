"""`discover`: the plant that a log shows, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.opening import check_free, language_for, open_input, report_guesses
from factoryview.cli.options import Input, InputOptions, Lang, named
from factoryview.cli.words import text
from factoryview.errors import UsageError
from factoryview.factory.discovery import discovered, goal_of_the_plant, goals_of_stages
from factoryview.language.said import said
from factoryview.plant.files import save_plant


def discover(
    path: Input,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="The plant file, .toml.")],
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """Write it, to be edited by hand."""
    if output.suffix.lower() != ".toml":
        raise UsageError(said("error.end_toml", output=output))
    check_free(output, path, reading, fresh=True)
    factory = open_input(path, reading)
    code = language_for(factory.plant, lang).code
    save_plant(
        discovered(factory, named(path), output),
        output,
        said("discover.header").inside(code),
        beside=goals_of_stages(factory, code),
        footer=goal_of_the_plant(factory, code),
    )
    report_guesses(factory, lang)
    print(f"{output}: {text(code, 'discovered', n=len(factory.plant.stages), plant=output)}")
