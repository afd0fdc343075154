"""The picture of one plant: the tree of its nodes at a moment, and that tree on a surface."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.chrome.header import header_node
from factoryview.scene.chrome.legend import legend_node
from factoryview.scene.chrome.timeline import scale_of, timeline_node
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.floor import FloorNodes, Seeing, Ways
from factoryview.scene.floor.ground import Ground
from factoryview.scene.picture import Facts, Moment
from factoryview.scene.theme import Theme
from factoryview.scene.ui.composition import Composition, composed
from factoryview.scene.ui.compositor import Compositor
from factoryview.scene.ui.memo import Memo
from factoryview.scene.ui.node import Node, group

SMALLEST_TEXT = 0.011
"""Text of the floor below this share of the picture's height is left out."""


class Painter:
    """Paints one plant in one theme. What it keeps makes it fast and changes no pixel."""

    def __init__(
        self, facts: Facts, theme: Theme, *, smallest_text: float = SMALLEST_TEXT, low_motion: bool = False
    ) -> None:
        """smallest_text: size below which text is left out, as a share of the picture's height.

        low_motion: chevrons stand still; only crates move.
        """
        self.facts = facts
        self.art = Art(theme)
        self.smallest_text = smallest_text
        self.low_motion = low_motion
        self.compositor = Compositor()
        self._ways = Ways(facts, self.art)
        self._floor: FloorNodes | None = None
        self._ground: Node | None = None
        self._memo = Memo()

    def renew(self, facts: Facts) -> None:
        """Other facts of the same floor: the log has grown, or the words are those of another language."""
        assert facts.plan is self.facts.plan, "another floor needs another painter"
        self.facts = facts
        self._floor = self._ground = None
        self._memo = Memo()

    def tree(self, moment: Moment, camera: Camera, composition: Composition, overlay: tuple[Node, ...] = ()) -> Node:
        """Everything that there is to see at a moment. overlay: what lies over it."""
        facts = self.facts
        smallest = max(6, ceil(self.smallest_text * composition.rect.h))
        seeing = Seeing(camera, smallest, self.smallest_text > SMALLEST_TEXT, self.low_motion)
        if self._floor is None or self._floor.seeing != seeing:
            self._floor = FloorNodes(facts, self._ways, seeing)
            self._ground = None
        if self._ground is None or self._ground.rect != composition.rect:
            self._ground = Node("ground", composition.rect, Ground.of(facts, camera, smallest), "image")
        whole = composition.rect
        layers = (
            self._ground,
            self._floor.node(moment),
            group("chrome", whole, tuple(self._chrome(moment, composition))),
            group("overlay", whole, overlay),
        )
        return Node("screen", whole, children=layers)

    def _chrome(self, moment: Moment, composition: Composition) -> Iterator[Node]:
        facts, memo = self.facts, self._memo
        said = (composition, moment.headlines, moment.goals, moment.clock)
        yield memo.node("header", said, lambda: header_node(facts, moment, composition))
        if composition.legend.h:
            yield memo.node("legend", (composition, moment.feeds), lambda: legend_node(facts, moment, composition))
        column = scale_of(facts, composition).column(moment.at)
        state = (composition, column, moment.playing, moment.speed, moment.live, bool(moment.feeds))
        yield memo.node("timeline", state, lambda: timeline_node(facts, moment, composition))

    def paint(
        self, surface: pygame.Surface, moment: Moment, camera: Camera, composition: Composition | None = None
    ) -> list[pygame.Rect]:
        """Bring the surface up to date; the rectangles that changed. composition: by default the whole surface."""
        composition = composition or composed(surface.get_size())
        return self.compositor.paint(surface, self.tree(moment, camera, composition), self.art)

    def paint_anew(
        self, surface: pygame.Surface, moment: Moment, camera: Camera, composition: Composition | None = None
    ) -> list[pygame.Rect]:
        """Paint everything, whatever was there before."""
        composition = composition or composed(surface.get_size())
        return self.compositor.paint_anew(surface, self.tree(moment, camera, composition), self.art)
