"""Telling systemd how a service is: one datagram to the socket it names (sd_notify(3))."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping

_log = logging.getLogger(__name__)


class Notifier:
    """Speaks to systemd, or to nobody where the program is no service."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._failed = False

    def ready(self) -> None:
        """The service has begun."""
        self._say("READY=1")

    def alive(self, status: str) -> None:
        """It goes on; status: a line for `systemctl status`."""
        self._say("WATCHDOG=1\nSTATUS=" + " ".join(status.split()))

    def stopping(self) -> None:
        """It ends of its own accord."""
        self._say("STOPPING=1")

    def _say(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.connect(self._address)
                sock.sendall(state.encode())
            self._failed = False
        except OSError as error:
            if not self._failed:  # said once, not every second
                _log.warning("wall: systemd is not reached: %s", error)
            self._failed = True
