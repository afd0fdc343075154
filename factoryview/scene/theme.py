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
class StationColours:
    """Everything a hall is built of, in one dress."""

    roof_light: Colour
    roof: Colour
    roof_dark: Colour
    wall: Colour
    rib: Colour
    edge_light: Colour
    contour: Colour
    glass: Colour
    glass_edge: Colour
    digits: Colour
    dim: Colour
    sign: Colour
    sign_edge: Colour
    name: Colour
    rates: Colour


Dress = Literal["calm", "slow", "alarm", "known", "depot"]
"""How a hall looks: as ever; slow (amber); the constraint while it is new or unanswered (vermilion); the constraint
whose alarm is answered (brick); the end of a line."""


@dataclass(frozen=True)
class ByDress:
    """One set of colours for each dress."""

    calm: StationColours
    slow: StationColours
    alarm: StationColours
    known: StationColours
    depot: StationColours

    def of(self, dress: Dress) -> StationColours:
        found: StationColours = getattr(self, dress)
        return found


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
    marking: Colour
    """Worn paint on the floor: yards, tracks."""
    light: tuple[float, float, float]
    """Brightness far from the machines, what their pools add, what is taken away at the edges."""
    # stations
    station: ByDress
    steel_light: Colour
    steel_dark: Colour
    paper: Colour
    ink: Colour
    accent: Colour
    accent_dark: Colour
    lamp: Colour
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
    # chrome
    banner: Colour
    board: Colour
    brick: Colour
    """History and what is answered: the muted sister of vermilion."""
    brick_text: Colour
    rung: Colour
    on_rung: Colour
    work: Colour
    shortfall: Colour
    loss_text: Colour
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
    floor=(30, 34, 42),
    floor_line=(38, 42, 51),
    zones=((31, 39, 53), (41, 38, 53), (30, 43, 43), (46, 41, 35), (37, 40, 45)),
    zone_edges=((62, 72, 88), (72, 66, 94), (54, 78, 78), (84, 74, 58), (66, 71, 78)),
    zone_names=((128, 152, 184), (153, 142, 184), (124, 162, 160), (170, 154, 128), (148, 154, 162)),
    panel=(12, 14, 17),
    panel_edge=(52, 58, 66),
    headline=(248, 250, 252),
    text=(226, 230, 235),
    text_muted=(156, 164, 174),
    shadow=(0, 0, 0),
    belt=ByLevel((60, 66, 75), (98, 79, 34), (112, 34, 30)),
    chevron=ByLevel((80, 87, 97), (128, 104, 48), (146, 54, 46)),
    belt_edge=ByLevel((126, 134, 145), (246, 190, 66), (240, 66, 44)),
    rail_shine=ByLevel((146, 154, 164), (240, 190, 100), (255, 142, 120)),
    hatch=ByLevel((80, 87, 97), (122, 97, 46), (160, 56, 46)),
    hues=((117, 168, 132), (193, 170, 103), (187, 197, 205), (76, 107, 171), (147, 129, 160), (117, 85, 90)),
    outline=(226, 231, 236),
    pallet=(84, 78, 70),
    steel=(86, 94, 105),
    marking=(196, 160, 72),
    light=(0.86, 0.34, 0.20),
    station=ByDress(
        calm=StationColours(
            roof_light=(98, 107, 120),
            roof=(72, 80, 92),
            roof_dark=(52, 58, 68),
            wall=(38, 43, 51),
            rib=(63, 70, 81),
            edge_light=(150, 160, 174),
            contour=(9, 11, 14),
            glass=(9, 11, 14),
            glass_edge=(34, 39, 47),
            digits=(248, 250, 252),
            dim=(118, 126, 137),
            sign=(17, 20, 26),
            sign_edge=(88, 97, 110),
            name=(244, 246, 249),
            rates=(182, 190, 200),
        ),
        slow=StationColours(
            roof_light=(104, 107, 112),
            roof=(80, 81, 84),
            roof_dark=(58, 58, 60),
            wall=(43, 42, 43),
            rib=(70, 71, 73),
            edge_light=(190, 172, 130),
            contour=(10, 10, 10),
            glass=(10, 10, 10),
            glass_edge=(42, 38, 30),
            digits=(255, 226, 166),
            dim=(118, 126, 137),
            sign=(22, 20, 16),
            sign_edge=(226, 164, 52),
            name=(250, 246, 238),
            rates=(255, 200, 120),
        ),
        alarm=StationColours(
            roof_light=(206, 82, 60),
            roof=(168, 52, 38),
            roof_dark=(118, 34, 27),
            wall=(74, 24, 20),
            rib=(148, 45, 33),
            edge_light=(255, 166, 142),
            contour=(28, 6, 4),
            glass=(16, 8, 8),
            glass_edge=(60, 22, 18),
            digits=(255, 255, 255),
            dim=(200, 150, 140),
            sign=(30, 9, 8),
            sign_edge=(255, 110, 84),
            name=(255, 248, 246),
            rates=(255, 198, 182),
        ),
        known=StationColours(
            roof_light=(128, 90, 82),
            roof=(102, 68, 61),
            roof_dark=(76, 51, 47),
            wall=(51, 36, 34),
            rib=(91, 61, 55),
            edge_light=(190, 148, 136),
            contour=(16, 9, 8),
            glass=(11, 10, 10),
            glass_edge=(44, 32, 30),
            digits=(250, 238, 234),
            dim=(140, 122, 116),
            sign=(24, 16, 15),
            sign_edge=(170, 104, 90),
            name=(248, 240, 237),
            rates=(220, 178, 166),
        ),
        depot=StationColours(
            roof_light=(84, 104, 98),
            roof=(62, 80, 75),
            roof_dark=(45, 59, 56),
            wall=(34, 44, 42),
            rib=(54, 70, 66),
            edge_light=(140, 166, 158),
            contour=(8, 11, 10),
            glass=(9, 13, 12),
            glass_edge=(30, 42, 38),
            digits=(164, 200, 186),
            dim=(114, 134, 127),
            sign=(14, 20, 19),
            sign_edge=(84, 108, 101),
            name=(232, 242, 238),
            rates=(166, 188, 180),
        ),
    ),
    steel_light=(214, 220, 228),
    steel_dark=(88, 96, 108),
    paper=(238, 236, 226),
    ink=(92, 100, 112),
    accent=(104, 150, 188),
    accent_dark=(64, 100, 134),
    lamp=(255, 214, 120),
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
    banner=(22, 25, 31),
    board=(17, 20, 26),
    brick=(158, 84, 68),
    brick_text=(224, 166, 150),
    rung=(92, 100, 112),
    on_rung=(250, 250, 250),
    work=(118, 172, 220),
    shortfall=(232, 146, 122),
    loss_text=(206, 150, 138),
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
    floor=(243, 240, 232),
    floor_line=(219, 222, 226),
    zones=((233, 236, 236), (238, 233, 238), (231, 238, 231), (243, 235, 219), (236, 235, 230)),
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
    hues=((118, 161, 135), (205, 176, 97), (214, 219, 226), (66, 106, 169), (142, 116, 148), (116, 96, 70)),
    outline=(40, 46, 54),
    pallet=(176, 164, 146),
    steel=(140, 148, 158),
    marking=(178, 136, 40),
    light=(0.965, 0.045, 0.04),
    station=ByDress(
        calm=StationColours(
            roof_light=(250, 250, 247),
            roof=(226, 227, 226),
            roof_dark=(196, 198, 199),
            wall=(212, 213, 212),
            rib=(212, 213, 213),
            edge_light=(255, 255, 255),
            contour=(126, 130, 134),
            glass=(40, 45, 52),
            glass_edge=(72, 80, 90),
            digits=(255, 255, 255),
            dim=(150, 158, 166),
            sign=(252, 251, 247),
            sign_edge=(150, 154, 158),
            name=(20, 24, 29),
            rates=(62, 70, 79),
        ),
        slow=StationColours(
            roof_light=(252, 248, 238),
            roof=(234, 227, 210),
            roof_dark=(206, 197, 176),
            wall=(222, 213, 192),
            rib=(222, 214, 196),
            edge_light=(255, 253, 246),
            contour=(140, 122, 84),
            glass=(46, 42, 34),
            glass_edge=(84, 76, 58),
            digits=(255, 228, 168),
            dim=(160, 152, 136),
            sign=(255, 250, 236),
            sign_edge=(186, 126, 10),
            name=(28, 24, 16),
            rates=(104, 62, 0),
        ),
        alarm=StationColours(
            roof_light=(232, 104, 80),
            roof=(206, 70, 50),
            roof_dark=(164, 46, 32),
            wall=(140, 38, 28),
            rib=(188, 60, 43),
            edge_light=(255, 190, 172),
            contour=(96, 18, 10),
            glass=(44, 12, 8),
            glass_edge=(96, 34, 26),
            digits=(255, 255, 255),
            dim=(230, 180, 170),
            sign=(255, 246, 242),
            sign_edge=(150, 24, 10),
            name=(96, 10, 0),
            rates=(255, 240, 236),
        ),
        known=StationColours(
            roof_light=(222, 190, 180),
            roof=(204, 166, 154),
            roof_dark=(176, 138, 127),
            wall=(190, 152, 141),
            rib=(192, 154, 142),
            edge_light=(246, 226, 220),
            contour=(120, 84, 74),
            glass=(48, 36, 33),
            glass_edge=(86, 66, 60),
            digits=(255, 244, 240),
            dim=(180, 160, 154),
            sign=(252, 244, 240),
            sign_edge=(146, 84, 68),
            name=(64, 28, 18),
            rates=(58, 26, 18),
        ),
        depot=StationColours(
            roof_light=(226, 236, 231),
            roof=(203, 218, 211),
            roof_dark=(174, 192, 184),
            wall=(188, 206, 198),
            rib=(190, 206, 199),
            edge_light=(248, 253, 250),
            contour=(104, 126, 117),
            glass=(34, 46, 42),
            glass_edge=(62, 80, 74),
            digits=(178, 220, 202),
            dim=(140, 160, 152),
            sign=(246, 251, 248),
            sign_edge=(112, 146, 132),
            name=(18, 44, 34),
            rates=(40, 74, 60),
        ),
    ),
    steel_light=(238, 241, 244),
    steel_dark=(110, 118, 129),
    paper=(255, 253, 246),
    ink=(96, 104, 116),
    accent=(84, 136, 178),
    accent_dark=(50, 92, 130),
    lamp=(255, 206, 92),
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
    banner=(255, 253, 247),
    board=(252, 250, 244),
    brick=(198, 118, 100),
    brick_text=(128, 52, 36),
    rung=(150, 157, 166),
    on_rung=(14, 17, 21),
    work=(58, 118, 170),
    shortfall=(158, 60, 40),
    loss_text=(140, 66, 52),
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
