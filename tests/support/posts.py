"""Peers notices are sent to: a real SMTP server and a real web hook, each of which can be told to misbehave.

For: tests of the channels, the postman, the dead man's ping.
Promises: what was received is kept whole; refusals, errors and hanging on demand; nothing is left running.
Refuses: to be lenient: what it got is what was sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

START_S = 60.0


@dataclass
class Mailbox:
    """An SMTP server's memory and temper."""

    port: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    """Receiver → answer, as `550 no such user`."""
    password: str = ""
    """Asked for when it is set."""
    hang: threading.Event | None = None
    """Set: the greeting waits for it."""
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[list[str]] = field(default_factory=list)

    async def handle_RCPT(self, _: Any, __: Any, envelope: Envelope, address: str, ___: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """A receiver is named."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Envelope) -> str:  # noqa: N802 -- the same
        """A mail arrives."""
        self.mails.append(message_from_bytes(cast("bytes", envelope.content), policy=policy.default))
        self.receivers.append(list(envelope.rcpt_tos))
        return "250 OK"

    async def handle_EHLO(self, _: Any, session: Any, __: Any, hostname: str, answers: list[str]) -> list[str]:  # noqa: N802 -- the same
        """Somebody says hello."""
        session.host_name = hostname
        if self.hang is not None:
            await asyncio.to_thread(self.hang.wait, START_S)
        return answers

    def authenticate(self, *given: Any) -> AuthResult:
        """A password is given."""
        return AuthResult(success=given[4].password.decode() == self.password, handled=False)

    @property
    def bodies(self) -> list[str]:
        """The texts of the mails."""
        return [mail.get_content().replace("\r\n", "\n") for mail in self.mails]


@contextlib.contextmanager
def mailbox(password: str = "") -> Iterator[Mailbox]:
    """A running SMTP server."""
    box = Mailbox(password=password)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def make() -> SMTP:
        asked = bool(password)
        wanted = box.authenticate if asked else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of passwords without TLS: that is for real servers
            return SMTP(box, loop=loop, authenticator=wanted, auth_required=asked, auth_require_tls=False)

    async def serve() -> asyncio.Server:
        return await loop.create_server(make, "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(serve(), loop).result(START_S)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        if box.hang is not None:
            box.hang.set()
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result(START_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_S)
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@dataclass
class Hook:
    """A web server's memory and temper."""

    port: int = 0
    status: int = 200
    hang: threading.Event | None = None
    posts: list[tuple[str, str]] = field(default_factory=list)
    """(path, body)"""

    def url(self, scheme: str, path: str = "/") -> str:
        """Its address, as Apprise or a browser writes it."""
        return f"{scheme}://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def hook() -> Iterator[Hook]:
    """A running web server."""
    kept = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Keep it, and answer as told."""
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            if kept.hang is not None:
                kept.hang.wait(START_S)
            kept.posts.append((self.path, body))
            with contextlib.suppress(OSError):
                self.send_response(kept.status)
                self.end_headers()

        def do_GET(self) -> None:
            """The same, without a body."""
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.port = server.server_port
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        if kept.hang is not None:
            kept.hang.set()
        server.shutdown()
        server.server_close()
        thread.join(START_S)
