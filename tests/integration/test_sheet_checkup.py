"""What the check-up says of the lock between PCs, against a Google that has each of the known troubles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.bootstrap import Onbam
from onbam.claims import lone
from onbam.claims.connection import Connection, Obstacle, Standing, judge
from onbam.claims.model import Ref
from onbam.kernel.checks import Finding
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Misconfigured, Transient
from onbam_sims.sheets import UNLIMITED
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator
from support.v10 import V10Pc

LOCK = "processing_lock"


class Shop:
    """A shop's folder with a sheet on a simulated Google."""

    def __init__(self, home: Path, google: SheetsSimulator, clock: FakeClock) -> None:
        self.home = home
        self.google = google
        self.clock = clock
        self.book = google.service.create("shop")
        google.service.share(self.book, DEFAULT_ACCOUNT)
        self.keep(google.service_account())
        self.environ = {
            "CLAIM_STORE": "sheets",
            "GOOGLE_SHEET_ID": self.book,
            "ONBAM_SHEETS_API_URL": google.url,
            "ONBAM_SHEETS_DRIVE_URL": google.url,
        }

    def keep(self, papers: object, name: str = "google_oauth_credentials.json") -> None:
        """Save a file of Google's."""
        (self.home / name).write_text(json.dumps(papers))

    def open(self, **more: str) -> Onbam:
        """The shop's program."""
        return Onbam(self.home, {**self.environ, **more}, clock=self.clock)

    def found(self, **more: str) -> dict[str, Finding]:
        """The check-up's lines about the lock, by name."""
        with self.open(**more) as onbam:
            return {finding.name: finding for finding in onbam.checks()["lock"]()}

    def line(self, name: str = "lock", **more: str) -> tuple[str, str]:
        """One of them."""
        finding = self.found(**more)[name]
        return finding.state, f"{finding.text.to('en')} → {finding.fix.to('en') if finding.fix else ''}"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop whose sheet is fine. Google's library signs by the real clock: the shop's begins where that stands now."""
    clock = FakeClock(datetime.now(UTC))
    with SheetsSimulator(now=lambda: clock.now().timestamp(), limits=UNLIMITED) as google:
        yield Shop(tmp_path, google, clock)


def test_a_healthy_lock_is_connected_and_names_this_pc(shop: Shop) -> None:
    """A46, A47: the line people know, with who this PC is; nothing is made by looking."""
    found = shop.found()
    assert {finding.state for finding in found.values()} == {"ok"}
    assert "Lock manager: Connected (the Google Sheet decides)" in found["lock"].text.to("en")
    assert "lock.login" in found
    assert DEFAULT_ACCOUNT in found["lock.login"].text.to("en")
    assert shop.google.service.state()["spreadsheets"][0]["sheets"][0]["title"] == "Sheet1"
    assert not (shop.home / "data").exists()


def test_this_pc_is_named_with_its_machine_id(shop: Shop) -> None:
    """A47: once it has one."""
    with shop.open() as onbam:
        machine = onbam.machine_id
    assert machine in shop.line()[1]


def test_a_missing_credentials_file_is_named(shop: Shop) -> None:
    """A55, A56."""
    (shop.home / "google_oauth_credentials.json").unlink()
    state, text = shop.line()
    assert state == "bad"
    assert "Disconnected" in text
    assert "Cause: the credentials file" in text
    assert "google_oauth_credentials.json" in text


def test_an_older_programs_token_is_named_and_not_opened(shop: Shop) -> None:
    """A56: the client file of V10 without a login of ours: the command is named; a pickle beside it is not touched."""
    shop.keep(shop.google.client_secret())
    (shop.home / "google_token.pickle").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    state, text = shop.line()
    assert state == "bad"
    assert "Cause: the log-in" in text
    assert "onbam claims login" in text
    assert "google_token.pickle" in text


def test_a_switched_off_api_is_named(shop: Shop) -> None:
    """A57."""
    shop.google.faults.set("api_disabled")
    state, text = shop.line()
    assert state == "bad"
    assert "Cause: the Google Sheets API is switched off" in text
    assert "APIs & Services" in text


def test_no_internet_is_named(shop: Shop) -> None:
    """A58: nobody answers at Google's address."""
    state, text = shop.line(ONBAM_SHEETS_API_URL="http://127.0.0.1:9")
    assert state == "bad"
    assert "Cause: the internet connection" in text
    assert "firewall" in text


def test_a_sheet_that_is_not_shared_is_named_with_the_address_to_share_it_with(shop: Shop) -> None:
    """A55: the permission."""
    shop.google.service.unshare(shop.book, DEFAULT_ACCOUNT)
    state, text = shop.line()
    assert state == "bad"
    assert "Cause: the permission to open the sheet" in text
    assert DEFAULT_ACCOUNT in text


def test_a_wrong_id_is_a_matter_of_permission_too(shop: Shop) -> None:
    """A typing mistake in GOOGLE_SHEET_ID."""
    state, text = shop.line(GOOGLE_SHEET_ID="1nobody")
    assert (state, "permission" in text, "1nobody" in text) == ("bad", True, True)


def test_a_revoked_token_is_named(shop: Shop) -> None:
    """Somebody took the account's access back."""
    shop.found()
    shop.google.office.revoke(DEFAULT_ACCOUNT)
    state, text = shop.line()
    assert state == "bad"
    assert "Cause: the log-in to Google" in text
    assert "invalid_grant" in text


def test_when_the_database_decides_a_broken_sheet_is_a_warning(shop: Shop) -> None:
    """Orders go on; only the people who look at the sheet see old rows."""
    shop.google.service.unshare(shop.book, DEFAULT_ACCOUNT)
    state, text = shop.line(CLAIM_STORE="database", ONBAM_CLAIMS_OLDER_PCS="off")
    assert state == "warn"
    assert "the database decides" in text


def test_where_older_programs_are_respected_a_broken_sheet_is_red(shop: Shop) -> None:
    """A robot that starts now takes no order, whoever decides: it cannot see what an older program holds."""
    shop.google.service.unshare(shop.book, DEFAULT_ACCOUNT)
    assert shop.line(CLAIM_STORE="database")[0] == "bad"
    with shop.open(CLAIM_STORE="database") as onbam, pytest.raises(Transient):
        onbam.claims.claim_many(onbam.script_agent, [Ref("order", "2601050229")])


def test_a_sheet_that_decides_and_is_not_named_is_red(tmp_path: Path) -> None:
    """The claims cannot be opened either; the setting is named."""
    with Onbam(tmp_path, {"CLAIM_STORE": "sheets"}, clock=FakeClock()) as onbam:
        (line,) = onbam.checks()["lock"]()
        with pytest.raises(Misconfigured):
            onbam.claims.now_ms()
    assert line.state == "bad"
    assert "Disconnected (the Google Sheet decides)" in line.text.to("en")
    assert line.fix is not None
    assert "GOOGLE_SHEET_ID" in line.fix.to("en")


STANDINGS = {
    "sheet": Standing(enabled=True, decides=True, has_sheet=True, older=True),
    "mirror": Standing(enabled=True, decides=False, has_sheet=True, older=False),
    "database": Standing(enabled=True, decides=False, has_sheet=False, older=False),
    "off": Standing(enabled=False, decides=False, has_sheet=True, older=True),
}


@pytest.mark.parametrize(
    ("standing", "obstacle", "state", "connected"),
    [
        ("sheet", None, "ok", True),
        ("sheet", Obstacle.CREDENTIALS, "bad", False),
        ("sheet", Obstacle.COLUMNS, "bad", True),
        ("mirror", Obstacle.CREDENTIALS, "warn", False),
        ("mirror", Obstacle.COLUMNS, "bad", True),
        ("database", None, "ok", True),
        ("off", Obstacle.INTERNET, "warn", False),
    ],
)
def test_one_rule_says_how_the_lock_is(standing: str, obstacle: Obstacle | None, state: str, *, connected: bool) -> None:
    """Disconnected, and Connected but wrong; what comes of it depends on who decides."""
    found = Connection(obstacle=obstacle, error=Misconfigured("x") if obstacle else None)
    verdict = judge(STANDINGS[standing], None, found)
    assert (verdict.state, verdict.connected) == (state, connected)
    assert judge(STANDINGS[standing], Misconfigured("x"), found).state == "bad"


def test_a_sheet_everybody_with_the_link_may_open_is_warned_of(shop: Shop) -> None:
    """A65."""
    assert shop.line("lock.sharing")[0] == "ok"
    shop.google.service.share(shop.book, "anyone", "reader")
    state, text = shop.line("lock.sharing")
    assert state == "warn"
    assert "Restricted" in text


def token(shop: Shop, granted: datetime | None, until: datetime | None = None) -> None:
    """A person's token, as the login keeps it."""
    shop.keep(shop.google.client_secret())
    kept = shop.google.authorized_user("kim@example.com")
    shop.google.service.share(shop.book, "kim@example.com")
    ours = {
        "granted_at": granted.isoformat() if granted else None,
        "refresh_until": until.isoformat() if until else None,
        "account": "kim@example.com",
    }
    shop.keep({**kept, "onbam": ours}, "google_token.json")


@pytest.mark.parametrize(
    ("age", "until", "state", "told"),
    [
        (timedelta(days=5), timedelta(days=2), "warn", "ends at {until:%Y-%m-%d}"),
        (timedelta(days=1), None, "warn", "1.0 days ago"),
        (timedelta(days=40), None, "ok", "40 days ago"),
        (timedelta(days=40), timedelta(days=-33), "ok", "40 days ago"),
        (None, None, "warn", "not known"),
    ],
)
def test_t17_a_log_in_that_will_end_is_said_before_it_ends(
    shop: Shop, age: timedelta | None, until: timedelta | None, state: str, told: str
) -> None:
    """T17: an app in testing loses every PC's lock after seven days, at one moment."""
    now = shop.clock.now()
    ends = now + until if until else None
    token(shop, now - age if age else None, ends)
    found = shop.line("lock.login")
    assert found[0] == state
    assert told.format(until=ends) in found[1]
    assert "kim@example.com" in found[1]


def test_t17_after_seven_days_in_testing_the_log_in_is_named_as_the_cause(shop: Shop) -> None:
    """T17: what it looks like when nobody listened."""
    token(shop, shop.clock.now(), shop.clock.now() + timedelta(days=7))
    shop.google.office.testing_mode = True
    assert shop.line()[0] == "ok"
    shop.clock.advance(7 * 86_400)
    state, text = shop.line()
    assert state == "bad"
    assert "Cause: the log-in to Google" in text
    assert "Testing" in text


def test_a_hand_made_sheet_with_a_wrong_column_is_connected_and_wrong(shop: Shop) -> None:
    """A32: which column, what was expected."""
    with shop.open() as onbam:
        assert onbam.board_service is not None
        onbam.board_service.step(shop.clock.now())
    shop.google.service.person(shop.book).edit(LOCK, "D1", "state")
    state, text = shop.line()
    assert state == "bad"
    assert "Connected, but" in text
    assert "Column D" in text


def test_pcs_that_still_run_an_older_program_are_named(shop: Shop) -> None:
    """Nobody forgets that the move is not finished."""
    with shop.open() as onbam:
        assert onbam.board_service is not None
        onbam.board_service.step(shop.clock.now())
    V10Pc(shop.google.service, shop.book, LOCK, ZoneInfo("Asia/Seoul")).take("2601050229")
    state, text = shop.line("lock.older")
    assert state == "warn"
    assert "PC-OLD_192.168.1.50" in text


def test_t4_a_lock_that_is_off_is_red(shop: Shop) -> None:
    """T4, A59: refused on a fleet, red on the one PC that may; either way it names the setting."""
    off = {"ENABLE_DISTRIBUTED_LOCK": "false"}
    state, text = shop.line("lock.off", **off)
    assert state == "bad"
    assert "ENABLE_DISTRIBUTED_LOCK" in text
    assert "sheets.machines" in text
    with shop.open() as onbam:
        name = onbam.host.name
    state, text = shop.line("lock.off", **off, ONBAM_CLAIMS_ONLY_PC=name)
    assert state == "bad"
    assert "nobody but this PC" in text


def test_what_is_still_to_be_told_to_the_others_is_not_forgotten(shop: Shop) -> None:
    """The lock is on again, and the sheet does not know yet what was done without it."""
    with shop.open() as onbam:
        lone.begin(onbam.data, 0, 1)
    assert shop.line("lock.off")[0] == "warn"


def test_a_shop_without_a_sheet_is_told_that_its_database_decides(tmp_path: Path) -> None:
    """No sheet is no trouble."""
    with Onbam(tmp_path, {}, clock=FakeClock()) as onbam:
        (line,) = onbam.checks()["lock"]()
    assert line.state == "ok"
    assert "database decides" in line.text.to("en")
