"""How much of anything is taken in: every limit of every reader and feed, in one place.

They are far above what a process has and far below what a computer cannot bear. Whoever reaches one says so in a
sentence with the number in it. What no single limit foresees is held by `memory.bounded`.
"""

from __future__ import annotations

import unicodedata

MEMORY = 1_250_000_000
"""Bytes that reading an input may take beyond what the program itself needs; with it, it stays within 1.5 GB."""
ENGINE_MEMORY = "480MiB"
"""Of it, what the database keeps in memory; beyond that it works on disk."""

ENGINE_MEMORY_BESIDE = "336MiB"
"""The same where a window shows what another database holds."""

UNPACKED_BYTES, UNPACKED_RATIO = 64 << 20, 100
"""A compressed file, or a part of one, unpacks to this size or to so many times its own, whichever is more."""
LARGEST_PART = 32 << 20
"""Bytes of what has to be in memory as a whole: one JSON value, the styles of a workbook."""
LONGEST_LINE = 1 << 24
"""Characters of a line of text."""
MOST_OPEN_QUOTES = 1_000
"""Quoted fields that nobody closes, each set aside."""
MOST_ROWS = 20_000_000
"""Rows of a table."""
MOST_COLUMNS = 2_000
"""Columns of a table; more are a mistake of the delimiter."""
LAST_SHEET_ROW = 1_048_576
"""Rows that a sheet of Excel can have."""
MOST_CELLS = 300_000_000
"""Cells of a sheet, blank ones before filled ones included."""
DEEPEST_XML = 100
"""Elements inside one another."""
MOST_EVENTS_OF_CASE = 250_000
"""Events that one trace of XES can have."""

LONGEST_NAME = 500
"""Characters of the name of a stage, case, channel, reason or resource."""
MOST_STAGES = 10_000
"""Names of stages in one store: beyond, what is called a stage is something else, like the number of an order."""
MOST_WEIGHT = 1_000_000.0
"""Cases that one event can stand for."""
LARGEST_AMOUNT = 1e12
"""Of money, and of cases in a count: sums of millions of them are still exact to the unit."""
MOST_ATTRIBUTES = 100
"""Columns of a file, or fields of a message, that are kept beside the roles."""
LONGEST_ATTRIBUTE = 200
"""Characters of the name of an attribute, and of its text; longer ones are cut."""


def is_visible(text: str) -> bool:
    """Whether any letter of the text can be seen: not only blanks, controls and signs without a width.

    >>> is_visible("Ж"), is_visible("\\u200b\\u2060 "), is_visible("\\u0301")
    (True, False, False)
    """
    return any(unicodedata.category(letter)[0] not in "CZM" for letter in text)
