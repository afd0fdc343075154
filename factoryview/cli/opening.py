"""What was named on the command line, opened: the input behind a progress bar, and what had to be guessed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from factoryview.cli.options import InputOptions, language_of, named, parse_dates, parse_map
from factoryview.errors import UsageError
from factoryview.factory.factory import Factory, Opening
from factoryview.factory.inputs import inputs_of
from factoryview.factory.opening import open_factory
from factoryview.factory.remark import Remark
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.output import check_folder, check_output
from factoryview.plant.models import Plant
from factoryview.terminal import plain, steered
from factoryview.view.moments import parse_moment


def opening_of(reading: InputOptions) -> Opening:
    """The reading options, understood."""
    reading.check()
    ends = None if reading.ends is None else tuple(end.strip() for end in reading.ends.split(",") if end.strip())
    return Opening(
        reading.plant,
        parse_map(reading.map),
        reading.times,
        ends,
        reading.timezone,
        parse_dates(reading.dates),
        reading.encoding,
        reading.sheet,
        reading.stages,
    )


def open_input(path: Path, reading: InputOptions) -> Factory:
    """Open what was named, behind a progress bar."""
    with progress_bar() as progress:
        return open_factory(named(path), opening_of(reading), progress)


def check_free(output: Path, path: Path, reading: InputOptions, *, fresh: bool = False) -> None:
    """That `output` can be written, and harms no file that opening `path` reads: see `check_output`, `check_folder`."""
    check_output(output, inputs_of(named(path), reading.plant), fresh=fresh)
    check_folder(output)


def check_all_free(outputs: Iterable[Path], path: Path, reading: InputOptions, others: Iterable[Path] = ()) -> None:
    """As `check_free`, of several files. others: are read as well, beside what opening `path` reads."""
    inputs = [*inputs_of(named(path), reading.plant), *others]
    for output in outputs:
        check_output(output, inputs)
        check_folder(output)


def foreseen_from(factory: Factory, at: str | None) -> int:
    """The moment (µs UTC) from which on somebody looks ahead: as typed, by default the end of the log and never later.

    Raises UsageError for one that is none, or lies before the log.
    """
    first, last = factory.store.span()
    moment = last if at is None else parse_moment(at, first, last, factory.plant.timezone)
    if moment < first:
        raise UsageError(said("error.at_too_early", at=at))
    return min(moment, last)


def language_for(plant: Plant, lang: str | None) -> Language:
    """The language asked for, else the plant's, else the system's, with the plant's time zone and currency."""
    return Language(language_of(lang, plant.language), plant.timezone, plant.currency)


@contextmanager
def progress_bar() -> Iterator[Callable[[float, str], None]]:
    """A bar on the terminal; nothing when nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _share, _doing: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(file=steered(sys.stderr)), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, doing: bar.update(task, completed=share, description=escape(plain(doing)))


def report_guesses(factory: Factory, lang: str | None) -> None:
    """What was guessed or set aside, on the error stream, one line each. lang: as said on the command line."""
    code = language_of(lang, factory.plant.language)
    for found in factory.findings:
        if found.severity != "info":
            print(Remark(found.severity, found.place, found.text, found.cure).line(code), file=sys.stderr)
