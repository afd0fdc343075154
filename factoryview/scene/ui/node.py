"""The picture as a tree of nodes: what is there, where, and what can be done with it. It says nothing about painting
but its key.

One tree serves painting, mouse, touch, keyboard focus and tests, and is complete at every frame. Later siblings stand
above earlier ones; a node is seen only inside its parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import pygame

from factoryview.scene.ui.look import Look

Role = Literal[
    "group", "image", "text", "status", "alert", "button", "slider", "map", "machine", "belt", "source", "list", "item",
    "entry", "dialog", "mark", "bin", "pile", "tip", "alarm",
]  # fmt: skip
"""What a node is to people who cannot see it, and to whoever looks for something to point at."""
_LOOSE = ("group", "machine", "belt")
"""What is hit only where one of its parts is."""


class Action(NamedTuple):
    """What pointing at a node does: a command and its arguments. A slider adds the share at which it was hit."""

    command: str
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the picture. A frame that has not changed may hand on the very node of the frame before."""

    id: str
    """Unique in its tree and the same in every frame, like `stage/Approval/count`."""
    rect: pygame.Rect
    """Where it stands, in pixels of the surface; not to be changed."""
    key: Look | None = None
    """What it looks like: two nodes of the same rect and key are the same pixels. None: nothing of its own."""
    role: Role = "group"
    label: str = ""
    """Its name or what it says, in the language of the picture."""
    action: Action | None = None
    children: tuple[Node, ...] = ()
    painted: bool = field(init=False, repr=False, compare=False)
    """Anything of it or below it looks like something."""

    def __post_init__(self) -> None:
        painted = self.key is not None or any(child.painted for child in self.children)
        object.__setattr__(self, "painted", painted)

    def walk(self) -> Iterator[Node]:
        """The node and everything below it, in painting order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, name: str) -> Node | None:
        """The node of that id, if it is here."""
        return next((node for node in self.walk() if node.id == name), None)

    def hit(self, pixel: tuple[int, int]) -> tuple[Node, ...]:
        """The nodes under a pixel, from this one to the topmost and innermost; empty if it is beside.

        A group, machine or belt is hit only where one of its parts is, a tip never: it goes away with the pointer.
        """
        if self.role == "tip" or not self.rect.collidepoint(pixel):
            return ()
        for child in reversed(self.children):
            below = child.hit(pixel)
            if below:
                return (self, *below)
        return () if self.role in _LOOSE else (self,)


def unpainted(node: Node) -> Node:
    """The same things to point at, painted by somebody else."""
    return replace(node, key=None, children=tuple(map(unpainted, node.children)))


def group(name: str, rect: pygame.Rect, children: tuple[Node, ...]) -> Node:
    """Nodes together, seen inside `rect`."""
    return Node(name, rect, children=children)
