"""`meeting`: what became of last time's action items, the moments that matter, hidden notes, votes, and new items."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from factoryview.app.display import WindowOptions
from factoryview.app.loading import Opened, Progress
from factoryview.app.settings import load, settings_file
from factoryview.app.window import show
from factoryview.cli.options import Input, InputOptions, Lang, Picture, Playing, language_of, named
from factoryview.cli.play import check_screen
from factoryview.errors import InputError, UsageError
from factoryview.language.said import said

_RANDOM_BYTES = 18


def meeting(
    path: Input,
    *,
    since: Annotated[str | None, typer.Option("--from", help="Begin of a span.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="End of a span.")] = None,
    minutes: Annotated[float, typer.Option("--minutes", help="For writing, for grouping and for voting.")] = 5.0,
    host: Annotated[
        str, typer.Option("--host", help="Where phones find the page: 0.0.0.0 is this computer in its network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="At which port; 0: any that is free.")] = 0,
    reading: InputOptions,
    picture: Picture,
    fullscreen: Annotated[bool, typer.Option("-f", "--fullscreen", help="Full screen, fit for a wall.")] = False,
    lang: Lang = None,
) -> None:
    """In a window; phones take part by the code on the screen, others at the keyboard in turn."""
    reading.check()
    check_sitting(minutes, port)
    language = language_of(lang, None)
    source, size, place = named(path), picture.pixels, picture.place
    settings, _ = load(settings_file())
    theme = picture.theme_name or settings.theme or "night"
    check_screen()

    def opened(progress: Progress) -> Opened:
        from factoryview.cli.playing import PlayRequest, open_plant
        from factoryview.meeting.holding import Meeting
        from factoryview.serving.door import DoorError

        asked = PlayRequest(source, reading, Playing(), size, place, lang or settings.language, theme, settings)
        try:
            meets = Meeting(host, port, secrets.token_urlsafe(_RANDOM_BYTES), language)
        except DoorError as error:
            raise InputError(said("error.page_not_served", why=error), cure=said("error.another_address")) from None
        try:
            found = open_plant(asked, progress, partial(meets.screen, since=since, until=until, minutes=minutes))
        except BaseException:
            meets.close()
            raise

        def stop() -> None:
            meets.close()
            found.stop()

        return replace(found, stop=stop)

    show(opened, WindowOptions(size, fullscreen, "factoryview", language), theme)


def check_sitting(minutes: float, port: int) -> None:
    """Raise UsageError for a length of turns or a port that cannot be."""
    if not 0.1 <= minutes <= 120:
        raise UsageError(said("error.minutes_range", minutes=minutes))
    if not 0 <= port <= 65_535:
        raise UsageError(said("error.port_range", port=port))
