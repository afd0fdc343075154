"""The files that this program writes itself while it records: no feed reads them, under whatever name it meets them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from threading import Lock

Identity = tuple[int, int]
"""Device and inode: what a file is, whatever it is called."""

COMPANIONS = ("-wal", "-shm", "-journal", ".lock")
"""Endings of what stands beside a store while it is open."""

_stores: Counter[tuple[Path, Identity]] = Counter()
turn = Lock()
"""To be held by whoever opens or closes a store, or opens by hand what might be one.

Whoever closes any handle of a file gives up all locks that the program has on it, SQLite's too; therefore nobody here
opens a store by hand while it is open. Source: "How To Corrupt An SQLite Database File", sqlite.org, 2.2.
"""


def identity(path: Path) -> Identity:
    """Raises OSError."""
    found = path.stat()
    return found.st_dev, found.st_ino


def opened(path: Path) -> tuple[Path, Identity]:
    """Note that a store is open here; what is to be given to `closed`. `turn` must be held."""
    store = path, identity(path)
    _stores[store] += 1
    return store


def closed(store: tuple[Path, Identity]) -> None:
    """Note that it is no longer open. `turn` must be held."""
    _stores[store] -= 1
    if not _stores[store]:
        del _stores[store]


def is_open(found: Identity) -> bool:
    """Whether that file is a store which is open here. `turn` must be held."""
    return any(known == found for _, known in _stores)


def name_of(found: Identity) -> Path | None:
    """The name by which a store that is open here was opened. `turn` must be held."""
    return next((path for path, known in _stores if known == found), None)


def own_files() -> frozenset[Identity]:
    """Every store that is open here, and its companions, as they are now."""
    with turn:
        stores = list(_stores)
    found = {known for _, known in stores}
    for path, _ in stores:
        for ending in COMPANIONS:
            try:
                found.add(identity(path.with_name(path.name + ending)))
            except OSError:
                continue
    return frozenset(found)
