"""`onbam notices …`: the inbox and the channels at the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onbam.bootstrap import Onbam
from onbam.cli.main import run
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from onbam.kernel.words import plain
from onbam.notices.model import Cause, Severity
from support.posts import Hook, Mailbox, hook, mailbox

TOKEN = "Kz7QxTokenWm3"


class Shop:
    """A shop's folder and its terminal."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys
        self.err = ""

    def run(self, *words: str) -> tuple[int, str]:
        """One command: its exit code and what it printed."""
        code = run(["--home", str(self.home), "--lang", "ko", *words])
        captured = self._capsys.readouterr()
        self.err = captured.err
        return code, captured.out

    def json(self, *words: str) -> Any:
        """What it answers a script."""
        code, out = self.run(*words, "--json")
        assert code == EXIT_OK, self.err
        return json.loads(out)


@pytest.fixture
def peers() -> Iterator[tuple[Mailbox, Hook]]:
    """Where messages arrive."""
    with mailbox() as smtp, hook() as web:
        yield smtp, web


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str], peers: tuple[Mailbox, Hook]) -> Shop:
    """A shop with mail and a chat room, and two open notices."""
    smtp, web = peers
    (tmp_path / ".env").write_text(f"ONBAM_NOTICES_CHAT_URL={web.url('json', f'/{TOKEN}')}\n", "utf-8")
    (tmp_path / "onbam.toml").write_text(
        f'[notices]\nmail_host = "127.0.0.1"\nmail_port = {smtp.port}\nmail_security = "none"\n'
        'mail_from = "onbam@shop.kr"\nmail_to = ["kim@shop.kr", "lee@shop.kr"]\n',
        "utf-8",
    )
    with Onbam(tmp_path, {}) as onbam:
        for key, severity in (("parked:1", Severity.WARN), ("hang:agent", Severity.URGENT)):
            onbam.notices.open(Cause(key, severity, plain(f"제목 {key}")(), plain("password=Kz7QxAdviceWm3")()))
    return Shop(tmp_path, capsys)


def test_the_list_shows_the_worst_first_and_no_secret(shop: Shop) -> None:
    """In the reader's language; the same for scripts."""
    code, out = shop.run("notices", "list")
    assert (code, out.index("hang:agent") < out.index("parked:1"), "Kz7QxAdviceWm3" in out) == (EXIT_OK, True, False)
    data = shop.json("notices", "list")["notices"]
    assert [one["key"] for one in data] == ["hang:agent", "parked:1"]
    assert data[0]["title"] == {"ko": "제목 hang:agent", "en": "제목 hang:agent"}


def test_a_person_resolves_and_snoozes_with_a_reason(shop: Shop) -> None:
    """By key or by number; without a reason it is refused; what is not open is named."""
    assert shop.run("notices", "resolve", "parked:1")[0] == EXIT_FAILED
    number = next(one["id"] for one in shop.json("notices", "list")["notices"] if one["key"] == "parked:1")
    assert shop.run("notices", "resolve", f"#{number}", "--reason", "끝냄")[0] == EXIT_OK
    assert [one["resolved_why"] for one in shop.json("notices", "list", "--past")["notices"]] == ["끝냄"]
    code, out = shop.run("notices", "snooze", "hang:agent", "--for", "2h", "--reason", "회의")
    assert (code, "바깥에 알리지 않습니다" in out) == (EXIT_OK, True)
    asleep = shop.json("notices", "list")["notices"][0]
    assert asleep["snoozed_until_ms"] - asleep["last_at_ms"] >= 2 * 3_600_000
    assert "미룸" in shop.run("notices", "list")[1]
    assert shop.run("notices", "snooze", "hang:agent", "--for", "soon", "--reason", "x")[0] == EXIT_USAGE
    assert shop.run("notices", "resolve", "nothing", "--reason", "x")[0] == EXIT_FAILED
    assert "nothing" in shop.err


def test_a_test_goes_to_every_receiver_of_the_channel(shop: Shop, peers: tuple[Mailbox, Hook]) -> None:
    """Mail to both; the chat room by its name; an unknown channel names those there are."""
    silent = {"why": "", "why_ko": "", "why_en": ""}
    assert shop.json("notices", "test", "mail") == {
        "results": [{"channel": f"mail:{who}@shop.kr", "outcome": "sent", **silent} for who in ("kim", "lee")]
    }
    assert [mail["Subject"] for mail in peers[0].mails] == ["온밤 시험 알림"] * 2
    assert shop.run("notices", "test", "chat") == (EXIT_OK, "chat: 보냈습니다.\n")
    assert shop.run("notices", "test", "phone")[0] == EXIT_FAILED
    assert "chat, mail" in shop.err


def test_a_test_that_fails_says_what_the_other_side_said_and_no_secret(shop: Shop, peers: tuple[Mailbox, Hook]) -> None:
    """Exit code 1; the address of the chat room is in no line."""
    peers[0].refuse["lee@shop.kr"] = "550 no such user"
    peers[1].status = 403
    code, out = shop.run("notices", "test", "mail")
    assert (code, "mail:kim@shop.kr: 보냈습니다." in out, "550" in out) == (EXIT_FAILED, True, True)
    code, out = shop.run("notices", "test", "chat")
    assert (code, "403" in out, TOKEN in out + shop.err) == (EXIT_FAILED, True, False)


def test_the_channels_and_what_went_through_them(shop: Shop, peers: tuple[Mailbox, Hook]) -> None:
    """Each receiver with its floor and state; each letter with its outcome."""
    peers[1].status = 401
    with Onbam(shop.home, {}) as onbam:
        postman = next(service for service in onbam.watch_services() if service.name == "postman")
        postman.step(onbam.clock.now())
    data = shop.json("notices", "channels")["channels"]
    assert [(one["channel"], one["floor"], one["state"]) for one in data] == [
        ("mail:kim@shop.kr", "warn", "well"),
        ("mail:lee@shop.kr", "warn", "well"),
        ("chat", "warn", "stopped"),
    ]
    out = shop.run("notices", "channels")[1] + shop.run("notices", "letters")[1]
    assert TOKEN not in out
    assert "멈춤" in out
    letters = shop.json("notices", "letters")["letters"]
    assert sorted({one["state"] for one in letters if one["channel"] == "chat"}) == ["due"]
    assert {one["state"] for one in letters if one["channel"].startswith("mail")} >= {"sent"}
    assert "channel:chat" in [one["key"] for one in shop.json("notices", "list")["notices"]]
    peers[1].status = 200
    assert shop.run("notices", "test", "chat")[0] == EXIT_OK
    assert "channel:chat" not in [one["key"] for one in shop.json("notices", "list")["notices"]]
    assert [one["state"] for one in shop.json("notices", "channels")["channels"]] == ["well"] * 3


def test_without_channels_the_command_says_where_notices_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty shop: nothing open, nothing set up."""
    empty = Shop(tmp_path, capsys)
    assert empty.run("notices", "list") == (EXIT_OK, "열린 알림이 없습니다.\n")
    assert "대시보드" in empty.run("notices", "channels")[1]
    assert [service.name for service in Onbam(tmp_path, {}).watch_services()] == ["guard-news", "errands", "journal", "peers"]


@pytest.mark.parametrize(
    ("asked", "taught"),
    [
        (("notices", "channels"), "onbam notices test mail"),
        (("notices", "letters"), "onbam notices channels"),
        (("web", "user", "list"), "onbam web link"),
        (("drill", "list"), "onbam drill kill"),
    ],
)
def test_an_empty_list_says_what_fills_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], taught: str
) -> None:
    """A new shop has none of these; the sentence names the command to begin with."""
    assert taught in Shop(tmp_path, capsys).run(*asked)[1]
