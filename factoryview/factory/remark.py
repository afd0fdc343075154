"""One line of a report of what is wrong, doubtful or illegible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "ask", "info", "illegible"]


@dataclass(frozen=True)
class Remark:
    """What was found, where, and what would cure it."""

    severity: Severity
    place: str
    text: str
    cure: str = ""

    def __str__(self) -> str:
        line = f"{self.severity}: {self.place}: {self.text} {self.cure}"
        return " ".join("".join(letter if letter.isprintable() else " " for letter in line).split())
