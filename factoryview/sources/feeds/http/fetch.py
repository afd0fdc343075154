"""One GET over HTTP or HTTPS, bounded in size and time; its headers go only to the server they are meant for."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.request import HTTPErrorProcessor, HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from factoryview.sources.feeds.feed import FeedError
from factoryview.sources.feeds.http.bodies import Refused, unpacked
from factoryview.sources.feeds.http.request import is_loopback

LARGEST_ANSWER = 32_000_000
"""Bytes, unpacked."""
LONGEST_PAUSE = 10.0
"""Seconds a server may say nothing while it is asked."""
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LEFT_ALONE = "%/:=&?~+!$,;'@()*[]"


class Address(NamedTuple):
    """Where to ask. `target` is the path with the query; `basic` is what a `user:password@` in the URL asks to say."""

    scheme: str
    host: str
    """With the port, where one is said."""
    target: str
    basic: str = ""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.target}"

    @property
    def shown(self) -> str:
        """Without the query, which may hold a secret."""
        return f"{self.scheme}://{self.host}{self.target.partition('?')[0]}"

    def is_same_server(self, other: Address) -> bool:
        return (self.scheme, self.host) == (other.scheme, other.host)


def address_of(url: str, base: str = "") -> Address:
    """The address a URL says, if need be seen from `base`.

    Raises ValueError, which does not repeat it, for what is no http or https URL.
    """
    if _CONTROL.search(url):
        raise ValueError("it holds a control character")
    try:
        parts = urlsplit(urljoin(base, url))
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:
        raise ValueError("it is no URL") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError("only http:// and https:// are asked")
    if not re.fullmatch(r"[0-9A-Za-z._:-]+", host):
        raise ValueError("it names no server")
    host = f"[{host}]" if ":" in host else host
    path = quote(parts.path or "/", _LEFT_ALONE)
    query = f"?{quote(parts.query, _LEFT_ALONE)}" if parts.query else ""
    said = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
    basic = f"Basic {b64encode(said).decode('ascii')}" if parts.username is not None else ""
    return Address(parts.scheme, host if port is None else f"{host}:{port}", path + query, basic)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer; the body is empty unless the status is 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """The connection in use, which any thread may cut."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self.is_cut = False

    def hold(self, sock: socket.socket) -> None:
        with self._lock:
            self._sock = sock
            if self.is_cut:
                _shut(sock)

    def cut(self) -> None:
        """Whoever reads from it finds its end."""
        with self._lock:
            self.is_cut = True
            if self._sock is not None:
                _shut(self._sock)


def _shut(sock: socket.socket) -> None:
    """Below TLS, whose state is the reading thread's own; a connection that is gone already needs no cutting."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def fetch(address: Address, headers: Mapping[str, str], question: Mapping[str, str], wire: Wire) -> Fetched:
    """The answer to a GET, after redirects. To be called once for a wire.

    `headers` go only to the server of `address`, `question` (what is asked, no secret) to every one.
    Raises FeedError, which shows neither a header nor the query nor anything the server said.
    """
    here = address
    for _ in range(_MOST_REDIRECTS):
        said = {"User-Agent": "factoryview", "Accept": "application/json"}
        if here.is_same_server(address):
            said |= {"Authorization": address.basic} if address.basic else {}
            said |= headers
        request = Request(here.url, headers={**said, **question, "Accept-Encoding": "gzip"})
        try:
            with closing(_opener(here, wire).open(request, timeout=LONGEST_PAUSE)) as response:
                assert isinstance(response, HTTPResponse)
                if response.status not in _REDIRECTS:
                    return _read(response)
                here = _next(here, response)
        except (Refused, ValueError) as error:
            raise FeedError(f"{here.shown}: {error}") from None
        except (OSError, HTTPException) as error:
            raise FeedError(f"{here.shown}: {_reason(error)}") from None
    raise FeedError(f"{address.shown}: it redirects more than {_MOST_REDIRECTS} times")


def _next(here: Address, response: HTTPResponse) -> Address:
    place = response.headers.get("Location")
    if place is None:
        raise ValueError("it redirects nowhere")
    try:
        return address_of(place, here.url)
    except ValueError as error:
        raise ValueError(f"it redirects to where nothing is asked: {error}") from None


def _read(response: HTTPResponse) -> Fetched:
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = bytearray()
    while response.status == HTTPStatus.OK and (piece := response.read1(65_536)):
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise Refused(413, f"the answer has more than {LARGEST_ANSWER:,} bytes")
    plain = unpacked(bytes(body), headers.get("content-encoding", "").lower(), LARGEST_ANSWER) if body else b""
    return Fetched(response.status, headers, plain)


def _reason(error: Exception) -> str:
    """What went wrong, in words of ours."""
    cause = error.reason if isinstance(error, URLError) else error
    match cause:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted: {cause.verify_message}"
        case ssl.SSLError():
            return "it does not speak TLS as it should"
        case TimeoutError():
            return f"it says nothing for {LONGEST_PAUSE:g} s"
        case socket.gaierror():
            return "there is no server of that name"
        case OSError() if cause.strerror:
            return cause.strerror.lower()
        case _:
            return "what it says is no HTTP"


class _Plain(HTTPConnection):
    def __init__(self, wire: Wire, host: str, timeout: float) -> None:
        super().__init__(host, timeout=timeout)
        self._wire = wire

    def connect(self) -> None:
        super().connect()
        self._wire.hold(self.sock)


class _Secure(HTTPSConnection):
    def __init__(self, wire: Wire, host: str, timeout: float) -> None:
        super().__init__(host, timeout=timeout, context=ssl.create_default_context())
        self._wire = wire

    def connect(self) -> None:
        super().connect()
        self._wire.hold(self.sock)


class _PlainHandler(HTTPHandler):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Plain, self._wire), req)


class _SecureHandler(HTTPSHandler):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Secure, self._wire), req)


class _EveryStatus(HTTPErrorProcessor):
    """Every status is an answer: urllib neither raises it nor follows it."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:  # noqa: ARG002
        return response

    https_response = http_response


def _opener(address: Address, wire: Wire) -> OpenerDirector:
    """Asks through the proxy the environment names, but this computer directly."""
    opener = OpenerDirector()
    proxies = ProxyHandler({}) if is_loopback(urlsplit(address.url).hostname or "") else ProxyHandler()
    for handler in (proxies, _PlainHandler(wire), _SecureHandler(wire), _EveryStatus()):
        opener.add_handler(handler)
    return opener
