"""The games of a workshop, played on a worker thread one after the other. `ask` returns at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from factoryview.plant.workshop_file import Round
from factoryview.whatif.lab import Lab
from factoryview.whatif.rounds import Game, Played, game_of, play_all

FUTURES = 50
"""In so many each round is played."""


class Games:
    """What each group has played, as far as it is known."""

    def __init__(self, futures: int = FUTURES) -> None:
        self.futures = futures
        self._worker = ThreadPoolExecutor(1, "rounds")
        self._of: Lab | None = None
        self._played: dict[tuple[int, tuple[Round, ...]], Future[list[Played]]] = {}
        self._made: dict[tuple[int, tuple[Round, ...]], Game] = {}

    def ask(self, lab: Lab, rounds: Sequence[Round], days: int) -> Game | None:
        """What these rounds brought, each so many days long; None: they are being played.

        Raises InputError where they cannot be.
        """
        if self._of is not lab:
            self._of, self._played, self._made = lab, {}, {}
        key = days, tuple(rounds)
        if key not in self._made:
            as_is, to_be = (self._ask(lab, some, days) for some in ((Round(),) * len(rounds), key[1]))
            if not (as_is.done() and to_be.done()):
                return None
            self._made[key] = game_of(as_is.result(), to_be.result())
        return self._made[key]

    def _ask(self, lab: Lab, rounds: tuple[Round, ...], days: int) -> Future[list[Played]]:
        key = days, rounds
        if key not in self._played:
            changes = [each.scenario for each in rounds]
            self._played[key] = self._worker.submit(play_all, lab, changes, days, self.futures)
        return self._played[key]

    @property
    def busy(self) -> bool:
        """Something is being played."""
        return any(not each.done() for each in self._played.values())

    def settle(self) -> None:
        """Wait until all that was asked for has been played."""
        for each in list(self._played.values()):
            each.exception()

    def close(self) -> None:
        """Nobody asks any more."""
        self._worker.shutdown(wait=True, cancel_futures=True)
