"""The text of the SVG sources under `assets/`, with their placeholders filled in. No pixels yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache

from factoryview.resources import asset
from factoryview.scene.colour import Colour
from factoryview.scene.theme import ByLevel, Level, Theme

Value = Colour | float | str
"""What a placeholder may become: a colour, a length, or a piece of SVG such as a path or `none`."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def filled(name: str, values: Mapping[str, Value]) -> str:
    """The SVG of `assets/NAME.svg` with every placeholder replaced.

    Raises KeyError for a placeholder without a value, InputError for a drawing that is not there.
    """
    return _PLACEHOLDER.sub(lambda match: _written(values[match[1]]), _source(name))


def placeholders(name: str) -> frozenset[str]:
    """The names of what `assets/NAME.svg` leaves open."""
    return frozenset(_PLACEHOLDER.findall(_source(name)))


@lru_cache(maxsize=8)
def palette(theme: Theme, level: Level) -> dict[str, Value]:
    """The theme's colours by placeholder, those that depend on the level at that level."""
    values: dict[str, Value] = {}
    for field in fields(theme):
        value = getattr(theme, field.name)
        if isinstance(value, ByLevel):
            values[field.name] = value[level]
        elif isinstance(value, tuple) and all(isinstance(part, int) for part in value):
            values[field.name] = value
    return values


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return asset(*f"{name}.svg".split("/")).read_text(encoding="utf-8")


def _written(value: Value) -> str:
    if isinstance(value, tuple):
        return "#{:02x}{:02x}{:02x}".format(*value)
    return value if isinstance(value, str) else f"{value:g}"
