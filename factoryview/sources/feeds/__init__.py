"""Live sources: one file per kind, all behind the interface in `feed`."""

from __future__ import annotations

import importlib
from pathlib import Path

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.feeds import FeedSettings
from factoryview.sources.feeds.feed import Feed

KINDS = {
    "file": "file.growing_file",
    "postgres": "postgres",
    "redis": "redis_stream",
    "kafka": "kafka",
    "mqtt": "mqtt",
    "webhook": "http.webhook",
    "http": "http.poll",
    "plugin": "plugin",
}
"""Kind → module with `open_feed(settings, folder) -> Feed`; imported only when a plant asks for it."""


def open_feed(settings: FeedSettings, folder: Path) -> Feed:
    """The feed that settings (with secrets filled in) ask for, not started; relative paths are in `folder`.

    Raises InputError for settings that cannot be used, and where the library of that kind is not installed.
    """
    kind: str = settings.kind  # type: ignore[attr-defined]  # every kind of settings has its own literal
    try:
        module = importlib.import_module(f"{__name__}.{KINDS[kind]}")
    except ModuleNotFoundError as error:
        raise InputError(
            said("error.no_library", name=error.name),
            where=said("error.feed", name=settings.name),
            cure=said("error.install_live"),
        ) from error
    feed: Feed = module.open_feed(settings, folder)
    return feed
