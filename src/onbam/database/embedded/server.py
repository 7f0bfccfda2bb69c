"""Start, find and stop our own PostgreSQL.

For: the composition root (`ensure()` before opening the database), every long-lived process that uses it (through `Keeper`),
`onbam db stop`, the tests.
Promises: `ensure()` may be called by any process at any time: under one lock the first starts the server, the others find it;
the address stays the same over restarts; no process stops it on its way out, only `stop()` does, so the end of one process
takes nothing from the others; one that died comes back without anybody, one that was stopped stays stopped.
Refuses: TCP where sockets in files exist, `trust`, root.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from onbam.database import words as say
from onbam.database.embedded import alive, launch
from onbam.database.embedded import cluster as clusters
from onbam.database.embedded import place as places
from onbam.database.embedded.programs import Account, blocker, find_programs, pick_account, reachable_programs
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured, Transient
from onbam.kernel.filelock import turn
from onbam.kernel.files import write_whole
from onbam.kernel.words import Text

DATABASE: Final = "onbam"
MADE: Final = "made"
"""The file that says the first start came to its end."""
START_LIMIT_S: Final = 60.0
STOP_LIMIT_S: Final = 30.0
LOCK_LIMIT_S: Final = START_LIMIT_S + 30.0
LOOK_EVERY_S: Final = 0.005
KEEPER_LOOK_S: Final = 2.0
CONFIGURED: Final[Mapping[str, str | int]] = {
    "password_encryption": "scram-sha-256",
    "max_connections": 200,
    "fsync": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # One log file a weekday, written over a week later: the log never fills the disk.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": 0,
}


@dataclass(frozen=True, slots=True)
class EmbeddedStatus:
    """How the server is."""

    running: bool
    pid: int | None
    folder: Path
    account: str
    """Who runs it; empty when that is the user of Onbam itself."""


class EmbeddedPostgres:
    """One data folder and its server."""

    def __init__(
        self, room: Path, *, clock: Clock, environ: Mapping[str, str], account: str = "", programs: Path | None = None
    ) -> None:
        self.room = room.absolute()
        self.cluster = self.room / "cluster"
        self.log = self.room / "start.log"
        self._clock = clock
        self._environ = environ
        self._account_name = account
        self._programs_at = programs
        self._child: subprocess.Popen[bytes] | None = None

    def ensure(self) -> str:
        """The address of the running server, password included; started when it is not."""
        found = find_programs(self._programs_at)  # first: without them nothing else is worth mending
        account = pick_account(self._account_name)
        self._make_room(account)
        with turn(self.room / "lock", self._clock, LOCK_LIMIT_S):
            while not self._ready(fresh=False):  # it may die while we look
                programs = reachable_programs(found, self.room, account)
                clusters.make(self.room, programs, account, self._environ)
                launch.bury(self.cluster, self._clock)
                self._start(programs, account)
                if self._ready(fresh=True):
                    break
            if not self.made:
                self._make_database()
            return self.url()

    @property
    def made(self) -> bool:
        """Whether the first start came to its end."""
        return (self.room / MADE).exists()

    def running(self) -> int | None:
        """The number of the living server."""
        if self._child is not None:
            self._child.poll()  # a dead child of ours stays a zombie until it is asked
        process = alive.server(self.cluster)
        return process.pid if process else None

    def died(self) -> bool:
        """Whether it ended without being stopped: whoever stops takes the server's own note away."""
        return self.running() is None and alive.note(self.cluster) is not None

    def status(self) -> EmbeddedStatus:
        """How it is, without starting anything."""
        pid = self.running()
        return EmbeddedStatus(pid is not None, pid, self.cluster, pick_account(self._account_name).name)

    def url(self, database: str = DATABASE) -> str:
        """The address of one of its databases, password included."""
        place = places.kept(self.room)
        url = URL.create(
            "postgresql+psycopg",
            username=clusters.USER,
            password=clusters.read_password(self.room),
            database=database,
            query={"host": place.host, "port": str(place.port)},
        )
        return url.render_as_string(hide_password=False)

    def places(self) -> tuple[str, ...]:
        """Folders outside its own room: where its socket is, on systems that have one."""
        host = places.kept(self.room).host
        return (host,) if Path(host).is_absolute() else ()

    def stop(self, limit_s: float = STOP_LIMIT_S) -> bool:
        """End it: open transactions are rolled back, everything is written out; true when nothing runs any more."""
        if not self.room.is_dir():
            return True
        with turn(self.room / "lock", self._clock, LOCK_LIMIT_S):
            if self.running() is None:
                return True
            programs = find_programs(self._programs_at)
            if not launch.end(self.cluster, programs, self._environ, self._clock, limit_s):
                return False
            places.drop(self.room)
        if self._child is not None:
            self._child.wait()
        return True

    def _make_room(self, account: Account) -> None:
        """Our folder beside the other data; the account may pass it and sees nothing but its own."""
        try:
            self.room.mkdir(mode=0o711, exist_ok=True)
        except OSError as error:
            raise Misconfigured(say.NO_FOLDER(folder=self.room.parent), say.NO_FOLDER_HINT) from error
        if (folder := blocker(self.cluster, account)) is not None:
            raise Misconfigured(say.BLOCKED(account=account.name, folder=folder), say.BLOCKED_HINT)

    def _start(self, programs: Path, account: Account) -> None:
        place = places.choose(self.room, account, self._environ)
        clusters.configure(self.cluster, account, {**places.listening(place), **CONFIGURED})
        self._child = launch.launch(self.cluster, programs, account, self._environ, self.log)

    def _ready(self, *, fresh: bool) -> bool:
        """Wait until it answers; false when there is no server, an error when the one we have just started ended again."""
        deadline = self._clock.monotonic() + START_LIMIT_S
        while True:
            living = self.running() is not None
            if alive.ready(self.cluster):
                return True
            ended = self._child is not None and self._child.poll() is not None
            if fresh and ended:
                raise Misconfigured(
                    say.SERVER_PROGRAM(program="postgres", what=self._last_words()), say.SERVER_PROGRAM_HINT(log=self.log)
                )
            if not fresh and not living:
                return False
            if self._clock.monotonic() > deadline:
                raise Transient(say.SERVER_SLOW, say.SERVER_SLOW_HINT(log=self.log))
            self._clock.wait(LOOK_EVERY_S)

    def _last_words(self) -> str:
        """Why it did not start. It never knew the password: that is in no command and no configuration."""
        logs = sorted((self.cluster / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        for path in (*logs[-1:], self.log):
            with contextlib.suppress(OSError):
                lines = path.read_text("utf-8", "replace").splitlines()
                worst = [line for line in lines if re.search(r"\b(FATAL|PANIC)\b", line)]
                if worst:
                    return worst[-1][-clusters.SHOWN_MAX :]
        return "?"

    def _make_database(self) -> None:
        """Our database inside the server: the last act of the first start, repeated when that was interrupted."""
        import psycopg

        place = places.kept(self.room)
        with psycopg.connect(
            host=place.host,
            port=place.port,
            user=clusters.USER,
            password=clusters.read_password(self.room),
            dbname="postgres",
            autocommit=True,
        ) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute("CREATE DATABASE onbam TEMPLATE template0 ENCODING 'UTF8'")
        write_whole(self.room / MADE, DATABASE)


class Keeper:
    """Looks after the embedded server as a service of whoever uses it: starts it again when it has died."""

    name = "embedded-postgres"

    def __init__(self, server: EmbeddedPostgres, told: Callable[[Text], None]) -> None:
        """`told` is what the log says when it has died."""
        self._server = server
        self._told = told

    def start(self) -> None:
        """Whoever opened the database has started it."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- the look does not depend on the time
        """One look."""
        if self._server.died():
            self._told(say.SERVER_DIED)
            self._server.ensure()
        return KEEPER_LOOK_S

    def stop(self) -> None:
        """Others may use it."""
