"""A meeting about a small plant, with its door open and a pilot at its screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from factoryview.app.options import PlantOptions
from factoryview.app.playback import Playback, Replay
from factoryview.language import Code, Language
from factoryview.meeting.holding import Meeting
from factoryview.meeting.screen import MeetingScreen
from factoryview.plant.models import Mark
from factoryview.plant.notes import Note, read_notes
from factoryview.plant.noting import add_note
from factoryview.view.model import Model
from tests.kit.halved import BEGIN, DUE, halved
from tests.kit.pilot import Pilot

TOKEN = "a-token-of-the-tests"
LAST_TIME = Note(
    id="last", at=BEGIN + timedelta(days=30), stage="Check", text="Check twice as fast", who="operations", due=DUE,
    state="begun", said=BEGIN,
)  # fmt: skip


def made(folder: Path) -> Model:
    """A plant with an action item of last time and two moments that somebody has marked."""
    factory, _ = halved(folder, 150)
    assert factory.notes_folder is not None
    factory.notes = add_note(factory.notes_folder, LAST_TIME)
    marks = tuple(
        Mark(at=BEGIN + timedelta(days=day), label={"en": words}) for day, words in ((40, "New form"), (84, "Faster"))
    )
    factory.plant = factory.plant.model_copy(update={"marks": marks})
    model = Model(factory)
    model.look_back()
    return model


@contextmanager
def meeting(model: Model, size: tuple[int, int] = (1280, 720), code: Code = "en") -> Iterator[tuple[Pilot, Meeting]]:
    """About that plant; what is written in it is taken away at its end."""
    folder = model.factory.notes_folder
    assert folder is not None
    held = Meeting("127.0.0.1", 0, TOKEN, code)

    def screen(playback: Playback, at: tuple[int, int], options: PlantOptions) -> MeetingScreen:
        return held.screen(playback, at, options, minutes=2.0)

    class Chair(Pilot):
        SCREEN = staticmethod(screen)  # type: ignore[assignment]  # a screen that needs more than a plant

    try:
        yield Chair(Replay(model, Language(code, "UTC")), size, paused=True), held
    finally:
        held.close()
        for file in folder.iterdir():
            if file.stem != LAST_TIME.id:
                file.unlink()
        model.factory.notes = read_notes(folder)
