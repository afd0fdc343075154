"""What messages say: events, counts, or nothing that can be used, each with its reason.

It is long, for it has every way in which a message can be wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from factoryview.language.said import because, said
from factoryview.plant.feeds import FeedSettings
from factoryview.plant.models import ROLES
from factoryview.plant.words import Times
from factoryview.sources import attributes, currencies, kpi
from factoryview.sources.columns import headers
from factoryview.sources.feeds.feed import Message
from factoryview.sources.feeds.moments import is_blank, moment_of
from factoryview.sources.kpi_shapes import COUNTS
from factoryview.sources.limits import LARGEST_AMOUNT, LONGEST_ATTRIBUTE, LONGEST_NAME, MOST_WEIGHT, is_visible
from factoryview.sources.names import clean
from factoryview.sources.numbers import decimal_comma
from factoryview.sources.spans import calendar_span
from factoryview.time import HOUR

EVENT_IDS = ("event id", "eventid", "event uuid", "ereignis id")
"""Fields that tell one event from every other."""
PERHAPS_IDS = ("id", "uuid", "guid", "message id", "messageid")
"""Fields that may be the event's or the case's: they only help to tell events apart."""
_SURE_ENOUGH = 5
_IN_PATHS = str.maketrans({'"': "'", "\\": "/"})
"""Signs that cannot stand in the path of a JSON value."""
_BUCKET_ENDS = ("bucket end", "bucketend", "until", "to", "end", "bis", "ende")
_MOST_NAMES, _LONGEST_NAMES = 500, 20_000
"""Fields of a message, and the characters of their names together."""


class Event(NamedTuple):
    """A case entered or completed a stage. Times in µs since 1970 UTC."""

    identity: bytes
    """16 bytes, unique per event: an event that comes twice has the same."""
    case: str
    stage: str
    time: int | None
    """None only for a piece of work that has a start and has not ended."""
    start: int | None
    resource: str | None
    value: float | None
    channel: str | None
    reason: str | None
    weight: float
    attributes: str | None = None
    """What else was said, as JSON: name → text or number; None: nothing."""


class Count(NamedTuple):
    """What a stage counted in a bucket of time, [bucket, bucket_end) in µs since 1970 UTC."""

    stage: str
    bucket: int
    bucket_end: int
    arrivals: float
    departures: float
    losses: float
    wip: float | None


class Rejected(NamedTuple):
    """A message that cannot be used, and why."""

    reason: str
    raw: str


@dataclass
class Interpreted:
    """What a batch of messages said."""

    events: list[Event] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    again: set[bytes] = field(default_factory=set)
    """Identities of events that are only known by their place, in a source that was replaced by a new edition."""


class Interpreter:
    """Turns the messages of one feed into events and counts: by its `columns`, else by what fields are called."""

    def __init__(self, settings: FeedSettings, times: Times, timezone: str, currency: str | None = None) -> None:
        """currency: of the plant, where its file says one: an amount in another has no value, lest they be added up."""
        self._scope = settings.name.encode() + b"\0"
        self._columns = settings.columns
        self._times = times
        self._zone = ZoneInfo(settings.timezone or timezone)
        self._ahead = settings.ahead
        self._order = settings.dates
        self._currency = currency
        self._naive_bucket = HOUR

    def __call__(self, messages: Sequence[Message], arrived: int) -> Interpreted:
        """arrived: µs UTC, by this computer's clock. What cannot be used is in `rejected`; nothing is dropped."""
        reading = Interpreted()
        open_ended: list[tuple[int, int]] = []
        latest = arrived + self._ahead // timedelta(microseconds=1)
        for message in messages:
            try:
                if message.trouble:
                    raise ValueError(message.trouble)
                names = _names(message.fields)
                roles = _roles(names, tuple(self._columns.items()))
                if "arrivals" in roles:
                    count, ended = self._count(message, roles, arrived, latest)
                    if not ended:
                        open_ended.append((len(reading.counts), count.bucket))
                    reading.counts.append(count)
                else:
                    event = self._event(message, roles, arrived, latest)
                    if event.value is not None and self._is_foreign(message.fields, names):
                        event = event._replace(value=None)
                    reading.events.append(event._replace(attributes=_attributes(message.fields, names, roles)))
                    if message.again and event.identity == self._hash(f"key {message.key}"):
                        reading.again.add(event.identity)
            except (ValueError, RecursionError, OverflowError) as error:
                reading.rejected.append(Rejected(because(error), message.raw))
        self._close_buckets(reading.counts, open_ended)
        return reading

    def _is_foreign(self, fields: Mapping[str, Any], names: tuple[str, ...]) -> bool:
        """Whether a message says that its amount is in another currency than the plant's."""
        if self._currency is None:
            return False
        told = (currencies.code_of(str(_value(fields, name))) for name in _currency_fields(names))
        return any(code not in (None, self._currency) for code in told)

    def _event(self, message: Message, roles: Mapping[str, str], arrived: int, latest: int) -> Event:
        told = {role: _value(message.fields, name) for role, name in roles.items()}
        if is_blank(told.get("time")) and "start" not in told:
            told["time"] = message.time
        case, stage = _name(told, "case"), _name(told, "stage")
        time, start = self._moment(told, "time", arrived, latest), None
        if self._times == "interval":
            start = self._moment(told, "start", arrived, latest)
            if start is not None and time is not None and start > time:
                raise ValueError(said("trouble.start_after_end"))
        if time is None and start is None:
            if "time" in roles:
                raise ValueError(said("trouble.no_role_time", field=roles["time"]))
            raise ValueError(said("trouble.no_known_time"))
        weight = _number(told, "weight")
        if weight is not None and not 0 < weight <= MOST_WEIGHT:
            raise ValueError(said("trouble.no_weight", weight=weight))
        return Event(
            self._identity(message, told),
            case,
            stage,
            time,
            start,
            _text(told, "resource"),
            _number(told, "value"),
            _text(told, "channel"),
            _text(told, "reason"),
            1.0 if weight is None else weight,
        )

    def _identity(self, message: Message, told: Mapping[str, object]) -> bytes:
        """By what was said, never by what it was taken for: that may differ when it comes again."""
        own = message.identity or told.get("id")
        if not is_blank(own):
            known = f"id {own}"
        elif message.key and is_blank(told.get("perhaps id")):
            known = f"key {message.key}"
        elif not is_blank(told.get("perhaps id")):
            known = json.dumps([str(told.get(role)) for role in ("perhaps id", "case", "stage", "time", "start")])
        else:
            known = json.dumps(message.fields, sort_keys=True, default=str)
        return self._hash(known)

    def _hash(self, known: str) -> bytes:
        return blake2b(self._scope + known.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def _moment(self, told: Mapping[str, object], role: str, arrived: int, latest: int) -> int | None:
        value = told.get(role)
        if is_blank(value):
            return None
        moment = moment_of(value, self._zone, arrived, self._order)
        if moment > latest:
            minutes = (moment - arrived) / 60e6
            if minutes < 180:
                raise ValueError(said("trouble.ahead_minutes", role=_the(role), value=str(value), ahead=minutes))
            raise ValueError(said("trouble.ahead_hours", role=_the(role), value=str(value), ahead=minutes / 60))
        return moment

    def _count(self, message: Message, roles: Mapping[str, str], arrived: int, latest: int) -> tuple[Count, bool]:
        """The count, and whether it says when its bucket ends."""
        told = {role: _value(message.fields, name) for role, name in roles.items()}
        counts = {role: _number(told, role) for role in COUNTS}
        for role, number in counts.items():
            if number is not None and not 0 <= number <= LARGEST_AMOUNT:
                raise ValueError(said("trouble.no_count", number=number, role=_the(role)))
        since, until = self._bucket(told["bucket"], arrived, latest)
        if not is_blank(told.get("bucket_end")):
            until = moment_of(told["bucket_end"], self._zone, arrived, self._order)
        if until is not None and until <= since:
            raise ValueError(said("trouble.bucket_ends"))
        return Count(
            _name(told, "stage"),
            since,
            until or since + self._naive_bucket,
            counts["arrivals"] or 0.0,
            counts["departures"] or 0.0,
            counts["losses"] or 0.0,
            counts["wip"],
        ), until is not None

    def _bucket(self, value: object, arrived: int, latest: int) -> tuple[int, int | None]:
        if is_blank(value):
            raise ValueError(said("trouble.no_bucket"))
        span = calendar_span(value) if isinstance(value, str) else None
        if span is not None:
            return self._local(span[0], arrived), self._local(span[1], arrived)
        since = moment_of(value, self._zone, arrived, self._order)
        if since > latest:
            raise ValueError(said("trouble.bucket_ahead", value=str(value)))
        if isinstance(value, str) and len(value.strip()) <= len("2026-03-31"):
            day = datetime.fromtimestamp(since / 1e6, UTC).astimezone(self._zone).replace(tzinfo=None)
            return since, self._local(day + timedelta(days=1), arrived)
        return since, None

    def _local(self, day: datetime, arrived: int) -> int:
        return moment_of(day, self._zone, arrived)

    def _close_buckets(self, counts: list[Count], open_ended: list[tuple[int, int]]) -> None:
        """Buckets that do not say how long they last: as long as the shortest step from one to the next."""
        starts = sorted({bucket for _, bucket in open_ended})
        self._naive_bucket = min((b - a for a, b in pairwise(starts)), default=self._naive_bucket)
        for place, bucket in open_ended:
            counts[place] = counts[place]._replace(bucket_end=bucket + self._naive_bucket)


def _names(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of a message; those inside an object as `a.b`. ValueError for more than an event can have."""
    found: list[str] = []
    for name, value in fields.items():
        found += [f"{name}.{inner}" for inner in value] if isinstance(value, dict) else [name]
    if len(found) > _MOST_NAMES or sum(map(len, found)) > _LONGEST_NAMES:
        raise ValueError(said("trouble.many_fields", fields=len(found), characters=sum(map(len, found))))
    return tuple(found)


@lru_cache(maxsize=256)
def _roles(names: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Role → field, for messages with these fields. Counts are known by their names, events by what is likeliest."""
    told = dict(columns)
    plain = {name: headers.fold(name.replace(".", " ").replace("_", " ")) for name in names}
    counted = kpi.roles_of(list(plain.values()))
    if not told and {"stage", "bucket", "arrivals", "departures"} <= set(counted):
        roles = {role: names[place] for role, place in counted.items()}
        return _with(roles, "bucket_end", next((n for n in names if plain[n] in _BUCKET_ENDS), None))
    if "arrivals" in told:
        return told
    taken = set(told.values())
    roles = dict(told)
    if "id" not in roles:
        _with(roles, "id", next((n for n in names if plain[n] in EVENT_IDS and n not in taken), None))
        taken.update(roles.values())
    for role in ROLES:
        if role not in roles and role != "weight":
            ranked = [(headers.score(plain[n], role), -k, n) for k, n in enumerate(names) if n not in taken]
            points, _, best = max(ranked, default=(0.0, 0, ""))
            if points >= _SURE_ENOUGH:
                roles[role] = best
                taken.add(best)
    if "id" not in roles:
        _with(roles, "perhaps id", next((n for n in names if plain[n] in PERHAPS_IDS and n not in taken), None))
    return roles


def _with(roles: dict[str, str], role: str, name: str | None) -> dict[str, str]:
    if name is not None:
        roles[role] = name
    return roles


def _value(fields: Mapping[str, Any], name: str) -> Any:
    if name in fields:
        return fields[name]
    value: Any = fields
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


@lru_cache(maxsize=256)
def _currency_fields(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if currencies.is_named(name.rsplit(".", 1)[-1]))


@lru_cache(maxsize=256)
def _without_role(names: tuple[str, ...], roles: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The fields that play no role and do not tell who works, each with the name of its attribute."""
    found, _ = attributes.choose(dict(enumerate(names)), (k for k, name in enumerate(names) if name in roles))
    return tuple((names[k], title) for k, name in found.items() if (title := _storable(name).translate(_IN_PATHS)))


def _attributes(fields: Mapping[str, Any], names: tuple[str, ...], roles: Mapping[str, str]) -> str | None:
    """What a message says beside its roles, as JSON; lists and what is nested deeper are left out."""
    told: dict[str, str | int | float] = {}
    for name, title in _without_role(names, tuple(roles.values())):
        value = _said(_value(fields, name))
        if value is not None:
            told[title] = value
    return json.dumps(told, ensure_ascii=False) if told else None


def _said(value: object) -> str | int | float | None:
    """What a field says as an attribute: a number that can be reckoned with, or a text that can be seen."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        if not -LARGEST_AMOUNT <= (number := float(str(value))) <= LARGEST_AMOUNT:
            return None
        return int(number) if number.is_integer() else number
    if isinstance(value, str | UUID | datetime | date):
        return _storable(str(value)[: 4 * LONGEST_ATTRIBUTE])[:LONGEST_ATTRIBUTE] or None
    return None


def _storable(text: str) -> str:
    """The text as a name, without half characters and zeros, which no database holds."""
    return clean(text.encode("utf-8", "ignore").decode().replace("\0", ""))


def _the(role: str) -> str:
    """What a role is called in a sentence."""
    return said(f"named.{role}")


def _name(told: Mapping[str, object], role: str) -> str:
    value = told.get(role)
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | UUID | None):
        raise ValueError(said("trouble.no_name_but", role=_the(role), kind=type(value).__name__))
    text = "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value).strip()
    if not text:
        raise ValueError(said("trouble.no_role", role=_the(role)))
    text = clean(text)
    if not is_visible(text):
        raise ValueError(said("trouble.unseen_name", role=_the(role)))
    if len(text) > LONGEST_NAME or "\0" in text:
        raise ValueError(said("trouble.name_long", role=_the(role), characters=len(text)))
    return text


def _text(told: Mapping[str, object], role: str) -> str | None:
    value = told.get(role)
    if is_blank(value) or isinstance(value, dict | list):
        return None
    return clean(str(value))[:LONGEST_NAME] or None


def _number(told: Mapping[str, object], role: str) -> float | None:
    value = told.get(role)
    if is_blank(value):
        return None
    if isinstance(value, str):
        text = value.strip()
        value = text.replace(".", "").replace(",", ".") if decimal_comma([text]) else text.replace(",", "")
    try:
        number = float(value)  # type: ignore[arg-type]  # anything else is a TypeError
    except (TypeError, ValueError):
        raise ValueError(said("trouble.role_no_number", role=_the(role), value=repr(str(told[role])[:40]))) from None
    if not abs(number) <= LARGEST_AMOUNT:
        raise ValueError(said("trouble.no_reckoning", role=_the(role), value=str(number)))
    return number
