"""Records what the feeds of a plant say into its store, for as long as it is wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from factoryview import background
from factoryview.errors import FactoryviewError, InputError
from factoryview.language.said import said
from factoryview.plant.feeds import Feed
from factoryview.plant.files import dump_plant
from factoryview.plant.models import Plant
from factoryview.plant.secrets import redacted
from factoryview.sources.feeds.feed import Batch, Message
from factoryview.sources.feeds.follower import FeedState, Follower, Taken, now_micros
from factoryview.sources.feeds.records import Interpreted, Interpreter, Rejected
from factoryview.store.journal.journal import Journal, StoreInUse, StoreTrouble
from factoryview.store.journal.upkeep import compact, forget, last_upkeep, note_upkeep

__all__ = ["Recorder", "StoreInUse", "ends_of"]

STATES_EVERY = 1.0
"""Seconds after which the states of the feeds are written down."""
_TRY_AGAIN = 60.0
"""Seconds after which upkeep that failed, or was not due, is looked at again."""
_STATES, _UPKEEP = "\0states", "\0upkeep"


def ends_of(plant: Plant) -> tuple[str, ...]:
    """The stages at which cases are done, as far as the plant file knows them."""
    return tuple(outcome.name for outcome in plant.outcomes) if plant.record.ends is None else plant.record.ends


class Recorder:
    """Follows all feeds of a plant at once, each on a thread of its own, into one store."""

    def __init__(self, plant: Plant, folder: Path, path: Path) -> None:
        """Open the store. folder: what the plant's relative paths are relative to; path: the store, made if need be.

        Raises InputError for feeds or a store that cannot be used, StoreInUse if another program records into it.
        """
        if not plant.feeds:
            raise InputError(said("error.no_live_source"), where=plant.name, cure=said("error.add_feed"))
        self._keep = _micros(plant.record.keep) if plant.record.keep else None
        self._compact = _micros(plant.record.compact)
        self._ends = ends_of(plant)
        self._followers = [self._follower(feed, plant, folder) for feed in plant.feeds]
        self.journal = Journal.create_or_open(path, dump_plant(redacted(plant)), plant.record.times)
        self._before = {state.name: state for state in self.journal.states()}
        self._troubles: dict[str, str] = {}
        self._trouble_since = 0
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to follow and to record. Once."""
        for follower in self._followers:
            follower.start()
        self._threads = [
            background.begin(self._write_states, "states", stop=self._stopping.set),
            background.begin(self._keep_up, "upkeep", stop=self._stopping.set),
        ]

    def stop(self, seconds: float = 5.0) -> None:
        """End what was started, within about so many seconds; what came is on disk, or comes again."""
        self._stopping.set()
        ending = [threading.Thread(target=follower.stop, args=(seconds,)) for follower in self._followers]
        for thread in ending:
            thread.start()
        for thread in (*ending, *self._threads):
            thread.join(seconds + 1)
        self._try(_STATES, self._put_states)
        self.journal.close()

    def states(self) -> list[FeedState]:
        """How every feed is, in the plant's order; what is counted is counted since the store was begun."""
        return [_since(self._before.get(follower.state.name), follower.state) for follower in self._followers]

    @property
    def upkeep_trouble(self) -> str:
        """Why space cannot be given back now; what comes is recorded all the same."""
        return self._troubles.get(_UPKEEP, "")

    @property
    def trouble(self) -> str:
        """Why the store cannot be written now; empty while it can."""
        return next((told for who, told in self._troubles.copy().items() if who != _UPKEEP), "")

    @property
    def trouble_since(self) -> int:
        """Since when, µs UTC; 0 without trouble."""
        return self._trouble_since if self.trouble else 0

    def _follower(self, feed: Feed, plant: Plant, folder: Path) -> Follower:
        currency = plant.currency if "currency" in plant.model_fields_set else None
        interpreter = Interpreter(feed, plant.record.times, plant.timezone, currency)

        def take(batch: Batch, arrived: int) -> Taken:
            try:
                self._check_clock(arrived)
                reading = _understood(interpreter, batch.messages, arrived)
                done = self.journal.commit(feed.name, reading, batch.position, arrived, self._keep)
            except StoreTrouble as error:
                self._tell(feed.name, error.words)
                raise
            self._tell(feed.name, "")
            return Taken(done.accepted, done.duplicates, done.rejected)

        return Follower(feed, folder, lambda: self.journal.position(feed.name), take)

    def _check_clock(self, now: int) -> None:
        """Raises StoreTrouble while this computer's clock is before what came last: then nothing can be dated, what
        comes would be taken for the future's and set aside; it waits at its source instead.
        """
        clock = self.journal.clock
        if clock.is_behind(now):
            raise StoreTrouble(
                said("error.wrong_clock", now=_utc(now), last=_utc(clock.last)),
                where=str(self.journal.path),
                cure=said("error.set_clock"),
            )

    def _write_states(self) -> None:
        while not self._stopping.wait(STATES_EVERY):
            self._try(_STATES, self._put_states)

    def _put_states(self) -> None:
        self.journal.write_states(self.states())

    def _keep_up(self) -> None:
        """Forget and compact when it is time."""
        while not self._stopping.is_set():
            self._try(_UPKEEP, self._put_in_order)
            self._stopping.wait(min(_TRY_AGAIN, max(1.0, self._compact / 1e6)))

    def _put_in_order(self) -> None:
        """Forget and compact if it is time.

        Nothing is forgotten by a clock that leapt ahead, for all that is kept would be old by it. An upkeep that was
        noted in the future, by a clock that was wrong, is due.
        """
        now = now_micros()
        clock = self.journal.see_clock(now)
        if 0 <= now - last_upkeep(self.journal) < self._compact:
            return
        if self._keep and self._ends and not clock.leapt:
            forget(self.journal, self._ends, now - self._keep)
        compact(self.journal)
        note_upkeep(self.journal, now)

    def _try(self, who: str, work: Callable[[], None]) -> None:
        """Do some work beside the recording; what goes wrong there is reported, and ends nothing."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  (told on the screen and in the log until it goes well again)
            self._tell(who, error.words if isinstance(error, FactoryviewError) else f"{type(error).__name__}: {error}")
        else:
            self._tell(who, "")

    def _tell(self, who: str, trouble: str) -> None:
        if not trouble:
            self._troubles.pop(who, None)
            return
        if not self.trouble and who != _UPKEEP:
            self._trouble_since = now_micros()
        self._troubles[who] = trouble


def _understood(interpreter: Interpreter, messages: Sequence[Message], arrived: int) -> Interpreted:
    """What the messages say. One that the interpreter cannot take at all is rejected: it must not stop its feed."""
    try:
        return interpreter(messages, arrived)
    except Exception:  # noqa: BLE001  (whose fault it is, and what, is found out below)
        rejected = {k: _refused(interpreter, message, arrived) for k, message in enumerate(messages)}
    reading = interpreter([message for k, message in enumerate(messages) if rejected[k] is None], arrived)
    reading.rejected += [reason for reason in rejected.values() if reason is not None]
    return reading


def _refused(interpreter: Interpreter, message: Message, arrived: int) -> Rejected | None:
    try:
        interpreter([message], arrived)
    except Exception as error:  # noqa: BLE001  (kept with the message, for whoever looks into what was set aside)
        return Rejected(said("trouble.reader_failed", kind=type(error).__name__, why=str(error)[:200]), message.raw)
    return None


def _since(before: FeedState | None, now: FeedState) -> FeedState:
    if before is None:
        return now
    return replace(
        now,
        heard=before.heard if now.heard is None else now.heard,
        newest=before.newest if now.newest is None else now.newest,
        accepted=before.accepted + now.accepted,
        duplicates=before.duplicates + now.duplicates,
        rejected=before.rejected + now.rejected,
    )


def _utc(moment: int) -> str:
    return (datetime(1970, 1, 1) + timedelta(microseconds=moment)).isoformat(" ", "minutes") + " UTC"


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
