"""A remote opened for a test, a loop that beats like the wall's, and a phone that speaks to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import unquote, urlsplit

from factoryview.plant.wall_file import Remote as Settings
from factoryview.time import HOUR, SECOND
from factoryview.wall.control import AlarmReport, Health, Picture, PlantReport, Steering
from factoryview.wall.remote.page import PhonePage
from factoryview.wall.remote.server import RemoteServer

TOKEN = "correct-horse/battery+staple"
NOW = 1_748_000_000 * SECOND
"""23 May 2025, 11:33 UTC."""
ALARM = AlarmReport("Umsatz & Werk", "Approval", "jam", "new", NOW - 9 * HOUR, "193 waiting for approval")
VIEWS = ("whole", "goals", "Vertrieb <1>")


class Phone:
    """Speaks HTTP to the remote on this computer. `token`: what it says it has."""

    def __init__(self, remote: RemoteServer, steering: Steering, health: Health, picture: Picture, notes: Path) -> None:
        self.remote, self.steering, self.health, self.picture, self.notes = remote, steering, health, picture, notes
        self.token: str | None = unquote(urlsplit(remote.url).fragment)

    def beat(self, **changes: object) -> None:
        """The loop has finished a frame."""
        plant = PlantReport(ALARM.plant, NOW, "Europe/Berlin", self.notes)
        said = {
            "frame_at": NOW, "view": "goals", "views": VIEWS, "events": {"crm": NOW - SECOND}, "memory_mb": 234.56,
            "version": "9.9", "alarms": (ALARM,), "plants": (plant,), **changes,
        }  # fmt: skip
        self.health.beat(**said)  # type: ignore[arg-type]  # as above

    def ask(
        self, path: str, body: object = None, method: str | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers of the answer; `body` is written as JSON unless it is bytes."""
        connection = HTTPConnection("127.0.0.1", self.remote.port, timeout=10)
        written = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        said = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        if written is not None:
            said["Content-Type"] = "application/json"
        try:
            connection.request(
                method or ("GET" if written is None else "POST"), path, written, {**said, **(headers or {})}
            )
            answer = connection.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()

    def order(self, **order: object) -> tuple[int, dict[str, object]]:
        """Status and JSON of the answer to an order."""
        status, body, _ = self.ask("/orders", order)
        return status, json.loads(body)


@contextmanager
def opened(folder: Path, token: str = TOKEN) -> Iterator[Phone]:
    """A remote with that token, whose loop has finished one frame."""
    steering, health, picture = Steering(), Health(), Picture(seconds=0.0)
    remote = RemoteServer(Settings(enabled=True, port=0), token, steering, health, picture, PhonePage())
    try:
        phone = Phone(remote, steering, health, picture, folder / "plant.notes")
        phone.beat()
        yield phone
    finally:
        remote.close()
