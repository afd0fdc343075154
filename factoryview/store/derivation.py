"""How events become stays: one rule for a whole log and for the few cases that have just changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import duckdb

from factoryview.store.queries import sql

OTHER = "Other"
"""The machine of cases that visit none of the milestones."""

EventMeaning = Literal["entry", "completion", "interval"]


@dataclass(frozen=True)
class Derivation:
    """What the times of events mean, where cases are done, and what is folded.

    Stays and outcomes of a case depend on the events of that case alone, so that any set of whole cases may be
    derived by itself.
    """

    meaning: EventMeaning
    ends: tuple[str, ...] = ()
    """Stages at which cases are done."""
    milestones: frozenset[str] | None = None
    """All other stages (but the ends) are folded into these; None: nothing is folded."""
    once: bool = False
    """Whether an entry into the stage that the case is in already is none."""

    def folds(self, stage: str) -> bool:
        """Whether a stage is folded into others."""
        return self.milestones is not None and stage not in self.milestones and stage not in self.ends

    def prepare(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the temporary tables by which `run` on this connection knows ends and milestones."""
        _name_table(con, "ends", self.ends)
        if self.milestones is not None:
            _name_table(con, "milestones", {*self.milestones, *self.ends})

    def run(self, con: duckdb.DuckDBPyConnection, events: str = "events", prefix: str = "") -> None:
        """Create the tables `stays` and `outcomes` (see `Store`) of the table `events` (see `EventLog`).

        prefix: put before their names; they are temporary tables then.
        """
        dated = f"{events} where time is not null"
        if self.once and self.meaning == "entry":
            dated = f"({sql('stays/once').format(events=events)})"
        if self.milestones is not None:
            con.execute(sql(f"stays/fold_{self.meaning}").format(events=events, dated=dated), {"other": OTHER})
            events, dated = "folded", "folded where time is not null"
        table = "temp table" if prefix else "table"
        con.execute(sql(f"stays/{self.meaning}").format(events=events, dated=dated, table=table, prefix=prefix))
        con.execute("drop table if exists folded")


def _name_table(con: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> None:
    con.execute(
        f"create or replace temp table {table} as select unnest($names::varchar[]) as stage",
        {"names": sorted(set(names))},
    )
