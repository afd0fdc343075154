"""A topic of an MQTT broker: what is on disk is acknowledged, all else comes again.

The broker keeps our place, in a session under a fixed name that outlives this program; position is that name, only to
know whether there was a session before. MQTT 5 is spoken where the broker knows it, because only there a client can
say how much it takes unacknowledged (3.1.1 leaves that to the broker: often 10 or 20 messages), and why it was
refused; else 3.1.1. Both sessions are the same to the broker.

How much a broker keeps for a session that is away is its own setting: mosquitto drops what is more than 1,000 messages
(`max_queued_messages 0` keeps all), and forgets with a crash what it had not saved (`autosave_on_changes`).
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Lock
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from factoryview.errors import InputError
from factoryview.language.said import because, said
from factoryview.plant.feeds import FeedSettings, MqttFeed
from factoryview.plant.secrets import hidden
from factoryview.sources.feeds.feed import LARGEST_BATCH, Batch, Feed, FeedError, Message, Position, messages_of
from factoryview.sources.feeds.portions import portions

UNACKNOWLEDGED = 1_000
"""Messages the broker may send before the first of them is acknowledged."""
_KEEPALIVE = 15
"""Seconds of silence after which the broker is asked whether it is there; after as many again it is not."""
_ANSWER_WITHIN = 5.0
"""Seconds for connecting, and for each of the first answers."""
_WAIT = 0.5
"""Seconds to wait for a message before a sign of life is given."""
_FOREVER = 0xFFFFFFFF
_OLD_BROKER, _SILENTLY = "Unsupported protocol version", said("trouble.no_ending")
"""What a broker that does not know MQTT 5 says or does."""
_NO_REASON = "Unspecified error"


def open_feed(settings: FeedSettings, folder: Path) -> Feed:
    """The feed of an `MqttFeed`. Raises InputError for an address that cannot be used."""
    assert isinstance(settings, MqttFeed)
    return MqttTopic(settings, folder)


class _Came(NamedTuple):
    mid: int
    qos: int
    payload: bytes


class _Session:
    """One connection to the broker: what came in it, how it began, why it ended. Its callbacks run on paho's thread."""

    def __init__(self, name: str, version: MQTTProtocolVersion) -> None:
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            clean_session=None if version == MQTTProtocolVersion.MQTTv5 else False,
            protocol=version,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        self.client.connect_timeout = _ANSWER_WITHIN
        self.client.on_connect = self._connected
        self.client.on_subscribe = self._subscribed
        self.client.on_message = self._came
        self.client.on_disconnect = self._disconnected
        self.came: Queue[_Came] = Queue(LARGEST_BATCH)
        self.answer: Queue[tuple[ReasonCode, bool] | None] = Queue()
        """The broker's answers: to connecting, with whether it knew our session, and to subscribing; None: its end."""
        self.closing = Event()
        self.ended = ""
        self._v5 = version == MQTTProtocolVersion.MQTTv5

    def connect(self, host: str, port: int) -> None:
        """Raises OSError and ValueError; the answer comes in `answer`."""
        if not self._v5:
            self.client.connect(host, port, _KEEPALIVE)
        else:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.SessionExpiryInterval = _FOREVER
            properties.ReceiveMaximum = UNACKNOWLEDGED
            self.client.connect(host, port, _KEEPALIVE, clean_start=False, properties=properties)
        self.client.loop_start()

    def subscribe(self, topic: str) -> None:
        """The answer comes in `answer`. What the broker retains is not sent again to a session that had it."""
        if self._v5:
            options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
            self.client.subscribe(topic, options=options)
        else:
            self.client.subscribe(topic, qos=1)

    def wait(self) -> tuple[ReasonCode, bool] | None:
        """The next answer; None if the connection ends or too much time passes before."""
        try:
            return self.answer.get(timeout=_ANSWER_WITHIN)
        except Empty:
            return None

    def acknowledge(self, came: list[_Came]) -> Callable[[Exception | None], None]:
        """What a batch calls when it is settled. In a connection that has ended it does nothing: all comes again."""

        def settled(error: Exception | None) -> None:
            if error is None:
                for one in came:
                    if one.qos:
                        self.client.ack(one.mid, one.qos)

        return settled

    def close(self) -> None:
        """From any thread; the session stays at the broker."""
        self.closing.set()
        self.answer.put(None)
        self.client.disconnect()
        self.client.loop_stop()

    def _connected(self, _client: object, _data: object, flags: Any, reason: ReasonCode, _properties: object) -> None:
        self.answer.put((reason, flags.session_present))

    def _subscribed(self, _client: object, _data: object, _mid: int, reasons: list[ReasonCode], _more: object) -> None:
        self.answer.put((reasons[0], False))

    def _came(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        """Waits while nobody takes what came before: so the broker waits too."""
        while not self.closing.is_set():
            try:
                self.came.put(_Came(message.mid, message.qos, bytes(message.payload)), timeout=_WAIT)
                return
            except Full:
                continue

    def _disconnected(self, _client: object, _data: object, _flags: object, reason: ReasonCode, _more: object) -> None:
        self.ended = str(reason)
        self.answer.put(None)


class MqttTopic:
    """Follows one topic or filter; see `Feed`. Once closed it stays so."""

    def __init__(self, settings: MqttFeed, folder: Path) -> None:
        try:
            url = urlsplit(settings.url)
            self._tls = {"mqtt": False, "mqtts": True}[url.scheme]
            self._host, self._port = url.hostname or "", url.port or (8883 if self._tls else 1883)
            self._user, self._password = unquote(url.username or ""), unquote(url.password or "")
            if not self._host or url.path.strip("/") or url.query:
                raise ValueError(url.path)
            paho.Client(CallbackAPIVersion.VERSION2).subscribe(settings.topic)
        except (KeyError, ValueError):  # their words may hold a part of the password
            raise InputError(
                said("error.no_mqtt"),
                where=said("error.feed_topic", name=settings.name),
                cure=said("error.mqtt_form"),
            ) from None
        self._topic = settings.topic
        self._where = said("trouble.at_mqtt", place=f"{self._host}:{self._port}", topic=self._topic)
        self._secrets = frozenset({self._password} - {""})
        parts = (settings.name, self._host, str(self._port), self._topic, str(folder.resolve()), socket.gethostname())
        self._name = settings.client or f"factoryview-{blake2b('|'.join(parts).encode(), digest_size=5).hexdigest()}"
        self._session: _Session | None = None
        self._missed: list[Message] = []
        self._closing = Event()
        self._followed = False
        self._lock = Lock()

    def start(self, position: Position | None) -> None:
        """Connect and subscribe, in MQTT 5 or, where the broker does not know it, in 3.1.1."""
        for version in (MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311):
            refusal = self._connect(version, position)
            if refusal is None and not self._closing.is_set():
                return
            self._let_go()
            if refusal not in (_OLD_BROKER, _SILENTLY) or self._closing.is_set():
                break
        if self._closing.is_set():
            return
        raise FeedError(hidden(refusal or "", self._secrets), where=self._where)

    def batches(self) -> Iterator[Batch]:
        """What came, as it comes."""
        with self._lock:
            session, self._followed = self._session, True
        try:
            while session is not None and not self._closing.is_set():
                came = _taken(session.came)
                if self._closing.is_set():
                    return
                if session.ended:
                    raise FeedError(
                        said("trouble.connection_ended", why=self._reason(session.ended)), where=self._where
                    )
                messages, self._missed = self._missed, []
                messages += [message for one in came for message in messages_of(one.payload)]
                yield from portions(messages, self._name, self._name, session.acknowledge(came))
        finally:
            self._let_go()

    def close(self) -> None:
        """`batches` ends when the batch in hand is settled; the broker keeps what is not acknowledged."""
        self._closing.set()
        with self._lock:
            followed = self._followed
        if not followed:
            self._let_go()

    def _connect(self, version: MQTTProtocolVersion, position: Position | None) -> str | None:
        """Why the broker could not be reached, None if all is well."""
        self._session = session = _Session(self._name, version)
        if self._user or self._password:
            session.client.username_pw_set(self._user, self._password or None)
        try:
            if self._tls:
                session.client.tls_set()
            session.connect(self._host, self._port)
        except (OSError, ValueError) as error:
            return because(error)
        answer = session.wait()
        if answer is None:
            return _SILENTLY if session.ended else said("trouble.silent")
        reason, known = answer
        if reason.is_failure:
            return str(reason)
        session.subscribe(self._topic)
        answer = session.wait()
        if answer is None:
            return session.ended or said("trouble.silent")
        if answer[0].is_failure:
            return said("trouble.topic_refused", why=str(answer[0]))
        if answer[0].value == 0:
            return said("trouble.no_acknowledgement")
        if position == self._name and not known:
            trouble = said("trouble.session_forgotten")
            self._missed = [Message({}, f"{self._where}, {time.strftime('%Y-%m-%d %H:%M:%S %z')}", trouble=trouble)]
        return None

    def _reason(self, ended: str) -> str:
        if ended != _NO_REASON:
            return hidden(ended, self._secrets)
        return said("trouble.no_reason", name=self._name)

    def _let_go(self) -> None:
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.close()


def _taken(queue: Queue[_Came]) -> list[_Came]:
    """What waits in the queue, after waiting a moment for the first."""
    found = []
    try:
        found.append(queue.get(timeout=_WAIT))
        while len(found) < LARGEST_BATCH:
            found.append(queue.get_nowait())
    except Empty:
        return found
    return found
