"""Looks at the shop's files: may we write, may others read what is secret, what did an interruption leave behind.

For: the doctor.
Promises: every secret file of the documents is looked at, wherever the settings put it.
Refuses: to delete or to change rights: the fix is a line a person can read and paste.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from onbam.care import words as say
from onbam.kernel.checks import Finding, bad, ok, warn
from onbam.kernel.files import LEFTOVER_SUFFIX, open_to_others

SECRET_FILES: Final = (
    ".env",
    ".env.local",
    ".env.bak",
    "onbam.toml",
    "secrets.enc",
    "vault.keys",
    "google_oauth_credentials.json",
    "google_token.pickle",
    "google_token.json",
    "ecount_session.json",
    "v8_history.json",
    "v10_history.json",
)
"""What is never shared (and, but for the vault's own two, what older scripts left beside it)."""
OLD_ENOUGH_S: Final = 3600.0
"""A younger leftover may belong to a write that is under way."""


def writable(folders: Iterable[Path]) -> Iterator[Finding]:
    """The folders we write to: there, or to be made in one that is."""
    for folder in folders:
        place = next(place for place in (folder, *folder.parents) if place.exists())
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            yield bad("folder", say.FOLDER_CLOSED, say.FOLDER_FIX, folder=folder)
        else:
            yield ok("folder", say.FOLDER_OK, folder=folder)


def secrets(files: Iterable[Path]) -> Iterator[Finding]:
    """Nobody else on this PC may read them."""
    looked = 0
    for path in dict.fromkeys(files):
        if not path.is_file():
            continue
        looked += 1
        try:
            open_wide = open_to_others(path)
        except OSError as error:
            yield warn("rights", say.RIGHTS_UNKNOWN, say.RIGHTS_UNKNOWN_FIX, file=path, what=type(error).__name__)
            continue
        if open_wide:
            yield bad("rights", say.RIGHTS_OPEN, say.RIGHTS_FIX, file=path, command=closing(path))
    if looked:
        yield ok("rights", say.RIGHTS_LOOKED, count=looked)


if sys.platform == "win32":

    def closing(path: Path) -> str:
        """The command that makes a file private."""
        return f'icacls "{path}" /inheritance:r /grant:r "%USERNAME%:F" "*S-1-5-18:F"'

else:

    def closing(path: Path) -> str:
        """The command that makes a file private."""
        return f"chmod 600 {shlex.quote(str(path))}"


def leftovers(folders: Iterable[Path], now_s: float) -> Iterator[Finding]:
    """What an interrupted write left."""
    found: list[Path] = []
    for folder in folders:
        for path in folder.glob(f".*{LEFTOVER_SUFFIX}"):
            with contextlib.suppress(OSError):
                if now_s - path.stat().st_mtime > OLD_ENOUGH_S:
                    found.append(path)
    if found:
        names = ", ".join(str(path) for path in sorted(found)[:5])
        yield warn("leftovers", say.LEFTOVERS, say.LEFTOVERS_FIX, count=len(found), names=names)
    else:
        yield ok("leftovers", say.NO_LEFTOVERS)


def vault_keys(current: str | None, used: Iterable[str | None]) -> Iterator[Finding]:
    """Every secret under the present key, or a change of key was not finished."""
    late = [key for key in used if key is not None and key != current]
    if late:
        yield warn("vault", say.VAULT_UNFINISHED, say.VAULT_FIX, count=len(late))
    else:
        yield ok("vault", say.VAULT_OK)
