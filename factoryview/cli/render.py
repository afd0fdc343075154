"""`render`: a picture of a moment, or a film of a span, in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.filming import film
from factoryview.cli.opening import check_free, open_input, report_guesses
from factoryview.cli.options import Filming, Input, InputOptions, Lang, Picture
from factoryview.cli.presenting import presentation_of
from factoryview.cli.viewing import FULL_HD, aspect_of, smallest_text, theme_of
from factoryview.cli.words import text
from factoryview.errors import UsageError
from factoryview.export.film import is_film
from factoryview.export.illegible import check_letters
from factoryview.export.picture import render_frame, save_picture
from factoryview.language.said import said
from factoryview.view.moments import parse_moment


def render(
    path: Input,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="A picture, .png; a film, .mp4 or .gif; or pictures, plant-%04d.png.")
    ],
    at: Annotated[
        str | None, typer.Option("--at", help="A moment, a share of the log, or worst (the default).")
    ] = None,
    filming: Filming,
    reading: InputOptions,
    picture: Picture,
    title: Annotated[str | None, typer.Option("--title", help="Instead of the plant's name.")] = None,
    zoom: Annotated[float, typer.Option("--zoom", help="1 sees the whole floor.")] = 1.0,
    look_at: Annotated[str | None, typer.Option("--look-at", help="The stage in the middle of the picture.")] = None,
    lang: Lang = None,
) -> None:
    """Draw and write."""
    if is_film(output) or filming.reel:
        if at is not None or look_at is not None or zoom != 1.0:
            raise UsageError(said("error.picture_options"))
        film(path, output, filming, reading, picture, title, lang)
        return
    if output.suffix.lower() != ".png":
        raise UsageError(said("error.end_render", output=output))
    filming.check_unused()
    if not 0.05 <= zoom <= 50:
        raise UsageError(said("error.zoom_range", zoom=zoom))
    pixels = picture.pixels or FULL_HD
    theme, smallest = theme_of(picture), smallest_text(picture, pixels)
    check_free(output, path, reading)
    factory = open_input(path, reading)
    presentation = presentation_of(factory, lang, aspect_of(pixels), title)
    model, language = presentation.model, presentation.language
    if at in (None, "worst"):
        moment = model.worst_moment()
    else:
        moment = parse_moment(str(at), model.first, model.last, factory.plant.timezone)
    model.study(moment)
    surface = render_frame(
        presentation,
        moment,
        size=pixels,
        theme=theme,
        zoom=zoom,
        centre=look_at,
        smallest_text=smallest,
    )
    save_picture(surface, output)
    report_guesses(factory, lang)
    for remark in check_letters(factory):
        print(remark.line(language.code), file=sys.stderr)
    print(f"{output}: {language.clock(moment)}" + ("" if at else f" ({text(language.code, 'worst')})"))
