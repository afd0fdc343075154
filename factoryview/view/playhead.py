"""The moment shown, and how it moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factoryview.view.pacing import Pacing

_LONGEST_STEP = 0.1
"""Seconds; after a hiccup the plant goes on where it was instead of jumping."""
REAL_TIME = 1e6
"""The pace of what is live: a second a second."""
_FACTOR = 1.5
_SLOWEST, _FASTEST = 1e6, 400 * 86_400e6
_PACES = (60, 300, 900, 3_600, 6 * 3_600, 86_400, 7 * 86_400, 30 * 86_400)
_TYPICAL_LENGTH = 240
"""Seconds in which a whole log should play at its usual pace."""


def usual_pace(span: int) -> float:
    """Data µs per second of display at which a log of that span is pleasant to watch."""
    return next((s for s in reversed(_PACES) if s * 1e6 * _TYPICAL_LENGTH <= span), _PACES[0]) * 1e6


@dataclass(frozen=True)
class Playhead:
    """at: µs UTC. pace: data µs per second of display. (first, last): the log."""

    at: int
    pace: float
    first: int
    last: int
    playing: bool = True
    loop: bool = False
    within: tuple[int, int] | None = None
    """The span that plays again and again; left where one goes elsewhere."""
    until: int | None = None
    """Nothing later is known of the log yet (µs): it waits there. None: all is."""
    live: bool = False
    """It stays at the end of a log that grows, and goes with the clock."""

    @property
    def end(self) -> int:
        """The last moment that can be shown."""
        return self.last if self.until is None else min(self.until, self.last)

    @property
    def waits(self) -> bool:
        """It has come to the end of what is known of the log so far."""
        return self.until is not None and self.at >= self.end

    @property
    def shown_pace(self) -> float:
        """The pace at which time passes now."""
        return REAL_TIME if self.live else self.pace

    def advanced(self, seconds: float, now: int | None = None, pacing: Pacing | None = None) -> Playhead:
        """After so many seconds of display; at the end it stops, or begins anew if it loops. Where the rest of the log
        is not known yet, it goes on as soon as it is.

        now: the end of a log that grows (µs); a playhead that comes there is live. pacing: how display time is spread
        over the log.
        """
        if now is not None:
            caught_up = self.live or (self.playing and self.at + round(seconds * self.pace) >= now)
            head = replace(self, last=now, live=caught_up)
            return replace(head, at=now) if caught_up else head.advanced(seconds)
        if not self.playing:
            return self
        amount = min(seconds, _LONGEST_STEP) * self.pace
        at = self.at + round(amount) if pacing is None else pacing.on(self.at, amount)
        if self.within is not None and self.at < self.within[1] <= at:
            return replace(self, at=self.within[0])
        if at < self.end:
            return replace(self, at=at)
        if self.until is not None:
            return replace(self, at=self.end)
        return replace(self, at=self.first) if self.loop else replace(self, at=self.last, playing=False)

    def sought(self, at: int) -> Playhead:
        """Somewhere else, inside what is known of the log."""
        return replace(self, at=min(self.end, max(self.first, at)), live=False)

    def to_live(self) -> Playhead:
        """At the end of a log that grows, and on with the clock."""
        return replace(self, at=self.last, playing=True, live=True)

    def extended(self, first: int, last: int, until: int | None = None) -> Playhead:
        """In a log of which there is more now: whoever had come to its end goes on to the new one. until: see there."""
        ended = not self.playing and not self.live and self.at >= self.last
        head = replace(self, first=first, last=max(last, self.last), until=until)
        return replace(head, at=head.last) if ended else head

    def toggled(self) -> Playhead:
        """Paused or playing; playing on from the end begins anew."""
        if not self.playing and self.at >= self.last and not self.waits:
            return replace(self, at=self.first, playing=True)
        return replace(self, playing=not self.playing, live=False)

    def faster(self, steps: int = 1) -> Playhead:
        """Faster by so many steps, slower if negative."""
        return replace(self, pace=min(_FASTEST, max(_SLOWEST, self.pace * _FACTOR**steps)))
