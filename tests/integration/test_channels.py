"""Channels on real peers: an SMTP server and a web hook that misbehave on demand."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator

import pytest

from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Secret
from onbam.notices.channels.apprise import AppriseChannel
from onbam.notices.channels.made import receivers
from onbam.notices.channels.model import Message
from onbam.notices.model import Severity
from onbam.notices.settings import NoticeSettings
from support.posts import Hook, Mailbox, hook, mailbox

KIM = "kim@shop.kr"
HELLO = Message("프로세스 정지 감지 - 자동 재시작", "마지막 업데이트: 62분 전\n자동 재시작 실행\n<b>&</b> 'x' \"y\"", "urgent")
PASSWORD = "Kz7Q$p!%'+ /@:?#&Wm3"
LIMIT_S = 60.0
"""Generous: whoever does not hang answers long before."""


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    """A mail server."""
    with mailbox() as box:
        yield box


@pytest.fixture
def web() -> Iterator[Hook]:
    """A web hook."""
    with hook() as kept:
        yield kept


def mail(smtp: Mailbox, *to: str, user: str = "", password: str = "", limit_s: float = LIMIT_S) -> list[AppriseChannel]:
    """The mail channels of a shop with these receivers."""
    chosen = NoticeSettings(
        mail_host="127.0.0.1",
        mail_port=smtp.port,
        mail_security="none",
        mail_user=user,
        mail_password=Secret(password),
        mail_from="onbam@shop.kr",
        mail_to=to,
        timeout_s=limit_s,
    )
    return [channel(one.name, one.address.reveal(), limit_s) for one in receivers(chosen)]


def channel(name: str, address: str, limit_s: float = LIMIT_S) -> AppriseChannel:
    """One channel; what the other side said goes through a redactor that knows the password."""
    return AppriseChannel(name, Secret(address), limit_s, Redactor([PASSWORD]).text)


def test_b42_a_mail_arrives_word_for_word(smtp: Mailbox) -> None:
    """Korean title, two lines, angle brackets and quotes: as they were given, from the shop's address."""
    (only,) = mail(smtp, KIM)
    assert only.send(HELLO).kind == "sent"
    (sent,) = smtp.mails
    assert (sent["Subject"], sent["From"], smtp.receivers) == (HELLO.title, "Onbam 온밤 <onbam@shop.kr>", [[KIM]])
    assert smtp.bodies == [HELLO.body + "\n"]
    assert sent.get_content_type() == "text/plain"


def test_each_receiver_gets_a_mail_of_its_own(smtp: Mailbox) -> None:
    """One that is refused spoils nothing for the others, and nobody reads the others' addresses."""
    smtp.refuse["gone@shop.kr"] = "550 no such user"
    outcomes = [one.send(HELLO) for one in mail(smtp, KIM, "gone@shop.kr", "lee@shop.kr")]
    assert [outcome.kind for outcome in outcomes] == ["sent", "refused", "sent"]
    assert "550" in outcomes[1].why
    assert "no such user" in outcomes[1].why
    assert smtp.receivers == [[KIM], ["lee@shop.kr"]]


def test_a_mailbox_that_is_full_today_is_tried_again(smtp: Mailbox) -> None:
    """By 4xx a mail server means: later."""
    smtp.refuse[KIM] = "452 mailbox full"
    (only,) = mail(smtp, KIM)
    assert only.send(HELLO).kind == "later"
    smtp.refuse.clear()
    assert only.send(HELLO).kind == "sent"


def test_a_password_with_every_letter_logs_in_and_a_wrong_one_stops() -> None:
    """Reserved letters reach the server as they are; what it rejected is not tried again by itself."""
    with mailbox(PASSWORD) as smtp:
        (right,) = mail(smtp, KIM, user="onbam@shop.kr", password=PASSWORD)
        (wrong,) = mail(smtp, KIM, user="onbam@shop.kr", password="guess")
        assert (right.send(HELLO).kind, wrong.send(HELLO).kind) == ("sent", "stopped")
        assert len(smtp.mails) == 1
    assert right.fingerprint != wrong.fingerprint


def test_a_mail_server_that_hangs_or_is_away_is_left_in_time(smtp: Mailbox) -> None:
    """The limit holds; the outcome is: later."""
    smtp.hang = threading.Event()
    (hanging,) = mail(smtp, KIM, limit_s=1.0)
    assert hanging.send(HELLO).kind == "later"
    smtp.hang.set()
    (away,) = mail(Mailbox(port=1), KIM)
    assert away.send(HELLO).kind == "later"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *[(200, "sent"), (204, "sent"), (400, "refused"), (404, "refused"), (410, "refused")],
        *[(401, "stopped"), (403, "stopped"), (408, "later"), (429, "later"), (500, "later"), (503, "later")],
    ],
)
def test_a_web_hooks_answer_says_what_to_do_next(web: Hook, status: int, kind: str) -> None:
    """Refused for good, rejected, or later."""
    web.status = status
    outcome = channel("chat", web.url("json")).send(HELLO)
    assert (outcome.kind, bool(outcome.why)) == (kind, kind != "sent")


def test_a_web_hook_that_hangs_is_left_in_time(web: Hook) -> None:
    """Later, and the caller is back."""
    web.hang = threading.Event()
    assert channel("chat", web.url("json"), 0.5).send(HELLO).kind == "later"
    web.hang.set()


@pytest.mark.parametrize("scheme", ["json", "xml", "form", "ntfy", "gotify", "mmost", "matrix", "synology"])
def test_korean_arrives_whole_whatever_the_service(web: Hook, scheme: str) -> None:
    """Title and text reach each kind of service this machine can play; nothing points to somebody else's pictures."""
    import json
    from urllib.parse import unquote_plus

    path = {
        "gotify": "/Tokentokentoken",
        "mmost": "/abcdefghijklmnopqrstuvwxyz",
        "matrix": "/tok?mode=slack",
        "synology": "/token",
    }
    assert channel("chat", web.url(scheme, path.get(scheme, "/topic"))).send(HELLO).kind == "sent"
    ((_, body),) = web.posts
    shown = body + unquote_plus(body) + json.dumps(body).encode().decode("unicode_escape")
    if body.startswith("{"):
        shown += json.dumps(json.loads(body), ensure_ascii=False)
    elif scheme == "synology":
        shown += json.dumps(json.loads(unquote_plus(body).removeprefix("payload=")), ensure_ascii=False)
    assert HELLO.title in shown
    assert "자동 재시작 실행" in shown
    assert "/raw/master/apprise/assets/themes" not in body


def test_an_address_nobody_knows_stops_without_repeating_it(caplog: pytest.LogCaptureFixture) -> None:
    """A typing error in a secret must not print the secret."""
    with caplog.at_level(logging.DEBUG):
        outcome = channel("chat", f"nonsense://{'Kz7QxSecretWm3'}/x").send(HELLO)
    assert outcome.kind == "stopped"
    assert "Kz7QxSecretWm3" not in outcome.why + caplog.text


def test_c56_no_address_or_password_is_in_a_reason_or_a_log(web: Hook, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the service answers, what was asked of it stays here."""
    web.status = 500
    with caplog.at_level(logging.INFO):
        outcome = channel("chat", web.url("json", "/token-Kz7QxSecretWm3")).send(HELLO)
    assert outcome.kind == "later"
    assert "Kz7QxSecretWm3" not in outcome.why + caplog.text


def test_the_settings_name_the_receivers() -> None:
    """Each address of the list, each chat room, each phone, with its floor; nobody twice; nothing without a host."""
    chosen = NoticeSettings(
        mail_host="smtp.example.com",
        mail_user="onbam@example.com",
        mail_to=(KIM, "lee@shop.kr", KIM),
        chat_url=Secret("json://a/ json://b/"),
        chat_floor="off",
        phone_url=Secret("ntfy://c/"),
    )
    named = [(one.name, one.group, one.floor) for one in receivers(chosen)]
    assert named == [
        (f"mail:{KIM}", "mail", Severity.WARN),
        ("mail:lee@shop.kr", "mail", Severity.WARN),
        ("chat", "chat", None),
        ("chat:2", "chat", None),
        ("phone", "phone", Severity.URGENT),
    ]
    assert receivers(NoticeSettings(mail_to=(KIM,))) == []


@pytest.mark.parametrize(
    ("security", "port", "scheme"), [("starttls", 587, "mailtos"), ("ssl", 465, "mailtos"), ("none", 25, "mailto")]
)
def test_mail_is_secured_as_the_setting_says(security: str, port: int, scheme: str) -> None:
    """Apprise reads the address as we meant it: server, port, mode, receiver."""
    chosen = NoticeSettings(
        mail_host="smtp.naver.com",
        mail_user="onbam@naver.com",
        mail_password=Secret(PASSWORD),
        mail_to=(KIM,),
        mail_security=security,  # type: ignore[arg-type]
    )
    (one,) = receivers(chosen)
    assert one.address.reveal().startswith(f"{scheme}://")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from apprise import Apprise

        server = Apprise.instantiate(one.address.reveal())
    assert server is not None
    mode = {"none": "insecure"}.get(security, security)
    assert (server.smtp_host, server.port, server.secure_mode, server.password) == ("smtp.naver.com", port, mode, PASSWORD)
    assert [target[1] for target in server.targets] == [KIM]
    assert server.user == "onbam@naver.com"
