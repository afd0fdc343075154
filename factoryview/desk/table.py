"""The panel as a table: what its rows say, cell by cell, ready for a spreadsheet."""

from __future__ import annotations

from factoryview.output import defused
from factoryview.scene.charts.plots import Heading, ShareRow
from factoryview.scene.chrome.card import RowLook
from factoryview.scene.chrome.rows import Lines, TableRow
from factoryview.scene.chrome.tabs import HeadLine
from factoryview.scene.ui.node import Node


def rows_of(panel: Node) -> tuple[tuple[str, ...], ...]:
    """The cells of every row that is written in a panel, from top to bottom."""
    found: list[tuple[str, ...]] = []
    for node in panel.walk():
        match node.key:
            case HeadLine(words) if node.role in ("text", "status"):
                found.append((words,))
            case RowLook(row):
                found.append((row.label, row.value))
            case ShareRow(words, _, values):
                found.append((words, *values))
            case TableRow(cells):
                found.append(cells)
            case Lines(lines):
                found.append((" ".join(lines),))
            case Heading(title, value):
                found.append((title, *(part for part in value.split(" · ") if part)))
    return tuple(found)


def tsv(rows: tuple[tuple[str, ...], ...]) -> str:
    """Rows as lines, cells apart by tabs; what a spreadsheet would run as a formula gets an apostrophe."""
    return "".join("\t".join(defused(" ".join(cell.split())) for cell in row) + "\n" for row in rows)
