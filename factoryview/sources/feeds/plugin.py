"""Feeds of other packages, found by the entry points of the group `factoryview.feeds`.

Source: Python packaging, "Entry points specification". Only what somebody installed is run: a plant file names it, but
cannot bring code with it.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from factoryview.errors import FactoryviewError, InputError
from factoryview.language.said import said
from factoryview.plant.feeds import FeedSettings, PluginFeed
from factoryview.sources.feeds.feed import Feed

GROUP = "factoryview.feeds"


def open_feed(settings: FeedSettings, folder: Path) -> Feed:
    """The feed that the entry point `settings.plugin` makes: a function like this one.

    Raises InputError where nothing of that name is installed, and where it does not come up.
    """
    assert isinstance(settings, PluginFeed)
    place = said("error.feed_plugin", name=settings.name)
    known = entry_points(group=GROUP)
    if settings.plugin not in known.names:
        found = ", ".join(sorted(known.names)) or said("reading.none")
        raise InputError(
            said("error.no_plugin", name=settings.plugin, known=found),
            where=place,
            cure=said("error.install_plugin"),
        )
    try:
        feed: Feed = known[settings.plugin].load()(settings, folder)
    except FactoryviewError:
        raise
    except Exception as error:
        raise InputError(
            said("error.plugin_failed", name=settings.plugin, kind=type(error).__name__, why=error),
            where=place,
            cure=said("error.ask_maker"),
        ) from error
    return feed
