"""Which view stands on the wall: a pure function of the wall file, the local moment, and how it was steered.

Durations are counted on a clock that never jumps, hours and weekdays on the wall's own clock: a change to summer time
or a clock that is set neither cuts a view nor holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import NamedTuple

from factoryview.plant.wall_file import View, Wall
from factoryview.plant.words import WEEKDAYS
from factoryview.wall.control import Next, Order, Pause, Pin, Previous, Resume, Unpin

_MONDAY = datetime(2024, 1, 1)


@dataclass(frozen=True)
class Turn:
    """Which view stands, since when (seconds on the clock that never jumps), and what was steered."""

    view: int
    """Its place in the wall file."""
    since: float
    paused: bool = False
    pinned: int | None = None
    empty: frozenset[int] = frozenset()
    """Views that have nothing to show now: they are left out as long as others have."""

    @property
    def held(self) -> bool:
        """It stays until somebody lets it go."""
        return self.paused or self.pinned is not None


class Span(NamedTuple):
    """A part of the week in which the same views take turns. day: 0 is Monday."""

    day: int
    since: time
    views: tuple[int, ...]


def names_of(wall: Wall) -> tuple[str, ...]:
    """What each view is called when it is steered: its kind, with what tells it from others of that kind."""
    found: list[str] = []
    for view in wall.view:
        parts = [view.kind, view.department or view.stage or view.goal or ""]
        if len(wall.plant) > 1:
            parts.append(wall.plant_of(view).name)
        name = " ".join(filter(None, parts))
        found.append(name if name not in found else f"{name} {len(found) + 1}")
    return tuple(found)


def shown_at(view: View, moment: datetime) -> bool:
    """Whether a view is shown at a local moment: its hours begin on its weekdays, and may reach past midnight."""
    since, until, at = view.since or time(0), view.until or time(0), moment.time()
    today = _on(view, moment.weekday())
    if until == time(0):
        return today and at >= since
    if since < until:
        return today and since <= at < until
    return (today and at >= since) or (at < until and _on(view, (moment.weekday() - 1) % 7))


def views_at(wall: Wall, moment: datetime) -> tuple[int, ...]:
    """The views that take turns at a local moment; the first of the file where none has its hour, for a wall is never
    empty.
    """
    found = tuple(place for place, view in enumerate(wall.view) if shown_at(view, moment))
    return found or (0,)


def first_turn(wall: Wall, moment: datetime, now: float, view: str = "") -> Turn:
    """What stands at the start. view: by its name, where it is to go on after a restart."""
    names = names_of(wall)
    views = views_at(wall, moment)
    return Turn(names.index(view) if view in names else views[0], now)


def steered(wall: Wall, turn: Turn, orders: Iterable[Order], moment: datetime, now: float) -> Turn:
    """After what somebody ordered; what is no order to the rotation changes nothing."""
    for order in orders:
        match order:
            case Next():
                turn = replace(turn, view=_beside(wall, turn, moment, 1), since=now, pinned=None)
            case Previous():
                turn = replace(turn, view=_beside(wall, turn, moment, -1), since=now, pinned=None)
            case Pause():
                turn = replace(turn, paused=True)
            case Resume():
                turn = replace(turn, since=now, paused=False, pinned=None)
            case Unpin():
                turn = replace(turn, since=now, pinned=None)
            case Pin(view) if view in (names := names_of(wall)):
                place = names.index(view)
                turn = replace(turn, view=place, since=turn.since if place == turn.view else now, pinned=place)
            case _:
                pass
    return turn


def left(wall: Wall, turn: Turn, moment: datetime, now: float) -> float:
    """Seconds for which the view still stands; infinite where it is held, or nothing else has its hour."""
    if turn.held or _taking(wall, turn, moment) == (turn.view,):
        return float("inf")
    return max(0.0, turn.since + wall.seconds_of(wall.view[turn.view]) - now)


def upcoming(wall: Wall, turn: Turn, moment: datetime) -> int:
    """The view that comes next."""
    return _beside(wall, turn, moment, 1)


def turned(wall: Wall, turn: Turn, moment: datetime, now: float) -> Turn:
    """What stands now: the same, or the next when its time is over. However long nobody asked, only one goes by: a
    computer that slept goes on where it was.
    """
    if left(wall, turn, moment, now) > 0:
        return turn
    return replace(turn, view=upcoming(wall, turn, moment), since=now)


def adopted(old: Wall, new: Wall, turn: Turn, moment: datetime, now: float) -> Turn:
    """The turn in a wall file that was changed: the view that stands goes on standing if it is still there."""
    name, names = names_of(old)[turn.view], names_of(new)
    if name in names:
        place = names.index(name)
        return replace(turn, view=place, pinned=None if turn.pinned is None else place, empty=frozenset())
    return replace(first_turn(new, moment, now), paused=turn.paused)


def spans_of(wall: Wall) -> Iterator[Span]:
    """The week in parts in each of which the same views take turns, from Monday on."""
    before: tuple[int, ...] = ()
    for moment in _cuts(wall):
        views = views_at(wall, moment)
        if views != before:
            yield Span(moment.weekday(), moment.time(), views)
        before = views


def nobody_at(wall: Wall) -> Iterator[datetime]:
    """Moments of a week from which on no view has its hour."""
    return (moment for moment in _cuts(wall) if not any(shown_at(view, moment) for view in wall.view))


def _cuts(wall: Wall) -> Iterator[datetime]:
    """Every local moment of a week at which hours may begin or end."""
    times = sorted({time(0), *(cut for view in wall.view for cut in (view.since, view.until) if cut is not None)})
    for day in range(7):
        for cut in times:
            yield datetime.combine(_MONDAY + timedelta(days=day), cut)


def _taking(wall: Wall, turn: Turn, moment: datetime) -> tuple[int, ...]:
    """The views that take turns at a local moment and have something to show; all of them where none has."""
    views = views_at(wall, moment)
    return tuple(view for view in views if view not in turn.empty) or views


def _beside(wall: Wall, turn: Turn, moment: datetime, step: int) -> int:
    """The next of those that take turns, in the order of the file."""
    views, place = _taking(wall, turn, moment), turn.view
    if place in views:
        return views[(views.index(place) + step) % len(views)]
    after = [view for view in views if view > place]
    before = [view for view in views if view < place]
    if step > 0:
        return after[0] if after else views[0]
    return before[-1] if before else views[-1]


def _on(view: View, weekday: int) -> bool:
    return not view.weekdays or WEEKDAYS[weekday] in view.weekdays
