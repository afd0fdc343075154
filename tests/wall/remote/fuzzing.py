"""Requests for the remote with things done to them, and whether what comes back may come back."""

from __future__ import annotations

import json
import random
import re
import socket
from collections import Counter

from tests.kit.broken_requests import broken
from tests.wall.remote.phone import ALARM, TOKEN, Phone

_MAY_BE = {200, 400, 401, 404, 405, 408, 411, 413, 415, 417, 429, 431, 501, 503, 505, 507}
_HEAD = f"Host: a\r\nAuthorization: Bearer {TOKEN}\r\n"


def _requests() -> list[bytes]:
    orders: list[dict[str, object]] = [
        {"order": "next"}, {"order": "pin", "view": "goals"}, {"order": "brightness", "value": 0.5},
        {"order": "answer", "alarm": ALARM.id, "state": "worked on", "until": "2025-07-31", "role": "x"},
        {"order": "reason", "plant": ALARM.plant, "day": "2025-05-23", "hour": 9, "text": "x"},
    ]  # fmt: skip
    bodies = [json.dumps(order).encode() for order in orders]
    post = f"POST /orders HTTP/1.1\r\n{_HEAD}Content-Type: application/json\r\n"
    posts = [f"{post}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies]
    return [*posts, *(f"GET {path} HTTP/1.1\r\n{_HEAD}\r\n".encode() for path in ("/", "/health", "/orders"))]


def fuzz(phone: Phone, count: int, seed: int = 1) -> tuple[Counter[int], list[bytes]]:
    """The statuses that came back, and the answers that none may look like."""
    chance, valid = random.Random(seed), _requests()
    statuses: Counter[int] = Counter()
    wrong: list[bytes] = []
    for _ in range(count):
        try:
            with socket.create_connection(("127.0.0.1", phone.remote.port), timeout=10) as sock:
                sock.sendall(broken(chance, valid))
                sock.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: sock.recv(65_536), b""))
        except ConnectionError:  # cut in the middle of what was too much
            continue
        found = {int(status) for status in re.findall(rb"^HTTP/1\.1 (\d{3}) ", answer, re.MULTILINE)} - {100}
        statuses.update(found)
        if not found <= _MAY_BE or TOKEN.encode() in answer or b"Traceback" in answer:
            wrong.append(answer)
    return statuses, wrong
