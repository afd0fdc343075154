"""`check`: all that is wrong, doubtful or illegible."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from factoryview.cli.opening import opening_of
from factoryview.cli.options import InputOptions, Lang, Picture, language_of, named
from factoryview.cli.words import summary
from factoryview.errors import InputError
from factoryview.factory.check import check_input
from factoryview.factory.factory import Factory
from factoryview.factory.remark import Remark
from factoryview.language.said import said
from factoryview.plant.wall_file import is_wall

_LATIN = "\u024f"
"""The last letter of Latin scripts."""


def check(
    paths: Annotated[list[Path], typer.Argument(help="Logs, KPI tables, plant files, stores, wall files.")],
    *,
    picture: Picture,
    reading: InputOptions,
    lang: Lang = None,
) -> None:
    """One line each, and a last one that sums up."""
    opening = opening_of(reading)
    find_illegible = _illegible(picture, lang)
    usable = True
    for path in map(named, paths):
        if is_wall(path):
            usable = _wall(path, lang) and usable
            continue
        checked = check_input(path, opening)
        factory = checked.factory
        drawn = (*_lost_letters(factory), *_asked(factory), *find_illegible(factory)) if factory else ()
        remarks = (*checked.remarks, *drawn)
        code = language_of(lang, factory.plant.language if factory else None)
        for remark in remarks:
            print(remark.line(code))
        print(f"{path.name}: {summary(code, remarks, checked.usable)}")
        usable = usable and checked.usable
    if not usable:
        raise typer.Exit(InputError.exit_status)


def _wall(path: Path, lang: str | None) -> bool:
    """All that is wrong with a wall; whether it can be used."""
    from factoryview.wall.check import check_wall

    checked = check_wall(path, language_of(lang, None))
    code = language_of(lang, checked.wall.language if checked.wall else None)
    for remark in checked.remarks:
        print(remark.line(code))
    print(f"{path.name}: {summary(code, checked.remarks, checked.usable)}")
    return checked.usable


def _lost_letters(factory: Factory) -> Iterable[Remark]:
    """Names in letters beyond Latin that cannot be written; only where there are such, a typeface is asked."""
    plant = factory.plant
    names = [stage.name for stage in plant.stages] + [outcome.name for outcome in plant.outcomes]
    names += [source.name for source in plant.sources]
    if max("".join(names), default="") <= _LATIN:
        return ()
    from factoryview.export.illegible import check_letters

    return check_letters(factory)


def _asked(factory: Factory) -> Iterable[Remark]:
    """What the plant asks of a warehouse; nothing of a plant with files."""
    warehouse = factory.plant.warehouse
    if warehouse is None or warehouse.table is None:
        return ()
    from factoryview.view.cost import cost

    asked = cost(factory)
    opening, seek = asked.opening, asked.seek
    gaps = {"queries": opening.queries, "rows": opening.rows, "kb": opening.bytes // 1000, "seek": seek.bytes // 1000}
    return (Remark("info", warehouse.table, said("check.cost", **gaps)),)


def _illegible(picture: Picture, lang: str | None) -> Callable[[Factory], Iterable[Remark]]:
    """What nobody can read from where people stand; nothing if it was not said where that is."""
    if picture.place is None:
        return lambda _factory: ()
    from factoryview.cli.presenting import presentation_of
    from factoryview.cli.viewing import FULL_HD, aspect_of, theme_of, viewing_of
    from factoryview.export.illegible import check_picture

    pixels = picture.pixels or FULL_HD
    viewing, theme = viewing_of(picture, pixels), theme_of(picture)
    assert viewing is not None, "a screen or a distance was said"

    def found(factory: Factory) -> Iterable[Remark]:
        return check_picture(presentation_of(factory, lang, aspect_of(pixels)), pixels, theme, viewing)

    return found
