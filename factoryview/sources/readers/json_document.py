"""Where in a JSON document the events are: in an array, in a list anywhere in an object, in lists of its objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, TextIO

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.columns import change_headers, headers
from factoryview.sources.columns.roles import listed
from factoryview.sources.events import Finding
from factoryview.sources.files import InputFile, text_lines
from factoryview.sources.limits import LARGEST_PART, LONGEST_LINE, MOST_COLUMNS
from factoryview.sources.readers.json_stream import Broken, TooLarge, documents, leaves, parts
from factoryview.sources.rejects import Rejects
from factoryview.sources.times import looks_like_time

_SAMPLE = 100
_HEADERS = ("columns", "fields", "header", "headers", "names", "cols", "schema.fields")
"""What the list is called that says what the cells of rows mean."""
_STAGE = 8
"""Score as the stage from which on a key tells it."""

Row = dict[str, Any]


@dataclass
class _Listed:
    """A list in an object."""

    count: int = 0
    sample: list[Any] = field(default_factory=list)

    @property
    def rows(self) -> bool:
        """Whether it holds objects or rows of cells."""
        return any(isinstance(item, dict | list) for item in self.sample)

    @property
    def timed(self) -> bool:
        return any(map(_has_times, self.sample))


def rows_of(
    file: TextIO, source: InputFile, rejects: Rejects, wish: str | None, findings: list[Finding]
) -> Iterator[tuple[int, Row]]:
    """The objects of a document, numbered. wish: the path of the list to read. What is no object is rejected.

    Raises InputError for what is broken or too large, and where several lists may hold the events.
    """
    try:
        header: list[str] | None = None
        found: Iterable[Any]
        if _begins_with(file) == "[":
            found = (value for _, value, _ in parts(file))
        else:
            lists, followed = _survey(file, source)
            if followed:
                found = documents(file)
            elif (path := _chosen(lists, source, wish, findings)) is not None:
                found = (value for at, value, is_listed in leaves(file) if is_listed and at == path)
                header = _header(lists, path)
            else:
                found = _alone(file, source, lists)
        yield from _as_objects(found, header, rejects)
    except Broken as error:
        raise InputError(
            said("error.broken_json", where=error.args[0]), where=source.name, cure=said("error.export_again")
        ) from None
    except TooLarge as error:
        raise InputError(error.args[0], where=source.name, cure=said("error.object_per_event")) from None
    except RecursionError:
        raise InputError(said("error.deep_json"), where=source.name, cure=said("error.export_flat")) from None


def unfolded(rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Rows whose objects hold a list of events of their own, or of what an event changed: one for each of these, with
    what the object says."""
    first = list(islice(rows, _SAMPLE))
    key = _list_in([row for _, row in first])
    everything = chain(first, rows)
    return unfolded(_each(everything, key)) if key else everything


def _each(rows: Iterator[tuple[int, Row]], key: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """The objects in the lists under a key, numbered anew, each with what the object around it says."""
    number = 0
    for _, row in rows:
        outer, inner = _apart(row, key)
        for event in inner or [{}]:
            number += 1
            own = event if isinstance(event, dict) else {}
            yield number, outer | {f"{key[-1]}.{name}" if name in outer else name: own[name] for name in own}


def _begins_with(file: TextIO) -> str:
    """The first letter that is no blank; the file is at its beginning afterwards."""
    found = next((letter for line, _ in text_lines(file) for letter in line.strip()[:1]), "")
    file.seek(0)
    return found


def _survey(file: TextIO, source: InputFile) -> tuple[dict[str, _Listed], bool]:
    """The lists of an object by path, and whether more follows it; the file is at its beginning afterwards."""
    lists: dict[str, _Listed] = {}
    followed, plain = False, 0
    for path, value, is_listed in leaves(file):
        if is_listed and not path and value is None:
            followed = True
        elif is_listed:
            known = lists.setdefault(path, _Listed())
            known.count += 1
            if len(known.sample) < _SAMPLE:
                known.sample.append(value)
        plain += not is_listed
        if max(plain, len(lists)) > MOST_COLUMNS * 10:
            raise InputError(
                said("error.values_beside", most=MOST_COLUMNS * 10),
                where=source.name,
                cure=said("error.object_per_event"),
            )
    file.seek(0)
    return lists, followed


def _chosen(lists: dict[str, _Listed], source: InputFile, wish: str | None, findings: list[Finding]) -> str | None:
    """The path of the list with the events; None where no list holds objects."""
    rows = {path: found for path, found in lists.items() if found.rows}
    if wish is not None:
        if wish not in rows:
            raise InputError(
                said("error.no_list", name=wish),
                where=source.name,
                cure=said("error.it_has", names=listed(rows) or said("reading.none")),
            )
        return wish
    header = {f"{path.rpartition('.')[0]}.{name}".strip(".") for path in rows for name in _HEADERS}
    rows = {path: found for path, found in rows.items() if path not in header or found.timed} or rows
    if len(rows) > 1:
        timed = [path for path, found in rows.items() if found.timed]
        if len(timed) != 1:
            raise InputError(
                said("error.several_lists", names=listed(timed or rows)),
                where=source.name,
                cure=said("error.which_list", name=timed[0] if timed else "NAME"),
            )
        others = listed(path for path in rows if path != timed[0])
        findings.append(
            Finding("info", source.name, said("reading.list_read", name=timed[0], others=others),
                    said("reading.say_another_sheet"))
        )  # fmt: skip
        return timed[0]
    return next(iter(rows), None)


def _header(lists: dict[str, _Listed], path: str) -> list[str] | None:
    """What the cells of the rows under a path mean, where a list beside it says so."""
    beside = path.rpartition(".")[0]
    for name in _HEADERS:
        said = lists.get(f"{beside}.{name}".strip("."))
        if said is None or said.count > len(said.sample):
            continue
        names = [item.get("name", item.get("id")) if isinstance(item, dict) else item for item in said.sample]
        texts = [each for each in names if isinstance(each, str)]
        if texts and len(texts) == len(names):
            return texts
    return None


def _alone(file: TextIO, source: InputFile, lists: dict[str, _Listed]) -> Iterator[Any]:
    """The objects of a document without a list of objects: its columns, the objects under its keys, or itself."""
    if source.plain().stat().st_size > LARGEST_PART:
        raise TooLarge(said("error.no_list_of_objects", size=LARGEST_PART >> 20))
    whole = next(documents(file), None)
    if not isinstance(whole, dict) or not whole:
        return
    columns = [list(value.values()) if isinstance(value, dict) else value for value in whole.values()]
    inner = [value for value in whole.values() if isinstance(value, dict)]
    same = len(inner) == len(whole) > 1 and all(each.keys() == inner[0].keys() for each in inner)
    numbered = same and all(key.isdigit() for key in inner[0])
    equal = len(lists) == len(whole) > 1 and len({found.count for found in lists.values()}) == 1
    if (numbered or equal) and all(not isinstance(cell, dict | list) for column in columns for cell in column):
        yield from (dict(zip(whole, cells, strict=True)) for cells in zip(*columns, strict=True))
    elif len(inner) == len(whole) > 1 and any(map(_has_times, inner)):
        yield from ({"key": key, **value} for key, value in whole.items())
    else:
        yield whole


def _as_objects(found: Iterable[Any], header: list[str] | None, rejects: Rejects) -> Iterator[tuple[int, Row]]:
    """Objects as they are; rows of cells with the names of a header, which may be the first of them."""
    for number, item in enumerate(found, 1):
        if isinstance(item, dict):
            yield number, item
        elif isinstance(item, list) and header is None and number == 1 and all(isinstance(c, str) for c in item):
            header = item
        elif isinstance(item, list) and header is not None and len(item) <= len(header):
            yield number, dict(zip(header, item, strict=False))
        else:
            rejects.add(number, said("reading.no_object"), json.dumps(item)[:LONGEST_LINE])


def _list_in(rows: list[Row]) -> tuple[str, ...]:
    """The keys that lead to the list of events, or of changed fields, in most of these objects; empty without one."""
    counts: dict[tuple[str, ...], int] = {}
    for row in rows:
        for path, value in _inner(row):
            if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
                counts[path] = counts.get(path, 0) + (any(map(_has_times, value)) or _are_changes(value, row))
    best = max(counts, key=lambda path: counts[path], default=())
    return best if best and counts[best] >= 0.5 * len(rows) else ()


def _inner(row: Row, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in row.items():
        if isinstance(value, dict) and len(before) < 3:
            yield from _inner(value, (*before, key))
        else:
            yield (*before, key), value


def _apart(row: Row, path: tuple[str, ...]) -> tuple[Row, list[Any]]:
    """An object without the list under a path, and that list."""
    key, *rest = path
    value = row.get(key)
    if rest and isinstance(value, dict):
        inner, found = _apart(value, tuple(rest))
        return {**row, key: inner}, found
    found = value if isinstance(value, list) else []
    return {name: each for name, each in row.items() if name != key}, found


def _are_changes(items: list[Row], around: Row) -> bool:
    """Whether the objects of a list say which fields were changed, to what, and so are the events of the one around.

    Fields with nothing but their values are what an event is told by, and so are changes of others than its stage where
    it tells that itself.
    """
    changes = [item for item in items if _is_change(item)]
    if not changes:
        return False
    if any(
        change_headers.names_stage(str(item[name]))
        for item in changes
        for name in item
        if change_headers.is_field(name)
    ):
        return True
    outside = (path[-1] for path, value in _inner(around) if not isinstance(value, list))
    return not any(headers.score(name, "stage") >= _STAGE for name in outside)


def _is_change(item: Row) -> bool:
    """Whether an object says which field was changed, from what or to what."""
    valued = any(headers.fold(name) == "value" for name in item) and any(map(change_headers.tells_before, item))
    return (valued or any(map(change_headers.is_new, item))) and any(map(change_headers.is_field, item))


def _has_times(item: Any) -> bool:
    """Whether an object or a row of cells holds a moment."""
    if isinstance(item, dict):
        return any(_has_times(value) for value in item.values() if not isinstance(value, list))
    if isinstance(item, list):
        return any(isinstance(cell, str) and looks_like_time(cell) for cell in item)
    return isinstance(item, str) and looks_like_time(item)
