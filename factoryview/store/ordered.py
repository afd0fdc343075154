"""Events of a large log, laid in the order of their cases in a file, once: what its profile and its stays are made of.

Of a hundred million events neither has room in memory, and to order them is what costs most.
"""

from __future__ import annotations

from itertools import count

import duckdb

from factoryview.sources.scratch import scratch_folder
from factoryview.store.queries import sql

FEWEST = 500_000
"""Events that are laid: fewer are ordered again and again before anybody notices."""
_FEW = 1_000
"""Up to so many different texts of a column are told by number."""
_TEXTS = ("resource", "channel", "reason")
_TYPES = {"resource": "varchar", "value": "double", "reason": "varchar", "weight": "double"}
_NUMBERS = count()
_PROFILED = (
    "(row_number() over past)::int as place, count(*) over everything::int as steps, "
    "first_value(time) over past as begun, last_value(time) over everything as ended,"
)
"""The columns that only a profile asks for."""


class Ordered:
    """Events that all have their moment, as entries or as completions, beside the database that they come from."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, meaning: str, roles: frozenset[str], *, profiled: bool = True
    ) -> None:
        """Lay them. roles: of which there is a column. profiled: whether a profile is made of them. Raises duckdb.Error
        where there is no room for them.
        """
        self._connection, self._meaning, self._roles = connection, meaning, roles
        self._ends: tuple[str, ...] = ()
        self._name = f"laid_{next(_NUMBERS)}"
        self._path = scratch_folder() / f"{self._name}.db"
        self.table = f"{self._name}.steps"
        connection.execute(f"attach '{str(self._path).replace(chr(39), chr(39) * 2)}' as {self._name}")
        try:
            connection.execute(
                "create or replace type laid_stage as enum (select distinct stage from events order by 1)"
            )
            texts = [name for name in _TEXTS if name in roles]
            told = "".join(f", {self._as_number(name)} as {name}" for name in texts)
            numbers = "".join(f", {name}" for name in ("value", "weight") if name in roles)
            others = "".join(f"{name}, " for name in _TYPES if name in roles)
            if "channel" not in roles:
                told += ", null::varchar as channel"
            for key in ('hash("case")', '"case"'):
                since = "" if meaning == "entry" else "lag(time) over past as since, "
                lay = sql("laid/steps").format(
                    table=self.table, others=others, id=key, texts=told + numbers, since=since,
                    profiled=_PROFILED if profiled else "",
                )  # fmt: skip
                connection.execute(lay)
                if not connection.execute(f"select 1 from {self.table} where mixed limit 1").fetchall():
                    break
        except BaseException:
            self.close(connection)
            raise

    @classmethod
    def of(
        cls, connection: duckdb.DuckDBPyConnection, meaning: str, roles: frozenset[str], *, profiled: bool = True
    ) -> Ordered | None:
        """The events of the table `events` (see `EventLog`) laid, if they are many and can be. profiled: see there."""
        if meaning not in ("entry", "completion"):
            return None
        query = "select count(*), count(time), count(start) from events"
        [(events, timed, started)] = connection.execute(query).fetchall()
        return (
            cls(connection, meaning, roles, profiled=profiled)
            if events >= FEWEST and timed == events and not started
            else None
        )

    def derive(self, ends: tuple[str, ...]) -> None:
        """Let `stays` and `outcomes` be what follows from them (see `Store`). ends: stages at which cases are done."""
        self._ends = ends
        for name, query in (("stays", self.stays()), ("outcomes", self.outcomes())):
            self._connection.execute(f"create or replace view {name} as {query}")

    def stays(self, order: str = "") -> str:
        """A query for the stays. order: in which they come, as SQL has it."""
        if self._meaning == "entry":
            moments, following, where = 'time as entered, until as "left"', "following", f"not {self._is_end()}"
        else:
            moments, where = 'coalesce(since, time) as entered, time as "left"', "true"
            following = f"coalesce(following, case when {self._is_end()} then stage end)"
        return sql("laid/stays").format(
            table=self.table, moments=moments, next=following, where=where, order=order,
            others=self._others("weight", "resource", "value", "reason"),
            narrow="".join(f", {name}" for name in _TYPES if name in self._roles),
        )  # fmt: skip

    def outcomes(self) -> str:
        """A query for the outcomes."""
        entry = self._meaning == "entry"
        return sql("laid/outcomes").format(
            table=self.table, others=self._others("weight", "value", "reason"),
            until="until" if entry else "null::timestamp", via="previous::varchar" if entry else "stage::varchar",
            where=self._is_end() if entry else f"following is null and {self._is_end()}",
        )  # fmt: skip

    def settle(self) -> None:
        """Make `stays` and `outcomes` tables of the database beside which they are, and let go of the events."""
        con = self._connection
        con.execute("create table settled_stays as from stays; create table settled_outcomes as from outcomes")
        con.execute("alter table settled_stays drop span")
        self.close(con)
        con.execute("alter table settled_stays rename to stays; alter table settled_outcomes rename to outcomes")

    def close(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Let go of them and of what follows from them."""
        connection.execute("drop view if exists stays; drop view if exists outcomes")
        connection.execute(f"detach database if exists {self._name}")
        self._path.unlink(missing_ok=True)

    def _is_end(self) -> str:
        """Whether an event is at an end, by the number of its stage."""
        [(stages,)] = self._connection.execute("select enum_range(null::laid_stage)").fetchall()
        codes = [str(code) for code, name in enumerate(stages) if name in self._ends]
        return f"(enum_code(stage) in ({', '.join(codes)}))" if codes else "false"

    def _others(self, *names: str) -> str:
        """Columns that stays have as the log does; those that it does not have."""
        absent = {name: "1::double" if name == "weight" else f"null::{kind}" for name, kind in _TYPES.items()}
        return ", ".join(
            f"{name}::{_TYPES[name]} as {name}" if name in self._roles else f"{absent[name]} as {name}"
            for name in names
        )

    def _as_number(self, name: str) -> str:
        """A column of texts, told by number where there are few of them."""
        [(texts,)] = self._connection.execute(
            f"select count(*) from (select distinct {name} from events where {name} is not null limit {_FEW + 1})"
        ).fetchall()
        if not 0 < texts <= _FEW:
            return name
        self._connection.execute(
            f"create or replace type laid_{name} as enum (select distinct {name} from events where {name} is not null)"
        )
        return f"{name}::laid_{name}"
