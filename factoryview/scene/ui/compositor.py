"""Puts a tree of nodes on a surface, and only what has changed since the frame before.

Every node whose rect or key is another one leaves a dirty rectangle where it was and where it is. Dirty rectangles that
overlap are joined; inside each one, everything is painted again from the topmost node that covers it wholly. So parts
may lie over one another as they like, and `paint` gives the pixels of `paint_anew`.

A look that moves (a belt with its crates) may bring itself up to date without that: see `Look.advance`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import opaque
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node

_MOST_DIRTY = 64
"""More dirty rectangles than that are painted as one."""
_NOWHERE = pygame.Rect(0, 0, 0, 0)


class Above(NamedTuple):
    """A node above one that advances by itself."""

    path: tuple[int, ...]
    """Its place among its siblings, and theirs, from the root inwards."""
    name: str
    clip: pygame.Rect
    """Where it is painted again."""


class Overlaps(NamedTuple):
    """Where other nodes are painted in the places of one that advances by itself."""

    places: Sequence[pygame.Rect]
    """What may be painted of it."""
    seen: tuple[pygame.Rect, ...]
    """Of these, what is seen."""
    mixed: tuple[pygame.Rect, ...]
    """Where everything has to be painted again."""
    above: tuple[Above, ...]
    """What it is enough to paint again, because it lies above."""


class Seen(NamedTuple):
    """A node that is painted, and the part of it that its parents let through."""

    node: Node
    look: Look
    part: pygame.Rect


class Compositor:
    """Paints one tree after the other. The root's first child is the ground: its look has a surface of its own."""

    def __init__(self) -> None:
        self.root = Node("screen", _NOWHERE)
        """The tree that was painted last."""
        self._canvas: Canvas | None = None
        self._ground: pygame.Surface | None = None
        self._over: dict[str, Overlaps] = {}
        """Of nodes that advance by themselves."""

    def paint(self, surface: pygame.Surface, root: Node, art: Art) -> list[pygame.Rect]:
        """Bring the surface from the last tree to this one; the rectangles that changed."""
        canvas, before = self._canvas, self.root
        self.root = root
        if canvas is None or canvas.surface is not surface or canvas.art is not art:
            return self._begin(surface, root, art)
        anew = _bared(before.children[0], root.children[0])
        if anew is None:
            return self._begin(surface, root, art)
        if anew:
            self._lay(canvas, root.children[0], anew)
        change = _Change(anew)
        if before is not root:
            change.compare_layers(before, root, surface.get_rect())
        if change.moved:
            self._over = {
                name: kept for name, kept in self._over.items()
                if not any(rect.collidelist(kept.seen) >= 0 for rect in change.moved)
            }  # fmt: skip
        dirty = change.dirty
        changed: list[pygame.Rect] = []
        for seen, last in change.moving:
            surface.set_clip(seen.part)
            places = seen.look.advance(canvas, seen.node.rect, last)
            if places is None:
                if seen.look.places(seen.node.rect) != last.places(seen.node.rect):
                    self._over.clear()
                dirty += _within(seen.look.differing(seen.node.rect, last), seen.part)
            else:
                over = self._paint_above(canvas, seen)
                changed += over.seen if places is over.places else _within(places, seen.part)
                dirty += over.mixed
        for region in joined(dirty):
            _repaint(canvas, root, region)
            changed.append(region)
        surface.set_clip(None)
        return changed

    def paint_anew(self, surface: pygame.Surface, root: Node, art: Art) -> list[pygame.Rect]:
        """Paint everything, whatever was there before."""
        self.forget()
        return self.paint(surface, root, art)

    def paint_in_parts(self, surface: pygame.Surface, root: Node, art: Art, parts: tuple[int, int]) -> Iterator[None]:
        """As `paint_anew`, in steps between which others may run: the ground, what looks make ahead, then columns ×
        rows of the surface. Only after the last does the surface show that tree.
        """
        self.forget()
        self.root, ground = root, root.children[0]
        canvas = self._grounded(surface, art)
        if ground.key is not None:
            yield from ground.key.prepare(art, ground.rect)
        self._lay(canvas, ground, (surface.get_rect(),))
        yield
        for node, look, _ in painted(root, surface.get_rect()):
            yield from look.prepare(art, node.rect)
        (columns, rows), (width, height) = parts, surface.get_size()
        for place in range(columns * rows):
            x, y = place % columns, place // columns
            left, top = width * x // columns, height * y // rows
            region = pygame.Rect(left, top, width * (x + 1) // columns - left, height * (y + 1) // rows - top)
            _repaint(canvas, root, region)
            surface.set_clip(None)
            yield
        self._canvas = canvas

    def forget(self) -> None:
        """Nothing that was painted is taken to be there any more."""
        self._canvas = None

    def hit(self, pixel: tuple[int, int]) -> tuple[Node, ...]:
        """The nodes under a pixel as they were painted last, from the root inwards."""
        return self.root.hit(pixel)

    def _begin(self, surface: pygame.Surface, root: Node, art: Art) -> list[pygame.Rect]:
        whole, self._canvas = surface.get_rect(), None
        for _ in self.paint_in_parts(surface, root, art, (1, 1)):
            pass
        return [whole] if whole else []

    def _grounded(self, surface: pygame.Surface, art: Art) -> Canvas:
        """The surface with one for the ground alone, which is used again while it has that size."""
        if self._ground is None or self._ground.get_size() != surface.get_size():
            self._ground = opaque(surface.get_size())
        return Canvas(surface, self._ground, art)

    def _lay(self, canvas: Canvas, ground: Node, parts: Sequence[pygame.Rect]) -> None:
        """Paint parts of the ground on its own surface."""
        self._over.clear()
        for part in parts:
            canvas.ground.set_clip(part)
            if ground.key is not None:
                ground.key.paint(Canvas(canvas.ground, canvas.ground, canvas.art), ground.rect)
        canvas.ground.set_clip(None)

    def _paint_above(self, canvas: Canvas, seen: Seen) -> Overlaps:
        """Paint what lies above a node that has just advanced; the `mixed` have to be painted again.

        What overlaps stays so until a node comes, goes or moves there.
        """
        over = self._over.get(seen.node.id)
        above = None if over is None else _found(self.root, over.above)
        if over is None or above is None:
            over = self._over[seen.node.id] = _find_overlaps(self.root, seen)
            above = _found(self.root, over.above)
        assert above is not None, "what has just been found is there"
        for node, (_, _, clip) in zip(above, over.above, strict=True):
            if node.key is not None:
                canvas.surface.set_clip(clip)
                node.key.paint(canvas, node.rect)
        return over


def _within(places: Sequence[pygame.Rect], part: pygame.Rect) -> tuple[pygame.Rect, ...]:
    """What of the places lies in a part."""
    return tuple([place for rect in places if (place := rect.clip(part))])


def _found(root: Node, above: Sequence[Above]) -> list[Node] | None:
    """The nodes as they are now; None where one is elsewhere in the tree."""
    found = []
    for path, name, _ in above:
        node = root
        for place in path:
            if place >= len(node.children):
                return None
            node = node.children[place]
        if node.id != name:
            return None
        found.append(node)
    return found


def _find_overlaps(root: Node, seen: Seen) -> Overlaps:
    own = seen.look.places(seen.node.rect)
    places = _within(own, seen.part)
    mixed: list[pygame.Rect] = []
    above: list[pygame.Rect] = []
    found = mixed
    for other in painted(root, seen.part):
        if other.node is seen.node:
            found = above if seen.look.renewing else mixed
            continue
        for rect in other.look.places(other.node.rect):
            inside = rect.clip(other.part)
            found += [inside.clip(places[i]) for i in inside.collidelistall(places)]
    apart = joined(above, len(above))
    # what is joined may reach beyond what was painted anew, where all that is see-through would be painted twice
    whole = [region for region in apart if any(place.contains(region) for place in places)]
    over = tuple(each for region in whole for each in _above(root, seen.node, region))
    return Overlaps(own, places, tuple(joined([*mixed, *(r for r in apart if r not in whole)])), over)


def _above(root: Node, below: Node, region: pygame.Rect) -> Iterator[Above]:
    """What lies above a node inside a region."""
    reached = False
    for node, _, part in painted(root, region):
        if reached:
            yield Above(_path(root, node) or (), node.id, part.clip(region))
        reached = reached or node is below


def _path(node: Node, to: Node) -> tuple[int, ...] | None:
    """The places that lead from a node to one below it."""
    for place, child in enumerate(node.children):
        if child is to:
            return (place,)
        if child.children and child.rect.colliderect(to.rect) and (rest := _path(child, to)) is not None:
            return (place, *rest)
    return None


class _Change:
    """What has to be painted to come from one tree to another."""

    def __init__(self, anew: Sequence[pygame.Rect]) -> None:
        """anew: where everything is painted again in any case."""
        self._anew = anew
        self.dirty: list[pygame.Rect] = list(anew)
        self.moving: list[tuple[Seen, Look]] = []
        """Nodes that may bring themselves up to date, each with its look before."""
        self.moved: list[pygame.Rect] = []
        """Where anything came, went or moved."""

    def compare_layers(self, old: Node, new: Node, clip: pygame.Rect) -> None:
        """All but the ground."""
        self._compare_children(old.children[1:], new.children[1:], old.rect.clip(clip), new.rect.clip(clip))

    def compare(self, old: Node, new: Node, old_clip: pygame.Rect, new_clip: pygame.Rect) -> None:
        """The same node in both trees. clip: what its parents let through."""
        if old is new and old_clip == new_clip:
            return
        old_part, new_part = old.rect.clip(old_clip), new.rect.clip(new_clip)
        if self._anew and any(place.contains(old_part) and place.contains(new_part) for place in self._anew):
            return
        still = old.rect == new.rect and old_part == new_part
        if old.key != new.key or (old.key is not None and not still):
            if still and old.key is not None and new.key is not None and type(old.key) is type(new.key):
                if new_part:
                    self.moving.append((Seen(new, new.key, new_part), old.key))
            else:
                self._all_of(old, old_clip, deep=False)
                self._all_of(new, new_clip, deep=False)
        if old.children is not new.children or not still:
            self._compare_children(old.children, new.children, old_part, new_part)

    def _compare_children(
        self, olds: Sequence[Node], news: Sequence[Node], old_clip: pygame.Rect, new_clip: pygame.Rect
    ) -> None:
        if len(olds) == len(news) and all(old is new or old.id == new.id for old, new in zip(olds, news, strict=True)):
            same = old_clip == new_clip
            for old, new in zip(olds, news, strict=True):
                if old is not new or not same:
                    self.compare(old, new, old_clip, new_clip)
            return
        before, after = {node.id: node for node in olds}, {node.id: node for node in news}
        kept = [node.id for node in olds if node.id in after]
        reordered = kept != [node.id for node in news if node.id in before]
        for node in olds:
            if reordered or node.id not in after:
                self._all_of(node, old_clip)
        for node in news:
            if reordered or node.id not in before:
                self._all_of(node, new_clip)
            else:
                self.compare(before[node.id], node, old_clip, new_clip)

    def _all_of(self, node: Node, clip: pygame.Rect, *, deep: bool = True) -> None:
        """A node, and all below it, has to be painted where it is or was."""
        part = node.rect.clip(clip)
        if not part:
            return
        if node.key is not None:
            places = _within(node.key.places(node.rect), part)
            self.dirty += places
            self.moved += places
        for child in node.children if deep else ():
            self._all_of(child, part)


def painted(node: Node, region: pygame.Rect) -> Iterator[Seen]:
    """Everything that is painted inside a region, in painting order; the ground, which has its own surface, is not."""
    for layer in node.children[1:]:
        yield from _below(layer, region, node.rect)


def joined(rects: Sequence[pygame.Rect], most: int = _MOST_DIRTY) -> list[pygame.Rect]:
    """Rectangles that cover at least the same pixels, of which no two overlap. Of more than `most` it is one.

    >>> joined([pygame.Rect(0, 0, 4, 4), pygame.Rect(9, 9, 1, 1), pygame.Rect(2, 2, 4, 4)])
    [Rect(9, 9, 1, 1), Rect(0, 0, 6, 6)]
    """
    if len(rects) > most:
        return [rects[0].unionall(list(rects[1:]))]
    found: list[pygame.Rect] = []
    for rect in rects:
        while (k := rect.collidelist(found)) >= 0:
            rect = rect.union(found.pop(k))
        found.append(rect)
    return found


def _bared(old: Node, new: Node) -> Sequence[pygame.Rect] | None:
    """Where one ground is not the one before; None where that cannot be told."""
    if old is new or (old.rect == new.rect and old.key == new.key):
        return ()
    if old.rect != new.rect or old.key is None or new.key is None or type(old.key) is not type(new.key):
        return None
    return joined(new.key.differing(new.rect, old.key))


def _below(node: Node, region: pygame.Rect, clip: pygame.Rect) -> Iterator[Seen]:
    part = node.rect.clip(clip)
    inside = part.clip(region)
    if not inside:
        return
    look = node.key
    if look is not None and inside.collidelist(look.places(node.rect)) >= 0:
        yield Seen(node, look, part)
    for child in inside.collideobjectsall(node.children):
        if child.painted:
            yield from _below(child, region, part)


def _repaint(canvas: Canvas, root: Node, region: pygame.Rect) -> None:
    """Paint everything inside a region, from the topmost node that covers all of it."""
    stack = list(painted(root, region))
    first = next((k for k in reversed(range(len(stack))) if _covers(stack[k], region)), None)
    if first is None:
        canvas.surface.set_clip(region)
        canvas.bare(region)
        first = 0
    for node, look, part in stack[first:]:
        canvas.surface.set_clip(part.clip(region))
        look.paint(canvas, node.rect)


def _covers(seen: Seen, region: pygame.Rect) -> bool:
    return seen.look.opaque and bool(seen.part.contains(region))
