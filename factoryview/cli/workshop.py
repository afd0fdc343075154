"""`workshop`: groups change a plant in rounds, in a window; or what they did in a file, played again and told."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from factoryview import background
from factoryview.app.display import WindowOptions
from factoryview.app.loading import Opened, Progress
from factoryview.app.settings import load, settings_file
from factoryview.app.window import show
from factoryview.cli.meeting import check_sitting
from factoryview.cli.opening import check_all_free, foreseen_from, open_input, progress_bar, report_guesses
from factoryview.cli.options import At, Input, InputOptions, Lang, Picture, Playing, language_of, named
from factoryview.cli.play import check_screen
from factoryview.cli.presenting import presentation_of
from factoryview.errors import InputError, UsageError
from factoryview.language.said import said
from factoryview.output import replacing
from factoryview.plant.notes import notes_path, read_notes
from factoryview.plant.scenario_file import Scenarios
from factoryview.plant.workshop_file import Workshop, begun, load_workshop
from factoryview.view.ticks import micros
from factoryview.whatif.comparing import compare
from factoryview.whatif.kernel import prepare
from factoryview.whatif.lab import open_lab, trusted
from factoryview.whatif.trust_words import doubt_in

_RANDOM_BYTES = 18
_FUTURES = 100


def workshop(
    path: Input,
    file: Annotated[Path, typer.Argument(help="The workshop file, .toml; a new one is begun with --groups.")],
    *,
    groups: Annotated[str | None, typer.Option("--groups", help="Who plays, separated by commas.")] = None,
    rounds: Annotated[int | None, typer.Option("--rounds", help="How many rounds; 3.")] = None,
    days: Annotated[int | None, typer.Option("--days", help="How long a round is; 30.")] = None,
    at: At = None,
    minutes: Annotated[float, typer.Option("--minutes", help="For writing, for each turn and for voting.")] = 5.0,
    host: Annotated[
        str, typer.Option("--host", help="Where phones find the page: 0.0.0.0 is this computer in its network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="At which port; 0: any that is free.")] = 0,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="No window: what was played and agreed, .md.")
    ] = None,
    reading: InputOptions,
    picture: Picture,
    fullscreen: Annotated[bool, typer.Option("-f", "--fullscreen", help="Full screen, fit for a wall.")] = False,
    lang: Lang = None,
) -> None:
    """In a window; phones take part by the code on the screen."""
    reading.check()
    check_sitting(minutes, port)
    wanted = _wanted(file, groups, rounds, days)
    if output is not None:
        if output.suffix.lower() != ".md":
            raise UsageError(said("error.end_workshop", output=output))
        check_all_free([output], path, reading, [file])
        _tell(path, wanted, at, output, reading, lang)
        return
    language = language_of(lang, None)
    size, place = picture.pixels, picture.place
    settings, _ = load(settings_file())
    theme = picture.theme_name or settings.theme or "night"
    check_screen()

    def opened(progress: Progress) -> Opened:
        from factoryview.cli.playing import PlayRequest, open_plant
        from factoryview.meeting.holding import Meeting
        from factoryview.serving.door import DoorError

        asked = PlayRequest(named(path), reading, Playing(), size, place, lang or settings.language, theme, settings)
        try:
            meets = Meeting(host, port, secrets.token_urlsafe(_RANDOM_BYTES), language)
        except DoorError as error:
            raise InputError(said("error.page_not_served", why=error), cure=said("error.another_address")) from None
        try:
            screen = partial(meets.workshop, workshop=wanted, path=file, at=at, minutes=minutes)
            found = open_plant(asked, progress, screen)
        except BaseException:
            meets.close()
            raise

        def stop() -> None:
            meets.close()
            found.stop()

        return replace(found, stop=stop)

    show(opened, WindowOptions(size, fullscreen, "factoryview", language), theme)


def _wanted(file: Path, groups: str | None, rounds: int | None, days: int | None) -> Workshop:
    """What a file says, or a new workshop."""
    if file.exists():
        if groups is not None or rounds is not None or days is not None:
            raise UsageError(said("error.workshop_there", file=file))
        return load_workshop(file)
    names = [name.strip() for name in (groups or "").split(",") if name.strip()]
    if not names:
        raise UsageError(said("error.workshop_needs_groups", file=file))
    return begun(names, rounds, days)


def _tell(path: Path, wanted: Workshop, at: str | None, output: Path, reading: InputOptions, lang: str | None) -> None:
    from factoryview.meeting.workshop_report import workshop_lines
    from factoryview.whatif.rounds import game_of, play_all

    background.begin(prepare, "prepare")
    factory = open_input(path, reading)
    shown = presentation_of(factory, lang)
    language = shown.language
    first, last = factory.store.span()
    if at is not None or wanted.at is None:
        begin = foreseen_from(factory, at)
    else:
        begin = min(max(micros(wanted.at, language), first + 1), last)
    lab, seen = open_lab(factory.store, factory.plant, begin, wanted.days * wanted.rounds)
    scenarios = Scenarios(days=wanted.days * wanted.rounds, replications=_FUTURES, scenario=wanted.plans)
    with progress_bar() as progress:
        trust = trusted(seen)
        found = compare(lab, scenarios, language.date(begin, "date.clock"), progress, trust)
        games = []
        for group in wanted.group:
            played = [
                play_all(lab, some, wanted.days, _FUTURES)
                for some in ([None] * len(group.round), [each.scenario for each in group.round])
            ]
            games.append(game_of(*played))
    report_guesses(factory, lang)
    kept = read_notes(notes_path(named(path))).note  # what was agreed in this workshop is pinned to its moment
    agreed = [note for note in kept if micros(note.at, language) == begin and (note.is_item or note.votes)]
    lines = workshop_lines(wanted, games, found, doubt_in(trust, language), agreed, shown)
    try:
        with replacing(output) as beside:
            beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(said("error.page_not_written", why=error), where=str(output)) from error
