"""What a phone is given in a meeting: the page, how far the meeting is, and a place to write and to vote.

The page holds no secret. All else needs the token, which the code on the screen has. What others wrote is not sent to
a phone before all of it is revealed, and who wrote it never is.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from factoryview.meeting.course import LONGEST, VOTES, Course
from factoryview.meeting.room import Room
from factoryview.serving.admission import HEADERS, Admission
from factoryview.serving.bodies import Refused, parsed
from factoryview.serving.exchange import Response, says
from factoryview.serving.rates import TokenBucket
from factoryview.serving.request import Limits, Request, Share
from factoryview.wall.remote.orders import Line
from factoryview.wall.remote.page import PhonePage

LIMITS = Limits(largest=4_000, head=8_192, idle=30.0, reading_body=5.0, grace=2.0, connections=64, memory=1_000_000)
_METHODS = {"/": "GET", "/meeting": "GET", "/say": "POST"}
_AUTHOR = r"[0-9a-z]{8,40}"


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    author: str = Field(pattern=f"^{_AUTHOR}$")
    """Drawn by the phone when it opened the page."""


class WriteCard(_Said):
    do: Literal["write"]
    text: Line = Field(min_length=1, max_length=LONGEST)
    moment: int = Field(ge=-1, le=1_000, strict=True)


class Vote(_Said):
    do: Literal["vote"]
    card: int = Field(ge=1, le=100_000, strict=True)


class TakeBack(_Said):
    do: Literal["take back"]


_SAID: TypeAdapter[WriteCard | Vote | TakeBack] = TypeAdapter(
    Annotated[WriteCard | Vote | TakeBack, Field(discriminator="do")]
)


class MeetingSite:
    """Answers phones; used by the door's thread only."""

    def __init__(self, token: str, page: PhonePage, room: Room) -> None:
        self._page, self._room = page, room
        asked = TokenBucket(200, 60.0)
        self.admit = Admission(token, _METHODS, {"/": asked, "/meeting": asked, "/say": TokenBucket(60, 10.0)}).admit

    async def answer(self, request: Request, body: bytes, share: Share) -> Response:  # noqa: ARG002  # what is said is small
        if request.path == "/":
            return Response(200, *self._page.in_language(request.headers.get("accept-language", "")))
        if request.path == "/say":
            said = _said_in(body)
            if not self._room.change(lambda course: _changed(course, said)):
                raise Refused(409, "this cannot be done now")
            return says(200, seen_by(said.author, self._room), HEADERS)
        return says(200, seen_by(request.headers.get("x-author", ""), self._room), HEADERS)


def seen_by(author: str, room: Room) -> dict[str, object]:
    """What somebody may know of the meeting now."""
    course = room.course
    mine = [{"number": card.number, "text": card.text} for card in course.cards if card.author == author]
    seen: dict[str, object] = {
        "step": course.step, "moment": course.at if course.step == "moments" else -1, "titles": room.titles,
        "mine": mine, "count": len(course.cards), "left": course.left_of(author), "votes": VOTES,
    }  # fmt: skip
    if course.revealed:
        seen["groups"] = [
            {"number": card.number, "text": card.text, "more": [each.text for each in course.under(card.number)],
             "mine": course.votes_of(card.number, author),
             "votes": course.votes_of(card.number) if course.step in ("agree", "written") else None}
            for card in course.heads
        ]  # fmt: skip
    return seen


def _said_in(body: bytes) -> WriteCard | Vote | TakeBack:
    try:
        return _SAID.validate_python(parsed(body))
    except ValidationError:
        raise Refused(400, "this is nothing that can be said in a meeting") from None


def _changed(course: Course, said: WriteCard | Vote | TakeBack) -> Course:
    match said:
        case WriteCard():
            return course.noted(said.author, said.text, said.moment)
        case Vote():
            return course.voted(said.author, said.card)
        case TakeBack():
            return course.unvoted(said.author)
