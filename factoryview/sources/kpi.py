"""KPI tables: per stage and bucket of time the arrivals and departures."""

from __future__ import annotations

from factoryview.sources import words
from factoryview.sources.events import EventLog
from factoryview.sources.reading import Reading
from factoryview.sources.table import TextTable

_NAMES = {
    "stage": "stage|step|phase|status|station|stufe|schritt|prozessschritt|machine|activity|aktivitat",
    "bucket": "bucket|date|day|week|month|period|hour|datum|tag|woche|monat|zeitraum|stunde|timestamp|start|from|von|kw|kalenderwoche|quarter|quartal",
    "arrivals": "arrivals|arrived|in|inflow|entered|new|incoming|zugange|eingange|ankunfte|eingang|zugang|neu|arrival|inputs",
    "departures": "departures|departed|out|outflow|left|completed|finished|abgange|ausgange|abgang|ausgang|erledigt|abgeschlossen|departure|outputs|done",
    "losses": "losses|lost|loss|dropped|verluste|verloren|verlust|ausfalle|abbruche",
    "wip": "wip|stock|backlog|queue|inventory|in progress|bestand|offen|in arbeit|work in progress|open",
}  # fmt: skip


def roles(names: list[str]) -> dict[str, int]:
    """Which header is which column of a KPI table."""
    found: dict[str, int] = {}
    for role, known in _NAMES.items():
        folded = {words.fold(name) for name in known.split("|")}
        for index, name in enumerate(names):
            if index not in found.values() and words.fold(name) in folded:
                found[role] = index
                break
    return found


def sniff(table: TextTable) -> bool:
    """Whether the headers are those of a KPI table and its counts are numbers."""
    found = roles(table.names)
    return {"stage", "bucket", "arrivals", "departures"} <= set(found)


def load(reading: Reading) -> EventLog:
    """Creates `kpi`."""
    raise reading.unusable("KPI tables are not read yet")
