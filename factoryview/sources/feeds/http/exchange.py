"""One connection of the door: requests and answers, each with its deadline; answers never repeat what was sent."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from http import HTTPStatus

import h11

from factoryview.sources.feeds.feed import Message
from factoryview.sources.feeds.http.bodies import TYPES, Refused, check_encoding, events_in, unpacked
from factoryview.sources.feeds.http.request import Intake, Limits, Pool, Request, Share

HandOver = Callable[[list[Message]], "Future[bool]"]
"""Takes the messages of one body; the answer is whether they are on disk. Raises Refused when too many wait."""

PATHS = ("/", "/events")
HEALTH = "/health"
_LINGER = 1.0
_LEFT_OVER = 1_000_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every connection of a door."""

    token: bytes | None
    limits: Limits
    pool: Pool
    hand_over: HandOver


@dataclass(frozen=True, slots=True)
class Response:
    """Status, what is said as JSON, and headers beside the usual ones."""

    status: int
    says: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)

    def written(self, http: h11.Connection, keeps: bool, bare: bool) -> bytes:
        """The answer as `http` sends it; bare: without the body that its headers speak of."""
        body = json.dumps(self.says).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **self.headers}
        if not keeps:
            headers["Connection"] = "close"
        head = h11.Response(
            status_code=self.status, reason=HTTPStatus(self.status).phrase.encode(), headers=list(headers.items())
        )
        parts = (head, h11.EndOfMessage()) if bare else (head, h11.Data(data=body), h11.EndOfMessage())
        return b"".join(http.send(part) or b"" for part in parts)


_HEALTHY = Response(200, {"health": "ok"})


class Connection:
    """Ask `listen` for a request and give it to `reply`, until either says that it is over; then `part`.

    All may raise OSError and IncompleteReadError when the sender leaves.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rules: Rules) -> None:
        self._reader, self._writer, self._rules = reader, writer, rules
        self._http = h11.Connection(h11.SERVER, rules.limits.head)
        self._intake = Intake(self._http, reader, rules.limits)

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
        share = Share(self._rules.pool)
        try:
            if request.path == HEALTH:
                _check_health(request)
            else:
                self._admit(request)
            body = await self._body(request, share)
            keeps = True
            answer = _HEALTHY if request.path == HEALTH else await self._recorded(request, body, share)
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

    def _admit(self, request: Request) -> None:
        """What can be refused before a body is read."""
        token = self._rules.token
        if token is not None:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            same = hmac.compare_digest(given.strip(" ").encode("latin-1"), token)
            if not same or scheme.lower() != "bearer":
                raise Refused(401, "the token is missing or wrong", WWW_Authenticate="Bearer")
        elif "origin" in request.headers:
            raise Refused(403, "a page in a browser may not send without a token")
        if request.path not in PATHS:
            raise Refused(404, "events are sent to / or /events")
        if request.method != "POST":
            raise Refused(405, "events are sent with POST", Allow="POST")
        if request.kind not in TYPES:
            types = ", ".join(TYPES)
            raise Refused(415, f"the content type must be one of {types}, in UTF-8", Accept=types)
        check_encoding(request.encoding)
        if not {"content-length", "transfer-encoding"} & request.headers.keys():
            raise Refused(411, "the length of the body is not said")

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

    async def _recorded(self, request: Request, body: bytes, share: Share) -> Response:
        """Unpack, parse, hand over and wait until it is on disk."""
        plain = unpacked(body, request.encoding, self._rules.limits.largest)
        if plain is not body:
            share.grow(len(plain))
        messages = events_in(plain, request.kind, request.headers)
        recorded = not messages or await self._on_disk(self._rules.hand_over(messages))
        if not recorded:
            raise Refused(503, "it could not be recorded now; send it again later", Retry_After="5")
        return Response(200, {"accepted": len(messages)})

    async def _on_disk(self, recorded: Future[bool]) -> bool:
        try:
            async with asyncio.timeout(self._rules.limits.recording):
                return await asyncio.wrap_future(recorded)
        except TimeoutError:
            return False

    async def _say(self, answer: Response, keeps: bool, bare: bool = False) -> None:
        self._writer.write(answer.written(self._http, keeps, bare))
        async with asyncio.timeout(self._rules.limits.reading_head):
            await self._writer.drain()


def _answer(refused: Refused) -> Response:
    return Response(refused.status, {"error": refused.why}, refused.headers)


def _check_health(request: Request) -> None:
    if request.method != "GET":
        raise Refused(405, "health is asked with GET", Allow="GET")
    if request.has_body:
        raise Refused(400, "no body is expected")
