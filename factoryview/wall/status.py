"""How several walls are: each is asked for its health, and says it in one line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import unquote, urlsplit

from factoryview.app.settings import settings_file
from factoryview.errors import UsageError
from factoryview.language import Language
from factoryview.language.said import said
from factoryview.plant.wall_file import KINDS, Remote
from factoryview.time import micros_of

PORT: int = Remote().port
HTTPS_PORT = 443
"""Where an address with https is, unless it says so itself."""
LONGEST = 5.0
"""Seconds that a wall may take to answer."""
_LARGEST = 1_000_000
_AT_ONCE = 16


@dataclass(frozen=True)
class Asked:
    """A wall to be asked."""

    name: str
    """As it was given, without a token."""
    host: str
    port: int
    token: str
    tls: bool = False
    """Whether it is asked through TLS, as behind a reverse proxy."""


@dataclass(frozen=True)
class Told:
    """What came back."""

    name: str
    well: bool
    line: str


def asked_of(given: str, token: str) -> Asked:
    """HOST, HOST:PORT, or the address of a phone page with its token behind #. token: of those that have none.

    Raises UsageError for what is none of these.
    """
    url = urlsplit(given if "://" in given else f"http://{given}")
    try:
        host, port = url.hostname, url.port or (HTTPS_PORT if url.scheme == "https" else PORT)
    except ValueError:
        host, port = None, 0
    if not host or url.scheme not in ("http", "https") or url.path not in ("", "/") or url.query or url.username:
        raise UsageError(said("error.status_form", text=given.partition("#")[0]))
    return Asked(given.partition("#")[0], host, port, unquote(url.fragment) or token, url.scheme == "https")


def kept_token() -> str:
    """The token of the wall of this user, if there is one; else none."""
    try:
        return settings_file().with_name("wall.token").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def status_of(walls: Sequence[Asked], language: Language) -> list[Told]:
    """One line each, in the order given; all are asked at once."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(lambda wall: _told(wall, language), walls))


def _told(wall: Asked, language: Language) -> Told:
    connection = (HTTPSConnection if wall.tls else HTTPConnection)(wall.host, wall.port, timeout=LONGEST)
    try:
        connection.request("GET", "/health", headers={"Authorization": f"Bearer {wall.token}"})
        answer = connection.getresponse()
        status, body = answer.status, answer.read(_LARGEST)
        said = json.loads(body) if status in (200, 503) else {}
    except (OSError, HTTPException, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return Told(wall.name, False, f"{wall.name}: {language.text('status.unreachable', why=why)}")
    finally:
        connection.close()
    if status == 401:
        return Told(wall.name, False, f"{wall.name}: {language.text('status.token')}")
    try:
        return Told(wall.name, status == 200, f"{wall.name}: {_line(said, language)}")
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):  # another program answers there
        return Told(wall.name, False, f"{wall.name}: {language.text('status.no_wall', status=status)}")


def _line(said: dict[str, Any], language: Language) -> str:
    """`runs · Goals · frame 0.1 s ago · newest event 1 min ago (crm) · 234 MB · 1 alarm · 0.1.0`."""
    now, events = _micros(said["now"]), {name: _micros(at) for name, at in said["events"].items()}
    parts = [language.text(f"status.{said['health']}"), _view(said["view"], language)]
    if said["frame_age_seconds"] is not None:
        parts.append(language.text("status.frame", span=language.number(said["frame_age_seconds"], 1)))
    if events:
        name = min(events, key=lambda each: events[each])
        parts.append(language.text("status.event", span=language.since(max(0, now - events[name])), source=name))
    parts.append(language.text("status.memory", mb=language.number(said["memory_mb"])))
    loud = sum(alarm["state"] in ("new", "worse", "overdue") for alarm in said["alarms"])
    parts.append(language.count("status.alarms", loud))
    return " · ".join(part for part in (*parts, said["version"]) if part)


def _view(name: str, language: Language) -> str:
    """A view as `names_of` calls it, in words."""
    kind, _, rest = name.partition(" ")
    key = f"view_{kind}"
    return f"{language.text(f'remote.{key}')} {rest}".strip() if kind in KINDS else name


def _micros(text: str) -> int:
    return micros_of(datetime.fromisoformat(text))
