"""The floor as nodes: belts, yards, stations, signs and boards seen by one camera."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import NamedTuple

import pygame

from factoryview.flow.moment.lining import OnBelt
from factoryview.layout.plan import Block, Rect
from factoryview.scene.chrome.boards import LEAST_TEXT, BoardLook, board_box, named_in, rows_in, told_in
from factoryview.scene.floor.belts import BeltLook, Belts, LaidLane, Part
from factoryview.scene.floor.blocks import BinLook, SidingLook, SignLook, SkipLook, has_words
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.far import FarStation, Ribbons
from factoryview.scene.floor.lane_painter import LanePainter
from factoryview.scene.floor.lanes import CentreLines, Lane, Spots
from factoryview.scene.floor.scaled import Scaled
from factoryview.scene.floor.station_parts import OVERHANG, ROOF, is_near
from factoryview.scene.floor.stations import Mouth, StationLook, drawn
from factoryview.scene.floor.trays import TRAY, bin_of, siding_of
from factoryview.scene.floor.yards import PileLook
from factoryview.scene.picture import BinNow, BoardPicture, FloorFacts, FloorNow, GoalRow, StationNow, WrecksNow
from factoryview.scene.theme import Level
from factoryview.scene.ui.memo import Memo
from factoryview.scene.ui.node import Action, Node

FAR = 0.3
"""Pixels per u of the picture's own u below which only counts and ribbons are drawn."""


@dataclass(frozen=True)
class Seeing:
    """How the floor is looked at."""

    camera: Camera
    smallest: float
    """Em in pixels below which text is left out."""
    far: bool
    """From so far that only counts and ribbons can be seen."""
    low_motion: bool
    """Chevrons and machines stand still, only crates move."""


class FloorNodes:
    """The nodes of one floor in one way of looking at it. What has not changed is the node of the frame before."""

    def __init__(
        self, facts: FloorFacts, painter: LanePainter, seeing: Seeing, before: FloorNodes | None = None
    ) -> None:
        """before: of the same floor as it was looked at last."""
        self.seeing = seeing
        self._facts = facts
        self._memo = Memo()
        k, corner = seeing.camera.k, seeing.camera.corner
        known = None if before is None else before.scaled
        self.scaled: Scaled = known if known is not None and known.facts is facts and known.k == k else Scaled(facts, k)
        """What does not depend on where the camera stands."""
        lanes = self.scaled.lanes
        self._lines = CentreLines(lanes, corner, k)
        self._stood: list[OnBelt | None] = [None] * len(lanes)
        self._spots: list[Spots] = [((), b"")] * len(lanes)
        """Of each belt what stood on it last, and where that was seen."""
        self._losses: tuple[Mapping[str, BinNow], bool] = ({}, True)
        """The bins that were seen last, and whether there is room for the nouns of all."""
        self._levels: list[int] = []
        self._at_ports: dict[str, tuple[int, ...]] = {}
        """The levels of all belts, and of those at the ports of each block."""
        layers = enumerate(self.scaled.layers)
        self._layers = [_Layer.of(n, groups, facts, lanes, painter, seeing.camera) for n, groups in layers]
        self._stands: dict[tuple[str, bool], _Stand] = {}
        """Where each hall stands, and where the first headline speaks of it."""

    def node(self, now: FloorNow) -> Node:
        """The whole floor at a moment."""
        return Node("floor", self.seeing.camera.view, None, "map", children=tuple(self._parts(now)))

    def _parts(self, now: FloorNow) -> Iterator[Node]:
        """From the lowest to the highest."""
        if self.seeing.far:
            yield self._ribbons(now)
            yield from self._far(now)
            return
        names = zip(self._facts.plan.blocks, now.stations, strict=True)
        leading = frozenset(name for name, station in names if station.leading)
        belts = self._belts(now, leading)
        for layer in self._layers:
            looks = tuple([belts[i] for i in layer.belts])
            yield self._memo.node(layer.name, looks, partial(layer.node, looks, self.seeing.camera))
        memo = self._memo
        for name, hues in now.piles.items():
            shared, quiet, key = name in now.wrecks, bool(leading) and name not in leading, f"pile/{name}"
            made_of = hues, shared, quiet
            yield memo.known(key, made_of) or memo.keep(
                key, made_of, self._pile(name, hues, shared=shared, quiet=quiet)
            )
        levels = [belt.level for belt in now.belts]
        if levels != self._levels:
            blocks = self._facts.plan.blocks.items()
            self._levels = levels
            self._at_ports = {name: tuple([levels[port.belt] for port in block.ports]) for name, block in blocks}
        boards = dict(self._boards(now))
        hung, worded = tuple(boards), self._worded(now.bins)
        for (name, block), station in zip(self._facts.plan.blocks.items(), now.stations, strict=True):
            standing = self.scaled.reached(name, len(now.piles.get(name, b"")))
            losses, key = (now.bins.get(name), now.wrecks.get(name)), f"stage/{name}"
            of = station, *losses, self._at_ports[name], standing, worded, hung
            yield memo.known(key, of) or memo.keep(key, of, self._station(name, block, *of))
        yield from self._signs(now)
        yield from boards.values()

    def _worded(self, bins: Mapping[str, BinNow]) -> bool:
        """Whether losses are said with their noun: everywhere or nowhere, whatever stands on the trays."""
        if self._losses[0] is not bins:
            camera = self.seeing.camera
            self._losses = bins, all(
                has_words(now, camera.rect(bin_of(block, standing=block.hall.x + TRAY)).size, camera.k,
                          self.seeing.smallest)
                for name, block in self._facts.plan.blocks.items()
                if block.bin and (now := bins.get(name)) and now.share
            )  # fmt: skip
        return self._losses[1]

    def _belts(self, now: FloorNow, leading: frozenset[str]) -> list[BeltLook]:
        """How each belt looks; only crates that moved are placed anew. leading: what the headline speaks of."""
        moved = [i for i, crates in enumerate(now.crates) if crates is not self._stood[i]]
        if moved:
            standing = [now.crates[i] for i in moved]
            for i, crates, spots in zip(moved, standing, self._lines.spots(moved, standing), strict=True):
                self._stood[i], self._spots[i] = crates, spots
        still = self.seeing.low_motion
        return [
            BeltLook(
                _level(belt.level), belt.stale, lane.scrolled(0.0 if still else belt.phase), *spots,
                len(crates.id) - len(spots[1]), bool(leading) and laid.target not in leading,
            )
            for laid, lane, belt, crates, spots in
            zip(self._facts.plan.belts, self.scaled.lanes, now.belts, now.crates, self._spots, strict=True)
        ]  # fmt: skip

    def _pile(self, name: str, hues: bytes, *, shared: bool, quiet: bool) -> Node:
        """shared: wrecks stand below it. quiet: the headline speaks of another."""
        camera, heap = self.seeing.camera, self.scaled.heap(name, len(hues), shared=shared)
        places, rect = tuple([place.move(camera.corner) for place in heap.places]), heap.rect.move(camera.corner)
        look = PileLook(hues, places, in_yard=name in self.scaled.yards, k=camera.k, quiet=quiet)
        return Node(f"pile/{name}", rect, look, "pile", str(len(hues)), Action("select", (f"stage/{name}",)))

    def _station(
        self,
        name: str,
        block: Block,
        station: StationNow,
        bin_now: BinNow | None,
        wrecks: WrecksNow | None,
        levels: tuple[int, ...],
        standing: int,
        worded: bool,
        boards: tuple[int, ...],
    ) -> Node:
        """The hall with all that belongs to it; what it says stands in nodes of its own, for whoever cannot see it.

        levels: of the belt at each port. standing: u to where something stands on its tray.
        worded: losses are said with their noun. boards: which of the plan's hang.
        """
        seeing, camera = self.seeing, self.seeing.camera
        stand = self._stands.get((name, station.leading))
        if stand is None:
            stand = self._stands[name, station.leading] = _Stand.of(block, station, camera, self.scaled.lanes)
        hall, rect, k = stand.hall, stand.rect, stand.k
        ports = tuple([port._replace(level=_level(level)) for port, level in zip(stand.ports, levels, strict=True)])
        now = drawn(station, still=seeing.low_motion, low=stand.low)
        look = StationLook(name, now, hall, ports, camera.k, seeing.smallest)
        action = Action("select", (f"stage/{name}",))
        parts = [
            Node(f"stage/{name}/hall", rect, look, "image", station.label),
            Node(f"stage/{name}/count", hall, None, "text", station.count),
            Node(f"stage/{name}/machine", hall, None, "text", str(station.inside)),
        ]
        if block.bin and bin_now and bin_now.share and not wrecks:
            words = " ".join(part for part in (bin_now.said, bin_now.reason, bin_now.period) if part)
            room = bin_of(block, standing=standing)
            bin_look: BinLook | SkipLook | None = None
            if is_near(camera.k, seeing.smallest):
                bin_look = BinLook(bin_now, worded, k, seeing.smallest)
            elif station.dress == "longest":
                room, bin_look = self.scaled.skip(name, beside=standing > 0, boards=boards), _skip(bin_now)
            parts.append(Node(f"stage/{name}/bin", camera.rect(part_of(block, room, station)), bin_look, "bin", words))
        if wrecks:
            box = camera.rect(part_of(block, siding_of(block, below=standing > 0), station))
            siding = SidingLook(wrecks, k, seeing.smallest, station.leading)
            parts.append(Node(f"stage/{name}/wrecks", box, siding, "image", wrecks.text))
        whole = _around([part.rect for part in parts])
        return Node(f"stage/{name}", whole, None, "machine", station.label, action, tuple(parts))

    def _signs(self, now: FloorNow) -> Iterator[Node]:
        for i, (sign, rate) in enumerate(zip(self._facts.plan.signs, now.signs, strict=True)):
            name = f"source/{sign.source}/{sign.target}"
            yield self._memo.known(name, rate) or self._memo.keep(name, rate, self._sign(i, name, sign.rect, rate))

    def _sign(self, i: int, name: str, rect: Rect, rate: str) -> Node:
        (label, hue), camera = self._facts.signs[i], self.seeing.camera
        look = SignLook(label, rate, hue, camera.k, self.seeing.smallest)
        return Node(name, camera.rect(rect), look, "source", " ".join(filter(None, (label, rate))))

    def _boards(self, now: FloorNow) -> Iterator[tuple[int, Node]]:
        """Those of the plan's boards that hang, with their numbers.

        Written larger than the floor where they could not be read else, with as many rows as find room then.
        """
        camera = self.seeing.camera
        u = max(camera.k, self.seeing.smallest / LEAST_TEXT)
        for i, (board, room) in enumerate(zip(now.boards, self._facts.plan.boards, strict=False)):
            look = BoardLook(_as_seen(board), u)
            box = board_box(camera.rect(room), board, u)
            if not rows_in((box.w / u, box.h / u), board) or not named_in(box.w, board, u):
                continue
            if u > camera.k and not told_in(box.w, board, u):
                continue
            yield i, self._memo.node(f"board/{i}", look, partial(Node, f"board/{i}", box, look, "list", board.title))

    def _ribbons(self, now: FloorNow) -> Node:
        levels = tuple(_level(belt.level) for belt in now.belts)
        look = Ribbons(levels, self._facts.plan.belts, self.seeing.camera)
        return self._memo.node("ribbons", levels, lambda: Node("ribbons", self.seeing.camera.view, look, "image"))

    def _far(self, now: FloorNow) -> Iterator[Node]:
        for (name, block), station in zip(self._facts.plan.blocks.items(), now.stations, strict=True):
            look = FarStation(station.count, station.dress, self.seeing.smallest)
            make = partial(self._far_station, name, block, station.label, look)
            yield self._memo.node(f"far/{name}", (look, station.label), make)

    def _far_station(self, name: str, block: Block, label: str, look: FarStation) -> Node:
        box, action = self.seeing.camera.rect(block.room), Action("select", (f"stage/{name}",))
        count = Node(f"stage/{name}/count", box, look, "text", look.count)
        return Node(f"stage/{name}", box, None, "machine", label, action, (count,))


class _Stand(NamedTuple):
    """A hall where a camera sees it."""

    hall: pygame.Rect
    rect: pygame.Rect
    """With what rises above its roof and lies before it."""
    k: float
    """Pixels per u of it."""
    ports: tuple[Mouth, ...]
    """Of calm belts."""
    low: bool
    """See `StationNow`."""

    @classmethod
    def of(cls, block: Block, station: StationNow, camera: Camera, lanes: Sequence[Lane]) -> _Stand:
        hall = camera.rect(hall_of(block, station))
        k = hall.w / block.hall.w
        rect = hall.union(camera.rect(block.room))
        above = round(OVERHANG * k)
        rect = pygame.Rect(rect.x, hall.y - above, rect.w, rect.bottom - hall.y + above)
        ports = tuple(Mouth(port.side, camera.point(*port.point), 0, lanes[port.belt].width) for port in block.ports)
        low = any(port.side == "top" and port.point.x - block.hall.x < ROOF for port in block.ports)
        return cls(hall, rect, k, ports, low)


@dataclass(frozen=True)
class _Layer:
    """Belts that are painted together."""

    name: str
    belts: tuple[int, ...]
    lanes: tuple[LaidLane, ...]
    rect: pygame.Rect
    boxes: tuple[pygame.Rect, ...]
    parts: tuple[Part, ...]
    nodes: tuple[Node, ...]
    """One for each belt, with its runs below it: a belt is hit where it lies."""

    @classmethod
    def of(cls, number: int, groups: Sequence[Sequence[int]], facts: FloorFacts, lanes: Sequence[Lane],
           painter: LanePainter, camera: Camera) -> _Layer:  # fmt: skip
        nodes: list[Node] = []
        boxes: list[pygame.Rect] = []
        parts: list[Part] = []
        for group in groups:
            for i in group:
                belt = facts.plan.belts[i]
                name, own = f"belt/{belt.origin}/{belt.target}", [box.move(camera.corner) for box in lanes[i].boxes]
                runs = tuple([Node(f"{name}/{n}", box, role="image") for n, box in enumerate(own)])
                label = f"{belt.origin} → {belt.target}"
                rect = _around(own or [pygame.Rect(camera.point(*belt.points[0]), (0, 0))])
                nodes.append(Node(name, rect, None, "belt", label, Action("select", (name,)), runs))
                boxes += own
            own_nodes = slice(len(nodes) - len(group), len(nodes))
            parts.append(Part(own_nodes, _around([node.rect for node in nodes[own_nodes]])))
        belts = tuple([i for group in groups for i in group])
        chosen = tuple([LaidLane(lanes[i], camera.corner, camera.k, painter) for i in belts])
        rect = _around([part.rect for part in parts])
        return cls(f"belts/{number}", belts, chosen, rect, tuple(boxes), tuple(parts), tuple(nodes))

    def node(self, looks: tuple[BeltLook, ...], camera: Camera) -> Node:
        """The layer at a moment."""
        look = Belts(looks, self.lanes, camera.corner, camera.k, self.boxes, self.parts)
        return Node(self.name, self.rect, look, "group", "", None, self.nodes)


def _as_seen(board: BoardPicture) -> BoardPicture:
    """Without what is not written on the floor: a goal to scale changes all the time."""
    rows = [replace(row, scale=None, takt="") for row in board.rows if isinstance(row, GoalRow)]
    return replace(board, rows=tuple(rows)) if rows else board


def _skip(now: BinNow) -> SkipLook:
    return SkipLook(ceil(10 * now.fill))


def _around(rects: Sequence[pygame.Rect]) -> pygame.Rect:
    return rects[0].unionall(list(rects[1:]))


def _level(level: int) -> Level:
    return level  # type: ignore[return-value]


_LARGER = 1.1
"""How much larger a machine is drawn at least while the first headline speaks of it: no more than the air around it."""


def hall_of(block: Block, station: StationNow) -> Rect:
    """The hall as it is drawn: that of which the first headline speaks as large as its block allows."""
    return part_of(block, block.hall, station)


def part_of(block: Block, part: Rect, station: StationNow) -> Rect:
    """A part of a block beside the hall as it is drawn."""
    return part.scaled(max(block.factor, _LARGER), block.hall.centre) if station.leading else part
