"""A port of this process that passes bytes on to another port of this computer, which may change or be away."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable


class Relay:
    """Each connection goes to `target` as it is then, and ends with it; without a target it is closed at once.

    answer: what is said instead to a client whose first bytes are given, before its connection is closed; None: it is
    passed on.
    """

    def __init__(self, target: int | None = None, answer: Callable[[bytes], bytes | None] | None = None) -> None:
        self.target, self._answer = target, answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.1)
        self.port: int = self._listening.getsockname()[1]
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Relay:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends all connections."""
        self._closing.set()
        for thread in self._threads:
            thread.join(5)
        self._listening.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                near, _ = self._listening.accept()
            except TimeoutError:
                continue
            near.settimeout(None)
            thread = threading.Thread(target=self._pass, args=(near, self.target), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pass(self, near: socket.socket, target: int | None) -> None:
        with near, selectors.DefaultSelector() as both:
            if target is None:
                return
            first = b""
            if self._answer is not None:
                first = near.recv(65_536)
                answer = self._answer(first)
                if answer is not None:
                    near.sendall(answer)
                    return
            try:
                far = socket.create_connection(("127.0.0.1", target), timeout=2)
            except OSError:
                return  # the client sees its connection closed, as with a server that is not there
            with far:
                far.sendall(first)
                both.register(near, selectors.EVENT_READ, far)
                both.register(far, selectors.EVENT_READ, near)
                while not self._closing.is_set() and self.target == target:
                    for ready, _ in both.select(0.1):
                        try:
                            data = ready.fileobj.recv(65_536)  # type: ignore[union-attr]
                            ready.data.sendall(data)
                        except OSError:
                            return
                        if not data:
                            return
