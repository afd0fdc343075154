"""Names a stranger understands: technical prefixes and lanes of a log's activities left off, where all stay apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

_CODE = re.compile(
    r"(?:[^\W\d_]{1,3}[-.]?\d+(?:[-.]\d+)*[^\W\d_]?|\d+(?:[-.]\d+)*|[^\W\d_]{1,2}(?=_))(?:\s*[-:._)]+\s*|\s+)"
)
"""A numbered code or one or two letters before an underscore, with what parts it from the name."""
_CODED = 0.5
"""So many of the names must begin with a code before codes are left off."""
_LETTERS = 2
"""What is left needs so many letters to be a name."""


def short_labels(names: Sequence[str], lanes: Mapping[str, str]) -> dict[str, str]:
    """Name → what to write on the sign, for those that differ. lanes: name → its lane, which it may begin with.

    >>> short_labels(("T06 Determine stop", "T07-1 Draft", "Receipt"), {})
    {'T06 Determine stop': 'Determine stop', 'T07-1 Draft': 'Draft'}
    >>> short_labels(("W_Check_all", "10 day check"), {}), short_labels(("Sales: Offer",), {"Sales: Offer": "Sales"})
    ({'W_Check_all': 'Check all', '10 day check': 'day check'}, {'Sales: Offer': 'Offer'})
    >>> short_labels(("Arbeitsvorbereitung",), {"Arbeitsvorbereitung": "Produktion"})
    {}
    """
    bare = {name: _without(lanes.get(name, ""), name) for name in names}
    coded = [name for name in names if _CODE.match(bare[name])]
    if len(coded) >= max(2, _CODED * len(names)):
        bare |= {name: _named(bare[name][_CODE.match(bare[name]).end() :], bare[name]) for name in coded}  # type: ignore[union-attr]
    spaced = {name: " ".join(label.replace("_", " ").split()) or name for name, label in bare.items()}
    times = Counter(spaced.values())
    return {name: label for name, label in spaced.items() if label != name and times[label] == 1}


def code_of(name: str, label: str) -> str:
    """What was left off a name's beginning.

    >>> code_of("T07-1 Draft", "Draft"), code_of("Offer", "Angebot")
    ('T07-1', '')
    """
    plain = name.replace("_", " ")
    return name[: -len(label)].rstrip(" _-:.)|>»→/–—") if len(plain) > len(label) and plain.endswith(label) else ""


def _without(lane: str, name: str) -> str:
    if not lane or not name.startswith(lane):
        return name
    return _named(re.sub(r"^[\s:|>»→/.–—-]+", "", name[len(lane) :]), name)


def _named(rest: str, whole: str) -> str:
    return rest if sum(map(str.isalpha, rest)) >= _LETTERS else whole
