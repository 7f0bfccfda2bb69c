"""The ground all simulators stand on: a loopback HTTP server with routes, seeded faults and a readable truth.

For: writing a simulator as a list of routes and a set of named faults, nothing else.
Promises: one thread a connection, keep-alive, bounded request bodies; `GET /_sim/state`, `GET|POST /_sim/faults` on each; a
fault fires by rate or by count, from the simulator's own seeded chance; `stop()` leaves no thread and no open port behind.
Refuses: any address but loopback; a fault name the simulator does not declare (400, with the known names).
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, unquote, urlsplit

from onbam_sims.faults import Fault, Faults

__all__ = ["LOOPBACK", "Fault", "Handler", "Request", "Response", "Simulator", "spoken"]

LOOPBACK = "127.0.0.1"
MAX_BODY_BYTES = 64 * 1024 * 1024
"""A larger request body is answered 413; the largest honest one (a 10,000-row sheet) is far below."""
DRIP_BYTES = 64
"""The size of the pieces of a dripping answer."""


def spoken(error: Exception) -> str:
    """What was wrong with a question, for whoever asked it."""
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing, or not known"
    return f"{type(error).__name__}: {error}"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a route sees it."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    match: re.Match[str]
    client: str
    """The caller's own address and port, so that a simulator can tell connections apart."""
    target: str = ""
    """Path and query as they came, still percent-encoded: old servers do not read them as UTF-8."""

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def json(self) -> Any:
        """The body as JSON; raises `ValueError` when it is not."""
        return json.loads(self.body.decode("utf-8"))

    def form(self) -> dict[str, str]:
        """The body as a form, first values only."""
        return {k: v[0] for k, v in parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True).items()}


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back. `drop` commits everything and then ends the connection without an answer; `reset` does so rudely (RST).

    `cut` announces the whole body, sends that many bytes of it and breaks off; `drip_s` waits that long between small pieces.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    reset: bool = False
    cut: int | None = None
    drip_s: float = 0.0

    @classmethod
    def of_json(cls, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """A JSON answer."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return cls(status, body, "application/json; charset=utf-8", headers or {})

    @classmethod
    def of_text(cls, text: str, status: int = 200, content_type: str = "text/html; charset=utf-8") -> Response:
        """A text answer in UTF-8."""
        return cls(status, text.encode(), content_type)

    @classmethod
    def redirect(cls, to: str, headers: Mapping[str, str] | None = None) -> Response:
        """A 302 to another page."""
        return cls(302, b"", headers={"Location": to, **(headers or {})})


Handler = Callable[[Request], Response]


class Simulator:
    """A server with routes and faults. Subclasses add routes in `__init__` and declare `FAULTS`."""

    NAME: ClassVar[str] = "simulator"
    FAULTS: ClassVar[Mapping[str, str]] = {}
    """Fault name → one sentence about what it does, shown by `GET /_sim/faults`."""

    def __init__(self, *, seed: int = 0, now: Callable[[], float] = time.time) -> None:
        self.chance = random.Random(seed)
        self.seed = seed
        self.now = now
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.requests_served = 0
        self.faults = Faults(self.NAME, self.FAULTS, self.chance)
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.route("GET", r"/_sim/state", lambda _: Response.of_json(self.state()))
        self.route("GET", r"/_sim/faults", lambda _: Response.of_json(self.describe_faults()))
        self.route("POST", r"/_sim/faults", self._post_faults)

    # -- for subclasses -------------------------------------------------------------------------------------------------

    def route(self, method: str, pattern: str, handler: Handler) -> None:
        """Answer `method` on paths that match `pattern` (a regular expression over the whole decoded path)."""
        self._routes.append((method, re.compile(pattern + r"\Z"), handler))

    def state(self) -> dict[str, Any]:
        """The truth, for tests and people. Subclasses extend it."""
        return {"simulator": self.NAME, "seed": self.seed, "requests": self.requests_served}

    def fault(self, name: str) -> Fault | None:
        """Draw once for a fault: the fault when it strikes now, else nothing."""
        return self.faults.strike(name)

    def before(self, request: Request) -> Response | None:  # noqa: ARG002 -- the base does nothing with it
        """A chance to answer (or delay) before any route but `/_sim/…`. Subclasses override."""
        return None

    def pause(self, seconds: float) -> None:
        """Wait inside a request; ends at once when the simulator stops."""
        self.stopping.wait(seconds)

    # -- for tests, the demo and the command line -----------------------------------------------------------------------

    def set_fault(self, name: str, *, rate: float = 1.0, count: int | None = None, **values: Any) -> None:
        """Switch a fault on (or replace it)."""
        self.faults.set(name, rate=rate, count=count, **values)

    def clear_faults(self) -> None:
        """Behave."""
        self.faults.clear()

    def describe_faults(self) -> dict[str, Any]:
        """What can be switched on, and what is."""
        return self.faults.describe()

    def start(self, port: int = 0) -> str:
        """Listen on loopback (port 0 = any free one) and answer the base address."""
        self._server = _Server((LOOPBACK, port), self)
        name = f"sim-{self.NAME}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=name, daemon=True)
        self._thread.start()
        return self.url

    def stop(self) -> None:
        """Stop listening; harmless when not started."""
        self.stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.close_connections()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join(5)
        self._server = self._thread = None

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        assert self._server is not None, "start() first"
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _post_faults(self, request: Request) -> Response:
        """`{"name": {"rate": 1, "count": 3, …}, …}` switches on, `{"name": null}` off, `{}` everything off."""
        try:
            wanted = request.json()
            assert isinstance(wanted, dict)
        except (ValueError, AssertionError):
            return Response.of_json({"error": "the body must be a JSON object: {name: {rate, count, …} or null}"}, 400)
        unknown = sorted(set(wanted) - set(self.FAULTS))
        if unknown:
            return Response.of_json({"error": f"unknown: {unknown}", "known": dict(self.FAULTS)}, 400)
        if not wanted:
            self.faults.clear()
        for name, how in wanted.items():
            if how is None:
                self.faults.clear(name)
            else:
                self.set_fault(name, **how)
        return Response.of_json(self.describe_faults())

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes, client: str) -> Response:
        """Route one request."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        allowed: list[str] = []
        for route_method, pattern, handler in self._routes:
            match = pattern.match(path)
            if match is None:
                continue
            if route_method != method:
                allowed.append(route_method)
                continue
            query = parse_qs(parts.query, keep_blank_values=True)
            request = Request(method, path, query, headers, body, match, client, target)
            with self.lock:
                self.requests_served += 1
            if not path.startswith("/_sim/"):
                early = self.before(request)
                if early is not None:
                    return early
            return handler(request)
        if allowed:
            return Response.of_text("405", 405)
        return self.not_found(path)

    def not_found(self, path: str) -> Response:
        """The answer for a path nobody routes. Subclasses give it the real service's shape."""
        return Response.of_text(f"404: {path}", 404)


class _Server(ThreadingHTTPServer):
    """The listening socket of one simulator."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], simulator: Simulator) -> None:
        self.simulator = simulator
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End keep-alive connections whose threads wait for a next request that will not come."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # already gone: that is what we wanted

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing to print; a bug in a route is."""
        import sys

        if not isinstance(sys.exception(), ConnectionError | TimeoutError | BrokenPipeError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Reads one request, asks the simulator, writes the answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY_BYTES:
            self._write(Response.of_text("413", 413))
            self.close_connection = True
            return
        body = self.rfile.read(length) if length else b""
        headers = {k.lower(): v for k, v in self.headers.items()}
        client = f"{self.client_address[0]}:{self.client_address[1]}"
        response = self.server.simulator.answer(self.command, self.path, headers, body, client)
        if response.drop or response.reset:
            self._break(rudely=response.reset)
            return
        self._write(response)
        if response.cut is not None:
            self.wfile.flush()
            self._break(rudely=False)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _write(self, response: Response) -> None:
        self.send_response(response.status, HTTPStatus(response.status).phrase)
        if response.body or response.status not in (204, 304):
            self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        body = response.body if response.cut is None else response.body[: response.cut]
        if not response.drip_s:
            self.wfile.write(body)
            return
        for at in range(0, len(body), DRIP_BYTES):
            self.wfile.write(body[at : at + DRIP_BYTES])
            self.wfile.flush()
            self.server.simulator.pause(response.drip_s)

    def _break(self, *, rudely: bool) -> None:
        """End the connection without a word; rudely, the other side sees a reset instead of an end."""
        self.close_connection = True
        with contextlib.suppress(OSError):  # the other side may have left already
            if rudely:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            else:
                self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """Simulators are quiet; their truth is at `/_sim/state`."""
