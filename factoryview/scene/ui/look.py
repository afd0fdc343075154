"""What a node looks like: data that can be compared, and how it is painted from that data alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import pygame

if TYPE_CHECKING:
    from factoryview.scene.art.art import Art


@dataclass(frozen=True)
class Canvas:
    """What is painted on, what lies beneath everything, and what it is painted with."""

    surface: pygame.Surface
    """Its clip is where paint may fall; whoever narrows it puts it back."""
    ground: pygame.Surface
    """The lowest layer alone, of the same size."""
    art: Art

    def bare(self, rect: pygame.Rect) -> None:
        """Lay the lowest layer over all that is painted in `rect`."""
        self.surface.blit(self.ground, rect, rect)


class Look(ABC):
    """The base of everything that can be a node's key: frozen dataclasses. Equal looks in the same place are equal
    pixels, because nothing else is asked when they are painted.
    """

    @property
    def opaque(self) -> bool:
        """Whether it covers its whole rect, so that nothing beneath needs painting."""
        return False

    @property
    def renewing(self) -> bool:
        """Whether `advance`, where it paints, paints each pixel of `places` anew as if only the ground were beneath."""
        return False

    @abstractmethod
    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        """Paint over what lies beneath, inside `rect` or not at all."""

    def prepare(self, art: Art, rect: pygame.Rect) -> Iterator[None]:  # noqa: ARG002
        """Make ahead, in steps, what `paint` in that place would make and keep."""
        return iter(())

    def places(self, rect: pygame.Rect) -> Sequence[pygame.Rect]:
        """The parts of `rect` that paint may fall on."""
        return (rect,)

    def differing(self, rect: pygame.Rect, before: Self) -> Sequence[pygame.Rect]:
        """Where it may be other pixels than `before`, which stood there: by default wherever either is painted."""
        now, was = self.places(rect), before.places(rect)
        return now if now == was else (*now, *was)

    def advance(self, on: Canvas, rect: pygame.Rect, before: Self) -> Sequence[pygame.Rect] | None:  # noqa: ARG002
        """Where `before` is painted already: bring that up to date by painting only over what it covered itself.

        Returns the places that changed, or None (and nothing painted) where that cannot be done. What else is seen in
        those places is put right by the compositor.
        """
        return None
