from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import get_args

import pygame
import pytest

from factoryview.errors import InputError
from factoryview.plant.icons import icons
from factoryview.scene.art import art as module
from factoryview.scene.art.art import DISH_CENTRE, LAMP_SLOT, STATUS_SPOT, Art, BeltKind, Heading, LampKind, belt_lane
from factoryview.scene.floor.rails import Rails
from factoryview.scene.theme import DAY, NIGHT, Colour, Level, Theme, contrast

HEADINGS: tuple[Heading, ...] = get_args(Heading)
KINDS: tuple[BeltKind, ...] = get_args(BeltKind)
LAMPS: tuple[LampKind, ...] = get_args(LampKind)
LEVELS: tuple[Level, ...] = (0, 1, 2)
OPEN: dict[str, str] = {
    "straight": "we",
    "right": "ws",
    "left": "wn",
    "tee_right": "wes",
    "tee_left": "wen",
    "fork": "wns",
    "join": "nse",
    "cross": "wens",
    "start": "we",
    "end": "we",
    "under_in": "we",
    "under_out": "we",
}
"""The sides of a piece heading east that let cases through."""


@pytest.fixture(autouse=True)
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    pygame.display.set_mode((64, 64))
    yield
    pygame.display.quit()


@pytest.fixture(params=[NIGHT, DAY], ids=lambda theme: theme.name)
def art(request: pytest.FixtureRequest) -> Art:
    theme: Theme = request.param
    return Art(theme)


def colour_at(surface: pygame.Surface, x: float, y: float) -> Colour:
    red, green, blue, _ = surface.get_at((int(x), int(y)))
    return red, green, blue


def alpha_at(surface: pygame.Surface, x: float, y: float) -> int:
    return surface.get_at((int(x), int(y)))[3]


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGBA")


@pytest.mark.parametrize("px", [24, 64, 128, 256])
@pytest.mark.parametrize("icon", sorted(icons()))
def test_icons_fill_their_box_without_touching_its_edge(art: Art, icon: str, px: int) -> None:
    surface = art.icon(icon, px)
    assert surface.get_size() == (px, px)
    drawn = surface.get_bounding_rect(min_alpha=64)
    assert max(drawn.size) >= 0.68 * px
    assert px * 0.02 <= drawn.left
    assert drawn.right <= px * 0.99
    ink = pygame.mask.from_surface(surface, 128).count() / px**2
    assert 0.1 <= ink <= 0.4, "neither a hair nor a blot"


def test_no_two_icons_look_alike() -> None:
    art = Art(NIGHT)
    masks = {icon: pygame.mask.from_surface(art.icon(icon, 24), 110) for icon in icons()}
    for one, other in product(masks, masks):
        if one < other:
            both = masks[one].overlap_area(masks[other], (0, 0))
            either = masks[one].count() + masks[other].count() - both
            assert both / either < 0.7, f"{one} and {other}"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("tile", [18, 32, 45])
def test_a_machine_is_lit_from_the_top_left(art: Art, tile: int, level: Level) -> None:
    surface = art.machine(tile, level, "phone")
    side = 4 * tile
    assert surface.get_size() == (side, side)
    rim = range(round(side * 0.02), round(side * 0.05) + 1)
    upper = sum(sum(colour_at(surface, side * 0.4, y)) for y in rim) / len(rim)
    lower = sum(sum(colour_at(surface, side * 0.6, side - 1 - y)) for y in rim) / len(rim)
    assert upper > lower + 60


def test_the_levels_of_a_machine_differ(art: Art) -> None:
    assert len({pixels(art.machine(24, level, "phone")) for level in LEVELS}) == 3


def test_lamps_and_icon_stand_on_dark_ground(art: Art) -> None:
    side = 256
    body = art.sprite("machine/body", (side, side))
    left, top, width, height = (share * side for share in LAMP_SLOT)
    for x, y in [
        (left + height / 2, top + height / 2),
        (left + width - height / 2, top + height / 2),
        (side * STATUS_SPOT[0], side * STATUS_SPOT[1]),
        (side * DISH_CENTRE[0], side * DISH_CENTRE[1]),
    ]:
        assert colour_at(body, x, y) == art.theme.dish.calm


def test_the_ring_fills_clockwise_from_noon(art: Art) -> None:
    tile, side = 64, 256
    x, y = DISH_CENTRE[0] * side, DISH_CENTRE[1] * side
    quarters = [(x + 50, y - 50), (x + 50, y + 50), (x - 50, y + 50), (x - 50, y - 50)]
    for share, filled in ((0.0, 0), (0.25, 1), (0.5, 2), (0.75, 3), (1.0, 4)):
        ring = art.ring(tile, share)
        assert [alpha_at(ring, *spot) > 200 for spot in quarters] == [i < filled for i in range(4)]
    assert pixels(art.ring(tile, 7.0)) == pixels(art.ring(tile, 1.0))
    assert pixels(art.ring(tile, -1.0)) == pixels(art.ring(tile, 0.0))


def test_a_fuller_ring_covers_more(art: Art) -> None:
    covered = [pygame.mask.from_surface(art.ring(32, step / 20)).count() for step in range(21)]
    assert covered == sorted(set(covered))


@pytest.mark.parametrize("px", [4, 6, 9, 11, 12, 17, 24, 46])
def test_a_crate_is_opaque_and_outlined_against_every_belt(art: Art, px: int) -> None:
    for hue in art.theme.hues:
        crate = art.crate(px, hue)
        assert crate.get_size() == (px, px)
        assert not crate.get_flags() & pygame.SRCALPHA
        border = [(i, 0) for i in range(px)] + [(0, i) for i in range(px)] + [(px - 1, i) for i in range(px)]
        for spot in border:
            assert all(contrast(colour_at(crate, *spot), belt) >= 4.5 for belt in art.theme.belt)


@pytest.mark.parametrize("px", [1, 2, 3])
def test_the_smallest_crates_are_still_seen(art: Art, px: int) -> None:
    assert contrast(colour_at(art.crate(px, art.theme.hues[4]), 0, 0), art.theme.belt.calm) >= 4.5


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_belt_is_open_where_cases_pass_and_railed_elsewhere(art: Art, kind: BeltKind, heading: Heading) -> None:
    px = 32
    piece = art.belt_piece(kind, px, 0, False, heading)
    clockwise = "eswn"
    turns = clockwise.index(heading)
    doors = {clockwise[(clockwise.index(side) + turns) % 4] for side in OPEN[kind]}
    half = px // 2
    edge = {"e": (px - 1, half), "s": (half, px - 1), "w": (0, half), "n": (half, 0)}
    for side, spot in edge.items():
        passable = alpha_at(piece, *spot) == 255
        assert passable == (side in doors), f"{side} of {kind} heading {heading}"


@pytest.mark.parametrize("px", [20, 27, 32, 64])
@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("kind", ["straight", "tee_right", "tee_left", "cross", "join"])
def test_pieces_of_belt_meet_without_a_seam(art: Art, px: int, heading: Heading, kind: BeltKind) -> None:
    """Where cases leave a piece there is belt from rail to rail, as on the straight that follows."""
    rails = Rails.of(px)
    eastward = pygame.transform.rotate(art.belt_piece(kind, px, heading=heading), 90 * "eswn".index(heading))
    way_out = [colour_at(eastward, px - 1, y) for y in range(px)]
    first, rows = belt_lane(px)
    assert set(way_out[first + rails.drop : first + rows - rails.drop]) == {art.theme.belt.calm}
    assert all(alpha_at(eastward, px - 1, y) == 255 for y in range(rails.margin, px - rails.margin))


@pytest.mark.parametrize("px", [16, 24, 32, 33, 48, 64])
def test_the_lane_of_a_straight_belt_is_bare_and_its_rails_crisp(art: Art, px: int) -> None:
    theme, rails = art.theme, Rails.of(px)
    piece = art.belt_piece("straight", px)
    first, rows = belt_lane(px)
    column = [colour_at(piece, px // 2, y) for y in range(px)]
    bare = column[first + 1 + rails.drop : first + rows - 1]
    assert set(bare) == {theme.belt.calm}
    rail = [theme.rail_shine.calm] * rails.shine + [theme.belt_edge.calm] * (rails.width - rails.shine)
    assert column[rails.margin : first] == rail
    assert column[first + rows : px - rails.margin] == rail


def test_a_belt_at_rest_is_hatched_and_the_hatching_is_continuous(art: Art) -> None:
    px = 32
    plain, hatched = (art.belt_piece("straight", px, 2, hatch) for hatch in (False, True))
    first, rows = belt_lane(px)
    middle = range(first + 6, first + rows - 2)
    stripes = [colour_at(hatched, x, y) for y in middle for x in range(px)]
    assert {colour_at(plain, x, y) for y in middle for x in range(px)} == {art.theme.belt.red}
    assert 0.2 < sum(c != art.theme.belt.red for c in stripes) / len(stripes) < 0.8
    quarter = px // 4
    for y in middle:
        row = [colour_at(hatched, x, y) for x in range(px)]
        assert row[:-quarter] == row[quarter:], "the same four times in a tile, hence from tile to tile"


def test_light_does_not_turn_with_the_belt(art: Art) -> None:
    """The rail on the upper side is followed by shadow, whichever way the belt runs."""
    px = 64
    rails = Rails.of(px)
    first, rows = belt_lane(px)
    for heading in ("e", "w"):
        piece = art.belt_piece("straight", px, heading=heading)
        under = colour_at(piece, px / 2, first + 1)
        above = colour_at(piece, px / 2, first + rows - 1 - rails.drop)
        assert sum(under) < sum(above)


@pytest.mark.parametrize("level", LEVELS)
def test_chevrons_turn_exactly(art: Art, level: Level) -> None:
    east = art.chevron(32, "e", level)
    assert pixels(art.chevron(32, "w", level)) == pixels(pygame.transform.flip(east, True, True))
    assert pixels(art.chevron(32, "n", level)) == pixels(pygame.transform.rotate(east, 90))
    assert pixels(art.chevron(32, "s", level)) == pixels(pygame.transform.rotate(east, -90))
    tip = east.get_bounding_rect(min_alpha=128)
    assert alpha_at(east, tip.right - 1, 16) > alpha_at(east, tip.left, 16)


@pytest.mark.parametrize("px", [10, 14, 24])
def test_lamps_are_told_by_shape_alone(art: Art, px: int) -> None:
    masks = {kind: pygame.mask.from_surface(art.lamp(kind, px), 127) for kind in LAMPS}
    centre = {kind: mask.get_at((px // 2, px // 2)) for kind, mask in masks.items()}
    assert [kind for kind in LAMPS if not centre[kind]] == ["vacancy", "starved"], "the open ones"
    assert len(masks["vacancy"].connected_components()) > 1 == len(masks["starved"].connected_components())
    boxes = {kind: art.lamp(kind, px).get_bounding_rect(min_alpha=127) for kind in LAMPS}
    assert boxes["blocked"].width > 1.5 * boxes["blocked"].height
    assert boxes["idle"].height < boxes["blocked"].height
    assert masks["robot"].count() / (boxes["robot"].width * boxes["robot"].height) > 0.93, "a square"
    assert masks["person"].count() / (boxes["person"].width * boxes["person"].height) < 0.93, "a disc"


def test_the_bin_fills_from_below(art: Art) -> None:
    px = 64
    empty = art.bin(px, 0)
    changed = []
    for step in range(5):
        surface = art.bin(px, step / 4)
        rows = [y for y in range(px) if colour_at(surface, 32, y) != colour_at(empty, 32, y)]
        changed.append(len(rows))
        if rows:
            assert rows == list(range(rows[0], rows[-1] + 1))
            assert rows[-1] > 0.85 * px
    assert changed == sorted(set(changed))
    assert changed[0] == 0


def test_a_source_wears_its_channel(art: Art) -> None:
    surface = art.source(32, art.theme.hues[2])
    assert surface.get_size() == (128, 96)
    seen = {colour_at(surface, x, y) for x in range(128) for y in range(96)}
    assert art.theme.hues[2] in seen


def test_a_shadow_falls_to_the_lower_right_and_fades(art: Art) -> None:
    reach, size = 18, (128, 96)
    surface = art.shadow(size, reach)
    assert surface.get_size() == (128 + 36, 96 + 36)
    left, right = (alpha_at(surface, x, 66) for x in (reach - 3, reach + 128 + 2))
    assert right > left
    assert alpha_at(surface, 0, 0) == 0
    row = [alpha_at(surface, x, 66) for x in range(reach + 110, 164)]
    assert row == sorted(row, reverse=True)


def test_a_glow_is_even_and_of_the_colour_of_its_level(art: Art) -> None:
    surface = art.glow((80, 80), 20, 2)
    assert abs(alpha_at(surface, 15, 60) - alpha_at(surface, 104, 60)) <= 2
    assert colour_at(surface, 60, 60) == pytest.approx(art.theme.signal.red, abs=3)


@pytest.mark.parametrize("name", ["alarm", "play", "pause"])
def test_signs_are_drawn(art: Art, name: str) -> None:
    surface = art.sign(name, 48)  # type: ignore[arg-type]
    assert pygame.mask.from_surface(surface).count() > 300


def test_a_drawing_keeps_its_proportions_in_the_middle_of_its_box(art: Art) -> None:
    surface = art.sprite("icons/clock", (100, 40), icon=(200, 0, 0))
    assert surface.get_size() == (100, 40)
    drawn = surface.get_bounding_rect()
    assert abs(drawn.centerx - 50) <= 1
    assert drawn.height <= 40
    assert abs(drawn.width - drawn.height) <= 1


def test_colours_are_the_themes_unless_said_otherwise(art: Art) -> None:
    own = art.sprite("lamp/working", (32, 32))
    red = art.sprite("lamp/working", (32, 32), working=(200, 10, 20))
    assert colour_at(own, 16, 16) == art.theme.working
    assert colour_at(red, 16, 16) == (200, 10, 20)


def test_what_is_not_there_is_said(art: Art) -> None:
    with pytest.raises(InputError, match="unicorn"):
        art.machine(32, 0, "unicorn")


def test_a_sprite_is_drawn_once(art: Art) -> None:
    assert art.machine(32, 1, "phone") is art.machine(32, 1, "phone")
    assert art.belt_piece("left", 32) is art.belt_piece("left", 32)
    assert art.crate(12, (1, 2, 3)) is not art.crate(12, (3, 2, 1))


def test_the_cache_stays_within_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_BYTES", 100_000)
    art = Art(NIGHT)
    for px in range(20, 120):
        art.icon("phone", px)
        kept = sum(s.get_width() * s.get_height() * s.get_bytesize() for s in art._kept.values())
        assert kept == art._bytes <= 100_000
    assert len(art._kept) >= 1
    assert art.icon("phone", 119) is art.icon("phone", 119)


def test_sprites_are_drawn_without_a_display_too(art: Art) -> None:
    pygame.display.quit()
    assert art.machine(16, 2, "stamp").get_size() == (64, 64)
    assert art.crate(12, art.theme.hues[0]).get_size() == (12, 12)
