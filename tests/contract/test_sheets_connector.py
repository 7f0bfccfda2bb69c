"""The Google Sheets connector: the fake and the client over real HTTP keep one contract; trouble comes out in our classes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import SheetsClient
from onbam.connectors.sheets.contract import AddTab, Append, DropRows, DropTab, Put, Spare, Spreadsheet, Tab
from onbam.connectors.sheets.credentials import read_credentials
from onbam.connectors.sheets.fake import FakeSpreadsheet
from onbam.connectors.sheets.transport import HttpTransport
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import CredentialsRejected, Misconfigured, OutcomeUnknown, Refused, Transient
from onbam_sims.sheets import UNLIMITED
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator

LOG = Tab(77, "log", 100, 6)


class Google(SheetsSimulator):
    """Google, on loopback, and the clients that were opened on it."""

    def __init__(self) -> None:
        super().__init__(limits=UNLIMITED)
        self.book = self.service.create("shop")
        self.opened: list[HttpTransport] = []

    def client(self, folder: Path, *, shared: bool = True) -> SheetsClient:
        """A client that logs in with a service account's key file."""
        if shared:
            self.service.share(self.book, DEFAULT_ACCOUNT)
        key = folder / "key.json"
        key.write_text(json.dumps(self.service_account()))
        self.opened.append(HttpTransport(read_credentials(key), api_url=self.url, drive_url=self.url, timeout_s=5))
        clock = SystemClock()
        return SheetsClient(self.opened[-1], self.book, clock, Budget(clock, Chance(1), reads=10_000, writes=10_000))


@pytest.fixture
def google() -> Iterator[Google]:
    """Google, on loopback."""
    simulator = Google()
    with simulator:
        yield simulator
        for transport in simulator.opened:
            transport.close()


@pytest.fixture(params=["fake", "client"])
def sheet(request: pytest.FixtureRequest, google: Google, tmp_path: Path) -> Spreadsheet:
    """An empty spreadsheet, in memory and over the wire."""
    return FakeSpreadsheet(FakeClock()) if request.param == "fake" else google.client(tmp_path)


def test_rows_come_back_as_they_were_written(sheet: Spreadsheet) -> None:
    """Text stays text: leading zeros, formulas and Korean survive; rows are ragged and short at the end."""
    sheet.write([AddTab(LOG, [["order_id", "note"]])])
    sheet.write([Append(LOG, [["0601050229", "=1+1", "발주서"], ["+82", ""]])])
    assert sheet.read([("log", 1)], 6) == [[["0601050229", "=1+1", "발주서"], ["+82"]]]


def test_one_call_is_all_or_nothing(sheet: Spreadsheet) -> None:
    """One impossible part, and nothing of the call is done."""
    sheet.write([AddTab(LOG, [["a"]])])
    with pytest.raises(Refused):
        sheet.write([Append(LOG, [["b"]]), AddTab(LOG)])
    assert sheet.read([("log", 0)], 3) == [[["a"]]]


def test_rows_are_put_dropped_and_read_from_several_tabs(sheet: Spreadsheet) -> None:
    """The verbs do what they say, together."""
    other = Tab(78, "it's other", 10, 3)
    sheet.write([AddTab(LOG, [["h"], ["1"], ["2"], ["3"]]), AddTab(other, [["x"]])])
    sheet.write([Put(LOG, 2, ["two"]), DropRows(LOG, [1]), Append(other, [["y"]])])
    assert sheet.read([("log", 0), ("it's other", 1)], 3) == [[["h"], ["two"], ["3"]], [["y"]]]
    sheet.write([DropTab(other)])
    assert "it's other" not in [tab.title for tab in sheet.tabs()]
    with pytest.raises(Refused):
        sheet.read([("it's other", 0)], 3)


def test_a_lost_answer_to_a_write_is_unknown_and_not_sent_again(google: Google, tmp_path: Path) -> None:
    """The row stands once, and the caller is told that nobody knows."""
    sheet = google.client(tmp_path)
    sheet.write([AddTab(LOG)])
    google.set_fault("reply_lost", count=1)
    with pytest.raises(OutcomeUnknown):
        sheet.write([Append(LOG, [["once"]])])
    assert sheet.read([("log", 0)], 1) == [[["once"]]]


def test_a_lost_answer_to_a_read_is_asked_again(google: Google, tmp_path: Path) -> None:
    """A read is harmless to repeat."""
    sheet = google.client(tmp_path)
    google.set_fault("reply_lost", count=2, on="reads")
    assert [tab.title for tab in sheet.tabs()] == ["Sheet1"]


def test_a_used_up_quota_says_how_long_to_wait(google: Google, tmp_path: Path) -> None:
    """429 becomes a wait that grows with each refusal."""
    sheet = google.client(tmp_path)
    google.set_fault("rate_limited", count=1)
    with pytest.raises(Transient) as caught:
        sheet.tabs()
    assert caught.value.retry_after_s is not None
    assert 1 <= caught.value.retry_after_s <= 2


def test_our_own_budget_keeps_this_pcs_share() -> None:
    """The share of a minute is never exceeded, and comes back with time."""
    clock = FakeClock()
    budget = Budget(clock, Chance(1), reads=3, writes=1)
    assert [budget.take("read") for _ in range(3)] == [0, 0, 0]
    assert budget.take("read") == 60
    assert budget.take("write") == 0
    assert budget.spare() == Spare(reads=0, writes=0, of_reads=3, of_writes=1)
    clock.advance(60)
    assert budget.take("read") == 0


def test_many_threads_share_the_budget_and_never_exceed_it() -> None:
    """The board and the claims ask at the same moment: together they get the share, not each."""
    budget = Budget(FakeClock(), Chance(1), reads=500, writes=1)
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: budget.take("read"), range(1000)))
    assert sum(wait == 0 for wait in waits) == 500


def test_who_changed_the_file_last_is_asked_of_drive(google: Google, tmp_path: Path) -> None:
    """A person's address and the moment; nobody when it was this account itself."""
    sheet = google.client(tmp_path)
    sheet.write([AddTab(LOG)])
    ours = sheet.last_change()
    assert ours is not None
    assert ours.who == ""
    google.service.person(google.book, "kim@example.com").edit(LOG.title, "A1", "x")
    theirs = sheet.last_change()
    assert theirs is not None
    assert theirs.who == "kim@example.com"
    assert abs(theirs.at_ms - sheet.now_ms()) < 5_000


def test_some_rows_are_read_and_no_more(sheet: Spreadsheet) -> None:
    """A look at three rows of a long sheet does not carry the sheet."""
    sheet.write([AddTab(LOG, [(f"{n}",) for n in range(10)])])
    assert sheet.read([(LOG.title, 2, 3), (LOG.title, 9, 1), (LOG.title, 8)], 3) == [
        [["2"], ["3"], ["4"]],
        [["9"]],
        [["8"], ["9"]],
    ]


def test_an_expired_token_is_renewed_once_without_telling_anybody(google: Google, tmp_path: Path) -> None:
    """A 401 is Google's way to say: log in again; nothing was done before."""
    sheet = google.client(tmp_path)
    sheet.write([AddTab(LOG)])
    google.office.expire_tokens()
    sheet.write([Append(LOG, [["x"]])])
    assert sheet.read([("log", 0)], 1) == [[["x"]]]


def test_t17_a_dead_token_names_the_testing_mode(google: Google, tmp_path: Path) -> None:
    """T17: a refresh token of an app in 'Testing' dies after 7 days: stop, and say why."""
    sheet = google.client(tmp_path)
    sheet.tabs()
    google.office.expire_tokens()
    google.set_fault("invalid_grant")
    with pytest.raises(CredentialsRejected, match="invalid_grant") as caught:
        sheet.tabs()
    assert "Testing" in caught.value.to("en")
    assert "7일" in caught.value.to("ko")


def test_a_sheet_nobody_shared_names_the_account_to_share_it_with(google: Google, tmp_path: Path) -> None:
    """The fix is one click in the sheet, with the address to type."""
    sheet = google.client(tmp_path, shared=False)
    with pytest.raises(CredentialsRejected) as caught:
        sheet.tabs()
    assert DEFAULT_ACCOUNT in caught.value.to("en")


def test_google_that_is_not_there_is_transient(tmp_path: Path, google: Google) -> None:
    """No connection: nothing was sent, later is fine."""
    sheet = google.client(tmp_path)
    sheet.tabs()
    google.stop()
    with pytest.raises(Transient):
        sheet.write([Append(LOG, [["x"]])])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("google_token.pickle", b"\x80\x04", "would run code"),
        ("missing.json", None, "does not exist"),
        ("broken.json", b"{", "cannot be read"),
        ("other.json", b'{"installed": {}}', "cannot be read"),
    ],
)
def test_credentials_that_cannot_be_used_say_what_to_do(tmp_path: Path, name: str, content: bytes | None, told: str) -> None:
    """Also the old program's pickle, which is never opened."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Misconfigured, match=told):
        read_credentials(path)


def test_a_sheet_open_to_everybody_is_noticed(google: Google, tmp_path: Path) -> None:
    """A65: the doctor warns when everyone with the link may read it."""
    sheet = google.client(tmp_path)
    assert sheet.open_to_anyone() in (False, None)
    google.service.share(google.book, "anyone", "reader")
    assert sheet.open_to_anyone() is True


def test_the_clock_is_googles(google: Google, tmp_path: Path) -> None:
    """Two PCs with different wall clocks have one idea of the time, never ahead of Google's own."""
    sheet, clock = google.client(tmp_path), SystemClock()
    before_ms = clock.now().timestamp() * 1000
    sheet.tabs()
    seen_ms = sheet.now_ms()
    # The answer's date is whole seconds and was written between these two moments, however long the machine took.
    assert before_ms - 1_000 <= seen_ms <= clock.now().timestamp() * 1000
