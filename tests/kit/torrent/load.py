"""Cases that move through a plant of nine stages at a steady rate, and the program that sends what they do.

`python -m tests.kit.torrent.load SOURCE ADDRESS RATE SECONDS STANDING BODY LOG` sends to a Redis stream or to a
webhook, and writes to LOG how many events had been sent by when: rows (events, µs UTC).
"""

from __future__ import annotations

import heapq
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

STAGES = ("Enquiry", "Qualify", "First call", "Offer", "Approval", "Order", "Planning", "Delivery", "Invoice")
ENDS = ("Paid", "Lost")
STREAM = "steps"
TOKEN = "a-token-for-the-bench"
_LOST, _AGAIN = 0.04, 0.02
_SENDERS = 4
"""Connections to the webhook in a flood: each waits until what it sent is on disk. One keeps the order."""
_FLOOD = 2_000
"""Events a second."""
_WARM_UP = 1.0
"""Seconds before the first event."""


class Step(NamedTuple):
    """A case enters a stage, or ends; `at` in seconds from the beginning."""

    number: int
    case: int
    stage: str
    at: float


def steps(rate: float, standing: int, seed: int = 7) -> Iterator[Step]:
    """So many steps a second, for ever, of cases of which about so many are under way."""
    rng = random.Random(seed)
    stay = standing / rate
    due: list[tuple[float, int, int]] = []
    cases = number = 0
    while True:
        at = number / rate
        if due and due[0][0] <= at:
            _, case, place = heapq.heappop(due)
        else:
            case, place, cases = cases, 0, cases + 1
        luck = rng.random()
        if place == len(STAGES) or (place and luck < _LOST):
            stage = ENDS[0] if place == len(STAGES) else ENDS[1]
        else:
            stage = STAGES[place]
            again = place > 2 and luck > 1 - _AGAIN
            heapq.heappush(due, (at + rng.expovariate(1 / stay), case, place - 1 if again else place + 1))
        yield Step(number, case, stage, at)
        number += 1


Send = Callable[[list[str]], int]
"""Sends the bodies of events; returns the moment when they had been sent, µs UTC."""


def written(step: Step, beginning: float) -> str:
    """The event as JSON. beginning: seconds since 1970."""
    at = datetime.fromtimestamp(beginning + step.at, UTC).isoformat()
    return f'{{"event_id":"e{step.number}","case":"c{step.case}","stage":"{step.stage}","time":"{at}"}}'


def send(send_to: Send, at_once: int, rate: float, seconds: float, standing: int, body: int) -> list[tuple[int, int]]:
    """Send so many events a second for so long, `body` of them together; how many had been sent by when, µs UTC.

    at_once: how many bodies may be on their way.
    """
    flow, sent = steps(rate, standing), []

    def give(part: list[str], count: int) -> None:
        sent.append((count, send_to(part)))

    with ThreadPoolExecutor(at_once) as pool:
        beginning = time.time() + _WARM_UP
        given = []
        for first in range(0, round(rate * seconds), body):
            part = [written(step, beginning) for step in islice(flow, body)]
            time.sleep(max(0.0, beginning + (first + body) / rate - time.time()))
            given.append(pool.submit(give, part, first + body))
        for one in given:
            one.result()
    return sorted(sent)


def to_redis(url: str) -> Send:
    """XADD in a pipeline."""
    import redis

    client = redis.Redis.from_url(url)

    def give(part: list[str]) -> int:
        pipe = client.pipeline(transaction=False)
        for text in part:
            pipe.xadd(STREAM, {"data": text})
        pipe.execute()
        return time.time_ns() // 1_000

    return give


def to_webhook(port: str) -> Send:
    """One POST; a door that is busy is asked again. The moment is that at which the body is out of our hands."""
    idle: SimpleQueue[HTTPConnection] = SimpleQueue()
    for _ in range(_SENDERS):
        idle.put(HTTPConnection("127.0.0.1", int(port), timeout=30))
    said = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

    def give(part: list[str]) -> int:
        connection = idle.get()
        while True:
            connection.request("POST", "/", f"[{','.join(part)}]".encode(), said)
            gone = time.time_ns() // 1_000
            answer = connection.getresponse()
            answer.read()
            if answer.status < 300:
                idle.put(connection)
                return gone
            assert answer.status == 503, answer.status
            time.sleep(0.1)

    return give


def main(source: str, address: str, rate: str, seconds: str, standing: str, body: str, log: str) -> None:
    send_to, at_once = to_redis(address) if source == "redis" else to_webhook(address), 1
    if source != "redis" and float(rate) > _FLOOD:
        at_once = _SENDERS
    sent = send(send_to, at_once, float(rate), float(seconds), int(standing), int(body))
    Path(log).write_text(json.dumps(sent), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
