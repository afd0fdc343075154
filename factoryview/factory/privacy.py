"""The privacy of a plant: the one gate through which numbers of groups and names go out.

A *group* is what tells cases or people apart by more than where they stand: a reason, a channel, an attribute's value,
a team, the cases behind a mean or a percentile. How many cases stand at a stage or have reached an outcome is no
group: the picture shows each of them. How to use it:

- A number of one group: `gate.number(value, size)`, which is None where the group is too small to show it.
- Several groups beside each other: `gate.merged(sizes)` says which may stand under their own name; put all others
  together under `REST`.
- A case's id or a customer's name: `gate.case(id)` and `gate.name(name)`, None unless the plant allows it.

Nothing is ever shown of one person at work, whatever the plant says: a resource has no way through this gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from factoryview.plant.models import Plant, Privacy

REST = "…"
"""The name under which small groups stand together."""

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Gate:
    """What may be shown of a plant; without a plant, what may be shown of any."""

    smallest: int = Privacy().smallest_group
    """Groups of fewer are not shown by themselves."""
    case_ids: bool = False
    names: bool = False
    """Whether names of customers may be shown."""

    @classmethod
    def of(cls, plant: Plant) -> Gate:
        """The gate as the plant file sets it."""
        return cls(plant.privacy.smallest_group, plant.privacy.case_ids, plant.privacy.names)

    def enough(self, size: float) -> bool:
        """Whether a group of so many cases or people may be shown by itself."""
        return size >= self.smallest

    def number(self, value: Value, size: float) -> Value | None:
        """A number of a group of that size; None where the group is too small.

        >>> Gate(smallest=6).number(3.5, 5) is None, Gate(smallest=6).number(3.5, 6)
        (True, 3.5)
        """
        return value if self.enough(size) else None

    def merged(self, sizes: Mapping[Key, float]) -> frozenset[Key]:
        """The groups that must stand together under `REST`, by the sizes of all groups beside each other.

        The smallest of the others joins where those that are too small are so together, too: what they are could be
        found by subtraction. All of them, if that does not help: the rest is then not to be shown at all.

        >>> sorted(Gate(smallest=6).merged({"a": 9, "b": 8, "c": 2}))
        ['b', 'c']
        """
        rest = {key for key, size in sizes.items() if not self.enough(size)}
        if rest and not self.enough(sum(sizes[key] for key in rest)):
            others = sorted((size, str(key), key) for key, size in sizes.items() if key not in rest)
            rest |= {key for _, _, key in others[:1]}
        return frozenset(rest)

    def case(self, case: str) -> str | None:
        """The id of a case; None where the plant does not allow it."""
        return case if self.case_ids else None

    def name(self, name: str) -> str | None:
        """The name of a customer; None where the plant does not allow it."""
        return name if self.names else None


STRICT = Gate()
"""What may be shown of a plant that says nothing about its privacy."""
