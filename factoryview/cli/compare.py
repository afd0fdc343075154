"""`compare`: two spans, or two plants, beside each other; without either, what changed when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.documents import print_document
from factoryview.cli.opening import language_for, open_input, report_guesses
from factoryview.cli.options import InputOptions, InputOrSchema, Json, Lang, Schema
from factoryview.errors import UsageError
from factoryview.factory.factory import Factory
from factoryview.factory.privacy import Gate
from factoryview.flow.change.changes import changes
from factoryview.flow.change.compare import Span
from factoryview.flow.change.compare import compare as compared
from factoryview.flow.change.document import Changes, Compared, changes_document, compared_document
from factoryview.flow.change.records import Records, records_of
from factoryview.flow.change.sentences import change_sentences, comparison_sentences, spans_sentence
from factoryview.view.moments import parse_span


def compare(
    path: InputOrSchema = None,
    other: Annotated[Path | None, typer.Argument(help="Another plant, beside the first.", show_default=False)] = None,
    *,
    spans: Annotated[
        tuple[str, str] | None,
        typer.Option("--spans", help='Two spans, like 2025-03 2025-09 or "2025-03-01..2025-03-31".'),
    ] = None,
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
        raise UsageError("compare needs a log, or --schema.")
    factory = open_input(path, reading)
    language = language_for(factory.plant, lang)
    records = records_of(factory.store, factory.plant)
    report_guesses(factory)
    if other is None and spans is None:
        found = changes(records)
        if json:
            print(changes_document(found, records.end).model_dump_json(indent=2))
        else:
            print("\n".join(change_sentences(found, factory.plant, language)))
        return
    second = factory if other is None else open_input(other, reading)
    if other is not None:
        report_guesses(second)
    others = records if other is None else records_of(second.store, second.plant)
    both = _span(factory, records, spans and spans[0]), _span(second, others, spans and spans[1])
    gate = Gate(max(factory.gate.smallest, second.gate.smallest))
    comparison = compared(*both, gate)
    if json:
        print(compared_document(comparison, both).model_dump_json(indent=2))
    else:
        print(spans_sentence(both, language))
        print("\n".join(comparison_sentences(comparison, factory.plant, language)))


def _span(factory: Factory, records: Records, typed: str | None) -> Span:
    """The span that was typed; without one the whole log."""
    first, last = factory.store.span()
    since, until = (first, last) if typed is None else parse_span(typed, first, last, factory.plant.timezone)
    return Span.between(records, since, until)
