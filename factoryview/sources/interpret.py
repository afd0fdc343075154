"""From a table of text to events: roles, meaning of the times, rejected rows, and the report of it all."""

from __future__ import annotations

from factoryview.errors import UsageError
from factoryview.language.said import also, either, said
from factoryview.sources import (
    attributes,
    currencies,
    dates,
    kpi,
    kpi_shapes,
    lifecycle,
    meaning,
    snapshot_table,
    tidying,
    zones,
)
from factoryview.sources.columns import choosing, fields, groups, headers, joined, undated
from factoryview.sources.columns import roles as columns
from factoryview.sources.columns.roles import Roles
from factoryview.sources.events import ROLES, EventLog
from factoryview.sources.reading import (
    Reading,
    commonest,
    report_duplicates,
    report_rejects,
    report_roles,
    report_style,
)
from factoryview.sources.rows import Rows

MEANINGS = ("entry", "completion", "interval")
_TECHNICAL = {"lifecycle", "instance", "from"}
"""Roles that help to read the others."""


def interpret(reading: Reading) -> EventLog:
    """Finds out what the table is and makes `events` or `kpi` of it."""
    table, options = reading.table, reading.options
    if options.times is not None and options.times not in MEANINGS:
        raise UsageError(said("error.times_unknown", times=options.times))
    if table.known is not None:
        reading.note("info", "", said("reading.recognised", format=table.known.format))
    reading.findings.extend(table.findings)
    reading.guesses.extend(table.guesses)
    if table.rows == 0:
        raise reading.unusable(said("error.only_header"), said("error.export_again"))
    reading.progress(0.5, "finding the columns")
    unsaid = table.known is None and not options.columns and options.times is None
    if unsaid and kpi.sniff(table):
        return kpi.load(reading)
    table = reading.table = joined.join_wished(table, options.columns)
    profiles = columns.profile(table)
    if unsaid and (counts := kpi_shapes.reshaped(table, profiles)) is not None:
        reading.table = counts
        reading.findings += counts.findings[len(table.findings) :]
        return kpi.load(reading)
    if "case" not in options.columns and table.known is None and (filled := groups.fill_down(table, profiles)):
        reading.table, column = filled
        reading.note("ask", column, said("reading.filled_down"), said("reading.say_if_not_below"))
        profiles = columns.profile(reading.table)
    if table.known is None:
        profiles = _without_undated(reading, profiles)
    roles = choosing.choose(reading.table, profiles, options.columns)
    if table.known is None and (kept := fields.stage_changes(roles)) is not None:
        reading.table = kept.table
        kept.report(reading)
        roles = choosing.choose(kept.table, columns.profile(kept.table), options.columns)
    table = reading.table
    reading.orders = columns.orders(roles.profiles)
    plain = "time" in roles.given or options.times is not None or table.known is not None
    if not plain and snapshot_table.sniff(roles):
        return snapshot_table.load(reading, roles)
    if "stage" not in roles.index:
        raise choosing.no_stage(table)
    if "time" not in roles.index:
        raise reading.unusable(
            said("error.no_time_column"),
            said("error.name_time", names=columns.listed(table.names)),
        )
    return _events(reading, roles)


def _without_undated(reading: Reading, profiles: list[columns.Profile]) -> list[columns.Profile]:
    """Profiles of the table without words for dates and without rows that only say more of a case."""
    reading.table, blanked = undated.blank_words(reading.table, profiles)
    for each in blanked:
        text = said("reading.words_for_dates", words=columns.listed(each.words), n=each.cells)
        reading.note("info", each.column, text)
    profiles = columns.profile(reading.table) if blanked else profiles
    reading.table, left = undated.drop_more_lines(reading.table, profiles)
    if left:
        reading.note("info", "", said("reading.more_lines", n=left))
    return columns.profile(reading.table) if left else profiles


def _events(reading: Reading, roles: Roles) -> EventLog:
    verdict = meaning.decide(roles, reading.options.times)
    reading.progress(0.6, "reading the times")
    if verdict.shape == "pairs":
        used = ["time"]
    else:
        used = ["time", "start"] if verdict.shape == "interval" else [verdict.time]
    expressions = {role: _moment(reading, roles, role) for role in used}
    rows = Rows(reading, roles, verdict, expressions)
    before = len(reading.findings)
    bad = rows.make()
    if bad and reading.table.settle is not None:
        settled = reading.table.settle(reading.rejects)
        if settled is not reading.table:
            del reading.findings[before:]
            settled.settle = None
            reading.table = roles.table = settled
            bad = rows.make()
    if bad:
        rows.set_aside()
    total = reading.table.rows + reading.rejects.count - bad
    if total - reading.rejects.count <= 0:
        raise reading.unusable(said("error.no_row"), commonest(reading))
    turned = tidying.newest_first(reading)
    if verdict.shape == "pairs":
        lifecycle.pair(reading, roles, turned)
    place = tidying.turn(reading) if turned else "events.row"
    if verdict.meaning == "entry" and not headers.is_activity(roles.name("stage")):
        tidying.drop_repeats(reading)
    return finish(reading, roles, verdict, total, place)


def _moment(reading: Reading, roles: Roles, role: str) -> str:
    """The SQL of a role's moment, its day and month order settled over all rows."""
    style = roles.style(role)
    name = roles.name(role)
    if style is None:
        raise reading.unusable(said("error.no_times_in", column=name, like=""), said("error.another_with_map"))
    style = dates.settle(reading, style, roles.column(role), name)
    report_style(reading, style, name)
    return style.sql(roles.column(role))


def finish(reading: Reading, roles: Roles, verdict: meaning.MeaningChoice, total: int, place: str) -> EventLog:
    """The log with its report; the table of text is put aside for its attributes.

    place: the SQL of an event's row in that table.
    """
    con = reading.connection
    reading.progress(0.9, "checking")
    if reading.table.attributes:
        attributes.keep_cases(reading.table, roles.column("case"))
    currency = currencies.settle(reading, roles)
    timezone = zones.likely(roles.table.sample[roles.index[verdict.time]])
    text = said("reading.times", meaning=said(f"meaning.{verdict.meaning}"), why=verdict.why)
    if verdict.sure:
        reading.note("info", "", text)
    else:
        others = [
            f"--times {m}" for m in MEANINGS if m != verdict.meaning and (m != "interval" or "start" in roles.index)
        ]
        reading.guess(
            "times",
            verdict.meaning,
            also([text, said("reading.guessed")], " "),
            said("reading.say_if_not", options=either(others)),
            others,
        )
    used = {role: i for role, i in roles.index.items() if role in ROLES and _is_used(role, verdict)}
    report_roles(reading, roles, used)
    joined.ask_for_positions(reading, roles)
    taken = {*used.values(), *(roles.index[role] for role in _TECHNICAL & set(roles.index))}
    taken |= {clock for clock, _ in roles.clocks.values()}
    reading.findings += attributes.findings(reading.source.name, dict(enumerate(roles.table.names)), taken)
    report_duplicates(reading, roles)
    report_rejects(reading)
    open_work = con.execute("SELECT count(*) FROM events WHERE time IS NULL").fetchone()
    if open_work and open_work[0] and verdict.undated:
        text = said("reading.undated", n=open_work[0])
        reading.note("info", "", text)
    elif open_work and open_work[0]:
        reading.note("info", "", said("reading.open_rows", n=open_work[0]))
    kept = attributes.keep_events(reading.table, taken, place)
    names = {role: roles.table.names[i] for role, i in used.items()}
    if verdict.time == "start":
        names["time"] = names.pop("start", roles.name("start"))
    known = reading.table.known
    return EventLog(
        con, verdict.meaning, names, reading.findings, total, reading.rejects.count, reading.rejects.file,
        known.ends if known else (), tuple(reading.guesses), (*kept, *reading.table.attributes),
        last_only=known is not None and known.last_only,
        mappable=known is None or not known.why, currency=currency, timezone=timezone,
    )  # fmt: skip


def _is_used(role: str, verdict: meaning.MeaningChoice) -> bool:
    if role == "start":
        return verdict.shape == "interval" or verdict.time == "start"
    return role != "time" or verdict.time == "time"
