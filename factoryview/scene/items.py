"""The picture in parts: every part has its own pixels and a key; what has the same key looks the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

import pygame


class Item(NamedTuple):
    """One part of the picture. `paint` may assume clean ground beneath `rect` and must not leave it."""

    name: str
    rect: pygame.Rect
    key: Hashable
    paint: Callable[[pygame.Surface], None]
