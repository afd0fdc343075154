"""One GET over HTTP or HTTPS, bounded in size and time; its headers go only to the server they are meant for."""

from __future__ import annotations

import logging
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from factoryview.language.said import because, said
from factoryview.serving.bodies import Refused, unpacked
from factoryview.serving.request import is_loopback
from factoryview.sources.feeds.feed import FeedError

LARGEST_ANSWER = 32_000_000
"""Bytes, unpacked."""
LONGEST_PAUSE = 10.0
"""Seconds a server may say nothing while it is asked."""
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_HOST = re.compile(rb"[0-9A-Za-z._:-]+")

for _library in ("httpx", "httpcore"):
    logging.getLogger(_library).setLevel(logging.WARNING)  # below, they log every URL with its query


@dataclass(frozen=True, slots=True)
class Address:
    """Where to ask."""

    url: httpx.URL
    """Without user and fragment."""
    user: tuple[str, str] | None = None
    """Name and password of a `user:password@` in the URL."""

    @property
    def shown(self) -> str:
        """Without the query, which may hold a secret."""
        return str(self.url.copy_with(query=None))

    def is_same_server(self, other: Address) -> bool:
        here, there = self.url, other.url
        return (here.scheme, here.raw_host, here.port) == (there.scheme, there.raw_host, there.port)


def address_of(url: str, base: httpx.URL | None = None) -> Address:
    """The address a URL says, if need be seen from `base`.

    Raises ValueError, which does not repeat it, for what is no http or https URL.
    """
    try:
        found = httpx.URL(url) if base is None else base.join(url)
    except httpx.InvalidURL:
        raise ValueError(said("trouble.no_url")) from None
    if found.scheme not in ("http", "https"):
        raise ValueError(said("trouble.only_http"))
    if not _HOST.fullmatch(found.raw_host) or not 0 <= (found.port or 0) < 65_536:
        raise ValueError(said("trouble.names_no_server"))
    user = (found.username, found.password) if found.userinfo else None
    return Address(found.copy_with(userinfo=b"", fragment=None, raw_path=found.raw_path), user)


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

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """What httpcore does; a new connection is held. Source: "Request extensions", httpx."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._sock = info["return_value"].get_extra_info("socket")  # type: ignore[attr-defined]
                if self.is_cut:
                    self._shut()

    def cut(self) -> None:
        """Whoever reads from it finds its end."""
        with self._lock:
            self.is_cut = True
            self._shut()

    def _shut(self) -> None:
        """Below TLS, whose state is the reading thread's own; a connection that is gone already needs no cutting."""
        if self._sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


def fetch(address: Address, headers: Mapping[str, str], question: Mapping[str, str], wire: Wire) -> Fetched:
    """The answer to a GET, after redirects. To be called once for a wire.

    `headers` go only to the server of `address`, `question` (what is asked, no secret) to every one.
    Raises FeedError, which shows neither a header nor the query nor anything the server said.
    """
    here = address
    for _ in range(_MOST_REDIRECTS):
        sent = httpx.Headers({"User-Agent": "factoryview", "Accept": "application/json", "Connection": "close"})
        user = address.user if here.is_same_server(address) and "authorization" not in httpx.Headers(headers) else None
        if here.is_same_server(address):
            sent.update(httpx.Headers(headers, encoding="latin-1"))
        sent.update({**question, "Accept-Encoding": "gzip"})
        try:
            with (
                _client(here) as client,
                client.stream("GET", here.url, headers=sent, auth=user, extensions={"trace": wire.trace}) as response,
            ):
                if response.status_code not in _REDIRECTS:
                    return _read(response)
                here = _next(here, response)
        except (Refused, ValueError) as error:
            raise FeedError(because(error), where=here.shown) from None
        except (OSError, httpx.HTTPError) as error:
            raise FeedError(_reason(error), where=here.shown) from None
    raise FeedError(said("trouble.many_redirects", most=_MOST_REDIRECTS), where=address.shown)


def _client(address: Address) -> httpx.Client:
    """Asks through the proxy the environment names, but this computer directly; trusts whom the system trusts."""
    try:
        return httpx.Client(
            verify=address.url.scheme == "https" and ssl.create_default_context(),
            trust_env=not is_loopback(address.url.host),
            timeout=LONGEST_PAUSE,
        )
    except (ValueError, ImportError):
        raise ValueError(said("trouble.no_proxy")) from None


def _next(here: Address, response: httpx.Response) -> Address:
    place = response.headers.get("location")
    if place is None:
        raise ValueError(said("trouble.redirects_nowhere"))
    try:
        return address_of(place, here.url)
    except ValueError as error:
        raise ValueError(said("trouble.redirects_wrong", why=error)) from None


def _read(response: httpx.Response) -> Fetched:
    body = bytearray()
    try:
        for piece in response.iter_raw() if response.status_code == HTTPStatus.OK else ():
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise Refused(413, said("trouble.answer_too_long", most=LARGEST_ANSWER))
    except httpx.RemoteProtocolError:
        raise ValueError(said("trouble.answer_cut")) from None
    encoding = response.headers.get("content-encoding", "").lower()
    plain = unpacked(bytes(body), encoding, LARGEST_ANSWER) if body else b""
    return Fetched(response.status_code, response.headers, plain)


def _reason(error: Exception) -> str:
    """What went wrong, in words of ours."""
    for cause in _causes(error):
        match cause:
            case httpx.TimeoutException() | TimeoutError():
                return said("trouble.says_nothing", seconds=LONGEST_PAUSE)
            case ssl.SSLCertVerificationError():
                return said("trouble.no_trust", why=cause.verify_message)
            case ssl.SSLError():
                return said("trouble.no_tls")
            case socket.gaierror():
                return said("trouble.no_server")
            case OSError() if cause.strerror:
                return because(cause)
    return said("trouble.no_http")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
