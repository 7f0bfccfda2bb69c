"""What stands before every answer: the name it was called by, the headers it leaves with, the limits of what comes in.

For: `app.py`, around everything else.
Promises: a request under a name that is not ours is refused (a page elsewhere cannot point its own name at us); every answer
carries a policy that runs only the scripts the page itself names, by a number drawn for this answer; no page is kept by caches.
Refuses: to read a body beyond `BODY_MAX`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onbam.kernel.chance import secret_token

BODY_MAX: Final = 1024 * 1024
"""Nothing people send is larger: forms and small JSON."""
NONCE_BYTES: Final = 12
POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STANDING: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
HOME_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1", "testserver"})


class Doors:
    """Wraps the application."""

    def __init__(
        self, app: ASGIApp, names: Iterable[str], acted: Callable[[], None], answered: Callable[[], None] = lambda: None
    ) -> None:
        """`acted` is called before an act is answered: what is asked next must know of it; `answered` after every answer."""
        self._app = app
        self._acted = acted
        self._answered = answered
        self._names = HOME_NAMES | {name.casefold() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._ours(headers.get("host", "")):
            await PlainTextResponse("This name is not served here.\n", 421)(scope, receive, send)
            return
        if _length(headers) > BODY_MAX:
            await PlainTextResponse("Too large.\n", 413)(scope, receive, send)
            return
        nonce = secret_token(NONCE_BYTES)
        scope.setdefault("state", {})["nonce"] = nonce

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                if scope["method"] not in SAFE:
                    self._acted()
                _dress(MutableHeaders(scope=message), nonce, scope["state"].get("cookies", ()))
            await send(message)

        try:
            await self._app(scope, _limited(receive), sending)
        finally:
            self._answered()

    def _ours(self, host: str) -> bool:
        """An address in figures cannot be somebody else's name; any other name must be known."""
        name = (urlsplit(f"//{host}").hostname or "").casefold()
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in self._names
        return True


def _length(headers: Headers) -> int:
    told = headers.get("content-length", "0")
    return int(told) if told.isdecimal() else 0


def _limited(receive: Receive) -> Receive:
    """A body that came without telling its length is cut off at the limit too."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > BODY_MAX:
                return {"type": "http.disconnect"}
        return message

    return limited


def _dress(headers: MutableHeaders, nonce: str, cookies: Iterable[str]) -> None:
    for name, value in STANDING.items():
        headers.setdefault(name, value)
    headers.setdefault("content-security-policy", POLICY.format(nonce=nonce))
    headers.setdefault("cache-control", "no-store")
    for cookie in cookies:
        headers.append("set-cookie", cookie)
