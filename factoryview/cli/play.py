"""`play`: a log or a live plant in a window. The window is there before what it shows has been imported."""

from __future__ import annotations

import os
import sys

from factoryview.app.display import WindowOptions
from factoryview.app.loading import Opened, Progress
from factoryview.app.settings import load, settings_file
from factoryview.app.window import show
from factoryview.cli.options import Input, InputOptions, Lang, Picture, Playing, language_of, named
from factoryview.errors import InputError
from factoryview.language.said import said


def play(path: Input, *, reading: InputOptions, picture: Picture, playing: Playing, lang: Lang = None) -> None:
    """Keys are in its help: press ?."""
    for options in (reading, playing):
        options.check()
    language = language_of(lang, None)
    source, size, place = named(path), picture.pixels, picture.place
    settings, wrong = load(settings_file())
    theme = picture.theme_name or settings.theme or "night"
    check_screen()
    if wrong:
        print(f"factoryview: settings that cannot be used are left out: {wrong}", file=sys.stderr)

    def opened(progress: Progress) -> Opened:
        from factoryview.cli.playing import PlayRequest, open_plant

        asked = PlayRequest(source, reading, playing, size, place, lang or settings.language, theme, settings)
        return open_plant(asked, progress)

    title = playing.title or "factoryview"
    show(opened, WindowOptions(size, playing.fullscreen, title, language), theme)


def check_screen() -> None:
    """Say in one sentence that there is no display, before SDL finds a driver nobody sees."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("SDL_VIDEODRIVER")
    ):
        raise InputError(
            said("error.no_display"),
            cure=said("error.picture_then"),
        )
