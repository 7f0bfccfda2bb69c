"""Looks how far this PC's clock is off, by a database server and by a web server.

For: the doctor.
Promises: the time a question took is taken into account; without anybody to compare with it says "unknown" and does not guess.
Refuses: to set a clock.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from onbam.care import words as say
from onbam.kernel.checks import Finding, bad, ok, warn
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured

HTTP_LIMIT_S: Final = 5.0
HTTP_STEP_S: Final = 1.0
"""A web server tells whole seconds."""


def offset_s(ask: Callable[[], float], clock: Clock) -> tuple[float, float]:
    """How far the other is ahead of this PC, and how unsure that is: half the time the question took."""
    before = clock.monotonic()
    here = clock.now().timestamp()
    there = ask()
    took = clock.monotonic() - before
    return there - (here + took / 2), took / 2


def clock_check(
    clock: Clock, limit_s: float, *, database: Callable[[], float] | None = None, web: Callable[[], float] | None = None
) -> Iterator[Finding]:
    """Compare with everybody there is; each answers its time in seconds since 1970."""
    if database is None and web is None:
        yield warn("clock", say.CLOCK_ALONE, say.CLOCK_ALONE_FIX)
    if database is not None:
        yield _judged("clock", "database", offset_s(database, clock), limit_s)
    if web is not None:
        name = "clock" if database is None else "clock.web"
        try:
            off, unsure = offset_s(web, clock)
        except (OSError, http.client.HTTPException, ValueError) as error:
            yield warn(name, say.CLOCK_UNKNOWN, say.CLOCK_UNKNOWN_FIX, what=type(error).__name__)
            return
        yield _judged(name, "web", (off + HTTP_STEP_S / 2, unsure + HTTP_STEP_S / 2), limit_s)


def _judged(name: str, whom: str, measured: tuple[float, float], limit_s: float) -> Finding:
    off, unsure = measured
    if abs(off) - unsure > limit_s:
        return bad(name, say.CLOCK_OFF, say.CLOCK_FIX, whom=say.WHOM[whom], off=f"{off:+.1f}", limit=limit_s)
    return ok(name, say.CLOCK_OK, whom=say.WHOM[whom], off=f"{off:+.1f}", unsure=f"{unsure:.1f}")


def http_time(url: str) -> Callable[[], float]:
    """Asks a web server what time it is."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misconfigured(say.CLOCK_URL(url=url), say.CLOCK_URL_FIX)
    host = parts.hostname

    def ask() -> float:
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, parts.port, timeout=HTTP_LIMIT_S, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(host, parts.port, timeout=HTTP_LIMIT_S)
        try:
            connection.request("HEAD", parts.path or "/")
            date = connection.getresponse().getheader("Date") or ""
        finally:
            connection.close()
        return _seconds(parsedate_to_datetime(date))

    return ask


def _seconds(when: datetime) -> float:
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
