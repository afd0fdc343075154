"""A meeting as a whole: the room, the door at which phones come in, and the screen."""

from __future__ import annotations

from pathlib import Path

from factoryview.app.options import PlantOptions
from factoryview.app.playback import Playback
from factoryview.errors import UsageError
from factoryview.language import Code
from factoryview.language.catalogues import Catalogue
from factoryview.language.said import said
from factoryview.meeting.course import Course
from factoryview.meeting.room import Room
from factoryview.meeting.screen import MeetingScreen
from factoryview.meeting.site import LIMITS, MeetingSite
from factoryview.meeting.workshop import WorkshopScreen
from factoryview.plant.workshop_file import Workshop
from factoryview.serving.door import Door
from factoryview.serving.request import is_loopback
from factoryview.view.moments import parse_moment
from factoryview.view.ticks import micros
from factoryview.wall.code import PhoneCode
from factoryview.wall.remote.page import PhonePage
from factoryview.wall.remote.token import address_of, page_url


def _keys(texts: Catalogue) -> list[str]:
    """Of what the phone page may say; a text in one form only."""
    return [f"meeting.{name}" for name in texts.keys("meeting") if name.startswith("page_")]


class Meeting:
    """A meeting to which phones can come, until `close`."""

    def __init__(self, host: str, port: int, token: str, language: Code) -> None:
        """Raises DoorError when the port cannot be had."""
        self.room = Room(Course())
        self._screen: WorkshopScreen | None = None
        page = PhonePage(language, "factoryview.meeting", _keys)
        self._door = Door(host, port, MeetingSite(token, page, self.room), LIMITS, "meeting")
        address = address_of(host, self._door.port)
        self.code = PhoneCode(page_url(address, token), address, is_loopback(host))

    def screen(
        self, playback: Playback, size: tuple[int, int], options: PlantOptions, *,
        since: str | None = None, until: str | None = None, minutes: float = 5.0,
    ) -> MeetingScreen:  # fmt: skip
        """The screen on a surface of that size. since, until: as typed. Raises UsageError for what is no moment."""
        model = playback.model
        zone = model.factory.plant.timezone
        first, last = (
            edge
            if typed is None
            else min(max(parse_moment(typed, model.first, model.last, zone), model.first), model.last)
            for typed, edge in ((since, model.first), (until, model.last))
        )
        if first >= last:
            raise UsageError(said("error.span_empty"))
        return MeetingScreen(playback, size, options, self.room, first, last, minutes, self.code)

    def workshop(
        self, playback: Playback, size: tuple[int, int], options: PlantOptions, *,
        workshop: Workshop, path: Path, at: str | None = None, minutes: float = 5.0,
    ) -> WorkshopScreen:  # fmt: skip
        """The screen of a workshop that is kept in a file. at: as typed; None: as the workshop says, else the end.

        Raises UsageError for what is no moment.
        """
        model = playback.model
        begin = model.last if workshop.at is None else micros(workshop.at, playback.language)
        if at is not None:
            begin = parse_moment(at, model.first, model.last, model.factory.plant.timezone)
        begin = min(max(begin, model.first + 1), model.last)
        self._screen = WorkshopScreen(playback, size, options, self.room, begin, minutes, self.code, workshop, path)
        return self._screen

    def close(self) -> None:
        """Phones find nothing any more."""
        self._door.close()
        if self._screen is not None:
            self._screen.close()
