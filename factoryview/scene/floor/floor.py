"""The floor as nodes: machines, sources and belts seen by one camera, at the level of detail that this asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.floor.belts import Placed, Strips, Track, joints_of, track
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.lanes import Crates, LaneNow, Lanes, Lines, groups_of
from factoryview.scene.floor.machines import Scale, machine_node, source_node
from factoryview.scene.floor.overview import Bands, BlockScale, block_node, gate_node
from factoryview.scene.picture import Facts, Moment
from factoryview.scene.ui.compositor import paint_below
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.memo import Memo
from factoryview.scene.ui.node import Node, unpainted

Detail = Literal["near", "middle", "far"]

NEAR, MIDDLE = (11.0, 12.0), (5.0, 6.0)
"""Pixels per tile between which one level of detail fades into the next: never where a camera comes to rest."""


def details(tile: float) -> tuple[tuple[Detail, float], ...]:
    """The levels of detail to see at that many pixels per tile, coarsest first, each with its opacity.

    >>> details(20.0), details(11.5)
    ((('near', 1.0),), (('middle', 1.0), ('near', 0.5)))
    """
    steps: tuple[tuple[tuple[float, float], Detail, Detail], ...] = (
        (NEAR, "middle", "near"),
        (MIDDLE, "far", "middle"),
    )
    for (low, high), coarse, fine in steps:
        if tile >= high:
            return ((fine, 1.0),)
        if tile > low:
            return ((coarse, 1.0), (fine, (tile - low) / (high - low)))
    return (("far", 1.0),)


class Ways:
    """The belts of a floor, cut into what is painted, at one size after the other."""

    def __init__(self, facts: Facts, art: Art) -> None:
        plan = facts.plan
        own = [fact.own for fact in facts.belts]
        self.tracks: tuple[Track, ...] = tuple(
            track(belt, count, plan.machines[belt.target].box, joints)
            for belt, count, joints in zip(plan.belts, own, joints_of(plan.belts, own), strict=True)
        )
        self.groups = groups_of(plan.belts, own)
        self.strips = Strips(art)
        self._placed: tuple[Placed, ...] = ()

    def placed(self, px: int) -> tuple[Placed, ...]:
        """Every belt at so many pixels per tile."""
        if not self._placed or self._placed[0].px != px:
            self._placed = tuple(Placed.of(way, px) for way in self.tracks)
        return self._placed


@dataclass(frozen=True)
class Seeing:
    """How the floor is looked at."""

    camera: Camera
    smallest: int
    """Size in pixels below which text is left out."""
    strict: bool
    """Names too; else these may be half a tile high."""
    low_motion: bool
    """Belts do not move, only what lies on them."""


class FloorNodes:
    """The nodes of one floor in one way of looking at it. What has not changed is the node of the frame before."""

    def __init__(self, facts: Facts, ways: Ways, seeing: Seeing) -> None:
        self.seeing = seeing
        self._facts, self._ways = facts, ways
        self._scale = Scale.of(facts, seeing.camera, seeing.smallest, strict=seeing.strict)
        self._blocks_scale = BlockScale.of(facts, seeing.camera, seeing.smallest)
        self._lines = Lines(ways.placed(round(seeing.camera.tile)))
        self._memo = Memo()
        self._groups = [_Group.of(k, group, facts, ways, seeing.camera) for k, group in enumerate(ways.groups)]
        most = max((fact.share for fact in facts.belts), default=0.0) or 1.0
        self._shares = [fact.share / most for fact in facts.belts]

    def node(self, moment: Moment) -> Node:
        """The whole floor at a moment."""
        view = pygame.Rect(self.seeing.camera.view)
        shown = [(tuple(self._level(detail, moment)), opacity) for detail, opacity in details(self.seeing.camera.tile)]
        if len(shown) == 1:
            return Node("floor", view, None, "map", children=shown[0][0])
        (coarse, _), (fine, opacity) = shown
        fading = Node("floor/fading", view, CrossFade(coarse, fine, opacity), "map")
        return Node("floor", view, None, "map", children=(fading, *map(unpainted, fine)))

    def _level(self, detail: Detail, moment: Moment) -> Iterator[Node]:
        """Belts last where they own their pixels, first where they are bands that machines stand on."""
        facts, camera = self._facts, self.seeing.camera
        if detail != "near":
            yield self._bands(moment)
            yield from self._blocks(moment, far=detail == "far")
            return
        for i, now in enumerate(moment.machines):
            bin_now = moment.bins.get(i)
            yield self._memo.node(
                f"stage {i}",
                (now, bin_now),
                lambda i=i, now=now, bin_now=bin_now: machine_node(i, facts, now, bin_now, camera, self._scale),  # type: ignore[misc]
            )
        for name in facts.sources:
            count = moment.sources.get(name, "")
            yield self._memo.node(
                f"source {name}",
                count,
                lambda name=name, count=count: source_node(name, facts, count, camera, self._scale),  # type: ignore[misc]
            )
        crates = self._lines.crates(moment.standing.belts, camera.offset)
        for group in self._groups:
            yield self._lanes(group, moment, crates)

    def _blocks(self, moment: Moment, *, far: bool) -> Iterator[Node]:
        facts, camera, scale = self._facts, self.seeing.camera, self._blocks_scale
        for i, now in enumerate(moment.machines):
            yield self._memo.node(
                f"block {i} {far}",
                (now.level, now.stale, now.wip),
                lambda i=i, now=now: block_node(i, facts, now, camera, scale, far=far),  # type: ignore[misc]
            )
        for name in facts.sources:
            yield self._memo.node(
                f"gate {name} {far}",
                None,
                lambda name=name: gate_node(name, facts, camera, scale, far=far),  # type: ignore[misc]
            )

    def _lanes(self, group: _Group, moment: Moment, crates: list[Crates]) -> Node:
        camera, px = self.seeing.camera, round(self.seeing.camera.tile)
        lanes = []
        for i in group.belts:
            belt = moment.belts[i]
            phase = 0 if self.seeing.low_motion else int(belt.phase * px) % px
            lanes.append(LaneNow(belt.level, belt.stale, phase, crates[i]))  # type: ignore[arg-type]
        now = tuple(lanes)

        def make() -> Node:
            look = Lanes(now, group.ways, camera.offset, group.boxes, self._ways.strips)
            return Node(group.name, group.rect, look, "group", "", None, group.nodes)

        return self._memo.node(group.name, now, make)

    def _bands(self, moment: Moment) -> Node:
        bands = tuple(
            (belt.level, share, crates.standing)
            for belt, share, crates in zip(moment.belts, self._shares, moment.standing.belts, strict=True)
        )
        look = Bands(bands, self.seeing.camera, self._ways.tracks)  # type: ignore[arg-type]
        view = pygame.Rect(self.seeing.camera.view)
        return self._memo.node("bands", look, lambda: Node("bands", view, look, "image"))


@dataclass(frozen=True)
class _Group:
    """Belts that are painted together."""

    name: str
    belts: tuple[int, ...]
    ways: tuple[Placed, ...]
    rect: pygame.Rect
    boxes: tuple[pygame.Rect, ...]
    nodes: tuple[Node, ...]
    """One for each belt, with its tiles below it: a belt is hit where its tiles are."""

    @classmethod
    def of(cls, number: int, group: Sequence[int], facts: Facts, ways: Ways, camera: Camera) -> _Group:
        placed = ways.placed(round(camera.tile))
        nodes = []
        for i in group:
            belt = facts.plan.belts[i]
            name, boxes = f"belt/{belt.origin}/{belt.target}", [box.move(camera.offset) for box in placed[i].boxes]
            label, parts = (
                f"{belt.origin} → {belt.target}",
                tuple(Node(f"{name}/{k}", box, role="image") for k, box in enumerate(boxes)),
            )
            nodes.append(Node(name, boxes[0].unionall(boxes[1:]), None, "belt", label, None, parts))
        tiles = [tile.rect for node in nodes for tile in node.children]
        own = tuple(placed[i] for i in group)
        return cls(f"belts/{number}", tuple(group), own, tiles[0].unionall(tiles[1:]), tuple(tiles), tuple(nodes))


@dataclass(frozen=True)
class CrossFade(Look):
    """A level of detail over a coarser one."""

    coarse: tuple[Node, ...]
    fine: tuple[Node, ...]
    opacity: float

    def __hash__(self) -> int:
        return hash(self.opacity)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        over = Canvas(on.ground.copy(), on.ground, on.art)
        clip = on.surface.get_clip()
        for canvas, nodes in ((on, self.coarse), (over, self.fine)):
            for node in nodes:
                paint_below(canvas, node, rect.clip(clip))
        over.surface.set_clip(None)
        on.surface.set_clip(clip)
        over.surface.set_alpha(round(255 * self.opacity))
        on.surface.blit(over.surface, rect, rect)
