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

    @property
    def words(self) -> str:
        """What it says: English as it stands, any language when it is shown (`in_language`)."""
        return _sentence("", *self.args)

    def inside(self, code: Code) -> str:
        """What it says, in a language."""
        from factoryview.language.said import in_language

        return in_language(self.words, code)


class UsageError(FactoryviewError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_status = 2


class InputError(FactoryviewError):
    """An input that cannot be used: what was found, where, and the cure."""

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        self.what, self.where, self.cure = what, where, cure
        super().__init__(str(_sentence(where, what, cure)))

    @property
    def words(self) -> str:
        return _sentence(self.where, self.what, self.cure)


@dataclass(frozen=True)
class Problem:
    """One mistake: its place (file, line, field), what was found there, what would be right."""

    place: str
    found: str
    cure: str

    def __str__(self) -> str:
        return str(self.words)

    @property
    def words(self) -> str:
        """All of it on one line."""
        return _sentence(self.place, self.found, self.cure)


class PlantError(InputError):
    """A plant file with mistakes, all of them reported at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))

    @property
    def words(self) -> str:
        from factoryview.language.said import also

        return also([problem.words for problem in self.problems], "\n")


def _sentence(where: str, *parts: str) -> str:
    """`where: what cure`, each part in the language of the whole."""
    from factoryview.language.said import also

    place = [also([where, ""], ":")] if where else []
    return also([*place, *filter(None, parts)], " ")
