"""Which column plays which role: by its name, by its content, or because the user said so."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise

from factoryview.errors import InputError
from factoryview.sources import times
from factoryview.sources.columns import headers, vocabulary
from factoryview.sources.columns.roles import Profile, Roles, listed, profile, resolve
from factoryview.sources.table import RAW, TextTable

_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s?[aApP]\.?[mM]\.?)?")
MOST_ROWS_PER_CASE = 1.15
"""With more it is a log, with fewer a table of cases."""
_LIFECYCLE = frozenset(vocabulary.LIFECYCLE)


def choose(table: TextTable, wishes: Mapping[str, str]) -> Roles:
    """Every role that a column of the table can play: as the user said, as the format says, else by name and content.

    Raises InputError when no column can be the case, the stage or the time.
    """
    profiles = profile(table)
    roles = Roles(table, profiles, resolve(wishes, table))
    roles.given = set(roles.index)
    if table.known is not None:
        for role, name in table.known.columns.items():
            if role not in roles.index:
                roles.index[role] = table.names.index(name)
                roles.named.add(role)
    _choose_times(roles)
    _join_clock(roles)
    _choose_case(roles)
    _choose_stage(roles)
    _choose_start(roles)
    for role in ("lifecycle", "instance", "from", "resource", "value", "channel", "reason"):
        _choose_other(roles, role)
    return roles


def _free(roles: Roles) -> list[Profile]:
    taken = set(roles.index.values())
    return [p for p in roles.profiles if p.index not in taken]


def _choose_times(roles: Roles) -> None:
    moments = [p for p in _free(roles) if p.is_time and not headers.of_case(p.name)]
    for p in roles.profiles:
        if "time" in roles.given and p.index == roles.index["time"] and (p.style is None):
            raise InputError(
                f'column "{p.name}" holds no times that can be read.',
                where=roles.table.file,
                cure="Name another column with --map time=…",
            )
    actual = [p for p in moments if not headers.is_plan(p.name)] or ([] if "time" in roles.index else moments)
    if "time" not in roles.index and actual:
        best = max(actual, key=lambda p: (headers.score(p.name, "time"), p.filled, -p.index))
        if headers.score(best.name, "time") < 6 and len(actual) > 1:
            best = max(actual, key=lambda p: (round(p.filled, 1), _later(roles, p, actual)))
        roles.index["time"] = best.index
        if headers.score(best.name, "time") >= 8:
            roles.named.add("time")
    if "start" in roles.index or "time" not in roles.index:
        return
    rest = [p for p in actual if p.index != roles.index["time"]]
    named = [p for p in rest if headers.score(p.name, "start") >= 7]
    if named:
        roles.index["start"] = max(named, key=lambda p: headers.score(p.name, "start")).index
        roles.named.add("start")


def _join_clock(roles: Roles) -> None:
    """A date without a clock time takes the column that has nothing but clock times."""
    style = roles.style("time")
    if style is None or style.bare < 0.99:
        return
    clocks = [
        p
        for p in _free(roles)
        if p.filled > 0.5
        and all(_CLOCK.fullmatch(v.strip()) for v in roles.table.sample[p.index] if not times.is_blank(v))
    ]
    if clocks:
        date = roles.index["time"]
        clock = min(clocks, key=lambda p: abs(p.index - date))
        both = zip(roles.table.sample[date], roles.table.sample[clock.index], strict=True)
        joined = times.detect(f"{day} {hour}" for day, hour in both if not times.is_blank(day))
        if joined is not None and joined.share > 0.9:
            roles.clock = (clock.index, joined)


def _choose_start(roles: Roles) -> None:
    """A second moment that changes within the case and is hardly ever after the first is the start."""
    if "start" in roles.index or "time" not in roles.index or "time" in roles.given:
        return
    end = roles.style("time")
    rest = [p for p in _free(roles) if p.is_time and not headers.of_case(p.name) and not headers.is_plan(p.name)]
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


def _choose_case(roles: Roles) -> None:
    if "case" in roles.index:
        return
    scores: dict[int, float] = {}
    free = [p for p in _free(roles) if not p.is_time and p.filled > 0.5]
    names = {p.index: headers.score(p.name, "case") for p in free}
    best_name = max(names.values(), default=0)
    for p in free:
        name = names[p.index]
        if name < -8 or (best_name >= 6 and name < best_name - 4):
            continue
        if name >= 9:
            scores[p.index] = name
            continue
        distinct = roles.table.scalar(f"approx_count_distinct(c{p.index})")
        per = roles.table.rows / max(distinct, 1)
        if MOST_ROWS_PER_CASE < per <= 500:
            scores[p.index] = name + 2 * min(1.0, 4 * distinct / roles.table.rows) + _togetherness(roles, p)
        else:
            scores[p.index] = name - 1.0
    if not scores or max(scores.values()) <= 0:
        raise InputError(
            "no column looks like the case.",
            where=roles.table.file,
            cure=f"Name it: --map case=COLUMN. It has: {listed(roles.table.names)}.",
        )
    best = max(scores, key=lambda index: (scores[index], -index))
    roles.index["case"] = best
    if headers.score(roles.table.names[best], "case") >= 6:
        roles.named.add("case")


def _togetherness(roles: Roles, p: Profile) -> float:
    """0 to 6: how short the groups of a column last, compared with the log."""
    style = roles.style("time")
    if style is None:
        return 0.0
    moment = style.sql(f"c{roles.index['time']}")
    sampled = f"SELECT {moment} AS t FROM {RAW} WHERE {roles.table.sample_filter}"
    found = roles.table.connection.execute(
        "SELECT median(span) / nullif(any_value(whole), 0) FROM (SELECT epoch(max(t)) - epoch(min(t)) AS span, "
        f"(SELECT epoch(max(t)) - epoch(min(t)) FROM ({sampled})) AS whole "
        f"FROM (SELECT c{p.index} AS g, {moment} AS t FROM {RAW}) GROUP BY g HAVING count(*) > 1)"
    ).fetchone()
    share = found[0] if found and found[0] is not None else 1.0
    return 6 * max(0.0, 1 - 4 * share)


def _choose_stage(roles: Roles) -> None:
    if "stage" in roles.index:
        return
    free = [p for p in _free(roles) if not p.is_time and p.filled > 0.3]
    scored = {p.index: headers.score(p.name, "stage") for p in free}
    scored = {index: points for index, points in scored.items() if points > -5}
    scored = {i: s for i, s in scored.items() if not _is_lifecycle(roles, i)} or scored
    best = max(scored.values(), default=0)
    near = [index for index, points in scored.items() if points >= best - 2]
    if best < 8 or len(near) > 1:
        content = _stage_content(roles, [p for p in free if p.index in scored])
        scored = {index: points + content.get(index, 0.0) for index, points in scored.items()}
    if not scored or max(scored.values()) < 1:
        if _tells_by_dates(roles):
            return
        raise no_stage(roles.table)
    chosen = max(scored, key=lambda index: (scored[index], -index))
    roles.index["stage"] = chosen
    if headers.score(roles.table.names[chosen], "stage") >= 8:
        roles.named.add("stage")


def no_stage(table: TextTable) -> InputError:
    """The error for a table without a stage."""
    cure = f"Name it: --map stage=COLUMN. It has: {listed(table.names)}."
    return InputError("no column looks like the stage or activity.", where=table.file, cure=cure)


def actual_dates(roles: Roles) -> list[Profile]:
    """Columns with moments of things that happened to the row; plans and attributes of the case apart."""
    taken = {roles.index[role] for role in ("case", "stage") if role in roles.index}
    moments = [p for p in roles.profiles if p.is_time and p.index not in taken]
    return [p for p in moments if not headers.of_case(p.name) and not headers.is_plan(p.name)]


def _tells_by_dates(roles: Roles) -> bool:
    """Whether a table needs no stage: one row per case and three dates whose names are the stages."""
    return len(actual_dates(roles)) >= 3 and roles.rows_per_case <= MOST_ROWS_PER_CASE


def _stage_content(roles: Roles, candidates: list[Profile]) -> dict[int, float]:
    """Points for behaving like an activity: starts alike, predicts the next, changes within the case."""
    table, case = roles.table, roles.index["case"]
    order = "rowid"
    style = roles.style("time")
    if style is not None:
        order = f"{style.sql(table.column(roles.index['time']))}, rowid"
    step = max(1, table.rows // 4000)
    listing = ", ".join(f"coalesce(c{p.index}, '')" for p in candidates) or "1"
    rows = table.connection.execute(
        f"SELECT c{case}, {listing} FROM {RAW} WHERE hash(c{case}) % {step} = 0 ORDER BY c{case}, {order} LIMIT 20000"
    ).fetchall()
    points: dict[int, float] = {}
    for place, p in enumerate(candidates, 1):
        cases: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            cases[row[0]].append(row[place])
        points[p.index] = _behaviour(list(cases.values()), p)
    return points


def _behaviour(cases: list[list[str]], p: Profile) -> float:
    every = Counter(value for case in cases for value in case)
    total = every.total()
    if len(every) < 2 or len(every) > 0.5 * total or (p.numeric > 0.9 and len(every) > 50):
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
    return 3 * (concentration - overall) + 4 * share * (1 - loops) - (8 if constant > 0.6 else 0)


def _choose_other(roles: Roles, role: str) -> None:
    if role in roles.index:
        return
    candidates = []
    for p in _free(roles):
        points = headers.score(p.name, role)
        if points < 3 or p.filled == 0 or not _fits(roles, p, role, points):
            continue
        candidates.append((points, -p.index))
    if not candidates:
        return
    points, index = max(candidates)
    roles.index[role] = -index
    if points >= 9:
        roles.named.add(role)


def _is_lifecycle(roles: Roles, index: int) -> bool:
    filled = [v.strip().lower() for v in roles.table.sample[index] if v.strip()]
    return bool(filled) and sum(v in _LIFECYCLE for v in filled) >= 0.9 * len(filled)


def _fits(roles: Roles, p: Profile, role: str, points: float) -> bool:
    values = roles.table.sample[p.index]
    if role == "lifecycle":
        return _is_lifecycle(roles, p.index)
    if role == "value":
        return p.numeric > 0.9 and not p.is_time
    if p.is_time:
        return False
    if role in ("resource", "channel", "reason"):
        few = p.distinct <= (0.05 * len(values) + 20 if role != "resource" else 0.3 * len(values) + 20)
        return few and p.distinct >= 1 and (points >= 5 or p.numeric < 0.5)
    return points >= 8
