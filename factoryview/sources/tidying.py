"""Names of the events made plain, and their order in the file found out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from factoryview.language.said import also, said
from factoryview.sources import names
from factoryview.sources.reading import Reading

_FEW = ("stage", "channel", "resource", "reason")
"""Columns of `events` whose names many rows share."""
_MOST_NAMES = 5000
"""More different names than this are not compared for their spelling."""
_SHOWN = 4
_PROBE = 10_000
"""Rows by which the order of the file is judged."""


def clean_names(reading: Reading, roles: Iterable[str]) -> None:
    """Takes from the names of `events` what cannot be seen, and makes one of spellings that differ in case only.

    roles: those that a column of the file plays.
    """
    cleaned = {column: _clean_few(reading, column) for column in _FEW if column in roles}
    plain, mixed = _ids(reading)
    cleaned["case"] = 0 if plain else _clean_all(reading, "case")
    if told := [said("reading.so_many", what=said(f"role.{column}"), n=n) for column, n in cleaned.items() if n]:
        reading.note("info", "", said("reading.cleaned", names=also(told)))
    if mixed or not plain:
        _fold_cases(reading)


def _ids(reading: Reading) -> tuple[bool, bool]:
    """Whether all ids of cases are surely clean, and whether they may have spellings: some of them have small letters
    and some capital ones, or one has two blanks together."""
    found = reading.connection.execute(
        f"SELECT bool_and({names.is_plain('name')}), bool_and(name = upper(name)), bool_and(name = lower(name)), "
        "bool_or(contains(name, '  ')) "
        'FROM (SELECT DISTINCT "case" AS name FROM events)'
    ).fetchone()
    plain, upper, lower, blanks = found or (None, None, None, None)
    return plain is not False, bool(blanks) or (upper is False and lower is False)


def _clean_few(reading: Reading, column: str) -> int:
    """Cleans and folds names of which there are few; returns how many had what cannot be seen."""
    counts = dict(
        reading.connection.execute(
            f'SELECT "{column}", count(*) AS n FROM events WHERE "{column}" IS NOT NULL GROUP BY 1 '
            f"ORDER BY min(row) LIMIT {_MOST_NAMES + 1}"
        ).fetchall()
    )
    if len(counts) > _MOST_NAMES:
        return _clean_all(reading, column)
    plain = {name: names.clean(name) for name in counts}
    sums: Counter[str] = Counter()
    for name, n in counts.items():
        sums[plain[name]] += n
    folded = names.folded({name: n for name, n in sums.items() if name})
    better = {name: folded.get(plain[name], plain[name]) for name in counts}
    _rename(reading, column, {name: new for name, new in better.items() if name != new})
    if folded:
        text = said("reading.names_folded", column=said(f"role.{column}"), folded=_listed(folded))
        reading.note("warning", "", text)
    return sum(name != new for name, new in plain.items())


def _clean_all(reading: Reading, column: str) -> int:
    """Cleans names of which there may be millions; returns how many had what cannot be seen."""
    quoted = f'"{column}"'
    dirty = f"SELECT DISTINCT {quoted} FROM events WHERE NOT {names.is_plain(quoted)}"
    better = {text: names.clean(text) for (text,) in reading.connection.execute(dirty).fetchall()}
    changed = {text: new for text, new in better.items() if text != new}
    _rename(reading, column, changed)
    return len(changed)


def _fold_cases(reading: Reading) -> None:
    """Ids of cases that differ in case only are one, unless they are codes in which case tells."""
    con = reading.connection
    rows = con.execute(
        'SELECT "case", n FROM (SELECT "case", count(*) AS n, min(row) AS r, count(*) OVER '
        """(PARTITION BY regexp_replace(lower("case"), '\\s+', ' ', 'g')) AS spellings FROM """
        ' events GROUP BY "case") WHERE spellings > 1 ORDER BY r'
    ).fetchall()
    if not rows:
        return
    counts = dict(rows)
    folded = names.folded(counts)
    if names.are_codes(counts):
        reading.note("warning", "", said("reading.ids_apart", n=len(counts)))
        return
    _rename(reading, "case", folded)
    reading.note("warning", "", said("reading.ids_folded", folded=_listed(folded)))


def _rename(reading: Reading, column: str, better: dict[str, str]) -> None:
    if not better:
        return
    con = reading.connection
    con.execute("CREATE OR REPLACE TEMP TABLE factoryview_names (old VARCHAR, new VARCHAR)")
    con.execute(
        "INSERT INTO factoryview_names SELECT unnest($old::VARCHAR[]), unnest($new::VARCHAR[])",
        {"old": list(better), "new": list(better.values())},
    )
    con.execute(f'UPDATE events SET "{column}" = new FROM factoryview_names WHERE "{column}" = old')
    con.execute("DROP TABLE factoryview_names")


def _listed(folded: dict[str, str]) -> str:
    pairs = [f'"{old}" → "{new}"' for old, new in folded.items()]
    shown = ", ".join(pairs[:_SHOWN])
    return said("reading.and_more", shown=shown, n=len(pairs) - _SHOWN) if len(pairs) > _SHOWN else shown


def newest_first(reading: Reading) -> bool:
    """Whether the rows of a case stand in the file with the latest one on top; in doubt, whether all rows do."""
    moment = "coalesce(start, time)"
    for partition in ('PARTITION BY "case" ', ""):
        found = reading.connection.execute(
            "SELECT count(*) FILTER (WHERE t < before), count(*) FILTER (WHERE t > before) FROM "
            f"(SELECT {moment} AS t, lag({moment}) OVER ({partition}ORDER BY row) AS before FROM events "
            f"WHERE row < {_PROBE})"
        ).fetchone()
        falls, rises = found or (0, 0)
        if falls != rises and falls + rises > 2:
            return bool(falls > rises)
    return False


def turn(reading: Reading) -> str:
    """Numbers the events from the last row of the file to the first; returns the SQL of the row they were made of."""
    found = reading.connection.execute("SELECT max(row) FROM events").fetchone()
    last = int(found[0]) if found else 0
    reading.connection.execute(f"UPDATE events SET row = {last} - row")
    text = said("reading.newest_first")
    reading.note("info", "", text)
    return f"({last} - events.row)"


def drop_repeats(reading: Reading) -> None:
    """Takes away entries into the stage that the case is in already: edits of other fields, states told again."""
    found = reading.connection.execute(
        "DELETE FROM events WHERE row IN (SELECT row FROM (SELECT row, stage, "
        'lag(stage) OVER (PARTITION BY "case" ORDER BY time, row) AS before FROM events WHERE time IS NOT NULL '
        'AND "case" IN (SELECT "case" FROM events GROUP BY "case", stage HAVING count(*) > 1)) '
        "WHERE stage = before)"
    ).fetchone()
    if found and found[0]:
        text = said("reading.repeats", n=found[0])
        reading.note("info", "", text)
