"""Logging in to Google once, in a browser; what is kept of it, and what can be told of it later."""

from __future__ import annotations

import json
import os
import stat
import threading
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import SheetsClient
from onbam.connectors.sheets.credentials import read_credentials, read_papers
from onbam.connectors.sheets.login import Consent, log_in
from onbam.connectors.sheets.transport import HttpTransport
from onbam.kernel.chance import Chance
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import CredentialsRejected, Misconfigured, Transient
from onbam_sims.sheets.simulator import SheetsSimulator

CLOCK = SystemClock()
KIM = "kim@example.com"


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[SheetsSimulator]:
    """Google on loopback, which the library accepts without TLS only when it is told so."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with SheetsSimulator() as simulator:
        yield simulator


class Desk:
    """A PC with a client file, and somebody who opens whatever address is shown."""

    def __init__(self, folder: Path, google: SheetsSimulator, who: str = KIM) -> None:
        self.client = folder / "google_oauth_credentials.json"
        self.client.write_text(json.dumps(google.client_secret()))
        self.token = folder / "google_token.json"
        self._google = google
        self._who = who
        self.shown: list[str] = []
        self._browsers: list[threading.Thread] = []

    def consent(self, limit_s: float = 20.0) -> Consent:
        """How this login goes about it."""
        return Consent(self.client, self.token, self._google.url, limit_s, open_browser=False)

    def browse(self, url: str) -> None:
        """Open it as a person would: in another program."""
        self.shown.append(url)
        self._browsers.append(threading.Thread(target=lambda: urllib.request.urlopen(f"{url}&as={self._who}").read()))
        self._browsers[-1].start()

    def leave(self) -> None:
        """Close the browser."""
        for browser in self._browsers:
            browser.join()


@pytest.fixture
def desk(tmp_path: Path, google: SheetsSimulator) -> Iterator[Desk]:
    """A PC where nobody has logged in yet."""
    made = Desk(tmp_path, google)
    yield made
    made.leave()


def test_a_consent_becomes_a_private_token_that_opens_the_sheet(desk: Desk, google: SheetsSimulator) -> None:
    """One click in the browser; the token is JSON for this user's eyes only, and works after a restart."""
    papers = log_in(desk.consent(), CLOCK, desk.browse)
    assert (papers.kind, papers.account, papers.refresh_until) == ("authorized_user", KIM, None)
    assert papers.granted_at is not None
    assert CLOCK.now() - papers.granted_at < timedelta(minutes=1)
    kept = json.loads(desk.token.read_text())
    assert kept["refresh_token"]
    assert "token" not in kept
    if os.name != "nt":
        assert stat.S_IMODE(desk.token.stat().st_mode) == 0o600
    book = google.service.create("shop")
    google.service.share(book, KIM)
    transport = HttpTransport(read_credentials(desk.client, desk.token), api_url=google.url, drive_url=google.url, timeout_s=5)
    sheet = SheetsClient(transport, book, CLOCK, Budget(CLOCK, Chance(1), reads=60, writes=60))
    assert [tab.title for tab in sheet.tabs()] == ["Sheet1"]
    assert transport.account == KIM
    transport.close()


def test_t17_an_app_in_testing_says_when_its_token_will_end(desk: Desk, google: SheetsSimulator) -> None:
    """T17: seven days from the consent, known from the first moment."""
    google.office.testing_mode = True
    papers = log_in(desk.consent(), CLOCK, desk.browse)
    assert papers.refresh_until is not None
    assert papers.granted_at is not None
    assert timedelta(days=6, hours=23) < papers.refresh_until - papers.granted_at <= timedelta(days=7)


def test_without_a_login_the_command_is_named_and_no_pickle_is_opened(desk: Desk) -> None:
    """An older program's token beside it is named; opening it would run code from inside it."""
    with pytest.raises(Misconfigured) as caught:
        read_papers(desk.client, desk.token)
    assert "onbam claims login" in caught.value.to("ko")
    trap = desk.token.with_name("google_token.pickle")
    trap.write_bytes(b"cos\nsystem\n(S'touch " + str(desk.token.with_name("opened")).encode() + b"'\ntR.")
    with pytest.raises(Misconfigured, match=r"google_token\.pickle"):
        read_credentials(trap)
    with pytest.raises(Misconfigured) as caught:
        read_credentials(desk.client, desk.token)
    assert "google_token.pickle" in caught.value.to("en")
    assert "onbam claims login" in caught.value.to("en")
    assert not desk.token.with_name("opened").exists()


def test_a_person_who_says_no_leaves_nothing_behind(desk: Desk, google: SheetsSimulator) -> None:
    """Denied: said in one sentence, and an older token stays as it was."""
    desk.token.write_text("{}")
    google.faults.set("consent_denied")
    with pytest.raises(CredentialsRejected, match="access_denied"):
        log_in(desk.consent(), CLOCK, desk.browse)
    assert desk.token.read_text() == "{}"


def test_a_refused_exchange_is_told(desk: Desk, google: SheetsSimulator) -> None:
    """Google takes the code back."""
    google.faults.set("invalid_grant", description="Malformed auth code.")
    with pytest.raises(CredentialsRejected, match="invalid_grant"):
        log_in(desk.consent(), CLOCK, desk.browse)


def test_nobody_at_the_browser_ends_the_login_in_time(desk: Desk) -> None:
    """The loopback port does not stay open for ever."""
    with pytest.raises(Transient, match="consented"):
        log_in(desk.consent(limit_s=0.2), CLOCK, desk.shown.append)
    assert desk.shown[0].startswith("http://127.0.0.1")


def test_a_service_account_needs_no_login(desk: Desk, google: SheetsSimulator) -> None:
    """Said with the address the sheet has to be shared with."""
    desk.client.write_text(json.dumps(google.service_account()))
    with pytest.raises(Misconfigured, match="service_account") as caught:
        log_in(desk.consent(), CLOCK, desk.browse)
    assert "iam.gserviceaccount.com" in caught.value.to("en")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"type": "service_account"}', '{"refresh_token": 7}'])
def test_a_broken_file_is_named_without_its_secrets(desk: Desk, text: str) -> None:
    """Half-copied, empty, something else: the file's name and no line of it."""
    desk.client.write_text(text)
    with pytest.raises(Misconfigured, match="google_oauth_credentials"):
        read_credentials(desk.client, desk.token)
