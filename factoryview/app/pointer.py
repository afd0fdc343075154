"""Mouse, touch and wheel as actions on what lies under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import hypot, log

import pygame

from factoryview.app.commands import ZOOM
from factoryview.scene.ui.node import Action, Node

_APART = 4
"""Pixels by which a finger or mouse may slip in a click; more is a drag."""
_TURN = log(ZOOM)
"""How much wider two fingers are apart, as a logarithm, after what counts as a turn of the wheel."""
_SPEAKING = ("mark", "machine", "belt", "bin", "pile", "alarm")
"""What says more when the pointer is on it."""
_TWICE = 0.4
"""Seconds within which a second click on the same place makes a double click."""
Pixel = tuple[int, int]


@dataclass(frozen=True)
class Clicked:
    """What was clicked last, where, and how many seconds ago."""

    node: str
    at: Pixel
    ago: float = 0.0


@dataclass(frozen=True)
class Pressed:
    """What the button or the finger went down on."""

    node: Node | None
    at: Pixel
    moved: bool = False


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is and what it holds. `handled` gives the next pointer and what was done."""

    at: Pixel = (0, 0)
    held: Pressed | None = None
    over: str = ""
    """The id of the node it is on, of those that say more then."""
    fingers: dict[int, Pixel] = field(default_factory=dict)
    clicked: Clicked | None = None
    spread: float = 0.0
    """How far two fingers were apart, in pixels, when what they did was last counted."""

    def handled(self, event: pygame.Event, tree: Node) -> tuple[Pointer, tuple[Action, ...]]:
        """What an event means. Touches come as touches; the mouse events that SDL makes of them are ignored."""
        kind = event.type
        if getattr(event, "touch", False) and kind != pygame.MOUSEWHEEL:
            return self, ()
        if kind == pygame.MOUSEWHEEL:
            return self, tuple(self._wheel(event, tree))
        if kind in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
            return self._finger(event, tree)
        if kind == pygame.MOUSEMOTION:
            return self._to(event.pos) if self.held else self._over(event.pos, tree)
        if kind == pygame.MOUSEBUTTONDOWN and event.button == 1:
            return self._down(event.pos, tree)
        if kind == pygame.MOUSEBUTTONUP and event.button == 1:
            return self._up(event.pos, tree)
        return self, ()

    def later(self, seconds: float) -> Pointer:
        """After so many seconds."""
        if self.clicked is None:
            return self
        ago = self.clicked.ago + seconds
        return replace(self, clicked=replace(self.clicked, ago=ago) if ago < _TWICE else None)

    def _wheel(self, event: pygame.Event, tree: Node) -> Iterator[Action]:
        path = tree.hit(self.at)
        if any(node.role == "map" for node in path):
            yield Action("zoom", (event.y, self.at))
        track = next((node for node in path if node.id == "timeline"), None)
        track = track and track.find("timeline/track")
        if track is not None:
            yield Action("ribbon_zoom", (event.y, *_on_slider(track, self.at).arguments))

    def _over(self, at: Pixel, tree: Node) -> tuple[Pointer, tuple[Action, ...]]:
        over = next((node.id for node in reversed(tree.hit(at)) if node.role in _SPEAKING), "")
        return replace(self, at=at, over=over), (Action("hover", (over,)),) if over != self.over else ()

    def _down(self, at: Pixel, tree: Node) -> tuple[Pointer, tuple[Action, ...]]:
        path = tree.hit(at)
        held = next((node for node in reversed(path) if node.action or node.role in ("map", "dialog")), None)
        actions = (_on_slider(held, at),) if held and held.role == "slider" and not _is_grip(held) else ()
        return replace(self, at=at, held=Pressed(held, at)), actions

    def _to(self, at: Pixel) -> tuple[Pointer, tuple[Action, ...]]:
        held, last = self.held, self.at
        if held is None or held.node is None:
            return replace(self, at=at), ()
        if _is_grip(held.node):
            share = (at[0] - last[0]) / max(1, held.node.rect.w)
            return replace(self, at=at), (Action("ribbon_pan", (share,)),) if share else ()
        if held.node.role == "slider":
            return replace(self, at=at), (_on_slider(held.node, at),)
        moved = held.moved or hypot(at[0] - held.at[0], at[1] - held.at[1]) > _APART
        actions = (Action("pan", ((at[0] - last[0], at[1] - last[1]),)),) if moved and _on_floor(held.node) else ()
        if moved and not held.moved and actions:
            actions = (Action("pan", ((at[0] - held.at[0], at[1] - held.at[1]),)),)
        return replace(self, at=at, held=replace(held, moved=moved)), actions

    def _up(self, at: Pixel, tree: Node) -> tuple[Pointer, tuple[Action, ...]]:
        held, last = self.held, self.clicked
        free = replace(self, at=at, held=None, clicked=None)
        if last is not None and held is not None and not held.moved and _near(at, last.at):
            node = tree.find(last.node)
            if node is not None:
                return free, (Action("enter", (node.id, node.rect.center, node.rect.w)),)
        if held is None or held.node is None or held.moved or held.node.role == "slider":
            return free, ()
        if held.node.action is None:
            return free, (Action("select", ("",)),) if held.node.role == "map" else ()
        if not any(node.id == held.node.id for node in tree.hit(at)):
            return free, ()
        again = Clicked(held.node.id, at) if held.node.role == "machine" else None
        return replace(free, clicked=again), (held.node.action,)

    def _finger(self, event: pygame.Event, tree: Node) -> tuple[Pointer, tuple[Action, ...]]:
        at = (tree.rect.x + round(event.x * tree.rect.w), tree.rect.y + round(event.y * tree.rect.h))
        fingers = {k: v for k, v in self.fingers.items() if k != event.finger_id}
        if event.type == pygame.FINGERDOWN:
            both = {**fingers, event.finger_id: at}
            if len(both) == 1:
                pointer, actions = self._down(at, tree)
                return replace(pointer, fingers=both), actions
            return replace(self, held=None, fingers=both, spread=_spread(both)), ()
        if event.type == pygame.FINGERUP:
            if len(self.fingers) == 1:
                pointer, actions = self._up(at, tree)
                return replace(pointer, fingers={}), actions
            return replace(self, held=None, fingers=fingers), ()
        both = {**fingers, event.finger_id: at}
        if len(both) != 2:
            pointer, actions = self._to(at)
            return replace(pointer, fingers=both), actions
        return self._pinched(both, tree)

    def _pinched(self, both: dict[int, Pixel], tree: Node) -> tuple[Pointer, tuple[Action, ...]]:
        middle, before = _middle(both), _middle(self.fingers)
        turns = int(log(max(1.0, _spread(both)) / max(1.0, self.spread)) / _TURN)
        actions = [Action("pan", ((middle[0] - before[0], middle[1] - before[1]),))] if middle != before else []
        spread = self.spread
        if turns:
            actions.append(Action("zoom", (turns, middle)))
            spread = _spread(both)
        seen = any(node.role == "map" for node in tree.hit(middle))
        return replace(self, fingers=both, spread=spread), tuple(actions) if seen else ()


def _on_slider(node: Node, at: Pixel) -> Action:
    """The slider's action with the share at which it was hit."""
    assert node.action is not None, "a slider has an action"
    share = min(1.0, max(0.0, (at[0] - node.rect.x) / max(1, node.rect.w)))
    return Action(node.action.command, (*node.action.arguments, share))


def _is_grip(node: Node) -> bool:
    """It moves the timeline as far as it is dragged."""
    return node.action is not None and node.action.command == "ribbon_pan"


def _near(at: Pixel, other: Pixel) -> bool:
    return hypot(at[0] - other[0], at[1] - other[1]) <= _APART


def _on_floor(node: Node) -> bool:
    return node.role in ("map", "machine", "source", "belt")


def _middle(fingers: dict[int, Pixel]) -> Pixel:
    xs, ys = zip(*fingers.values(), strict=True)
    return round(sum(xs) / len(xs)), round(sum(ys) / len(ys))


def _spread(fingers: dict[int, Pixel]) -> float:
    (x0, y0), (x1, y1) = list(fingers.values())[:2]
    return hypot(x1 - x0, y1 - y0)
