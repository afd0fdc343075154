"""Words in dates: months and days of the week in many languages, names of time zones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from babel import Locale

LANGUAGES = (
    "en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "nb", "cs", "sk", "fi", "hu", "ro", "tr", "el", "ru",
    "uk", "bg", "sl", "hr", "et", "lv", "lt", "ca",
)  # fmt: skip
"""Where two of them call different months alike, the earlier one is meant, unless other words of the column tell."""
_WIDTHS = ("wide", "abbreviated")
_ALSO = {
    "en": {"sept": 9},
    "de": {"jän": 1, "jänner": 1, "mrz": 3, "maerz": 3, "sept": 9},
    "fr": {"fev": 2, "avr": 4, "juil": 7, "jui": 7, "aou": 8, "dec": 12},
    "es": {"set": 9, "sept": 9},
    "nl": {"mrt": 3},
    "sv": {"mar": 3, "maj": 5, "jun": 6, "jul": 7, "okt": 10},
}  # fmt: skip
"""Short forms that are common in files."""
ZONES = {
    "z": "+00:00", "utc": "+00:00", "gmt": "+00:00", "ut": "+00:00", "wet": "+00:00", "west": "+01:00",
    "cet": "+01:00", "cest": "+02:00", "met": "+01:00", "mest": "+02:00", "mez": "+01:00", "mesz": "+02:00",
    "hnec": "+01:00", "haec": "+02:00", "eet": "+02:00", "eest": "+03:00", "oez": "+02:00", "oesz": "+03:00",
    "msk": "+03:00", "trt": "+03:00", "sast": "+02:00", "est": "-05:00", "edt": "-04:00", "cst": "-06:00",
    "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00", "akst": "-09:00",
    "akdt": "-08:00", "hst": "-10:00", "ast": "-04:00", "adt": "-03:00", "nst": "-03:30", "ndt": "-02:30",
    "brt": "-03:00", "art": "-03:00", "bst": "+01:00", "ist": "+05:30", "pkt": "+05:00", "ict": "+07:00",
    "wib": "+07:00", "sgt": "+08:00", "hkt": "+08:00", "awst": "+08:00", "jst": "+09:00", "kst": "+09:00",
    "acst": "+09:30", "acdt": "+10:30", "aest": "+10:00", "aedt": "+11:00", "nzst": "+12:00", "nzdt": "+13:00",
}  # fmt: skip
"""Short names of zones → their offset from UTC."""
ARTICLES = frozenset(("den", "the", "le", "el", "il", "am", "de", "lo", "o", "a"))
"""Words that may stand before a day as a weekday may."""


ENGLISH = {
    **dict.fromkeys(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), "%b"),
    **dict.fromkeys(("january", "february", "march", "april", "june", "july", "august", "september"), "%B"),
    **dict.fromkeys(("october", "november", "december"), "%B"),
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "%a"),
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "%A"),
}
"""What `strptime` calls the English words."""


def plain(word: str) -> str:
    """A word as it is looked up: small letters without accents or a final dot.

    >>> plain("Févr."), plain("MÄR")
    ('fevr', 'mar')
    """
    text = unicodedata.normalize("NFD", word.lower().rstrip("."))
    return unicodedata.normalize("NFC", "".join(char for char in text if not unicodedata.combining(char)))


@cache
def months_in(language: str) -> dict[str, int]:
    """What a language calls the months, in full and in short, as they are written and without accents."""
    found: dict[str, int] = {}
    names = Locale(language).months
    for context in ("format", "stand-alone"):
        for width in _WIDTHS:
            for number, name in names[context][width].items():
                found.setdefault(name.lower().rstrip("."), int(number))
    found |= _ALSO.get(language, {})
    return {plain(name): number for name, number in found.items()} | found


@cache
def weekdays_in(language: str) -> frozenset[str]:
    """What a language calls the days of the week, in full and in short, with and without accents."""
    found: set[str] = set()
    names = Locale(language).days
    for context in ("format", "stand-alone"):
        for width in (*_WIDTHS, "short"):
            found |= {name.lower().rstrip(".") for name in names[context][width].values()}
    found |= {name.removesuffix("-feira") for name in found}
    return frozenset(found | {plain(name) for name in found})


@cache
def weekdays() -> frozenset[str]:
    """What the days of the week are called in all the languages."""
    return frozenset().union(*map(weekdays_in, LANGUAGES))


def weekdays_of(seen: Iterable[str]) -> frozenset[str]:
    """All days of the week in the languages that know the words seen, and the articles; none if none was seen."""
    known = {word.lower().rstrip(".") for word in seen}
    found = (weekdays_in(language) for language in LANGUAGES if weekdays_in(language) & known)
    return ARTICLES.union(*found) if known else frozenset()


@cache
def _language_of(word: str) -> tuple[str, ...]:
    return tuple(language for language in LANGUAGES if word in months_in(language))


def month(word: str) -> int | None:
    """The month, 1 to 12, that a word names in the first language that knows it."""
    word = word.lower().rstrip(".")
    if word in months_in("en"):
        return months_in("en")[word]
    known = _language_of(word) or _language_of(plain(word))
    if not known:
        return None
    names = months_in(known[0])
    return names.get(word) or names[plain(word)]


def months_of(words: Iterable[str]) -> dict[str, int]:
    """Every month's names in the languages that know the words, the language that knows most of them first."""
    seen = {word.lower().rstrip(".") for word in words}
    if not seen:  # spares loading every language
        return {}
    hits = {language: len(seen & months_in(language).keys()) for language in LANGUAGES}
    found: dict[str, int] = {}
    for language in sorted((name for name, n in hits.items() if n), key=lambda name: -hits[name]):
        if not seen <= found.keys():
            found = months_in(language) | found
    return found


def is_weekday(word: str) -> bool:
    """Whether a word before a day is that of a weekday, or an article."""
    word = word.lower().rstrip(".")
    return word in ARTICLES or word in weekdays() or plain(word) in weekdays()


@cache
def regions() -> dict[str, str]:
    """Names of time zones like `Europe/Berlin`, by their small letters."""
    return {name.lower(): name for name in available_timezones() if "/" in name}
