"""Several files as one log: a case goes through the tables of leads, deals and deliveries, each with its own dates.

Every date that is not blank is one entry into the rule's stage. Entries of a case are ordered by moment, rank and row;
where some tables know the day only and others the minute, days are compared first and then the ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import also, said
from factoryview.plant.models import EXTRA_ROLES as _EXTRA
from factoryview.plant.models import TableRule
from factoryview.sources import attributes, currencies, dates, numbers, times
from factoryview.sources.columns.roles import listed
from factoryview.sources.crm.table import blank, quoted
from factoryview.sources.events import AttributeColumn, EventLog, Finding
from factoryview.sources.limits import MOST_ATTRIBUTES
from factoryview.sources.reading import Reading, Severity, commonest, report_rejects, report_style
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import RAW, TextTable


@dataclass
class _Table:
    """A file in the connection, under a name of its own."""

    sql: str
    reading: Reading

    @property
    def text(self) -> TextTable:
        return self.reading.table

    def column(self, wish: str) -> int:
        """The index of a column, by its name or all but upper case and spaces. Raises InputError."""
        names = self.text.names
        alike = [i for i, name in enumerate(names) if name == wish] or [
            i for i, name in enumerate(names) if name.strip().casefold() == wish.strip().casefold()
        ]
        if alike:
            return alike[0]
        raise InputError(
            said("error.no_column", name=wish), where=self.text.file, cure=said("error.it_has", names=listed(names))
        )


@dataclass(frozen=True)
class _Dated:
    """A rule whose dates can be read."""

    moment: str
    daily: bool


def join_tables(
    rules: Sequence[TableRule],
    load: Callable[[str], Reading],
    connection: duckdb.DuckDBPyConnection,
    rejects: Rejects,
    zone: str,
) -> EventLog:
    """The entries of all tables; `load` puts a file into the connection. Raises InputError for what does not fit."""
    names = dict.fromkeys([rule.table for rule in rules] + [rule.join.table for rule in rules if rule.join])
    tables: dict[str, _Table] = {}
    dated: dict[int, _Dated] = {}
    for number, name in enumerate(names):
        reading = load(name)
        tables[name] = table = _Table(f"factoryview_table_{number}", reading)
        for place, rule in enumerate(rules):
            if rule.table == name and rule.date is not None:
                dated[place] = _dated(table, rule)
        connection.execute(f"DROP TABLE IF EXISTS {table.sql}")
        connection.execute(f"ALTER TABLE {RAW} RENAME TO {table.sql}")
    steps = [_entries(place, rule, tables, dated[place]) for place, rule in enumerate(rules) if place in dated]
    if not steps:
        raise InputError(said("error.no_table_date"), where="log.tables", cure=said("error.add_date_and_stage"))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE factoryview_steps AS {' UNION ALL '.join(steps)}")
    first = tables[rules[min(dated)].table].reading
    _set_aside(connection, rules, rejects)
    mixed = len({found.daily for found in dated.values()}) > 1
    _attributes(connection, rules, tables)
    _write(connection, zone, mixed)
    _report(first, rules, tables, dated, mixed)
    for table in tables.values():
        first.findings += [] if table.reading is first else table.reading.findings
    currency = _currency(first, rules, tables)
    kept = _kept(first, rules, tables)
    if not kept:
        for table in tables.values():
            connection.execute(f"DROP TABLE {table.sql}")
    report_rejects(first)
    if rejects.count:
        first.findings[-1] = replace(first.findings[-1], place="log.tables")
    left = connection.execute("SELECT count(*) FROM events").fetchone()
    if not left or not left[0]:
        raise InputError(said("error.no_usable_date"), where=first.source.name, cure=commonest(first))
    rows = sum(tables[name].text.rows for name in {rules[place].table for place in dated})
    return EventLog(connection, "entry", {}, first.findings, rows, rejects.count, rejects.file,
                    attributes=kept, mappable=False, currency=currency)  # fmt: skip


def _currency(first: Reading, rules: Sequence[TableRule], tables: dict[str, _Table]) -> str | None:
    """The currency of the amounts of all tables; where there are several, the events have no value any more."""
    con, found = first.connection, set[str]()
    for rule in rules:
        if "value" in rule.columns:
            table = tables[rule.table]
            found |= currencies.of_column(con, table.sql, table.text, table.column(rule.columns["value"]))
    if len(found) > 1:
        con.execute("UPDATE events SET value = NULL")
        text = said("reading.currencies", listed=listed(sorted(found)))
        first.findings.append(Finding("warning", "log.tables", text, said("reading.one_currency")))
    return next(iter(found)) if len(found) == 1 else None


def _kept(first: Reading, rules: Sequence[TableRule], tables: dict[str, _Table]) -> tuple[AttributeColumn, ...]:
    """The columns of all tables that the rules leave alone, as attributes of the cases their rows belong to."""
    found: list[AttributeColumn] = []
    for name, table in tables.items():
        own = [rule for rule in rules if rule.table == name]
        joins = [rule.join for rule in rules if rule.join is not None and rule.join.table == name]
        wishes = [wish for join in joins for wish in (join.key, join.case)]
        for rule in own:
            wishes += [rule.key, *rule.columns.values(), *(w for w in (rule.date, rule.stage_column) if w is not None)]
        taken = {table.column(wish) for wish in wishes}
        names = dict(enumerate(table.text.names))
        first.findings += attributes.findings(table.text.file, names, taken)
        if own:
            case = f'found."case" AS "case", {{text}} AS text FROM {table.sql} AS t JOIN ({_cases(own[0], tables)})'
            case += f" AS found ON found.key = trim(t.c{table.column(own[0].key)})"
        else:
            case = f'trim(t.c{table.column(joins[0].case)}) AS "case", {{text}} AS text FROM {table.sql} AS t'
        for index, title in attributes.choose(names, taken)[0].items():
            plain = title if title not in {known.name for known in found} else f"{name.rsplit('.', 1)[0]}.{title}"
            query = f"SELECT NULL::BIGINT AS row, {case.format(text=attributes.text(f't.c{index}'))}"
            found.append(AttributeColumn(plain, query, table.text.delimiter))
    return tuple(found[:MOST_ATTRIBUTES])


def _dated(table: _Table, rule: TableRule) -> _Dated:
    assert rule.date is not None
    index = table.column(rule.date)
    name = table.text.names[index]
    style = times.detect(table.text.sample[index])
    if style is None:
        if all(map(times.is_blank, table.text.sample[index])):
            return _Dated("NULL::TIMESTAMP", True)
        raise InputError(said("error.no_dates_in", name=name), where=table.text.file)
    style = dates.settle(table.reading, style, f"c{index}", name)
    report_style(table.reading, style, name)
    return _Dated(style.sql(f"c{index}"), max(style.bare, style.midnight) >= 0.99)


def _entries(place: int, rule: TableRule, tables: dict[str, _Table], dated: _Dated) -> str:
    """The SQL of a rule's entries, those that cannot be used included."""
    table = tables[rule.table]
    key, date = table.column(rule.key), table.column(rule.date or "")
    conditions = [f"NOT {blank(f'c{date}')}"]
    for column, wanted in rule.only_if.items():
        conditions.append(f"lower(trim(c{table.column(column)})) = {quoted(wanted.strip().lower())}")
    stage = quoted(rule.stage or "") if rule.stage_column is None else f"trim(c{table.column(rule.stage_column)})"
    extra = ", ".join(f"{_extra(table, rule, role)} AS {role}" for role in _EXTRA)
    return (
        f'SELECT {place} AS rule, {rule.rank} AS rank, {dated.daily} AS daily, place, line, found."case" AS "case", '
        f"stage, moment, written, key, {', '.join(_EXTRA)} FROM (SELECT rowid AS place, {table.text.line} AS line, "
        f"trim(c{key}) AS key, {stage} AS stage, {dated.moment} AS moment, c{date} AS written, {extra} "
        f"FROM {table.sql} WHERE {' AND '.join(conditions)}) AS t "
        f"LEFT JOIN ({_cases(rule, tables)}) AS found USING (key)"
    )


def _cases(rule: TableRule, tables: dict[str, _Table]) -> str:
    """The SQL of the pairs of a rule's key and the case."""
    if rule.join is None:
        table, key, case = tables[rule.table], rule.key, rule.key
    else:
        table, key, case = tables[rule.join.table], rule.join.key, rule.join.case
    return (
        f'SELECT DISTINCT trim(c{table.column(key)}) AS key, trim(c{table.column(case)}) AS "case" '
        f"FROM {table.sql} WHERE trim(c{table.column(case)}) <> ''"
    )


def _extra(table: _Table, rule: TableRule, role: str) -> str:
    if role not in rule.columns:
        return "NULL::DOUBLE" if role in ("value", "weight") else "NULL::VARCHAR"
    index = table.column(rule.columns[role])
    if role in ("value", "weight"):
        return numbers.sql(f"c{index}", numbers.decimal_comma(table.text.sample[index], table.text.delimiter))
    return f"nullif(trim(c{index}), '')"


def _set_aside(connection: duckdb.DuckDBPyConnection, rules: Sequence[TableRule], rejects: Rejects) -> None:
    """Moves entries without a case, a stage or a readable date to the file of rejects."""
    span = f"moment NOT BETWEEN TIMESTAMP '{times.EARLIEST}' AND TIMESTAMP '{times.LATEST}'"
    reasons: dict[str, str] = {
        said("reading.no_case_for_key"): '"case" IS NULL',
        said("reading.no_stage"): "coalesce(stage, '') = ''",
        said("reading.unread", role=said("role.date")): "moment IS NULL",
        said("reading.far_year", role=said("role.date")): span,
    }
    reason = " ".join(f"WHEN {test} THEN {quoted(name)}" for name, test in reasons.items())
    found = connection.execute(
        f"SELECT line, rule, why, key, written FROM (SELECT *, CASE {reason} END AS why FROM factoryview_steps) "
        "WHERE why IS NOT NULL ORDER BY rule, place"
    ).fetchall()
    known = {str(name): name for name in reasons}
    for line, rule, why, key, written in found:
        rejects.add(line, also([rules[rule].table, known[why]], ": "), f"{key},{written}", known[why])
    connection.execute(f"DELETE FROM factoryview_steps WHERE {' OR '.join(f'({test})' for test in reasons.values())}")
    connection.execute(f"DELETE FROM factoryview_steps WHERE moment >= TIMESTAMP '{times.OPEN_YEAR}-01-01'")


def _attributes(connection: duckdb.DuckDBPyConnection, rules: Sequence[TableRule], tables: dict[str, _Table]) -> None:
    """What tables without dates say of a case goes to its entries that say nothing of it themselves."""
    for rule in rules:
        if rule.date is not None:
            continue
        table = tables[rule.table]
        key = table.column(rule.key)
        for role in rule.columns:
            connection.execute(
                f'UPDATE factoryview_steps SET {role} = said FROM (SELECT "case" AS owner, '
                "first(said ORDER BY r) AS said "
                f"FROM (SELECT rowid AS r, trim(c{key}) AS key, {_extra(table, rule, role)} AS said FROM {table.sql}) "
                f"JOIN ({_cases(rule, tables)}) USING (key) WHERE said IS NOT NULL GROUP BY owner) "
                f'WHERE owner = "case" AND {role} IS NULL'
            )


def _write(connection: duckdb.DuckDBPyConnection, zone: str, mixed: bool) -> None:
    """The events. An entry of a day takes the moment of the one before it on that day, so that the order stays."""
    local = f"(timezone({quoted(zone)}, timezone('UTC', moment)))::DATE"
    order = "moment, rank, rule, place"
    if mixed:
        order = "day, CASE WHEN some_daily THEN rank END, moment, rank, rule, place"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE factoryview_entries AS SELECT *, "
        f'row_number() OVER (ORDER BY "case", {order}) AS n '
        f'FROM (SELECT *, bool_or(daily) OVER (PARTITION BY "case", day) AS some_daily '
        f"FROM (SELECT *, {local} AS day FROM factoryview_steps))"
    )
    before = 'max(moment) OVER (PARTITION BY "case", day ORDER BY n ROWS UNBOUNDED PRECEDING)'
    time = f"CASE WHEN daily THEN {before} ELSE moment END" if mixed else "moment"
    connection.execute(
        f'CREATE OR REPLACE TABLE events AS SELECT n AS row, "case", stage, {time} AS time, NULL::TIMESTAMP AS start, '
        "resource, value, channel, reason, greatest(coalesce(weight, 1.0), 0) AS weight "
        "FROM factoryview_entries ORDER BY n"
    )


def _report(
    first: Reading, rules: Sequence[TableRule], tables: dict[str, _Table], dated: dict[int, _Dated], mixed: bool
) -> None:
    con = first.connection

    def say(severity: Severity, text: str) -> None:
        first.findings.append(Finding(severity, "log.tables", text))

    counts = dict(con.execute("SELECT rule, count(*) FROM factoryview_steps GROUP BY rule").fetchall())
    cases = con.execute('SELECT count(DISTINCT "case") FROM factoryview_steps').fetchone()
    say("info", said("reading.tables_joined", n=len(tables), cases=cases[0] if cases else 0))
    for place, found in dated.items():
        rule = rules[place]
        stage = said("reading.stage_in", column=rule.stage_column) if rule.stage_column else f'"{rule.stage}"'
        key = said("reading.through", key=rule.key, table=rule.join.table) if rule.join else f'"{rule.key}"'
        what, number = said("reading.daily" if found.daily else "reading.moments"), counts.get(place, 0)
        say("info", said("reading.rule", table=rule.table, date=rule.date, what=what, key=key, stage=stage, n=number))
    if mixed:
        say("info", said("reading.days_first"))
    doubled = con.execute(
        "SELECT count(*) FROM (SELECT 1 FROM factoryview_steps GROUP BY rule, place HAVING count(*) > 1)"
    ).fetchone()
    if doubled and doubled[0]:
        say("warning", said("reading.several_cases", n=doubled[0]))
    moment = "min(day)" if mixed else "min(moment)"
    back = con.execute(
        f'WITH firsts AS (SELECT "case", rule, any_value(rank) AS rank, any_value(stage) AS stage, {moment} AS m '
        'FROM factoryview_entries GROUP BY "case", rule) SELECT b.stage, a.stage, count(*) AS n FROM firsts AS a '
        'JOIN firsts AS b ON a."case" = b."case" AND a.rank < b.rank AND b.m < a.m GROUP BY ALL '
        "ORDER BY n DESC, 1 LIMIT 5"
    ).fetchall()
    for late, early, number in back:
        say("warning", said("reading.backwards", n=number, late=late, early=early))
