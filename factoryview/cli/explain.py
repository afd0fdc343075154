"""`explain`: the verdict in plain words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import Field

from factoryview.cli.documents import print_document
from factoryview.cli.opening import language_for, open_input, report_guesses
from factoryview.cli.options import At, InputOptions, InputOrSchema, Json, Lang, Schema, language_of
from factoryview.errors import UsageError
from factoryview.factory.factory import Factory
from factoryview.flow.verdict.definitions import define as definition
from factoryview.flow.verdict.document import Verdict
from factoryview.flow.verdict.otherwise import Doubt, otherwise, sentence
from factoryview.flow.verdict.sentences import sentences
from factoryview.flow.verdict.verdict import verdict
from factoryview.language.said import said
from factoryview.time import micros_of
from factoryview.view.boards import Boards, boards_of
from factoryview.view.model import Model
from factoryview.view.moments import parse_moment


class Explained(Verdict, Boards):
    """The verdict with the boards of its moment."""

    otherwise: Doubt | None = Field(
        description="What is named if the times mean the other thing; null: the same, or their meaning is no guess."
    )


def explain(
    path: InputOrSchema = None,
    *,
    at: At = None,
    since: Annotated[str | None, typer.Option("--from", help="Begin of a span.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="End of a span.")] = None,
    json: Json = False,
    schema: Schema = False,
    define: Annotated[str | None, typer.Option("--define", help="What a word or number means.")] = None,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """Of now, unless --at or --from/--to say so."""
    if schema:
        print_document(Explained.model_json_schema())
        return
    if define is not None:
        print(definition(define, language_of(lang, None)))
        return
    if path is None:
        raise UsageError(said("error.explain_needs"))
    if (since is None) != (until is None) or (since and at):
        raise UsageError(said("error.at_or_span"))
    factory = open_input(path, reading)
    moment, span = _asked(factory, at, since, until)
    found = verdict(factory.store, factory.plant, at=moment, span=span)
    other = otherwise(factory)
    doubt = None if other is None else other.doubt(found.headline.stage, found.at, span)
    report_guesses(factory, lang)
    if json:
        boards = boards_of(Model(factory), micros_of(found.at))
        print(Explained(**dict(found), **dict(boards), otherwise=doubt).model_dump_json(indent=2))
    else:
        print("\n".join(sentences(found, factory.plant, language_of(lang, factory.plant.language))))
        if doubt is not None:
            print(sentence(doubt, factory.plant, language_for(factory.plant, lang)))


def _asked(
    factory: Factory, at: str | None, since: str | None, until: str | None
) -> tuple[datetime | None, tuple[datetime, datetime] | None]:
    """The moment or the span that is asked for."""
    first, last = factory.store.span()

    def moment(said: str | None) -> datetime | None:
        if said is None:
            return None
        return datetime.fromtimestamp(parse_moment(said, first, last, factory.plant.timezone) / 1e6, UTC)

    begin, end = moment(since), moment(until)
    return moment(at), (begin, end) if begin and end else None
