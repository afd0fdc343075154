"""What the parser of the command line has against what was typed, in the language asked for."""

from __future__ import annotations

import re
import sys
from typing import Any

from factoryview.language import Code
from factoryview.language.said import said

_KNOWN = (
    (re.compile(r"No such command '(?P<name>.*)'\."), "error.no_command"),
    (re.compile(r"No such option: (?P<name>\S+) \(Possible options: (?P<known>.*)\)"), "error.no_option_like"),
    (re.compile(r"No such option: (?P<name>\S+)"), "error.no_option"),
    (re.compile(r"Missing \w+ '?(?P<name>.+?)'?\..*"), "error.missing"),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.*)\)"), "error.too_much"),
    (re.compile(r"Option '(?P<name>.*)' requires an argument\."), "error.needs_value"),
    (re.compile(r"Option '(?P<name>.*)' does not take a value\."), "error.takes_no_value"),
    (re.compile(r"Invalid value for '(?P<name>[^']*)'.*"), "error.invalid_value"),
)
"""What it says in English, and what that means."""


def tell(error: Any, code: Code) -> int:
    """Show one of the parser's errors; what the program ends with. English is shown as the parser does."""
    meant = in_language(error.format_message(), code)
    if code == "en" or not meant:
        error.show()
    else:
        path = error.ctx.command_path if error.ctx is not None else "factoryview"
        print(said("error.mistyped", command=path, why=meant).inside(code), file=sys.stderr)
    return int(error.exit_code)


def in_language(message: str, code: Code) -> str:
    """A message of the parser in a language; empty for one that is not known.

    >>> in_language("No such option: --tims (Possible options: --times)", "de")
    'Eine Option --tims gibt es nicht. Gemeint ist vielleicht: --times.'
    >>> in_language("Missing option '-o' / '--output'.", "de")
    '-o / --output fehlt.'
    """
    for pattern, key in _KNOWN:
        found = pattern.fullmatch(message)
        if found:
            names = {gap: text.replace("' / '", " / ") for gap, text in found.groupdict().items()}
            return said(key, **names).inside(code)
    return ""
