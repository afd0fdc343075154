"""What has the focus of the keyboard: which node comes next, the ring around it, and the tip of a mark."""

from __future__ import annotations

from collections.abc import Iterator

from factoryview.app.session import Session
from factoryview.language import Language
from factoryview.scene.chrome.dialog import focus_node, tip_node
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.node import Node


def next_focus(tree: Node, focus: str, by: int) -> str:
    """The id of the node that has the focus after another, or (by -1) before it; empty where none can be pressed.

    Sliders have keys of their own.
    """
    names = [
        node.id
        for node in tree.walk()
        if (node.action and node.role != "slider" and node.key is not None) or node.role == "machine"
    ]
    if not names:
        return ""
    at = names.index(focus) + by if focus in names else (0 if by > 0 else -1)
    return names[at % len(names)]


def focus_signs(root: Node, session: Session, language: Language, composition: Composition) -> Iterator[Node]:
    """A ring around what has the focus, and what is to be said of a mark that is pointed at or has it."""
    focused = root.find(session.focus) if session.focus else None
    if focused is not None:
        yield focus_node(focused.rect, composition)
    told = root.find(session.hover) if session.hover else focused
    if told is not None and told.role == "mark" and told.action is not None:
        date = language.date(told.action.arguments[0], "date.long")  # type: ignore[arg-type]
        yield tip_node(told.label if date in told.label else f"{told.label} · {date}", told.rect, composition)
