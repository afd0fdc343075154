"""The moment shown, and how it moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

_LONGEST_STEP = 0.1
"""Seconds; after a hiccup the plant goes on where it was instead of jumping."""
_FACTOR = 1.5
_SLOWEST, _FASTEST = 1e6, 400 * 86_400e6


@dataclass(frozen=True)
class Playhead:
    """at: µs UTC. pace: data µs per second of display. (first, last): the log."""

    at: int
    pace: float
    first: int
    last: int
    playing: bool = True
    loop: bool = False

    def advanced(self, seconds: float) -> Playhead:
        """After so many seconds of display; at the end it stops, or begins anew if it loops."""
        if not self.playing:
            return self
        at = self.at + round(min(seconds, _LONGEST_STEP) * self.pace)
        if at < self.last:
            return replace(self, at=at)
        return replace(self, at=self.first) if self.loop else replace(self, at=self.last, playing=False)

    def sought(self, at: int) -> Playhead:
        """Somewhere else, inside the log."""
        return replace(self, at=min(self.last, max(self.first, at)))

    def toggled(self) -> Playhead:
        """Paused or playing; playing on from the end begins anew."""
        if not self.playing and self.at >= self.last:
            return replace(self, at=self.first, playing=True)
        return replace(self, playing=not self.playing)

    def faster(self, steps: int = 1) -> Playhead:
        """Faster by so many steps, slower if negative."""
        return replace(self, pace=min(_FASTEST, max(_SLOWEST, self.pace * _FACTOR**steps)))
