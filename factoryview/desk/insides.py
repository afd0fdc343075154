"""Into a machine that holds several activities: its own floor, made on a worker thread, and back out again."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from factoryview.app.options import PlantOptions
from factoryview.app.playback import Playback
from factoryview.app.session import Session
from factoryview.errors import FactoryviewError
from factoryview.factory.inside import inside_of, opens
from factoryview.language import Code
from factoryview.view.lens import CHANNEL
from factoryview.view.model import Model


@dataclass(frozen=True, eq=False)
class Outside:
    """What was looked at before."""

    playback: Playback
    options: PlantOptions
    session: Session
    past: list[Session]
    future: list[Session]

    def again(self, now: Session) -> Session:
        """Where one was, at the moment that is looked at now."""
        return replace(
            self.session, playhead=replace(self.session.playhead.sought(now.playhead.at), playing=now.playhead.playing),
            theme=now.theme, language=now.language, low_motion=now.low_motion, large_text=now.large_text,
            filming=now.filming,
        )  # fmt: skip


class Insides:
    """The floors inside machines. `ask` returns at once."""

    def __init__(self) -> None:
        self.outside: list[Outside] = []
        """The way back, the last one last."""
        self._worker = ThreadPoolExecutor(1, "inside")
        self._asked: tuple[Model, str, Future[Model]] | None = None

    def opens(self, model: Model, node: str) -> bool:
        """Whether a node is a machine with a floor of its own."""
        stage = node.removeprefix("stage/")
        return stage in model.topology.stages and not model.live and opens(model.factory, stage)

    def ask(self, model: Model, stage: str, language: Code) -> Future[Model] | None:
        """The plant inside a machine, once its floor is there; of the cases that the model has."""
        if self._asked is None or self._asked[:2] != (model, stage):
            self._asked = model, stage, self._worker.submit(_inside, model, stage, language)
        return self._asked[2] if self._asked[2].done() else None

    def at_hand(self) -> object:
        """What has come."""
        return self._asked is not None and self._asked[2].done()

    def settle(self) -> None:
        """Wait until what was asked for has come."""
        if self._asked is not None:
            self._asked[2].exception()


def _inside(model: Model, stage: str, language: Code) -> Model:
    return Model(inside_of(model.factory, stage, language), aspect=model.topology.aspect)


def entered(session: Session, inner: Model) -> Session:
    """Inside, at the moment that was looked at, with nothing chosen yet."""
    head = replace(session.playhead, first=inner.first, last=inner.last, within=None).sought(session.playhead.at)
    return replace(
        session, playhead=head, ribbon=None, loop_from=None, lens=CHANNEL, selection="", made_room=None, been=(),
        ahead=(), tray=False, filters=(), followed=-1, scenarios=(), scenario="", focus="", hover="", opening="",
        depth=session.depth + 1,
    )  # fmt: skip


def trouble(found: Future[Model]) -> FactoryviewError | None:
    """What speaks against showing it; raises what is a mistake of the program."""
    error = found.exception()
    if error is None or isinstance(error, FactoryviewError):
        return error
    raise error
