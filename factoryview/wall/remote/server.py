"""The remote as a whole: a door with the phone page behind it, while the wall runs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from factoryview.plant.wall_file import Remote as Settings
from factoryview.serving.door import Door, DoorError
from factoryview.serving.request import Limits, is_loopback
from factoryview.wall.control import Health, Picture, Steering
from factoryview.wall.remote.orders import LARGEST
from factoryview.wall.remote.page import PhonePage
from factoryview.wall.remote.site import RemoteSite
from factoryview.wall.remote.token import address_of, page_url

AGAIN_AFTER = 30.0
"""Seconds until a port that could not be had is tried again."""
_log = logging.getLogger(__name__)
LIMITS = Limits(largest=LARGEST, head=8_192, idle=30.0, reading_body=5.0, grace=2.0, connections=64, memory=1_000_000)


class RemoteServer:
    """Serves from the beginning, on a thread of its own, until `close`."""

    def __init__(
        self, settings: Settings, token: str, steering: Steering, health: Health, picture: Picture, page: PhonePage,
        limits: Limits = LIMITS,
    ) -> None:  # fmt: skip
        """Raises DoorError when the port cannot be had."""
        site = RemoteSite(token, page, steering, health, picture)
        self._door = Door(settings.host, settings.port, site, limits, "remote")
        self.port = self._door.port
        self.address = settings.address or address_of(settings.host, self.port)
        self.url = page_url(self.address, token)
        """What the code on the wall says. Holds the token: not for a log."""
        self.is_local = settings.address is None and is_loopback(settings.host)
        """No phone can reach it: only programs of this computer."""

    def close(self) -> None:
        """Free the port; returns within a second."""
        self._door.close()


class RemoteKeeper:
    """Opens the remote as soon as it can be had: the network of a computer that has just started comes later."""

    def __init__(self, open_it: Callable[[], RemoteServer] | None, clock: Callable[[], float] = time.monotonic) -> None:
        """open_it: None where no remote is wanted."""
        self._open, self._clock = open_it, clock
        self._again = float("-inf")
        self._told = ""
        self.server: RemoteServer | None = None

    def look(self) -> None:
        """Try to open it, if it is time to. To be called often, by one thread."""
        if self._open is None or self.server is not None or self._clock() < self._again:
            return
        self._again = self._clock() + AGAIN_AFTER
        try:
            self.server = self._open()
        except DoorError as error:
            if str(error) != self._told:
                _log.warning("remote: %s", error)
            self._told = str(error)
        else:
            _log.info("remote: the phone page is at %s", self.server.address)

    def close(self) -> None:
        """Free the port."""
        if self.server is not None:
            self.server.close()
