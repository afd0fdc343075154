"""Ten thousand broken requests over raw sockets: the door stays open, calm and silent about its secret."""

from __future__ import annotations

import gc
import gzip
import json
import logging
import random
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from factoryview.serving.request import Limits
from tests.kit.broken_requests import broken
from tests.kit.servers.webhook_sender import EVENT, HEAD, TOKEN, Opened, opened, wait_until

REQUESTS = 10_000
SENDERS = 4
LARGEST = 20_000
_ANSWERS = re.compile(
    rb"(HTTP/1\.1 100 Continue\r\n\r\n|HTTP/1\.1 (\d{3}) [A-Za-z -]+\r\n(?:[A-Za-z-]+: [ -~]+\r\n)+\r\n\{[^{}]*\})*"
)
_EXPECTED = {200, 400, 401, 403, 404, 405, 408, 411, 413, 415, 417, 431, 501, 503, 505}


def _valid_requests() -> list[bytes]:
    one = json.dumps(EVENT).encode()
    cloud = json.dumps({"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": EVENT}).encode()

    def post(body: bytes, kind: str = "application/json", more: str = "") -> bytes:
        head = HEAD.replace("application/json", kind) + more
        return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body

    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (one[:9], one[9:], b" " * 300)) + b"0\r\n\r\n"
    return [
        post(one),
        post(b"[" + b",".join([one] * 20) + b"]"),
        post(b"\n".join([one] * 5), "application/x-ndjson"),
        post(cloud, "application/cloudevents+json"),
        post(b"[" + cloud + b"]", "application/cloudevents-batch+json"),
        post(one, more="ce-id: 1\r\nce-source: crm%20west\r\nce-time: 2026-03-01T08:00:00Z\r\n"),
        post(gzip.compress(one), more="Content-Encoding: gzip\r\n"),
        post(one, more="Expect: 100-continue\r\n"),
        HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunked,
        b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
    ]


_VALID = _valid_requests()


def _send_many(door: Opened, seed: int, count: int) -> tuple[Counter[int], list[bytes]]:
    """The statuses of all answers, and the answers that no answer may look like."""
    chance = random.Random(seed)
    statuses: Counter[int] = Counter()
    wrong = []
    for _ in range(count):
        try:
            answer = door.say(broken(chance, _VALID), ends=True)
        except ConnectionError:  # cut in the middle of what was too much
            continue
        found = {int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)} - {100}
        statuses.update(found)
        if not _ANSWERS.fullmatch(answer) or not found <= _EXPECTED or TOKEN.encode() in answer:
            wrong.append(answer)
    return statuses, wrong


def test_ten_thousand_broken_requests(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    resource = pytest.importorskip("resource", reason="the memory used is only told by Unix")
    caplog.set_level(logging.INFO)
    with opened(limits=Limits(largest=LARGEST)) as door:
        _send_many(door, -1, 200)
        before, peak = threading.active_count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with ThreadPoolExecutor(SENDERS) as senders:
            parts = list(senders.map(lambda seed: _send_many(door, seed, REQUESTS // SENDERS), range(SENDERS)))
        statuses = sum((part[0] for part in parts), Counter[int]())
        assert [answer for part in parts for answer in part[1]] == []
        assert {200, 400, 401, 404, 405, 411, 413, 415, 431, 501} <= set(statuses), statuses
        assert statuses.total() > REQUESTS / 2

        assert door.send([EVENT] * 3) == (200, {"accepted": 3})
        inner = door.feed._door
        assert inner is not None
        wait_until(lambda: not inner._connections)
        assert inner._pool.free == Limits(LARGEST).memory, "all memory was given back"
        assert threading.active_count() <= before
        gc.collect()
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 100_000, "kB"
        assert all(len(message.raw) <= 4_001 for message in door.recorded)
    said = capfd.readouterr()
    assert (said.out, said.err, caplog.records) == ("", "", [])
