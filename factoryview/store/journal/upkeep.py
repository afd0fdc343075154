"""The upkeep of a journal: cases that are long done are forgotten, and their space is given back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from factoryview.store.journal.file import BUSY_SECONDS
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.rows import AT_ONCE, mark, places

_PAGES = 2_000
"""Pages of the file given back at once, so that the feeds need not wait long."""
_QUIET = """
select "case", max(row) from events group by "case"
having max(coalesce(time, 9223372036854775807)) < ?"""
_ENDED = """
select "case" from (
    select "case", stage, row_number() over (
        partition by "case" order by time desc, coalesce(start, time) desc, row desc
    ) as place
    from events where "case" in ({cases})
) where place = 1 and stage in ({ends})"""
_STILL = 'select "case" from events where "case" in ({cases}) group by "case" having max(row) <= ?'
_NEXT_GENERATION = "update about set value = value + 1 where key = 'generation'"


def forget(journal: Journal, ends: Sequence[str], before: int) -> int:
    """Forget cases whose last event is at an end and before that moment (µs UTC), older counts, and what had been
    set aside then. How many cases; the journal's generation changes with every piece that goes away.

    Done piece by piece, so that the feeds go on. Raises StoreTrouble; what has been forgotten by then stays so.
    """
    forgotten = 0
    with Journal.read(journal.path) as reader:
        newest = reader.last_row
        with reader.reading() as con:
            quiet = [case for case, _ in con.execute(_QUIET, (before,))]
        for some in _pieces(quiet):
            query = _ENDED.format(cases=places(some), ends=places(ends))
            with reader.reading() as con:
                done = [case for (case,) in con.execute(query, (*some, *ends))]
            if done:
                forgotten += _forget_cases(journal, done, newest)
    with journal.writing() as con:
        dropped = con.execute("delete from counts where bucket_end < ?", (before,)).rowcount
        con.execute("delete from rejected where arrived < ?", (before,))
        if dropped:
            con.execute(_NEXT_GENERATION)
    return forgotten


def _forget_cases(journal: Journal, cases: Sequence[str], newest: int) -> int:
    with journal.writing() as con:
        key = bytes.fromhex(con.execute("select value from about where key = 'key'").fetchone()[0])
        still = [case for (case,) in con.execute(_STILL.format(cases=places(cases)), (*cases, newest))]
        con.execute(f'delete from events where "case" in ({places(still)})', still)
        con.executemany("insert or ignore into forgotten values (?)", ((mark(key, case),) for case in still))
        if still:
            con.execute(_NEXT_GENERATION)
    return len(still)


def compact(journal: Journal) -> int:
    """Give the space of what was forgotten back to the disk, and put the file in order; bytes given back.

    Raises StoreTrouble.
    """
    with journal.alone() as con:
        [(size,)] = con.execute("pragma page_size").fetchall()
        [(before,)] = con.execute("pragma page_count").fetchall()
        [(free,)] = con.execute("pragma freelist_count").fetchall()
    for _ in range(0, free, _PAGES):
        with journal.alone() as con:
            con.executescript(f"pragma incremental_vacuum({_PAGES})")  # `execute` would free one page only
    with journal.alone() as con:
        con.execute("pragma optimize").fetchall()
        con.execute("pragma busy_timeout = 0")  # somebody who looks at the store now must not hold up the feeds
        con.execute("pragma wal_checkpoint(truncate)").fetchall()
        con.execute(f"pragma busy_timeout = {int(BUSY_SECONDS * 1_000)}")
        [(after,)] = con.execute("pragma page_count").fetchall()
    return int(size) * max(0, int(before) - int(after))


def last_upkeep(journal: Journal) -> int:
    """When `note_upkeep` was called last, µs UTC; when the store was begun if never."""
    with journal.reading() as con:
        found = con.execute("select value from about where key = 'upkeep'").fetchone()
    return int(found[0]) if found else journal.created


def note_upkeep(journal: Journal, now: int) -> None:
    """Write down that the upkeep is done. Raises StoreTrouble."""
    with journal.writing() as con:
        con.execute("insert or replace into about values ('upkeep', ?)", (str(now),))


def _pieces(cases: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(cases)
    while piece := list(islice(rest, AT_ONCE)):
        yield piece
