"""`compare`: two spans, or two plants, beside each other; without either, what changed when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.documents import print_document
from factoryview.cli.opening import check_free, language_for, open_input, report_guesses
from factoryview.cli.options import InputOptions, InputOrSchema, Json, Lang, Picture, Schema
from factoryview.cli.pairs import draw_pair, form_of
from factoryview.cli.presenting import presentation_of
from factoryview.cli.viewing import aspect_of
from factoryview.errors import UsageError
from factoryview.export.difference import draw_difference
from factoryview.export.filming import Format
from factoryview.export.picture import save_picture
from factoryview.factory.factory import Factory
from factoryview.factory.privacy import Gate
from factoryview.flow.change.changes import changes
from factoryview.flow.change.compare import Span
from factoryview.flow.change.compare import compare as compared
from factoryview.flow.change.document import Changes, Compared, changes_document, compared_document
from factoryview.flow.change.records import Records, records_of
from factoryview.flow.change.sentences import change_sentences, comparison_sentences, spans_sentence
from factoryview.language.said import said
from factoryview.view.moments import parse_span
from factoryview.view.paired import Paired
from factoryview.view.presentation import Presentation


def compare(
    path: InputOrSchema = None,
    other: Annotated[Path | None, typer.Argument(help="Another plant, beside the first.", show_default=False)] = None,
    *,
    spans: Annotated[
        tuple[str, str] | None,
        typer.Option("--spans", help='Two spans, like 2025-03 2025-09 or "2025-03-01..2025-03-31".'),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Both in one picture, .png, or in one film, .mp4 or .gif.")
    ] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", help="How long the film is; 60.")] = None,
    difference: Annotated[
        bool,
        typer.Option("--difference", help="The second span, with what is different on each machine."),
    ] = False,
    picture: Picture,
    json: Json = False,
    schema: Schema = False,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """At most seven differences, the weightiest first."""
    if schema:
        print_document({"compared": Compared.model_json_schema(), "changes": Changes.model_json_schema()})
        return
    if path is None:
        raise UsageError(said("error.compare_needs"))
    form = None if output is None else form_of(output, picture, seconds, difference=difference)
    if difference and output is None:
        raise UsageError(said("error.difference_picture"))
    for given in (path, other):
        if output is not None and given is not None:
            check_free(output, given, reading)
    factory = open_input(path, reading)
    language = language_for(factory.plant, lang)
    records = records_of(factory.store, factory.plant)
    report_guesses(factory, lang)
    if other is None and spans is None:
        if output is not None:
            raise UsageError(said("error.picture_needs_spans", output=output))
        found = changes(records)
        if json:
            print(changes_document(found, records.end).model_dump_json(indent=2))
        else:
            print("\n".join(change_sentences(found, factory.plant, language)))
        return
    second = factory if other is None else open_input(other, reading)
    if other is not None:
        report_guesses(second, lang)
    others = records if other is None else records_of(second.store, second.plant)
    both = _span(factory, records, spans and spans[0]), _span(second, others, spans and spans[1])
    gate = Gate(max(factory.gate.smallest, second.gate.smallest))
    comparison = compared(*both, gate)
    if difference and output is not None and form is not None:
        wide = aspect_of((round(0.7 * form.size[0]), form.size[1]))
        save_picture(draw_difference(_studied(second, lang, wide), comparison, both, form), output)
    elif output is not None and form is not None:
        _draw(output, form, (factory, second), both, seconds, lang)
    if json:
        print(compared_document(comparison, both).model_dump_json(indent=2))
    else:
        print(spans_sentence(both, language))
        print("\n".join(comparison_sentences(comparison, factory.plant, language)))


def _studied(factory: Factory, lang: str | None, wide: float) -> Presentation:
    presentation = presentation_of(factory, lang, wide)
    presentation.model.study()
    return presentation


def _draw(
    output: Path,
    form: Format,
    factories: tuple[Factory, Factory],
    spans: tuple[Span, Span],
    seconds: float | None,
    lang: str | None,
) -> None:
    """Both in one file; a plant that is compared with itself is counted once."""
    wide = aspect_of((form.size[0], form.size[1] // 2))
    first = presentation_of(factories[0], lang, wide)
    second = first if factories[1] is factories[0] else presentation_of(factories[1], lang, wide)
    sides = [(span.first, each.model.last if span.until == len(span.records.days) else span.end, each.language.zone)
             for span, each in zip(spans, (first, second), strict=True)]  # fmt: skip
    paired = Paired(*sides)
    for each in dict.fromkeys((first, second)):
        each.model.study()
    draw_pair(output, form, (first, second), paired, seconds)


def _span(factory: Factory, records: Records, typed: str | None) -> Span:
    """The span that was typed; without one the whole log."""
    first, last = factory.store.span()
    since, until = (first, last) if typed is None else parse_span(typed, first, last, factory.plant.timezone)
    return Span.between(records, since, until)
