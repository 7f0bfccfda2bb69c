"""A person's consent to the sheet, once: the installed-app flow of Google's own library, in a browser of this PC.

For: `onbam claims login`, where a shop has an OAuth client instead of a service account.
Promises: the answer comes back to a loopback port that is open for this one login; the token is kept as JSON that only this
user may read, with when it was given and when Google will end it; it is asked at once who logged in.
Refuses: to wait for ever; to print or log a token.
"""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import google.auth.exceptions
from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError  # type: ignore[import-untyped]
from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]  # what the flow raises for all that Google refuses

from onbam.connectors.sheets import words as say
from onbam.connectors.sheets.credentials import OURS, SCOPES, Papers, read_client, read_papers
from onbam.kernel.clock import Clock
from onbam.kernel.errors import CredentialsRejected, Misconfigured, Transient
from onbam.kernel.files import write_whole
from onbam.kernel.wire_words import in_words

LOOPBACK: Final = "127.0.0.1"
EXCHANGE_LIMIT_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Consent:
    """How the login goes about it."""

    client_file: Path
    token_file: Path
    drive_url: str
    limit_s: float
    open_browser: bool = True


def log_in(how: Consent, clock: Clock, show: Callable[[str], None]) -> Papers:
    """Ask for consent and keep the token; `show` is told the address to open."""
    flow = _Flow.from_client_config(read_client(how.client_file), scopes=SCOPES)
    flow.show = show
    try:
        flow.run_local_server(
            host=LOOPBACK,
            port=0,
            authorization_prompt_message=None,
            success_message=f"{say.LOGIN_DONE.ko} {say.LOGIN_DONE.en}",
            open_browser=how.open_browser,
            timeout_seconds=how.limit_s,
            prompt="consent",  # else a second login brings no token that lasts
        )
    except WSGITimeoutError:
        raise Transient(say.LOGIN_LATE(limit=how.limit_s), say.LOGIN_LATE_HINT) from None
    except webbrowser.Error:
        raise Misconfigured(say.NO_BROWSER, say.NO_BROWSER_HINT) from None
    except (OAuth2Error, Warning, ValueError) as error:  # a warning: not every right was ticked
        raise CredentialsRejected(say.LOGIN_REFUSED(what=_short(error)), say.LOGIN_REFUSED_HINT) from None
    except OSError as error:
        what = type(error).__name__
        raise Transient(say.UNREACHABLE(what=in_words(what)), say.UNREACHABLE_HINT, code=what) from None
    _keep(flow, how, clock.now())
    return read_papers(how.client_file, how.token_file)


class _Flow(InstalledAppFlow):  # type: ignore[misc]
    """The library's flow, telling its address to us and not to standard output, with a limit on the exchange."""

    show: Callable[[str], None]

    def authorization_url(self, **kwargs: Any) -> tuple[str, str]:
        url, state = super().authorization_url(**kwargs)
        self.show(str(url))
        return url, state

    def fetch_token(self, **kwargs: Any) -> Any:
        return super().fetch_token(timeout=EXCHANGE_LIMIT_S, **kwargs)


def _keep(flow: InstalledAppFlow, how: Consent, now: datetime) -> None:
    """The token as JSON, private, in one move; the short-lived part is not kept."""
    kept = json.loads(flow.credentials.to_json(strip=["token", "expiry"]))
    lives_s = flow.oauth2session.token.get("refresh_token_expires_in")
    until = now + timedelta(seconds=int(lives_s)) if lives_s else None
    kept[OURS] = {
        "granted_at": now.isoformat(),
        "refresh_until": until.isoformat() if until else None,
        "account": _account(flow, how.drive_url),
    }
    how.token_file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(how.token_file, json.dumps(kept, indent=2) + "\n", private=True)


def _account(flow: InstalledAppFlow, drive_url: str) -> str:
    """Who logged in; empty when Google would not say: the token is good all the same."""
    try:
        answer = flow.authorized_session().get(
            f"{drive_url.rstrip('/')}/drive/v3/about", params={"fields": "user(emailAddress)"}, timeout=EXCHANGE_LIMIT_S
        )
        return str(answer.json()["user"]["emailAddress"])
    except (OSError, ValueError, KeyError, TypeError, google.auth.exceptions.GoogleAuthError):
        return ""


def _short(error: Exception) -> str:
    """Google's short word, without the rest of its answer."""
    return str(getattr(error, "error", "") or type(error).__name__)[:60]
