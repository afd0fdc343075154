"""A film made while one goes on looking: its frames are drawn between those of the window, and encoded on a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Event
from time import perf_counter

import pygame

from factoryview import background
from factoryview.app.options import PlantOptions
from factoryview.app.playback import Playback
from factoryview.app.session import Effect, Session
from factoryview.errors import FactoryviewError, InputError
from factoryview.export.captions import Caption, shown
from factoryview.export.film import check_film, film_writer, usual_fps
from factoryview.export.filming import Format, caption_over, moments_of
from factoryview.export.frames import Frames, whole_floor
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.output import check_output
from factoryview.scene.floor.camera import Camera
from factoryview.scene.themes import THEMES
from factoryview.scene.ui.composition import LARGE, composed
from factoryview.time import DAY
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation

_LATELY = 30 * DAY
"""What is filmed where no span plays again and again."""
FILMS: Mapping[Effect, str] = {"film": ".mp4", "film_gif": ".gif", "film_pictures": "-%04d.png"}
"""What is asked for → how the name of the file ends."""
_SHORTEST, _LONGEST = 5.0, {".mp4": 120.0, ".gif": 20.0, "-%04d.png": 20.0}
"""Seconds of a film."""
_SLICE = 0.008
"""Seconds between two frames of the window in which frames of the film are drawn; one is, however long it takes."""
_PATIENCE = 0.1
"""Seconds after which the encoder looks whether a film is still wanted."""
_READY = 2
"""Frames that are drawn before the encoder takes them."""


def span_of(session: Session) -> tuple[int, int]:
    """What is filmed (µs UTC): the span that plays again and again, else the last days of the log."""
    head = session.playhead
    return head.within or (max(head.first, head.end - _LATELY), head.end)


def seconds_of(session: Session, suffix: str) -> float:
    """How long the film is: as long as it takes at the pace at which it plays, within limits."""
    first, last = span_of(session)
    return min(max((last - first) / session.playhead.pace, _SHORTEST), _LONGEST[suffix])


class Filming:
    """One film. Its frames are those of `render`; what they need is fetched on worker threads while one waits."""

    def __init__(
        self, presentation: Presentation, path: Path, form: Format, span: tuple[int, int], seconds: float,
        camera: Camera | None = None, *, student: Playback | None = None, captions: Sequence[Caption] = (),
    ) -> None:  # fmt: skip
        """Raises InputError or UsageError where it cannot be made. camera: by default the whole floor is seen.

        student: what finds out sooner or later what limits the plant, and its frames wait for that; of a live one that
        is put down at a later model than the one that is filmed.
        """
        check_film(path, form.size, form.fps)
        check_output(path)
        self.path = path
        self.error: FactoryviewError | None = None
        """Why it could not be written."""
        self._seen_by, self._form, self._camera = presentation, form, camera
        self._moments, self._pace = moments_of(span, seconds, form.fps)
        self._shown = shown(captions, self._moments, form.fps)
        self._drawn: Frames | None = None
        self._student = student
        self._model: Model | None = None
        self._done = 0
        self._frames: Queue[pygame.Surface | None] = Queue(_READY)
        self._given_up, self._ended = Event(), False
        self._encoder = background.begin(self._encode, "film", stop=self._given_up.set)

    @classmethod
    def of(
        cls, presentation: Presentation, played: Playback, session: Session, suffix: str, size: tuple[int, int],
        options: PlantOptions,
    ) -> Filming:  # fmt: skip
        """Of what somebody sees in a window of that size, into a file of the present folder; raises as the class.

        played: what is studied, of which the presentation may be a part or a future. suffix: of `FILMS`.
        """
        first, last = span_of(session)
        path = Path(f"factoryview-{first // 1_000_000}-{last // 1_000_000}{suffix}")
        even = size[0] - size[0] % 2, size[1] - size[1] % 2
        theme = THEMES[session.theme].seen_through(session.lens)
        scale = LARGE if session.large_text else 1.0
        form = Format(even, usual_fps(path), theme, options.smallest_text, session.low_motion, options.logo, scale)
        student = played if presentation.model.counts.jams is played.model.counts.jams else None
        camera = session.camera.instead(session.home, whole_floor(presentation.facts, composed(even, scale)))
        return cls(presentation, path, form, (first, last), seconds_of(session, suffix), camera, student=student,
                   captions=options.captions)  # fmt: skip

    @property
    def share(self) -> float:
        """How much of it is drawn."""
        return self._done / len(self._moments)

    def progress(self, language: Language) -> str:
        """How far it is, and how to give it up."""
        return language.text("notice.filming", share=language.percent(self.share))

    def ended(self, language: Language) -> str:
        """What became of it; one that is not over is given up."""
        if not self.over:
            self.give_up()
            return language.text("notice.film_given_up")
        self.give_up()
        if self.error is not None:
            return language.text("notice.not_saved", name=self.path.name, why=self.error.inside(language.code))
        return language.text("notice.film_saved", name=self.path.name)

    @property
    def over(self) -> bool:
        """It is written, or cannot be."""
        return not self._encoder.is_alive()

    def advance(self) -> bool:
        """Draw what there is time for, and return soon: whether it is over."""
        until = perf_counter() + _SLICE
        while self._one() and perf_counter() < until:
            pass
        return self.over

    def give_up(self) -> None:
        """No film is wanted any more; none is left behind."""
        self._given_up.set()
        self._encoder.join()

    def _one(self) -> bool:
        """Draw the next frame; False where it has to wait, or there is none."""
        if self._frames.full() or self._ended or self.over:
            return False
        if self._done == len(self._moments):
            self._frames.put(None)
            self._ended = True
            return False
        at, model = self._moments[self._done], self._model_at_hand()
        if model is None:
            return False
        if not model.at_hand(at):
            model.look_ahead(at, self._pace)
            return False
        if self._drawn is None:
            form, shown = self._form, self._seen_by.of(model)
            self._drawn = Frames(
                shown, form.size, form.theme, camera=self._camera, smallest_text=form.smallest_text,
                low_motion=form.low_motion, logo=form.logo, scale=form.scale,
            )  # fmt: skip
        over = caption_over(self._shown, self._done, self._drawn)
        self._done += 1
        surface = self._drawn.at(at, self._pace, playing=self._done < len(self._moments), overlay=over)
        self._frames.put(surface.copy())
        return True

    def _model_at_hand(self) -> Model | None:
        """The plant with windows of its own; None while it is not known what limits it, which frames say."""
        seen = self._seen_by.model
        studied = seen.studied or (None if self._student is None else self._student.model.studied)
        if self._model is None and (self._student is None or studied is not None):
            self._model = seen.beside()
            self._model.studied = studied
        return self._model

    def _encode(self) -> None:
        try:
            with film_writer(self.path, self._form.size, self._form.fps, title=self._seen_by.facts.title) as write:
                for frame in iter(self._next, None):
                    write(frame)
        except _GivenUpError:
            return
        except FactoryviewError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001  (whatever it is, a film that is not there must not be called saved)
            self.error = InputError(said("error.film_not_written", why=error), where=str(self.path))

    def _next(self) -> pygame.Surface | None:
        """The next frame for the encoder; None after the last one."""
        while not self._given_up.is_set():
            try:
                return self._frames.get(timeout=_PATIENCE)
            except Empty:
                continue
        raise _GivenUpError


class _GivenUpError(Exception):
    """Ends the writing of a film, which then leaves nothing."""
