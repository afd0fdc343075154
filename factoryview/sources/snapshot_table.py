"""Tables with one row per case, its present status and the dates of what happened to it, as CRM systems export them.

The dates are put in order by their values. A date is the entry into the one status whose rows have it as their
last date; where that is not one status, into a stage named after the date's column. Final is a status whose rows
carry the last date while others do not; the last date of a case that is still open is a forecast and no event.
"""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.sources import words
from factoryview.sources.columns import Profile, Roles
from factoryview.sources.events import ROLES, EventLog
from factoryview.sources.reading import (
    Reading,
    number,
    open_end,
    read_or_flag,
    report_duplicates,
    report_rejects,
    report_roles,
    report_style,
    settle_order,
)
from factoryview.sources.table import RAW

MOST_ROWS_PER_CASE = 1.15


@dataclass(frozen=True)
class Plan:
    """Which date leads where."""

    dates: list[int]
    """Columns, earliest first."""
    stages: list[str | None]
    """Per date the stage it enters; None: the row's own status."""
    closed: tuple[str, ...]
    """Statuses that are final."""
    since: int | None
    """The column that says since when the present status holds."""


def sniff(roles: Roles) -> bool:
    """Whether there is about one row per case, and dates enough to tell a story: two with a status, three without."""
    dates = _dates(roles)
    if len(dates) < 2 or roles.rows_per_case > MOST_ROWS_PER_CASE or "from" in roles.index:
        return False
    if "start" in roles.index and "time" in roles.index and len(dates) == 2 and not _has_status(roles):
        return False
    return _has_status(roles) or len(dates) >= 3


def _has_status(roles: Roles) -> bool:
    stage = roles.profiles[roles.index["stage"]]
    return 2 <= stage.distinct <= 60 and words.score(stage.name, "stage") >= 3


def _dates(roles: Roles) -> list[Profile]:
    return [
        p
        for p in roles.profiles
        if p.is_time
        and not words.of_case(p.name)
        and not words.is_plan(p.name)
        and p.index not in {roles.index["case"], roles.index["stage"]}
    ]


def load(reading: Reading, roles: Roles) -> EventLog:
    """Writes the entries of every case, in the order of the file and then of the dates."""
    con = reading.connection
    profiles = _dates(roles)
    moments = {}
    for p in profiles:
        assert p.style is not None
        if p.style.ambiguous:
            settle_order(reading, p.style, f"c{p.index}", p.name)
        report_style(reading, p.style, p.name)
        moments[p.index] = p.style.sql(f"c{p.index}")
    has_status = _has_status(roles)
    status = roles.column("stage") if has_status else "NULL::VARCHAR"
    _prepare(reading, roles, moments, status)
    plan = _plan(reading, profiles, has_status)
    total = reading.table.rows + reading.rejects.count
    _reject(reading, roles, [p.index for p in profiles], has_status)
    _write(reading, roles, plan)
    _report(reading, roles, plan, has_status)
    report_duplicates(reading)
    report_rejects(reading)
    left = con.execute("SELECT count(*) FROM events").fetchone()
    con.execute("DROP TABLE factoryview_deals")
    if not left or not left[0]:
        raise reading.unusable("no row can be used", "See the rejected rows.")
    reading.table.drop()
    used = {
        role: roles.table.names[i] for role, i in roles.index.items() if role in ROLES and role not in ("start", "time")
    }
    used["time"] = roles.table.names[plan.dates[-1]]
    return EventLog(
        con, "entry", used, reading.findings, total, reading.rejects.count, reading.rejects.file, plan.closed
    )


def _prepare(reading: Reading, roles: Roles, moments: dict[int, str], status: str) -> None:
    def text(role: str) -> str:
        return f"nullif({roles.column(role)}, '')" if role in roles.index else "NULL::VARCHAR"

    value = number(reading, roles, "value") if "value" in roles.index else "NULL::DOUBLE"
    weight = number(reading, roles, "weight") if "weight" in roles.index else "1.0::DOUBLE"
    dates = ", ".join(f"{open_end(read_or_flag(sql, f'c{i}'))} AS d{i}" for i, sql in moments.items())
    reading.connection.execute(
        f'CREATE OR REPLACE TEMP TABLE factoryview_deals AS SELECT rowid AS row, {roles.column("case")} AS "case", '
        f"{status} AS status, {text('resource')} AS resource, {value} AS value, {text('channel')} AS channel, "
        f"{text('reason')} AS reason, {weight} AS weight, {dates} FROM {RAW}"
    )


def _plan(reading: Reading, profiles: list[Profile], has_status: bool) -> Plan:
    con = reading.connection
    since = next((p.index for p in profiles if has_status and words.is_own_stage_since(p.name)), None)
    dates = _in_order(reading, [p.index for p in profiles if p.index != since])
    names = {p.index: p.name for p in profiles}
    if not has_status:
        return Plan(dates, [_stage_name(names[i]) for i in dates], (), None)
    shares: dict[str, list[float]] = {}
    filled = ", ".join(f"avg((d{i} IS NOT NULL)::INT)" for i in dates)
    for status, *parts in con.execute(
        f"SELECT status, {filled} FROM factoryview_deals WHERE trim(status) <> '' GROUP BY status ORDER BY min(row)"
    ).fetchall():
        shares[status] = [float(part) for part in parts]
    closed = _closed(shares)
    stages: list[str | None] = []
    for place, index in enumerate(dates):
        reached = [s for s, parts in shares.items() if s not in closed and _last(parts, len(dates) - 1) == place]
        if place == len(dates) - 1:
            stages.append(None)
        else:
            stages.append(reached[0] if len(reached) == 1 else _stage_name(names[index]))
    return Plan(dates, stages, closed, since)


def _in_order(reading: Reading, dates: list[int]) -> list[int]:
    """Columns so that as many rows as possible agree with their order; ties keep the file's."""
    wins = dict.fromkeys(dates, 0.0)
    for a in dates:
        for b in dates:
            if a != b:
                found = reading.connection.execute(
                    f"SELECT coalesce(avg((d{a} > d{b})::INT) - avg((d{a} < d{b})::INT), 0) FROM factoryview_deals"
                ).fetchone()
                wins[a] += float(found[0]) if found else 0.0
    return sorted(dates, key=lambda index: wins[index])


def _closed(shares: dict[str, list[float]]) -> tuple[str, ...]:
    """The final statuses: those that always carry the last date while others do not, else those that say so."""
    full = [status for status, parts in shares.items() if parts[-1] >= 0.95]
    if len(full) < len(shares):
        spoken = [status for status in full if words.sounds_like_end(status)]
        return tuple(spoken or full)
    return tuple(status for status in full if words.sounds_like_end(status))


def _last(parts: list[float], final: int) -> int | None:
    """The last date, the final one apart, that at least half of a status' rows have."""
    return max((place for place, part in enumerate(parts) if part >= 0.5 and place != final), default=None)


def _stage_name(column: str) -> str:
    """What a date's column is called without the words for date."""
    extra = {"date", "datum", "time", "at", "on", "am", "timestamp", "zeit", "zeitpunkt", "day", "tag"}
    parts = [part for part in column.replace("_", " ").split() if part.lower() not in extra]
    text = " ".join(parts) or column
    return text[:1].upper() + text[1:]


def _reject(reading: Reading, roles: Roles, dates: list[int], has_status: bool) -> None:
    """Sets rows aside that have no case, no status where there should be one, or a date that cannot be read."""
    con = reading.connection
    span = "NOT BETWEEN TIMESTAMP '1900-01-01' AND TIMESTAMP '2100-01-01'"
    tests = {"no case": "coalesce(trim(\"case\"), '') = ''"}
    if has_status:
        tests["no stage"] = "coalesce(trim(status), '') = ''"
    for i in dates:
        tests[f'date in "{reading.table.names[i]}" that cannot be read'] = f"d{i} {span}"
    if not any(
        con.execute(f"SELECT 1 FROM factoryview_deals WHERE {test} LIMIT 1").fetchone() for test in tests.values()
    ):
        return
    reason = " ".join(f"WHEN {test} THEN {_quoted(name)}" for name, test in tests.items())
    cells = ", ".join(f"r.c{i}" for i in range(len(reading.table.names)))
    rows = con.execute(
        f"SELECT {reading.table.line}, reason, {cells} FROM (SELECT row, CASE {reason} END AS reason FROM factoryview_deals) "
        f"JOIN {RAW} AS r ON r.rowid = row WHERE reason IS NOT NULL ORDER BY row"
    ).fetchall()
    for line, why, *values in rows:
        reading.rejects.add(line, why, reading.table.written(values))
    for test in tests.values():
        con.execute(f"DELETE FROM factoryview_deals WHERE {test}")


def _write(reading: Reading, roles: Roles, plan: Plan) -> None:
    """One event per date that counts, and one without a moment for a case that has none."""
    closed = f"status IN ({', '.join(map(_quoted, plan.closed))})" if plan.closed else "false"
    final = plan.dates[-1]
    parts = []
    for place, (index, stage) in enumerate(zip(plan.dates, plan.stages, strict=True)):
        label, condition = _quoted(stage) if stage else "status", f"d{index} IS NOT NULL"
        if stage is None:
            condition += f" AND {closed}"
        parts.append((place, label, f"d{index}", condition))
    if plan.closed or any(stage is None for stage in plan.stages):
        known = " OR ".join(
            f"(d{i} IS NOT NULL AND status = {_quoted(s)})" for i, s in zip(plan.dates, plan.stages, strict=True) if s
        )
        own = f"d{plan.since}" if plan.since is not None else "NULL::TIMESTAMP"
        missing = f"(NOT ({closed}) OR d{final} IS NULL)" + (f" AND NOT coalesce({known}, false)" if known else "")
        parts.append((len(plan.dates), "status", own, missing))
    union = " UNION ALL ".join(
        f"SELECT *, {place} AS place, {label} AS stage, {moment} AS time FROM factoryview_deals WHERE {condition}"
        for place, label, moment, condition in parts
    )
    reading.connection.execute(
        f'CREATE OR REPLACE TABLE events AS SELECT row * {len(parts)} + place AS row, "case", stage, time, '
        f"NULL::TIMESTAMP AS start, resource, value, channel, reason, coalesce(weight, 1.0) AS weight FROM ({union}) ORDER BY 1"
    )


def _report(reading: Reading, roles: Roles, plan: Plan, has_status: bool) -> None:
    con = reading.connection
    names = reading.table.names
    way = ", ".join(
        f'"{names[i]}" → {stage or "the status itself"}' for i, stage in zip(plan.dates, plan.stages, strict=True)
    )
    reading.note("info", "", f"One row per case with {len(plan.dates)} dates, not a log: {way}.")
    used = {role: i for role, i in roles.index.items() if role in ROLES and role not in ("time", "start")}
    report_roles(reading, roles, used)
    if plan.closed:
        reading.note(
            "info", names[roles.index["stage"]], f"Final are {', '.join(plan.closed)}: they carry a last date."
        )
    elif has_status:
        reading.note("ask", names[roles.index["stage"]], "No status is known to be final.", "Say --ends.")
    final = plan.dates[-1]
    found = con.execute(
        f"SELECT count(*) FILTER (WHERE status NOT IN ({', '.join(map(_quoted, plan.closed)) or 'NULL'}) AND d{final} IS NOT NULL), "
        "(SELECT count(*) FROM events WHERE time IS NULL) FROM factoryview_deals"
    ).fetchone()
    if found and found[0]:
        reading.note("info", names[final], f"{found[0]:,} open cases have this date: a forecast, not an event.")
    if found and found[1]:
        reading.note("info", "", f"{found[1]:,} entries have no date; they are open and in no count at a moment.")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
