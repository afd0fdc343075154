"""Who may ask a site for what: the token, the routes, and how often."""

from __future__ import annotations

from collections.abc import Mapping

from factoryview.serving.bodies import JSON, Refused
from factoryview.serving.exchange import check_token
from factoryview.serving.rates import TokenBucket
from factoryview.serving.request import Request

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of every answer that needs the token."""


class Admission:
    """Refuses what has no token, is no route, is asked in another way than its route's, or comes too often.

    The page `/` holds no secret and is given to anybody. All else needs the token in the header `Authorization`, which
    no other site can make a browser send: there is no cookie, so there is nothing to forge. To be used by one thread.
    """

    def __init__(self, token: str, methods: Mapping[str, str], rates: Mapping[str, TokenBucket]) -> None:
        """methods: route → GET or POST. rates: route → how often it may be asked."""
        self._token, self._methods, self._rates = token.encode(), methods, rates
        self._strangers = TokenBucket(20, 0.5)

    def admit(self, request: Request) -> None:
        """Raises Refused."""
        method = self._methods.get(request.path)
        if request.path != "/":
            self._check_token(request)
        if method is None:
            raise Refused(404, "there is no such page")
        if request.method not in (method, "HEAD" if method == "GET" else method):
            raise Refused(405, f"this is asked with {method}", Allow=method)
        if method == "GET" and request.has_body:
            raise Refused(400, "no body is expected")
        if method == "POST" and request.kind != JSON:
            raise Refused(415, "what is sent has to be JSON in UTF-8", Accept=JSON)
        if method == "POST" and request.encoding not in ("", "identity"):
            raise Refused(415, "what is sent may not be packed", Accept_Encoding="identity")
        if not self._rates[request.path].allows():
            raise Refused(429, "too much is asked at once; come back later", Retry_After="1")

    def _check_token(self, request: Request) -> None:
        """Whoever has the token is never kept out by those who guess."""
        try:
            check_token(request, self._token)
        except Refused:
            if self._strangers.allows():
                raise
            raise Refused(429, "too many wrong tokens; come back later", Retry_After="2") from None
