"""What a desk is asked to bear: two hundred tabs, a browser that slept for a day, a clock an hour off, a document of 5 MB."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from onbam.bootstrap import Onbam
from onbam.claims.model import State
from support.desk_door import Desk
from support.desk_door import desk as knocked
from support.desk_server import Served, served
from support.stage import Stage, pc, people
from support.stage import stage as empty_stage

TABS = 200
LIMIT_S = 60.0
VIEWS = ("today", "orders", "needs", "board", "machines", "notices")
TOLD = ("today", "orders", "needs")
"""Where an order in doubt is seen."""
DRAWN = b'id="needs-count"'
"""The end of every drawing."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small shop's desk on a port."""
    made = empty_stage(tmp_path_factory.mktemp("many"))
    people(made)
    made.at(9)
    made.join(pc("A", 1), due_s=10**6)
    with served(made) as at:
        yield at
    made.onbam.close()


@pytest.fixture
def elsewhere(desk: Served) -> Iterator[Stage]:
    """The same database, opened as another process would."""
    there = Onbam(desk.stage.onbam.home, {"ONBAM_LANG": "ko"}, clock=desk.stage.clock)
    desk.stage.serial += 100
    yield Stage(there, desk.stage.clock, serial=desk.stage.serial)
    there.close()


def port_of(desk: Served) -> int:
    """Where it listens."""
    return int(desk.address.rpartition(":")[2])


def cookie_of(desk: Served) -> str:
    """Somebody came in."""
    person = desk.stage.onbam.people.named("kim")
    assert person is not None
    opens = desk.stage.onbam.people.enter(person, address="::1", browser="test", how="test")
    return f"onbam_5999={opens}"


@contextmanager
def stream(desk: Served, view: str, cookie: str, **headers: str) -> Iterator[socket.socket]:
    """An open stream, unread."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", port_of(desk)), timeout=LIMIT_S) as one:
        request = f"GET /live/{view} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{more}\r\n"
        one.sendall(request.encode())
        yield one


def read_until(one: socket.socket, wanted: bytes) -> bytes:
    """Everything up to a text; it fails when it does not come."""
    got = b""
    while wanted not in got:
        part = one.recv(1 << 16)
        assert part, got[-300:]
        got += part
    return got


def test_two_hundred_tabs_share_one_reader_of_the_journal(desk: Served, elsewhere: Stage) -> None:
    """Each tab gets its page and every change; one thread follows the journal for all of them, and ends with the last tab."""
    hub_thread = "web-follower"
    cookie = cookie_of(desk)
    with ExitStack() as open_ones:
        tabs = [open_ones.enter_context(stream(desk, VIEWS[n % len(VIEWS)], cookie)) for n in range(TABS)]
        for tab in tabs:
            assert read_until(tab, DRAWN).startswith(b"HTTP/1.1 200")
        assert [thread.name for thread in threading.enumerate()].count(hub_thread) == 1
        order = elsewhere.order()
        elsewhere.found(order)
        elsewhere.doubt(pc("A", 1), order)
        for n, tab in enumerate(tabs):
            if VIEWS[n % len(VIEWS)] in TOLD:
                read_until(tab, order.number.encode())
        checked_out = desk.stage.onbam.database.engine.pool.checkedout()  # type: ignore[attr-defined]
        assert checked_out <= desk.stage.onbam.settings.database.pool_size
    until = time.monotonic() + LIMIT_S
    while hub_thread in [thread.name for thread in threading.enumerate()]:
        assert time.monotonic() < until, "the follower went on without anybody"
        threading.Event().wait(0.05)


def test_a_browser_that_slept_for_a_day_gets_the_whole_page_at_once(desk: Served, elsewhere: Stage) -> None:
    """Whatever it saw last, the first thing it is sent is everything as it stands now: there is no gap to fill."""
    cookie = cookie_of(desk)
    with stream(desk, "orders", cookie) as one:
        seen = re.search(rb"id: ([\w.]+)", read_until(one, DRAWN))
        assert seen is not None
    orders = [elsewhere.order() for _ in range(30)]
    elsewhere.found(*orders)
    desk.stage.clock.advance(86_400)
    fresh = cookie_of(desk)
    for known in (seen[1].decode(), "0", "nonsense", "9" * 500, "x." + "9" * 5000, "." * 50):
        with stream(desk, "orders", fresh, last_event_id=known) as one:
            got = read_until(one, DRAWN)
            assert all(order.number.encode() in got for order in orders)
    with stream(desk, "orders", cookie) as one:  # the old session is over: the tab is led to the log-in
        assert b"401" in one.recv(1 << 16).partition(b"\r\n")[0]


def test_signs_of_life_carry_the_stores_clock(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """With this PC's clock an hour behind the store's, every beat of a stream still says the store's time."""
    store = desk.stage.onbam.claims
    real = store.now_ms
    monkeypatch.setattr(store, "now_ms", lambda: real() + 3_600_000)
    with stream(desk, "machines", cookie_of(desk)) as one:
        got = b""
        while got.count(b"event: beat") < 3:
            part = one.recv(1 << 16)
            assert part
            got += part
        beats = [int(at) for at in re.findall(rb"event: beat\ndata: (\d+)", got)]
        assert all(abs(at - real() - 3_600_000) < 60_000 for at in beats)


def test_a_page_whose_database_is_away_is_no_sign_of_life(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be drawn and the journal cannot be followed, a stream stays silent: the page turns grey by itself."""
    from onbam.kernel.errors import Transient
    from onbam.kernel.words import plain

    def away(*_: object, **__: object) -> object:
        raise Transient(plain("away"), plain("later"))

    with stream(desk, "notices", cookie_of(desk)) as one:
        read_until(one, DRAWN)
        onbam = desk.stage.onbam
        monkeypatch.setattr(onbam.notices, "inbox", away)
        monkeypatch.setattr(onbam.journal, "tail", away)
        one.settimeout(4.0)
        heard: list[bytes] = []
        with suppress(TimeoutError):
            while len(heard) < 50:
                heard.append(one.recv(1 << 16))
        assert len(heard) < 50, "signs of life went on"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk to knock at."""
    made = empty_stage(tmp_path_factory.mktemp("large"))
    people(made)
    made.at(9)
    made.join(pc("A", 1), due_s=10**6)
    with knocked(made) as at:
        yield at
    made.onbam.close()


@pytest.mark.parametrize("sort", ["rows", "letters", "deep", "attribute"])
def test_a_document_of_five_megabytes_is_shown_and_can_do_nothing(door: Desk, sort: str) -> None:
    """Whole where it is a page, its beginning where it is none, and then it says so; the order's own page stays small."""
    told = door.stage
    order = told.order()
    told.found(order)
    item = told.taken(pc("A", 1), order)
    size = 5_000_000
    body = {
        "rows": b"<table class=table-item><tr><th>NO<th>x</tr>"
        + b"".join(b"<tr><td>%d<td>%s</tr>" % (n, b"y" * 600) for n in range(6_000)),
        "letters": b"<script>alert(1)</script>" + "가".encode() * (size // 3),
        "deep": b"<div>" * (size // 5),
        "attribute": b'<p title="' + b"x" * size + b'">z<img src=x onerror=alert(1)>',
    }[sort]
    told.kept(item, pc("A", 1), "document", "large.html", "text/html", body)
    told.ended(item, State.FAILED, note="x", retry_in_ms=10**7)
    piece = told.onbam.evidence.last(item.ref, "document")
    assert piece is not None
    visitor = door.as_("park")
    answer = visitor.client.get(f"/orders/{order.number}/paper/{piece.sha256}")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "<script>" not in answer.text
    assert "<img src=x onerror" not in answer.text
    if sort == "rows":
        assert 'id="onbam-line-5999"' in answer.text
    elif sort != "letters":
        assert len(answer.content) < 1_000_000
        assert "only the first 200 KB" in answer.text
    assert len(visitor.get(f"/orders/{order.number}")) < 100_000
