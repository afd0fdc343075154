"""KPI tables: per stage and bucket of time the arrivals and departures, sometimes losses and what stands there."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from duckdb import DuckDBPyConnection

from factoryview.language.said import said
from factoryview.sources import dates, names, numbers, times
from factoryview.sources.columns import headers
from factoryview.sources.columns.roles import listed, profile
from factoryview.sources.columns.vocabulary import KPI_NAMES
from factoryview.sources.events import EventLog
from factoryview.sources.kpi_shapes import COUNTS
from factoryview.sources.reading import Reading, commonest, report_rejects
from factoryview.sources.spans import calendar_span
from factoryview.sources.table import RAW, TextTable
from factoryview.sources.times import TimeStyle


def roles_of(headings: list[str]) -> dict[str, int]:
    """Which header is which column of a KPI table."""
    found: dict[str, int] = {}
    for role in ("stage", "bucket", *COUNTS):
        known = KPI_NAMES[role]
        ranks = {headers.fold(name): rank for rank, name in reversed(list(enumerate(known)))}
        hits = [
            (ranks[headers.fold(n)], i)
            for i, n in enumerate(headings)
            if headers.fold(n) in ranks and i not in found.values()
        ]
        if hits:
            found[role] = min(hits)[1]
    return found


def sniff(table: TextTable) -> bool:
    """Whether the headers are those of a KPI table and its counts are numbers."""
    found = roles_of(table.names)
    if not {"stage", "bucket", "arrivals", "departures"} <= set(found):
        return False
    profiles = profile(table)
    return all(profiles[found[role]].numeric > 0.5 for role in ("arrivals", "departures"))


def load(reading: Reading) -> EventLog:
    """Creates `kpi`; rows without a stage, with a bucket or a count that cannot be read are rejected."""
    found = roles_of(reading.table.names)
    _leave_out_totals(reading, found["stage"])
    con, table = reading.connection, reading.table
    _buckets(reading, found["bucket"])
    counts = []
    for role in COUNTS:
        if role not in found:
            counts.append(f"NULL::DOUBLE AS {role}")
            continue
        column = f"c{found[role]}"
        sample = table.sample[found[role]]
        whole = numbers.grouped(sample)  # then a point, if there is any, is no decimal sign
        comma = any("." in value for value in sample) if whole else numbers.decimal_comma(sample, table.delimiter)
        number = numbers.sql(column, comma)
        blank = f"lower(trim(coalesce({column}, ''))) IN ({', '.join(repr(b) for b in times.BLANKS)})"
        empty = "0" if role in ("arrivals", "departures") else "NULL"
        counts.append(f"CASE WHEN {blank} THEN {empty} ELSE coalesce({number}, -1) END::DOUBLE AS {role}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE factoryview_kpi AS SELECT r.rowid AS row, c{found['stage']} AS stage, "
        f"b.bucket, b.bucket_end, {', '.join(counts)} FROM {RAW} AS r "
        f"LEFT JOIN factoryview_buckets AS b ON b.text = r.c{found['bucket']}"
    )
    total = table.rows
    _name_stages(reading)
    _reject(reading)
    parts = _parts_of_buckets(con)
    con.execute(
        "CREATE OR REPLACE TABLE kpi AS SELECT stage, bucket, bucket_end, sum(arrivals) AS arrivals, "
        f"sum(departures) AS departures, sum(losses) AS losses, {_WAITING[parts]} AS wip FROM factoryview_kpi "
        "GROUP BY stage, bucket, bucket_end ORDER BY min(row)"
    )
    kept = con.execute("SELECT (SELECT count(*) FROM factoryview_kpi), (SELECT count(*) FROM kpi)").fetchone()
    con.execute("DROP TABLE factoryview_kpi")
    con.execute("DROP TABLE factoryview_buckets")
    rows, groups = kept or (0, 0)
    if not groups:
        raise reading.unusable(said("error.no_row"), commonest(reading))
    if rows > groups:
        reading.note("warning", "", said("reading.repeated_buckets", n=rows - groups))
        if parts in _TOLD:
            reading.note("warning", "", _TOLD[parts])
    reading.note("info", "", said("reading.kpi_table"))
    report_rejects(reading)
    table.drop()
    used = {role: table.names[index] for role, index in found.items()}
    rejects = reading.rejects
    read = total + sum(n for reason, n in rejects.reasons.items() if reason not in _REASONS)
    return EventLog(con, "kpi", used, reading.findings, read, rejects.count, rejects.file)


_WAITING = {
    "none": "max(wip)",
    "groups": "CASE WHEN count(wip) = count(*) THEN sum(wip) END",
    "forth": "arg_max(wip, row)",
    "back": "arg_min(wip, row)",
    "unknown": "CASE WHEN count(*) = 1 THEN max(wip) END",
}
"""What the rows of a bucket are → how many wait at its end."""
_TOLD = {
    "forth": said("reading.waiting_last"),
    "back": said("reading.waiting_last"),
    "unknown": said("reading.waiting_unclear"),
}
_BALANCED = 0.9


def _parts_of_buckets(con: DuckDBPyConnection) -> str:
    """What several rows of a stage and bucket are, by the balance of what waits: `groups` that keep one each, or shifts
    that go on with what the one before left, the first of a bucket at the top (`forth`) or the bottom (`back`)."""
    split, waiting = con.execute(
        "SELECT count(*) > count(DISTINCT (stage, bucket)), count(wip) > 0 FROM factoryview_kpi"
    ).fetchone() or (False, False)
    if not split or not waiting:
        return "none"
    orders = {"groups": "stage, part ORDER BY bucket", "forth": "stage ORDER BY bucket, row",
              "back": "stage ORDER BY bucket, row DESC"}  # fmt: skip
    for parts, order in orders.items():
        found = con.execute(
            "SELECT avg(coalesce(gained IN (net, net - coalesce(losses, 0)), false)::INT) FROM (SELECT *, "
            f"arrivals - departures AS net, wip - lag(wip) OVER (PARTITION BY {order}) AS gained, count(*) OVER "
            "(PARTITION BY stage, bucket) AS rows, min(bucket) OVER (PARTITION BY stage) AS first FROM (SELECT *, "
            "row_number() OVER (PARTITION BY stage, bucket ORDER BY row) AS part FROM factoryview_kpi)) "
            "WHERE rows > 1 AND bucket > first"
        ).fetchone()
        if found and (found[0] or 0) >= _BALANCED:
            return parts
    return "unknown"


def _leave_out_totals(reading: Reading, stage: int) -> None:
    """Rows that add up those of the stages are none of a stage."""
    table = reading.table
    rows = table.connection.execute(f"SELECT DISTINCT c{stage} FROM {RAW} WHERE c{stage} IS NOT NULL").fetchall()
    totals = [text for (text,) in rows if headers.is_total(text)]
    if totals and len(rows) > len(totals) + 1:
        listing = ", ".join("'" + text.replace("'", "''") + "'" for text in totals)
        reading.table = table.only(f"coalesce(c{stage}, '') NOT IN ({listing})")
        reading.note("info", "", said("reading.totals", names=listed(totals)))


def _name_stages(reading: Reading) -> None:
    """Stages under their clean names, those of one spelling as one."""
    con = reading.connection
    rows = con.execute("SELECT stage, count(*) FROM factoryview_kpi WHERE stage IS NOT NULL GROUP BY stage").fetchall()
    plain = {text: names.clean(text) for text, _ in rows}
    counts: Counter[str] = Counter()
    for text, n in rows:
        counts[plain[text]] += n
    better = names.folded(counts)
    for text, name in plain.items():
        if (new := better.get(name, name)) != text:
            con.execute("UPDATE factoryview_kpi SET stage = $new WHERE stage = $old", {"new": new, "old": text})
    if better:
        folded = ", ".join(f'"{old}" → "{new}"' for old, new in list(better.items())[:4])
        reading.note("warning", "", said("reading.names_folded", column=said("role.stage"), folded=folded))


_REASONS = (
    said("reading.no_stage"),
    said("reading.unread", role=said("role.bucket")),
    said("reading.unread", role=said("role.count")),
)


def _reject(reading: Reading) -> None:
    con, table = reading.connection, reading.table
    tests = " ".join(
        f"WHEN {test} THEN '{reason}'"
        for test, reason in zip(
            (
                "coalesce(trim(stage), '') = ''",
                "bucket IS NULL",
                " OR ".join(f"coalesce({role}, 0) < 0" for role in COUNTS),
            ),
            _REASONS,
            strict=True,
        )
    )
    cells = ", ".join(f"r.c{i}" for i in range(len(table.names)))
    rows = con.execute(
        f"SELECT {table.line}, reason, {cells} FROM (SELECT row, CASE {tests} END AS reason FROM factoryview_kpi) "
        f"JOIN {RAW} AS r ON r.rowid = row WHERE reason IS NOT NULL ORDER BY row"
    ).fetchall()
    known = {str(reason): reason for reason in _REASONS}
    for line, reason, *values in rows:
        reading.rejects.add(line, known[reason], table.written(values))
    if rows:
        con.execute(f"DELETE FROM factoryview_kpi WHERE CASE {tests} END IS NOT NULL")


def _buckets(reading: Reading, index: int) -> None:
    """Creates `factoryview_buckets`: text → start and end in UTC."""
    con, table, zone = reading.connection, reading.table, reading.options.timezone
    column, name = f"c{index}", table.names[index]
    texts = [
        row[0] for row in con.execute(f"SELECT DISTINCT {column} FROM {RAW} WHERE {column} IS NOT NULL").fetchall()
    ]
    spans = {text: span for text in texts if (span := calendar_span(text)) is not None}
    style = times.detect(texts) if len(spans) < len(texts) else None
    if style is not None and len(spans) < 0.5 * len(texts):
        spans = _clock_spans(reading, style, column, name)
        zone = "UTC" if style.offset else zone
    con.execute(
        "CREATE OR REPLACE TEMP TABLE factoryview_buckets (text VARCHAR, bucket TIMESTAMP, bucket_end TIMESTAMP)"
    )
    if spans:
        con.executemany(
            "INSERT INTO factoryview_buckets VALUES ($1, timezone('UTC', timezone($4, $2::TIMESTAMP)), "
            "timezone('UTC', timezone($4, $3::TIMESTAMP)))",
            [(text, start, end, zone) for text, (start, end) in spans.items()],
        )


def _clock_spans(reading: Reading, style: TimeStyle, column: str, name: str) -> dict[str, tuple[datetime, datetime]]:
    """Start and end of buckets named by a moment: each lasts until the next could begin."""
    con = reading.connection
    style = dates.settle(reading, style, column, name)
    con.execute("SET TimeZone = 'UTC'")
    found = con.execute(
        f"SELECT text, t FROM (SELECT text, {style.sql('text')} AS t "
        f"FROM (SELECT DISTINCT {column} AS text FROM {RAW})) "
        f"WHERE t BETWEEN TIMESTAMP '{times.EARLIEST}' AND TIMESTAMP '{times.LATEST}'"
    ).fetchall()
    con.execute("SET TimeZone = $zone", {"zone": reading.options.timezone})
    starts = sorted({start for _, start in found})
    steps = [b - a for a, b in pairwise(starts)]
    step = min(steps, default=timedelta(days=1) if style.bare else timedelta(hours=1))
    if not steps:
        reading.note("ask", name, said("reading.one_bucket", n=step.total_seconds() / 3600))
    monthly = bool(steps) and step >= timedelta(days=28) and all(start.day == 1 for start in starts)
    return {text: (start, _next_month(start) if monthly else start + step) for text, start in found}


def _next_month(start: datetime) -> datetime:
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
