"""Tables with one row per case, its present status and the dates of what happened to it, as CRM systems export them.

The dates are put in order by their values. A date is the entry into the one status whose rows have it as their
last date; where that is not one status, into a stage named after the date's column. Final is a status whose rows
carry the last date while others do not; the last date of a case that is still open is a forecast and no event.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from factoryview.language.said import also, said
from factoryview.sources import attributes, currencies, dates, times
from factoryview.sources.columns import change_headers, headers
from factoryview.sources.columns.choosing import actual_dates
from factoryview.sources.columns.moments import MOST_ROWS_PER_CASE
from factoryview.sources.columns.roles import Roles
from factoryview.sources.events import ROLES, EventLog
from factoryview.sources.reading import (
    Reading,
    cases,
    number,
    open_end,
    read_or_flag,
    report_duplicates,
    report_rejects,
    report_roles,
    report_style,
)
from factoryview.sources.snapshot_plan import SnapshotPlan, make_plan
from factoryview.sources.table import RAW

_TELLING = 0.5
"""Of the rows for which the commonest last date would be wrong, a status tells more than this part."""


def sniff(roles: Roles) -> bool:
    """Whether there is about one row per case, and dates enough to tell a story: two with a status, three without."""
    happened = actual_dates(roles)
    if headers.is_history([p.name for p in happened]):
        return False
    if len(happened) < 2 or roles.rows_per_case > MOST_ROWS_PER_CASE or "from" in roles.index:
        return False
    if "start" in roles.index and "time" in roles.index and len(happened) == 2 and not _has_status(roles):
        return False
    return _has_status(roles) or len(happened) >= 3


def _has_status(roles: Roles) -> bool:
    if "stage" not in roles.index:
        return False
    stage = roles.profiles[roles.index["stage"]]
    if not 2 <= stage.distinct <= 60 or headers.score(stage.name, "stage") < 3:
        return False
    return change_headers.names_stage(stage.name) or "stage" in roles.given or _tells_the_date(roles)


def _tells_the_date(roles: Roles) -> bool:
    """Whether the status of a row tells which of its dates is the last that is filled, better than a guess does."""
    dates = [roles.table.sample[p.index] for p in actual_dates(roles)]
    rows = zip(*dates, strict=True)
    last = [max((k for k, cell in enumerate(row) if not times.is_blank(cell)), default=-1) for row in rows]
    seen: dict[str, Counter[int]] = defaultdict(Counter)
    for status, place in zip(roles.table.sample[roles.index["stage"]], last, strict=True):
        seen[status.strip()][place] += 1
    known = sum(counts.most_common(1)[0][1] for counts in seen.values())
    guessed = Counter(last).most_common(1)[0][1]
    return known - guessed > _TELLING * (len(last) - guessed)


def load(reading: Reading, roles: Roles) -> EventLog:
    """Writes the entries of every case, in the order of the file and then of the dates."""
    con = reading.connection
    profiles = actual_dates(roles)
    moments = {}
    for p in profiles:
        assert p.style is not None
        style = dates.settle(reading, p.style, f"c{p.index}", p.name)
        report_style(reading, style, p.name)
        moments[p.index] = style.sql(f"c{p.index}")
    has_status = _has_status(roles)
    if not has_status:
        roles.index.pop("stage", None)
    status = roles.column("stage") if has_status else "NULL::VARCHAR"
    _prepare(reading, roles, moments, status)
    plan = make_plan(reading, profiles, has_status)
    total = reading.table.rows + reading.rejects.count
    _reject(reading, [p.index for p in profiles], has_status)
    vague = _write(reading, plan)
    currency = currencies.settle(reading, roles)
    _report(reading, roles, plan, has_status)
    if vague:
        reading.note(
            "warning",
            roles.name("stage"),
            said("reading.vague_status", n=vague),
            said("reading.export_history"),
        )
    report_duplicates(reading, roles)
    report_rejects(reading)
    left = con.execute("SELECT count(*) FROM events").fetchone()
    con.execute("DROP TABLE factoryview_deals")
    if not left or not left[0]:
        raise reading.unusable(said("error.no_row"), said("error.see_rejects"))
    played = {role: i for role, i in roles.index.items() if role in ROLES and role not in ("start", "time")}
    taken = {*played.values(), *plan.dates}
    reading.findings += attributes.findings(reading.source.name, dict(enumerate(roles.table.names)), taken)
    kept = attributes.keep_events(reading.table, taken, f"events.row // {len(plan.dates) + 1}")
    used = {role: roles.table.names[i] for role, i in played.items()}
    used["time"] = roles.table.names[plan.dates[-1]]
    return EventLog(
        con, "entry", used, reading.findings, total, reading.rejects.count, reading.rejects.file, plan.closed,
        tuple(reading.guesses), kept, mappable=False, currency=currency,
    )  # fmt: skip


def _prepare(reading: Reading, roles: Roles, moments: dict[int, str], status: str) -> None:
    def text(role: str) -> str:
        return f"nullif({roles.column(role)}, '')" if role in roles.index else "NULL::VARCHAR"

    value = number(reading, roles, "value") if "value" in roles.index else "NULL::DOUBLE"
    moments_sql = ", ".join(f"{open_end(read_or_flag(sql, f'c{i}'))} AS d{i}" for i, sql in moments.items())
    reading.connection.execute(
        f'CREATE OR REPLACE TEMP TABLE factoryview_deals AS SELECT rowid AS row, {roles.column("case")} AS "case", '
        f"{status} AS status, {text('resource')} AS resource, {value} AS value, {text('channel')} AS channel, "
        f"{text('reason')} AS reason, {cases(reading, roles)} AS weight, {moments_sql} FROM {RAW}"
    )


def _reject(reading: Reading, dated: list[int], has_status: bool) -> None:
    """Sets rows aside that have no case, no status where there should be one, or a date that cannot be read."""
    con = reading.connection
    span = "NOT BETWEEN TIMESTAMP '1900-01-01' AND TIMESTAMP '2100-01-01'"
    tests: dict[str, str] = {said("reading.no_case"): "coalesce(trim(\"case\"), '') = ''"}
    if has_status:
        tests[said("reading.no_stage")] = "coalesce(trim(status), '') = ''"
    tests[said("reading.no_weight")] = "weight IS NULL"
    for i in dated:
        tests[said("reading.unread_date", column=reading.table.names[i])] = f"d{i} {span}"
    if not any(
        con.execute(f"SELECT 1 FROM factoryview_deals WHERE {test} LIMIT 1").fetchone() for test in tests.values()
    ):
        return
    reason = " ".join(f"WHEN {test} THEN {quoted(name)}" for name, test in tests.items())
    cells = ", ".join(f"r.c{i}" for i in range(len(reading.table.names)))
    rows = con.execute(
        f"SELECT {reading.table.line}, reason, {cells} "
        f"FROM (SELECT row, CASE {reason} END AS reason FROM factoryview_deals) "
        f"JOIN {RAW} AS r ON r.rowid = row WHERE reason IS NOT NULL ORDER BY row"
    ).fetchall()
    reasons = {str(name): name for name in tests}
    for line, why, *values in rows:
        reading.rejects.add(line, reasons[why], reading.table.written(values))
    for test in tests.values():
        con.execute(f"DELETE FROM factoryview_deals WHERE {test}")


def _write(reading: Reading, plan: SnapshotPlan) -> int:
    """One event per date that counts, and one without a moment for a case that has none.

    An open case stands in its own status since its last date, a forecast apart. Returns how many cases stand in a
    status whose beginning is only known to be not before that date.
    """
    con = reading.connection
    closed = f"coalesce(status IN ({', '.join(map(quoted, plan.closed))}), false)" if plan.closed else "false"
    has_own = any(stage is None for stage in plan.stages)
    happened = [i for i, stage in zip(plan.dates, plan.stages, strict=True) if stage is not None]
    named = [
        (place, quoted(stage), f"d{index}")
        for place, (index, stage) in enumerate(zip(plan.dates, plan.stages, strict=True))
        if stage is not None
    ]
    last = f"coalesce({', '.join(f'd{i}' for i in reversed(happened))}, NULL)" if happened else "NULL::TIMESTAMP"
    parts = []
    for position, (place, label, moment) in enumerate(named):
        later = [other for _, _, other in named[position + 1 :]]
        is_last = " AND ".join(f"{other} IS NULL" for other in later) or "true"
        merged = f"NOT {closed} AND status <> {label} AND {is_last}" if has_own else "false"
        parts.append((place, label, moment, f"{moment} IS NOT NULL AND NOT coalesce({merged}, false)", "false"))
    if has_own:
        final, beyond = plan.dates[-1], len(plan.dates)
        own = f"d{plan.since}" if plan.since is not None else "NULL::TIMESTAMP"
        known = " OR ".join(f"({moment} IS NOT NULL AND status = {label})" for _, label, moment in named) or "false"
        vague = f"NOT {closed} AND {own} IS NULL AND {last} IS NOT NULL"
        parts.append((len(plan.dates) - 1, "status", f"d{final}", f"{closed} AND d{final} IS NOT NULL", "false"))
        missing = f"(NOT {closed} OR d{final} IS NULL) AND NOT coalesce({known}, false)"
        parts.append((beyond, "status", f"CASE WHEN NOT {closed} THEN coalesce({own}, {last}) END", missing, vague))
    union = " UNION ALL ".join(
        f"SELECT *, {place} AS place, {label} AS stage, {moment} AS time, {vague} AS vague FROM factoryview_deals "
        f"WHERE {condition}"
        for place, label, moment, condition, vague in parts
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE factoryview_entries AS {union}")
    con.execute(
        f'CREATE OR REPLACE TABLE events AS SELECT row * {len(plan.dates) + 1} + place AS row, "case", stage, time, '
        "NULL::TIMESTAMP AS start, resource, value, channel, reason, weight "
        "FROM factoryview_entries ORDER BY 1"
    )
    found = con.execute("SELECT count(*) FROM factoryview_entries WHERE vague").fetchone()
    con.execute("DROP TABLE factoryview_entries")
    return int(found[0]) if found else 0


def _report(reading: Reading, roles: Roles, plan: SnapshotPlan, has_status: bool) -> None:
    con = reading.connection
    names = reading.table.names
    status = said("reading.status_itself")
    way = also(
        also([f'"{names[i]}"', stage or status], " → ") for i, stage in zip(plan.dates, plan.stages, strict=True)
    )
    reading.note("info", "", said("reading.row_per_case", n=len(plan.dates), way=way))
    used = {role: i for role, i in roles.index.items() if role in ROLES and role not in ("time", "start")}
    report_roles(reading, roles, used)
    if plan.closed:
        reading.note("info", names[roles.index["stage"]], said("reading.final", names=", ".join(plan.closed)))
    elif has_status:
        reading.note("ask", names[roles.index["stage"]], said("reading.no_final"), said("reading.say_ends"))
    final = plan.dates[-1]
    closed = ", ".join(map(quoted, plan.closed)) or "NULL"
    found = con.execute(
        f"SELECT count(*) FILTER (WHERE status NOT IN ({closed}) AND d{final} IS NOT NULL), "
        "(SELECT count(*) FROM events WHERE time IS NULL) FROM factoryview_deals"
    ).fetchone()
    if found and found[0]:
        reading.note("info", names[final], said("reading.forecast", n=found[0]))
    if found and found[1]:
        reading.note("info", "", said("reading.undated", n=found[1]))


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
