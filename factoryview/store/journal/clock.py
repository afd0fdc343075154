"""Whether the clock of the computer that records can be believed, by when news came so far.

A clock that leapt ahead (a wrong time server, a flat battery) makes all that is kept look old. It is believed again
once it has gone on for a week since then, or is back where it was.
"""

from __future__ import annotations

from dataclasses import dataclass

STEP = 7 * 86_400_000_000
"""µs: a clock that went further since news came last may have leapt."""
BACK = 600_000_000
"""µs by which a clock may be set back."""


@dataclass(frozen=True)
class Clock:
    """What is known of it. Moments in µs UTC."""

    last: int
    """When news came last by the clock when it was believed; when the store was begun if none has."""
    leapt: tuple[int, int] | None = None
    """From when to when it has gone on since it leapt, by itself. None: it is believed."""

    def seen(self, now: int, *, news: bool) -> Clock:
        """The same after one more look. news: something came then.

        >>> day = 86_400_000_000
        >>> Clock(0).seen(3 * day, news=True), Clock(0).seen(3 * day, news=False)
        (Clock(last=259200000000, leapt=None), Clock(last=0, leapt=None))
        >>> leapt = Clock(0).seen(365 * day, news=True)
        >>> leapt.last, leapt.leapt == (365 * day, 365 * day)
        (0, True)
        >>> leapt.seen(day, news=True) == Clock(day), leapt.seen(372 * day, news=False) == Clock(372 * day)
        (True, True)
        """
        if now <= self.last + STEP:
            return Clock(max(self.last, now) if news else self.last)
        begun, until = self.leapt or (now, now)
        if not begun - BACK <= now <= until + STEP:
            begun = until = now
        until = max(until, now)
        return Clock(until) if until - begun >= STEP else Clock(self.last, (begun, until))

    def is_behind(self, now: int) -> bool:
        """Whether that is before what came last, by more than clocks are set back."""
        return now < self.last - BACK

    def packed(self) -> str:
        """As it is kept in a store."""
        return " ".join(map(str, (self.last, *(self.leapt or ()))))


def unpacked(text: str) -> Clock:
    """What `Clock.packed` wrote. Raises ValueError for anything else."""
    last, *leapt = map(int, text.split(" "))
    if len(leapt) not in (0, 2):
        raise ValueError(text)
    return Clock(last, (leapt[0], leapt[1]) if leapt else None)
