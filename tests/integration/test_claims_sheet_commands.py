"""`onbam claims board|status|login` at a terminal, on a simulated Google over HTTP."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onbam.claims import selftest
from onbam.claims.stores.sheet.store import CLOCK_GRAIN_MS, SheetStore
from onbam.cli.main import run
from onbam.kernel.clock import SystemClock
from onbam_sims.sheets import UNLIMITED
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator

LOCK = "processing_lock"
KEY = "2601050229"


class Terminal:
    """A shop's folder, its command line, and the sheet it looks at."""

    def __init__(self, home: Path, google: SheetsSimulator, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.google = google
        self._capsys = capsys
        self.book = google.service.create("shop")
        google.service.share(self.book, DEFAULT_ACCOUNT)
        self.keep(google.service_account())
        self.set()

    def keep(self, papers: object) -> None:
        """Google's file."""
        (self.home / "google_oauth_credentials.json").write_text(json.dumps(papers))

    def set(self, **more: str) -> None:
        """The shop's .env."""
        values = {
            "GOOGLE_SHEET_ID": self.book,
            "ONBAM_SHEETS_API_URL": self.google.url,
            "ONBAM_SHEETS_DRIVE_URL": self.google.url,
            "ONBAM_SHEETS_MACHINES": "1",
            **more,
        }
        (self.home / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))

    def asks(self, *words: str, code: int = 0) -> Any:
        """What a command answers as JSON."""
        assert run(["--home", str(self.home), "--lang", "en", *words, "--json"]) == code
        captured = self._capsys.readouterr()
        return json.loads(captured.out or captured.err)

    def checked(self, name: str) -> Any:
        """The check-up's line of this name, whatever the others say."""
        run(["--home", str(self.home), "--lang", "en", "doctor", "--json"])
        findings = json.loads(self._capsys.readouterr().out)["findings"]
        return next(one for one in findings if one["name"] == name)

    def reads(self, *words: str, code: int = 0) -> str:
        """What a command says to a person."""
        assert run(["--home", str(self.home), "--lang", "en", *words]) == code
        captured = self._capsys.readouterr()
        return captured.out + captured.err

    def rows(self) -> list[list[str]]:
        """What people see in the sheet."""
        return [[str(cell) for cell in row] for row in self.google.service.rows(self.book, LOCK)]


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """A shop in which a database decides and the sheet shows."""
    with SheetsSimulator(limits=UNLIMITED) as google:
        yield Terminal(tmp_path, google, capsys)


def history(terminal: Terminal, *keys: str) -> None:
    """Orders that are known."""
    (terminal.home / "v10_history.json").write_text(json.dumps(keys))
    terminal.asks("claims", "import-history", str(terminal.home / "v10_history.json"))


def hurry(patch: pytest.MonkeyPatch, store: str) -> None:
    """The simulated sheet shows every write at once, and the self-test's leases are as short as the store's clock allows."""
    for name in ("worst_write_delay_ms", "overlap_ms"):
        patch.setitem(SheetStore.__init__.__kwdefaults__ or {}, name, 100)
    patch.setattr(selftest, "SHORT_S", 1.0)
    patch.setattr(selftest, "SLACK_S", 0.1 + (CLOCK_GRAIN_MS / 1000 if store == "sheets" else 0.0))


@pytest.mark.parametrize("store", ["database", "sheets"])
def test_one_round_makes_the_sheet_and_obeys_what_a_person_wrote(
    terminal: Terminal, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A31, A28, A53 in both modes: made on the first run, kept current, an edit obeyed once and journaled."""
    hurry(monkeypatch, store)
    terminal.set(CLAIM_STORE=store)
    assert terminal.asks("claims", "board", "--once")["problem"] is None
    assert terminal.rows()[0][0] == "order_id"
    checks = terminal.asks("claims", "selftest")
    assert all(check["passed"] for check in checks)
    if store == "sheets":
        hurry(monkeypatch, "database")
        assert all(check["passed"] for check in terminal.asks("claims", "selftest", "--store", "database"))
    claimed = claim(terminal)
    assert terminal.asks("claims", "board", "--once")["written"] > 0
    assert [row[0] for row in terminal.rows()[1:] if row[0] == KEY] == [KEY]
    number = next(n for n, row in enumerate(terminal.rows(), 1) if row[0] == KEY)
    terminal.google.service.person(terminal.book, "kim@example.com").edit(LOCK, f"D{number}", "hold")
    seen = terminal.asks("claims", "board", "--once")
    assert seen["edits"] == [{"order_id": KEY, "status": "hold"}]
    assert seen["refused"] == []
    shown = terminal.asks("claims", "show", KEY)
    assert shown["state"] == "parked"
    assert shown["token"] == claimed
    assert shown["story"][-1]["who"] == "sheet:kim@example.com"
    assert terminal.asks("claims", "board", "--once")["edits"] == []


def claim(terminal: Terminal) -> int:
    """A lease on the order, as an agent takes it."""
    from onbam.bootstrap import Onbam
    from onbam.claims.asks import Grant
    from onbam.claims.model import Agent, Ref

    with Onbam(terminal.home, {}) as onbam:
        agent = Agent(onbam.machine_id, f"{onbam.machine_id}/agent/1", "PC-A", "192.168.1.100")
        grant = onbam.claims.claim_many(agent, [Ref("order", KEY)])[0]
        assert isinstance(grant, Grant)
        return grant.item.token


def test_the_status_names_mode_sheet_machine_and_quota(terminal: Terminal) -> None:
    """What a person asks first when something is odd."""
    data = terminal.asks("claims", "status")
    assert (data["connected"], data["mode"], data["store"]) == (True, "sheet mirrors", "database")
    assert data["sheet"] == f"https://docs.google.com/spreadsheets/d/{terminal.book}/edit"
    assert data["machine_id"] == terminal.asks("machines")["machine_id"]
    assert data["account"] == DEFAULT_ACCOUNT
    assert data["quota"]["of_reads"] == 60
    assert data["quota"]["reads"] < 60
    terminal.set(CLAIM_STORE="sheets")
    assert terminal.asks("claims", "status")["mode"] == "sheet decides"
    text = terminal.reads("claims", "status")
    assert "Lock manager: Connected" in text
    assert terminal.book in text


def test_the_status_says_what_disconnects(terminal: Terminal) -> None:
    """One obstacle with its fix, and exit code 1; JSON says the same."""
    terminal.set(CLAIM_STORE="sheets")
    terminal.google.service.unshare(terminal.book, DEFAULT_ACCOUNT)
    data = terminal.asks("claims", "status", code=1)
    assert (data["connected"], data["obstacle"]) == (False, "permission")
    assert DEFAULT_ACCOUNT in data["hint"]["ko"]
    assert "Disconnected" in terminal.reads("claims", "status", code=1)


@pytest.mark.parametrize("older", ["auto", "off"])
@pytest.mark.parametrize("store", ["database", "sheets"])
@pytest.mark.parametrize("accident", ["none", "no id", "no credentials", "wrong column"])
def test_the_status_and_the_check_up_say_the_same(terminal: Terminal, accident: str, store: str, older: str) -> None:
    """A46, A55: one word, one colour, whoever is asked."""
    terminal.set(CLAIM_STORE=store, ONBAM_CLAIMS_OLDER_PCS=older)
    terminal.asks("claims", "board", "--once")
    if accident == "no id":
        env = terminal.home / ".env"
        env.write_text(re.sub(r"GOOGLE_SHEET_ID=.*", "GOOGLE_SHEET_ID=", env.read_text()))
    elif accident == "no credentials":
        (terminal.home / "google_oauth_credentials.json").unlink()
    elif accident == "wrong column":
        terminal.google.service.person(terminal.book).edit(LOCK, "B1", "who")
    alone = store == "database" and (accident == "no id" or (accident == "no credentials" and older == "off"))
    well = accident == "none" or alone
    status = terminal.asks("claims", "status", code=0 if well else 1)
    doctor = terminal.checked("lock")
    assert status["state"] == doctor["state"]
    assert ("Disconnected" in doctor["text"]["en"]) is not status["connected"]
    assert status["problem"] is None or status["problem"]["en"] in doctor["text"]["en"]


def test_without_a_sheet_the_database_is_the_answer(terminal: Terminal) -> None:
    """No sheet is no trouble, and there is no board to run."""
    (terminal.home / ".env").write_text("")
    data = terminal.asks("claims", "status")
    assert (data["connected"], data["mode"], data["sheet"]) == (True, "database only", None)
    assert "GOOGLE_SHEET_ID" in terminal.asks("claims", "board", "--once", code=1)["error"]["hint"]
    terminal.set(ONBAM_CLAIMS_BOARD="off")
    assert "claims.board" in terminal.asks("claims", "board", "--once", code=1)["error"]["hint"]


def test_a_round_that_cannot_be_made_says_why(terminal: Terminal) -> None:
    """A wrong column is named with its letter, and nothing is written."""
    terminal.asks("claims", "board", "--once")
    terminal.google.service.person(terminal.book).edit(LOCK, "B1", "who")
    problem = terminal.asks("claims", "board", "--once", code=1)["problem"]
    assert "Column B" in problem["en"]
    assert "Column B" in terminal.reads("claims", "board", "--once", code=1)


def test_the_board_runs_until_it_is_stopped(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Round after round; Ctrl-C ends it cleanly."""
    waited: list[float] = []
    real, ours = SystemClock.wait, threading.current_thread()

    def wait(clock: SystemClock, seconds: float, stop: threading.Event | None = None) -> bool:
        if threading.current_thread() is not ours:
            return real(clock, seconds, stop)
        waited.append(seconds)
        if len(waited) == 3:
            raise KeyboardInterrupt
        return False

    monkeypatch.setattr("onbam.kernel.clock.SystemClock.wait", wait)
    assert "up to date" in terminal.reads("claims", "board")
    assert all(10 < seconds < 20 for seconds in waited)


def test_a_login_in_the_browser_connects_the_sheet(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way of a shop with an OAuth client: refused, logged in, connected."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    terminal.keep(terminal.google.client_secret())
    before = terminal.asks("claims", "status", code=1)
    assert (before["connected"], before["obstacle"]) == (False, "login")
    assert "onbam claims login" in before["hint"]["en"]
    terminal.google.service.share(terminal.book, "kim@example.com")
    browsers: list[threading.Thread] = []

    class Browser:
        """Opens what it is given."""

        def open(self, url: str, **_: object) -> bool:
            """As another program."""
            browsers.append(threading.Thread(target=lambda: urllib.request.urlopen(f"{url}&as=kim@example.com").read()))
            browsers[-1].start()
            return True

    monkeypatch.setattr("webbrowser.get", lambda _=None: Browser())
    data = terminal.asks("claims", "login")
    for browser in browsers:
        browser.join()
    assert (data["account"], data["problem"]) == ("kim@example.com", None)
    assert terminal.asks("claims", "status")["account"] == "kim@example.com"
    assert "1//" not in json.dumps(data)


def test_a_login_that_cannot_see_the_sheet_says_so_at_once(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is good and the wrong person logged in."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    terminal.keep(terminal.google.client_secret())
    visits: list[threading.Thread] = []

    def show(self: object, what: object) -> None:
        if isinstance(what, str) and what.startswith("http"):
            visits.append(threading.Thread(target=lambda: urllib.request.urlopen(f"{what}&as=stranger@example.com").read()))
            visits[-1].start()

    monkeypatch.setattr("onbam.cli.app.App.aside", show)
    data = terminal.asks("claims", "login", "--no-browser", code=1)
    for visit in visits:
        visit.join()
    assert "stranger@example.com" in data["problem"]["en"]
