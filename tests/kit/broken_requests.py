"""HTTP requests with things done to them, seeded: for doors that must stay open and calm."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_BITS = [
    b"\r\n", b"\n", b"\0", b": ", b",", b"\xff", b"Content-Length: 5\r\n", b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: xchunked\r\n", b"Content-Encoding: gzip\r\n",
    b"Authorization: Bearer x\r\n", b"Origin: http://evil.example\r\n", b"ffffffff\r\n", b"0\r\n\r\n", b"-1", b"1e999",
    b"[" * 3_000, b'{"a":' * 3_000, b"\\ud800", b'"', b"9" * 5_000, b"A: " + b"x" * 40_000 + b"\r\n", b"a: b\r\n" * 100,
]  # fmt: skip


def broken(chance: random.Random, valid: Sequence[bytes]) -> bytes:
    """Random bytes, or one or two of the valid requests with up to eight things done to them."""
    if chance.random() < 0.05:
        return chance.randbytes(chance.randrange(1, 400))
    raw = bytearray(b"".join(chance.choices(valid, k=chance.choice((1, 1, 1, 2)))))
    for _ in range(chance.randrange(1, 9)):
        place = chance.randrange(len(raw) + 1)
        end = min(len(raw), place + chance.randrange(1, 40))
        what = chance.randrange(8)
        if what == 0 and place < len(raw):
            raw[place] = chance.randrange(256)
        elif what == 1:
            raw[place:place] = chance.choice(_BITS)
        elif what == 2:
            del raw[place:end]
        elif what == 3:
            raw[place:place] = raw[place:end]
        elif what == 4:
            raw[place:end] = chance.randbytes(end - place)
        elif what == 5 and chance.random() < 0.3:
            del raw[place:]
        elif what == 6:
            lines = raw.split(b"\r\n")
            chance.shuffle(lines)
            raw = bytearray(b"\r\n".join(lines)) if chance.random() < 0.2 else raw
        elif what == 7 and chance.random() < 0.3:
            size = b"Content-Length: %d" % chance.choice((0, 1, 19_999, 20_001, 10**9, chance.randrange(1_000)))
            raw = bytearray(re.sub(rb"Content-Length: \d+", size, raw))
    return bytes(raw)
