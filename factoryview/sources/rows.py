"""The rows of a table made events, and those that cannot be used rejected with their reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from factoryview.language.said import also, said
from factoryview.sources import meaning, outliers, tidying, times
from factoryview.sources.columns.roles import Roles
from factoryview.sources.reading import Reading, cases, number, open_end, read_or_flag
from factoryview.sources.table import RAW

_SPAN = f"NOT BETWEEN TIMESTAMP '{times.EARLIEST}' AND TIMESTAMP '{times.LATEST}'"
_FAR_AWAY = said("reading.far_away")


@dataclass
class Rows:
    """The rows of a table on their way to events, and why some of them cannot be used."""

    reading: Reading
    roles: Roles
    verdict: meaning.MeaningChoice
    moments: dict[str, str]
    """Role → SQL of its moment."""
    bounds: outliers.Bounds = field(default_factory=outliers.Bounds)

    def make(self) -> int:
        """Creates `events` (still with rows that cannot be used) and returns how many those are."""
        con = self.reading.connection
        con.execute(f"CREATE OR REPLACE TABLE events AS SELECT {self._selection()} FROM {RAW}")
        tidying.clean_names(self.reading, self.roles.index)
        starts = " UNION ALL SELECT start AS t FROM events" if self.verdict.shape == "interval" else ""
        known = f"SELECT t FROM (SELECT time AS t FROM events{starts}) WHERE NOT coalesce(t {_SPAN}, true)"
        self.bounds = outliers.find(con, known)
        found = con.execute(f"SELECT count(*) FROM events WHERE {self._bad}").fetchone()
        return int(found[0]) if found else 0

    def _selection(self) -> str:
        reading, roles = self.reading, self.roles

        def text(role: str) -> str:
            return f"nullif({roles.column(role)}, '')" if role in roles.index else "NULL::VARCHAR"

        if self.verdict.shape == "interval":
            end = open_end(read_or_flag(self.moments["time"], roles.column("time")))
            start = read_or_flag(self.moments["start"], roles.column("start"))
        else:
            (role, moment), start = next(iter(self.moments.items())), "NULL::TIMESTAMP"
            end = open_end(read_or_flag(moment, roles.column(role))) if self.verdict.undated else moment
        value = number(reading, roles, "value") if "value" in roles.index else "NULL::DOUBLE"
        return (
            f'rowid AS row, {roles.column("case")} AS "case", {roles.column("stage")} AS stage, {end} AS time, '
            f"{start} AS start, {text('resource')} AS resource, {value} AS value, {text('channel')} AS channel, "
            f"{text('reason')} AS reason, {cases(reading, roles)} AS weight"
        )

    @property
    def _bad(self) -> str:
        bad = f"{blank_text('case')} OR {blank_text('stage')} OR time {_SPAN} OR weight IS NULL"
        if (far := self.bounds.sql("time")) != "false":
            bad += f" OR {far}"
        if self.verdict.shape == "interval":
            far = self.bounds.sql("start")
            return f"{bad} OR start {_SPAN} OR start > time OR (start IS NULL AND time IS NULL) OR {far}"
        return bad if self.verdict.undated else f"{bad} OR time IS NULL"

    def set_aside(self) -> None:
        """Moves the rows that cannot be used from `events` to the file of rejects."""
        con, table = self.reading.connection, self.reading.table
        cells = ", ".join(f"r.c{i}" for i in range(len(table.names)))
        rows = con.execute(
            f'SELECT {table.line}, e.* EXCLUDE (row), {cells} FROM (SELECT row, "case", stage, time, start, weight '
            f"FROM events WHERE {self._bad}) AS e JOIN {RAW} AS r ON r.rowid = e.row ORDER BY e.row"
        )
        far: list[str] = []
        while batch := rows.fetchmany(10_000):
            for line, case, stage, time, start, weight, *values in batch:
                written = {role: values[self.roles.index[used]] or "" for role, used in self._written_in()}
                if weight is None:
                    weighed = values[self.roles.index["weight"]]
                    kind: str = said("reading.no_weight")
                    reason = _quoting(kind, weighed)
                else:
                    reason, kind = self._reason((case, stage), {"time": time, "start": start}, written)
                if kind == _FAR_AWAY:
                    far.append(said("reading.line_with", line=str(line), text=reason.rpartition(": ")[2]))
                self.reading.rejects.add(line, reason, table.written(values), kind)
        con.execute(f"DELETE FROM events WHERE {self._bad}")
        if far:
            shown = also(far[:5])
            named = said("reading.and_more", shown=shown, n=len(far) - 5) if len(far) > 5 else shown
            text = said("reading.far_times", names=named)
            self.reading.note("warning", "", text, said("reading.correct"))

    def _written_in(self) -> list[tuple[str, str]]:
        """Column of `events` → role of the table it came from."""
        if self.verdict.shape == "interval":
            return [("time", "time"), ("start", "start")]
        return [("time", next(iter(self.moments)))]

    def _reason(
        self,
        names: tuple[str | None, str | None],
        found: dict[str, datetime | str | None],
        written: dict[str, str],
    ) -> tuple[str, str]:
        """Why a row cannot be used, with what stood there and without."""
        for what, name in zip(("case", "stage"), names, strict=True):
            if name is None or not name.strip():
                kind = said("reading.no_case" if what == "case" else "reading.no_stage")
                return kind, kind
        for role, text in written.items():
            shown = text if len(text) <= 60 else text[:57] + "…"
            moment = found[role]
            if times.is_blank(text):
                if role == "time":
                    return said("reading.no_time"), said("reading.no_time")
            elif moment is None or isinstance(moment, str) or moment.year == 1:
                kind = said("reading.unread", role=said(f"role.{role}"))
                return _quoting(kind, shown), kind
            elif not 1900 <= moment.year < 2100:
                kind = said("reading.far_year", role=said(f"role.{role}"))
                return _quoting(kind, shown), kind
            elif self.bounds.beyond(moment):
                return _quoting(_FAR_AWAY, shown), _FAR_AWAY
        return said("reading.start_after_end"), said("reading.start_after_end")


def blank_text(column: str) -> str:
    """Whether a column of `events` is null or only spaces; the comparison spares trimming every row."""
    return f'("{column}" IS NULL OR ("{column}" < \'!\' AND trim("{column}") = \'\'))'


def _quoting(kind: str, text: str) -> str:
    """A reason with what stood there."""
    return also([kind, f'"{text}"'], ": ")
