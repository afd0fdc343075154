"""The code on the wall: every module in its place, large enough to be scanned, and an address where there is none."""

from __future__ import annotations

import sys
from itertools import product

import pygame
import pytest

from factoryview.language import CODES, Code, Language
from factoryview.scene.art.art import Art
from factoryview.scene.text import recording
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.look import Canvas
from factoryview.wall.code import QUIET, CodeLook, PhoneCode, _modules, code_corner

segno = pytest.importorskip("segno", reason="factoryview[wall]")
CODE = PhoneCode("http://192.168.1.20:8730/#" + "aB3-" * 6, "http://192.168.1.20:8730", False)


def drawn(
    code: PhoneCode, room: pygame.Rect, em: int, language: str = "de"
) -> tuple[pygame.Surface, pygame.Rect, CodeLook]:
    """The picture with the card, where it stands and what it is."""
    (node,) = code.nodes(room, em, Language(language))  # type: ignore[arg-type]
    surface = pygame.Surface((room.right, room.bottom))
    assert isinstance(node.key, CodeLook)
    node.key.paint(Canvas(surface, surface.copy(), Art(NIGHT)), node.rect)
    return surface, node.rect, node.key


@pytest.mark.parametrize("room", [(0, 100, 1920, 980), (20, 300, 1040, 1600), (0, 60, 1280, 600), (0, 200, 3840, 1960)])
def test_each_module_is_where_the_standard_has_it(room: tuple[int, int, int, int]) -> None:
    surface, card, look = drawn(CODE, pygame.Rect(room), 40)
    assert pygame.Rect(room).contains(card)
    matrix = segno.make_qr(CODE.url, error="m").matrix
    size, corner = look.module(card.w), code_corner(card, len(matrix))
    assert size * (len(matrix) + 2 * QUIET) == card.w
    assert card.w >= 0.4 * min(room[2], room[3] - 140)
    for y, x in product(range(-QUIET, len(matrix) + QUIET), repeat=2):
        inside = 0 <= y < len(matrix) and 0 <= x < len(matrix)
        dark = inside and matrix[y][x]
        middle = corner[0] + x * size + size // 2, corner[1] + y * size + size // 2
        assert surface.get_at(middle)[:3] == ((0, 0, 0) if dark else (255, 255, 255)), (x, y)


@pytest.mark.parametrize("language", CODES)
def test_what_is_written_is_the_address_without_the_token(language: Code) -> None:
    with recording() as page:
        _, card, _ = drawn(CODE, pygame.Rect(0, 0, 1920, 1080), 40, language)
    texts = [written.text for written in page.written]
    assert texts[-1] == CODE.address
    assert len(texts) == 2
    assert page.left_out == []
    assert all(card.contains(written.ink) for written in page.written)
    assert "aB3-" not in "".join(texts)


def test_without_the_library_the_whole_address_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    _modules.cache_clear()
    try:
        with recording() as page:
            drawn(CODE, pygame.Rect(0, 0, 1920, 1080), 40)
        assert CODE.url in [written.text for written in page.written]
    finally:
        _modules.cache_clear()
