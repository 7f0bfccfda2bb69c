"""One call to the ERP over HTTP, with a hard end and an exact answer to "was it sent?".

For: the client.
Promises: after the time is over nothing is sent any more and the connection is cut, whatever the other side does; a call that
failed before its first byte left is `NotSent`, every other failure is `Broken`; redirects are answers, not instructions.
Refuses: to keep a connection for a second call (a stale one would make a lost request look like a lost answer); to retry; to
let an address with a session in it reach a log, which is why this stands below the library's client that writes them down.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from onbam.kernel.clock import Clock

REPLY_MAX_BYTES: Final = 8 * 1024 * 1024
_ABOUT_TO_SEND: Final = ("http11.send_request_headers.started", "http2.send_request_headers.started")
_CONNECTED: Final = ("connection.connect_tcp.complete", "connection.start_tls.complete")
_HEADERS: Final = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


class NotSent(Exception):
    """Nothing left this PC."""

    def __init__(self, what: str, *, certificate: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.certificate = certificate


class Broken(Exception):
    """Something was sent, and no whole answer came."""

    def __init__(self, what: str, *, late: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.late = late


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    body: bytes


class Wire:
    """The way to one ERP."""

    def __init__(self, clock: Clock, *, secure: bool = True) -> None:
        """`secure` says whether addresses are https at all: a simulator's are not, and reading all certificates takes long."""
        self._clock = clock
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._secure = secure
        self._transport = httpx2.HTTPTransport(verify=secure, limits=limits, retries=0)

    def close(self) -> None:
        """Close what is open."""
        self._transport.close()

    def post(self, url: str, body: Mapping[str, Any], hard_s: float) -> Reply:
        """Send JSON and read the answer, all within the time."""
        assert self._secure or url.startswith("http://"), "a connection that is encrypted is also verified"
        cutoff = _Cutoff(self._clock, hard_s)
        request = httpx2.Request(
            "POST",
            url,
            headers=_HEADERS,
            content=json.dumps(body, ensure_ascii=False).encode(),
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), hard_s), "trace": cutoff.trace},
        )
        try:
            with cutoff:
                response = self._transport.handle_request(request)
                try:
                    return Reply(response.status_code, _read(response))
                finally:
                    response.close()
        except (httpx2.HTTPError, OSError, ValueError, _TooLate, _TooLong) as error:
            what = type(error).__name__
            if not cutoff.sent:
                raise NotSent(what, certificate=_is_certificate(error)) from None
            raise Broken(what, late=cutoff.over) from None


def _read(response: httpx2.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    assert isinstance(response.stream, httpx2.SyncByteStream)
    for part in response.stream:
        parts.append(part)
        size += len(part)
        if size > REPLY_MAX_BYTES:
            raise _TooLong
    return b"".join(parts)


class _TooLate(Exception):
    """The time was over before the call could leave."""


class _TooLong(Exception):
    """No honest answer is that long."""


class _Cutoff:
    """Ends one exchange: sees the socket as soon as there is one, and closes it from outside when the time is over.

    The library's own time-outs count from each piece to the next, and looking up a name has none at all.
    """

    def __init__(self, clock: Clock, hard_s: float) -> None:
        self.sent = False
        self._clock = clock
        self._ends = clock.monotonic() + hard_s
        self._fired = threading.Event()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(hard_s, self._cut)
        self._timer.daemon = True

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return self._fired.is_set() or self._clock.monotonic() >= self._ends

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """What the library tells on its way."""
        if event in _CONNECTED:
            self._socket = info["return_value"].get_extra_info("socket")
            if self.over:
                self._cut()
        elif event in _ABOUT_TO_SEND:
            if self.over:
                raise _TooLate
            self.sent = True

    def _cut(self) -> None:
        self._fired.set()
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # closed already: that is what we wanted

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _is_certificate(error: BaseException) -> bool:
    """Whether the other side could not show who it is."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
