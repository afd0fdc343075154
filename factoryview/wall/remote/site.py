"""What is behind the remote's door: the page, health, the picture, and orders."""

from __future__ import annotations

import asyncio
import logging

from factoryview.errors import InputError
from factoryview.serving.admission import HEADERS, Admission
from factoryview.serving.bodies import Refused
from factoryview.serving.exchange import Response, says
from factoryview.serving.rates import TokenBucket
from factoryview.serving.request import Request, Share
from factoryview.wall.control import Health, Picture, Pixels, Steering
from factoryview.wall.remote.orders import AnswerAlarm, GiveReason, wish_in
from factoryview.wall.remote.page import PhonePage
from factoryview.wall.remote.pictures import png_of
from factoryview.wall.remote.report import is_well, report_of
from factoryview.wall.remote.wishes import Wishes

PICTURE_WAIT = 2.0
"""Seconds that the loop is waited for when a picture is asked for."""
_METHODS = {"/": "GET", "/health": "GET", "/picture.png": "GET", "/orders": "POST"}
_log = logging.getLogger(__name__)


class RemoteSite:
    """Answers phones and `wall --status`; used by the door's thread only."""

    def __init__(self, token: str, page: PhonePage, steering: Steering, health: Health, picture: Picture) -> None:
        asked = TokenBucket(60, 20.0)
        rates = {"/": TokenBucket(30, 5.0), **{route: asked for route in _METHODS if route != "/"}}
        self.admit = Admission(token, _METHODS, rates).admit
        self._page, self._health, self._picture = page, health, picture
        self._wishes = Wishes(steering, health)
        self._orders, self._notes = TokenBucket(30, 3.0), TokenBucket(10, 0.2)
        self._drawing = asyncio.Lock()
        self._drawn: tuple[Pixels, bytes] | None = None

    async def answer(self, request: Request, body: bytes, share: Share) -> Response:  # noqa: ARG002  # an order is small
        if request.path == "/":
            return Response(200, *self._page.in_language(request.headers.get("accept-language", "")))
        if request.path == "/health":
            report = self._health.snapshot()
            return says(200 if is_well(report) else 503, report_of(report), HEADERS)
        if request.path == "/picture.png":
            return Response(200, await self._png(), "image/png", HEADERS)
        return says(200, await self._ordered(body), HEADERS)

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
