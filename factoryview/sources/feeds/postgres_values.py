"""What the values of PostgreSQL become: none of them is lost, or keeps a row from being read."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types import datetime as moments
from psycopg.types.json import JsonbLoader, JsonLoader
from psycopg.types.numeric import NumericLoader
from psycopg.types.string import TextLoader


class _ExactLoader(NumericLoader):
    """A number without a fraction is an int, as long as it may be."""

    def load(self, data: Buffer) -> Any:
        text = bytes(data)
        return int(text) if text.removeprefix(b"-").isdigit() else super().load(data)


def _lenient(strict: type[Loader]) -> type[Loader]:
    """The loader, but what Python has no value for (infinity, the year 10000, 24:00) stays text."""

    class Lenient(strict):  # type: ignore[misc,valid-type]
        def load(self, data: Buffer) -> Any:
            try:
                return super().load(data)
            except (psycopg.Error, ValueError, OverflowError, RecursionError):
                return bytes(data).decode("utf-8", "backslashreplace")

    return Lenient


LOADERS = {
    "timestamptz": _lenient(moments.TimestamptzLoader),
    "timestamp": _lenient(moments.TimestampLoader),
    "date": _lenient(moments.DateLoader),
    "time": _lenient(moments.TimeLoader),
    "timetz": _lenient(moments.TimetzLoader),
    "interval": _lenient(moments.IntervalLoader),
    "json": _lenient(JsonLoader),
    "jsonb": _lenient(JsonbLoader),
    "text varchar bpchar name uuid": _lenient(TextLoader),
    "numeric": _lenient(_ExactLoader),
}
"""Of types, by their names. A uuid is text, as an id is everywhere else."""
