"""From what is measured to pixels and back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeScale:
    """Time from left to right: `first` to `last` (µs UTC) over `width` pixels from column `left`."""

    first: int
    last: int
    left: int
    width: int

    def column(self, at: int) -> int:
        """The pixel column of a moment, clipped to the scale.

        >>> TimeScale(0, 100, 10, 50).column(50)
        35
        """
        share = (at - self.first) / max(1, self.last - self.first)
        return self.left + round(min(1.0, max(0.0, share)) * self.width)

    def moment(self, column: int) -> int:
        """The moment at a pixel column, clipped to the scale.

        >>> TimeScale(0, 100, 10, 50).moment(35), TimeScale(0, 100, 10, 50).moment(999)
        (50, 100)
        """
        return self.moment_at((column - self.left) / max(1, self.width))

    def moment_at(self, share: float) -> int:
        """The moment at a share of the scale, clipped to it."""
        return self.first + round(min(1.0, max(0.0, share)) * (self.last - self.first))
