"""One HTTP/1.1 request after another, read by h11 within bounds of ours; what has two readings is refused.

Source: RFC 9110 and RFC 9112 (section 6.3: a message with both a length and a transfer coding is an attack).
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from ipaddress import ip_address

import h11

from factoryview.serving.bodies import Refused

_ONCE = frozenset(b"authorization content-encoding content-length content-type expect host transfer-encoding".split())
_TWO_LENGTHS = re.compile(rb"\ncontent-length:[^\r]*,", re.IGNORECASE)
_LITTLE, _MUCH = 4_096, 65_536
"""Bytes taken in at once of a head, of a body."""
_AROUND_CHUNKS, _AROUND_A_CHUNK = 1_000, 32
"""Bytes of a body in chunks that are not its own: sizes, extensions, ends of lines."""


def is_loopback(host: str) -> bool:
    """Whether a name or address can only mean this computer."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request; names of headers in small letters, their values as Latin-1 text."""

    method: str
    path: str
    """Without the query."""
    headers: dict[str, str]

    @property
    def has_body(self) -> bool:
        return "transfer-encoding" in self.headers or self.headers.get("content-length", "0") != "0"

    @property
    def kind(self) -> str:
        """The media type in small letters, without parameters; empty when its text is not in UTF-8."""
        kind, *rest = (part.strip() for part in self.headers.get("content-type", "").lower().split(";"))
        charsets = [part.partition("=")[2].strip('"') for part in rest if part.startswith("charset=")]
        return kind if all(charset in ("utf-8", "utf8", "us-ascii") for charset in charsets) else ""

    @property
    def encoding(self) -> str:
        return self.headers.get("content-encoding", "").lower()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a door allows its senders. Times in seconds, sizes in bytes."""

    largest: int
    """A body, as it comes and unpacked."""
    head: int = 32_768
    headers: int = 64
    idle: float = 60.0
    """Between two requests of a connection."""
    reading_head: float = 10.0
    reading_body: float = 20.0
    grace: float = 5.0
    """After so long a body must have come with `slowest` bytes per second."""
    slowest: int = 1_000
    answering: float = 30.0
    """Until what was sent is on disk, or the sender is told to send it again."""
    connections: int = 128
    memory: int = 64_000_000
    """Of all bodies together that are read or wait."""


@dataclass(slots=True)
class Pool:
    """Memory for the bodies of all connections together."""

    free: int
    """Bytes."""


class Share:
    """The part of a pool that one exchange holds."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._held = pool, 0

    def grow(self, size: int) -> None:
        """Hold so many bytes more. Raises Refused (503) when there is no room for them."""
        if self._pool.free < size:
            raise Refused(503, "too much is waiting; send it again later", Retry_After="2")
        self._pool.free -= size
        self._held += size

    def release(self) -> None:
        self._pool.free += self._held
        self._held = 0


class Intake:
    """What comes in over one connection: a head, its body, the next head.

    Both raise Refused, and TimeoutError when the sender is too slow.
    """

    def __init__(self, http: h11.Connection, reader: asyncio.StreamReader, limits: Limits) -> None:
        self._http, self._reader, self._limits = http, reader, limits

    async def head(self) -> Request | None:
        """The next request; None when none begins within the time, or the sender is done."""
        try:
            async with asyncio.timeout(self._limits.idle):
                if not self._ahead and not await self._more(_LITTLE):
                    return None
        except TimeoutError:
            return None
        async with asyncio.timeout(self._limits.reading_head):
            while True:
                raw, ended, _ = self._ahead.partition(b"\r\n\r\n")
                if ended:
                    self._check_head(raw)
                event = self._next()
                if isinstance(event, h11.Request):
                    return _request(event)
                if isinstance(event, h11.ConnectionClosed):
                    return None
                await self._more(_LITTLE)

    async def body(self, request: Request, share: Share) -> bytes:
        """The body of the request whose head came last. To be called once for each."""
        limits, begin = self._limits, asyncio.get_running_loop().time()
        body, chunks, received = bytearray(), 0, len(self._ahead)
        if int(request.headers.get("content-length", "0")) > limits.largest:
            raise self._too_large()
        async with asyncio.timeout(None) as deadline:
            while not isinstance(event := self._next(of_body=True), h11.EndOfMessage):
                if isinstance(event, h11.Data):
                    if len(body) + len(event.data) > limits.largest:
                        raise self._too_large()
                    share.grow(len(event.data))
                    body += event.data
                    chunks += event.chunk_start
                    continue
                self._check_framing(received - len(body), chunks)
                deadline.reschedule(begin + min(limits.reading_body, limits.grace + len(body) / limits.slowest))
                received += await self._more(_MUCH)
        self._check_framing(received - len(body) - len(self._ahead), chunks)
        if event.headers:
            raise Refused(400, "trailers are not understood")
        return bytes(body)

    @property
    def _ahead(self) -> bytes:
        """What came and is not understood yet."""
        return self._http.trailing_data[0]

    async def _more(self, most: int) -> int:
        """Take in what comes next, at most so many bytes; how many, 0 at the end."""
        piece = await self._reader.read(most)
        self._http.receive_data(piece)
        return len(piece)

    def _next(self, *, of_body: bool = False) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Raises Refused in words of ours: those of h11 repeat what was sent."""
        try:
            return self._http.next_event()
        except h11.RemoteProtocolError as error:
            if of_body:
                raise Refused(400, "the body is not framed as it should be") from None
            words = {431: "the headers are too large", 501: "the transfer encoding must be chunked or none"}
            status = error.error_status_hint
            raise Refused(status, words.get(status, "this is no HTTP request")) from None

    def _check_head(self, raw: bytes) -> None:
        """What h11 leaves to us: sizes, and what others on the way may have understood in another way."""
        lines = raw.split(b"\r\n")[1:]
        names = Counter(line.partition(b":")[0].lower() for line in lines)
        if len(raw) > self._limits.head:
            raise Refused(431, "the headers are too large")
        if len(lines) > self._limits.headers:
            raise Refused(431, "there are too many headers")
        if b"\n" in raw.replace(b"\r\n", b"") or any(line.startswith((b" ", b"\t")) for line in lines):
            raise Refused(400, "a header is malformed")
        if any(names[name] > 1 for name in _ONCE) or _TWO_LENGTHS.search(raw):
            raise Refused(400, "a header that may stand once stands twice")

    def _too_large(self) -> Refused:
        return Refused(413, f"the body has more than {self._limits.largest:,} bytes")

    def _check_framing(self, size: int, chunks: int) -> None:
        if size > _AROUND_CHUNKS + _AROUND_A_CHUNK * chunks:
            raise Refused(400, "there is too much around the chunks of the body")


def _request(event: h11.Request) -> Request:
    headers = {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
    if event.http_version not in (b"1.0", b"1.1"):
        raise Refused(505, "the version must be HTTP/1.1")
    if "transfer-encoding" in headers and ("content-length" in headers or event.http_version == b"1.0"):
        raise Refused(400, "the length of the body is said in two ways")
    return Request(event.method.decode("ascii"), event.target.decode("ascii").partition("?")[0], headers)
