"""What is wrong with a plant's live sources and with what was recorded of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from factoryview.errors import InputError
from factoryview.factory.opening import store_of
from factoryview.factory.remark import Remark
from factoryview.language.said import also, said
from factoryview.plant.feeds import FeedSettings
from factoryview.plant.models import Plant
from factoryview.plant.secrets import filled, hidden
from factoryview.sources.feeds import open_feed
from factoryview.store.journal.journal import Journal

_MOST_SET_ASIDE = 20


def check_feeds(path: Path, plant: Plant) -> Iterator[Remark]:
    """Every feed's settings, without connecting to it; then the store. path: the plant file."""
    for feed in plant.feeds:
        yield _check_settings(path, feed)
    store = store_of(path, plant)
    if store.exists():
        yield from check_store(store)
    else:
        cure = said("check.record", plant=path.name)
        yield Remark("info", str(path), said("check.not_recorded", name=store.name), cure)


def check_store(path: Path) -> Iterator[Remark]:
    """How the sources were when they were last recorded, and what was rejected."""
    try:
        with closing(Journal.read(path)) as journal:
            states, set_aside = journal.states(), journal.set_aside(_MOST_SET_ASIDE + 1)
    except InputError as error:
        yield Remark("error", error.where or str(path), error.what, error.cure)
        return
    for state in states:
        told = said("check.recorded", accepted=state.accepted, duplicates=state.duplicates, rejected=state.rejected)
        yield Remark("info", said("check.feed", file=path.name, feed=state.name), told)
        if state.trouble:
            what = also([said(f"record.{state.status}"), state.trouble], ": ")
            yield Remark("warning", said("check.feed", file=path.name, feed=state.name), what)
    for _, feed, reason, raw in set_aside[:_MOST_SET_ASIDE]:
        shown = raw if len(raw) <= 80 else raw[:79] + "…"
        yield Remark(
            "warning",
            said("check.feed", file=path.name, feed=feed),
            said("check.set_aside", reason=reason, shown=shown),
        )
    if len(set_aside) > _MOST_SET_ASIDE:
        yield Remark("warning", path.name, said("check.more_set_aside"))


def _check_settings(path: Path, feed: FeedSettings) -> Remark:
    place = said("check.feed", file=path.name, feed=feed.name)
    kind: str = feed.kind  # type: ignore[attr-defined]  # every kind of settings has its own literal
    secrets: frozenset[str] = frozenset()
    try:
        settings, secrets = filled(feed)
        open_feed(settings, path.parent).close()
    except InputError as error:
        return Remark("error", place, hidden(error.what, secrets), hidden(error.cure, secrets))
    return Remark("info", place, said("check.feed_usable", kind=kind))
