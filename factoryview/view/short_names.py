"""Names too long for a sign, in fewer words, such that no two machines of a plant read alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

_JOINING = 3
"""Letters of the longest word in lower case that joins others: a name does not end in one."""
_SIDE_BY_SIDE = frozenset({"and", "or", "und"})
"""Words that join equals, each of which says something alone."""


def short_names(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of each name what may stand for it, best first: its first words, as many as can be, where no other begins so;
    else its first word and how it ends. Empty for a name of one word.

    >>> short_names(["Check confirmation of receipt", "Check the stop"])["Check confirmation of receipt"]
    ('Check confirmation', 'Check … receipt')
    """
    split = {name: tuple(name.split()) for name in names}
    begins = Counter(words[:n] for words in split.values() for n in range(1, len(words) + 1))
    ends = Counter((words[0], words[i:]) for words in split.values() for i in range(2, len(words)))
    return {name: tuple(_shorter(words, begins, ends)) if words else () for name, words in split.items()}


def _shorter(
    words: tuple[str, ...], begins: Counter[tuple[str, ...]], ends: Counter[tuple[str, tuple[str, ...]]]
) -> list[str]:
    heads = [words[:n] for n in range(len(words) - 1, 0, -1) if begins[words[:n]] == 1 and _ends_well(words, n)]
    tails = [words[i:] for i in range(2, len(words)) if ends[words[0], words[i:]] == 1 and not _joins(words[i])]
    several, alone = [head for head in heads if len(head) > 1], [head for head in heads if len(head) == 1]
    return [" ".join(found) for found in (*several, *((words[0], "…", *tail) for tail in tails), *alone)]


def _ends_well(words: tuple[str, ...], count: int) -> bool:
    """Whether a name may end after so many words: not in `necessity of stop` where `advice` follows."""
    binds = any(_joins(word) and word.isalpha() and word not in _SIDE_BY_SIDE for word in words[:count])
    return not _joins(words[count - 1]) and (not binds or _joins(words[count]))


def _joins(word: str) -> bool:
    """`of`, `und`, `&`: a word that says nothing without its neighbours."""
    return not any(letter.isalnum() for letter in word) or (len(word) <= _JOINING and word.isalpha() and word.islower())
