"""What is behind the remote's door: the page, health, the picture, and orders.

The page itself holds no secret and is given to anybody. All else needs the token in the header `Authorization`, which
no other site can make a browser send: there is no cookie, so there is nothing to forge.
"""

from __future__ import annotations

import asyncio
import logging

from factoryview.errors import InputError
from factoryview.serving.bodies import JSON, Refused
from factoryview.serving.exchange import Response, check_token, says
from factoryview.serving.request import Request, Share
from factoryview.wall.control import Health, Picture, Pixels, Steering
from factoryview.wall.remote.orders import AnswerAlarm, GiveReason, wish_in
from factoryview.wall.remote.page import PhonePage
from factoryview.wall.remote.pictures import png_of
from factoryview.wall.remote.rates import TokenBucket
from factoryview.wall.remote.report import is_well, report_of
from factoryview.wall.remote.wishes import Wishes

PICTURE_WAIT = 2.0
"""Seconds that the loop is waited for when a picture is asked for."""
_METHODS = {"/": "GET", "/health": "GET", "/picture.png": "GET", "/orders": "POST"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_log = logging.getLogger(__name__)


class RemoteSite:
    """Answers phones and `wall --status`; used by the door's thread only."""

    def __init__(self, token: str, page: PhonePage, steering: Steering, health: Health, picture: Picture) -> None:
        self._token, self._page = token.encode(), page
        self._health, self._picture = health, picture
        self._wishes = Wishes(steering, health)
        self._strangers, self._pages, self._asked = TokenBucket(20, 0.5), TokenBucket(30, 5.0), TokenBucket(60, 20.0)
        self._orders, self._notes = TokenBucket(30, 3.0), TokenBucket(10, 0.2)
        self._drawing = asyncio.Lock()
        self._drawn: tuple[Pixels, bytes] | None = None

    def admit(self, request: Request) -> None:
        """Refuse what has no token, is no route of ours, or comes too often."""
        method = _METHODS.get(request.path)
        if request.path != "/":
            self._check_token(request)
        if method is None:
            raise Refused(404, "there is no such page")
        if request.method not in (method, "HEAD" if method == "GET" else method):
            raise Refused(405, f"this is asked with {method}", Allow=method)
        if method == "GET" and request.has_body:
            raise Refused(400, "no body is expected")
        if method == "POST" and request.kind != JSON:
            raise Refused(415, "an order is JSON in UTF-8", Accept=JSON)
        if method == "POST" and request.encoding not in ("", "identity"):
            raise Refused(415, "an order is not packed", Accept_Encoding="identity")
        if not (self._pages if request.path == "/" else self._asked).allows():
            raise Refused(429, "too much is asked at once; come back later", Retry_After="1")

    async def answer(self, request: Request, body: bytes, share: Share) -> Response:  # noqa: ARG002  # an order is small
        if request.path == "/":
            return Response(200, *self._page.in_language(request.headers.get("accept-language", "")))
        if request.path == "/health":
            report = self._health.snapshot()
            return says(200 if is_well(report) else 503, report_of(report), _HEADERS)
        if request.path == "/picture.png":
            return Response(200, await self._png(), "image/png", _HEADERS)
        return says(200, await self._ordered(body), _HEADERS)

    def _check_token(self, request: Request) -> None:
        """Whoever has the token is never kept out by those who guess."""
        try:
            check_token(request, self._token)
        except Refused:
            if self._strangers.allows():
                raise
            raise Refused(429, "too many wrong tokens; come back later", Retry_After="2") from None

    async def _png(self) -> bytes:
        async with self._drawing:
            pixels = await asyncio.to_thread(self._picture.newest, PICTURE_WAIT)
            if pixels is None:
                raise Refused(503, "there is no picture yet", Retry_After="2")
            if self._drawn is None or self._drawn[0] is not pixels:
                self._drawn = pixels, await asyncio.to_thread(png_of, pixels)
            return self._drawn[1]

    async def _ordered(self, body: bytes) -> dict[str, object]:
        wish = wish_in(body)
        rate = self._notes if isinstance(wish, AnswerAlarm | GiveReason) else self._orders
        if not rate.allows():
            raise Refused(429, "too many orders at once; come back later", Retry_After="1")
        try:
            return {"done": await asyncio.to_thread(self._wishes.grant, wish)}
        except InputError as error:
            _log.warning("remote: %s", error)
            raise Refused(507, "the notes of this plant cannot be written; the log of the wall says why") from None
