"""What columns are called: in known tools, in German and English, in the larger languages of Europe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from factoryview.sources.columns import languages, vocabulary

_TAILS: dict[str, dict[str, int]] = {
    "case": {"id": 4, "nummer": 4, "number": 3, "nr": 3, "no": 3, "key": 3, "num": 3},
    "stage": {"activity": 6, "stage": 6, "status": 5, "state": 4, "phase": 6, "step": 5, "schritt": 5, "task": 4},
    "time": {"timestamp": 6, "zeitpunkt": 5, "time": 5, "date": 4, "datum": 4, "zeit": 4, "at": 4, "am": 3, "on": 2},
    "start": {"start": 5, "begin": 5, "beginn": 5},
    "resource": {"user": 5, "agent": 5, "owner": 5, "resource": 6, "bearbeiter": 6, "mitarbeiter": 5, "by": 3},
    "value": {
        "amount": 5, "value": 4, "betrag": 5, "wert": 5, "price": 4, "preis": 4, "summe": 4, "volume": 3, "cost": 4,
        "kosten": 4, "total": 4,
    },
    "channel": {"channel": 5, "kanal": 5, "source": 3, "quelle": 3},
    "reason": {"reason": 5, "grund": 5},
}  # fmt: skip


_LETTERS = str.maketrans(
    {"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "a", "Æ": "A", "đ": "d", "Đ": "D", "ı": "i", "œ": "o"}
)
"""Letters that are no letter with an accent."""


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case words without accents, camelCase split, umlauts and their two-letter forms alike.

    >>> fold("Deal_stageName"), fold("Tätigkeit") == fold("Taetigkeit")
    ('deal stage name', True)
    """
    text = re.sub(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])", " ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(char for char in text if not unicodedata.combining(char))
    text = text.lower()
    text = re.sub(r"([aou])e(?=[a-z])", r"\1", text)
    return " ".join(re.sub(r"[^\w:€$£]+|_", " ", text).split())


def folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, names))


_VALIDITY = re.compile(
    r"(valid|gultig|effective|fivetran|active|aktiv|gilt) (from|to|until|start|end|ab|von|bis|date|since|seit|time).*"
    r"|date (entered|exited)|(entered|exited)( at)?|left at|verlassen am|eingetreten am"
)
_OWN_STAGE_SINCE = re.compile(
    r"last stage change|stage changed?|status (since|seit|geandert|changed?)|entered current stage"
    r"|letzter? (status|phasen)\w*|statusdatum"
)
_PREFIXES = folded(vocabulary.PREFIXES)
_CURRENCY = folded(vocabulary.CURRENCY)
_PLANS = folded((*vocabulary.PLANS, *languages.PLAN_WORDS))
_NOT_IDENTIFIERS = folded(vocabulary.NOT_IDENTIFIERS)
_OTHERS = folded(vocabulary.OTHERS)
_ENTRY_STAGES = folded((*vocabulary.ENTRY_STAGES, *languages.MORE_NAMES["stage"][8], *vocabulary.STAGES_ELSEWHERE))
_STARTS = folded((*languages.START_WORDS, *vocabulary.STARTS))
_ENTRY_TIMES = folded((*vocabulary.ENTRY_TIMES, *languages.CHANGE_WORDS)) | _STARTS
_COMPLETION_TIMES = folded((*vocabulary.COMPLETION_TIMES, *languages.COMPLETION_WORDS))
_CLOSINGS = folded((*vocabulary.CLOSINGS, *languages.CLOSING_WORDS, *languages.COMPLETION_WORDS))
_ENDING_WORDS = folded((*vocabulary.ENDING_WORDS, *languages.CLOSING_WORDS))
_ACTIVITIES = folded(vocabulary.ACTIVITIES)
_PERIODS = folded(vocabulary.PERIODS)
_TOTALS = folded(vocabulary.TOTALS)
_ENTERED = folded(vocabulary.ENTERED)
_EDITS = folded(vocabulary.EDITS)
_SYNCS = folded(vocabulary.SYNCS)
_LAST = folded(vocabulary.LAST)
_MOVES = folded(vocabulary.MOVES)
_BESIDE_EDITS = folded(
    (
        *vocabulary.BESIDE_EDITS, *vocabulary.PREFIXES, *vocabulary.WORKERS, *vocabulary.PERSONS, *vocabulary.PLANS,
        *languages.CASE_NOUNS, *languages.ID_WORDS, *languages.DATE_WORDS, *languages.CHANGE_WORDS,
        *vocabulary.STATES,
    )
)  # fmt: skip
STATES = folded((*vocabulary.STATES, *languages.MORE_NAMES["stage"][8], *vocabulary.STAGES_ELSEWHERE))
CASE_NOUNS = folded(languages.CASE_NOUNS)
ID_WORDS = folded(languages.ID_WORDS)
_CONNECTORS = folded(languages.CONNECTORS)
_DATE_WORDS = folded(languages.DATE_WORDS)
_CHANGES = folded(languages.CHANGE_WORDS)
_ENTERING = folded(languages.ENTERING_WORDS)
_LEAVING = folded(languages.LEAVING_WORDS)
_CREATIONS = folded(languages.CREATION_WORDS)
_GLUED = folded((*languages.GLUED, *languages.CASE_NOUNS)) - folded(("n", "no", "le", "el", "il", "op", "em"))
_SUFFIXES = ("nummer", "datum", "dato", "status", "nr")
"""How compounds end in languages that write them in one."""
_WORKERS = folded(vocabulary.WORKERS)
_PERSONS = folded(vocabulary.PERSONS)
_PERSONAL = folded(vocabulary.PERSONAL)
_NAMING = frozenset(("name", "names", "id", "nr", "no", "number", "nummer", "key", "code"))
_WORKER = 5
"""Score as a resource from which on a column tells who worked."""


@lru_cache
def _exact(role: str) -> dict[str, int]:
    known = vocabulary.NAMES[role].items(), languages.MORE_NAMES.get(role, {}).items()
    found: dict[str, int] = {}
    for score, names in (*known[0], *known[1]):
        for name in names:
            found.setdefault(fold(name), score)
    return found


@lru_cache(maxsize=4096)
def parted(word: str) -> tuple[str, ...]:
    """The words of a folded header that is written in one; itself if they are not known.

    >>> parted("permitnum"), parted("zaaknummer"), parted("community")
    (('permit', 'num'), ('zaak', 'nummer'), ('community',))
    """
    if len(word) < 6 or word in _GLUED or not word.isalpha():
        return (word,)
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for begin in range(max(0, end - 14), end - 1):
            before = ways[begin]
            if before is not None and word[begin:end] in _GLUED:
                longer = (*before, word[begin:end])
                shorter = ways[end]
                ways[end] = longer if shorter is None or len(longer) < len(shorter) else shorter
    whole = ways[-1]
    if whole is not None:
        return whole
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) > len(suffix) + 2:
            return (word.removesuffix(suffix), suffix)
    return (word,)


def words_of(name: str) -> list[str]:
    """The words of a header, those written in one apart, without the small ones between them."""
    folded = plain(name)[0].replace(":", " ").split()
    words = [part for word in folded for part in (parted(word) if len(folded) == 1 else (word,))]
    return [word for word in words if word not in _CONNECTORS] or words


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
        parts = words_of(name)
        tails = _TAILS.get(role, {})
        best = max(tails.get(words[-1], 0), tails.get(parts[-1], 0), _made_of(parts, role))
        for known, points in exact.items():
            begins = role != "case" and ways[0].startswith(known + " ")
            if points >= 9 and (begins or ways[0].endswith(" " + known)):
                best = max(best, 6)
    if role == "case" and _OTHERS & {*words, *words_of(name)} and (best < 9 or not exact.keys() & set(ways)):
        best = min(best, 4) - 8
    if role in ("time", "start") and is_plan(name):
        best -= 9
    if role in ("case", "stage") and _NOT_IDENTIFIERS & set(words):
        best -= 8
    return best


def _made_of(words: list[str], role: str) -> float:
    """Points for a header that is put together of words that tell: a noun and a number, an event and a date."""
    said = set(words)
    if len(words) > 4:
        return 0
    if role == "case":
        return 9 if said & CASE_NOUNS and said & ID_WORDS and len(said) > 1 else 4 * bool(said & ID_WORDS)
    if role == "stage" and not said & ID_WORDS:
        exact = _exact("stage")
        known = max((exact.get(word, 0) for word in (words[0], words[-1])), default=0)
        return min(known, 8) if known >= 8 else 0
    if role == "time" and said & _DATE_WORDS:
        if said & _CHANGES or said & _COMPLETION_TIMES:
            return 9
        return 7 if said & _CREATIONS else 4
    if role == "time" and words[-1] in ID_WORDS:
        return 0
    if role == "time":
        return 8 if said & _CHANGES or said & _COMPLETION_TIMES - {"done", "stop"} else 0
    if role == "start" and said & _STARTS:
        return 9 if said & _DATE_WORDS or len(words) == 1 else 5
    return 0


def is_known(name: str) -> bool:
    """Whether a header is one of the names of any role."""
    return max(score(name, role) for role in vocabulary.NAMES) >= 6


def is_other(name: str) -> bool:
    """Whether a header is known for something that no case is called by: an amount, a person, a channel, a reason."""
    least = (("value", 5), ("resource", 9), ("channel", 8), ("reason", 7))
    return score(name, "case") < 9 and any(score(name, role) >= points for role, points in least)


def is_entering(name: str) -> bool:
    """Whether a header says when a place was entered: `Date entrée`, `Zugang`."""
    return bool(_ENTERING & set(words_of(name)))


def is_leaving(name: str) -> bool:
    """Whether a header says when a place was left: `Date sortie`, `Abgang`."""
    return bool(_LEAVING & set(words_of(name)))


def side_of(name: str) -> Literal["start", "end"] | None:
    """Which end of an interval a header names; None where it says neither, or both.

    >>> side_of("Start date"), side_of("Ende Uhrzeit"), side_of("End time"), side_of("Time")
    ('start', 'end', 'end', None)
    """
    words = {*words_of(name), *fold(name).split()}
    begins = bool(words & (_STARTS | _ENTERING) or {"from", "von"} & words)
    ends = bool(words & (_COMPLETION_TIMES | _LEAVING) or {"to", "bis", "until"} & words)
    return ("start" if begins else "end") if begins != ends else None


def share_words(one: str, other: str) -> bool:
    """Whether two headers have a word in common that is none for moments.

    >>> share_words("Receipt date", "Receipt time"), share_words("Posting date", "Order date")
    (True, False)
    """
    return bool(set(words_of(one)) & set(words_of(other)) - _DATE_WORDS)


def is_activity(name: str) -> bool:
    """Whether a header is that of something done, which may be done twice in a row, and of no state to be in."""
    said = {*words_of(name), fold(name)}
    return bool(_ACTIVITIES & said) and not _ENTRY_STAGES & said


def is_period(name: str) -> bool:
    """Whether a header is that of weeks, months or the like."""
    return bool(_PERIODS & set(words_of(name)))


def is_plan(name: str) -> bool:
    """Whether a date is a plan, a deadline or a trace of the software, not something that happened.

    >>> is_plan("Scheduled for"), is_plan("Date entered Appointment scheduled"), is_plan("Review - planned end")
    (True, False, True)
    """
    words = {*words_of(name), *fold(name).replace(":", " ").split()}
    if not is_trace(name):
        words -= _EDITS
    return bool(_PLANS & words) and not _ENTERED & words


def is_total(name: str) -> bool:
    """Whether a name is that of what adds up others, and nothing else.

    >>> is_total("Summe"), is_total("Total sum"), is_total("Total check")
    (True, True, False)
    """
    words = fold(name).split()
    return bool(words) and _TOTALS.issuperset(words)


def is_trace(name: str) -> bool:
    """Whether a date is only that of the last edit of a row: beside it only the row, a person or a date is named.

    The last edit is one of whatever field; but that of what the case is in tells since when it is there.

    >>> is_trace("Last modified by user"), is_trace("zuletzt geändert am"), is_trace("Contract modification signed")
    (True, True, False)
    >>> is_trace("Price last modified"), is_trace("Last price update"), is_trace("Status last changed")
    (True, True, False)
    >>> is_trace("Last moved"), is_trace("Last transition date"), is_trace("Last change")
    (False, False, True)
    """
    ways = set(words_of(name)), set(fold(name).replace(":", " ").split())
    if any(
        _LAST & words and (_EDITS | _CHANGES) & words and not (STATES | _ENTERED | _MOVES) & words for words in ways
    ):
        return True
    beside = _EDITS | _BESIDE_EDITS | _exact("resource").keys()
    return any(_SYNCS & words or (_EDITS & words and words <= beside) for words in ways)


def sounds_like_entry(stage: str, time: str) -> bool:
    """Whether headers speak of being in a stage rather than of having finished an activity."""
    return bool(_ENTRY_STAGES & set(words_of(stage)) or _ENTRY_TIMES & set(words_of(time)))


def sounds_like_completion(time: str) -> bool:
    """Whether a header of times says that something was finished."""
    return bool(_COMPLETION_TIMES & set(words_of(time)))


def is_validity(start: str, end: str) -> bool:
    """Whether two headers give the span in which a row was true (a history), not a piece of work."""
    return bool(_VALIDITY.fullmatch(fold(start)) and _VALIDITY.fullmatch(fold(end)))


def is_history(names: list[str]) -> bool:
    """Whether headers have such a span: every row is then a stay of its own, not a whole case."""
    return sum(bool(_VALIDITY.fullmatch(fold(name))) for name in names) >= 2


def sounds_like_closing(name: str) -> bool:
    """Whether the header of a date says that the case was closed then."""
    return bool(_CLOSINGS & set(words_of(name)))


def sounds_like_creation(name: str) -> bool:
    """Whether the header of a date says that the case came into being then, whatever it is in by now."""
    return bool(_CREATIONS & set(words_of(name)))


def is_own_stage_since(name: str) -> bool:
    """Whether a date says since when the present stage holds."""
    words = set(words_of(name))
    return bool(_OWN_STAGE_SINCE.search(fold(name)) or (_LAST & words and _MOVES & words and not _PLANS & words))


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
