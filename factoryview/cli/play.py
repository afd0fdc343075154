"""`play`: a log or a live plant in a window."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pygame

from factoryview.app.live import Live, is_live
from factoryview.app.playback import Playback
from factoryview.app.rereading import Files, Rereading
from factoryview.app.window import ShowOptions, show
from factoryview.cli.opening import inputs_of, language_for, named, opening_of, report_guesses
from factoryview.cli.options import Input, Lang, Picture, Playing, Reading
from factoryview.cli.presenting import presentation_of
from factoryview.cli.viewing import FULL_HD, aspect_of, theme_of, viewing_of
from factoryview.errors import InputError, UsageError
from factoryview.factory.factory import open_factory
from factoryview.scene.painter import SMALLEST_TEXT
from factoryview.view.model import Model
from factoryview.view.moments import parse_moment


def play(path: Input, *, reading: Reading, picture: Picture, playing: Playing, lang: Lang = None) -> None:
    """Space plays, +/- change the speed, L is live, Esc ends."""
    size = picture.pixels
    viewing = viewing_of(picture, size or FULL_HD)
    options = ShowOptions(
        size,
        playing.fullscreen,
        theme_of(picture.theme),
        playing.seconds_per_day,
        loop=playing.loop,
        title=playing.title,
        low_motion=bool(playing.low_motion),
        smallest_text=viewing.smallest_text() if viewing else SMALLEST_TEXT,
    )
    if playing.seconds_per_day is not None and not 0.001 <= playing.seconds_per_day <= 86_400:
        raise UsageError(f"--seconds-per-day {playing.seconds_per_day}: use 0.001 to 86400.")
    opening, source = opening_of(reading), named(path)
    _check_screen()

    def open_playback(progress: Callable[[float, str], None]) -> Playback:
        aspect = aspect_of(size or FULL_HD)
        if is_live(source):
            return Live(source, lambda plant: language_for(plant, lang), aspect, progress)
        files = Files(inputs_of(source, reading.plant))
        factory = open_factory(source, opening, progress)
        progress(0.9, factory.plant.name)
        shown = presentation_of(factory, lang, aspect)
        report_guesses(factory)
        return Rereading(shown.model, shown.language, files, lambda: open_factory(source, opening), aspect)

    def first_moment(model: Model) -> int | None:
        if playing.start is None:
            return None
        return parse_moment(playing.start, model.first, model.last, model.factory.plant.timezone)

    try:
        show(open_playback, options, first_moment)
    except pygame.error as error:
        raise InputError(
            f"no window can be opened here ({error}).",
            cure="Make a picture instead: factoryview render INPUT -o plant.png",
        ) from error


def _check_screen() -> None:
    """Say in one sentence that there is no display, before SDL finds a driver nobody sees."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("SDL_VIDEODRIVER")
    ):
        raise InputError(
            "there is no display here to open a window on;",
            cure="make a picture instead: factoryview render INPUT -o plant.png",
        )
