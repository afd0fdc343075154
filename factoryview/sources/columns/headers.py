"""What columns are called, in German, English and in the exports of known tools."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from factoryview.sources.columns import vocabulary

_TAILS: dict[str, dict[str, int]] = {
    "case": {"id": 4, "nummer": 4, "number": 3, "nr": 3, "no": 3, "key": 3},
    "stage": {"activity": 6, "stage": 6, "status": 5, "state": 4, "phase": 6, "step": 5, "schritt": 5, "task": 4},
    "time": {"timestamp": 6, "zeitpunkt": 5, "time": 5, "date": 4, "datum": 4, "zeit": 4, "at": 4, "am": 3, "on": 2},
    "start": {"start": 5, "begin": 5, "beginn": 5},
    "resource": {"user": 5, "agent": 5, "owner": 5, "resource": 6, "bearbeiter": 6, "mitarbeiter": 5, "by": 3},
    "value": {"amount": 5, "value": 4, "betrag": 5, "wert": 5, "price": 4, "preis": 4, "summe": 4, "volume": 3},
    "channel": {"channel": 5, "kanal": 5, "source": 3, "quelle": 3},
    "reason": {"reason": 5, "grund": 5},
}  # fmt: skip


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case words without accents, camelCase split, umlauts and their two-letter forms alike.

    >>> fold("Deal_stageName"), fold("Tätigkeit") == fold("Taetigkeit")
    ('deal stage name', True)
    """
    text = re.sub(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])", " ", text)
    text = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    text = "".join(char for char in text if not unicodedata.combining(char)).lower()
    text = re.sub(r"([aou])e(?=[a-z])", r"\1", text)
    return " ".join(re.sub(r"[^\w:€$£]+|_", " ", text).split())


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, names))


_VALIDITY = re.compile(
    r"(valid|gultig|effective|fivetran|active|aktiv|gilt) (from|to|until|start|end|ab|von|bis|date|since|seit|time).*"
    r"|date (entered|exited)|(entered|exited)( at)?|left at|verlassen am|eingetreten am"
)
_OWN_STAGE_SINCE = re.compile(
    r"last stage change|stage changed?|status (since|seit|geandert|changed?)|entered current stage"
    r"|letzter? (status|phasen)\w*|statusdatum"
)
_PREFIXES = _folded(vocabulary.PREFIXES)
_CURRENCY = _folded(vocabulary.CURRENCY)
_PLANS = _folded(vocabulary.PLANS)
_NOT_IDENTIFIERS = _folded(vocabulary.NOT_IDENTIFIERS)
_OTHERS = _folded(vocabulary.OTHERS)
_ENTRY_STAGES = _folded(vocabulary.ENTRY_STAGES)
_ENTRY_TIMES = _folded(vocabulary.ENTRY_TIMES)
_COMPLETION_TIMES = _folded(vocabulary.COMPLETION_TIMES)
_CLOSINGS = _folded(vocabulary.CLOSINGS)
_ENDING_WORDS = _folded(vocabulary.ENDING_WORDS)
_WORKERS = _folded(vocabulary.WORKERS)
_PERSONS = _folded(vocabulary.PERSONS)
_PERSONAL = _folded(vocabulary.PERSONAL)
_NAMING = frozenset(("name", "names", "id", "nr", "no", "number", "nummer", "key", "code"))
_WORKER = 5
"""Score as a resource from which on a column tells who worked."""


@lru_cache
def _exact(role: str) -> dict[str, int]:
    return {fold(name): score for score, names in vocabulary.NAMES[role].items() for name in names}


def of_case(name: str) -> bool:
    """Whether a column holds an attribute of the whole case (`case:…`), so never one of an event."""
    return name.strip().lower().startswith("case:")


def plain(name: str) -> list[str]:
    """The ways a header is looked up: as it is, without its prefix, without a currency."""
    folded = fold(name.strip().removeprefix("case:") if of_case(name) else name)
    words = folded.split()
    ways = [folded]
    while len(words) > 1 and words[-1] in _CURRENCY:
        words = words[:-1]
        ways.append(" ".join(words))
    while len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
        ways.append(" ".join(words))
    return ways


@lru_cache(maxsize=4096)
def score(name: str, role: str) -> float:
    """How much a header sounds like a role: 10 a known name, 3 a mere ending, below 0 a trap."""
    if of_case(name) and role not in ("case", "value", "channel", "reason", "weight"):
        return -9.0
    if of_case(name) and role == "case":
        return 10.0 if fold(name) in ("case:concept:name", "case: concept:name") else -9.0
    ways = plain(name)
    exact = _exact(role)
    best: float = max((exact.get(way, 0) for way in ways), default=0)
    words = ways[0].replace(":", " ").split()
    if not best and words:
        best = _TAILS.get(role, {}).get(words[-1], 0)
        for known, points in exact.items():
            begins = role != "case" and ways[0].startswith(known + " ")
            if points >= 9 and (begins or ways[0].endswith(" " + known)):
                best = max(best, 6)
    if role == "case" and best < 9 and _OTHERS & set(words):
        best = min(best, 4) - 8
    if role in ("time", "start") and is_plan(name):
        best -= 8
    if role in ("case", "stage") and _NOT_IDENTIFIERS & set(words):
        best -= 8
    return best


def is_known(name: str) -> bool:
    """Whether a header is one of the names of any role."""
    return max(score(name, role) for role in vocabulary.NAMES) >= 6


def is_plan(name: str) -> bool:
    """Whether a date is a plan, a deadline or a trace of the software, not something that happened."""
    return bool(_PLANS & set(fold(name).replace(":", " ").split()))


def sounds_like_entry(stage: str, time: str) -> bool:
    """Whether headers speak of being in a stage rather than of having finished an activity."""
    return bool(_ENTRY_STAGES & set(fold(stage).split()) or _ENTRY_TIMES & set(fold(time).split()))


def sounds_like_completion(time: str) -> bool:
    """Whether a header of times says that something was finished."""
    return bool(_COMPLETION_TIMES & set(fold(time).split()))


def is_validity(start: str, end: str) -> bool:
    """Whether two headers give the span in which a row was true (a history), not a piece of work."""
    return bool(_VALIDITY.fullmatch(fold(start)) and _VALIDITY.fullmatch(fold(end)))


def is_history(names: list[str]) -> bool:
    """Whether headers have such a span: every row is then a stay of its own, not a whole case."""
    return sum(bool(_VALIDITY.fullmatch(fold(name))) for name in names) >= 2


def sounds_like_closing(name: str) -> bool:
    """Whether the header of a date says that the case was closed then."""
    return bool(_CLOSINGS & set(fold(name).split()))


def is_own_stage_since(name: str) -> bool:
    """Whether a date says since when the present stage holds."""
    return bool(_OWN_STAGE_SINCE.search(fold(name)))


def sounds_like_end(status: str) -> bool:
    """Whether a status says that a case is over."""
    return bool(_ENDING_WORDS & set(fold(status).split()))


@lru_cache(maxsize=4096)
def tells_who_works(name: str) -> bool:
    """Whether a column tells who worked on something, whatever else it is.

    >>> tells_who_works("case:Responsible"), tells_who_works("po_creator"), tells_who_works("Team")
    (True, True, False)
    """
    own = name.strip().removeprefix("case:")
    words = fold(own).replace(":", " ").split()
    while len(words) > 1 and words[-1] in _NAMING:
        words.pop()
    return score(own, "resource") >= _WORKER or bool(words and words[-1] in _WORKERS)


@lru_cache(maxsize=4096)
def tells_whom(name: str) -> bool:
    """Whether a column holds names or other personal data of those whom a case is about.

    >>> tells_whom("Kunde"), tells_whom("customer_name"), tells_whom("customer segment"), tells_whom("E-Mail")
    (True, True, False, True)
    """
    folded = plain(name)[0]
    words = folded.replace(":", " ").split()
    if not words or folded in ("name", "first name", "last name", "full name"):
        return bool(words)
    if _PERSONAL & {*words, *map(" ".join, pairwise(words))}:
        return True
    return words[-1] in _PERSONS or (words[-1] in _NAMING and bool(_PERSONS & set(words)))
