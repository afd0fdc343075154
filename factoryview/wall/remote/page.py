"""The phone page: one file with its style, its script and the texts of both languages, and nothing from elsewhere."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib.resources import files

from factoryview.language import CODES, Code
from factoryview.language.catalogues import Catalogue, catalogue

KIND = "text/html; charset=utf-8"


class PhonePage:
    """The page in each language; the same page, which opens in that language."""

    def __init__(
        self, usual: Code = "en", package: str = __package__, keys: Callable[[Catalogue], list[str]] | None = None
    ) -> None:
        """usual: for phones that ask for a language there is not. package: in which the page lies. keys: of the
        texts that it may say; by default those of the remote.
        """
        self._usual = usual
        source = files(package).joinpath("page.html").read_text(encoding="utf-8")
        texts = {code: _texts(code, keys or _keys) for code in CODES}
        source = source.replace("{texts}", json.dumps(texts).replace("<", "\\u003c"))
        self._headers = {
            "Content-Security-Policy": _policy(source),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "Vary": "Accept-Language",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
        self._bodies = {code: source.replace("{language}", code).encode() for code in CODES}

    def in_language(self, accepted: str) -> tuple[bytes, str, Mapping[str, str]]:
        """Body, media type and headers, for a header `Accept-Language`."""
        return self._bodies[best_language(accepted, self._usual)], KIND, self._headers


def best_language(accepted: str, usual: Code) -> Code:
    """The language a header `Accept-Language` likes best of those there are (RFC 9110, 12.5.4).

    >>> best_language("fr, de-AT;q=0.8, en;q=0.5", "en"), best_language("nonsense;q=x,,", "de")
    ('de', 'de')
    """
    liked: dict[Code, float] = {}
    for part in accepted.split(",")[:20]:
        match = re.fullmatch(r"\s*(de|en)(?:-[A-Za-z0-9-]{1,20})?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", part.lower())
        if match:
            code: Code = "de" if match[1] == "de" else "en"
            liked[code] = max(liked.get(code, 0.0), float(match[2] or 1))
    return max(liked, key=lambda code: liked[code]) if any(liked.values()) else usual


def _texts(code: Code, keys: Callable[[Catalogue], list[str]]) -> dict[str, str]:
    """All that the page may say."""
    found = catalogue(code)
    return {key: found.text(key) for key in keys(found)}


def _keys(found: Catalogue) -> list[str]:
    return [f"remote.{name}" for name in found.keys("remote")] + [f"alarm.{name}" for name in found.keys("alarm")]


def _policy(source: str) -> str:
    """Only this script and this style, no other server, no frame around it (Content Security Policy, level 3)."""

    def sums(tag: str) -> str:
        parts = re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        return " ".join(f"'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'" for part in parts)

    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {sums('script')}",
            f"style-src {sums('style')}",
            "img-src blob: data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
