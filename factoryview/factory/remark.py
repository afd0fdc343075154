"""One line of a report of what is wrong, doubtful or illegible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from factoryview.language import Code

Severity = Literal["error", "warning", "ask", "info", "illegible"]


@dataclass(frozen=True)
class Remark:
    """What was found, where, and what would cure it."""

    severity: Severity
    place: str
    text: str
    cure: str = ""

    def __str__(self) -> str:
        return self.line("en")

    def line(self, code: Code) -> str:
        """The remark in a language, as one line."""
        from factoryview.language.catalogues import catalogue
        from factoryview.language.said import in_language

        place, text, cure = (in_language(part, code) for part in (self.place, self.text, self.cure))
        line = f"{catalogue(code).text(f'check.{self.severity}')}: {place}: {text} {cure}"
        return " ".join("".join(letter if letter.isprintable() else " " for letter in line).split())
