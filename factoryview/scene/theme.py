"""The colours of the picture, by name, and the arithmetic that shows they can be told apart.

Grey is the ground state; a saturated colour means that something is abnormal (ISA-101). Three levels of
congestion run neutral → amber → vermilion. Channels wear muted hues after Okabe and Ito that stay apart for
people who confuse red and green, and stay clear of the two alarm colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Colour = tuple[int, int, int]
Deficiency = Literal["protan", "deutan"]
Level = Literal[0, 1, 2]
"""0 flowing, 1 slow (amber), 2 jammed (vermilion)."""


class ByLevel(NamedTuple):
    """One colour for each level of congestion."""

    calm: Colour
    amber: Colour
    red: Colour


ThemeName = Literal["night", "day"]


@dataclass(frozen=True)
class Theme:
    """Every colour of the scene, sRGB 0–255. Names ending in `s` hold one colour per department or channel."""

    name: ThemeName
    # the ground, and what is written on it
    floor: Colour
    floor_line: Colour
    zones: tuple[Colour, ...]
    zone_edges: tuple[Colour, ...]
    zone_names: tuple[Colour, ...]
    panel: Colour
    panel_edge: Colour
    headline: Colour
    text: Colour
    text_muted: Colour
    shadow: Colour
    # belts and what lies on them
    belt: ByLevel
    chevron: ByLevel
    belt_edge: ByLevel
    rail_shine: ByLevel
    hatch: ByLevel
    hues: tuple[Colour, ...]
    outline: Colour
    pallet: Colour
    steel: Colour
    # machines
    contour: ByLevel
    body_light: ByLevel
    body: ByLevel
    body_dark: ByLevel
    rim_light: ByLevel
    rim_dark: ByLevel
    dish: ByLevel
    dish_lip: ByLevel
    groove: ByLevel
    ring: ByLevel
    icon: ByLevel
    # signals: fills and outlines that must be noticed, and words in the same meaning
    signal: ByLevel
    signal_text: ByLevel
    on_signal: ByLevel
    good: Colour
    idle: Colour
    loss: Colour
    # lamps: they shine from the dark dishes of a machine in every theme
    person: Colour
    robot: Colour
    vacancy: Colour
    working: Colour
    starved: Colour
    blocked: Colour

    def hue(self, channel: int) -> Colour:
        """The hue of the n-th channel (0, 1, …); they repeat when there are more channels than hues."""
        return self.hues[channel % len(self.hues)]

    def outline_of(self, hue: Colour) -> Colour:
        """The hue, pushed towards `outline` just far enough to stand out 4.5:1 from every belt."""
        steps = (mix(hue, self.outline, step / 20) for step in range(6, 21))
        return next((c for c in steps if min(contrast(c, belt) for belt in self.belt) >= 4.5), self.outline)


NIGHT = Theme(
    name="night",
    floor=(21, 24, 28),
    floor_line=(27, 31, 36),
    zones=((21, 28, 38), (28, 26, 38), (20, 30, 31), (31, 28, 24), (26, 28, 31)),
    zone_edges=((48, 67, 92), (66, 58, 92), (44, 74, 74), (78, 68, 52), (60, 65, 72)),
    zone_names=((128, 152, 184), (153, 142, 184), (124, 162, 160), (170, 154, 128), (148, 154, 162)),
    panel=(12, 14, 17),
    panel_edge=(52, 58, 66),
    headline=(248, 250, 252),
    text=(226, 230, 235),
    text_muted=(156, 164, 174),
    shadow=(0, 0, 0),
    belt=ByLevel((49, 53, 59), (88, 69, 30), (90, 31, 28)),
    chevron=ByLevel((63, 68, 75), (116, 90, 40), (126, 48, 42)),
    belt_edge=ByLevel((104, 112, 122), (240, 178, 56), (238, 66, 44)),
    rail_shine=ByLevel((146, 154, 164), (240, 190, 100), (255, 142, 120)),
    hatch=ByLevel((63, 68, 75), (116, 90, 40), (140, 46, 38)),
    hues=((74, 183, 226), (208, 214, 137), (94, 174, 129), (202, 211, 218), (63, 103, 162), (142, 88, 118)),
    outline=(226, 231, 236),
    pallet=(84, 78, 70),
    steel=(86, 94, 105),
    contour=ByLevel((9, 11, 13), (12, 10, 6), (38, 8, 6)),
    body_light=ByLevel((86, 94, 105), (92, 96, 103), (146, 66, 58)),
    body=ByLevel((66, 73, 83), (72, 75, 81), (112, 46, 42)),
    body_dark=ByLevel((49, 55, 63), (54, 57, 62), (82, 32, 31)),
    rim_light=ByLevel((148, 157, 168), (255, 205, 112), (255, 150, 128)),
    rim_dark=ByLevel((28, 32, 37), (150, 98, 20), (168, 40, 30)),
    dish=ByLevel((20, 23, 27), (20, 22, 25), (28, 14, 14)),
    dish_lip=ByLevel((104, 112, 122), (112, 116, 122), (176, 88, 78)),
    groove=ByLevel((40, 45, 52), (44, 46, 50), (68, 28, 27)),
    ring=ByLevel((158, 167, 178), (255, 205, 112), (255, 150, 128)),
    icon=ByLevel((236, 240, 244), (255, 240, 214), (255, 236, 230)),
    signal=ByLevel((138, 147, 158), (250, 192, 70), (250, 66, 44)),
    signal_text=ByLevel((226, 230, 235), (250, 186, 78), (255, 122, 100)),
    on_signal=ByLevel((12, 14, 17), (24, 16, 2), (30, 4, 0)),
    good=(126, 188, 156),
    idle=(120, 128, 138),
    loss=(176, 84, 74),
    person=(214, 221, 228),
    robot=(112, 178, 216),
    vacancy=(250, 192, 70),
    working=(236, 240, 244),
    starved=(150, 159, 170),
    blocked=(250, 192, 70),
)

DAY = Theme(
    name="day",
    floor=(228, 230, 233),
    floor_line=(219, 222, 226),
    zones=((220, 229, 239), (230, 226, 239), (219, 233, 231), (238, 231, 219), (226, 229, 232)),
    zone_edges=((168, 188, 212), (190, 180, 212), (164, 196, 192), (210, 194, 166), (186, 192, 198)),
    zone_names=((66, 92, 126), (94, 80, 130), (52, 98, 94), (110, 88, 48), (82, 90, 98)),
    panel=(250, 251, 252),
    panel_edge=(196, 202, 208),
    headline=(14, 17, 21),
    text=(34, 39, 45),
    text_muted=(84, 92, 102),
    shadow=(44, 54, 68),
    belt=ByLevel((192, 196, 202), (226, 195, 134), (238, 172, 160)),
    chevron=ByLevel((171, 176, 183), (200, 166, 100), (222, 150, 136)),
    belt_edge=ByLevel((120, 127, 136), (168, 112, 8), (152, 16, 8)),
    rail_shine=ByLevel((236, 239, 242), (246, 226, 184), (250, 214, 204)),
    hatch=ByLevel((171, 176, 183), (198, 162, 92), (216, 126, 108)),
    hues=((74, 183, 226), (208, 214, 137), (94, 174, 129), (228, 233, 238), (63, 103, 162), (142, 88, 118)),
    outline=(40, 46, 54),
    pallet=(176, 164, 146),
    steel=(140, 148, 158),
    contour=ByLevel((122, 130, 140), (140, 98, 26), (140, 34, 18)),
    body_light=ByLevel((250, 251, 252), (252, 250, 246), (252, 214, 206)),
    body=ByLevel((232, 235, 239), (238, 235, 228), (244, 182, 170)),
    body_dark=ByLevel((208, 213, 219), (218, 213, 203), (228, 150, 136)),
    rim_light=ByLevel((255, 255, 255), (246, 196, 92), (244, 128, 104)),
    rim_dark=ByLevel((136, 144, 154), (150, 100, 8), (176, 40, 18)),
    dish=ByLevel((52, 59, 68), (58, 54, 46), (84, 24, 16)),
    dish_lip=ByLevel((255, 255, 255), (255, 252, 244), (255, 226, 220)),
    groove=ByLevel((182, 188, 196), (196, 190, 178), (206, 132, 118)),
    ring=ByLevel((74, 84, 96), (150, 92, 0), (164, 20, 10)),
    icon=ByLevel((246, 248, 250), (255, 243, 220), (255, 238, 233)),
    signal=ByLevel((112, 119, 128), (184, 124, 6), (164, 20, 10)),
    signal_text=ByLevel((34, 39, 45), (144, 88, 0), (120, 0, 0)),
    on_signal=ByLevel((255, 255, 255), (20, 12, 0), (255, 255, 255)),
    good=(40, 116, 84),
    idle=(138, 146, 156),
    loss=(168, 66, 52),
    person=(214, 221, 228),
    robot=(112, 178, 216),
    vacancy=(250, 192, 70),
    working=(236, 240, 244),
    starved=(150, 159, 170),
    blocked=(250, 192, 70),
)


THEMES: dict[ThemeName, Theme] = {"night": NIGHT, "day": DAY}


def luminance(colour: Colour) -> float:
    """Relative luminance of sRGB, 0 (black) to 1 (white), as WCAG 2 defines it."""
    red, green, blue = (_to_linear(channel) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: Colour, b: Colour) -> float:
    """The contrast ratio of WCAG 2, from 1 (equal) to 21 (black on white); the order does not matter.

    >>> contrast((0, 0, 0), (255, 255, 255))
    21.0
    """
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def simulate(colour: Colour, deficiency: Deficiency) -> Colour:
    """How a dichromat sees the colour: no red cones (protan) or no green ones (deutan).

    Machado, Oliveira and Fernandes 2009 (doi 10.1109/TVCG.2009.113), severity 1, in linear light.
    """
    linear = [_to_linear(channel) for channel in colour]
    red, green, blue = (
        _to_srgb(sum(weight * part for weight, part in zip(row, linear, strict=True))) for row in _DICHROMAT[deficiency]
    )
    return red, green, blue


def difference(a: Colour, b: Colour) -> float:
    """ΔE*ab of CIE 1976 under D65: about 2 is just noticeable, 20 is plain to see."""
    return float(sum((p - q) ** 2 for p, q in zip(_to_lab(a), _to_lab(b), strict=True)) ** 0.5)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """The colour `share` (0 to 1) of the way from a to b, in sRGB.

    >>> mix((0, 0, 0), (200, 100, 50), 0.5)
    (100, 50, 25)
    """
    red, green, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return red, green, blue


_DICHROMAT = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


def _to_linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _to_srgb(light: float) -> int:
    light = min(max(light, 0.0), 1.0)
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


def _to_lab(colour: Colour) -> tuple[float, float, float]:
    linear = [_to_linear(channel) for channel in colour]
    x, y, z = (
        _cube_root(sum(weight * part for weight, part in zip(row, linear, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(share: float) -> float:
    return float(share ** (1 / 3)) if share > 0.008856 else 7.787 * share + 16 / 116
