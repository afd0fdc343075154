"""`forecast`: how many by the end of the month, and when those in progress are done."""

from __future__ import annotations

from factoryview.cli.documents import print_document
from factoryview.cli.opening import foreseen_from, language_for, open_input, report_guesses
from factoryview.cli.options import At, InputOptions, InputOrSchema, Json, Lang, Schema
from factoryview.errors import InputError, UsageError
from factoryview.flow.change.document import ForecastPart, forecast_document
from factoryview.flow.change.forecast import forecast as expected
from factoryview.flow.change.records import records_of
from factoryview.flow.change.sentences import forecast_sentences
from factoryview.language.said import said


def forecast(
    path: InputOrSchema = None,
    *,
    at: At = None,
    json: Json = False,
    schema: Schema = False,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """As known at the end of the log, or at a moment."""
    if schema:
        print_document(ForecastPart.model_json_schema())
        return
    if path is None:
        raise UsageError(said("error.forecast_needs"))
    factory = open_input(path, reading)
    found = expected(records_of(factory.store, factory.plant, foreseen_from(factory, at)))
    report_guesses(factory, lang)
    if not json:
        print("\n".join(forecast_sentences(found, language_for(factory.plant, lang))))
        return
    if found is None:
        raise InputError(said("error.too_few_ended"), cure=said("error.ask_later"))
    print(forecast_document(found).model_dump_json(indent=2))
