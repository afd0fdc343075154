"""The films of `render`: what was asked for, checked before anything is read, then drawn behind a progress bar."""

from __future__ import annotations

from pathlib import Path

from factoryview.cli.captions import captioned
from factoryview.cli.opening import check_all_free, open_input, progress_bar, report_guesses
from factoryview.cli.options import Filming, InputOptions, Picture
from factoryview.cli.presenting import presentation_of
from factoryview.cli.viewing import FULL_HD, aspect_of, smallest_text, theme_of
from factoryview.cli.words import text
from factoryview.errors import UsageError
from factoryview.export.film import check_film, files_of, is_film, usual_fps
from factoryview.export.filming import Format, beside, frames_in, write_film, write_reel
from factoryview.export.logo import logo_of
from factoryview.language.said import said
from factoryview.view.moments import parse_moment
from factoryview.view.reel import cuts

_SECONDS = 60.0


def film(
    path: Path,
    output: Path,
    filming: Filming,
    reading: InputOptions,
    picture: Picture,
    title: str | None,
    lang: str | None,
) -> None:
    """Film the span that was asked for, by default the whole log."""
    filming.check()
    if not is_film(output) or (filming.reel and output.suffix.lower() != ".mp4"):
        raise UsageError(said("error.end_reel", output=output))
    pixels, fps = picture.pixels or FULL_HD, filming.fps if filming.fps is not None else usual_fps(output)
    check_film(output, pixels, fps)
    logo = None if filming.logo is None else logo_of(filming.logo, pixels[1])
    form = Format(pixels, fps, theme_of(picture), smallest_text(picture, pixels), logo=logo)
    told = filming.reel or (filming.captions is not None and "%" not in output.name)
    shown = tuple(file for file in (filming.logo, filming.captions) if file is not None)
    made = files_of(output, frames_in(filming.seconds or _SECONDS, fps))
    check_all_free([*made, *(beside(output, reel=filming.reel) if told else ())], path, reading, shown)
    factory = open_input(path, reading)
    captions = captioned(factory, filming.captions)
    presentation = presentation_of(factory, lang, aspect_of(pixels), title)
    model, language = presentation.model, presentation.language
    first, last = (
        edge if typed is None else parse_moment(typed, model.first, model.last, factory.plant.timezone)
        for typed, edge in ((filming.since, model.first), (filming.until, model.last))
    )
    first, last = max(first, model.first), min(last, model.last)
    if first >= last:
        raise UsageError(said("error.span_empty"))
    with progress_bar() as bar:

        def progress(share: float) -> None:
            bar(share, text(language.code, "filming"))

        progress(0.0)
        model.study(first)
        model.look_back()
        if filming.reel:
            count = write_reel(presentation, output, form, cuts(presentation, first, last), progress)
        else:
            count = write_film(presentation, output, form, (first, last), filming.seconds or _SECONDS, progress,
                               captions)  # fmt: skip
    report_guesses(factory, lang)
    span = {"begin": language.clock(first), "end": language.clock(last)}
    print(f"{output}: {text(language.code, 'filmed', frames=language.number(count), **span)}")
