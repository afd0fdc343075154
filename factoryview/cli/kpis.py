"""`kpis`: the key figures of every stage as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.opening import check_free, language_for, open_input, report_guesses
from factoryview.cli.options import Input, InputOptions, Lang
from factoryview.cli.words import text
from factoryview.errors import UsageError
from factoryview.export.tables import write_table
from factoryview.flow.kpis import kpis as table
from factoryview.language.said import said


def kpis(
    path: Input,
    *,
    bucket: Annotated[str, typer.Option("--bucket", help="hour, day, week or month.")] = "week",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file: .csv, .parquet or .json.")] = None,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """Print it, or write it to a file."""
    if bucket not in ("hour", "day", "week", "month"):
        raise UsageError(said("error.bucket_choice", bucket=bucket))
    if output is not None:
        check_free(output, path, reading)
    factory = open_input(path, reading)
    language = language_for(factory.plant, lang)
    frame = table(
        factory.store,
        bucket=bucket,  # type: ignore[arg-type]
        timezone=factory.plant.timezone,
        gate=factory.gate,
    )
    report_guesses(factory, lang)
    if output is None:
        print(frame.to_string(index=False, na_rep="", float_format=lambda number: f"{number:.2f}"))
        return
    write_table(frame, output)
    print(f"{output}: {text(language.code, 'rows', n=language.number(len(frame)))}")
