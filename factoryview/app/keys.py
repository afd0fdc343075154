"""Keys by their names: what commands are bound to, and how people read it."""

from __future__ import annotations

import pygame

from factoryview.language import Language

_NAMES = {
    "[+]": "+",
    "[-]": "-",
    "[=]": "=",
    "[/]": "/",
    "enter": "return",
    "page up": "pageup",
    "page down": "pagedown",
}
"""Names that pygame has for what is the same key to us."""
_SHOWN = {"-": "−"}
"""Keys that are shown by another sign."""


def name_of(event: pygame.Event) -> str:
    """The key of a KEYDOWN event: `space`, `ctrl+z`, `shift+tab`, or the sign it types, like `?`.

    A sign counts as it is typed, wherever the keyboard has it; with Ctrl or Alt the key itself counts.
    """
    mod = getattr(event, "mod", 0)
    held = [
        name for name, mask in (("ctrl", pygame.KMOD_CTRL | pygame.KMOD_META), ("alt", pygame.KMOD_LALT)) if mod & mask
    ]
    typed = getattr(event, "unicode", "")
    if typed.strip() and typed.isprintable() and not held:
        return typed.lower()
    name = pygame.key.name(event.key)
    if mod & pygame.KMOD_SHIFT:
        held.append("shift")
    return "+".join([*held, _NAMES.get(name, name)])


def shown(key: str, language: Language) -> str:
    """A key as people read it: `Ctrl+Z`, in German `Strg+Z`."""
    if len(key) == 1:
        return _SHOWN.get(key, key.upper())
    known = set(language.texts.keys("key"))
    return "+".join(language.text(f"key.{part}") if part in known else part.upper() for part in key.split("+"))
