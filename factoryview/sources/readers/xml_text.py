"""XML in any encoding: what the parser cannot decode by itself is decoded for it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.encodings import as_utf8, encoding_of, known
from factoryview.sources.files import InputFile

_DECLARED = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']{1,60})["']""")
_OWN = ("utf-8", "utf-16", "iso8859-1", "ascii")
"""What expat decodes; it asks Python for others, and takes no answer with more than one byte a letter."""


def xml_file(source: InputFile) -> tuple[Path, str | None]:
    """The file to parse, and its encoding where that is not what it declares.

    Raises InputError for an encoding that does not exist, UsageError for one that the user said.
    """
    if source.encoding is not None:
        return as_utf8(source, known(source.encoding)), "utf-8"
    declared = _DECLARED.search(source.text_head)
    if declared is None:
        return source.plain(), None
    name = declared[1].decode("ascii", "replace")
    try:
        found = codecs.lookup(name)
        if not found._is_text_encoding:
            raise LookupError
    except (LookupError, ValueError):
        cure = said("error.right_encoding")
        raise InputError(said("error.declared_encoding", name=name), where=source.name, cure=cure) from None
    if found.name in _OWN:
        return source.plain(), None
    marked = encoding_of(source, certain=False)
    return as_utf8(source, marked.name if marked.name.startswith("utf-16") else found.name), "utf-8"
