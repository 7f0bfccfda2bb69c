"""The files that say who we are to Google.

For: the transport, the doctor, the login.
Promises: a service account's key, an authorised user's token, or an installed app's client file with the token of its login
beside it; what each one is can be told without asking Google; secrets stay in the files.
Refuses: to unpickle anything: an older program's token is named, and a new login asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import google.auth.exceptions
import google.oauth2.credentials
import google.oauth2.service_account

from onbam.connectors.sheets import words as say
from onbam.kernel.errors import Misconfigured

SCOPES: Final = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly")
GOOGLE_TOKEN_URI: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 -- an address
PICKLES: Final = ("google_token.pickle", "token.pickle")
"""Where older programs kept theirs."""
OURS: Final = "onbam"
"""What we know of a token beside what Google's library keeps in it."""
Kind = Literal["service_account", "authorized_user", "client_secret"]


@dataclass(frozen=True, slots=True)
class Papers:
    """What the files say of us."""

    kind: Kind
    file: Path
    """The file the secrets come from."""
    account: str = ""
    """An address, when the file knows it."""
    granted_at: datetime | None = None
    """When a person consented, as far as known."""
    refresh_until: datetime | None = None
    """When Google ends it: told only for an app that is still in testing."""
    pickle: Path | None = None
    """An older program's token lies beside it."""


def read_papers(path: Path, token: Path | None = None) -> Papers:
    """What we have; raises `Misconfigured` where nothing can be asked of Google with it."""
    info = _read(path)
    if info.get("type") == "service_account":
        return Papers("service_account", path, str(info.get("client_email", "")), pickle=_pickle(path))
    if _client_of(info) is None:
        return _of_token(path, info)
    if token is None or not token.is_file():
        raise _no_token(path, token)
    return _of_token(token, _read(token))


def read_client(path: Path) -> Mapping[str, Any]:
    """An installed app's client file, for the login; raises when it is something else."""
    info = _read(path)
    if _client_of(info) is None:
        kind = str(info.get("type") or "?")
        account = str(info.get("client_email") or "?")
        raise Misconfigured(say.NOT_A_CLIENT(file=path.name, kind=kind), say.NOT_A_CLIENT_HINT(account=account))
    return info


def read_credentials(path: Path, token: Path | None = None) -> Any:
    """Credentials of Google's library from these files."""
    papers = read_papers(path, token)
    info = _read(papers.file)
    try:
        if papers.kind == "service_account":
            return google.oauth2.service_account.Credentials.from_service_account_info(info, scopes=SCOPES)
        # Not `from_authorized_user_info`: it asks Google whatever address the file names, and a simulator is never found.
        return google.oauth2.credentials.Credentials(
            None,
            refresh_token=_word(info, "refresh_token"),
            client_id=_word(info, "client_id"),
            client_secret=_word(info, "client_secret"),
            token_uri=str(info.get("token_uri") or GOOGLE_TOKEN_URI),
            scopes=SCOPES,
            account=papers.account,
        )
    except (ValueError, KeyError, AttributeError, google.auth.exceptions.GoogleAuthError) as error:
        raise _unreadable(papers.file, error) from None


def _word(info: Mapping[str, Any], name: str) -> str:
    found = info[name]
    if not isinstance(found, str) or not found:
        raise ValueError(name)
    return found


def _of_token(file: Path, info: Mapping[str, Any]) -> Papers:
    known = info.get(OURS)
    ours = known if isinstance(known, dict) else {}
    account = str(ours.get("account") or info.get("account") or "")
    return Papers("authorized_user", file, account, _time(ours, "granted_at"), _time(ours, "refresh_until"), _pickle(file))


def _time(ours: Mapping[str, Any], name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(str(ours[name]))
    except (KeyError, ValueError):
        return None


def _client_of(info: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = info.get("installed") or info.get("web")
    return found if isinstance(found, dict) else None


def _read(path: Path) -> Mapping[str, Any]:
    if path.suffix == ".pickle":
        raise Misconfigured(say.PICKLE(file=path.name), say.PICKLE_HINT)
    if not path.is_file():
        raise Misconfigured(say.NO_CREDENTIALS(file=path), say.NO_CREDENTIALS_HINT)
    try:
        info = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if not isinstance(info, dict):
        raise _unreadable(path, TypeError())
    return info


def _unreadable(path: Path, error: Exception) -> Misconfigured:
    """No part of the file is repeated: it is a secret."""
    return Misconfigured(say.BAD_CREDENTIALS(file=path, what=type(error).__name__), say.NO_CREDENTIALS_HINT)


def _no_token(path: Path, token: Path | None) -> Misconfigured:
    pickle = _pickle(token or path)
    hint = say.NO_TOKEN_HINT() if pickle is None else say.NO_TOKEN_PICKLE_HINT(file=pickle.name)
    return Misconfigured(say.NO_TOKEN(file=token.name if token else path.name), hint)


def _pickle(beside: Path) -> Path | None:
    """An older program's token in the same folder."""
    return next((found for name in PICKLES if (found := beside.with_name(name)).is_file()), None)
