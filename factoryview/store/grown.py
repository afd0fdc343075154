"""Stays of events to which only more have come since: those of the cases that these name are derived anew, no others.

Stays and outcomes of a case depend on the events of that case alone (`Derivation`), so what is made so is what all
events would be made into.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from factoryview.store.derivation import Derivation
from factoryview.store.kept import program
from factoryview.store.queries import sql

MOST = 0.1
"""If more than this share of the events came since the stays were derived at once, all are derived anew: stays that are
put behind the others lie in no order."""


@dataclass(frozen=True)
class Mark:
    """Which events stays were derived from, and by which program."""

    row: int
    """The number of the last."""
    events: int
    said: tuple[int, int]
    """Sums over hashes of all that they say, by two primes."""
    ordered: int
    """How many of them were there when the stays were last put in order."""
    program: str

    @classmethod
    def told(cls, kept: Any) -> Mark | None:
        """The mark that was kept as JSON has it; None where none was."""
        try:
            return cls(**dict(kept, said=tuple(kept["said"])))
        except (TypeError, LookupError, ValueError):
            return None

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def mark(connection: duckdb.DuckDBPyConnection, *, until: int | None = None, ordered: int | None = None) -> Mark | None:
    """The mark of the table `events`; of its rows up to a number where one is said. None where there are none."""
    [(row, events, one, two)] = connection.execute(sql("stays/mark"), {"until": until}).fetchall()
    if not events:
        return None
    return Mark(int(row), int(events), (int(one), int(two)), int(events) if ordered is None else ordered, program())


def grown(connection: duckdb.DuckDBPyConnection, before: Mark | None) -> Mark | None:
    """The mark of the events, if those that there were are the same still and a few came; else None."""
    if before is None or before.program != program():
        return None
    same = mark(connection, until=before.row, ordered=before.ordered)
    if same != before:
        return None
    now = mark(connection, ordered=before.ordered)
    return now if now is not None and now.events - now.ordered <= MOST * now.events else None


def put(connection: duckdb.DuckDBPyConnection, database: str, after: int, ends: tuple[str, ...]) -> None:
    """Put the stays and outcomes of entries that came after a row into the tables of a database that is attached, and
    note in its table `touched` in which hours that changed anything.

    ends: stages at which cases are done.
    """
    rule = Derivation("entry", ends)
    connection.execute(
        f'create or replace temp table touched as select distinct "case" from events where row > {after}'
    )
    connection.execute(
        'create or replace temp table touched_events as from events where "case" in (select "case" from touched)'
    )
    rule.prepare(connection)
    rule.run(connection, "touched_events", "touched_")
    for table in ("stays", "outcomes"):
        connection.execute(
            f"create or replace temp view before_{table} as "
            f'from {database}.{table} where "case" in (select "case" from touched)'
        )
    before, now = (sql("stays/happened").format(prefix=f"{prefix}_") for prefix in ("before", "touched"))
    connection.execute(
        f"create or replace temp table hours as with before as ({before}), now as ({now}), "
        "gone as (from before except all from now), come as (from now except all from before) "
        "select distinct date_trunc('hour', moment) as hour from (from gone union all from come)"
    )
    connection.execute("drop view before_stays; drop view before_outcomes")
    noted = f"{database}.touched"
    [(times,)] = connection.execute(f"select coalesce(max(growth), 0) from {noted}").fetchall()
    connection.execute(f"delete from {noted} where hour in (select hour from hours)")
    connection.execute(f"insert into {noted} select hour, {times + 1} from hours")
    for table in ("stays", "outcomes"):
        kept = f"{database}.{table}"
        connection.execute(f'delete from {kept} where "case" in (select "case" from touched)')
        fresh = sql("stays/kept").format(stays="touched_stays") if table == "stays" else "from touched_outcomes"
        connection.execute(f"insert into {kept} by name ({fresh})")
        connection.execute(f"drop table touched_{table}")
    connection.execute("drop table touched; drop table touched_events; drop table hours")
