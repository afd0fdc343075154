"""Two plants in one picture or film, as `compare` and `whatif` write them: what was asked for, and the drawing."""

from __future__ import annotations

from pathlib import Path

from factoryview.cli.opening import progress_bar
from factoryview.cli.options import Filming, Picture
from factoryview.cli.viewing import FULL_HD, smallest_text, theme_of
from factoryview.cli.words import text
from factoryview.errors import UsageError
from factoryview.export.beside import film_beside, write_beside
from factoryview.export.film import check_film, is_film, usual_fps
from factoryview.export.filming import Format
from factoryview.language.said import said
from factoryview.view.paired import Paired
from factoryview.view.presentation import Presentation

_SECONDS = 60.0


def form_of(output: Path, picture: Picture, seconds: float | None, *, difference: bool) -> Format:
    """What was asked for, checked before anything is read."""
    if output.suffix.lower() not in (".png", ".mp4", ".gif"):
        raise UsageError(said("error.end_picture_film", output=output))
    if difference and output.suffix.lower() != ".png":
        raise UsageError(said("error.difference_picture"))
    pixels = picture.pixels or FULL_HD
    if is_film(output):
        Filming(seconds=seconds).check()
        check_film(output, pixels, usual_fps(output))
    return Format(pixels, usual_fps(output), theme_of(picture), smallest_text(picture, pixels))


def draw_pair(
    output: Path, form: Format, both: tuple[Presentation, Presentation], paired: Paired, seconds: float | None
) -> None:
    """One above the other: a picture of the end, or a film."""
    if not is_film(output):
        write_beside(both, paired, output, form)
        return
    with progress_bar() as bar:
        film_beside(both, paired, output, form, seconds or _SECONDS,
                    lambda share: bar(share, text(both[0].language.code, "filming")))  # fmt: skip
