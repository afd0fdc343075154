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
        return self.known(name, of) or self.keep(name, of, make())

    def known(self, name: str, of: object) -> Node | None:
        """The node that was last made, if it was made of the same."""
        found = self._kept.get(name)
        return found[1] if found is not None and found[0] == of else None

    def keep(self, name: str, of: object, node: Node) -> Node:
        """A node that was made of that."""
        self._kept[name] = of, node
        return node
