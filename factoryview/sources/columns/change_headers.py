"""Headers of tables that tell of changes: what was before and after, which field it was, which position of a case."""

from __future__ import annotations

from functools import lru_cache

from factoryview.sources.columns import vocabulary
from factoryview.sources.columns.headers import CASE_NOUNS, ID_WORDS, STATES, fold, folded, score, words_of

_OLD, _NEW = folded(vocabulary.OLD), folded(vocabulary.NEW)
_OLDER, _NEWER = folded(vocabulary.OLDER), folded(vocabulary.NEWER)
_FIELDS = folded(vocabulary.FIELDS)
_FIELD_WORDS = frozenset(("name", "names", "event", "changed", "change", "changes", "key", "label", "type"))
_POSITIONS = folded(vocabulary.POSITIONS)


def is_position(name: str) -> bool:
    """Whether a header is that of a position of a case: a line of an order, an item.

    >>> is_position("Pos."), is_position("Line item"), is_position("Auftragsposition"), is_position("Manager position")
    (True, True, True, False)
    """
    words = {part for word in words_of(name) for part in _parted(word)} - ID_WORDS
    return bool(words & _POSITIONS) and words <= _POSITIONS | CASE_NOUNS


def _parted(word: str) -> tuple[str, ...]:
    """A noun of a case and a position that are written in one."""
    ends = (end for end in _POSITIONS if word.endswith(end) and word.removesuffix(end) in CASE_NOUNS)
    return next(((word.removesuffix(end), end) for end in ends), (word,))


def is_old(name: str) -> bool:
    """Whether a header is that of what a case left."""
    return score(name, "from") >= 9 or fold(name) in _OLD


def tells_before(name: str) -> bool:
    """Whether a header is that of what was there before a change, of whatever.

    >>> tells_before("previous_value"), tells_before("oldValue"), tells_before("from"), tells_before("value")
    (True, True, True, False)
    """
    return is_old(name) or bool(_OLDER & set(fold(name).split()))


def is_new(name: str) -> bool:
    """Whether a header is that of what a case came to."""
    return fold(name) in _NEW or score(name, "stage") >= 8


def is_change(old: str, new: str) -> bool:
    """Whether two headers are the same but for one word, which says before in the one and after in the other.

    >>> is_change("Old Value Char", "New Value Char"), is_change("data.listBefore.name", "data.listAfter.name")
    (True, True)
    """
    before, after = fold(old).split(), fold(new).split()
    differ = [(a, b) for a, b in zip(before, after, strict=False) if a != b]
    return len(before) == len(after) and len(differ) == 1 and differ[0][0] in _OLDER and differ[0][1] in _NEWER


def is_field(name: str) -> bool:
    """Whether a column says which field of a case was changed.

    >>> is_field("Field / Event"), is_field("Changes - Field name"), is_field("Fields of work")
    (True, True, False)
    """
    words = fold(name).split()
    return bool(_FIELDS & {fold(name), *words}) and all(
        w in _FIELDS or w in _FIELD_WORDS or w == "table" for w in words
    )


@lru_cache(maxsize=4096)
def names_stage(field: str) -> bool:
    """Whether the field of that name is what a case is in.

    >>> names_stage("Status"), names_stage("dealstage"), names_stage("incident_state"), names_stage("priority")
    (True, True, True, False)
    """
    words = {*words_of(field), *fold(field).split()}
    return bool(STATES & {word.removesuffix("id") for word in words} or STATES & words)
