"""`report`: a page for the meeting, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.opening import check_free, open_input, progress_bar, report_guesses
from factoryview.cli.options import Input, InputOptions, Lang
from factoryview.cli.presenting import presentation_of
from factoryview.cli.viewing import aspect_of
from factoryview.cli.words import text
from factoryview.errors import InputError, UsageError
from factoryview.export.report import SIZE, contents_of, page_of
from factoryview.export.report_pdf import pdf_of
from factoryview.language.said import said
from factoryview.output import replacing
from factoryview.view.moments import parse_moment


def report(
    path: Input,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="The page, .html or .pdf.")],
    since: Annotated[str | None, typer.Option("--from", help="Begin of a span.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="End of a span.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Instead of the plant's name.")] = None,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """Of the whole log, or of a span as known at its end."""
    if output.suffix.lower() not in (".html", ".pdf"):
        raise UsageError(said("error.end_report", output=output))
    check_free(output, path, reading)
    factory = open_input(path, reading)
    presentation = presentation_of(factory, lang, aspect_of(SIZE), title)
    model, language = presentation.model, presentation.language
    first, last = (
        edge if typed is None else parse_moment(typed, model.first, model.last, factory.plant.timezone)
        for typed, edge in ((since, model.first), (until, model.last))
    )
    first, last = max(first, model.first), min(last, model.last)
    if first >= last:
        raise UsageError(said("error.span_empty"))
    with progress_bar() as bar:
        contents = contents_of(presentation, first, last, lambda share: bar(share, text(language.code, "reporting")))
    try:
        with replacing(output) as file:
            if output.suffix.lower() == ".pdf":
                file.write_bytes(pdf_of(contents, last))
            else:
                file.write_text(page_of(contents), encoding="utf-8")
    except OSError as error:
        raise InputError(said("error.page_not_written", why=error), where=str(output)) from error
    report_guesses(factory, lang)
    print(f"{output}: {contents.span}")
