"""Nodes kept from frame to frame, so that what has not changed is the very same node."""

from __future__ import annotations

from collections.abc import Callable

from factoryview.scene.ui.node import Node


class Memo:
    """For each name the node that was made last, and of what. It changes no picture, only how fast it is made."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, Node]] = {}

    def node(self, name: str, of: object, make: Callable[[], Node]) -> Node:
        """The node that was last made of the same, else a new one. of: everything that `make` rests on."""
        found = self._kept.get(name)
        if found is None or found[0] != of:
            found = self._kept[name] = (of, make())
        return found[1]
