"""The texts of a language: gettext catalogues (`po/`), read through Babel when first needed.

A msgid is a key such as `news.jam`; what people read stands in the catalogue of each language, English too. Gaps are
those of `str.format`. A text with a number has plural forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from importlib.resources import files


@dataclass(frozen=True)
class Catalogue:
    """Texts by key, each with its forms: one, or as many as the language has plurals."""

    forms: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int] = field(repr=False)
    """Of a whole number, which form it asks for."""

    def text(self, key: str, n: float | None = None) -> str:
        """The text of a key, in the form that `n` asks for. Raises KeyError for a key there is not."""
        forms = self.forms[key]
        if n is None or len(forms) == 1:
            return forms[0]
        return forms[self.plural(int(n)) if n == int(n) else -1]  # a fraction takes the last form, in both languages

    def keys(self, area: str) -> Iterator[str]:
        """The keys that begin with `area.`, without that."""
        return (key.removeprefix(f"{area}.") for key in self.forms if key.startswith(f"{area}."))

    def changed(self, change: Callable[[str], str]) -> Catalogue:
        """Every text changed, as a language still to be written would have it: for tests of the room there is."""
        return Catalogue({key: tuple(map(change, forms)) for key, forms in self.forms.items()}, self.plural)


@cache
def catalogue(code: str) -> Catalogue:
    """The catalogue of a language."""
    from babel.messages.pofile import read_po

    with (files(__package__) / "po" / f"{code}.po").open("rb") as stream:
        found = read_po(stream, locale=code)
    forms: dict[str, tuple[str, ...]] = {}
    for message in found:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return Catalogue(forms, c2py(found.plural_expr))
