"""Pictures that are kept because they will be wanted again, by what they show and bounded by their bytes.

Bounded by their number alone, large ones of a wall grow for days until there are so many.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import pygame

Key = TypeVar("Key", bound=Hashable)


class Kept(Generic[Key]):
    """The pictures used last. They are shared: never draw onto one."""

    def __init__(self, most_bytes: int, most: int | None = None) -> None:
        """most: pictures; None: as many as their bytes allow."""
        self.most_bytes, self.most = most_bytes, most
        self.bytes = 0
        """Of all that are kept."""
        self._kept: OrderedDict[Key, pygame.Surface] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, key: Key, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """What `make` drew for this key."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        found = self._kept[key] = make()
        self.bytes += weight(found)
        while len(self._kept) > 1 and (
            self.bytes > self.most_bytes or len(self._kept) > (self.most or len(self._kept))
        ):
            self.bytes -= weight(self._kept.popitem(last=False)[1])
        return found

    def clear(self) -> None:
        """Keep none of them any more."""
        self._kept.clear()
        self.bytes = 0

    def key_of(self, picture: pygame.Surface) -> Key:
        """What a kept picture shows. Raises LookupError for any other."""
        for key, kept in self._kept.items():
            if kept is picture:
                return key
        raise LookupError("this picture is not kept")


def weight(picture: pygame.Surface) -> int:
    """Bytes of a picture."""
    return picture.get_width() * picture.get_height() * picture.get_bytesize()
