"""From a hanging robot to the mail in somebody's inbox: the whole way, with a real guard and a real mail server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from support.guarded import Guarded
from support.posts import Mailbox, mailbox
from support.waiting import until

LONG_STEADY, SHORT_STEADY = "steady_s = 60", "steady_s = 1"
"""While it hangs again and again nobody is to call it well, however slowly it starts; then it is well soon."""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    """A mail server."""
    with mailbox() as box:
        yield box


@pytest.fixture
def shop(tmp_path: Path, smtp: Mailbox) -> Iterator[Guarded]:
    """A shop with a robot at work, and mail."""
    one = Guarded(
        tmp_path, f"burst = 100\n{LONG_STEADY}"
    )  # how often it may hang before it is restarted slowly: another notice
    one.robot()
    text = (tmp_path / "onbam.toml").read_text("utf-8")
    mail = f'[notices]\nmail_host = "127.0.0.1"\nmail_port = {smtp.port}\nmail_security = "none"\n'
    mail += 'mail_from = "onbam@shop.kr"\nmail_to = ["kim@shop.kr"]\ndigest_at = ""\nquiet = ""\ntimeout_s = 60\n'
    (tmp_path / "onbam.toml").write_text(f"{text}\n{mail}", "utf-8")
    try:
        one.begin()
        one.up()
        yield one
    finally:
        one.clean()


def test_b42_a_hang_is_mailed_with_the_older_scripts_title_and_text(shop: Guarded, smtp: Mailbox) -> None:
    """It hangs again and again; one mail says so in the words people know, one that it is over; the journal has each time."""
    first = shop.up()["pid"]
    shop.say("spin 1 again")
    until(lambda: shop.events("process.stuck"), what="the hang is found")
    with Onbam(shop.home, {}) as onbam:
        services = onbam.watch_services()

        def mails(count: int) -> bool:
            for service in services:
                service.step(onbam.clock.now())
            return len(smtp.mails) >= count

        until(lambda: mails(1), what="the mail arrives")
        mail, body = smtp.mails[0], smtp.bodies[0].splitlines()
        assert mail["Subject"] == "프로세스 정지 감지 - 자동 재시작"
        assert body[0].startswith("마지막 업데이트: ")
        assert body[0].endswith(" 전")
        assert body[1] == "자동 재시작 실행"
        shop.say("work")
        shop.other(first)
        settings = shop.home / "onbam.toml"
        settings.write_text(settings.read_text("utf-8").replace(LONG_STEADY, SHORT_STEADY), "utf-8")
        until(lambda: shop.of().get("step") == "document", what="it works, and hangs no more")
        until(lambda: mails(2), what="the end of it is told")
        assert [mail["Subject"] for mail in smtp.mails[1:]] == ["해결됨: 프로세스 정지 감지 - 자동 재시작"]
        entries = onbam.journal.read(0).entries
        assert sum(entry.line.what == "process.stuck" for entry in entries) == len(shop.events("process.stuck"))
        assert list(onbam.notices.inbox()) == []
        for service in services:
            service.stop()
