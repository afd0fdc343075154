"""How much of anything is taken in: every limit of every reader and feed, in one place.

They are far above what a process has and far below what a computer cannot bear. Whoever reaches one says so in a
sentence with the number in it.
"""

from __future__ import annotations

import unicodedata

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
