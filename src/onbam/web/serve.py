"""The process that serves the desk: one port, a clean beginning and a clean end.

For: `onbam web run`, the guard's child `web`.
Promises: the port is taken before anything is said; ends when it is asked to, streams included, within `STOP_S`; without
anybody who can come in, a one-time link for the first administrator is made where one person alone will see it.
Refuses: to listen beyond this PC unless it was told to.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from onbam.kernel.errors import Misconfigured
from onbam.logs.voice import get_logger
from onbam.web import serve_words as say
from onbam.web.app import create_app, guarded
from onbam.web.live import Hub

if TYPE_CHECKING:
    from fastapi import FastAPI

    from onbam.bootstrap import Onbam

STOP_S: Final = 5
BEAT_S: Final = 10.0
KEEP_ALIVE_S: Final = 30
WAITING: Final = 512
"""Connections that may wait for their turn: as many tabs as come back at once after a restart."""
log = get_logger("web")


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the desk is."""

    host: str
    port: int
    first_link: str
    """Of the first administrator; empty when somebody can come in already."""

    @property
    def address(self) -> str:
        """For people on this PC."""
        return f"http://{'localhost' if self.here_only or self.host in ANYWHERE else self.host}:{self.port}"

    @property
    def here_only(self) -> bool:
        """Whether nobody else can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


ANYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared with, not listened on


class _Quiet(uvicorn.Server):
    """Leaves the signals to whoever started us: the process hears them in one way, with or without a server."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured."""
        yield


def _end_when_asked(server: uvicorn.Server, hub: Hub, stopping: threading.Event) -> None:
    """Streams first: a server waits for its open answers."""
    stopping.wait()
    hub.end()
    server.should_exit = True


class WebServer:
    """One server."""

    def __init__(
        self,
        onbam: Onbam,
        *,
        host: str | None = None,
        port: int | None = None,
        first_link: bool = True,
        more: Callable[[FastAPI], None] = lambda _: None,
    ) -> None:
        """`more` is told the application before it is served; a `first_link` is made for who can show it to one person only."""
        chosen = onbam.settings.web
        self._onbam = onbam
        self._host = host or chosen.host
        self._port = chosen.port if port is None else port
        self._offers = first_link
        self._more = more
        self._stopping = threading.Event()

    def run(self, told: Callable[[Listening], None], stopping: threading.Event | None = None) -> None:
        """Serve until asked to stop; `told` is called once the port is ours."""
        app = create_app(self._onbam)
        self._more(app)
        with self._bound() as bound:
            link = self._first_link()
            config = uvicorn.Config(
                guarded(app),
                log_config=None,
                access_log=False,
                lifespan="on",
                server_header=False,
                timeout_graceful_shutdown=STOP_S,
                timeout_keep_alive=KEEP_ALIVE_S,
                backlog=WAITING,
                proxy_headers=False,
            )
            server = _Quiet(config)
            told(Listening(self._host, bound.getsockname()[1], link))
            ending = (server, app.state.hub, stopping or self._stopping)
            threading.Thread(target=_end_when_asked, args=ending, name="web-stop", daemon=True).start()
            server.run(sockets=[bound])

    def stop(self) -> None:
        """From another thread."""
        self._stopping.set()

    def _bound(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows would share the port with a second server
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((self._host, self._port))
            bound.listen(WAITING)  # whoever comes between the word and the first answer waits, and is not turned away
        except OSError as error:
            bound.close()
            what = error.strerror or str(error)
            raise Misconfigured(say.PORT_TAKEN(host=self._host, port=self._port, what=what), say.PORT_TAKEN_HINT) from None
        return bound

    def _first_link(self) -> str:
        people = self._onbam.people
        return people.link(who=self._onbam.person, purpose="first") if self._offers and people.nobody_yet() else ""
