"""A real mosquitto broker on loopback, that can be killed and remembers its sessions when it was told to save them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.kit.servers.redis_server import free_port

PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
PASSWD = shutil.which("mosquitto_passwd")


class MqttBroker:
    """Started at the same port each time, with the sessions and queues that were saved before.

    password: of the user "plant"; without one everybody may come. more: further lines of its configuration.
    durable: save after each change (slow for many messages); else at `save`. As a context it is stopped at the end,
    whatever happened. The test is skipped where the program is missing.
    """

    def __init__(self, folder: Path, password: str = "", *, durable: bool = False, more: Sequence[str] = ()) -> None:
        self.folder, self.password, self.durable, self.more = folder, password, durable, more
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address, with user and password if there is one."""
        return f"mqtt://{f'plant:{self.password}@' if self.password else ''}127.0.0.1:{self.port}"

    def __enter__(self) -> MqttBroker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Returns when it accepts connections."""
        if PROGRAM is None or (self.password and PASSWD is None):
            pytest.skip("needs the program mosquitto (Debian package mosquitto)")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [PROGRAM, "-c", str(self._configured())], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 15
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > until or self._process.poll() is not None:
                    self.kill()
                    raise
                time.sleep(0.02)

    def save(self) -> None:
        """What it holds goes to its disk; returns when it is there."""
        assert self._process is not None
        database = self.folder / "mosquitto.db"
        database.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR1)
        until = time.monotonic() + 10
        while not database.exists():
            assert time.monotonic() < until, "mosquitto did not save"
            time.sleep(0.02)

    def stall(self) -> None:
        """It stays there and answers nothing more, until it is killed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def send(self, topic: str, bodies: Sequence[str | bytes], qos: int = 1) -> None:
        """One message per body, in order; returns when the broker has acknowledged them all."""
        from paho.mqtt import client as paho
        from paho.mqtt.enums import CallbackAPIVersion

        sender = paho.Client(CallbackAPIVersion.VERSION2)
        sender.max_inflight_messages_set(1_000)
        if self.password:
            sender.username_pw_set("plant", self.password)
        done, left = threading.Event(), len(bodies)

        def published(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                done.set()

        sender.on_publish = published
        sender.connect("127.0.0.1", self.port)
        sender.loop_start()
        for body in bodies:
            sender.publish(topic, body, qos=qos)
        assert done.wait(60), f"{left} of {len(bodies)} messages were not taken by the broker"
        sender.disconnect()
        sender.loop_stop()

    def _configured(self) -> Path:
        lines = [
            f"listener {self.port} 127.0.0.1",
            "persistence true",
            f"persistence_location {self.folder}/",
            "max_queued_messages 0",
            "max_inflight_messages 0",
            "autosave_on_changes true" if self.durable else "autosave_on_changes false",
            "autosave_interval 1" if self.durable else "autosave_interval 0",
            *self.more,
        ]
        if self.password:
            users = self.folder / "users"
            users.write_text(f"plant:{self.password}\n")
            users.chmod(0o600)
            subprocess.run([str(PASSWD), "-U", str(users)], check=True, stdout=subprocess.DEVNULL)
            lines += ["allow_anonymous false", f"password_file {users}"]
        else:
            lines.append("allow_anonymous true")
        if os.geteuid() == 0:
            lines.append("user root")  # else it becomes the user mosquitto, who may not write here
        config = self.folder / "mosquitto.conf"
        config.write_text("\n".join(lines) + "\n")
        return config
