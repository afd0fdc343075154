"""Every error factoryview raises on purpose; each says what is wrong, where, and what would cure it.

Its parts are texts of the catalogues (`language.said`), so that it is worded where it is shown: `inside`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factoryview.language import Code


class FactoryviewError(Exception):
    """Anything a user can be told in a sentence. `exit_status` is what the command line ends with."""

    exit_status = 3

    def inside(self, code: Code) -> str:
        """What it says, in a language; `str` says it in English."""
        from factoryview.language.said import in_language

        return " ".join(in_language(part, code) for part in self.args)


class UsageError(FactoryviewError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_status = 2


class InputError(FactoryviewError):
    """An input that cannot be used: what was found, where, and the cure."""

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        self.what, self.where, self.cure = what, where, cure
        super().__init__(" ".join(part for part in (f"{where}:" if where else "", what, cure) if part))

    def inside(self, code: Code) -> str:
        from factoryview.language.said import in_language

        where, what, cure = (in_language(part, code) for part in (self.where, self.what, self.cure))
        return " ".join(part for part in (f"{where}:" if where else "", what, cure) if part)


@dataclass(frozen=True)
class Problem:
    """One mistake: its place (file, line, field), what was found there, what would be right."""

    place: str
    found: str
    cure: str

    def __str__(self) -> str:
        return self.inside("en")

    def inside(self, code: Code) -> str:
        """All of it on one line, in a language."""
        from factoryview.language.said import in_language

        place, found, cure = (in_language(part, code) for part in (self.place, self.found, self.cure))
        return f"{place}: {found} {cure}".rstrip()


class PlantError(InputError):
    """A plant file with mistakes, all of them reported at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))

    def inside(self, code: Code) -> str:
        return "\n".join(problem.inside(code) for problem in self.problems)
