"""The cases of a selection as a table in the engine, made anew when stays have come or gone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import Lock
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from factoryview.store.answers import Answers
from factoryview.store.engine import Engine
from factoryview.store.selection import Both, Not, Selection, Through, compiled

_NUMBERS = count()
Members = NDArray[np.bool_]
"""By the place of a case, whether it is one of some."""


class Chosen:
    """The cases that a selection names, of all that a store holds; may be asked from any thread."""

    def __init__(
        self, engine: Engine, selection: Selection, attribute: Callable[[str], str], now: Callable[[], int]
    ) -> None:
        """attribute: the query of an attribute by its name. now: the last moment of the whole store, µs UTC."""
        self.selection = selection
        self._engine, self._attribute, self._now = engine, attribute, now
        self._table, self._version = f"chosen_{next(_NUMBERS)}", -1
        self._turn = Lock()
        self._members: tuple[int, Members] | None = None
        finalize(self, engine.drop, self._table).atexit = False

    def table(self, version: int) -> str:
        """The name of a table with the column "case", as of that version of the store."""
        with self._turn:
            if self._version != version:
                query, parameters = compiled(self.selection, self._attribute, self._now)
                self._engine.keep(self._table, query, parameters)
                self._version = version
        return self._table

    def members(self, version: int, answers: Answers, been_at: Callable[[str], Members]) -> Members:
        """By the place of a case: whether it is selected, as of that version of the store.

        been_at: by the place of a case whether it has been at a stage, or has ended there.
        """

        def of(selection: Selection) -> Members:
            if isinstance(selection, Both):
                return of(selection.one) & of(selection.other)
            if isinstance(selection, Not):
                return answers.named() & ~of(selection.condition)
            if isinstance(selection, Through):  # what is asked most often is known without a query
                return been_at(selection.stage)
            return answers.members(*compiled(selection, self._attribute, self._now))

        with self._turn:
            if self._members is None or self._members[0] != version:
                self._members = version, of(self.selection)
            return self._members[1]
