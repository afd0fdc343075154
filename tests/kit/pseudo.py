"""A language still to be written: every text a third longer and marked, so that what is no catalogue's text shows."""

from __future__ import annotations

import re

from factoryview.language import Code, Language
from factoryview.language.catalogues import catalogue

BEGIN, END, FILL = "[", "]", "ø"
LONGER = 1.3
_PATTERNS = "date."
_GAP = re.compile(r"(\{[^}]*\})")


def longer(text: str) -> str:
    """A text between marks, at least 130 % as long without its gaps; the gaps stay.

    >>> longer("costs {n} a day")
    '[costs {n} a dayøøø]'
    """
    words = len(_GAP.sub("", text))
    more = max(0, round(LONGER * words + 0.49) - words - len(BEGIN + END))
    return f"{BEGIN}{text}{FILL * more}{END}"


class Pseudo(Language):
    """Says everything in marked, longer texts; dates as the language it is made of."""

    def __init__(self, code: Code = "en", timezone: str = "UTC", currency: str = "EUR") -> None:
        texts = catalogue(code)
        super().__init__(code, timezone, currency, texts=texts.changed(longer))
        self._own = texts

    def date(self, at: int, key: str) -> str:
        """As the language it is made of: a pattern is no text."""
        from factoryview.language import dates

        return dates.written(self.moment(at), self._own.text(key), self.code)
