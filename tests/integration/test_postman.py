"""The postman: from an open notice to a message outside, whatever the channels do."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.database.engine import Database, open_database
from onbam.database.schema import metadata
from onbam.kernel.bounded import Asked
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Transient
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Secret
from onbam.kernel.words import Said, Text, heard, plain
from onbam.notices.channels.apprise import AppriseChannel
from onbam.notices.channels.made import Receiver, receivers
from onbam.notices.channels.model import SENT, Channel, Message, Outcome
from onbam.notices.letters import Manners, Quiet, State
from onbam.notices.model import Cause, Severity
from onbam.notices.outbox import KEEP_MS, ChannelState
from onbam.notices.postman import LONGEST_PAUSE_MS, POLL_S, SPARE_S, Postman, Route
from onbam.notices.settings import NoticeSettings
from onbam.notices.stores.outbox import SqlOutbox
from onbam.notices.stores.sql import SqlNotices
from onbam.notices.texts import BUNDLE_MAX, Writer
from support.canaries import CORES, dressed, sniff
from support.posts import hook, mailbox
from support.waiting import DEADLINE_S, until

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 1, 14, 3, 0, tzinfo=UTC)
HANG_TITLE = Text(ko="프로세스 정지 감지 - 자동 재시작", en="The program hung - restarted")
HANG_ADVICE = Text(ko="마지막 업데이트: {ago} 전\n자동 재시작 실행", en="Last sign of life {ago} ago; it was restarted")


def hang(ago: str = "1:02:00", severity: Severity = Severity.URGENT, key: str = "hang:agent") -> Cause:
    """The notice of a restart after a hang."""
    return Cause(key, severity, HANG_TITLE(), HANG_ADVICE(ago=ago), "/incidents/1")


@dataclass
class Spoken:
    """A channel that keeps what it is given and answers what it is told."""

    name: str = "mail:kim@shop.kr"
    fingerprint: str = "1"
    answers: list[Outcome] = field(default_factory=list)
    got: list[Message] = field(default_factory=list)
    tried: int = 0
    block: threading.Event | None = None

    def send(self, message: Message) -> Outcome:
        """Keep it when the answer is: sent."""
        self.tried += 1
        if self.block is not None:
            self.block.wait(DEADLINE_S)
        answer = self.answers.pop(0) if self.answers else SENT
        if answer.kind == "sent":
            self.got.append(message)
        return answer


@pytest.fixture
def clock() -> FakeClock:
    """Noon in Seoul."""
    return FakeClock(NOON)


@pytest.fixture
def database(tmp_path: Path, clock: FakeClock) -> Iterator[Database]:
    """An empty database."""
    opened = open_database(f"sqlite:///{(tmp_path / 'n.db').as_posix()}", clock=clock)
    with opened.write() as connection:
        metadata.create_all(connection)
    yield opened
    opened.close()


class Office:
    """Notices, an outbox, channels, a postman."""

    def __init__(
        self,
        database: Database,
        clock: FakeClock,
        *channels: Channel,
        manners: Manners | None = None,
        floor: Severity = Severity.WARN,
        clean: Callable[[str], str] = str,
        digest_to: tuple[str, ...] = (),
        timeout_s: float = 20.0,
        day_lines: Callable[[], list[Said]] = list,
    ) -> None:
        self.clock, self.notices, self.outbox = clock, SqlNotices(database), SqlOutbox(database)
        routes = [Route(Receiver(c.name, c.name.partition(":")[0], floor, Secret("")), c) for c in channels]
        self.postman = Postman(
            self.outbox,
            self.notices,
            routes,
            manners or Manners(SEOUL),
            Writer("ko", SEOUL, clean, "http://192.168.0.10:5080/"),
            Chance(1),
            digest_to=digest_to,
            timeout_s=timeout_s,
            day_lines=day_lines,
        )

    def rounds(self, minutes: float = 1) -> None:
        """Let so much time pass, with a round every half minute."""
        for _ in range(int(minutes * 2) or 1):
            self.postman.step(self.clock.now())
            self.clock.advance(30)

    def states(self) -> list[State]:
        """Of all letters, the oldest first."""
        return [letter.state for letter in reversed(self.outbox.recent())]


def test_b42_a_restart_is_told_with_its_title_and_text(database: Database, clock: FakeClock) -> None:
    """The older script's words stand first, unchanged; then how bad, since when, and where to look."""
    kim = Spoken()
    office = Office(database, clock, kim)
    office.notices.open(hang())
    office.rounds()
    (told,) = kim.got
    assert told.title == "프로세스 정지 감지 - 자동 재시작"
    assert told.body.startswith("마지막 업데이트: 1:02:00 전\n자동 재시작 실행\n")
    assert told.body.splitlines()[3:] == ["급함 · 01-14 12:00", "http://192.168.0.10:5080/incidents/1"]
    assert told.tone == "urgent"


def test_met_ten_times_is_one_message_with_a_count(database: Database, clock: FakeClock) -> None:
    """What is met again before the message goes out is counted in it; afterwards it is counted in the inbox alone."""
    kim = Spoken()
    office = Office(database, clock, kim)
    for _ in range(3):
        office.notices.open(hang())
        clock.advance(60)
    office.rounds()
    for _ in range(7):
        office.notices.open(hang())
        office.rounds()
    assert [message.body.splitlines()[3] for message in kim.got] == ["급함 · 3번 · 처음 01-14 12:00, 마지막 01-14 12:02"]


def test_it_is_told_that_it_is_over(database: Database, clock: FakeClock) -> None:
    """How long it lasted and why it is over."""
    kim = Spoken()
    office = Office(database, clock, kim)
    office.notices.open(hang())
    office.rounds(62)
    office.notices.resolve("hang:agent", who="system:guard", why="running again")
    office.rounds()
    assert [message.title for message in kim.got] == [HANG_TITLE.ko, f"해결됨: {HANG_TITLE.ko}"]
    assert kim.got[1].body == "1:02:00 동안 이어졌습니다 (1번). running again"
    assert kim.got[1].tone == "good"


def test_a_channel_that_fails_is_tried_again_with_growing_pauses(database: Database, clock: FakeClock) -> None:
    """A minute, two, four, up to a quarter of an hour; the message arrives once; nobody else is held up."""
    kim = Spoken(answers=[Outcome("later", "452 mailbox full")] * 6)
    phone = Spoken("phone")
    office = Office(database, clock, kim, phone)
    office.notices.open(hang())
    tried_at: list[float] = []
    for _ in range(240):
        before = kim.tried
        office.rounds(0.5)
        if kim.tried > before:
            tried_at.append(clock.monotonic())
    pauses = [late - early for early, late in itertools.pairwise(tried_at)]
    assert pauses == sorted(pauses)
    assert max(pauses) <= LONGEST_PAUSE_MS / 1000 * 1.1 + 60
    assert [message.title for message in kim.got] == [HANG_TITLE.ko]
    assert phone.got[0].title == HANG_TITLE.ko


def test_a_failing_channel_is_told_of_through_the_others_and_forgiven(database: Database, clock: FakeClock) -> None:
    """After three failures in a row; the notice names the reason and is gone when a message gets through."""
    kim = Spoken(answers=[Outcome("later", "452 mailbox full {x}")] * 4)
    phone = Spoken("phone")
    office = Office(database, clock, kim, phone)
    office.notices.open(hang())
    office.rounds(15)
    assert "알림을 mail:kim@shop.kr로 보내지 못하고 있습니다." in [message.title for message in phone.got]
    assert any("452 mailbox full {x}" in message.body for message in phone.got)
    assert all("보내지 못하고" not in message.title for message in kim.got)
    office.rounds(30)
    assert office.notices.get("channel:mail:kim@shop.kr") is None
    assert office.outbox.channels()["mail:kim@shop.kr"].failures == 0


def test_a_rejected_password_is_not_tried_again_until_it_changes(database: Database, clock: FakeClock) -> None:
    """One try, one notice; with new settings what is still open is delivered."""
    kim = Spoken(answers=[Outcome("stopped", "535 authentication failed")] * 99)
    office = Office(database, clock, kim)
    office.notices.open(hang())
    office.rounds(60)
    assert kim.tried == 1
    assert office.notices.get("channel:mail:kim@shop.kr") is not None
    mended = Spoken(fingerprint="2")
    Office(database, clock, mended).rounds()
    assert [message.title for message in mended.got] == [HANG_TITLE.ko]
    assert office.notices.get("channel:mail:kim@shop.kr") is None


def test_a_receiver_that_is_refused_does_not_hold_up_the_next_message(database: Database, clock: FakeClock) -> None:
    """That letter is over; the next one is tried."""
    kim = Spoken(answers=[Outcome("refused", "550 no such user")])
    office = Office(database, clock, kim)
    office.notices.open(hang(key="hang:a"))
    office.rounds()
    office.notices.open(hang(key="hang:b"))
    office.rounds()
    assert office.states() == [State.REFUSED, State.SENT]


def test_a_channel_that_hangs_is_left_behind(database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own limit forgotten, the postman goes on with the others."""
    kim, phone = Spoken(block=threading.Event()), Spoken("phone")
    office = Office(database, clock, kim, phone, timeout_s=20.0)
    limits: list[float] = []

    def hurried(limit_s: float, ask: Callable[[], Outcome], name: str) -> Outcome:
        """The postman's own limit, over at once for whoever hangs."""
        limits.append(limit_s)
        asked = Asked(ask, name)
        if kim.name in name:
            until(lambda: kim.tried, what="it hangs")
            return asked.answer(0.0)
        return asked.answer(DEADLINE_S)

    monkeypatch.setattr("onbam.notices.postman.within", hurried)
    office.notices.open(hang())
    office.postman.step(clock.now())
    assert (kim.got, [message.title for message in phone.got]) == ([], [HANG_TITLE.ko])
    assert limits == [20.0 + SPARE_S] * 2
    why = heard(office.outbox.channels()[kim.name].error)
    assert (why.to("ko"), why.to("en")) == ("25초 안에 답이 없었습니다", "no answer within 25 s")
    assert kim.block is not None
    kim.block.set()


def test_many_at_once_are_one_message(database: Database, clock: FakeClock) -> None:
    """A morning with sixty parked orders is one mail: the worst first, the rest counted."""
    kim = Spoken()
    office = Office(database, clock, kim)
    for number in range(60):
        office.notices.open(hang(key=f"parked:{number}", severity=Severity.URGENT if number == 59 else Severity.WARN))
    office.rounds()
    (told,) = kim.got
    lines = told.body.splitlines()
    assert (told.title, told.tone, len(lines), lines[-1]) == ("알림 60건", "urgent", BUNDLE_MAX + 1, "그 밖에 10건")
    assert "급함" in lines[0]
    assert set(office.states()) == {State.SENT}


def test_after_quiet_hours_what_waited_goes_out_together(database: Database, clock: FakeClock) -> None:
    """At six one message tells of the night; what was over by then is not in it."""
    kim = Spoken()
    office = Office(database, clock, kim, manners=Manners(SEOUL, Quiet(time(22), time(6))))
    clock.advance(11 * 3600)
    for number in range(8):
        office.notices.open(hang(key=f"parked:{number}", severity=Severity.WARN))
    office.rounds(60)
    office.notices.resolve("parked:0", who="person:kim", why="done")
    office.rounds(4)
    assert kim.got == []
    clock.advance(6 * 3600)
    office.rounds()
    assert [message.title for message in kim.got] == ["알림 7건"]


def test_the_digest_says_how_the_day_is(database: Database, clock: FakeClock) -> None:
    """What the house says of itself, what is open, what was resolved since yesterday; a calm day says so too."""
    kim = Spoken()
    lines = [Text(ko="  프로세스 수: 1 (예상: 1)", en="  processes: 1 (expected: 1)")()]
    office = Office(
        database, clock, kim, manners=Manners(SEOUL, digest_at=time(8)), digest_to=("mail",), day_lines=lambda: lines
    )
    office.notices.open(hang(key="a"))
    office.notices.open(hang(key="b"))
    office.notices.resolve("b", who="x", why="y")
    clock.advance(20 * 3600)
    office.rounds(5)
    digests = [message for message in kim.got if "요약" in message.title]
    assert [message.title for message in digests] == ["온밤 하루 요약 2026-01-15"]
    body = digests[0].body.splitlines()
    assert body[0] == "  프로세스 수: 1 (예상: 1)"
    assert "지금 열린 알림 1건" in body
    assert "지난 하루에 해결된 알림 1건" in body
    office.notices.resolve("a", who="x", why="y")
    clock.advance(24 * 3600 * 2)
    office.rounds()
    assert "열린 알림이 없습니다." in [message.body for message in kim.got if "요약" in message.title][-1]


def test_two_pcs_send_one_message(database: Database, clock: FakeClock) -> None:
    """Every PC runs a postman; each letter goes out once."""
    kim = Spoken()
    offices = [Office(database, clock, kim) for _ in range(3)]
    for number in range(4):
        offices[0].notices.open(hang(key=f"k{number}"))
    for _ in range(3):
        for office in offices:
            office.postman.step(clock.now())
    assert len(kim.got) == 4


def test_what_a_dead_pc_had_taken_is_free_again(database: Database, clock: FakeClock) -> None:
    """It took the letter and died: another one delivers it when its time is over."""
    kim = Spoken()
    office = Office(database, clock, kim)
    office.notices.open(hang())
    Office(database, clock, Spoken(answers=[Outcome("later", "x")])).postman.step(clock.now())
    office.outbox.note(ChannelState(kim.name, kim.fingerprint))
    clock.advance(120)
    assert len(office.outbox.take(kim.name, 10, 60_000)) == 1
    office.rounds()
    assert kim.got == []
    clock.advance(60)
    office.rounds()
    assert len(kim.got) == 1


def test_a_snoozed_notice_is_told_later(database: Database, clock: FakeClock) -> None:
    """Snoozed before it went out: it waits; the journal knows who said so."""
    kim = Spoken()
    office = Office(database, clock, kim)
    office.notices.open(hang())
    assert office.notices.snooze("hang:agent", for_ms=3_600_000, who="person:kim", why="meeting") is not None
    assert office.notices.snooze("nothing", for_ms=1, who="person:kim", why="") is None
    office.rounds(59)
    assert kim.got == []
    office.rounds(3)
    assert len(kim.got) == 1


def test_without_its_store_the_postman_waits(database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database out of reach is no reason to fall over: it asks again."""
    office = Office(database, clock, Spoken())

    def away() -> None:
        raise Transient("away")

    monkeypatch.setattr(office.outbox, "stand", away)
    assert office.postman.step(clock.now()) == POLL_S


def test_old_letters_are_removed_but_not_those_of_open_notices(database: Database, clock: FakeClock) -> None:
    """Else what is open for months would be told anew each month."""
    kim = Spoken()
    office = Office(database, clock, kim)
    for key in ("stays", "goes"):
        office.notices.open(hang(key=key))
    office.rounds()
    office.notices.resolve("goes", who="x", why="y")
    office.rounds()
    clock.advance(KEEP_MS / 1000 + 3600)
    office.rounds()
    assert [letter.key for letter in office.outbox.recent()] == ["stays"]
    assert len(kim.got) == 3


def test_a_title_stays_one_line(database: Database, clock: FakeClock) -> None:
    """A document's text in a title must not begin another header of the mail."""
    kim = Spoken()
    office = Office(database, clock, kim)
    title = plain("주문 1\r\nBcc: thief@example.com")()
    office.notices.open(Cause("x", Severity.WARN, title, title))
    office.rounds()
    assert kim.got[0].title == "주문 1 Bcc: thief@example.com"


def test_c56_no_secret_leaves_through_any_channel(database: Database, clock: FakeClock) -> None:
    """Canaries in a notice's title, advice, reason and the digest: none arrives, whatever the way and the disguise."""
    redactor = Redactor([dressed(place) for place in CORES])
    told = " ".join(dressed(place) for place in CORES)
    with mailbox() as smtp, hook() as web:
        chosen = NoticeSettings(
            mail_host="127.0.0.1",
            mail_port=smtp.port,
            mail_security="none",
            mail_from="onbam@shop.kr",
            mail_to=("kim@shop.kr",),
            chat_url=Secret(" ".join(web.url(scheme, "/abcdefghijklmnop") for scheme in ("json", "xml", "form", "mmost"))),
            phone_url=Secret(" ".join(web.url(scheme, "/Tokentokentoken") for scheme in ("ntfy", "gotify"))),
        )
        channels = [AppriseChannel(one.name, one.address, 10, redactor.text) for one in receivers(chosen)]
        office = Office(
            database,
            clock,
            *channels,
            clean=redactor.text,
            manners=Manners(SEOUL, digest_at=time(12, 5)),
            digest_to=("mail", "chat", "phone"),
            day_lines=lambda: [plain(told)()],
        )
        for number in range(2):
            office.notices.open(Cause(f"c{number}", Severity.URGENT, plain(f"제목 {told}")(), plain(f"password={told}")()))
        office.rounds(2)
        office.notices.resolve("c0", who="x", why=told)
        clock.advance(600)
        office.rounds(2)
        out = b"\n".join(
            [*(mail.as_bytes() for mail in smtp.mails), *("".join(smtp.bodies).encode(),), *(p.encode() for _, p in web.posts)]
        )
        out += b"\n".join(str(mail["Subject"]).encode() for mail in smtp.mails)
        assert len(smtp.mails) == 4
        assert len(web.posts) == 4 * 6
        assert "제목" in str(smtp.mails[0]["Subject"])
    assert sniff(out) == []
