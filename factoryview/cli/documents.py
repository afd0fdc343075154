"""Documents for other programs, on the standard output."""

from __future__ import annotations

import json


def print_document(document: object) -> None:
    """As JSON that people can read, too."""
    print(json.dumps(document, indent=2, ensure_ascii=False))
