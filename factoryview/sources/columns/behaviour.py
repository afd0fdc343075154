"""How columns behave: whether their values hold together, change within a case, follow one another."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from factoryview.sources import times
from factoryview.sources.columns.roles import Profile, Roles
from factoryview.sources.table import RAW

_FEWEST = 5
"""Of fewer groups nobody can say whether they hold together."""
_ENOUGH = 20_000
"""Rows of whole cases that a behaviour is judged by."""


def distinct(roles: Roles, p: Profile) -> int:
    """About how many different values a column has."""
    return max(1, round(roles.table.scalar(f"approx_count_distinct(c{p.index})")))


def togetherness(roles: Roles, p: Profile, when: Profile | None) -> float:
    """0 to 1: how much shorter the rows of one value last than as many rows picked by chance.

    k moments picked by chance from a span of 1 lie (k - 1) / (k + 1) apart on average. Far ones mean "still open".
    """
    if when is None or when.style is None:
        return 0.0
    moment = when.style.sql(f"c{when.index}")
    step = max(1, roles.table.rows // (4 * _ENOUGH))
    found = roles.table.connection.execute(
        f"WITH times AS (SELECT c{p.index} AS g, epoch({moment}) AS t FROM {RAW} WHERE hash(c{p.index}) % {step} = 0 "
        f"AND year({moment}) < {times.OPEN_YEAR}), "
        "whole AS (SELECT quantile_cont(t, 0.995) - quantile_cont(t, 0.005) AS span FROM times) "
        "SELECT median(spread * (k + 1) / (k - 1)) / nullif((SELECT span FROM whole), 0), count(*) FROM "
        "(SELECT max(t) - min(t) AS spread, count(t) AS k FROM times WHERE trim(g) <> '' GROUP BY g HAVING k > 1)"
    ).fetchone()
    share, groups = found or (None, 0)
    if groups < _FEWEST:
        return 0.5
    return max(0.0, 1 - float(1.0 if share is None else share))


def changes(roles: Roles, columns: Iterable[Profile]) -> dict[int, float]:
    """Column → share of the cases of several rows in which it has more than one value."""
    wanted = list(columns)
    case = roles.column("case")
    step = max(1, roles.table.rows // _ENOUGH)
    listing = ", ".join(f"avg((d{p.index} > 1)::INT)" for p in wanted)
    inner = ", ".join(f"count(DISTINCT c{p.index}) AS d{p.index}" for p in wanted)
    found = roles.table.connection.execute(
        f"SELECT {listing} FROM (SELECT {inner} FROM {RAW} WHERE hash({case}) % {step} = 0 AND trim({case}) <> '' "
        f"GROUP BY {case} HAVING count(*) > 1)"
    ).fetchone()
    return {p.index: float(share or 0.0) for p, share in zip(wanted, found or (), strict=True)}


def changes_in_sample(roles: Roles, index: int) -> float | None:
    """The share of cases in which a column has several values, by the rows at hand; None if they show too few cases."""
    cases: dict[str, set[str]] = defaultdict(set)
    rows: Counter[str] = Counter()
    for case, value in zip(roles.table.sample[roles.index["case"]], roles.table.sample[index], strict=True):
        cases[case].add(value)
        rows[case] += 1
    several = [case for case, n in rows.items() if n > 1]
    return sum(len(cases[case]) > 1 for case in several) / len(several) if len(several) >= 10 else None


def like_stages(roles: Roles, case: int, when: Profile | None, columns: Sequence[Profile]) -> dict[int, float]:
    """Column → points, about -9 to 7, for behaving like an activity or a status of the cases in a column: cases start
    alike, one value tells the next, it changes within the case."""
    table = roles.table
    order = "rowid"
    if when is not None and when.style is not None:
        order = f"{when.style.sql(f'c{when.index}')}, rowid"
    step = max(1, table.rows // 4000)
    listing = ", ".join(f"coalesce(c{p.index}, '')" for p in columns) or "1"
    rows = table.connection.execute(
        f"SELECT c{case}, {listing} FROM {RAW} WHERE hash(c{case}) % {step} = 0 ORDER BY c{case}, {order} "
        f"LIMIT {_ENOUGH}"
    ).fetchall()
    points: dict[int, float] = {}
    for place, p in enumerate(columns, 1):
        cases: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            cases[row[0]].append(row[place])
        points[p.index] = like_a_stage(list(cases.values()), p)
    return points


def like_a_stage(cases: list[list[str]], p: Profile) -> float:
    """Points of one column whose values are given case by case, in order."""
    every = Counter(value for case in cases for value in case)
    total = every.total()
    if len(every) < 2 or len(every) > 0.5 * total or (p.numeric > 0.9 and len(every) > 50) or p.decimal > 0.2:
        return -6.0
    longer = [case for case in cases if len(case) > 1]
    if not longer:
        return 0.0 if len(every) <= 60 else -2.0
    firsts = Counter(case[0] for case in longer)
    concentration = sum((n / firsts.total()) ** 2 for n in firsts.values())
    overall = sum((n / total) ** 2 for n in every.values())
    pairs = Counter(pair for case in longer for pair in pairwise(case))
    loops = sum(n for (a, b), n in pairs.items() if a == b) / pairs.total()
    left, right = Counter[str](), Counter[str]()
    for (a, b), n in pairs.items():
        left[a] += n
        right[b] += n
    whole = pairs.total()
    mutual = sum(n / whole * math.log(n * whole / (left[a] * right[b])) for (a, b), n in pairs.items())
    entropy = -sum(n / whole * math.log(n / whole) for n in right.values())
    share = mutual / entropy if entropy > 0 else 0.0
    constant = sum(len(set(case)) == 1 for case in longer) / len(longer)
    numbered = 2 * (p.numeric > 0.9)
    return 3 * (concentration - overall) + 4 * share * (1 - loops) - (8 if constant > 0.6 else 0) - numbered


def is_chain(roles: Roles, old: int, new: int) -> bool:
    """Whether what a case leaves is what it came to with the row before, and both have the same values."""
    before, after = ({v.strip() for v in roles.table.sample[i] if v.strip()} for i in (old, new))
    return bool(before and after) and len(before & after) >= 0.5 * min(len(before), len(after))
