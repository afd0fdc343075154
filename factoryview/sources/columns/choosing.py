"""Which column plays which role: by its name, by its behaviour, or because the user said so.

It is long, for the roles are chosen one after the other, each from what the others have left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from factoryview.errors import InputError
from factoryview.language.said import also, said
from factoryview.sources import times
from factoryview.sources.columns import behaviour, change_headers, codes, groups, headers, moments, progress, vocabulary
from factoryview.sources.columns.moments import MOST_ROWS_PER_CASE
from factoryview.sources.columns.roles import Profile, Roles, listed, resolve
from factoryview.sources.table import TextTable

_TOGETHER = 0.3
"""Rows that hold together less than this are those of no case."""
_CLOSE = 0.5
"""Rows that hold together more than this are those of cases, where another column goes through stages in them,"""
_STAGES = 2.0
"""as one does that has so many points for it."""
_FEW = 5
"""Fewer values than this are hardly cases."""
_OF_OTHERS = -4
"""Score as the case of a header that is an id, but sounds like that of something else."""
_BEGUN, _ENDED = frozenset(vocabulary.BEGUN), frozenset(vocabulary.ENDED)
_TRANSITIONS = frozenset(vocabulary.TRANSITIONS)
_LIFECYCLE = _TRANSITIONS | frozenset(vocabulary.BREAKS) | _BEGUN | _ENDED
_CALLED = 8
"""Score as the stage from which on a column is called like one."""


def choose(table: TextTable, profiles: list[Profile], wishes: Mapping[str, str]) -> Roles:
    """Every role that a column of the table can play: as the user said, as the format says, else by name and content.

    profiles: of its columns. wishes: role → the column that the user named.
    Raises InputError when no column can be the case, the stage or the time.
    """
    roles = Roles(table, profiles, resolve(wishes, table))
    roles.given = set(roles.index)
    if table.known is not None:
        for role, name in table.known.columns.items():
            if role not in roles.index:
                roles.index[role] = table.names.index(name)
                roles.named.add(role)
    _check_wishes(roles)
    when = moments.of_events(roles)
    _choose_case(roles, when)
    moments.choose_times(roles, when)
    moments.join_clocks(roles)
    _choose_change(roles)
    _choose_stage(roles)
    moments.choose_start(roles)
    for role in ("lifecycle", "instance", "from", "resource", "value", "channel", "reason"):
        _choose_other(roles, role)
    return roles


def _check_wishes(roles: Roles) -> None:
    """Raises InputError if the column named for the time or start holds none that can be read."""
    for role in ("time", "start"):
        if role in roles.given and (p := roles.profiles[roles.index[role]]).style is None:
            raise unreadable(roles, p)


def unreadable(roles: Roles, p: Profile) -> InputError:
    """The error for a column named for moments that has none which can be read."""
    filled = [text.strip() for text in roles.table.sample[p.index] if not times.is_blank(text)]
    like = said("error.such_as", text=filled[0][:60]) if filled else ""
    if filled and times.lacks_year(filled[0]):
        what, cure = said("error.no_year", column=p.name, like=like), said("error.with_year")
    elif not filled:
        what, cure = said("error.empty_column", column=p.name), said("error.another_column")
    else:
        what = said("error.no_times_in", column=p.name, like=like)
        cure = said("error.or_write_like")
    others = [q.name for q in roles.profiles if q.is_time]
    more = [said("error.times_are_in", names=listed(others))] if others else []
    return InputError(what, where=roles.table.file, cure=also([cure, *more], " "))


def _choose_case(roles: Roles, found: list[Profile]) -> None:
    """An identifier: by its name, by being nearly unique per case and repeating within it, its rows close in time.

    A column that is different in every row is the case of a table of cases; in a log it is the id of the event, and so
    it is where old and new values stand. found: columns with moments of events.
    """
    if "case" in roles.index:
        return
    when = _time_profile(roles) or moments.likeliest(found)
    changed = {p.index for pair in _changes(roles) for p in pair}
    free = [p for p in roles.free() if not p.is_time and not p.clock and p.filled > 0.5 and p.decimal < 0.2]
    free = [p for p in free if p.index not in changed]
    names = {p.index: headers.score(p.name, "case") - 6 * headers.is_other(p.name) for p in free}
    best = max(
        (p for p in free if p.distinct > 1 or roles.table.rows <= 20),
        key=lambda p: (names[p.index], -p.index),
        default=None,
    )
    rows = roles.table.rows
    per = {best.index: rows / behaviour.distinct(roles, best)} if best is not None else {}
    sure = best is not None and names[best.index] >= 6 and per[best.index] > MOST_ROWS_PER_CASE
    scores: dict[int, float] = {}
    for p in free:
        name = names[p.index]
        if name < -8 or (sure and best is not None and name < names[best.index] - 4):
            continue
        if p.distinct == 1 and roles.table.rows > 20:
            scores[p.index] = name - 6.0
            continue
        if name >= 9 and sure:
            scores[p.index] = name + 3
            continue
        if p.index not in per:
            per[p.index] = rows / behaviour.distinct(roles, p)
        if MOST_ROWS_PER_CASE < per[p.index] <= 500:
            together = behaviour.togetherness(roles, p, when)
            unlikely = 4 * (p.wordy > 0.3) + 4 * (p.distinct < _FEW and roles.table.rows > 20)
            scores[p.index] = name + 2 * min(1.0, 4 / per[p.index]) + 6 * together - unlikely
            if not sure and (together < _TOGETHER or p.is_period):
                scores[p.index] = min(scores[p.index], 0.0 if name < 6 else name - 1.0)
        else:
            whole = len(found) > 1 and per[p.index] <= MOST_ROWS_PER_CASE and p.wordy < 0.1
            scores[p.index] = name - 1.0 + whole * (5 if name >= 9 else 2)
            if changed and per[p.index] <= MOST_ROWS_PER_CASE:
                scores[p.index] = -6.0
    single = {index for index, rows_of_one in per.items() if rows_of_one <= MOST_ROWS_PER_CASE}
    _by_stages(roles, when, scores, single)
    if max(scores.values(), default=0) <= 0:
        scores |= {p.index: 0.5 for p in free if p.index not in single and _acts_as_case(roles, p, when)}
    if max(scores.values(), default=0) <= 0 and len(found) > 2:  # a table of cases by the one id that it has
        own = [p.index for p in free if names[p.index] >= -8 and per.get(p.index, 9) <= MOST_ROWS_PER_CASE]
        ids = [index for index in own if names[index] >= _OF_OTHERS] or own
        scores |= dict.fromkeys(ids, 0.5) if len(ids) == 1 else {}
    if not scores or max(scores.values()) <= 0:
        if (sparse := groups.sparse(roles.profiles)) is not None:
            raise InputError(
                said("error.cases_missing", column=sparse.name, n=1 - sparse.filled),
                where=roles.table.file,
                cure=said("error.case_in_every_row"),
            )
        raise InputError(
            said("error.no_case"),
            where=roles.table.file,
            cure=said("error.name_case", names=listed(roles.table.names)),
        )
    ranked = sorted(scores, key=lambda index: (-scores[index], index))
    roles.index["case"] = ranked[0]
    roles.others["case"] = [roles.table.names[index] for index in ranked[1:4] if scores[index] > 0]
    if headers.score(roles.table.names[ranked[0]], "case") >= 6:
        roles.named.add("case")


def _acts_as_case(roles: Roles, p: Profile, when: Profile | None) -> bool:
    """Whether a column behaves like a case, whatever it is called: ids whose rows hold together, in which another
    column goes through stages.
    """
    filled = [text for text in roles.table.sample[p.index] if text.strip()]
    ids = sum(any(map(str.isdigit, text)) for text in filled) >= 0.9 * len(filled) and p.wordy < 0.1
    if not ids or headers.is_other(p.name) or behaviour.togetherness(roles, p, when) <= _CLOSE:
        return False
    columns = [q for q in roles.free() if not q.is_time and q is not p and q.filled > 0.3 and q.distinct > 1]
    return max(behaviour.like_stages(roles, p.index, when, columns).values(), default=0.0) >= _STAGES


def _by_stages(roles: Roles, when: Profile | None, scores: dict[int, float], single: set[int]) -> None:
    """Where several columns may be the case: points for those in whose rows another column goes through stages.

    single: those that are different in every row: ids of the events, where another column behaves like the case.
    """
    ranked = sorted((index for index in scores if scores[index] > 0), key=lambda index: -scores[index])
    if len(ranked) < 2 or scores[ranked[0]] - scores[ranked[1]] > 6:
        return
    columns = [p for p in roles.free() if not p.is_time and p.filled > 0.3 and p.distinct > 1]
    for index in ranked[:4]:
        found = behaviour.like_stages(roles, index, when, [p for p in columns if p.index != index])
        stages = max(
            (points + min(headers.score(roles.table.names[i], "stage"), 8) / 4 for i, points in found.items()),
            default=0,
        )
        scores[index] += min(max(stages, -2.0), 5.0)
        cases = index not in single and max(found.values(), default=0.0) >= _STAGES
        if cases and behaviour.togetherness(roles, roles.profiles[index], when) > _CLOSE:
            best = scores[index]
            scores |= {i: min(scores[i], best - 0.5) for i in single & scores.keys()}


def _choose_change(roles: Roles) -> None:
    """Two columns that say what a case left and what it came to: the second one is the stage."""
    if "stage" in roles.index or "from" in roles.index:
        return
    for before, after in _changes(roles):
        roles.index |= {"from": before.index, "stage": after.index}
        roles.named |= {"from", "stage"}
        return


def _changes(roles: Roles) -> Iterator[tuple[Profile, Profile]]:
    """Columns of old and of new values, called so and with the same values; names before codes."""
    free = [p for p in roles.free() if not p.is_time and p.filled > 0.3]
    old = [p for p in free if change_headers.is_old(p.name)] or [
        p for p in roles.free() if change_headers.is_old(p.name) and not p.is_time
    ]
    new = [p for p in free if change_headers.is_new(p.name)]
    pairs = [(a, b) for a in roles.free() for b in free if change_headers.is_change(a.name, b.name)]
    pairs += [(a, b) for a in old for b in new]
    for before, after in sorted(pairs, key=lambda pair: codes.are_codes(roles.table.sample[pair[1].index])):
        if before is not after and behaviour.is_chain(roles, before.index, after.index):
            yield before, after


def _choose_stage(roles: Roles) -> None:
    if "stage" in roles.index:
        return
    if (found := progress.find(roles, _time_profile(roles))) is not None:
        roles.index |= {"stage": found.stage.index, "lifecycle": found.lifecycle.index}
        roles.others["stage"] = [found.lifecycle.name]
        roles.turns = (found.begin, found.end)
        if headers.score(found.stage.name, "stage") >= _CALLED:
            roles.named.add("stage")
        return
    free = [p for p in roles.free() if not p.is_time and not p.clock and p.filled > 0.3]
    scored = {p.index: headers.score(p.name, "stage") for p in free}
    scored = {index: points for index, points in scored.items() if points > -5}
    scored = _without_lifecycle(roles, scored)
    best = max(scored.values(), default=0)
    near = [index for index, points in scored.items() if points >= best - 2]
    if best < 8 or len(near) > 1 or _is_constant(roles, near[0]):
        content = behaviour.like_stages(
            roles, roles.index["case"], _time_profile(roles), [p for p in free if p.index in scored]
        )
        scored = {index: points + content.get(index, 0.0) for index, points in scored.items()}
    if not scored or max(scored.values()) < 1:
        if _tells_by_dates(roles):
            return
        raise no_stage(roles.table)
    ranked = sorted(scored, key=lambda index: (-scored[index], index))
    roles.index["stage"] = ranked[0]
    roles.others["stage"] = [roles.table.names[index] for index in ranked[1:4] if scored[index] >= 1]
    if headers.score(roles.table.names[ranked[0]], "stage") >= 8:
        roles.named.add("stage")
    if (named := codes.names_beside(roles, free)) is not None:
        roles.coded = ranked[0]
        roles.index["stage"] = named.index


def _without_lifecycle(roles: Roles, scored: dict[int, float]) -> dict[int, float]:
    """Columns and their points as the stage, without those that tell how far each stage is.

    A column called like a stage is one of the case, whatever its words, where no other is called so; only the words of
    the transitions that logs write beside each stage are never stages.
    """
    others = {i: points for i, points in scored.items() if not _is_lifecycle(roles, i)}
    if max(others.values(), default=0) < _CALLED:
        others |= {i: p for i, p in scored.items() if p >= _CALLED and not _is_lifecycle(roles, i, _TRANSITIONS)}
    return others or scored


def _is_constant(roles: Roles, index: int) -> bool:
    """Whether a column hardly ever changes within a case, so that its name alone does not make it the stage."""
    share = behaviour.changes_in_sample(roles, index)
    return share is not None and share < 0.2 and roles.rows_per_case > MOST_ROWS_PER_CASE


def _time_profile(roles: Roles) -> Profile | None:
    return roles.profiles[roles.index["time"]] if "time" in roles.index else None


def no_stage(table: TextTable) -> InputError:
    """The error for a table without a stage."""
    cure = said("error.name_stage", names=listed(table.names))
    return InputError(said("error.no_stage"), where=table.file, cure=cure)


def actual_dates(roles: Roles) -> list[Profile]:
    """Columns with moments of things that happened to the row; plans and attributes of the case apart."""
    taken = {roles.index[role] for role in ("case", "stage") if role in roles.index}
    moments = [p for p in roles.profiles if p.is_time and p.index not in taken]
    found = [p for p in moments if not headers.of_case(p.name) and not headers.is_plan(p.name)]
    lasting = [p for p in found if not headers.is_trace(p.name) or headers.is_own_stage_since(p.name)]
    return lasting if len(lasting) > 1 else found


def _tells_by_dates(roles: Roles) -> bool:
    """Whether a table needs no stage: one row per case and three dates whose names are the stages."""
    return len(actual_dates(roles)) >= 3 and roles.rows_per_case <= MOST_ROWS_PER_CASE


def _choose_other(roles: Roles, role: str) -> None:
    if role in roles.index:
        return
    candidates = []
    for p in roles.free():
        points = headers.score(p.name, role)
        if points < 3 or p.filled == 0 or not _fits(roles, p, role, points):
            continue
        candidates.append((points, -p.index))
    if not candidates and role == "lifecycle":
        candidates = [(3, -p.index) for p in roles.free() if _tells_begin_and_end(roles, p.index)]
    if not candidates:
        return
    points, index = max(candidates)
    roles.index[role] = -index
    if points >= 9:
        roles.named.add(role)


def _is_lifecycle(roles: Roles, index: int, words: frozenset[str] = _LIFECYCLE) -> bool:
    filled = {v: n for v, n in roles.table.sample_counts[index].items() if v.strip()}
    known = sum(n for v, n in filled.items() if v.strip().lower() in words)
    return bool(filled) and known >= 0.9 * sum(filled.values())


def _tells_begin_and_end(roles: Roles, index: int) -> bool:
    """Whether a column holds words for beginning and for ending, and no others, whatever it is called."""
    found = {value.strip().lower() for value in roles.table.sample_counts[index]}
    return _is_lifecycle(roles, index) and bool(found & _BEGUN) and bool(found & _ENDED)


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
