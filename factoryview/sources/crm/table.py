"""What all CRM exports need: columns found by what vendors call them, moments as SQL, the table written anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from factoryview.sources import times
from factoryview.sources.attributes import findings as report
from factoryview.sources.attributes import keep_export
from factoryview.sources.columns import headers
from factoryview.sources.events import Finding
from factoryview.sources.table import RAW, Known, TextTable

_CARRIED = ("resource", "value", "channel", "reason", "weight")
_VENDOR_NAMES = {
    "resource": ("deal owner", "hubspot owner id", "owner id", "created by id", "user id", "actor user id", "owner"),
    "value": ("amount", "deal value"),
    "channel": (
        "original traffic source",
        "original source",
        "lead source",
        "hs analytics source",
        "deal source channel",
    ),
    "reason": ("closed lost reason", "deal lost reason", "lost reason", "loss reason"),
}
"""What vendors call the other roles, the likelier names first."""
_API = re.compile(r"^(?:properties|property|data)[._]", re.IGNORECASE)
_END = re.compile(r"\b(closed|deal)? ?(won|lost)\b|\bgewonnen\b|\bverloren\b")
_TRUE = "('true', 't', 'yes', 'ja', 'wahr', '1')"


def blank(column: str) -> str:
    """The SQL condition that a cell holds nothing."""
    texts = ", ".join(f"'{text}'" for text in times.BLANKS)
    return f"(lower(trim(coalesce({column}, ''))) IN ({texts}))"


def quoted(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def sounds_final(stage: str) -> bool:
    """Whether a stage's name or id says that the deal is won or lost.

    >>> sounds_final("Closed Won (Sales Pipeline)"), sounds_final("closedlost"), sounds_final("Offer sent")
    (True, True, False)
    """
    folded = headers.fold(stage)
    return bool(_END.search(folded)) or folded in ("closedwon", "closedlost")


@dataclass(frozen=True)
class Export:
    """A table that may be a vendor's export."""

    table: TextTable
    wished: tuple[str, ...] = ()
    """Columns the user named; they are carried along."""

    @cached_property
    def folded(self) -> list[str]:
        """The headers in lower-case words, without the prefixes of an API."""
        return [headers.fold(_API.sub("", name)) for name in self.table.names]

    def find(self, *names: str) -> int | None:
        """The column called by the first of these names that is there (names folded: lower-case words)."""
        return next((self.folded.index(name) for name in names if name in self.folded), None)

    def moment(self, *columns: int) -> str | None:
        """The SQL of the first column's moment as all these columns write it; None if they hold none."""
        style = times.detect(value for column in columns for value in self.table.sample[column])
        return None if style is None else style.sql(f"c{columns[0]}")

    def flagged(self, stage: int, *flags: str) -> tuple[str, ...]:
        """The values of a column whose rows all carry a flag like `IsClosed`; none where there is no such column."""
        flag = self.find(*flags)
        if flag is None:
            return ()
        found = self.table.connection.execute(
            f"SELECT trim(c{stage}) AS s FROM {RAW} WHERE NOT {blank(f'c{stage}')} GROUP BY s "
            f"HAVING bool_and(lower(trim(coalesce(c{flag}, ''))) IN {_TRUE}) ORDER BY min(rowid)"
        ).fetchall()
        return tuple(str(row[0]) for row in found)

    def carried(self, *used: int) -> list[int]:
        """Columns that can be the worker, value, channel, reason or weight, and those the user named."""
        names = self.table.names
        return [
            i
            for i, name in enumerate(names)
            if i not in used
            and not self._is_time(i)
            and (name in self.wished or any(headers.score(_API.sub("", name), role) >= 3 for role in _CARRIED))
        ]

    def _is_time(self, column: int) -> bool:
        style = times.detect(self.table.sample[column])
        return style is not None and style.share > 0.9 and not style.only_numbers

    def rewrite(
        self, entries: str, used: Iterable[int], carried: list[int], known: Known, findings: list[Finding]
    ) -> TextTable:
        """The table of entries in place of the old one.

        `entries` is a query with the columns line, "case", stage, time (text), k0, k1, … (the carried ones) and
        place, by which it is put in order; `used` are the columns it is made of.
        """
        table, con = self.table, self.table.connection
        taken = {*used, *carried}
        listing = ", ".join(f"k{i} AS c{i + 3}" for i in range(len(carried)))
        con.execute(
            f'CREATE OR REPLACE TABLE factoryview_crm AS SELECT line, "case" AS c0, stage AS c1, time AS c2'
            f"{', ' if listing else ''}{listing} FROM ({entries}) ORDER BY place"
        )
        attributes = keep_export(table, table.names.index(known.columns["case"]), taken)
        con.execute(f"ALTER TABLE factoryview_crm RENAME TO {RAW}")
        roles = known.columns
        for role, called in _VENDOR_NAMES.items():
            place = self.find(*called)
            if place is not None and place in carried and table.names[place] not in self.wished:
                roles = roles | {role: table.names[place]}
        known = replace(known, columns=roles)
        names = [roles["case"], roles["stage"], roles["time"], *(table.names[i] for i in carried)]
        findings = [*findings, *report(table.file, dict(enumerate(table.names)), taken)]
        return TextTable(con, table.file, names, line="line", findings=findings, known=known, attributes=attributes)

    def finding(self, text: str, cure: str = "", warning: bool = False) -> Finding:
        return Finding("warning" if warning else "info", self.table.file, text, cure)

    def carry(self, carried: list[int]) -> str:
        """The carried columns in a query, with a comma before each."""
        return "".join(f", c{column} AS k{i}" for i, column in enumerate(carried))
