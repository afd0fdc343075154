"""Exports of CRM systems, recognised by their headers in whatever kind of file, and turned into entries into stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from factoryview.sources.crm import hubspot, pipedrive, salesforce
from factoryview.sources.crm.table import Export
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import TextTable

_VENDORS = (hubspot.recognise, salesforce.recognise, pipedrive.recognise)
_TOLD = frozenset(("case", "stage", "time", "start"))


def recognise(table: TextTable, wishes: Mapping[str, str]) -> TextTable:
    """The table as entries into stages if a vendor's headers are recognised, else as it was.

    Nothing is recognised where the user named the column of the case, stage, time or start (`wishes`: role → column).
    Raises InputError for an export that is recognised but lacks what matters.
    """
    if table.known is not None or _TOLD & set(wishes) or not table.rows:
        return table
    export = Export(table, tuple(wishes.values()))
    found = next((found for vendor in _VENDORS if (found := vendor(export)) is not None), None)
    if found is None:
        return table
    if table.settle is not None:
        found.settle = _later(table.settle, table, found, wishes)
    found.delimiter = table.delimiter
    found.findings[:0] = table.findings
    found.guesses[:0] = table.guesses
    return found


def _later(
    again: Callable[[Rejects], TextTable], table: TextTable, found: TextTable, wishes: Mapping[str, str]
) -> Callable[[Rejects], TextTable]:
    """Settles the line numbers of the file's own table, and only if they change turns it into entries once more."""

    def settle(rejects: Rejects) -> TextTable:
        settled = again(rejects)
        return found if settled is table else recognise(settled, wishes)

    return settle
