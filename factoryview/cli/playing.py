"""What `play` shows, opened behind its progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from factoryview.app.loading import Opened, Progress
from factoryview.app.options import PlantOptions
from factoryview.app.plant_screen import PlantScreen
from factoryview.app.playback import Playback, is_live
from factoryview.app.rereading import Rereading, watched
from factoryview.app.settings import Settings, save, settings_file
from factoryview.cli.captions import captioned
from factoryview.cli.opening import language_for, opening_of, report_guesses
from factoryview.cli.options import InputOptions, Pixels, Playing
from factoryview.cli.presenting import presentation_of
from factoryview.cli.viewing import FULL_HD, aspect_of
from factoryview.desk.screen import Desk
from factoryview.errors import UsageError
from factoryview.export.captions import Caption
from factoryview.export.illegible import check_letters
from factoryview.export.logo import logo_of
from factoryview.factory.factory import Factory, Opening
from factoryview.factory.inputs import inputs_of
from factoryview.factory.opening import open_beginning, open_factory
from factoryview.language.said import said
from factoryview.plant.scenario_file import load_scenarios, resolved
from factoryview.scene.legibility import Viewing
from factoryview.scene.painter import SMALLEST_TEXT
from factoryview.scene.theme import ThemeName
from factoryview.view.moments import parse_moment

Shows = Callable[[Playback, Pixels, PlantOptions], PlantScreen]


@dataclass(frozen=True)
class PlayRequest:
    """What was typed, and what the user has chosen before."""

    source: Path
    reading: InputOptions
    playing: Playing
    size: Pixels | None
    place: tuple[float, float] | None
    """Inches and metres."""
    lang: str | None
    theme: ThemeName
    settings: Settings


def open_plant(asked: PlayRequest, progress: Progress, screen: Shows = Desk) -> Opened:
    """The log or the live plant, ready to be shown. screen: what shows it."""
    size, playing = asked.size or FULL_HD, asked.playing
    logo = None if playing.logo is None else logo_of(playing.logo, size[1])
    playback, captions = _playback(asked, progress)
    model = playback.model
    at = parse_moment(playing.start, model.first, model.last, model.factory.plant.timezone) if playing.start else None
    wanted = load_scenarios(playing.scenario).scenario if playing.scenario is not None else ()
    scenarios = tuple(resolved(each, model.factory.plant) for each in wanted)
    low_motion = playing.low_motion if playing.low_motion is not None else asked.settings.low_motion
    options = PlantOptions(
        asked.theme,
        playing.seconds_per_day,
        at,
        loop=playing.loop,
        title=playing.title,
        low_motion=bool(low_motion),
        large_text=bool(asked.settings.large_text),
        smallest_text=Viewing(*asked.place, size[0] / size[1]).smallest_text() if asked.place else SMALLEST_TEXT,
        settings=asked.settings,
        keep=partial(save, path=settings_file()),
        scenarios=scenarios,
        captions=captions,
        logo=logo,
    )
    return Opened(lambda pixels: screen(playback, pixels, options), playback.begin, playback.stop)


def _playback(asked: PlayRequest, progress: Progress) -> tuple[Playback, tuple[Caption, ...]]:
    """The plant that is played, and what is said in films of it."""
    aspect = aspect_of(asked.size or FULL_HD)
    if is_live(asked.source):
        from factoryview.app.live import Live

        if asked.playing.captions is not None:
            raise UsageError(said("error.captions_live"))
        return Live(asked.source, lambda plant: language_for(plant, asked.lang), aspect, progress), ()
    opening, files = opening_of(asked.reading), watched(asked.source, inputs_of(asked.source, asked.reading.plant))
    factory = _beginning(asked, opening, progress) or open_factory(asked.source, opening, progress)
    captions = captioned(factory, asked.playing.captions)
    name = factory.plant.name
    shown = presentation_of(factory, asked.lang, aspect, progress=lambda share: progress(0.9 + 0.05 * share, name))
    progress(0.95, name)
    shown.model.prepare_windows()
    report_guesses(factory, asked.lang)
    for remark in check_letters(factory):
        print(remark.line(shown.language.code), file=sys.stderr)

    def opened(tell: Progress) -> Factory:
        again = open_factory(asked.source, opening, tell)
        captioned(again, asked.playing.captions)
        return again

    return Rereading(shown.model, shown.language, files, opened, aspect), captions


def _beginning(asked: PlayRequest, opening: Opening, progress: Progress) -> Factory | None:
    """What a large log begins with, where that is played; None: all of it is waited for."""
    playing = asked.playing
    if playing.captions is not None:
        return None
    factory = open_beginning(asked.source, opening, progress)
    if factory is not None and factory.begun is not None and playing.start is not None:
        begun = factory.begun
        if parse_moment(playing.start, *begun.span, factory.plant.timezone) > begun.until:
            factory.store.close()
            return None
    return factory
