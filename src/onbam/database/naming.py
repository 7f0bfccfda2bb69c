"""What of a server's address people may read.

For: `engine.py`, for its errors and for whatever shows where the state is.
Promises: the host, the port and the database are named as the shop wrote them, the driver's name is not; never a password or a
part of one, also where it holds letters that should have been escaped.
Refuses: to guess. A second `@` somewhere means that nobody can tell where the password ends: then nothing is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import URL

HIDDEN: Final = "***"
NOTHING: Final = "…"
"""Stands for an address of which nothing can be told."""
_WORD: Final = r"[\w.-]+"
_HOST: Final = re.compile(rf"{_WORD}|\[[0-9A-Fa-f:.]+\]")
_AFTER: Final = re.compile(rf"(?P<host>{_HOST.pattern})?(?::(?P<port>\d+))?/(?P<database>{_WORD})")
_SOCKET: Final = re.compile(r"[\w./-]+")


@dataclass(frozen=True, slots=True)
class Name:
    """What may be read of one address."""

    place: str = ""
    """`host:port/database`; empty when that cannot be told for sure."""
    shown: str = NOTHING
    """The address, its password hidden."""


def name_of(written: str, parsed: URL, kind: str, port: int) -> Name:
    """`written` is the address as it came, `parsed` what the driver will go by; they have to say the same."""
    unknown = Name(shown=f"{kind}://{NOTHING}")
    before, at, after = written.partition("://")[2].partition("@")
    if not at:  # nobody logs in by name; or somebody forgot the server, and what looks like its port is a password
        before, after = "", before
    if "@" in after or (not at and ":" in after):
        return unknown
    found = _AFTER.fullmatch(after.partition("?")[0])
    if found is None or found["database"] != parsed.database or (found["host"] or "").strip("[]") != (parsed.host or ""):
        return unknown
    who = _who(before) if at else ""
    host, chosen, database = found.groups()
    if host is None:
        return _by_socket(parsed, kind, who, port) or unknown
    return Name(f"{host}:{chosen or port}/{database}", f"{kind}://{who}{host}{f':{chosen}' if chosen else ''}/{database}")


def _who(before: str) -> str:
    """The user, with a sign where a password is."""
    user, colon, _ = before.partition(":")
    return f"{user if re.fullmatch(_WORD, user) else NOTHING}{f':{HIDDEN}' if colon else ''}@"


def _by_socket(parsed: URL, kind: str, who: str, port: int) -> Name | None:
    """Where the server is named behind the database, as our own one is by the folder of its socket."""
    host, chosen = parsed.query.get("host", ""), parsed.query.get("port", str(port))
    if not isinstance(host, str) or not isinstance(chosen, str) or not _SOCKET.fullmatch(host) or not chosen.isdigit():
        return None
    return Name(f"{host}:{chosen}/{parsed.database}", f"{kind}://{who}/{parsed.database}?host={host}&port={chosen}")
