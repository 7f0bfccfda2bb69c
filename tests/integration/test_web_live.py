"""The live stream: what happens elsewhere is seen here, nothing is missed, and whoever may look no more is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

import httpx2 as httpx
import pytest

from onbam.bootstrap import Onbam
from onbam.web import glance
from onbam.web import live as stream
from onbam.web.pages import look
from support.desk_server import Served, served
from support.stage import PASSWORD, Stage, StageClock, pc, people
from support.stage import stage as empty_stage

LIMIT_S = 60.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small shop's desk on a port."""
    made = empty_stage(tmp_path_factory.mktemp("live"))
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
    desk.stage.serial += 100  # orders of its own
    yield Stage(there, desk.stage.clock, serial=desk.stage.serial)
    there.close()


@dataclass
class Message:
    """One message of a stream."""

    event: str = ""
    id: str = ""
    data: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it carries."""
        return "\n".join(self.data)


def messages(answer: httpx.Response) -> Iterator[Message]:
    """As a browser reads them."""
    message = Message()
    for line in answer.iter_lines():
        if not line:
            if message.data or message.event or message.id:
                yield message
            message = Message()
            continue
        name, _, value = line.partition(": ")
        if name == "data":
            message.data.append(value)
        elif name in ("event", "id"):
            setattr(message, name, value)


@contextmanager
def browser(desk: Served, name: str = "kim") -> Iterator[httpx.Client]:
    """Logged in."""
    with httpx.Client(base_url=desk.address, timeout=LIMIT_S) as client:
        assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
        yield client


def first(found: Iterator[Message], *, event: str = "") -> Message:
    """The next message of a sort."""
    return next(message for message in found if message.event == event)


def test_what_happens_in_another_process_is_seen(desk: Served, elsewhere: Stage) -> None:
    """An order found elsewhere is in the next message, with all of the page around it."""
    with browser(desk) as client, client.stream("GET", "/live/orders") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        found = messages(answer)
        first(found)
        order = elsewhere.order()
        elsewhere.found(order)
        assert order.number in first(found).text
        assert first(found, event="beat").text.isdecimal()


def test_a_reconnection_brings_what_was_missed_at_once(desk: Served, elsewhere: Stage) -> None:
    """With the last id known and nothing new there is only a sign of life; with something new the whole state comes first."""
    with browser(desk) as client:
        with client.stream("GET", "/live/orders") as answer:
            known = first(messages(answer)).id
        with client.stream("GET", "/live/orders", headers={"last-event-id": known}) as answer:
            found = messages(answer)
            assert [next(found).event for _ in range(2)] == ["beat", "beat"]
        order = elsewhere.order()
        elsewhere.found(order)
        with client.stream("GET", "/live/orders", headers={"last-event-id": known}) as answer:
            assert order.number in first(messages(answer)).text


def test_a_page_is_never_taken_back_in_time(desk: Served, elsewhere: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody else's open view was drawn from before a page was is not put into that page: it is drawn anew."""
    with browser(desk) as client, client.stream("GET", "/live/orders") as early:
        old = messages(early)
        first(old)
        first(old, event="beat")  # the follower knows where the journal ends
        monkeypatch.setattr(glance, "AGE_S", -1.0)
        monkeypatch.setattr(stream.Hub, "_ring", lambda _: None)  # and the open view is told of nothing more
        desk.stage.clock.advance(0.01)
        order = elsewhere.order()
        elsewhere.found(order)
        page = client.get("/orders").text
        assert order.number in page
        known = page.partition('"Last-Event-ID": "')[2].partition('"')[0]
        with client.stream("GET", "/live/orders", headers={"last-event-id": known}) as answer:
            found = messages(answer)
            assert [next(found).event for _ in range(2)] == ["beat", "beat"]


def test_nothing_is_called_fresh_before_it_was_drawn(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that cannot be drawn sends no sign of life: its readers see that it grows old."""
    tried = threading.Event()

    def broken(*_: object) -> str:
        tried.set()
        raise KeyError("a column that is not there")

    monkeypatch.setattr(stream, "fragment", broken)
    with browser(desk) as client, client.stream("GET", "/live/orders?q=nobody+else+looks+at+this") as answer:
        assert list(messages(answer)) == []
    assert tried.is_set()


def test_a_reader_who_may_look_no_more_is_told(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """After logging out the open stream ends with a word about it."""
    monkeypatch.setattr(look, "CHECK_S", 0.0)
    with browser(desk, "lee") as client, client.stream("GET", "/live/machines") as answer:
        found = messages(answer)
        first(found)
        opens = next(iter(client.cookies.jar)).value
        assert opens is not None
        desk.stage.onbam.people.leave(opens)
        assert first(found, event="gone").event == "gone"


def test_tabs_that_ask_at_once_whether_they_still_may_ask_in_turn(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty at the same moment take two threads, not twenty with a connection each."""
    gate, asking, most = threading.Lock(), 0, 0
    real = look._still_may

    def counted(*given: object) -> bool:
        nonlocal asking, most
        with gate:
            asking += 1
            most = max(most, asking)
        try:
            return real(*given)  # type: ignore[arg-type]
        finally:
            with gate:
                asking -= 1

    monkeypatch.setattr(look, "CHECK_S", 0.0)
    monkeypatch.setattr(look, "_still_may", counted)
    with browser(desk) as client, ExitStack() as open_ones:
        found = [messages(open_ones.enter_context(client.stream("GET", "/live/machines"))) for _ in range(20)]
        for one in found:
            first(one)
            first(one, event="beat")
    assert 1 <= most <= stream.AT_ONCE


def test_many_readers_of_one_view_cost_one_drawing(desk: Served, elsewhere: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty tabs of one page are served by one drawing for each change."""
    drawn: list[str] = []
    real = stream.fragment

    def counted(seen: object, page: object) -> str:
        drawn.append("x")
        return real(seen, page)  # type: ignore[arg-type]

    monkeypatch.setattr(stream, "fragment", counted)
    with browser(desk) as client, ExitStack() as open_ones:
        found = [messages(open_ones.enter_context(client.stream("GET", "/live/needs"))) for _ in range(30)]
        for one in found:
            first(one)
        before = len(drawn)
        order = elsewhere.order()
        elsewhere.found(order)
        elsewhere.doubt(pc("A", 1), order)
        for one in found:
            assert order.number in next(m for m in one if order.number in m.text).text
        assert len(drawn) - before < 30


def test_a_page_without_a_stream_and_a_stranger_get_none(desk: Served) -> None:
    """Pages that do not change have no stream; without a session the answer says where to log in."""
    with browser(desk) as client:
        assert client.get("/live/settings").status_code == 404
        assert client.get("/live/nothing").status_code == 404
    stranger = httpx.get(f"{desk.address}/live/orders")
    assert stranger.status_code == 401
    assert stranger.headers["hx-redirect"].startswith("/login")


def test_the_desk_ends_with_open_streams(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Asked to stop, it does not wait for readers."""
    made = empty_stage(tmp_path_factory.mktemp("ending"))
    people(made)
    with served(made) as at:
        reading = threading.Thread(target=_read_to_the_end, args=(at, opened := threading.Event()))
        reading.start()
        assert opened.wait(LIMIT_S)
    reading.join(LIMIT_S)
    assert not reading.is_alive()
    made.onbam.close()


def _read_to_the_end(desk: Served, opened: threading.Event) -> None:
    with browser(desk) as client, client.stream("GET", "/live/today") as answer:
        found = messages(answer)
        first(found)
        opened.set()
        with suppress(httpx.RemoteProtocolError):  # cut off, or ended: either way over
            for _ in found:
                pass


def test_a_port_that_is_taken_is_said(desk: Served) -> None:
    """A second desk on the same port ends with words, not with a trace."""
    from onbam.kernel.errors import Misconfigured
    from onbam.web.serve import WebServer

    port = int(desk.address.rpartition(":")[2])
    with pytest.raises(Misconfigured, match="Cannot listen"):
        WebServer(desk.stage.onbam, host="127.0.0.1", port=port).run(lambda _: None)


def test_the_stage_keeps_the_real_pace() -> None:
    """The clock of these tests runs as fast as the wall's."""
    from datetime import UTC, datetime

    told, began = datetime(2026, 1, 13, 9, tzinfo=UTC), datetime.now(UTC)
    clock = StageClock(told)
    assert told <= clock.now() <= told + (datetime.now(UTC) - began)
