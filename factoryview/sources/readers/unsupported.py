"""Kinds of files that are recognised and cannot be read: the error says what to do instead."""

from __future__ import annotations

from typing import NoReturn

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.events import ReadOptions
from factoryview.sources.files import InputFile
from factoryview.sources.readers import xes
from factoryview.sources.rejects import Rejects

_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "error.is_zip", "error.unpack_or_save"),
    (b"\xd0\xcf\x11\xe0", "error.is_old_excel", "error.save_new_excel"),
    (b"%PDF", "error.is_pdf", "error.events_as_csv"),
    (b"BZh", "error.is_bzip", "error.unpack_or_gzip"),
    (b"\xfd7zXZ", "error.is_xz", "error.unpack_or_gzip"),
    (b"(\xb5/\xfd", "error.is_zstd", "error.unpack_or_gzip"),
    (b"7z\xbc\xaf", "error.is_seven_zip", "error.unpack_it"),
    (b"MIME-Version:", "error.is_web_archive", "error.save_xlsx_csv"),
)


def sniff(source: InputFile) -> bool:
    """Whether the beginning is the mark of a kind that cannot be read."""
    return _found(source) is not None


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> NoReturn:  # noqa: ARG001
    """Raises InputError with the kind and what to do."""
    what, cure = _found(source) or ("error.unknown_kind", "error.known_kinds")
    raise InputError(said(what), where=source.name, cure=said(cure))


def _found(source: InputFile) -> tuple[str, str] | None:
    for mark, what, cure in _KINDS:
        if source.head.startswith(mark):
            return what, cure
    head = source.text_head.lstrip()
    if head.startswith(b"<") and xes.LOG.search(head) is None:
        return "error.is_no_xes", "error.log_as_xes"
    return None
