"""The options of the command line, each declared once; verbs name the groups they take.

A parameter of a verb whose type is one of the groups here (a dataclass of `typer` options) becomes the group's options
on the command line: `flattened` sees to that. Every verb takes `--lang`, and so does the program before its verb.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable
from copy import copy
from dataclasses import MISSING, dataclass, fields, is_dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import typer
from typer.models import ParameterInfo

from factoryview.cli.words import help_in
from factoryview.errors import UsageError
from factoryview.language.said import said
from factoryview.resources import data_file

Code = Literal["de", "en"]
Pixels = tuple[int, int]

DEMOS = {"demo": "umsatzwerk", "umsatzwerk": "umsatzwerk", "permits": "permits"}
"""What the plants that come with the program are called instead of a file."""

Input = Annotated[Path, typer.Argument(help="A log, a KPI table, a plant file that names its log, a store, or demo.")]
InputOrSchema = Annotated[
    Path | None, typer.Argument(help="A log, a KPI table, a plant file that names its log, a store, or demo.")
]
Lang = Annotated[str | None, typer.Option("--lang", help="de or en.")]
At = Annotated[str | None, typer.Option("--at", help='A moment: "2025-06-18 14:20", "end", or a share like 0.54.')]
Json = Annotated[bool, typer.Option("--json", help="The document, checkable.")]
Schema = Annotated[bool, typer.Option("--schema", help="The JSON schema of the document.")]


@dataclass(frozen=True)
class InputOptions:
    """How an input is to be read, as it was typed."""

    plant: Annotated[Path | None, typer.Option("--plant", help="A plant file for this log.")] = None
    map: Annotated[
        str | None, typer.Option("--map", help="Columns: case=…,stage=…,time=…,start=…,resource=…,channel=…")
    ] = None
    times: Annotated[
        str | None, typer.Option("--times", help="What the times mean: entry, completion or interval.")
    ] = None
    ends: Annotated[str | None, typer.Option("--ends", help="Stages at which cases are done, separated by commas.")] = (
        None
    )
    timezone: Annotated[
        str | None, typer.Option("--timezone", help='Of times without an offset, like "Europe/Berlin".')
    ] = None
    dates: Annotated[str | None, typer.Option("--dates", help="What comes first in 03/04/2025: dmy, mdy or ymd.")] = (
        None
    )
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Of text that is not UTF-8, like cp1250 or iso8859-2.")
    ] = None
    sheet: Annotated[str | None, typer.Option("--sheet", help="Of a workbook: its name, or 1 for the first.")] = None
    stages: Annotated[
        int | None,
        typer.Option("--stages", help="Fold a log into at most so many machines, 12 if not said; 0: do not fold."),
    ] = None

    def check(self) -> None:
        """Raise UsageError for what no input can be read with."""
        if self.times not in (None, "entry", "completion", "interval"):
            raise UsageError(said("error.times_choice", times=self.times))
        if self.stages is not None and self.stages < 0:
            raise UsageError(said("error.stages_choice", stages=self.stages))
        if self.sheet == "":
            raise UsageError(said("error.sheet_choice"))
        parse_map(self.map)
        parse_dates(self.dates)


@dataclass(frozen=True)
class Picture:
    """How a picture looks, on a screen or in a file, as it was typed."""

    size: Annotated[str | None, typer.Option("--size", help="WIDTHxHEIGHT in pixels (also as -1920x1080).")] = None
    theme: Annotated[str | None, typer.Option("--theme", help="night, day or contrast.")] = None
    screen: Annotated[float | None, typer.Option("--screen", help="Diagonal of the screen in inches, like 55.")] = None
    distance: Annotated[float | None, typer.Option("--distance", help="Metres from the screen to its viewers.")] = None

    @property
    def pixels(self) -> Pixels | None:
        """Width and height, if they were said."""
        return parse_size(self.size)

    @property
    def theme_name(self) -> Literal["night", "day", "contrast"] | None:
        """The theme, if one was said."""
        if self.theme in ("night", "day", "contrast", None):
            return self.theme  # type: ignore[return-value]  # mypy does not narrow strings to their values
        raise UsageError(said("error.theme_choice", theme=self.theme))

    @property
    def place(self) -> tuple[float, float] | None:
        """Diagonal of the screen in inches and metres to its viewers, if both were said."""
        screen, distance = self.screen, self.distance
        if screen is None and distance is None:
            return None
        if screen is None or distance is None:
            raise UsageError(said("error.screen_and_distance"))
        if not (1 <= screen <= 1_000 and 0.1 <= distance <= 100):
            raise UsageError(said("error.screen_range", screen=screen, distance=distance))
        return screen, distance


@dataclass(frozen=True)
class Playing:
    """How a plant plays in its window, as it was typed."""

    fullscreen: Annotated[bool, typer.Option("-f", "--fullscreen", help="Full screen, fit for a wall.")] = False
    title: Annotated[str | None, typer.Option("--title", help="Instead of the plant's name.")] = None
    seconds_per_day: Annotated[
        float | None, typer.Option("-s", "--seconds-per-day", help="Display seconds for a day of data.")
    ] = None
    start: Annotated[str | None, typer.Option("-p", "--start-position", help="A moment or a share, 0 to 1.")] = None
    loop: Annotated[bool, typer.Option("--loop", help="Begin anew at the end.")] = False
    low_motion: Annotated[bool | None, typer.Option("--low-motion", help="Only crates move.")] = None
    scenario: Annotated[Path | None, typer.Option("--scenario", help="A file of scenarios to be at hand (S).")] = None
    captions: Annotated[Path | None, typer.Option("--captions", help="Captions, on each line one: moment|text.")] = None
    logo: Annotated[Path | None, typer.Option("--logo", help="A picture for the header: .svg, .png or .jpg.")] = None

    def check(self) -> None:
        """Raise UsageError for what nothing can be played with."""
        if self.seconds_per_day is not None and not 0.001 <= self.seconds_per_day <= 86_400:
            raise UsageError(said("error.pace_range", seconds=self.seconds_per_day))


@dataclass(frozen=True)
class Filming:
    """What is filmed, as it was typed."""

    since: Annotated[str | None, typer.Option("--from", help="Begin of a span.")] = None
    until: Annotated[str | None, typer.Option("--to", help="End of a span.")] = None
    seconds: Annotated[float | None, typer.Option("--seconds", help="How long the film is; 60.")] = None
    fps: Annotated[float | None, typer.Option("--fps", help="Frames a second; 30, of a .gif 12.5.")] = None
    reel: Annotated[bool, typer.Option("--reel", help="Only the moments that matter, with captions.")] = False
    captions: Annotated[Path | None, typer.Option("--captions", help="Captions, on each line one: moment|text.")] = None
    logo: Annotated[Path | None, typer.Option("--logo", help="A picture for the header: .svg, .png or .jpg.")] = None

    def check(self) -> None:
        """Raise UsageError for what no film can be made of."""
        if self.seconds is not None and not 0.1 <= self.seconds <= 3_600:
            raise UsageError(said("error.seconds_range", seconds=self.seconds))
        if self.seconds is not None and self.reel:
            raise UsageError(said("error.reel_length"))

    def check_unused(self) -> None:
        """Raise UsageError if something of a film was asked for."""
        if self != Filming():
            raise UsageError(said("error.film_options"))


def named(path: Path) -> Path:
    """The file that was meant: a demo plant may be named without its path, unless a file is called so."""
    demo = DEMOS.get(str(path))
    return data_file(f"{demo}.toml") if demo and not path.exists() else path


def flattened(verb: Callable[..., None], code: str) -> Callable[..., None]:
    """The verb as `typer` takes it: groups as single options, helps in that language.

    A verb that takes `lang` gets what was said after it, else what was said before it.
    """
    hints = get_type_hints(verb, include_extras=True)
    parameters = [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    groups: dict[str, tuple[Any, list[str]]] = {}
    for name, parameter in inspect.signature(verb).parameters.items():
        kind = hints[name]
        if is_dataclass(kind):
            own = get_type_hints(kind, include_extras=True)
            groups[name] = kind, [field.name for field in fields(kind)]
            parameters += [
                _parameter(field.name, own[field.name], inspect.Parameter.empty if field.default is MISSING
                           else field.default, code)
                for field in fields(kind)
            ]  # fmt: skip
        else:
            parameters.append(_parameter(name, kind, parameter.default, code))

    def run(context: typer.Context, **typed: Any) -> None:
        if typed.get("lang") is None and "lang" in typed and context.parent is not None:
            typed["lang"] = context.parent.params.get("lang")
        for name, (kind, names) in groups.items():
            typed[name] = kind(**{own: typed.pop(own) for own in names})
        verb(**typed)

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _parameter(name: str, annotation: Any, default: object, code: str) -> inspect.Parameter:
    """The parameter with the helps of its option in that language."""
    said: list[object] = []
    for info in getattr(annotation, "__metadata__", ()):
        found = copy(info)
        if isinstance(found, ParameterInfo) and found.help:
            found.help = help_in(code, found.help)
        said.append(found)
    if said:
        annotation = Annotated[(annotation.__origin__, *said)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def said_language(arguments: list[str]) -> Code:
    """The language somebody asked for anywhere on the command line, else the system's: for help."""
    pairs = pairwise([*arguments, ""])
    said = [after if word == "--lang" else word[7:] for word, after in pairs if re.match("--lang(=|$)", word)]
    return "de" if (said[-1] if said else system_language()) == "de" else "en"


def system_language() -> Code:
    """`de` where the system speaks German, else `en`."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "de" if said.startswith("de") else "en"


def language_of(asked: str | None, usual: str | None) -> Code:
    """The language asked for, else the usual one, else the system's."""
    code = asked or usual or system_language()
    if code not in ("de", "en"):
        raise UsageError(said("error.lang_choice", code=code))
    return "de" if code == "de" else "en"


def check_length(option: str, text: str | None, most: int) -> None:
    """Raise UsageError for a text that is longer than what is kept of it."""
    if text is not None and len(text) > most:
        raise UsageError(said("error.option_long", option=option, most=most, length=len(text)))


def parse_map(text: str | None) -> dict[str, str]:
    """`case=Ticket,time=Changed` as role → column; a column's name may hold a comma."""
    found: dict[str, str] = {}
    role = ""
    for part in (text or "").split(","):
        before, equals, column = part.partition("=")
        if equals and column.strip() and before.strip().isidentifier():
            role = before.strip()
            found[role] = column.strip()
        elif role and part.strip():
            found[role] += "," + part.rstrip()
        elif part.strip():
            raise UsageError(said("error.map_form", text=text, part=part))
    return found


def parse_dates(text: str | None) -> Literal["dmy", "mdy", "ymd"] | None:
    """Which of day, month and year comes first."""
    if text in ("dmy", "mdy", "ymd", None):
        return text  # type: ignore[return-value]  # mypy does not narrow strings to their values
    raise UsageError(said("error.dates_choice", text=text))


def parse_size(text: str | None) -> Pixels | None:
    """`1920x1080` as width and height; None where nothing was said."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+)[xX×](\d+)", text)
    if not match or not (320 <= int(match[1]) <= 16_384 and 180 <= int(match[2]) <= 16_384):
        raise UsageError(said("error.size_range", text=text))
    return int(match[1]), int(match[2])
