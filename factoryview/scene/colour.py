"""The arithmetic of colours: mixing them, and showing that they can be told apart, by whom."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Colour = tuple[int, int, int]
"""sRGB, 0–255."""
Deficiency = Literal["protan", "deutan"]


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


@lru_cache(maxsize=4096)
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
