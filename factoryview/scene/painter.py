"""The picture of one plant: the tree of its nodes at a moment, and that tree on a surface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.chrome.header import banners_node, header_node
from factoryview.scene.chrome.ladder import ladder_node
from factoryview.scene.chrome.timeline import scale_of, timeline_node
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.floor import FAR, FloorNodes, Seeing
from factoryview.scene.floor.lane_painter import LanePainter
from factoryview.scene.floor.terrain import Ground, Terrain
from factoryview.scene.picture import Facts, FloorNow, Moment
from factoryview.scene.theme import Theme
from factoryview.scene.ui.composition import Composition, composed
from factoryview.scene.ui.compositor import Compositor
from factoryview.scene.ui.memo import Memo
from factoryview.scene.ui.node import Node, group

SMALLEST_TEXT = 0.0165
"""Capitals of the floor below this share of the picture's shorter side (18 u are 0.0167) are left out."""
_CAPITALS = 0.7
"""Height of capitals as a share of the em."""


def _with_crates(theme: Theme, facts: Facts) -> Theme:
    """Where no channel is told from another, crates are of cardboard, not grey like what nobody knows."""
    if theme.lens != "channel" or any(hue for _, hue in facts.floor.signs):
        return theme
    grey, blue, sand, *others = theme.hues
    return replace(theme, hues=(sand, grey, blue, *others))


class Painter:
    """Paints one plant in one theme. What it keeps makes it fast and changes no pixel."""

    def __init__(
        self, facts: Facts, theme: Theme, *, smallest_text: float = SMALLEST_TEXT, low_motion: bool = False
    ) -> None:
        """smallest_text: height of capitals below which text on the floor is left out, as a share of the picture's
        shorter side. low_motion: chevrons and machines stand still; only crates move.
        """
        self.facts = facts
        theme = _with_crates(theme, facts)
        self.art = Art(theme)
        self.smallest_text = smallest_text
        self.low_motion = low_motion
        self.compositor = Compositor()
        self._lanes = LanePainter(theme)
        self._terrain = Terrain(facts.floor.plan, theme, facts.floor.departments)
        self._floor: FloorNodes | None = None
        self._stood: tuple[FloorNow, Node] | None = None
        """The floor that was seen last, and its node: of the very same floor it is made once."""
        self._memo = Memo()

    def renew(self, facts: Facts) -> None:
        """Other facts of the same floor: the log has grown, or the words are those of another language."""
        assert facts.floor.plan == self.facts.floor.plan, "another floor needs another painter"
        if facts is self.facts:
            return
        if facts.floor.departments != self.facts.floor.departments:
            self._terrain = Terrain(facts.floor.plan, self.art.theme, facts.floor.departments)
        if facts.floor != self.facts.floor:
            self._floor = None
        self.facts = facts
        self._memo = Memo()

    def tree(
        self,
        moment: Moment,
        camera: Camera,
        composition: Composition,
        overlay: tuple[Node, ...] = (),
        *,
        ribbon: Facts | None = None,
        chrome: tuple[Node, ...] | None = None,
        smallest: float | None = None,
    ) -> Node:
        """Everything that there is to see at a moment. overlay: what lies over it. ribbon: facts of the
        timeline, instead of those of the floor. chrome: what stands around the floor
        instead of header, ladder and timeline. smallest: em in pixels, instead of what follows from `smallest_text`.
        """
        if smallest is None:
            smallest = self.smallest_text * min(composition.rect.size) / _CAPITALS
        seeing = Seeing(camera, smallest, camera.k < FAR * composition.u, self.low_motion)
        if self._floor is None or self._floor.seeing != seeing:
            self._floor, self._stood = FloorNodes(self.facts.floor, self._lanes, seeing, self._floor), None
        if self._stood is None or self._stood[0] is not moment.floor:
            self._stood = moment.floor, self._floor.node(moment.floor)
        whole = composition.rect
        ground = Ground.of(self._terrain, moment.floor, camera, glows=not seeing.far)
        layers = (
            self._memo.node("ground", (ground, whole), lambda: Node("ground", whole, ground, "image")),
            self._stood[1],
            group(
                "chrome",
                whole,
                tuple(self._chrome(moment, composition, ribbon or self.facts)) if chrome is None else chrome,
            ),
            group("overlay", whole, overlay),
        )
        return Node("screen", whole, children=layers)

    def _chrome(self, moment: Moment, composition: Composition, ribbon: Facts) -> Iterator[Node]:
        facts, memo = self.facts, self._memo
        told = composition, moment.banners
        banners = memo.node("banners", told, lambda: banners_node(moment.banners, composition)).children
        said = (composition, banners, moment.clock)
        yield memo.node("header", said, lambda: header_node(facts, moment, composition, banners))
        if composition.ladder.h:
            yield memo.node("ladder", (composition, moment.ladder), lambda: ladder_node(moment.ladder, composition))
        column = scale_of(ribbon, composition).column(moment.at)
        seen = ribbon.first <= moment.at <= ribbon.last
        first = moment.banners[0] if moment.banners else None
        span = None if first is None else (first.begun, first.dress)
        state = (ribbon, composition, column, seen, span, moment.playing, moment.speed, moment.live, moment.feeds)
        yield memo.node("timeline", state, lambda: timeline_node(ribbon, moment, composition))

    def paint(
        self,
        surface: pygame.Surface,
        moment: Moment,
        camera: Camera,
        composition: Composition | None = None,
        overlay: tuple[Node, ...] = (),
        ribbon: Facts | None = None,
    ) -> list[pygame.Rect]:
        """Bring the surface up to date; the rectangles that changed. composition: by default the whole surface."""
        composition = composition or composed(surface.get_size())
        tree = self.tree(moment, camera, composition, overlay, ribbon=ribbon)
        return self.compositor.paint(surface, tree, self.art)

    def paint_anew(
        self, surface: pygame.Surface, moment: Moment, camera: Camera, composition: Composition | None = None
    ) -> list[pygame.Rect]:
        """Paint everything, whatever was there before."""
        composition = composition or composed(surface.get_size())
        return self.compositor.paint_anew(surface, self.tree(moment, camera, composition), self.art)
