"""Where our PostgreSQL listens: a socket in a private folder; on Windows, which has none, a loopback port.

For: `server.py`.
Promises: the same place after every restart where that is possible, so that the addresses other processes hold stay right; the
path is short enough for a socket and free of letters that would need quoting, wherever the data lies.
Refuses: somebody else's folder, even one of the right name.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from onbam.database import words as say
from onbam.database.embedded.programs import Account, blocker
from onbam.kernel.chance import secret_token
from onbam.kernel.errors import Damaged, Transient
from onbam.kernel.files import write_whole

FILE: Final = "place.json"
PORT: Final = 5432
"""Names the socket's file; nothing listens on the network."""
PREFIX: Final = "onbam-pg-"
PATH_MAX: Final = 80
"""A socket's path may have 107 bytes on Linux and 103 on macOS, `/.s.PGSQL.5432` included."""
LOOPBACK: Final = "127.0.0.1"
SHARED_TEMPORARY: Final = Path("/tmp")  # noqa: S108 -- a private folder is made inside it


@dataclass(frozen=True, slots=True)
class Place:
    """A socket's folder, or an address; and a port."""

    host: str
    port: int


def kept(room: Path) -> Place:
    """The place of the last start."""
    try:
        found = json.loads((room / FILE).read_text("utf-8"))
        return Place(str(found["host"]), int(found["port"]))
    except (OSError, ValueError, KeyError) as error:
        raise Damaged(say.NO_CLUSTER(folder=room / FILE), say.NO_CLUSTER_HINT) from error


def keep(room: Path, place: Place) -> Place:
    """Write it down for the others."""
    write_whole(room / FILE, json.dumps(asdict(place)), private=True)
    return place


if sys.platform == "win32":

    def choose(room: Path, account: Account, environ: Mapping[str, str]) -> Place:  # noqa: ARG001 -- as on the other systems
        """The same port as before when it is free, else any."""
        wanted = kept(room).port if (room / FILE).exists() else 0
        for port in (wanted, 0):
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.bind((LOOPBACK, port))
                return keep(room, Place(LOOPBACK, int(probe.getsockname()[1])))
        raise Transient(say.SERVER_SLOW, say.SERVER_SLOW_HINT(log=room))

    def listening(place: Place) -> dict[str, str | int]:
        """The server's settings for it."""
        return {"listen_addresses": place.host, "port": place.port, "unix_socket_directories": ""}

    def drop(room: Path) -> None:
        """A port is free again by itself."""

else:

    def choose(room: Path, account: Account, environ: Mapping[str, str]) -> Place:
        """The same folder as before, made again when a clean-up took it; a new one when another owns it now."""
        uid = account.uid if account.other else os.geteuid()
        before = Path(kept(room).host) if (room / FILE).exists() else None
        if before is not None and _private(before, uid):
            # Ours alone, and no server lives: a dead one's lock would be taken for a living one's as long as a zombie, or a
            # stranger of the same account, has its number.
            for leftover in before.iterdir():
                leftover.unlink()
            return Place(str(before), PORT)
        parent = _parent(environ, account)
        if before is not None and before.parent == parent and not os.path.lexists(before):
            folder = before
        else:
            folder = parent / f"{PREFIX}{re.sub(r'[^a-z0-9]', '', secret_token(12).lower())[:8]}"
        folder.mkdir(mode=0o700)
        account.own(folder)
        return keep(room, Place(str(folder), PORT))

    def listening(place: Place) -> dict[str, str | int]:
        """The server's settings for it."""
        return {
            "listen_addresses": "",
            "port": place.port,
            "unix_socket_directories": place.host,
            "unix_socket_permissions": "0700",
        }

    def drop(room: Path) -> None:
        """Take the folder away after a stop; the next start makes the same one again."""
        if (room / FILE).exists() and (folder := Path(kept(room).host)).name.startswith(PREFIX):
            shutil.rmtree(folder, ignore_errors=True)

    def _private(folder: Path, uid: int) -> bool:
        """A real folder of this user that nobody else may enter."""
        try:
            about = folder.lstat()
        except OSError:
            return False
        return stat.S_ISDIR(about.st_mode) and about.st_uid == uid and not about.st_mode & 0o077

    def _parent(environ: Mapping[str, str], account: Account) -> Path:
        """Where short-lived things of a user belong on this system, if the name is short and plain enough."""
        own = [] if account.other else [environ.get("XDG_RUNTIME_DIR", "")]
        for text in (*own, tempfile.gettempdir()):
            if not re.fullmatch(r"/[\w./-]+", text, re.ASCII) or len(text) + len(PREFIX) + 9 > PATH_MAX:
                continue
            folder = Path(text)
            if folder.is_dir() and os.access(folder, os.W_OK) and blocker(folder / PREFIX, account) is None:
                return folder
        return SHARED_TEMPORARY
