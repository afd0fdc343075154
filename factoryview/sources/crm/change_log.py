"""Logs of changed fields, as CRM systems keep them: who changed what from which value to which, and when."""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.language.said import said
from factoryview.sources.columns.roles import listed
from factoryview.sources.crm.table import Export, blank, quoted, sounds_final
from factoryview.sources.table import RAW, Known, TextTable


@dataclass(frozen=True)
class ChangeLog:
    """Which columns a log of changes has (by index), and which fields matter (lower case)."""

    format: str
    """In words, for the report."""
    case: int
    field: int
    new: int
    time: int
    stages: tuple[str, ...]
    """Fields whose change is an entry into a stage."""
    old: int | None = None
    old_label: int | None = None
    new_label: int | None = None
    """Names beside the ids in `old` and `new`."""
    created: tuple[str, ...] = ()
    """Fields whose change is the making of the case: it stands in what its first change of stage leaves."""
    status: str = ""
    """The field that says open, won or lost."""


def fields_of(export: Export, field: int) -> list[str]:
    """The fields that were changed, the commonest first."""
    found = export.table.connection.execute(
        f"SELECT lower(trim(c{field})) AS f FROM {RAW} WHERE NOT {blank(f'c{field}')} "
        "GROUP BY f ORDER BY count(*) DESC, f"
    ).fetchall()
    return [str(row[0]) for row in found]


def entries(export: Export, log: ChangeLog) -> TextTable:
    """The changes of stage as entries; a case that was lost and opened again returns to the stage it had."""
    con, table = export.table.connection, export.table
    moment = export.moment(log.time) or "NULL::TIMESTAMP"
    used = [i for i in (log.case, log.field, log.new, log.time, log.old, log.old_label, log.new_label) if i is not None]
    carried = export.carried(*used)
    new = _labelled(log.new, log.new_label)
    old = _labelled(log.old, log.old_label) if log.old is not None else "NULL::VARCHAR"
    stages, created = _listing(log.stages), _listing(log.created)
    status = quoted(log.status)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE factoryview_changes AS SELECT rowid AS r, {table.line} AS line, "
        f'c{log.case} AS "case", '
        f"lower(trim(c{log.field})) AS f, {new} AS new, {old} AS old, c{log.time} AS time, {moment} AS moment"
        f"{export.carry(carried)} FROM {RAW} WHERE lower(trim(c{log.field})) IN ({stages}, {created}, {status})"
    )
    turn = -1 if _newest_first(export) else 1
    order = f"moment NULLS LAST, r * {turn}"
    kept = "".join(f", k{i}" for i in range(len(carried)))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE factoryview_steps AS SELECT *, CASE "
        f"WHEN f IN ({stages}) THEN new "
        f"WHEN f IN ({created}) THEN nullif(first_old, '') "
        "WHEN lower(trim(new)) IN ('won', 'lost') THEN upper(new[1]) || lower(new[2:]) "
        "WHEN lower(trim(new)) = 'open' AND lower(trim(old)) IN ('won', 'lost') THEN standing END AS stage FROM ("
        f"SELECT *, last_value(CASE WHEN f IN ({stages}) THEN new END IGNORE NULLS) OVER "
        "(w ROWS UNBOUNDED PRECEDING) AS standing, "
        f"first_value(CASE WHEN f IN ({stages}) THEN coalesce(old, '') END IGNORE NULLS) OVER (w ROWS BETWEEN "
        "UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS first_old "
        f'FROM factoryview_changes WINDOW w AS (PARTITION BY "case" ORDER BY {order}))'
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE factoryview_changes AS SELECT * EXCLUDE (before), "
        "stage IS NOT DISTINCT FROM before AND moment IS NOT NULL AS again FROM (SELECT *, lag(stage) OVER "
        f'(PARTITION BY "case" ORDER BY {order}) AS before FROM factoryview_steps WHERE stage IS NOT NULL)'
    )
    found = con.execute(
        "SELECT count(*), count(*) FILTER (WHERE again), list(DISTINCT stage ORDER BY stage) FROM factoryview_changes"
    ).fetchone()
    rows, again, names = found or (0, 0, [])
    findings = [export.finding(said("reading.changes", n=rows - again))]
    if again:
        findings.append(export.finding(said("reading.changes_repeat", n=again)))
    unknown = con.execute(
        f'SELECT count(*) FROM (SELECT "case" FROM factoryview_steps GROUP BY "case" HAVING '
        f"bool_and(f NOT IN ({created})) AND any_value(first_old) IS NOT NULL AND any_value(first_old) <> '')"
    ).fetchone()
    if unknown and unknown[0]:
        text = said("reading.first_stage_unknown", unknown=unknown[0])
        findings.append(export.finding(text, said("reading.export_making"), warning=True))
    ends = tuple(name for name in names or () if sounds_final(name))
    title = table.names
    known = Known(
        log.format,
        {"case": title[log.case], "stage": title[log.new], "time": title[log.time]},
        said("reading.every_change", n=log.stages[0]),
        ends,
    )
    query = f'SELECT line, "case", stage, time, r * {turn} AS place{kept} FROM factoryview_changes WHERE NOT again'
    written = export.rewrite(query, used, carried, known, findings)
    con.execute("DROP TABLE factoryview_changes")
    con.execute("DROP TABLE factoryview_steps")
    return written


def _newest_first(export: Export) -> bool:
    """Whether more rows of a case stand below a later one than below an earlier one."""
    found = export.table.connection.execute(
        "SELECT count(*) FILTER (WHERE moment < before) > count(*) FILTER (WHERE moment > before) FROM "
        '(SELECT moment, lag(moment) OVER (PARTITION BY "case" ORDER BY r) AS before FROM factoryview_changes)'
    ).fetchone()
    return bool(found and found[0])


def _labelled(column: int, label: int | None) -> str:
    plain = f"nullif(trim(c{column}), '')"
    return plain if label is None else f"coalesce(nullif(trim(c{label}), ''), {plain})"


def _listing(names: tuple[str, ...]) -> str:
    return ", ".join(map(quoted, names)) or "NULL"


def missing(export: Export, what: str, field: int) -> str:
    """What to say of a log of changes in which the stage never changes."""
    return said("error.no_stage_change", what=what, names=listed(fields_of(export, field)[:8]))
