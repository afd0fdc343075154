"""What is behind the webhook's door: events that are sent, and whether it is there at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from factoryview.serving.bodies import Refused, check_encoding, unpacked
from factoryview.serving.exchange import Response, check_token, says
from factoryview.serving.request import Limits, Request, Share
from factoryview.sources.feeds.feed import Message
from factoryview.sources.feeds.http.bodies import TYPES, events_in

HandOver = Callable[[list[Message]], "Future[bool]"]
"""Takes the messages of one body; the answer is whether they are on disk. Raises Refused when too many wait."""

PATHS = ("/", "/events")
HEALTH = "/health"


class EventSite:
    """Answers a sender only when what was sent is on disk. token: without one, only programs may send."""

    def __init__(self, token: str | None, limits: Limits, hand_over: HandOver) -> None:
        self._token = None if token is None else token.encode()
        self._limits, self._hand_over = limits, hand_over

    def admit(self, request: Request) -> None:
        if request.path == HEALTH:
            _check_health(request)
            return
        if self._token is not None:
            check_token(request, self._token)
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

    async def answer(self, request: Request, body: bytes, share: Share) -> Response:
        """Unpack, parse, hand over and wait until it is on disk."""
        if request.path == HEALTH:
            return says(200, {"health": "ok"})
        plain = unpacked(body, request.encoding, self._limits.largest)
        if plain is not body:
            share.grow(len(plain))
        messages = events_in(plain, request.kind, request.headers)
        recorded = not messages or await self._on_disk(self._hand_over(messages))
        if not recorded:
            raise Refused(503, "it could not be recorded now; send it again later", Retry_After="5")
        return says(200, {"accepted": len(messages)})

    async def _on_disk(self, recorded: Future[bool]) -> bool:
        try:
            async with asyncio.timeout(self._limits.answering):
                return await asyncio.wrap_future(recorded)
        except TimeoutError:
            return False


def _check_health(request: Request) -> None:
    if request.method != "GET":
        raise Refused(405, "health is asked with GET", Allow="GET")
    if request.has_body:
        raise Refused(400, "no body is expected")
