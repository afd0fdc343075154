"""The remote as a whole: a door with the phone page behind it, while the wall runs."""

from __future__ import annotations

import os

from factoryview.app.settings import settings_file
from factoryview.errors import InputError
from factoryview.language import Code
from factoryview.plant.wall_file import Remote as Settings
from factoryview.serving.door import Door, DoorError
from factoryview.serving.request import Limits, is_loopback
from factoryview.wall.control import Health, Picture, Steering
from factoryview.wall.remote.orders import LARGEST
from factoryview.wall.remote.page import PhonePage
from factoryview.wall.remote.site import RemoteSite
from factoryview.wall.remote.token import address_of, page_url, token_from

LIMITS = Limits(largest=LARGEST, head=8_192, idle=30.0, reading_body=5.0, grace=2.0, connections=64, memory=1_000_000)


class RemoteServer:
    """Serves from the beginning, on a thread of its own, until `close`."""

    def __init__(
        self,
        settings: Settings,
        steering: Steering,
        health: Health,
        picture: Picture,
        language: Code = "en",
        limits: Limits = LIMITS,
    ) -> None:
        """language: of the page on phones that ask for none there is. Raises InputError when the port cannot be had,
        or the token.
        """
        token = token_from(settings.token_env, os.environ, settings_file().with_name("wall.token"))
        site = RemoteSite(token, PhonePage(language), steering, health, picture)
        try:
            self._door = Door(settings.host, settings.port, site, limits, "remote")
        except DoorError as error:
            raise InputError(f"{error}.", where="[remote]", cure="Choose another host or port.") from None
        self.port = self._door.port
        self.address = settings.address or address_of(settings.host, self.port)
        self.url = page_url(self.address, token)
        """What the code on the wall says. Holds the token: not for a log."""
        self.is_local = settings.address is None and is_loopback(settings.host)
        """No phone can reach it: only programs of this computer."""

    def close(self) -> None:
        """Free the port; returns within a second."""
        self._door.close()
