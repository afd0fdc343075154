"""What a phone may ask of the wall: a small JSON object, checked to the last character."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from factoryview.plant.notes import Answered
from factoryview.plant.words import Day
from factoryview.serving.bodies import Refused, parsed
from factoryview.wall.control import DARKEST

LARGEST = 4_000
"""Bytes of an order."""
_CONTROLS = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories that have no place in a line of text: controls, marks that reverse the direction, line ends."""


def _plain(text: str) -> str:
    if any(unicodedata.category(letter) in _CONTROLS for letter in text):
        raise ValueError("the text holds control characters")
    return " ".join(text.split())


def _something(text: str) -> str:
    if not text:
        raise ValueError("the text is empty")
    return text


Line = Annotated[str, AfterValidator(_plain)]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plain(_Order):
    order: Literal["next", "previous", "pause", "resume", "unpin", "code"]


class PinView(_Order):
    order: Literal["pin"]
    view: Line = Field(max_length=200)


class SetBrightness(_Order):
    order: Literal["brightness"]
    value: float = Field(ge=DARKEST, le=1.0, strict=True)


class AnswerAlarm(_Order):
    order: Literal["answer"]
    alarm: Line = Field(max_length=500)
    """`AlarmReport.id`."""
    state: Answered
    role: Line = Field(default="", max_length=80)
    measure: Line = Field(default="", max_length=120)
    until: Day | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> AnswerAlarm:
        if self.state == "worked on" and self.until is None:
            raise ValueError("what is worked on needs a day until when")
        return self


class GiveReason(_Order):
    order: Literal["reason"]
    plant: Line = Field(max_length=200)
    day: Day
    hour: int = Field(ge=0, le=23, strict=True)
    text: Annotated[Line, AfterValidator(_something)] = Field(max_length=120)


Wish = Plain | PinView | SetBrightness | AnswerAlarm | GiveReason
_WISH: TypeAdapter[Wish] = TypeAdapter(Annotated[Wish, Field(discriminator="order")])
_FIELDS = {name for model in get_args(Wish) for name in model.model_fields}


def wish_in(body: bytes) -> Wish:
    """What a body asks for. Raises Refused (400) and names the field that is wrong, never what stood in it."""
    found = parsed(body)
    try:
        return _WISH.validate_python(found)
    except ValidationError as error:
        places = [str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"]]
        known = {
            name for model in (Plain, PinView, SetBrightness, AnswerAlarm, GiveReason) for name in model.model_fields
        }
        named = [place for place in places if place in known]
        field = f": {named[-1]}" if named else ""
        raise Refused(400, f"this is no order{field}") from None
    except RecursionError:
        raise Refused(400, "the body is nested too deeply") from None
