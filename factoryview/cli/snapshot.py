"""`snapshot`: what stands where at a moment."""

from __future__ import annotations

from factoryview.cli.documents import print_document
from factoryview.cli.opening import open_input, report_guesses
from factoryview.cli.options import At, InputOptions, InputOrSchema, Json, Lang, Schema
from factoryview.cli.presenting import presentation_of
from factoryview.cli.words import text
from factoryview.errors import UsageError
from factoryview.flow.moment.snapshot import Snapshot
from factoryview.flow.moment.snapshot import snapshot as document
from factoryview.language.said import said
from factoryview.plant.models import label_of
from factoryview.view.moments import parse_moment
from factoryview.view.playhead import usual_pace


def snapshot(
    path: InputOrSchema = None,
    *,
    at: At = None,
    json: Json = False,
    schema: Schema = False,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """By default at the end of the log."""
    if schema:
        print_document(Snapshot.model_json_schema())
        return
    if path is None:
        raise UsageError(said("error.snapshot_needs"))
    factory = open_input(path, reading)
    presentation = presentation_of(factory, lang)
    model, language = presentation.model, presentation.language
    moment = parse_moment(at or "end", model.first, model.last, factory.plant.timezone)
    standing = model.standing(moment, usual_pace(model.last - model.first))
    found = document(standing, model.topology.stages, model.counts.totals, model.counts.weight)
    report_guesses(factory, lang)
    if json:
        print(found.model_dump_json(indent=2))
        return
    print(language.clock(moment))
    outcomes = {outcome.name: label_of(outcome, language.code) for outcome in factory.plant.outcomes}
    labels = outcomes | {stage.name: label_of(stage, language.code) for stage in factory.plant.stages}
    for name, stage in found.stages.items():
        parts = {"belt": stage.on_belt, "pile": stage.in_pile, "machine": stage.in_machine, "wrecks": stage.wrecks}
        where = text(language.code, "where", **parts)
        print(f"{stage.wip:10g}  {labels.get(name, name)}  ({where})")
    print(f"{found.in_progress:10g}  {text(language.code, 'in_progress')}")
    for name, count in found.outcomes.items():
        print(f"{count:10g}  {labels.get(name, name)}")
