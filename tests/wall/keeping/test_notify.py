"""What systemd is told, over the socket it names."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from factoryview.wall.keeping.notify import Notifier
from tests.wall.keeping.test_supervisor import Lives

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX") or sys.platform == "win32", reason="sockets of Unix")


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(address)
        sock.settimeout(10)
        yield address, sock


def test_each_state_is_one_datagram(systemd: tuple[str, socket.socket]) -> None:
    address, sock = systemd
    notifier = Notifier({"NOTIFY_SOCKET": address})
    notifier.ready()
    notifier.alive("goals\nREADY=0")
    notifier.stopping()
    said = [sock.recv(1_000) for _ in range(3)]
    assert said == [b"READY=1", b"WATCHDOG=1\nSTATUS=goals READY=0", b"STOPPING=1"]


def test_a_supervisor_says_that_its_wall_lives(systemd: tuple[str, socket.socket], tmp_path: Path) -> None:
    address, sock = systemd
    assert Lives(tmp_path, "0").run(environment={"NOTIFY_SOCKET": address})[0] == 0
    said = []
    while not said or said[-1] != b"STOPPING=1":
        said.append(sock.recv(1_000))
    assert said[0] == b"READY=1"
    assert b"WATCHDOG=1\nSTATUS=goals" in said


def test_where_nobody_listens_it_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Notifier({}).alive("x")
    assert caplog.records == []
    notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    for _ in range(3):
        notifier.alive("x")
    assert len(caplog.records) == 1
