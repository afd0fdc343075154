"""What libraries say of broken files, always in English: the common complaints, and under which keys we say them."""

from __future__ import annotations

import re


def recognised(text: str) -> list[tuple[str, dict[str, str]]]:
    """The keys and gaps of the texts that say the same, one after the other; none where it is no common complaint.

    >>> recognised("Invalid value (at line 3, column 7)")
    [('trouble.toml_value', {}), ('trouble.at_line', {'line': '3', 'column': '7'})]
    """
    placed = _PLACED.fullmatch(text)
    what = placed["what"] if placed is not None else text
    for pattern, key in _KNOWN:
        if (found := pattern.fullmatch(what)) is not None:
            place = placed is not None and placed["line"] is not None
            more = (
                [("trouble.at_line", {"line": placed["line"], "column": placed["column"]})] if placed and place else []
            )
            return [(key, found.groupdict()), *more]
    return []


_PLACED = re.compile(r"(?P<what>.+) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")
_AT = r": line (?P<line>\d+) column (?P<column>\d+) \(char \d+\)"
_KNOWN = tuple((re.compile(pattern), key) for pattern, key in (
    (r"Expecting value" + _AT, "trouble.json_value"),
    (r"Extra data" + _AT, "trouble.json_extra"),
    (r"Expecting ',' delimiter" + _AT, "trouble.json_comma"),
    (r"Expecting ':' delimiter" + _AT, "trouble.json_colon"),
    (r"Expecting property name enclosed in double quotes" + _AT, "trouble.json_name"),
    (r"Unterminated string starting at" + _AT, "trouble.json_string"),
    (r"Invalid control character at" + _AT, "trouble.json_control"),
    (r"Invalid \\(u[X]*|)escape" + _AT, "trouble.json_escape"),
    (r"Invalid value", "trouble.toml_value"),
    (r"Invalid statement", "trouble.toml_statement"),
    (r"Expected '=' after a key in a key/value pair", "trouble.toml_equals"),
    (r"Expected newline or end of document after a statement", "trouble.toml_newline"),
    (r"Expected '\]' at the end of a table declaration", "trouble.toml_table"),
    (r"Unterminated string", "trouble.toml_string"),
    (r"Unclosed array", "trouble.toml_array"),
    (r"Unclosed inline table", "trouble.toml_inline"),
    (r"Cannot overwrite a value", "trouble.toml_overwrite"),
    (r"Cannot declare (?P<name>.+) twice", "trouble.toml_twice"),
    (r"Invalid initial character for a key part", "trouble.toml_key"),
    (r"Illegal character (?P<sign>.+)", "trouble.toml_sign"),
    (r"Invalid date or datetime", "trouble.toml_date"),
    (r"Duplicate inline table key (?P<name>.+)", "trouble.toml_inline_twice"),
    (r"database disk image is malformed", "trouble.sqlite_malformed"),
    (r"file is not a database", "trouble.sqlite_no_database"),
    (r"database is locked", "trouble.sqlite_locked"),
    (r"unable to open database file", "trouble.sqlite_shut"),
    (r"disk I/O error", "trouble.disk"),
    (r"line contains NUL", "trouble.csv_nul"),
    (r"field larger than field limit \((?P<most>\d+)\)", "trouble.csv_field"),
    (r"timed out", "trouble.timed_out"),
    (r"'utf-8' codec can't decode bytes? (?P<what>\S+) in position (?P<at>[\d-]+): .*", "trouble.no_utf_at"),
    (r"maximum recursion depth exceeded.*", "trouble.too_deep"),
))  # fmt: skip
