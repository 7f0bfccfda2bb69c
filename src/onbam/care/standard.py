"""The check-up every shop gets: this PC, its files, its clock, its database, the dashboard's port.

For: `Onbam.checks`; other rooms put theirs beside these.
Promises: each check stands alone, so that one that hangs or fails leaves the others' findings as they are.
Refuses: to create or start anything: a database file that is not there yet is fine and stays absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onbam.care import words as say
from onbam.care.checks import boot, files, lock, machine, ports, robots
from onbam.care.checks import clock as clocks
from onbam.care.checks.lock import LockParts
from onbam.care.settings import CareSettings
from onbam.kernel.checks import Check, Finding, ok
from onbam.kernel.clock import Clock
from onbam.kernel.errors import OnbamError
from onbam.kernel.words import Said
from onbam.vault.shelf import Vault

if TYPE_CHECKING:  # a check-up of a broken installation must not need the database's libraries to start
    from onbam.database.engine import Database
    from onbam.guard.boot.systems import System
    from onbam.notices.model import Notice


@dataclass(frozen=True, slots=True)
class Parts:
    """What the checks look at."""

    home: Path
    data: Path
    logs: Path
    settings: CareSettings
    count: int
    """How many settings were read."""
    zone: str
    clock: Clock
    vault: Vault
    secret_files: tuple[Path, ...]
    port: int
    has_server: bool
    """Whether the database is a server, with a clock of its own."""
    resting: Callable[[], Said | None]
    """Why there is no database to open right now, when there is none."""
    database: Callable[[], Database]
    """Opens it as it is; whoever asks closes it."""
    backups: Path
    lock: Callable[[], LockParts]
    robots: Sequence[str]
    """Onbam's programs that run here."""
    lacking: Callable[[], OnbamError | None]
    """What they cannot work without and is not set."""
    refused: Callable[[], Iterable[Notice]]
    """Open notices of sites that refuse our log-in."""
    boot: Sequence[Callable[[], System]]
    """The ways this installation may be registered with the operating system, the likelier one first."""


def standard(parts: Parts) -> dict[str, Check]:
    """Every check, by name, in the order people read them."""
    chosen = parts.settings
    return {
        "settings": lambda: [ok("settings", say.SETTINGS_OK, count=parts.count, home=parts.home)],
        "python": machine.python,
        "sqlite": machine.sqlite,
        "disk": lambda: machine.disk(parts.data, chosen.disk_free_mb),
        "zone": lambda: machine.zone(parts.zone, parts.clock.now()),
        "database": lambda: _database(parts),
        "robots": lambda: robots.robots(parts.robots, parts.lacking, parts.refused),
        "lock": lambda: lock.lock(parts.lock(), parts.clock.now()),
        "clock": lambda: _clock(parts),
        "folder": lambda: files.writable((parts.data, parts.logs)),
        "rights": lambda: files.secrets(parts.secret_files),
        "vault": lambda: _vault(parts.vault),
        "port": lambda: ports.port_check(parts.port),
        "boot": lambda: boot.starts_at_boot(parts.boot),
        "leftovers": lambda: files.leftovers((parts.home, parts.data), parts.clock.now().timestamp()),
    }


def without_settings(error: OnbamError) -> Mapping[str, Check]:
    """What can be looked at when the settings cannot be read."""

    def fail() -> Iterable[Finding]:
        raise error

    return {"settings": fail, "python": machine.python, "sqlite": machine.sqlite}


def _database(parts: Parts) -> Iterator[Finding]:
    """The room's own checks, unless there is nothing to look at yet."""
    why = parts.resting()
    if why is not None:
        yield Finding("database", "ok", why)
        return
    from onbam.database.checks import checks

    for look in checks(parts.database, parts.backups, parts.clock):
        yield from look()


def _clock(parts: Parts) -> Iterator[Finding]:
    """By the server's clock when there is a server, by the web's when one is named."""
    web = clocks.http_time(parts.settings.clock_url) if parts.settings.clock_url else None
    limit = parts.settings.clock_limit_s
    if not parts.has_server or parts.resting() is not None:
        yield from clocks.clock_check(parts.clock, limit, web=web)
        return
    with closing(parts.database()) as database, database.read() as connection:
        database.clock_ms(connection)  # the first question pays for the connection
        yield from clocks.clock_check(parts.clock, limit, database=lambda: database.clock_ms(connection) / 1000, web=web)


def _vault(vault: Vault) -> Iterator[Finding]:
    """Every secret opens, and none waits under an earlier key."""
    kept = vault.kept()
    in_file = [entry for entry in kept if entry.where == "file"]
    for entry in in_file:
        vault.get(entry.name)
    yield from files.vault_keys(vault.cipher.current if in_file else None, [entry.key for entry in kept])
