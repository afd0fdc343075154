"""A plant as it is now: records its sources, follows its store, renews the picture as events come."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from pathlib import Path

from factoryview import background
from factoryview.errors import FactoryviewError
from factoryview.factory.factory import Factory, Progress
from factoryview.factory.opening import follow_store, store_of
from factoryview.language import Language
from factoryview.plant.files import load_plant
from factoryview.plant.models import Plant
from factoryview.sources.feeds.follower import FeedState, now_micros
from factoryview.store.journal.following import Following
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorder import Recorder, StoreInUse
from factoryview.view.health import FeedHealth
from factoryview.view.model import Model
from factoryview.view.state import Studied

POLL = 0.02
"""Seconds between two looks at the store."""
_COUNT, _COUNT_REST = 1.0, 10.0
"""What came is on the floor at once, and counted after so many seconds, and after so many times what that takes."""
_IDLE = 5.0
"""Seconds after which all is counted anew though nothing came: time goes on."""
_MOST = 20_000
"""Events taken at most before the picture is renewed."""
_REST = 0.2
"""Share of the time the renewing takes that is left to the drawing before the next."""
_FRESH = 0.25
"""Seconds for which what is known of the sources' health is good."""
_STUDY, _STUDY_REST = 30.0, 100.0
"""The verdict is made anew after so many seconds, and after so many times what it took."""
_REBUILD, _REBUILD_REST = 2.0, 10.0
"""So is a factory that has no machine for something."""
_LONGEST_END = 2.0
"""Seconds that a verdict nobody wants any more is waited for."""


class Live:
    """A `Playback` of the store of a plant with feeds. Records into it, unless another program does."""

    def __init__(self, path: Path, language_of: Callable[[Plant], Language], aspect: float, progress: Progress) -> None:
        """Start to record, and wait for something to show. path: the plant file; aspect: of the floor on the screen.

        Raises InputError for a plant or a store that cannot be used. progress may raise to end the waiting.
        """
        self.plant = load_plant(path)
        self._path, self._aspect = path, aspect
        self.language = language_of(self.plant)
        self._settings = {feed.name: feed for feed in self.plant.feeds}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._looked_at: int | None = None
        self._health, self._checked = FeedHealth(), 0.0
        self._unreadable: tuple[str, int] = ("", 0)
        self._study, self._study_rest = threading.Thread(), 0.0
        self._studied: Studied | None = None
        self._uncounted, self._counted, self._count_rest = False, 0.0, 0.0
        self._lacking, self._rebuilt, self._rebuild_rest = False, 0.0, 0.0
        self._recorder = self._recording()
        self._gave_way, self._handing = False, threading.Lock()
        try:
            self._journal = Journal.read(store_of(path, self.plant))
        except BaseException:
            self._end_recording()
            raise
        try:
            self._told = self._journal.states()
            self._factory, self._following, self.model = self._begun(progress)
        except BaseException:
            self.stop()
            raise

    def begin(self) -> None:
        """As for any playback. What is there now is not looked through for garbage while it plays: that would hold up
        a frame for some 50 ms again and again, as events come.
        """
        gc.collect()
        gc.freeze()
        self._thread = background.begin(self._run, "live", stop=self._stopping.set)

    def now(self) -> int | None:
        return now_micros()

    def look(self, at: int, pace: float) -> None:
        self._looked_at = at
        self.model.look_ahead(at, pace)

    def health(self) -> FeedHealth:
        if time.monotonic() - self._checked >= _FRESH:
            recorder = self._recorder
            trouble, since = self._trouble()
            recorded = recorder is None or not recorder.trouble
            self._health = FeedHealth(
                now_micros(), tuple(self._states()), self._settings, self._following.feeds_of, trouble, since, recorded
            )
            self._checked = time.monotonic()
        return self._health

    def stop(self) -> None:
        self._stopping.set()
        self._end_recording()
        if self._thread is not None:
            self._thread.join()
        if self._study.ident is not None:
            self._study.join(_LONGEST_END)
        self._journal.close()
        gc.unfreeze()

    def give_way(self) -> None:
        """Record no more, so that another can; what is shown goes on as the store does."""
        with self._handing:
            if self._recorder is None:
                return
            self._recorder.stop()
            self._told = self._recorder.states()
            self._recorder, self._gave_way = None, True

    def go_on(self) -> None:
        """Record again, where it gave way and nobody else does. Raises InputError as at the beginning."""
        with self._handing:
            if self._gave_way and not self._stopping.is_set():
                self._recorder = self._recording()
                self._gave_way = False

    def _end_recording(self) -> None:
        with self._handing:
            if self._recorder is not None:
                self._recorder.stop()

    def _recording(self) -> Recorder | None:
        """Our own recorder, or None where another program records into the store."""
        try:
            recorder = Recorder(self.plant, self._path.parent, store_of(self._path, self.plant))
        except StoreInUse:
            return None
        recorder.start()
        return recorder

    def _begun(self, progress: Progress) -> tuple[Factory, Following, Model]:
        """The first picture, as soon as there is something to show."""
        waiting = self.language.text("feed.waiting_for", names=", ".join(self._settings))
        while not self._journal.last_row and not self._journal.last_count:
            progress(0.0, waiting)
            time.sleep(POLL)
        progress(0.3, self.plant.name)
        factory, following = follow_store(self._journal, self._path, self.plant)
        progress(0.8, self.plant.name)
        return factory, following, Model(factory, aspect=self._aspect, now=now_micros())

    def _run(self) -> None:
        studied = 0.0
        pause = POLL
        while not self._stopping.wait(pause):
            began = time.monotonic()
            try:
                self._renew(self._advance())
                if not self._uncounted:
                    self._unreadable = ("", 0)
            except Exception as error:  # noqa: BLE001  (whatever it is, a picture that stands still must say so)
                told = error.words if isinstance(error, FactoryviewError) else f"{type(error).__name__}: {error}"
                self._unreadable = (told, self._unreadable[1] or now_micros())
            if began - studied > self._study_rest and not self._study.is_alive():
                studied = began
                self._study = background.begin(self._judge, "verdict")
            pause = max(POLL, _REST * (time.monotonic() - began))

    def _advance(self) -> bool:
        """Take what came; whether anything did. Makes the factory anew if it has no machine for something."""
        if self._recorder is None:
            self._told = self._journal.states()
        came = self._following.advance(_MOST)
        if came is not None:
            self._lacking = bool(came.unknown)
        began = time.monotonic()
        if self._lacking and began - self._rebuilt > self._rebuild_rest:
            self._factory, self._following = follow_store(self._journal, self._path, self.plant)
            self._lacking, self._rebuilt, self._counted = False, time.monotonic(), 0.0
            self._rebuild_rest = max(_REBUILD, _REBUILD_REST * (self._rebuilt - began))
            return True
        return came is not None

    def _renew(self, changed: bool) -> None:
        """What came is shown at once; what takes longer, to count all, is done when it is time."""
        self._uncounted |= changed
        now, began = now_micros(), time.monotonic()
        if changed and self.model.factory is self._factory:
            self._show(self.model.with_latest(now), now)
        since = began - self._counted
        if since > _IDLE or (self._uncounted and since > self._count_rest):
            self._uncounted, self._counted = True, began
            self._factory.rejected = sum(state.rejected for state in self._states())
            model = Model(self._factory, aspect=self._aspect, now=now, before=self.model)
            model.studied = self._studied
            self._show(model, now)
            self._uncounted, self._counted = False, time.monotonic()
            self._count_rest = max(_COUNT, _COUNT_REST * (self._counted - began))

    def _show(self, model: Model, now: int) -> None:
        """Another model, with what will be asked of it first already fetched."""
        model.prefetch(now)
        if self._looked_at is not None:
            model.prefetch(self._looked_at)
        self.model = model

    def _judge(self) -> None:
        began = time.monotonic()
        self._studied = self.model.study()
        self.model.studied = self._studied
        self.model.look_back()
        self._study_rest = max(_STUDY, _STUDY_REST * (time.monotonic() - began))

    def _states(self) -> list[FeedState]:
        """Of the plant's feeds; the store may know others, which it once had."""
        recorder = self._recorder
        states = recorder.states() if recorder is not None else self._told
        return [state for state in states if state.name in self._settings]

    def _trouble(self) -> tuple[str, int]:
        """Why nothing can be recorded or read, and since when."""
        recorder = self._recorder
        if recorder is not None and recorder.trouble:
            return recorder.trouble, recorder.trouble_since
        return self._unreadable
