"""Which columns tell when: the moment of the event, the one at which it began, and clock times that belong to dates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations

from factoryview.sources import times
from factoryview.sources.columns import behaviour, headers
from factoryview.sources.columns.roles import Profile, Roles, with_signs
from factoryview.sources.table import RAW

MOST_ROWS_PER_CASE = 1.15
"""With more it is a log, with fewer a table of cases."""
_CHANGING = 0.5
"""A moment of the event changes in at least this part of the cases in which the most changing one does."""
_HARDLY = 0.1
"""With fewer cases in which a moment changes it is one of the case; a column that sounds like a plan may be meant."""

_MOST_DATES = 5
"""More dates or clock times than these are not paired."""


def of_events(roles: Roles) -> list[Profile]:
    """Columns with moments of events: plans and attributes of the case apart, unless there are no others."""
    found = [p for p in roles.free() if p.is_time and not headers.of_case(p.name)]
    actual = [p for p in found if not headers.is_plan(p.name)]
    return actual or ([] if "time" in roles.index else found)


def likeliest(moments: list[Profile]) -> Profile | None:
    return max(moments, key=lambda p: (headers.score(p.name, "time"), p.filled, -p.index), default=None)


def choose_times(roles: Roles, moments: list[Profile]) -> None:
    """The moment of the event is one that changes within the cases; of several the one whose name says so."""
    moments = [p for p in moments if p.index not in roles.index.values()]
    every = [p for p in roles.free() if p.is_time and not headers.of_case(p.name)]
    if len(every) > 1 and roles.rows_per_case > MOST_ROWS_PER_CASE:
        share = behaviour.changes(roles, every)
        if max((share[p.index] for p in moments), default=0.0) < _HARDLY:
            moments = [p for p in every if p in moments or share[p.index] > _CHANGING]
        most = max((share[p.index] for p in moments), default=0.0)
        roles.constant = [p.index for p in moments if share[p.index] < _CHANGING * most]
        moments = [p for p in moments if p.index not in roles.constant]
    if "time" not in roles.index and moments:
        best = max(moments, key=lambda p: (headers.score(p.name, "time"), p.filled, -p.index))
        left = [p for p in moments if headers.is_leaving(p.name) and not headers.is_entering(p.name)]
        entered = [p for p in moments if headers.is_entering(p.name)]
        if left and best in entered:  # of an interval the end is the moment, and the other one its start
            best = left[0]
        elif headers.score(best.name, "time") < 6 and len(moments) > 1:
            best = max(moments, key=lambda p: (round(p.filled, 1), _later(roles, p, moments)))
        roles.index["time"] = best.index
        if headers.score(best.name, "time") >= 8 or len(moments) == 1 <= len(roles.constant):
            roles.named.add("time")
        roles.others["time"] = [p.name for p in moments if p is not best]
    if "start" in roles.index or "time" not in roles.index:
        return
    rest = [p for p in moments if p.index != roles.index["time"]]
    named = [p for p in rest if headers.score(p.name, "start") >= 7]
    if named:
        roles.index["start"] = max(named, key=lambda p: headers.score(p.name, "start")).index
        roles.named.add("start")


def join_clocks(roles: Roles) -> None:
    """Dates without a clock time take the columns that have nothing but clock times, each its own: the one whose header
    says beginning or end as well, else the nearest; of two that are as near the one behind it.

    All are paired together, so that none takes what is another's. One clock for two dates is that of the event.
    """
    clocks = [p for p in roles.free() if p.filled > 0.5 and p.clock]
    dated = {roles.index[role]: role for role in ("start", "time") if _is_bare(roles.style(role))}
    if not clocks or not dated:
        return
    others = [p.index for p in roles.free() if p.is_time and _is_bare(p.style)]
    for date, clock in _pairs(roles, [*dated, *others][:_MOST_DATES], clocks[:_MOST_DATES]):
        if date not in dated:
            continue
        both = zip(roles.table.sample[date], roles.table.sample[clock.index], strict=True)
        joined = times.detect(f"{day} {with_signs(hour)}" for day, hour in both if not times.is_blank(day))
        if joined is not None and joined.share > 0.9:
            roles.clocks[dated[date]] = (clock.index, joined)


def _is_bare(style: times.TimeStyle | None) -> bool:
    return style is not None and style.bare >= 0.99


def _pairs(roles: Roles, dates: list[int], clocks: list[Profile]) -> Sequence[tuple[int, Profile]]:
    """Dates and their clock times: of all ways to pair them the one with the most pairs that goes together best."""
    playing = {roles.index[role]: role for role in ("time", "start") if role in roles.index}

    def cost(date: int, clock: Profile) -> tuple[int, ...]:
        sides = headers.side_of(roles.table.names[date]), headers.side_of(clock.name)
        other = date not in playing
        early = len(clocks) == 1 and playing.get(date) == "start" and sides[1] != "start"
        distance = abs(clock.index - date)
        told = sides[0] == sides[1] is not None or headers.share_words(roles.table.names[date], clock.name)
        return (-told, other, early, distance, clock.index < date)

    def clash(date: int, clock: Profile) -> bool:
        return {headers.side_of(roles.table.names[date]), headers.side_of(clock.name)} == {"start", "end"}

    ways: list[tuple[int, list[int], int, list[tuple[int, Profile]]]] = []
    size = min(len(dates), len(clocks))
    for chosen in permutations(dates, size):
        for taken in combinations(clocks, size):
            way = [(d, c) for d, c in zip(chosen, taken, strict=True) if not clash(d, c)]
            costs = [cost(d, c) for d, c in way]
            ways.append((-len(way), [sum(each) for each in zip(*costs, strict=True)], len(ways), way))
    return min(ways)[3]


def choose_start(roles: Roles) -> None:
    """A second moment that changes within the case and is hardly ever after the first is the start."""
    if "start" in roles.index or "time" not in roles.index or "time" in roles.given:
        return
    end = roles.style("time")
    rest = [p for p in roles.free() if p.is_time and not headers.of_case(p.name) and not headers.is_plan(p.name)]
    rest = [p for p in rest if p.index not in roles.constant]
    if len(rest) != 1 or end is None or roles.rows_per_case <= MOST_ROWS_PER_CASE:
        return
    other = rest[0]
    assert other.style is not None
    case = roles.column("case")
    found = roles.table.connection.execute(
        f"SELECT avg((s <= t)::INT), avg((s = t)::INT), count(DISTINCT (g, s)) / count(*) FROM (SELECT {case} AS g, "
        f"{other.style.sql(f'c{other.index}')} AS s, {end.sql(roles.column('time'))} AS t FROM {RAW}) "
        "WHERE s IS NOT NULL AND t IS NOT NULL"
    ).fetchone()
    if found and found[0] is not None and found[0] >= 0.97 and found[1] < 0.95 and found[2] > 0.5:
        roles.index["start"] = other.index


def _later(roles: Roles, one: Profile, others: list[Profile]) -> float:
    """How often a moment is not before the others of its row."""
    assert one.style is not None
    wins = [
        roles.table.scalar(f"avg(({one.style.sql(f'c{one.index}')} >= {o.style.sql(f'c{o.index}')})::INT)")
        for o in others
        if o is not one and o.style is not None
    ]
    return sum(wins)
