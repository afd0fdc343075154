"""Whatever lies over whatever: a tree painted over many others is the tree painted afresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.scene.art.art import Art
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.compositor import Compositor, joined
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node, group

SIZE = (48, 36)
ART = Art(NIGHT)
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Ground(Look):
    colour: Colour
    inner: Colour = (9, 9, 9)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(self.colour, rect)
        on.surface.fill(self.inner, rect.inflate(-20, -20))

    def differing(self, rect: pygame.Rect, before: Ground) -> Sequence[pygame.Rect]:
        return (rect,) if before.colour != self.colour else (rect.inflate(-20, -20),)


@dataclass(frozen=True)
class Solid(Look):
    colour: Colour

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(self.colour, rect)


@dataclass(frozen=True)
class Glass(Look):
    """Lets half of what lies beneath through: painted twice it would be another colour."""

    colour: Colour

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        pane = pygame.Surface(rect.size)
        pane.fill(self.colour)
        pane.set_alpha(120)
        on.surface.blit(pane, rect)


@dataclass(frozen=True)
class Lane(Look):
    """Two opaque strips that paint over themselves when they move, and see-through rails that do not."""

    phase: int
    level: int
    steady: bool

    def places(self, rect: pygame.Rect) -> Sequence[pygame.Rect]:
        third = max(1, rect.h // 3)
        return (pygame.Rect(rect.x, rect.y, rect.w, third), pygame.Rect(rect.x, rect.bottom - third, rect.w, third))

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        for place in self.places(rect):
            Glass((200, 40 * self.level, 0)).paint(on, place)
        self._move(on, rect)

    def advance(self, on: Canvas, rect: pygame.Rect, before: Lane) -> Sequence[pygame.Rect] | None:
        if before.level != self.level or not self.steady:
            return None
        self._move(on, rect)
        return self.places(rect)

    def _move(self, on: Canvas, rect: pygame.Rect) -> None:
        for place in self.places(rect):
            for x in range(place.x + 1, place.right - 1):
                on.surface.fill((0, 60 * ((x + self.phase) % 4), 90), (x, place.y, 1, max(1, place.h // 2)))


@dataclass(frozen=True)
class Belt(Look):
    """Two strips on the bare ground, see-through in their corners, that are painted whole when they move."""

    phase: int
    level: int
    steady: bool

    @property
    def renewing(self) -> bool:
        return True

    def places(self, rect: pygame.Rect) -> Sequence[pygame.Rect]:
        return (pygame.Rect(rect.x, rect.y, rect.w, rect.h // 2), pygame.Rect(rect.x, rect.y, rect.w // 2, rect.h))

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        for place in self.places(rect):
            on.bare(place)
        for place in self.places(rect):
            on.surface.fill((90, 60 * (self.phase % 4), 40 * self.level), place.inflate(-2, -2))

    def advance(self, on: Canvas, rect: pygame.Rect, before: Belt) -> Sequence[pygame.Rect] | None:
        if before.level != self.level or not self.steady:
            return None
        self.paint(on, rect)
        return self.places(rect)


@dataclass(frozen=True)
class Halves(Look):
    """Two see-through halves, one beside the other; it is known which of them has become another."""

    left: Colour
    right: Colour

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        for pane, colour in zip(self._panes(rect), (self.left, self.right), strict=True):
            Glass(colour).paint(on, pane)

    def differing(self, rect: pygame.Rect, before: Halves) -> Sequence[pygame.Rect]:
        changed = before.left != self.left, before.right != self.right
        return [pane for pane, other in zip(self._panes(rect), changed, strict=True) if other]

    @staticmethod
    def _panes(rect: pygame.Rect) -> tuple[pygame.Rect, pygame.Rect]:
        half = rect.w // 2
        return pygame.Rect(rect.x, rect.y, half, rect.h), pygame.Rect(rect.x + half, rect.y, rect.w - half, rect.h)


colours = st.sampled_from([(250, 0, 0), (0, 250, 0), (0, 0, 250), (90, 90, 90)])
rects = st.builds(
    pygame.Rect, st.integers(-8, SIZE[0]), st.integers(-8, SIZE[1]), st.integers(0, 30), st.integers(0, 24)
)
looks = st.one_of(
    st.none(),
    st.builds(Solid, colours),
    st.builds(Glass, colours),
    st.builds(Halves, colours, colours),
    st.builds(Lane, st.integers(0, 3), st.integers(0, 2), st.booleans()),
    st.builds(Belt, st.integers(0, 3), st.integers(0, 2), st.booleans()),
)


@st.composite
def trees(draw: st.DrawFn) -> Node:
    """A screen of three layers with up to eight nodes, each of which has up to three below it."""
    names = draw(st.lists(st.integers(0, 7), unique=True, max_size=8))
    whole = pygame.Rect((0, 0), SIZE)
    layers: list[list[Node]] = [[], [], []]
    for name in names:
        below = tuple(
            Node(f"{name}/{k}", draw(rects), draw(looks)) for k in draw(st.lists(st.integers(0, 2), unique=True))
        )
        layers[draw(st.integers(0, 2))].append(Node(str(name), draw(rects), draw(looks), children=below))
    ground = Node("ground", whole, Ground(draw(st.sampled_from([(1, 2, 3), (60, 50, 40)]))))
    named = zip(("floor", "chrome", "overlay"), layers, strict=True)
    return Node("screen", whole, children=(ground, *(group(name, whole, tuple(nodes)) for name, nodes in named)))


def changed(tree: Node, draw: st.DrawFn) -> Node:
    """The tree with some nodes looking different; most are the very same."""

    def other(node: Node) -> Node:
        children = tuple(map(other, node.children))
        if any(new is not old for new, old in zip(children, node.children, strict=True)):
            node = replace(node, children=children)
        if len(children) > 1 and not isinstance(children[0].key, Ground) and draw(st.integers(0, 5)) == 0:
            node = replace(node, children=node.children[::-1])
        if isinstance(node.key, Ground) and draw(st.integers(0, 3)) == 0:
            node = replace(node, key=replace(node.key, inner=draw(colours)))
        if node.key is not None and not isinstance(node.key, Ground) and (kind := draw(st.integers(0, 5))) < 2:
            node = replace(node, key=draw(looks)) if kind else replace(node, rect=draw(rects))
        if isinstance(node.key, Lane | Belt) and draw(st.booleans()):
            node = replace(node, key=replace(node.key, phase=draw(st.integers(0, 3))))
        if isinstance(node.key, Halves) and draw(st.booleans()):
            node = replace(node, key=replace(node.key, right=draw(colours)))
        return node

    return other(tree)


@st.composite
def films(draw: st.DrawFn) -> list[Node]:
    """Trees to be painted one after the other: new ones, and such that follow from the one before."""
    film = [draw(trees())]
    for _ in range(draw(st.integers(1, 6))):
        film.append(changed(film[-1], draw) if draw(st.integers(0, 5)) else draw(trees()))
    return film


@settings(max_examples=300, deadline=None)
@given(film=films())
def test_a_tree_painted_over_others_is_the_tree_painted_afresh(film: list[Node]) -> None:
    over, afresh = Compositor(), Compositor()
    surface, clean = pygame.Surface(SIZE, 0, 32), pygame.Surface(SIZE, 0, 32)
    before = surface.copy()
    for tree in film:
        told = over.paint(surface, tree, ART)
        clean.fill((255, 0, 255))
        afresh.paint_anew(clean, tree, ART)
        assert pygame.image.tobytes(surface, "RGB") == pygame.image.tobytes(clean, "RGB")
        for rect in told:
            before.blit(surface, rect, rect)
        assert pygame.image.tobytes(before, "RGB") == pygame.image.tobytes(surface, "RGB"), "all that changed is told"


@given(st.lists(rects, max_size=12))
def test_joined_rectangles_cover_all_and_do_not_overlap(given: list[pygame.Rect]) -> None:
    found = joined([rect for rect in given if rect])
    for rect in given:
        assert not rect or any(whole.contains(rect) for whole in found)
    assert not any(a.colliderect(b) for k, a in enumerate(found) for b in found[:k])


def screen(*nodes: Node) -> Node:
    whole = pygame.Rect((0, 0), SIZE)
    return Node("screen", whole, children=(Node("ground", whole, Ground((1, 1, 1))), group("floor", whole, nodes)))


def test_the_same_tree_and_an_equal_tree_change_nothing() -> None:
    compositor, surface = Compositor(), pygame.Surface(SIZE, 0, 32)

    def tree() -> Node:
        return screen(Node("a", pygame.Rect(2, 2, 9, 9), Glass((9, 200, 0))))

    first = tree()
    assert compositor.paint(surface, first, ART) == [surface.get_rect()]
    assert compositor.paint(surface, first, ART) == []
    assert compositor.paint(surface, tree(), ART) == []


def test_only_what_changed_is_painted_and_what_covers_it_saves_what_is_beneath() -> None:
    painted: list[str] = []

    @dataclass(frozen=True)
    class Told(Look):
        name: str
        shade: int
        covers: bool = True

        @property
        def opaque(self) -> bool:
            return self.covers

        def paint(self, on: Canvas, rect: pygame.Rect) -> None:
            painted.append(self.name)
            on.surface.fill((self.shade, 0, 0), rect)

    def tree(low: int, high: int) -> Node:
        wide, small = pygame.Rect(0, 0, 20, 20), pygame.Rect(4, 4, 5, 5)
        return screen(
            Node("low", wide, Told("low", low)),
            Node("high", small, Told("high", high)),
            Node("apart", pygame.Rect(30, 4, 5, 5), Told("apart", 0, covers=False)),
        )

    compositor, surface = Compositor(), pygame.Surface(SIZE, 0, 32)
    compositor.paint(surface, tree(1, 1), ART)
    assert painted == ["low", "high", "apart"]
    painted.clear()
    assert compositor.paint(surface, tree(1, 2), ART) == [pygame.Rect(4, 4, 5, 5)]
    assert painted == ["high"]
    painted.clear()
    assert compositor.paint(surface, tree(2, 2), ART) == [pygame.Rect(0, 0, 20, 20)]
    assert painted == ["low", "high"]


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (300, 10), (10, 300)])
def test_a_surface_of_any_size_can_be_painted(size: tuple[int, int]) -> None:
    compositor = Compositor()
    compositor.paint(pygame.Surface(SIZE, 0, 32), screen(), ART)
    surface = pygame.Surface(size, 0, 32)
    compositor.paint(surface, Node("screen", surface.get_rect(), children=(Node("ground", surface.get_rect()),)), ART)


def test_what_comes_to_lie_over_a_moving_lane_stays_there() -> None:
    """Where a lane is covered is remembered while it moves, and not a frame longer than that is so."""
    over, afresh = Compositor(), Compositor()
    surface, clean = pygame.Surface(SIZE, 0, 32), pygame.Surface(SIZE, 0, 32)
    for phase, x in enumerate((40, 40, 4, 4, 8, 8, 40, 40)):
        lane = Node("lane", pygame.Rect(2, 2, 30, 12), Lane(phase, 1, steady=True))
        pane = Node("pane", pygame.Rect(x, 0, 6, 20), Glass((0, 0, 250)))
        over.paint(surface, screen(lane, pane), ART)
        afresh.paint_anew(clean, screen(lane, pane), ART)
        assert pygame.image.tobytes(surface, "RGB") == pygame.image.tobytes(clean, "RGB"), phase
