"""`whatif`: what would be different, simulated from today's real queue, with bands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factoryview import background
from factoryview.cli.documents import print_document
from factoryview.cli.opening import check_free, foreseen_from, language_for, open_input, progress_bar, report_guesses
from factoryview.cli.options import At, InputOptions, InputOrSchema, Json, Lang, Picture, Schema
from factoryview.cli.pairs import form_of
from factoryview.cli.whatif_pictures import Pair, write_difference, write_pair
from factoryview.errors import UsageError
from factoryview.language.said import said
from factoryview.plant.scenario_file import Scenarios, load_scenarios, parse_set
from factoryview.whatif.comparing import compare
from factoryview.whatif.document import WhatIf
from factoryview.whatif.kernel import prepare
from factoryview.whatif.lab import open_lab, trusted
from factoryview.whatif.sentences import whatif_lines
from factoryview.whatif.trust_words import doubt_in, sentences

LEAST_DAYS, MOST_DAYS, LEAST_RUNS, MOST_RUNS = 7, 1100, 20, 2000


def whatif(
    path: InputOrSchema = None,
    *,
    scenario: Annotated[
        Path | None, typer.Option("--scenario", help="A file with what is to be tried (TOML).", show_default=False)
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help='What is to be changed, like "Approval.people+=1"; several make one scenario.'),
    ] = None,
    at: At = None,
    days: Annotated[int | None, typer.Option("--days", help="How far ahead; 90.")] = None,
    runs: Annotated[int | None, typer.Option("--runs", help="How many futures are drawn; 100.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="As it is, and below it with the scenario: .png of the end, .mp4 or .gif."),
    ] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", help="How long the film is; 60.")] = None,
    difference: Annotated[
        bool, typer.Option("--difference", help="The plant with the scenario, and what is different on each machine.")
    ] = False,
    picture: Picture,
    json: Json = False,
    schema: Schema = False,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """From the end of the log on, or from a moment."""
    if schema:
        print_document(WhatIf.model_json_schema())
        return
    if path is None:
        raise UsageError(said("error.whatif_needs"))
    wanted = _wanted(scenario, set_, days, runs)
    form = None if output is None else form_of(output, picture, seconds, difference=difference)
    if form is not None and len(wanted.scenario) != 1:
        raise UsageError(said("error.one_scenario_drawn"))
    if difference and form is None:
        raise UsageError(said("error.difference_picture"))
    if output is not None:
        check_free(output, path, reading)
    background.begin(prepare, "prepare")  # seconds where it is compiled for the first time
    factory = open_input(path, reading)
    moment = foreseen_from(factory, at)
    language = language_for(factory.plant, lang)
    lab, seen = open_lab(factory.store, factory.plant, moment, wanted.days)
    with progress_bar() as progress:
        trust = trusted(seen)
        found = compare(lab, wanted, language.date(moment, "date.clock"), progress, trust)
    report_guesses(factory, lang)
    if output is not None and form is not None:
        asked = Pair(factory, lang, moment, wanted, form, seconds)
        write_difference(asked, lab, output) if difference else write_pair(asked, lab, output)
    if json:
        print(found.model_dump_json(indent=2))
    else:
        doubt = [why, ""] if (why := doubt_in(trust, language)) else []
        print("\n".join([*doubt, *whatif_lines(found, factory.plant, language), *sentences(trust, language)]))


def _wanted(scenario: Path | None, set_: list[str] | None, days: int | None, runs: int | None) -> Scenarios:
    """What is to be tried: what a file says, what the command line says, or both."""
    if scenario is None and not set_:
        raise UsageError(said("error.whatif_change"))
    if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
        raise UsageError(said("error.days_range", days=days, least=LEAST_DAYS, most=MOST_DAYS))
    if runs is not None and not LEAST_RUNS <= runs <= MOST_RUNS:
        raise UsageError(said("error.runs_range", runs=runs, least=LEAST_RUNS, most=MOST_RUNS))
    wanted = Scenarios() if scenario is None else load_scenarios(scenario)
    typed = (parse_set(set_),) if set_ else ()
    update = {"scenario": (*wanted.scenario, *typed)}
    return wanted.model_copy(
        update=update | ({"days": days} if days else {}) | ({"replications": runs} if runs else {})
    )
