"""What is said of a log or a file before it is known in which language: English as it stands, any other when asked."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any

from factoryview.language import Code
from factoryview.language.catalogues import catalogue
from factoryview.language.foreign import recognised
from factoryview.language.numbers import decimal


class Said(str):
    """A text of the catalogues, in English, that can be said in another language: `inside`.

    A gap `{n:,}` is a whole number, `{n:.0%}` a share, `{n:.3g}` a number; a gap may hold what is said itself, or an
    error: why it came.
    """

    key: str
    gaps: Mapping[str, object]

    def inside(self, code: Code) -> str:
        """The same in a language."""
        return _written(self.key, self.gaps, code)

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.key,), dict(self.gaps)

    def __new__(cls, key: str, /, **gaps: object) -> Said:
        gaps = {name: because(gap) if isinstance(gap, Exception) else gap for name, gap in gaps.items()}
        text = super().__new__(cls, _written(key, gaps, "en"))
        text.key, text.gaps = key, gaps
        return text


def said(key: str, /, **gaps: object) -> Said:
    """The text of that key with its gaps filled. Raises KeyError for a key or a gap there is not."""
    return Said(key, **gaps)


def in_language(text: str, code: Code) -> str:
    """What was said, in a language; any other text as it is."""
    return text.inside(code) if isinstance(text, Said) else text


def because(error: Exception) -> str:
    """Why something failed: the common troubles of a system in each language, others as the system says them."""
    if isinstance(error, OSError):
        numbers_of_its_own = type(error).__module__ == "ssl"  # where 1 is any failure of TLS
        key = None if numbers_of_its_own else _TROUBLES.get(error.errno or 0)
        return said(key) if key is not None else foreign((error.strerror or str(error)).lower())
    words = getattr(error, "words", None)
    if isinstance(words, str):  # an error of ours, with its place and its cure
        return words
    first = error.args[0] if error.args else None
    if isinstance(first, Said) and (len(error.args) == 1 or str(error) == first):
        return first
    return foreign(str(error))


def foreign(text: str) -> str:
    """What a library says, in each language if it is one of the common complaints about broken files."""
    known = [said(key, **gaps) for key, gaps in recognised(text)]
    return also(known, " ") if len(known) > 1 else known[0] if known else text


_TROUBLES = {
    errno.ENOENT: "trouble.not_there", errno.EACCES: "trouble.not_allowed", errno.EPERM: "trouble.not_permitted",
    errno.ENOSPC: "trouble.disk_full", errno.EISDIR: "trouble.is_folder", errno.ENOTDIR: "trouble.no_folder",
    errno.EROFS: "trouble.read_only", errno.EEXIST: "trouble.exists", errno.ENAMETOOLONG: "trouble.long_name",
    errno.EIO: "trouble.disk", errno.EDQUOT: "trouble.quota", errno.EADDRINUSE: "trouble.address_taken",
    errno.EMFILE: "trouble.many_files", errno.ECONNREFUSED: "trouble.refused", errno.ECONNRESET: "trouble.reset",
    errno.ETIMEDOUT: "trouble.timed_out", errno.EHOSTUNREACH: "trouble.no_route",
    errno.ENETUNREACH: "trouble.no_network", errno.EPIPE: "trouble.pipe",
}  # fmt: skip


_PACKED = "\x1e"
"""Stands between a text in English and how it is said in others."""


def packed(text: str) -> str:
    """A text as it can be kept, in a file or a database: in English, and behind that how it is said in others."""
    return f"{text}{_PACKED}{json.dumps(_tree(text))}" if isinstance(text, Said) else text.replace(_PACKED, " ")


def unpacked(kept: str) -> str:
    """The text that was kept; in English only if the rest of it cannot be understood (any more)."""
    plain, mark, rest = kept.partition(_PACKED)
    try:
        found = _grown(json.loads(rest)) if mark else plain
        return found if isinstance(found, Said) else plain
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError):
        return plain


def _tree(value: object) -> object:
    if isinstance(value, Said):
        return {"joined" if isinstance(value, _Joined) else "key": value.key, **{
            f"_{name}": _tree(gap) for name, gap in value.gaps.items()
        }}  # fmt: skip
    return value if isinstance(value, str | int | float) else str(value)


def _grown(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    gaps = {name[1:]: _grown(gap) for name, gap in tree.items() if name.startswith("_")}
    return _Joined(tree["joined"], gaps) if "joined" in tree else Said(tree["key"], **gaps)


def either(options: Iterable[str]) -> str:
    """`this or that`; the last two are joined by a word, those before by commas."""
    *first, last = options
    return said("reading.either", first=", ".join(first), last=last) if first else last


def also(parts: Iterable[str], mark: str = ", ") -> str:
    """Parts of a sentence one after the other, each in the language of the whole."""
    found = list(parts)
    gaps = {f"part{place}": part for place, part in enumerate(found)}
    return _Joined(mark, gaps)


class _Joined(Said):
    """Parts with a mark between them; no text of a catalogue."""

    def __new__(cls, mark: str, /, gaps: Mapping[str, object]) -> _Joined:
        text = str.__new__(cls, mark.join(map(str, gaps.values())))
        text.key, text.gaps = mark, gaps
        return text

    def inside(self, code: Code) -> str:
        return self.key.join(in_language(part, code) for part in self.gaps.values() if isinstance(part, str))

    def __getnewargs_ex__(self) -> tuple[tuple[str, Mapping[str, object]], dict[str, object]]:  # type: ignore[override]
        return (self.key, self.gaps), {}


def _written(key: str, gaps: Mapping[str, object], code: Code) -> str:
    number = gaps.get("n")
    form = catalogue(code).text(key, number if isinstance(number, int) else None)
    return _Written(code).vformat(form, (), gaps)


class _Written(Formatter):
    """Numbers as the language writes them; what is a name on one line."""

    def __init__(self, code: Code) -> None:
        self._code = code

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str):
            shown = in_language(value, self._code)
            return "".join(letter if letter.isprintable() else " " for letter in shown)
        if format_spec == ",":
            return decimal(value, 0, self._code)
        if format_spec.endswith("%"):
            digits = int(format_spec.strip(".%") or 0)
            return f"{decimal(100 * value, digits, self._code)}{' ' * (self._code == 'de')}%"
        if format_spec.endswith(("f", "g")) and self._code == "de":
            return format(value, format_spec).replace(".", ",")
        return format(value, format_spec)
