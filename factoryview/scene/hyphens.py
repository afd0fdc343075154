"""Where a long word may be parted at the end of a row: at a soft hyphen, at signs that join, else between syllables.

The syllables are those of spelling, alike enough in German, English and Dutch: a vowel takes with it the consonants
before it that can begin a word.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import normalize

SOFT = "\u00ad"
"""Says where a word may be parted, and is not seen elsewhere."""
_JOINERS = "-/_+&."
_VOWELS = "aeiouyæøœ"
_LEAST = 4
"""Letters that stay together on either side."""
_BEGINNINGS = (
    "|bl|br|ch|ck|cl|cr|dr|fl|fr|gh|gl|gr|kl|kn|kr|pf|ph|pl|pr|qu|sch|schl|schm|schr|schw|sh|sp|spr|st|str|th|tr"
    "|tsch|vr|wh|zw|"
)
"""Consonants that begin a syllable together."""


@lru_cache(maxsize=2048)
def joints(word: str) -> tuple[tuple[str, str], ...]:
    """Both parts of a word for every place where it may be parted, the first with its hyphen.

    >>> joints("Zurückgezogen")
    (('Zurück-', 'gezogen'), ('Zurückge-', 'zogen'))
    >>> joints("Voll\\u00adständigkeit"), joints("Ein-/Auszahlung")
    ((('Voll-', 'ständigkeit'),), (('Ein-/', 'Auszahlung'),))
    """
    if SOFT in word:
        parts = word.split(SOFT)
        halves = [("".join(parts[:i]), "".join(parts[i:])) for i in range(1, len(parts))]
        return tuple((first + "-", second) for first, second in dict.fromkeys(halves) if first and second)
    joined = [i + 1 for i, letter in enumerate(word[:-1]) if letter in _JOINERS and i and word[i + 1] not in _JOINERS]
    if joined:
        return tuple((word[:i], word[i:]) for i in joined)
    letters = word.lower()
    if not letters.isalpha() or len(letters) != len(word):
        return ()
    found = []
    for vowel in range(1, len(letters)):
        if not _is_vowel(letters[vowel]) or _is_vowel(letters[vowel - 1]):
            continue
        begin = vowel - 1
        while begin > 0 and _begins(letters[begin - 1 : vowel]):
            begin -= 1
        if begin > 2 and _begins(letters[begin - 3 : vowel]):
            begin -= 3
        elif begin > 1 and _begins(letters[begin - 2 : vowel]):
            begin -= 2
        if _LEAST <= begin <= len(word) - _LEAST and any(map(_is_vowel, letters[:begin])):
            found.append((word[:begin] + "-", word[begin:]))
    return tuple(found)


def _begins(consonants: str) -> bool:
    return f"|{consonants}|" in _BEGINNINGS


def _is_vowel(letter: str) -> bool:
    """Whatever sign stands over it."""
    return normalize("NFD", letter)[0] in _VOWELS
