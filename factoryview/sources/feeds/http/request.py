"""Reading an HTTP/1.1 request strictly and within bounds: what could be understood in two ways is refused.

Source: RFC 9110 and RFC 9112 (section 6.3: a message with both a length and a transfer coding is an attack).
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from ipaddress import ip_address

from factoryview.sources.feeds.http.bodies import Refused

_NAME = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_LINE = re.compile(rb"(" + _NAME + rb") ([\x21-\x7e]+) HTTP/1\.([01])")
_OTHER_VERSION = re.compile(_NAME + rb" [\x21-\x7e]+ HTTP/[0-9](?:\.[0-9])?")
_HEADER = re.compile(rb"(" + _NAME + rb"):([\t\x20-\x7e\x80-\xff]*)")
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n")
_ONCE = frozenset(
    ("authorization", "content-encoding", "content-length", "content-type", "expect", "host", "transfer-encoding")
)
_PIECE = 65_536
_LONGEST_CHUNK_LINE = 1_000


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
    minor: int
    """The 1 of HTTP/1.1."""
    headers: dict[str, str]

    @property
    def keeps(self) -> bool:
        """Whether the connection may stay open after the answer."""
        wishes = {wish.strip() for wish in self.headers.get("connection", "").lower().split(",")}
        return self.minor == 1 and "close" not in wishes

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

    def length(self, largest: int) -> int | None:
        """Bytes of the body, or None when it comes in chunks. Raises Refused."""
        coding = self.headers.get("transfer-encoding")
        if coding is not None:
            if coding.lower() != "chunked":
                raise Refused(501, "the transfer encoding must be chunked or none")
            return None
        size = self.headers.get("content-length")
        if size is None:
            raise Refused(411, "the length of the body is not said")
        if int(size) > largest:
            raise Refused(413, f"the body has more than {largest:,} bytes")
        return int(size)


def parse_head(head: bytes, most_headers: int) -> Request:
    """The request that `head` (without its closing empty line) says. Raises Refused."""
    first, *lines = head.split(b"\r\n")
    match = _LINE.fullmatch(first)
    if match is None:
        if _OTHER_VERSION.fullmatch(first):
            raise Refused(505, "the version must be HTTP/1.1")
        raise Refused(400, "this is no HTTP request")
    if len(lines) > most_headers:
        raise Refused(431, "there are too many headers")
    headers: dict[str, str] = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if header is None:
            raise Refused(400, "a header is malformed")
        name = header[1].decode("ascii").lower()
        if name in headers and name in _ONCE:
            raise Refused(400, "a header that may stand once stands twice")
        headers[name] = header[2].strip(b" \t").decode("latin-1")
    request = Request(match[1].decode("ascii"), match[2].decode("ascii").partition("?")[0], int(match[3]), headers)
    _check_framing(request)
    return request


def _check_framing(request: Request) -> None:
    headers = request.headers
    if request.minor == 1 and "host" not in headers:
        raise Refused(400, "the header Host is missing")
    if "transfer-encoding" in headers and ("content-length" in headers or request.minor == 0):
        raise Refused(400, "the length of the body is said in two ways")
    if "content-length" in headers and not _LENGTH.fullmatch(headers["content-length"]):
        raise Refused(400, "the length of the body is no number")


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
    recording: float = 30.0
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
            raise Refused(503, "too much is waiting to be recorded; send it again later", Retry_After="2")
        self._pool.free -= size
        self._held += size

    def release(self) -> None:
        self._pool.free += self._held
        self._held = 0


class Intake:
    """A body as it comes in, checked at every piece: its size, the memory there is, and its pace."""

    def __init__(self, reader: asyncio.StreamReader, share: Share, limits: Limits) -> None:
        self._reader, self._share, self._limits = reader, share, limits
        self._body = bytearray()
        self._begin = asyncio.get_running_loop().time()
        self._deadline = asyncio.timeout_at(self._due())

    def _due(self) -> float:
        limits = self._limits
        return self._begin + min(limits.reading_body, limits.grace + len(self._body) / limits.slowest)

    async def whole(self, length: int | None) -> bytes:
        """The body of `length` bytes, or in chunks. To be called once.

        Raises Refused, IncompleteReadError when the sender leaves, and TimeoutError when it is too slow.
        """
        async with self._deadline:
            if length is None:
                await self._chunks()
            else:
                await self._take(length)
        return bytes(self._body)

    async def _take(self, size: int) -> None:
        while size:
            piece = await self._reader.read(min(size, _PIECE))
            if not piece:
                raise asyncio.IncompleteReadError(b"", size)
            if len(self._body) + len(piece) > self._limits.largest:
                raise Refused(413, f"the body has more than {self._limits.largest:,} bytes")
            self._share.grow(len(piece))
            self._body += piece
            self._deadline.reschedule(self._due())
            size -= len(piece)

    async def _chunks(self) -> None:
        while True:
            match = _CHUNK.fullmatch(await self._line())
            if match is None:
                raise Refused(400, "a chunk of the body has no size")
            size = int(match[1], 16)
            if not size:
                break
            await self._take(size)
            if await self._reader.readexactly(2) != b"\r\n":
                raise Refused(400, "a chunk of the body is longer than it says")
        if await self._line() != b"\r\n":
            raise Refused(400, "trailers are not understood")

    async def _line(self) -> bytes:
        try:
            line = await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError:
            raise Refused(400, "a line between chunks is too long") from None
        if len(line) > _LONGEST_CHUNK_LINE:
            raise Refused(400, "a line between chunks is too long")
        return line
