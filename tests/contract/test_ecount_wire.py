"""One exchange with the ERP ends in time, whatever the other side does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from onbam.connectors.ecount.client import EcountClient
from onbam.connectors.ecount.shared import MemoryShelf, MemoryTurnstile
from onbam.connectors.ecount.wire import Broken, NotSent, Reply, Wire
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import (
    Misconfigured,
)
from onbam_sims.server import Request, Response, Simulator
from support.erp_stand import settings


class OneAnswer(Simulator):
    """A server that answers as told, however long it is."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.route("POST", r"/x", lambda _: Response(body=b"x" * size))
        self.route("POST", r"/hop", self._hop)
        self.hops = 0

    def _hop(self, _request: Request) -> Response:
        self.hops += 1
        return Response.redirect("/x")


def test_a_redirect_is_an_answer():
    """It is not followed."""
    with OneAnswer(3) as server:
        wire = Wire(SystemClock())
        assert wire.post(f"{server.url}/hop", {}, 5.0).status == 302
        assert (server.hops, server.requests_served) == (1, 1)
        wire.close()


def test_an_endless_answer_is_broken_off():
    """More than any honest answer is not read."""
    with OneAnswer(9 * 1024 * 1024) as server:
        wire = Wire(SystemClock())
        with pytest.raises(Broken):
            wire.post(f"{server.url}/x", {}, 10.0)
        wire.close()


def test_an_encrypted_connection_is_always_verified():
    """What saves time for a simulator can never be used for the real one."""
    wire = Wire(SystemClock(), secure=False)
    with pytest.raises(AssertionError):
        wire.post("https://oapi.example/x", {}, 1.0)
    wire.close()


@pytest.fixture
def silent() -> Iterator[tuple[str, socket.socket]]:
    """A door that lets everybody in and says nothing."""
    listener = socket.create_server(("127.0.0.1", 0))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/x", listener
    listener.close()


def test_a_server_that_drips_its_headers_is_cut_off(silent):
    """Each byte comes in time; the end comes in time all the same."""
    address, listener = silent

    def drip() -> None:
        connection, _ = listener.accept()
        try:
            while True:
                connection.sendall(b"H")
                threading.Event().wait(0.05)
        except OSError:
            connection.close()

    threading.Thread(target=drip, daemon=True).start()
    wire = Wire(SystemClock())
    with pytest.raises(Broken) as caught:
        wire.post(address, {}, 0.5)
    assert caught.value.late
    wire.close()


def test_nothing_is_sent_when_the_time_is_over_before_the_connection_stands(silent):
    """A name that took too long to look up must not lead to a call that arrives after the lease is gone."""
    address, listener = silent

    class Jumping(SystemClock):
        """The time is over as soon as somebody looks a second time."""

        looks = 0

        def monotonic(self) -> float:
            """Jump."""
            self.looks += 1
            return super().monotonic() + (100.0 if self.looks > 1 else 0.0)

    wire = Wire(Jumping())
    with pytest.raises(NotSent):
        wire.post(address, {"secret": 1}, 5.0)
    listener.settimeout(60)
    connection, _ = listener.accept()
    connection.settimeout(60)
    assert connection.recv(100) == b""
    connection.close()
    wire.close()


def test_a_certificate_that_is_not_valid_stops_for_a_person(monkeypatch):
    """Nothing was sent, and trying again would not help."""
    clock = SystemClock()
    client = EcountClient(settings(zone="CC"), clock, MemoryShelf(), MemoryTurnstile(clock))

    def refuse(*_: object) -> Reply:
        raise NotSent("ConnectError", certificate=True)

    monkeypatch.setattr(client._wire, "post", refuse)
    with pytest.raises(Misconfigured):
        client.turn()
    client.close()
