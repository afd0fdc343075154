from __future__ import annotations

from xml.etree import ElementTree

import pytest

from factoryview.errors import InputError
from factoryview.resources import asset
from factoryview.scene.art.drawings import filled, palette, placeholders
from factoryview.scene.themes import DAY, NIGHT

DRAWINGS = sorted(path.relative_to(asset()).with_suffix("").as_posix() for path in asset().rglob("*.svg"))
UNDRAWN = {"text", "filter", "clipPath", "mask", "use", "image", "style", "symbol", "pattern"}
"""What the rasteriser silently leaves out."""


def kinds(svg: str) -> set[str]:
    return {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}


def test_there_is_art() -> None:
    assert len([name for name in DRAWINGS if name.startswith("motif/")]) >= 30


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_is_svg_of_the_kind_that_is_drawn(name: str) -> None:
    svg = filled(name, dict.fromkeys(placeholders(name), 7))
    assert not kinds(svg) & UNDRAWN
    assert "{" not in svg
    root = ElementTree.fromstring(svg)
    width, height = root.attrib["width"], root.attrib["height"]
    assert root.attrib["viewBox"].split()[2:] == [width, height]


def test_a_placeholder_nobody_names_is_an_error() -> None:
    with pytest.raises(KeyError, match="icon"):
        filled("sign/play", {})


def test_a_drawing_that_is_missing_is_named() -> None:
    with pytest.raises(InputError, match=r"assets/sign/nothing\.svg"):
        filled("sign/nothing", {})


def test_values_are_written_as_svg_wants_them() -> None:
    svg = filled("station/bay", dict.fromkeys(placeholders("station/bay"), 1) | {"ground": (255, 128, 0)})
    assert 'fill="#ff8000"' in svg


def test_the_palette_follows_theme_and_level() -> None:
    assert palette(NIGHT, 2)["signal"] == NIGHT.signal.red
    assert palette(DAY, 0)["signal"] == DAY.signal.calm
    assert palette(DAY, 1)["floor"] == DAY.floor
    assert "zones" not in palette(DAY, 0)
    assert "name" not in palette(DAY, 0)
