"""One command, few verbs. Every verb imports what it needs when it runs, so that a picture comes up fast."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from factoryview.app.typed import (
    Reading,
    aspect_of,
    inputs_of,
    language_for,
    language_of,
    open_input,
    parse_size,
    parse_theme,
    presentation_of,
    report_guesses,
    viewing_of,
)
from factoryview.errors import FactoryviewError, InputError, UsageError
from factoryview.output import check_output

if TYPE_CHECKING:
    from factoryview.app.playback import Playback
    from factoryview.factory.factory import Factory
    from factoryview.language import Code
    from factoryview.view.model import Model

cli = typer.Typer(
    help="See a company's process from above, like a factory: where work waits, what it costs, what to change.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Input = Annotated[Path, typer.Argument(help="A log, a KPI table, a plant file that names its log, or a store.")]
PlantFile = Annotated[Path | None, typer.Option("--plant", help="A plant file for this log.")]
Map = Annotated[str | None, typer.Option("--map", help="Columns: case=…,stage=…,time=…,start=…,resource=…,channel=…")]
Times = Annotated[str | None, typer.Option("--times", help="What the times mean: entry, completion or interval.")]
Ends = Annotated[str | None, typer.Option("--ends", help="Stages at which cases are done, separated by commas.")]
Zone = Annotated[str | None, typer.Option("--timezone", help='Of times without an offset, like "Europe/Berlin".')]
Stages = Annotated[int, typer.Option("--stages", help="Fold a log into at most so many machines; 0: do not fold.")]
Lang = Annotated[str | None, typer.Option("--lang", help="de or en.")]
At = Annotated[str | None, typer.Option("--at", help='A moment: "2025-06-18 14:20", "end", or a share like 0.54.')]
Size = Annotated[str | None, typer.Option("--size", help="WIDTHxHEIGHT in pixels (also as -1920x1080).")]
ThemeName = Annotated[str, typer.Option("--theme", help="night or day.")]
Title = Annotated[str | None, typer.Option("--title", help="Instead of the plant's name.")]
Diagonal = Annotated[float | None, typer.Option("--screen", help="Diagonal of the screen in inches, like 55.")]
Distance = Annotated[float | None, typer.Option("--distance", help="Metres from the screen to its viewers.")]


@cli.callback(invoke_without_command=True)
def _alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        demo()


@cli.command()
def demo(
    plant: Annotated[str, typer.Argument(help="umsatzwerk or permits.")] = "umsatzwerk",
    lang: Lang = None,
    size: Size = None,
    fullscreen: Annotated[bool, typer.Option("-f", "--fullscreen")] = False,
    theme: ThemeName = "night",
) -> None:
    """The story plant, ready to explore."""
    from factoryview.resources import data_file

    if plant not in ("umsatzwerk", "permits"):
        raise UsageError(f'there is no demo "{plant}"; choose umsatzwerk or permits.')
    play(data_file(f"{plant}.toml"), lang=lang, size=size, fullscreen=fullscreen, theme=theme)


@cli.command()
def play(
    path: Input,
    plant: PlantFile = None,
    map: Map = None,
    times: Times = None,
    ends: Ends = None,
    timezone: Zone = None,
    stages: Stages = 12,
    lang: Lang = None,
    size: Size = None,
    fullscreen: Annotated[bool, typer.Option("-f", "--fullscreen", help="Full screen, fit for a wall.")] = False,
    theme: ThemeName = "night",
    title: Title = None,
    seconds_per_day: Annotated[
        float | None, typer.Option("-s", "--seconds-per-day", help="Display seconds for a day of data.")
    ] = None,
    start: Annotated[str | None, typer.Option("-p", "--start-position", help="A moment or a share, 0 to 1.")] = None,
    loop: Annotated[bool, typer.Option("--loop", help="Begin anew at the end.")] = False,
    low_motion: Annotated[bool, typer.Option("--low-motion", help="Only crates move.")] = False,
    screen: Diagonal = None,
    distance: Distance = None,
) -> None:
    """Replay a log, or follow a live plant, in a window. Space plays, +/- change the speed, L is live, Esc ends."""
    reading = Reading(plant, map, times, ends, timezone, stages)
    shown_size = parse_size(size)
    chosen = parse_theme(theme)
    if seconds_per_day is not None and not 0.001 <= seconds_per_day <= 86_400:
        raise UsageError(f"--seconds-per-day {seconds_per_day}: use 0.001 to 86400.")
    viewing = viewing_of(screen, distance, shown_size or (1920, 1080))
    _check_screen()
    import pygame

    from factoryview.app.window import ShowOptions, show
    from factoryview.scene.floor.painter import SMALLEST_TEXT
    from factoryview.view.moments import parse_moment

    options = ShowOptions(
        shown_size,
        fullscreen,
        chosen,
        seconds_per_day,
        loop=loop,
        title=title,
        low_motion=low_motion,
        smallest_text=viewing.smallest_text() if viewing else SMALLEST_TEXT,
    )

    def open_playback(progress: Callable[[float, str], None]) -> Playback:
        from factoryview.app.live import Live, is_live
        from factoryview.app.playback import Replay
        from factoryview.factory.factory import open_factory

        aspect = aspect_of(shown_size or (1920, 1080))
        if is_live(path):
            return Live(path, lambda plant: language_for(plant, lang), aspect, progress)
        factory = open_factory(path, reading.opening(), progress)
        progress(0.9, factory.plant.name)
        shown = presentation_of(factory, lang, aspect)
        report_guesses(factory)
        return Replay(shown.model, shown.language)

    def first_moment(model: Model) -> int | None:
        if start is None:
            return None
        return parse_moment(start, model.first, model.last, model.factory.plant.timezone)

    try:
        show(open_playback, options, first_moment)
    except pygame.error as error:
        raise InputError(
            f"no window can be opened here ({error}).",
            cure="Make a picture instead: factoryview render INPUT -o plant.png",
        ) from error


@cli.command()
def record(
    path: Annotated[Path, typer.Argument(help="A plant file with [[feeds]].")],
    seconds: Annotated[float | None, typer.Option("--seconds", help="End after so long.")] = None,
) -> None:
    """Follow the live sources of a plant into its store, without a window, until Ctrl-C."""
    from factoryview.app.recording import record as record_plant

    if seconds is not None and not seconds > 0:
        raise UsageError(f"--seconds {seconds}: use more than 0.")
    record_plant(path, seconds)


def _check_screen() -> None:
    """Say in one sentence that there is no display, before SDL finds a driver nobody sees."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("SDL_VIDEODRIVER")
    ):
        raise InputError(
            "there is no display here to open a window on;",
            cure="make a picture instead: factoryview render INPUT -o plant.png",
        )


@cli.command()
def render(
    path: Input,
    output: Annotated[Path, typer.Option("-o", "--output", help="The picture, .png.")],
    at: Annotated[
        str | None, typer.Option("--at", help="A moment, a share of the log, or worst (the default).")
    ] = None,
    plant: PlantFile = None,
    map: Map = None,
    times: Times = None,
    ends: Ends = None,
    timezone: Zone = None,
    stages: Stages = 12,
    lang: Lang = None,
    size: Size = None,
    theme: ThemeName = "night",
    title: Title = None,
    zoom: Annotated[float, typer.Option("--zoom", help="1 sees the whole floor.")] = 1.0,
    look_at: Annotated[str | None, typer.Option("--look-at", help="The stage in the middle of the picture.")] = None,
    screen: Diagonal = None,
    distance: Distance = None,
) -> None:
    """Draw the plant at a moment into a PNG file; needs no display."""
    from factoryview.export.picture import render_frame, save_picture
    from factoryview.scene.floor.painter import SMALLEST_TEXT
    from factoryview.view.moments import parse_moment

    if output.suffix.lower() != ".png":
        raise UsageError(f"-o {output}: this version draws .png files.")
    if not 0.05 <= zoom <= 50:
        raise UsageError(f"--zoom {zoom}: use 0.05 to 50.")
    pixels = parse_size(size, (1920, 1080)) or (1920, 1080)
    chosen = parse_theme(theme)
    viewing = viewing_of(screen, distance, pixels)
    check_output(output, inputs_of(path, plant))
    factory = open_input(path, Reading(plant, map, times, ends, timezone, stages))
    presentation = presentation_of(factory, lang, aspect_of(pixels), title)
    model = presentation.model
    if at in (None, "worst"):
        moment = model.worst_moment()
    else:
        moment = parse_moment(str(at), model.first, model.last, factory.plant.timezone)
    model.study()
    surface = render_frame(
        presentation,
        moment,
        size=pixels,
        theme=chosen,
        zoom=zoom,
        centre=look_at,
        smallest_text=viewing.smallest_text() if viewing else SMALLEST_TEXT,
    )
    save_picture(surface, output)
    report_guesses(factory)
    print(
        f"{output}: {presentation.language.clock(moment)}"
        + ("" if at else " (when most was in progress while it jammed worst, if it did; choose another with --at)")
    )


@cli.command()
def snapshot(
    path: Annotated[Path | None, typer.Argument(help="A log, a KPI table, a plant file, or a store.")] = None,
    at: At = None,
    json: Annotated[bool, typer.Option("--json", help="The document, checkable.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="The JSON schema of the document.")] = False,
    plant: PlantFile = None,
    map: Map = None,
    times: Times = None,
    ends: Ends = None,
    timezone: Zone = None,
    stages: Stages = 12,
) -> None:
    """What stands where at a moment (by default the end of the log)."""
    from factoryview.flow.moment.snapshot import Snapshot
    from factoryview.flow.moment.snapshot import snapshot as document
    from factoryview.view.moments import parse_moment
    from factoryview.view.playhead import usual_pace

    if schema:
        print(_json(Snapshot.model_json_schema()))
        return
    if path is None:
        raise UsageError("snapshot needs a log, or --schema.")
    factory = open_input(path, Reading(plant, map, times, ends, timezone, stages))
    presentation = presentation_of(factory, "en")
    model = presentation.model
    moment = parse_moment(at or "end", model.first, model.last, factory.plant.timezone)
    standing = model.standing(moment, usual_pace(model.last - model.first))
    found = document(standing, model.topology.stages, model.counts.totals, model.counts.weight)
    report_guesses(factory)
    if json:
        print(found.model_dump_json(indent=2))
        return
    print(presentation.language.clock(moment))
    for name, stage in found.stages.items():
        print(
            f"{stage.wip:10g}  {name}  (belt {stage.on_belt:g}, pile {stage.in_pile:g}, machine {stage.in_machine:g})"
        )
    print(f"{found.in_progress:10g}  in progress")
    for name, count in found.outcomes.items():
        print(f"{count:10g}  {name}")


@cli.command()
def kpis(
    path: Input,
    bucket: Annotated[str, typer.Option("--bucket", help="hour, day, week or month.")] = "week",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file: .csv, .parquet or .json.")] = None,
    plant: PlantFile = None,
    map: Map = None,
    times: Times = None,
    ends: Ends = None,
    timezone: Zone = None,
    stages: Stages = 12,
) -> None:
    """The key figures of every stage: arrivals, departures, losses, work in progress, stays."""
    from factoryview.export.tables import write_table
    from factoryview.flow.kpis import kpis as table

    if bucket not in ("hour", "day", "week", "month"):
        raise UsageError(f'--bucket {bucket}: use "hour", "day", "week" or "month".')
    if output is not None:
        check_output(output, inputs_of(path, plant))
    factory = open_input(path, Reading(plant, map, times, ends, timezone, stages))
    frame = table(factory.store, bucket=bucket, timezone=factory.plant.timezone)  # type: ignore[arg-type]
    report_guesses(factory)
    if output is None:
        print(frame.to_string(index=False, na_rep="", float_format=lambda number: f"{number:.2f}"))
        return
    write_table(frame, output)
    print(f"{output}: {len(frame)} rows")


@cli.command()
def explain(
    path: Annotated[Path | None, typer.Argument(help="A log, a KPI table, a plant file, or a store.")] = None,
    at: At = None,
    since: Annotated[str | None, typer.Option("--from", help="Begin of a span.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="End of a span.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The document behind the words.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="The JSON schema of the document.")] = False,
    define: Annotated[str | None, typer.Option("--define", help="What a word or number means.")] = None,
    lang: Lang = None,
    plant: PlantFile = None,
    map: Map = None,
    times: Times = None,
    ends: Ends = None,
    timezone: Zone = None,
    stages: Stages = 12,
) -> None:
    """The verdict in plain words: where it jams, why, what it costs. Of now, unless --at or --from/--to say so."""
    from factoryview.flow.verdict.sentences import define as definition
    from factoryview.flow.verdict.verdict import Verdict

    if schema:
        print(_json(Verdict.model_json_schema()))
        return
    if define is not None:
        print(definition(define, language_of(lang, None)))
        return
    if path is None:
        raise UsageError("explain needs a log, --schema, or --define WORD.")
    if (since is None) != (until is None) or (since and at):
        raise UsageError("give either --at, or both --from and --to.")
    factory = open_input(path, Reading(plant, map, times, ends, timezone, stages))
    _explain(factory, at, since, until, language_of(lang, factory.plant.language), json)


def _explain(
    factory: Factory, at: str | None, since: str | None, until: str | None, language: Code, json: bool
) -> None:
    from datetime import UTC, datetime

    from factoryview.flow.verdict.sentences import sentences
    from factoryview.flow.verdict.verdict import verdict
    from factoryview.view.moments import parse_moment

    first, last = factory.store.span()

    def moment(text: str | None) -> datetime | None:
        if text is None:
            return None
        return datetime.fromtimestamp(parse_moment(text, first, last, factory.plant.timezone) / 1e6, UTC)

    begin, end = moment(since), moment(until)
    span = (begin, end) if begin and end else None
    found = verdict(factory.store, factory.plant, at=moment(at), span=span)
    report_guesses(factory)
    if json:
        print(found.model_dump_json(indent=2))
    else:
        print("\n".join(sentences(found, factory.plant, language)))


def _json(document: object) -> str:
    import json

    return json.dumps(document, indent=2, ensure_ascii=False)


@cli.command()
def discover(
    path: Input,
    output: Annotated[Path, typer.Option("-o", "--output", help="The plant file, .toml.")],
    plant: PlantFile = None,
    map: Map = None,
    times: Times = None,
    ends: Ends = None,
    timezone: Zone = None,
    stages: Stages = 12,
) -> None:
    """Write the plant that a log shows, to be edited by hand."""
    from factoryview.app.discovery import discovered
    from factoryview.plant.files import save_plant

    if output.suffix.lower() != ".toml":
        raise UsageError(f"-o {output}: a plant file ends in .toml.")
    check_output(output, inputs_of(path, plant), fresh=True)
    factory = open_input(path, Reading(plant, map, times, ends, timezone, stages))
    save_plant(discovered(factory, path, output), output)
    report_guesses(factory)
    print(f"{output}: {len(factory.plant.stages)} stages. Play it: factoryview play {output}")


@cli.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="Logs, KPI tables, plant files, stores.")],
    screen: Diagonal = None,
    distance: Distance = None,
    size: Size = None,
    theme: ThemeName = "night",
    lang: Lang = None,
    plant: PlantFile = None,
    map: Map = None,
    times: Times = None,
    ends: Ends = None,
    timezone: Zone = None,
    stages: Stages = 12,
) -> None:
    """All that is wrong in a log or a plant file; with --screen and --distance also what nobody can read from there."""
    from factoryview.app.check import check_input, check_picture, summary

    pixels = parse_size(size, (1920, 1080)) or (1920, 1080)
    viewing, chosen = viewing_of(screen, distance, pixels), parse_theme(theme)
    opening = Reading(plant, map, times, ends, timezone, stages).opening()
    usable = True
    for path in paths:
        checked = check_input(path, opening)
        remarks = checked.remarks
        if viewing and checked.factory:
            presentation = presentation_of(checked.factory, lang, aspect_of(pixels))
            remarks += tuple(check_picture(presentation, pixels, chosen, viewing))
        for remark in remarks:
            print(remark)
        print(summary(path, remarks, checked.usable))
        usable = usable and checked.usable
    if not usable:
        raise typer.Exit(InputError.exit_status)


def _nobody_reads() -> NoReturn:
    """The reader of a pipe has gone: what is left to print goes nowhere, and that is all right."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    sys.exit(0)


def main() -> NoReturn:
    """Run the command line; errors meant for people become one message and an exit status."""
    arguments = [f"--size={a[1:]}" if re.fullmatch(r"-\d+x\d+", a) else a for a in sys.argv[1:]]
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        try:
            cli(arguments, prog_name="factoryview")
        finally:
            sys.stdout.flush()
    except FactoryviewError as error:
        print(f"factoryview: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            _nobody_reads()
        raise
    except BrokenPipeError:
        _nobody_reads()
    except Exception as error:  # the last resort: a user never sees a traceback
        if os.environ.get("FACTORYVIEW_DEBUG"):
            raise
        print(
            f"factoryview: this is a mistake in factoryview itself ({type(error).__name__}: {error}). "
            "Set FACTORYVIEW_DEBUG=1 to see where, and report it.",
            file=sys.stderr,
        )
        sys.exit(3)
    sys.exit(0)
