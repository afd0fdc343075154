"""Names of cases, stages, people as text: blanks that cannot be seen, wide letters, spellings that differ in case.

Files and live messages go through `clean`, so that a name is one name however it came.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

BLANKS = " \t\n\r\x0b\x0c"
_CONTROLS = "".join(chr(code) for code in (*range(32), *range(127, 160)) if chr(code) not in BLANKS)
SPACES = _CONTROLS + "\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""What stands for a space, but is none: other blanks, and characters that steer a terminal."""
UNSEEN = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Characters of no width."""
JOINERS = "\u200c\u200d"
"""Of no width either, but they shape letters and emoji; beside plain letters they are nothing."""
WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
NARROW = "".join(map(chr, range(0x21, 0x7F)))
"""Letters, digits and signs of full width, and the same as usual."""
_TABLE = str.maketrans(SPACES + WIDE, " " * len(SPACES) + NARROW, UNSEEN)
_LOOSE = re.compile(f"(?<=[\x00-\x7f])[{JOINERS}]+|[{JOINERS}]+(?=[\x00-\x7f])|^[{JOINERS}]+|[{JOINERS}]+$")


def clean(text: str) -> str:
    """The name without what cannot be seen: trimmed, plain spaces, full-width letters and digits plain.

    >>> clean("\\ufeff Ｔ-１００\\u00a0 "), clean("In\\u200b\\u00a0progress")
    ('T-100', 'In progress')
    """
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", _LOOSE.sub("", text.translate(_TABLE)))
    return text.strip(BLANKS)


def is_plain(column: str) -> str:
    """The SQL condition that `clean` leaves a text as it is; where it does not hold, `clean` may still change nothing.

    Cheap: one pattern of plain characters, asked once a row; trimming a text costs four times as much.
    """
    return f"regexp_full_match({column}, '([!-~]([ -~]*[!-~])?)?')"


def spelling(text: str) -> str:
    """What names that differ only in upper and lower case, or in how many blanks they have, have in common.

    >>> spelling("ALL  DONE") == spelling("All done")
    True
    """
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


def folded(counts: Mapping[str, int]) -> dict[str, str]:
    """Name → the commonest spelling of it (the first of equals), for cleaned names that have several; counts: rows.

    >>> folded({"Done": 3, "DONE": 1, "Open": 2})
    {'DONE': 'Done'}
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        alike[spelling(name)].append(name)
    found: dict[str, str] = {}
    for names in alike.values():
        best = max(names, key=lambda name: ("  " not in name, counts[name]))
        found |= {name: best for name in names if name != best}
    return found


def are_codes(names: Iterable[str]) -> bool:
    """Whether names are codes in which upper and lower case tell one from another, like the ids of Salesforce.

    >>> are_codes(["006A0000AbCdE", "006A0000aBCde"]), are_codes(["T-100", "t-100", "Ticket-AB"])
    (True, False)
    """
    return any(sum(a.islower() != b.islower() for a, b in pairwise(filter(str.isalpha, name))) > 2 for name in names)
