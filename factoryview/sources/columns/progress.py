"""Which column tells how far each value of another one is: `resumed` beside a task, `finished` beside a step.

A column called like a stage may do so, too: then what is done is the stage, and its rows begin and end. Seen in how
both go together: of each case every task begins with one word and ends with another, and begins anew only after that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from factoryview.sources.columns import headers, vocabulary
from factoryview.sources.columns.roles import Profile, Roles
from factoryview.sources.table import RAW

_MOST_WORDS = 9
_BEGUN, _ENDED = frozenset(vocabulary.BEGUN), frozenset(vocabulary.ENDED)
_WORDS = _BEGUN | _ENDED | frozenset(vocabulary.TRANSITIONS) | frozenset(vocabulary.BREAKS)
_ROWS = 20_000
"""Of whole cases, by which it is judged."""


@dataclass(frozen=True)
class Progress:
    """What is done, what tells how far it is, and the words for its beginning and its end."""

    stage: Profile
    lifecycle: Profile
    begin: str
    end: str


def find(roles: Roles, when: Profile | None) -> Progress | None:
    """The columns that go together so; None where none do."""
    free = [p for p in roles.free() if not p.is_time and not p.clock and p.filled > 0.9 and p.distinct > 1]
    telling = [p for p in free if _is_told(roles, p)]
    done = [p for p in free if p not in telling and not headers.is_other(p.name) and p.decimal < 0.2]
    if not telling or not done:
        return None
    done.sort(key=lambda p: (-headers.score(p.name, "stage"), -p.distinct, p.index))
    cases = _cases(roles, when)
    for lifecycle in telling:
        for stage in done:
            words = _turns([[(row[stage.index], row[lifecycle.index]) for row in case] for case in cases])
            if words is not None:
                return Progress(stage, lifecycle, *words)
    return None


def _is_told(roles: Roles, p: Profile) -> bool:
    """Whether most of a column's few words are those for how far something is."""
    words = {value.strip().lower() for value in roles.table.sample_counts[p.index] if value.strip()}
    return 2 <= len(words) <= _MOST_WORDS and 2 * len(words & _WORDS) >= len(words)


def _cases(roles: Roles, when: Profile | None) -> list[list[tuple[str, ...]]]:
    """The rows of some whole cases, each in the order of time."""
    order = "rowid" if when is None or when.style is None else f"{when.style.sql(f'c{when.index}')}, rowid"
    columns = ", ".join(f"lower(trim(coalesce(c{p.index}, '')))" for p in roles.profiles)
    case, step = roles.column("case"), max(1, roles.table.rows // 4000)
    rows = roles.table.connection.execute(
        f"SELECT {case}, {columns} FROM {RAW} WHERE hash({case}) % {step} = 0 ORDER BY {case}, {order} LIMIT {_ROWS}"
    ).fetchall()
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name, *row in rows:
        found[name].append(tuple(row))
    return list(found.values())


def _turns(cases: list[list[tuple[str, str]]]) -> tuple[str, str] | None:
    """The words with which everything begins and ends, of cases with rows of what is done and how far it is."""
    groups: list[list[str]] = []
    several = 0
    for rows in cases:
        own: dict[str, list[str]] = defaultdict(list)
        for done, word in rows:
            own[done].append(word)
        groups += own.values()
        several += len(own) > 1
    longer = [group for group in groups if len(group) > 1]
    if several < max(2, 0.5 * len(cases)) or len(longer) < 0.6 * len(groups):
        return None
    ((begin, begun),) = Counter(group[0] for group in groups).most_common(1)
    ((end, ended),) = Counter(group[-1] for group in longer).most_common(1)
    again = sum(group[k] == begin and group[k - 1] != end for group in longer for k in range(1, len(group)))
    if begin == end or begun < 0.9 * len(groups) or ended < 0.6 * len(longer) or again > 0.1 * begun:
        return None
    return None if begin in _ENDED or end in _BEGUN else (begin, end)
