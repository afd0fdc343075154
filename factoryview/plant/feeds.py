"""The words of a plant file for live data: the sources it follows and the store they are recorded in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from factoryview.plant.words import (
    Duration,
    Name,
    PlantModel,
    SecretAddress,
    SecretName,
    SecretNames,
    Times,
    Whole,
    ZoneName,
)


class FeedSettings(PlantModel):
    """What every feed may say. Any text may hold `${NAME}`, a variable of the environment: no secret is written."""

    name: Name
    """What the screen calls this source; the place reached in it is kept under this name."""
    columns: dict[str, str] = {}
    """Role → field of a message; `a.b` is the field b inside a. Roles: those of a log and `id`; of counts `stage`,
    `bucket`, `bucket_end`, `arrivals`, `departures`, `losses`, `wip`."""
    timezone: ZoneName | None = None
    """Of times without an offset; the plant's when absent."""
    dates: Literal["dmy", "mdy", "ymd"] | None = None
    """What comes first in dates like 03/04/2026: day, month or year. Dates with dots begin with the day anyhow."""
    late_after: Duration = timedelta(minutes=3)
    """Without a sign of life for so long, the source is late and its belts fade."""
    quiet_after: Duration | None = None
    """Without a new event for so long, the source is late too; absent: silence is no fault."""
    ahead: Duration = timedelta(minutes=10)
    """So far a source's clock may run ahead of ours; events from further ahead are rejected."""


class FileFeed(FeedSettings):
    """A file that grows, or every file that comes into a folder: JSON lines, or CSV with a header."""

    kind: Literal["file"]
    """Which kind of source."""
    path: Name
    """Relative to the plant file."""
    pattern: Name = "*"
    """Which files of a folder."""


class PostgresFeed(FeedSettings):
    """Rows of a table or view that only grows, read in the order (tx, id), never past a transaction still open."""

    kind: Literal["postgres"]
    """Which kind of source."""
    url: SecretAddress
    """`postgresql://user:${PASSWORD}@host/database`."""
    table: Name
    """Or `schema.table`."""
    cursor: Name = "id"
    """Its column that numbers the rows: never empty, and unique."""
    transaction: Name = "tx"
    """Its column `xid8 default pg_current_xact_id()`, so that rows committed late are not lost."""
    every: Duration = timedelta(seconds=1)
    """How often it is asked."""
    notify: Name | None = None
    """A channel whose NOTIFY wakes the feed at once."""


class RedisFeed(FeedSettings):
    """A Redis stream: entries with the fields of an event, or one field that holds it as JSON."""

    kind: Literal["redis"]
    """Which kind of source."""
    url: SecretAddress
    """`redis://:${PASSWORD}@host:6379/0`."""
    stream: Name
    """The key of the stream."""


class KafkaFeed(FeedSettings):
    """A Kafka topic, all its partitions; values are JSON."""

    kind: Literal["kafka"]
    """Which kind of source."""
    servers: Name
    """Where to begin: `host:9092`, several with commas."""
    topic: Name
    """Its name."""
    settings: SecretNames = {}
    """Further settings of librdkafka, like `security.protocol`."""


class MqttFeed(FeedSettings):
    """A topic (or filter) of an MQTT broker, quality of service 1, a session that outlives this program."""

    kind: Literal["mqtt"]
    """Which kind of source."""
    url: SecretAddress
    """`mqtt://user:${PASSWORD}@host:1883`, `mqtts://` with TLS."""
    topic: Name
    """`plant/+/events`: a topic, or a filter with + and #."""
    client: Name | None = None
    """The name of the session at the broker; made from the plant's and the feed's when absent."""


class WebhookFeed(FeedSettings):
    """A door of our own: `POST /` with CloudEvents or plain JSON, one or many, answered when it is on disk."""

    kind: Literal["webhook"]
    """Which kind of source."""
    port: Whole = Field(ge=0, le=65535)
    """0: any that is free."""
    host: Name = "127.0.0.1"
    """The address it listens on."""
    token: SecretName | None = None
    """Senders must give it as `Authorization: Bearer …`; a must where `host` is not this computer."""
    largest: Whole = Field(default=8_000_000, ge=1_000)
    """Bytes of a body, unpacked."""


class HttpFeed(FeedSettings):
    """A JSON endpoint that is asked again and again: counts per stage and bucket, or events."""

    kind: Literal["http"]
    """Which kind of source."""
    url: SecretAddress
    """The address that is asked."""
    headers: SecretNames = {}
    """Sent along, like `Authorization`."""
    every: Duration = timedelta(seconds=60)
    """How often it is asked."""
    rows: Name | None = None
    """The field that holds the list of rows, `a.b` inside a; absent: the answer itself, or its only list."""


class PluginFeed(FeedSettings):
    """A source that an installed package knows: an entry point of the group `factoryview.feeds`."""

    kind: Literal["plugin"]
    """Which kind of source."""
    plugin: Name
    """The name of the entry point."""
    options: SecretNames = {}
    """What it wants to know; its own words."""


KINDS: dict[str, type[FeedSettings]] = {
    "file": FileFeed,
    "postgres": PostgresFeed,
    "redis": RedisFeed,
    "kafka": KafkaFeed,
    "mqtt": MqttFeed,
    "webhook": WebhookFeed,
    "http": HttpFeed,
    "plugin": PluginFeed,
}
COUNT_ROLES = ("stage", "bucket", "bucket_end", "arrivals", "departures", "losses", "wip")
"""What a field of a count can be."""

Feed = Annotated[
    FileFeed | PostgresFeed | RedisFeed | KafkaFeed | MqttFeed | WebhookFeed | HttpFeed | PluginFeed,
    Field(discriminator="kind"),
]


class Record(PlantModel):
    """The store of a plant with feeds, and how its events are to be understood."""

    path: Name | None = None
    """Relative to the plant file; absent: its name with the ending `.store`."""
    times: Times = "entry"
    """What the time of an event means."""
    ends: tuple[str, ...] | None = None
    """Stages at which cases are done; absent: the plant's outcomes, else found out."""
    keep: Duration | None = None
    """Cases that are done and have not moved for so long are forgotten; absent: nothing is. Needs to know the ends."""
    compact: Duration = timedelta(days=1)
    """How often the space of what was forgotten is given back."""
