"""Who can read the picture: from how far, and with which eyes. It asks what was really drawn, not a list of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import atan, degrees, radians, sqrt, tan

from factoryview.errors import Problem
from factoryview.language.said import said
from factoryview.scene.art.raster import opaque
from factoryview.scene.colour import Colour, Deficiency, contrast, difference, simulate
from factoryview.scene.faces import missing
from factoryview.scene.floor.camera import Camera
from factoryview.scene.painter import SMALLEST_TEXT, Painter
from factoryview.scene.picture import Facts, Moment
from factoryview.scene.text import Page, Written, recording
from factoryview.scene.theme import Theme
from factoryview.scene.ui.composition import composed

LEAST = 16.0
"""Least height of capitals that can be read, in minutes of arc (ISO 9241-303, 5.5)."""
CAPITALS = 0.7
"""Height of capitals as a share of the size of the face (Barlow: 700 of 1000 units)."""
CONTRAST = 4.5
"""WCAG 2, success criterion 1.4.3."""
APART = 20.0
"""ΔE*ab from which two colours are plainly not the same."""
_INCH = 0.0254
_MOST_LETTERS = 20
_SEES: dict[Deficiency | None, str] = {
    None: "anybody",
    "protan": "people without red cones",
    "deutan": "people without green cones",
}


@dataclass(frozen=True)
class Viewing:
    """A screen and how far its viewers stand from it.

    A capital of height h seen from distance d spans the angle 2·atan(h / 2d). Its height is a share of the
    picture's; the picture's height follows from diagonal and aspect by Pythagoras.
    """

    diagonal: float
    """Inches."""
    distance: float
    """Metres."""
    aspect: float = 16 / 9
    """Width ÷ height of the picture."""

    @property
    def height(self) -> float:
        """The picture's height in metres."""
        return self.diagonal * _INCH / sqrt(1 + self.aspect**2)

    def arc(self, size: float, pixels: int) -> float:
        """Minutes of arc that capitals of a face of that size span, on a picture of so many rows of pixels."""
        metres = size * CAPITALS / pixels * self.height
        return 60 * degrees(2 * atan(metres / (2 * self.distance)))

    def capitals(self, arc: float = LEAST) -> float:
        """Height of capitals, as a share of the picture's height, that spans so many minutes of arc.

        >>> round(100 * Viewing(55, 5).capitals(), 1)
        3.4
        """
        return 2 * self.distance * tan(radians(arc / 60) / 2) / self.height

    def smallest_text(self, arc: float = LEAST) -> float:
        """The height of capitals for that, as a share of the picture's shorter side: what `Painter` asks for."""
        return self.capitals(arc) / min(1.0, self.aspect)


def draw(
    facts: Facts, moment: Moment, size: tuple[int, int], theme: Theme, smallest_text: float = SMALLEST_TEXT
) -> Page:
    """All text of the whole floor's picture at a moment, as it is shown, and what found no room. size: pixels.
    smallest_text: as `Painter` takes it.
    """
    surface = opaque(size)
    camera = Camera.fit(facts.floor.plan, composed(size).view)
    with recording() as page:
        Painter(facts, theme, smallest_text=smallest_text).paint(surface, moment, camera)
    return page


def small_texts(page: Page, pixels: int, viewing: Viewing, least: float = LEAST) -> Iterator[Problem]:
    """Text too small to be read from where the viewers stand. pixels: rows of the picture."""
    need = viewing.capitals(least) / CAPITALS * pixels
    for line in _once(page.written):
        arc = viewing.arc(line.size, pixels)
        if arc < least - 0.05:
            ratio = arc / least
            metres, inches = _floor(viewing.distance * ratio), -int(-viewing.diagonal // ratio)
            yield Problem(
                _place(line),
                said("legible.small", arc=arc, size=line.size, least=least, need=round(need)),
                said("legible.closer", metres=metres, inches=inches),
            )
    for text, box in page.left_out:
        place = said("legible.text", text=text, x=box.x, y=box.y)
        yield Problem(place, said("legible.left_out"), said("legible.shorten"))


def faint_texts(page: Page, least: float = CONTRAST) -> Iterator[Problem]:
    """Text that stands out too little from what lies beneath it."""
    for line in _once(page.written):
        ratio = contrast(line.colour, line.ground)
        if ratio < least:
            yield Problem(
                _place(line),
                said("legible.faint", ratio=ratio, colour=_hex(line.colour), ground=_hex(line.ground)),
                said("legible.contrast", least=least),
            )


def meanings(theme: Theme, channels: dict[str, int]) -> Iterator[tuple[str, Colour, str, Colour]]:
    """Pairs of colours that mean different things. channels: label → its number."""
    levels = ("calm", "amber", "red")
    hues = [(f"channel {label}", theme.hue(number)) for label, number in channels.items()]
    alarms = [(f"alarm {level}", colour) for level, colour in zip(levels, theme.signal[:3], strict=True)]
    groups = [
        alarms,
        [(f"words of level {level}", colour) for level, colour in zip(levels, theme.signal_text[:3], strict=True)],
        [(f"belt's edge {level}", colour) for level, colour in zip(levels, theme.belt_edge[:3], strict=True)],
        hues,
        [("person", theme.person), ("robot", theme.robot), ("urgent vacancy", theme.vacancy)],
        [("urgent vacancy", theme.vacancy), ("vacancy", theme.chair)],
    ]
    for group in groups:
        for (a, first), (b, second) in combinations(group, 2):
            yield a, first, b, second
    for (a, first), (b, second) in product(hues, alarms[1:]):
        yield a, first, b, second


def alike_colours(theme: Theme, channels: dict[str, int], least: float = APART) -> Iterator[Problem]:
    """Pairs of meaningful colours that somebody takes for the same."""
    for a, first, b, second in meanings(theme, channels):
        seen = {kind: _apart(first, second, kind) for kind in _SEES}
        kind = min(seen, key=lambda kind: seen[kind])
        if seen[kind] < least:
            who = _SEES[None] if seen[None] < least else _SEES[kind]
            yield Problem(
                f"theme {theme.name}, {a} and {b}",
                f"{_hex(first)} and {_hex(second)} look alike to {who} (ΔE {seen[kind]:.0f}).",
                f"They need ΔE {least:g}: move their lightness apart, or show fewer channels.",
            )


def _apart(a: Colour, b: Colour, kind: Deficiency | None) -> float:
    return difference(a, b) if kind is None else difference(simulate(a, kind), simulate(b, kind))


def _once(lines: list[Written]) -> list[Written]:
    """Without those that look the same as one before: same words, size and colours."""
    found: dict[tuple[object, ...], Written] = {}
    for line in lines:
        found.setdefault((line.text, line.size, line.colour, line.ground), line)
    return list(found.values())


def _place(line: Written) -> str:
    return said("legible.text", text=line.text, x=line.ink.x, y=line.ink.y)


def _floor(metres: float) -> float:
    return int(10 * metres) / 10


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def lost_letters(names: Iterable[str]) -> list[Problem]:
    """What of names on the floor no face at hand can write."""
    letters = "".join(dict.fromkeys("".join(map(missing, names))))
    if not letters:
        return []
    return [
        Problem(said("legible.names"), said("legible.lost", letters=letters[:_MOST_LETTERS]), said("legible.install"))
    ]
