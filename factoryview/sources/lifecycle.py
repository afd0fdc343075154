"""Starts and completions on rows of their own become intervals."""

from __future__ import annotations

from factoryview.language.said import said
from factoryview.sources.columns.roles import Roles
from factoryview.sources.meaning import turns
from factoryview.sources.reading import Reading
from factoryview.sources.table import RAW


def pair(reading: Reading, roles: Roles, newest_first: bool = False) -> None:
    """Replaces `events` of single moments by intervals: the k-th start of a case, activity and instance takes the
    k-th completion (first in, first out).

    A completion without a start has an unknown start. A start without a completion is still being worked on if it
    is its case's last event, else it ends where it starts. Other transitions are counted and left out. newest_first:
    of rows of one moment the lower one came first.
    """
    con = reading.connection
    begun, ended = turns(roles)
    instance = f"coalesce({roles.column('instance')}, '')" if "instance" in roles.index else "''"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE factoryview_steps AS SELECT e.*, {instance} AS instance, "
        f"CASE WHEN l IN {begun} THEN 's' WHEN l IN {ended} THEN 'c' ELSE 'o' END AS kind, "
        'max(time) OVER (PARTITION BY "case") AS last FROM events AS e JOIN '
        f"(SELECT rowid AS raw_row, *, lower(trim({roles.column('lifecycle')})) AS l FROM {RAW}) ON raw_row = e.row"
    )
    turn = "DESC" if newest_first else "ASC"
    con.execute(f"""
        CREATE OR REPLACE TABLE events AS
        WITH numbered AS (
            SELECT *, row_number() OVER (PARTITION BY "case", stage, instance, kind ORDER BY time, row {turn}) AS k
            FROM factoryview_steps WHERE kind <> 'o'
        ),
        starts AS (SELECT * FROM numbered WHERE kind = 's'),
        ends AS (SELECT * FROM numbered WHERE kind = 'c')
        SELECT coalesce(c.row, s.row) AS row, coalesce(c."case", s."case") AS "case",
            coalesce(c.stage, s.stage) AS stage,
            CASE WHEN c.time IS NOT NULL THEN c.time WHEN s.time < s.last THEN s.time END AS time,
            CASE WHEN c.time IS NULL OR s.time <= c.time THEN s.time END AS start,
            coalesce(c.resource, s.resource) AS resource, coalesce(c.value, s.value) AS value,
            coalesce(c.channel, s.channel) AS channel, coalesce(c.reason, s.reason) AS reason,
            coalesce(c.weight, s.weight) AS weight
        FROM starts AS s FULL JOIN ends AS c
            ON s."case" = c."case" AND s.stage = c.stage AND s.instance = c.instance AND s.k = c.k
        ORDER BY row
    """)
    found = con.execute(
        "SELECT (SELECT count(*) FROM factoryview_steps WHERE kind = 's'), "
        "(SELECT count(*) FROM factoryview_steps WHERE kind = 'c'), "
        "(SELECT count(*) FROM factoryview_steps WHERE kind = 'o'), "
        "(SELECT count(*) FROM events WHERE start IS NOT NULL AND time IS NOT NULL), (SELECT count(*) FROM events)"
    ).fetchone()
    con.execute("DROP TABLE factoryview_steps")
    starts, ends, others, pairs, left = found or (0, 0, 0, 0, 0)
    column = roles.name("lifecycle")
    if left == 0:
        raise reading.unusable(said("error.no_lifecycle", name=column), said("error.say_completion"))
    reading.note("info", column, said("reading.paired", starts=starts, ends=ends))
    if ends + starts > 2 * pairs or starts != ends:
        reading.note(
            "warning",
            column,
            said("reading.unpaired", n=max(starts - ends, 0), n2=max(ends - starts, 0), n3=left - pairs),
        )
    if others:
        reading.note("info", column, said("reading.neither", n=others))
