"""One connection of a door: requests and answers, each with its deadline; answers never repeat what was sent."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

import h11

from factoryview.serving.bodies import JSON, Refused
from factoryview.serving.request import Intake, Limits, Pool, Request, Share

_LINGER = 1.0
_LEFT_OVER = 1_000_000


@dataclass(frozen=True, slots=True)
class Response:
    """Status, body with its media type, and headers beside the usual ones."""

    status: int
    body: bytes
    kind: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def written(self, http: h11.Connection, keeps: bool, bare: bool) -> bytes:
        """The answer as `http` sends it; bare: without the body that its headers speak of."""
        headers = {"Content-Type": self.kind, "Content-Length": str(len(self.body)), **self.headers}
        if not keeps:
            headers["Connection"] = "close"
        head = h11.Response(
            status_code=self.status, reason=HTTPStatus(self.status).phrase.encode(), headers=list(headers.items())
        )
        parts = (head, h11.EndOfMessage()) if bare else (head, h11.Data(data=self.body), h11.EndOfMessage())
        return b"".join(http.send(part) or b"" for part in parts)


def says(status: int, what: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return Response(status, json.dumps(what).encode(), JSON, headers or {})


class Site(Protocol):
    """What is behind a door. Both methods are called on the door's thread and raise Refused."""

    def admit(self, request: Request) -> None:
        """Refuse what can be refused before a body is read."""

    async def answer(self, request: Request, body: bytes, share: Share) -> Response:
        """Do what is asked. share: memory held for the body, given back after this."""


class Connection:
    """Ask `listen` for a request and give it to `reply`, until either says that it is over; then `part`.

    All may raise OSError and IncompleteReadError when the sender leaves.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, site: Site, limits: Limits, pool: Pool
    ) -> None:
        self._reader, self._writer, self._site, self._limits, self._pool = reader, writer, site, limits, pool
        self._http = h11.Connection(h11.SERVER, limits.head)
        self._intake = Intake(self._http, reader, limits)

    async def listen(self) -> Request | None:
        """The next request; None when there is none or when it was refused."""
        try:
            return await self._intake.head()
        except TimeoutError:
            await self.refuse(408, "the request took too long")
        except Refused as refused:
            await self._say(_answer(refused), keeps=False)
        return None

    async def reply(self, request: Request) -> bool:
        """Do what is asked and say so; whether the connection stays open."""
        keeps = False
        share = Share(self._pool)
        try:
            self._site.admit(request)
            body = await self._body(request, share)
            keeps = True
            answer = await self._site.answer(request, body, share)
        except Refused as refused:
            answer = _answer(refused)
        finally:
            share.release()
        await self._say(answer, keeps, bare=request.method == "HEAD")
        if self._http.our_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    async def refuse(self, status: int, why: str, **headers: str) -> None:
        """Say no; the connection must be parted from then."""
        await self._say(_answer(Refused(status, why, **headers)), keeps=False)

    async def part(self) -> None:
        """Close so that the last answer arrives: bytes left unread would make the system throw it away."""
        if not self._writer.can_write_eof():
            return
        self._writer.write_eof()
        left = _LEFT_OVER
        try:
            async with asyncio.timeout(_LINGER):
                while left > 0 and (rest := await self._reader.read(65_536)):
                    left -= len(rest)
        except TimeoutError:
            return

    async def _body(self, request: Request, share: Share) -> bytes:
        if request.headers.get("expect", "100-continue").lower() != "100-continue":
            raise Refused(417, "only 100-continue can be expected")
        if self._http.they_are_waiting_for_100_continue:
            self._writer.write(
                self._http.send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")) or b""
            )
        try:
            return await self._intake.body(request, share)
        except TimeoutError:
            raise Refused(408, "the body took too long") from None

    async def _say(self, answer: Response, keeps: bool, bare: bool = False) -> None:
        self._writer.write(answer.written(self._http, keeps, bare))
        async with asyncio.timeout(self._limits.reading_head):
            await self._writer.drain()


def check_token(request: Request, token: bytes) -> None:
    """Raises Refused (401) for a request whose `Authorization: Bearer` is not the token, compared in constant time."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip(" ").encode("latin-1"), token)
    if not same or scheme.lower() != "bearer":
        raise Refused(401, "the token is missing or wrong", WWW_Authenticate="Bearer")


def _answer(refused: Refused) -> Response:
    return says(refused.status, {"error": refused.why}, refused.headers)
