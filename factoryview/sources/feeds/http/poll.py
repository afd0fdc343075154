"""An HTTP endpoint that is asked again and again for JSON: counts per stage and bucket, or events."""

from __future__ import annotations

import json
import math
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from factoryview import background
from factoryview.errors import InputError
from factoryview.language.said import because, said
from factoryview.plant.feeds import FeedSettings
from factoryview.plant.feeds import HttpFeed as Settings
from factoryview.serving.bodies import Refused, parsed
from factoryview.sources.feeds.feed import LARGEST_BATCH, LONGEST_SILENCE, Batch, FeedError, Position, message_of
from factoryview.sources.feeds.http.fetch import Address, Fetched, Wire, address_of, fetch

LONGEST_ANSWER = 30.0
"""Seconds until an answer must be here as a whole."""
LONGEST_REPRIEVE = 300.0
"""Seconds that a server may ask us to come back later."""
_LONGEST_TAG = 1_000
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~\xa0-\xff]*")


@dataclass(frozen=True, slots=True)
class Place:
    """What the last answer was, so that the same one is not given again; no part of it is a secret."""

    question: str
    """A fingerprint of what was asked: the place says nothing about another endpoint."""
    digest: str = ""
    """Of the rows."""
    etag: str = ""
    modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What asks the server for an answer only if it is another one."""
        known = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in known.items() if value}

    @property
    def text(self) -> Position:
        return json.dumps(asdict(self))


def _place_of(position: Position | None, question: str) -> Place:
    """The place a position says; a fresh one for none, or for one of another question."""
    try:
        found = Place(**json.loads(position or ""))
    except (ValueError, TypeError):
        return Place(question)
    return found if found.question == question else Place(question)


class HttpPoll:
    """The feed. It asks on a thread of its own, so that it can be closed while a server keeps silent."""

    def __init__(self, settings: Settings, address: Address, longest: float = LONGEST_ANSWER) -> None:
        self._settings, self._address, self._longest = settings, address, longest
        self._every = settings.every.total_seconds()
        question = f"{address.url} {settings.rows}"
        self._place = Place(sha256(question.encode()).hexdigest()[:16])
        self._closed = threading.Event()
        self._wire = Wire()
        self._answer: Future[Fetched] = Future()
        self._is_prompt = False

    def start(self, position: Position | None) -> None:
        """Nothing is asked yet: whether the server is there shows in `batches`."""
        self._place = _place_of(position, self._place.question)
        self._closed.clear()
        self._is_prompt = False

    def batches(self) -> Iterator[Batch]:
        """The rows of every answer that is not the last one again."""
        begin = time.monotonic()
        due, was_put_off = begin, False
        while not self._closed.is_set():
            fetched = yield from self._asked()
            if fetched is None:
                return
            put_off = _put_off(fetched)
            if put_off and not was_put_off:
                due = time.monotonic() + put_off
            else:
                yield from self._given(fetched)
                due = begin + self._every * (math.floor((time.monotonic() - begin) / self._every) + 1)
            was_put_off = bool(put_off)
            while (left := due - time.monotonic()) > 0 and not self._closed.wait(min(left, LONGEST_SILENCE)):
                yield Batch((), self._place.text)

    def close(self) -> None:
        self._closed.set()
        self._answer.cancel()
        self._wire.cut()

    def _asked(self) -> Generator[Batch, None, Fetched | None]:
        """Signs of life until the answer is here, if the last one came in time; None after `close`. Raises FeedError.

        An endpoint that has not answered yet, or no longer does, says nothing: so it becomes late.
        """
        self._wire, self._answer = wire, answer = Wire(), Future[Fetched]()
        until = time.monotonic() + self._longest
        background.begin(partial(self._ask, wire, answer), self._settings.name, stop=wire.cut)
        while not self._closed.is_set():
            try:
                fetched = answer.result(min(LONGEST_SILENCE, max(0.0, until - time.monotonic())))
                self._is_prompt = True
                return fetched
            except CancelledError:
                return None
            except TimeoutError:
                if time.monotonic() >= until:
                    wire.cut()
                    answer.cancel()
                    why = said("trouble.answer_not_whole", seconds=self._longest)
                    raise FeedError(why, where=self._address.shown) from None
            if self._is_prompt:
                yield Batch((), self._place.text)
        return None

    def _ask(self, wire: Wire, answer: Future[Fetched]) -> None:
        """Resolves the future of the answer with what comes of it, if somebody still waits."""
        try:
            fetched = fetch(self._address, self._settings.headers, self._place.headers, wire)
        except Exception as error:  # noqa: BLE001
            if answer.set_running_or_notify_cancel():
                answer.set_exception(error)
        else:
            if answer.set_running_or_notify_cancel():
                answer.set_result(fetched)

    def _given(self, fetched: Fetched) -> Iterator[Batch]:
        """The rows of an answer in batches; an empty one when they are those of the last answer."""
        if fetched.status == HTTPStatus.NOT_MODIFIED:
            yield Batch((), self._place.text)
            return
        if fetched.status != HTTPStatus.OK:
            raise FeedError(said("trouble.answers", status=_status(fetched.status)), where=self._address.shown)
        try:
            rows = rows_in(parsed(fetched.body), self._settings.rows)
            place = self._next_place(fetched, rows)
            messages = [message_of(row) for row in rows]
        except (Refused, ValueError) as error:
            raise FeedError(because(error), where=self._address.shown) from None
        except RecursionError:
            raise FeedError(said("trouble.nested"), where=self._address.shown) from None
        if not messages or place.digest == self._place.digest:
            self._place = place
            yield Batch((), place.text)
            return
        errors: list[Exception] = []
        for begin in range(0, len(messages), LARGEST_BATCH):
            part = messages[begin : begin + LARGEST_BATCH]
            is_last = begin + LARGEST_BATCH >= len(messages)
            reached = place if is_last else self._place
            yield Batch(part, reached.text, self._settling(errors, place, is_last))

    def _settling(self, errors: list[Exception], place: Place, is_last: bool) -> Callable[[Exception | None], None]:
        """The answer counts as the last one seen only when all its batches are on disk."""

        def settled(error: Exception | None) -> None:
            if error is not None:
                errors.append(error)
            elif is_last and not errors:
                self._place = place

        return settled

    def _next_place(self, fetched: Fetched, rows: Sequence[object]) -> Place:
        tags = {name: fetched.headers.get(name, "") for name in ("etag", "last-modified")}
        kept = {name: tag if len(tag) <= _LONGEST_TAG and _VALUE.fullmatch(tag) else "" for name, tag in tags.items()}
        digest = sha256(json.dumps(rows).encode()).hexdigest()
        return replace(self._place, digest=digest, etag=kept["etag"], modified=kept["last-modified"])


def rows_in(answer: object, path: str | None) -> list[object]:
    """The rows of an answer: the list at `path` (`a.b` is the field b inside a), else the answer or its only list.

    An object without any list is one row. Raises ValueError.
    """
    if path is not None:
        for name in path.split("."):
            if not isinstance(answer, dict) or name not in answer:
                raise ValueError(said("trouble.no_field", path=path))
            answer = answer[name]
        if not isinstance(answer, list):
            raise ValueError(said("trouble.no_row_list", path=path))
        return answer
    if isinstance(answer, list):
        return answer
    if not isinstance(answer, dict):
        raise ValueError(said("trouble.no_rows"))
    lists = list(_lists(answer))
    if len(lists) > 1:
        raise ValueError(said("trouble.several_lists"))
    return lists[0] if lists else [answer]


def _lists(found: Mapping[str, Any]) -> Iterator[list[object]]:
    for value in found.values():
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict):
            yield from _lists(value)


def _put_off(fetched: Fetched) -> float:
    """Seconds after which a server that has too much to do wants to be asked again; 0: it does not say so."""
    wish = fetched.headers.get("retry-after", "")
    busy = fetched.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return min(float(wish), LONGEST_REPRIEVE) if busy and re.fullmatch(r"[0-9]{1,9}", wish) else 0.0


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def open_feed(settings: FeedSettings, folder: Path) -> HttpPoll:  # noqa: ARG001  # every kind is opened alike
    """The endpoint that settings ask for, not asked yet. Raises InputError for a URL or header that cannot be sent."""
    assert isinstance(settings, Settings)
    where = said("error.feed", name=settings.name)
    try:
        address = address_of(settings.url)
    except ValueError as error:
        cure = said("error.url_form")
        raise InputError(said("error.url_wrong", why=error), where=where, cure=cure) from None
    for name, value in settings.headers.items():
        if not _HEADER.fullmatch(name) or not _VALUE.fullmatch(value):
            raise InputError(
                said("error.no_header"),
                where=said("error.header_place", where=where, name=name),
                cure=said("error.header_form"),
            )
    return HttpPoll(settings, address)
