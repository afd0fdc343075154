"""What a stage that holds others up costs: cases a working day, the stock that waits there, and their money."""

from __future__ import annotations

from dataclasses import dataclass

from factoryview.flow.verdict.basis import Basis
from factoryview.flow.verdict.heldback import Case, Held, held_back, lags_of
from factoryview.store.database import Store
from factoryview.time import moment_of


@dataclass(frozen=True)
class Cost:
    """Money in the plant's currency, None where no case has a value."""

    held: Held
    value: float | None
    """Mean value of a completed case."""
    tied_up: float | None
    """Value of what is held up, on average over the window."""

    @property
    def case(self) -> Case:
        """How sure it is, and what of it can be said."""
        return self.held.case

    @property
    def per_day(self) -> float | None:
        """Value of the cases held back, per working day; None also where it is not sure that there are any."""
        return None if self.value is None or self.case != "sure" else self.held.point * self.value

    @property
    def lost_per_day(self) -> float | None:
        """Value of those that left because they waited, per working day: lost, not late."""
        return None if self.value is None or not self.held.lost else self.held.lost * self.value


def cost_of(basis: Basis, store: Store, stage: str, since: float, window: tuple[float, float] | None = None) -> Cost:
    """What a stage costs that has jammed since then, over a window (default: all that time); hours since 1970 UTC.

    basis: as known at the end of the window.
    """
    held = held_back(basis, stage, since, window, lags=lags_of(basis, store, stage))
    value = completed_value(basis, store, held.window)
    begin, until = (moment_of(hour).replace(tzinfo=None) for hour in held.window)
    [(each,)] = store.rows("verdict/standing_value", stage=stage, since=begin, until=until)
    return Cost(held, value, None if each is None or held.case == "unseen" else held.standing * float(each))


def completed_value(basis: Basis, store: Store, window: tuple[float, float]) -> float | None:
    """Mean value of the cases completed in the window, else of all completed by its end; None where none has one."""
    good = [name for name, well in zip(basis.evidence.ways, basis.evidence.good, strict=True) if well]
    since, until = (moment_of(hour).replace(tzinfo=None) for hour in window)
    [(recent, every)] = store.rows("verdict/completed_value", since=since, until=until, good=good)
    found = recent if recent is not None else every
    return float(found) if found is not None else None
