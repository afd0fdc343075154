"""A small HTTP server, bounded in every way.

One thread runs it, so that a hundred slow senders cost a hundred open connections and nothing else.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import traceback
from contextlib import suppress
from typing import Any

from factoryview import background
from factoryview.errors import FactoryviewError
from factoryview.language.said import also, because, said
from factoryview.serving.exchange import Connection, Site
from factoryview.serving.request import Limits, Pool

_log = logging.getLogger(__name__)


class DoorError(FactoryviewError):
    """The port cannot be had: which, and why."""


class Door:
    """The server; it listens from the beginning. `port` is the real one, also where 0 was asked for."""

    def __init__(self, host: str, port: int, site: Site, limits: Limits, name: str) -> None:
        """name: of its thread and in the log. Raises DoorError when the port cannot be had."""
        self._site, self._limits, self._pool, self._name = site, limits, Pool(limits.memory), name
        self._connections: set[asyncio.Task[Any]] = set()
        self._listening: dict[asyncio.Task[Any], None] = {}
        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._thread = background.begin(self._run, name, stop=self._close_soon)

    @property
    def is_open(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        """Cut every connection and free the port; returns within a second. To be called once."""
        if self._thread.is_alive():
            self._close_soon()
            self._thread.join(1.0)

    def _close_soon(self) -> None:
        with suppress(RuntimeError):  # its loop has just ended
            self._loop.call_soon_threadsafe(self._closing.set)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        asyncio.get_running_loop().set_exception_handler(self._report)
        server = await asyncio.start_server(self._connected, sock=self._socket, limit=self._limits.head)
        await self._closing.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        has_room = self._make_room()
        self._connections.add(task)
        connection = Connection(reader, writer, self._site, self._limits, self._pool)
        try:
            if has_room:
                await self._serve_one(task, connection)
            else:
                await connection.refuse(503, "too many connections; come back later", Retry_After="2")
            self._listening[task] = None
            await connection.part()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()  # whoever has left, does not read, or is cut by us, is given no answer
        finally:
            self._listening.pop(task, None)
            self._connections.discard(task)
            writer.close()

    async def _serve_one(self, task: asyncio.Task[Any], connection: Connection) -> None:
        more = True
        while more:
            self._listening[task] = None
            request = await connection.listen()
            del self._listening[task]
            more = request is not None and await connection.reply(request)

    def _make_room(self) -> bool:
        """Whether one more may come. Where all places are taken, whoever has kept us waiting the longest is cut."""
        if len(self._connections) < self._limits.connections:
            return True
        if not self._listening:
            return False
        longest = next(iter(self._listening))
        del self._listening[longest]
        self._connections.discard(longest)
        longest.cancel()
        return True

    def _report(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A fault of ours, or no more files to open: where it was, and nothing that a sender said."""
        error = context.get("exception")
        where = traceback.extract_tb(error.__traceback__)[-1:] if error is not None else []
        place = "".join(f" in {frame.name}, line {frame.lineno}" for frame in where)
        told = type(error).__name__ if error is not None else context.get("message", "")
        _log.error("%s: %s%s", self._name, told, place)


def _listen(host: str, port: int) -> socket.socket:
    """The first address of `host`; `localhost` means IPv4, which every sender tries."""
    place = said("trouble.port_place", port=port, host=host)
    try:
        family, _, _, _, address = socket.getaddrinfo(
            "127.0.0.1" if host == "localhost" else host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=128)
    except socket.gaierror:
        raise DoorError(said("error.no_address", place=place)) from None
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: said("trouble.port_taken"),
            errno.EACCES: said("trouble.port_low"),
            errno.EADDRNOTAVAIL: said("trouble.address_missing"),
        }
        raise DoorError(also([place, reasons.get(error.errno or 0, because(error))], ": ")) from None
