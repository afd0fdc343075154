"""Every kind of source as one thing: it is sent messages, killed, started again; what it did not take comes again."""

from __future__ import annotations

import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.servers.redis_server import free_port

TOKEN = "a-long-random-text-that-opens-the-door"
_ROOT = Path(__file__).parents[3]


class Source(ABC):
    """Use as a context; it is started then, and gone in the end."""

    settings: str
    """What the plant file says of it, without its name."""
    secrets: tuple[str, ...] = ()
    """What nobody may be told."""
    only_json = False
    """Whether nothing but JSON can be sent."""
    keeps_beforehand = True
    """Whether what is sent before the recorder has come for the first time is kept for it."""
    pieces = 50
    """In so many pieces it is sent everything."""
    forgets = False
    """Whether with a kill everything is gone, also what it had acknowledged."""

    @contextmanager
    def running(self) -> Iterator[Source]:
        self.start()
        try:
            yield self
        finally:
            self.close()

    @property
    def environment(self) -> dict[str, str]:
        """What the recorder is told by its environment."""
        return {}

    @abstractmethod
    def start(self) -> None:
        """Also again after a kill, with what it had acknowledged."""

    @abstractmethod
    def kill(self) -> None:
        """kill -9."""

    @abstractmethod
    def send(self, messages: Sequence[str]) -> None:
        """Returns when they are acknowledged. Raises any exception if they may not be."""

    def prepare_kill(self) -> None:  # noqa: B027  # most need nothing
        """Nothing is sent while it is called, and until after the kill."""

    def close(self) -> None:
        self.kill()


class _Child(Source):
    """A program of `children`, fed by a file that only grows."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.outbox = folder, folder / "outbox.jsonl"
        self.progress = folder / "progress"
        self.outbox.touch()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def arguments(self) -> tuple[object, ...]: ...

    @abstractmethod
    def done(self) -> bool:
        """Whether all that is in the outbox is acknowledged."""

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.kit.torrent.children", *map(str, self.arguments)]
        self._process = subprocess.Popen(command, cwd=_ROOT)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def send(self, messages: Sequence[str]) -> None:
        with self.outbox.open("a", encoding="utf-8") as file:
            file.writelines(f"{message}\n" for message in messages)
        until = time.monotonic() + 120
        while not self.done():
            assert time.monotonic() < until, "nothing was acknowledged for two minutes"
            time.sleep(0.01)


class File(_Child):
    """A program that writes a log."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.log = folder / "log.jsonl"
        self.log.touch()
        self.settings = 'kind = "file"\npath = "log.jsonl"'

    @property
    def arguments(self) -> tuple[object, ...]:
        return "write", self.outbox, self.log

    def done(self) -> bool:
        return self.log.stat().st_size == self.outbox.stat().st_size


class Webhook(_Child):
    """A program that posts to our door."""

    only_json = True
    secrets = (TOKEN,)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.settings = f'kind = "webhook"\nport = {self.port}\ntoken = "${{DOOR_TOKEN}}"'

    @property
    def environment(self) -> dict[str, str]:
        return {"DOOR_TOKEN": TOKEN}

    @property
    def arguments(self) -> tuple[object, ...]:
        return "send", self.outbox, self.progress, self.port, TOKEN

    def done(self) -> bool:
        return self.progress.exists() and int(self.progress.read_text()) == self.outbox.stat().st_size


class Endpoint(_Child):
    """A program that is asked; its answer holds the newest rows only."""

    only_json = True
    pieces = 16

    def __init__(self, folder: Path, window: int) -> None:
        super().__init__(folder)
        self.port, self.window, self._lines = free_port(), window, 0
        self.settings = f'kind = "http"\nurl = "http://127.0.0.1:{self.port}/"\nevery = "0.2 s"'

    @property
    def arguments(self) -> tuple[object, ...]:
        return "serve", self.outbox, self.progress, self.port, self.window

    def send(self, messages: Sequence[str]) -> None:
        self._lines += len(messages)
        super().send(messages)

    def done(self) -> bool:
        try:
            return int(self.progress.read_text()) >= self._lines
        except (FileNotFoundError, ValueError):
            return False


class Redis(Source):
    def __init__(self, folder: Path) -> None:
        from tests.kit.servers.redis_server import RedisServer

        self._server = RedisServer(folder / "redis", "the-password-of-redis")
        self.secrets = (self._server.password,)
        url = self._server.url.replace(self._server.password, "${REDIS_PASSWORD}")
        self.settings = f'kind = "redis"\nurl = "{url}"\nstream = "events"'

    @property
    def environment(self) -> dict[str, str]:
        return {"REDIS_PASSWORD": self._server.password}

    def start(self) -> None:
        self._server.start()

    def kill(self) -> None:
        self._server.kill()

    def send(self, messages: Sequence[str]) -> None:
        self._server.add("events", list(messages))


class Postgres(Source):
    """Rows with the message as jsonb."""

    only_json = True

    def __init__(self) -> None:
        from tests.kit.servers import postgres_server

        if postgres_server.BINARIES is None:
            pytest.skip("needs the programs of PostgreSQL (Debian package postgresql)")
        self.secrets = (postgres_server.PASSWORD,)
        self._context = postgres_server.postgres()
        self._server = self._context.__enter__()
        roles = {"id": "event_id"} | {
            role: role for role in ("case", "stage", "time", "value", "channel", "resource", "reason")
        }
        columns = ", ".join(f'{role} = "message.{name}"' for role, name in roles.items())
        self.settings = (
            f'kind = "postgres"\nurl = "${{DATABASE}}"\ntable = "events"\nnotify = "news"\ncolumns = {{{columns}}}'
        )
        with self._server.connect() as connection:
            connection.execute(
                "create table events (id bigserial primary key, tx xid8 not null default pg_current_xact_id(),"
                " message jsonb)"
            )

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE": self._server.url}

    def start(self) -> None:
        if self._server._process is None:
            self._server.start()

    def kill(self) -> None:
        self._server.kill()

    def send(self, messages: Sequence[str]) -> None:
        with self._server.connect() as connection, connection.transaction():
            with connection.cursor().copy("copy events (message) from stdin") as rows:
                for message in messages:
                    rows.write_row((message,))
            connection.execute("notify news")

    def close(self) -> None:
        self._context.__exit__(None, None, None)


class Mqtt(Source):
    """A broker that saves when it is told to, so also before it is killed: what mosquitto has not saved is gone."""

    keeps_beforehand = False

    def __init__(self, folder: Path) -> None:
        from tests.kit.servers.mqtt_broker import MqttBroker

        self._broker = MqttBroker(folder / "mqtt", "the-password-of-mqtt")
        self.secrets = (self._broker.password,)
        url = self._broker.url.replace(self._broker.password, "${MQTT_PASSWORD}")
        self.settings = f'kind = "mqtt"\nurl = "{url}"\ntopic = "plant/#"'

    @property
    def environment(self) -> dict[str, str]:
        return {"MQTT_PASSWORD": self._broker.password}

    def start(self) -> None:
        self._broker.start()

    def kill(self) -> None:
        self._broker.kill()

    def prepare_kill(self) -> None:
        self._broker.save()

    def send(self, messages: Sequence[str]) -> None:
        self._broker.send("plant/events", list(messages))


class Kafka(Source):
    """The mock cluster keeps nothing: after a kill all is sent again."""

    forgets = True

    def __init__(self) -> None:
        from tests.kit.servers.kafka_broker import KafkaBroker

        self._broker = KafkaBroker()
        self.settings = f'kind = "kafka"\nservers = "{self._broker.servers}"\ntopic = "events"'

    def start(self) -> None:
        self._broker.start()

    def kill(self) -> None:
        self._broker.kill()

    def send(self, messages: Sequence[str]) -> None:
        self._broker.send("events", messages)

    def close(self) -> None:
        self._broker.__exit__(None, None, None)
