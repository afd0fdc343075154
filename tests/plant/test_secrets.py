"""Secrets come from the environment and stay out of what is told."""

from __future__ import annotations

from typing import Annotated

import pytest

from factoryview.errors import InputError, PlantError
from factoryview.plant.feeds import KINDS, HttpFeed, KafkaFeed, RedisFeed, WebhookFeed
from factoryview.plant.files import dump_plant, read_plant
from factoryview.plant.secrets import filled, hidden, redacted, secrets_in
from factoryview.plant.words import REDACTED, PlantModel, Secret, secret_of


def test_variables_are_put_in_and_quoted_where_they_stand_in_a_url() -> None:
    feed = RedisFeed(name="shop", kind="redis", url="redis://ada:${PASSWORD}@host/0", stream="s")
    found, secrets = filled(feed, {"PASSWORD": "p@ss/word"})
    assert found.url == "redis://ada:p%40ss%2Fword@host/0"
    assert hidden("p@ss/word and p%40ss%2Fword failed", secrets) == f"{REDACTED} and {REDACTED} failed"


def test_headers_are_filled_too_and_other_text_is_left_alone() -> None:
    feed = HttpFeed(name="${NAME}", kind="http", url="http://x", headers={"Authorization": "Bearer ${TOKEN}"})
    found, secrets = filled(feed, {"TOKEN": "t0k"})
    assert (found.name, found.headers) == ("${NAME}", {"Authorization": "Bearer t0k"})
    assert secrets == {"t0k", "Bearer t0k", "Bearer"}


def test_a_variable_nobody_set_is_named() -> None:
    feed = RedisFeed(name="shop", kind="redis", url="redis://:${NOT_SET}@host", stream="s")
    with pytest.raises(InputError, match=r'feed "shop", url: the environment has no NOT_SET\.'):
        filled(feed, {})


def test_a_password_written_down_is_hidden_as_well() -> None:
    feed = RedisFeed(name="shop", kind="redis", url="redis://ada:geheim@host/0", stream="s")
    _, secrets = filled(feed, {})
    assert hidden("geheim at redis://ada:geheim@host/0", secrets) == f"{REDACTED} at redis://ada:{REDACTED}@host/0"
    assert hidden("redis://ada:geheim@host/0", frozenset()) == f"redis://ada:{REDACTED}@host/0"


PLANT = """
name = "Werk"
[[feeds]]
name = "a"
kind = "http"
url = "https://ada:geheim-1@host/kpi?key=geheim-2"
headers = {Authorization = "Bearer geheim-3"}
[[feeds]]
name = "b"
kind = "webhook"
port = 0
token = "geheim-4"
[[feeds]]
name = "c"
kind = "kafka"
servers = "host:9"
topic = "t"
settings = {"sasl.password" = "geheim-5"}
"""


def test_no_secret_is_in_a_redacted_plant_nor_in_the_repr_of_one() -> None:
    plant = read_plant(PLANT)
    told = dump_plant(redacted(plant))
    assert "geheim" not in told + repr(plant)
    assert read_plant(told) == redacted(plant)
    assert [getattr(feed, "url", None) for feed in redacted(plant).feeds] == [f"https://{REDACTED}", None, None]
    assert redacted(redacted(plant)) == redacted(plant)
    assert plant.model_copy(update={"feeds": ()}) == redacted(plant).model_copy(update={"feeds": ()})


def test_what_is_written_down_is_known_to_be_secret() -> None:
    http, webhook, kafka = read_plant(PLANT).feeds
    assert isinstance(http, HttpFeed)
    assert isinstance(webhook, WebhookFeed)
    assert isinstance(kafka, KafkaFeed)
    assert secrets_in(http) == {"geheim-1", "Bearer geheim-3", "Bearer", "geheim-3"}
    assert (secrets_in(webhook), secrets_in(kafka)) == ({"geheim-4"}, {"geheim-5"})
    assert secrets_in(webhook.model_copy(update={"token": "abc"})) == frozenset(), "it would be found in every sentence"


def test_every_kind_of_source_that_opens_something_has_a_marked_field() -> None:
    marked = {
        kind: {key for key, field in model.model_fields.items() if secret_of(field)} for kind, model in KINDS.items()
    }
    assert marked == {
        "file": set(),
        "postgres": {"url"},
        "redis": {"url"},
        "kafka": {"settings"},
        "mqtt": {"url"},
        "webhook": {"token"},
        "http": {"url", "headers"},
        "plugin": {"options"},
    }


def test_a_mark_is_found_wherever_it_stands() -> None:
    class Inner(PlantModel):
        key: Annotated[str, Secret()] | None = None

    class Outer(PlantModel):
        inner: Inner = Inner()
        several: tuple[Inner, ...] = ()
        keys: Annotated[tuple[str, ...], Secret()] = ()
        plain: str = "plain"

    outer = Outer(inner=Inner(key="secret"), several=(Inner(key="secret"), Inner()), keys=("secret",))
    assert "secret" not in repr(outer)
    hidden_outer = Outer(inner=Inner(key=REDACTED), several=(Inner(key=REDACTED), Inner()), keys=(REDACTED,))
    assert redacted(outer) == hidden_outer


@pytest.mark.parametrize(
    "line",
    [
        "token = 77778888",
        'token = { a = "77778888" }',
        'token = ["77778888"]',
        'token = "77778888',
        "token = x77778888",
        "token.inner = 77778888",
        'headers = "77778888"',
        "headers = { A = 77778888 }",
        "url = 77778888",
    ],
)
def test_a_mistake_in_a_plant_file_tells_no_secret(line: str) -> None:
    kind = "webhook" if line.startswith("token") else "http"
    with pytest.raises(PlantError) as caught:
        read_plant(f'name = "W"\n[[feeds]]\nname = "a"\nkind = "{kind}"\n{line}\n')
    assert "77778888" not in str(caught.value)
    assert line.partition(" ")[0].partition(".")[0] in str(caught.value)
