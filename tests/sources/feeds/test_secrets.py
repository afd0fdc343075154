"""Secrets come from the environment and stay out of what is told."""

from __future__ import annotations

import pytest

from factoryview.errors import InputError
from factoryview.plant.feeds import HttpFeed, RedisFeed
from factoryview.sources.feeds.secrets import HIDDEN, filled, hidden


def test_variables_are_put_in_and_quoted_where_they_stand_in_a_url() -> None:
    feed = RedisFeed(name="shop", kind="redis", url="redis://ada:${PASSWORD}@host/0", stream="s")
    found, secrets = filled(feed, {"PASSWORD": "p@ss/word"})
    assert found.url == "redis://ada:p%40ss%2Fword@host/0"
    assert hidden("p@ss/word and p%40ss%2Fword failed", secrets) == f"{HIDDEN} and {HIDDEN} failed"


def test_headers_are_filled_too_and_other_text_is_left_alone() -> None:
    feed = HttpFeed(name="${NAME}", kind="http", url="http://x", headers={"Authorization": "Bearer ${TOKEN}"})
    found, secrets = filled(feed, {"TOKEN": "t0k"})
    assert (found.name, found.headers) == ("${NAME}", {"Authorization": "Bearer t0k"})
    assert secrets == {"t0k"}


def test_a_variable_nobody_set_is_named() -> None:
    feed = RedisFeed(name="shop", kind="redis", url="redis://:${NOT_SET}@host", stream="s")
    with pytest.raises(InputError, match=r'feed "shop", url: the environment has no NOT_SET\.'):
        filled(feed, {})


def test_a_password_written_down_is_hidden_as_well() -> None:
    feed = RedisFeed(name="shop", kind="redis", url="redis://ada:geheim@host/0", stream="s")
    _, secrets = filled(feed, {})
    assert hidden("geheim at redis://ada:geheim@host/0", secrets) == f"{HIDDEN} at redis://ada:{HIDDEN}@host/0"
    assert hidden("redis://ada:geheim@host/0", frozenset()) == f"redis://ada:{HIDDEN}@host/0"
