"""What works here, stopped and started around an update, and the shop's data beside it.

For: `onbam update`.
Promises: the guard is asked to end as a person would ask (what is held is finished or handed back); it is started the way
this PC starts it, by systemd where it is registered there, by the program that is installed now; "well" means that every
program works and goes on doing so for a while.
Refuses: to end anything by force.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from onbam.care import update_words as say
from onbam.database.backup import backup
from onbam.database.engine import Database
from onbam.guard import calling
from onbam.guard.boot.systems import System
from onbam.guard.calling import Caller
from onbam.guard.lock import is_held
from onbam.kernel.errors import OnbamError, Refused, Transient

WHO: Final = "system:update"
DRAIN_LIMIT_S: Final = 300.0
LOOK_EVERY_S: Final = 2.0
LABEL: Final = "update"

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


class GuardedRobots:
    """The guard and its programs."""

    def __init__(self, caller: Caller, system: Callable[[], System], run: Run, *, watch_s: float) -> None:
        """`watch_s`: how long the programs of the new version are looked at."""
        self._caller, self._system, self._run, self._watch_s = caller, system, run, watch_s

    def working(self) -> bool:
        """Whether a guard runs now."""
        return is_held(self._caller.run, self._caller.system)

    def drain(self) -> None:
        """Ask, and wait for the end."""
        try:
            calling.ask(self._caller, "down", who=WHO, reason="update")
        except Transient:
            if not self.working():
                return
            raise
        if not calling.gone(self._caller, DRAIN_LIMIT_S):
            raise Refused(say.NOT_DRAINED(limit=DRAIN_LIMIT_S))

    def start(self) -> None:
        """As the PC itself starts it; then a person's "up", which takes the "down" back."""
        unit = self._unit()
        if unit is not None:
            self._insist([*unit])
        self._insist([*self._onbam(), "up", "--json"])

    def well(self) -> None:
        """Every program works, and none was started again meanwhile."""
        clock = self._caller.clock
        deadline_s = clock.monotonic() + self._watch_s
        first = self._restarts()
        while clock.monotonic() < deadline_s:
            clock.wait(LOOK_EVERY_S)
            now = self._restarts()
            again = [name for name, count in now.items() if count > first.get(name, count)]
            if again:
                raise Refused(say.NOT_WELL(what=f"{', '.join(again)} ended and was started again"))

    def _restarts(self) -> dict[str, int]:
        done = self._run([*self._onbam(), "ps", "--json"])
        told = _json(done.stdout)
        programs = [one for one in told.get("processes", []) if isinstance(one, dict)]
        if done.returncode or not told.get("guard"):
            raise Refused(say.NOT_WELL(what=str(told.get("sentence") or done.stderr.strip()[-300:] or "no guard")))
        bad = [f"{one['name']}: {one['state']}" for one in programs if one.get("state") in ("slow", "misconfigured", "again")]
        if bad:
            raise Refused(say.NOT_WELL(what=", ".join(bad)))
        return {str(one["name"]): int(one.get("restarts") or 0) for one in programs}

    def _unit(self) -> Sequence[str] | None:
        """Systemd's word, where the guard is its service: started beside it, nobody would watch it."""
        try:
            told = self._system()
            if told.kind != "linux" or not told.standing()[0].there:
                return None
        except OnbamError:
            return None
        scope = [] if told.boot.scope == "system" else ["--user"]
        return ["systemctl", *scope, "start", told.pieces()[0].name]

    def _insist(self, words: Sequence[str]) -> None:
        done = self._run(words)
        if done.returncode:
            what = _json(done.stdout).get("sentence")
            shown = what.get("en") if isinstance(what, dict) else None
            raise Refused(say.NOT_STARTED(what=shown or (done.stderr or done.stdout).strip()[-300:] or words[-1]))

    def _onbam(self) -> list[str]:
        return [sys.executable, "-P", "-m", "onbam", "--home", str(self._caller.home)]


class ShopData:
    """The database."""

    def __init__(self, home: Path, folder: Path, database: Callable[[], Database] | None, run: Run) -> None:
        """`database`: opens it as it is; none when there is none yet."""
        self._home, self._folder, self._open, self._run = home, folder, database, run

    def backup(self) -> Path | None:
        """One file, whatever the database."""
        if self._open is None:
            return None
        database = self._open()
        try:
            return backup(database, self._folder, label=LABEL).path
        finally:
            database.close()

    def migrate(self) -> str:
        """By the new program."""
        if self._open is None:
            return ""
        done = self._run([sys.executable, "-P", "-m", "onbam", "--home", str(self._home), "db", "upgrade", "--json"])
        if done.returncode:
            raise Refused(say.NOT_MIGRATED(what=(done.stderr or done.stdout).strip()[-300:]))
        told = _json(done.stdout)
        return "" if told.get("before") == told.get("after") else f"{told.get('before')} → {told.get('after')}"

    def put_back(self, copy: Path) -> None:
        """An SQLite file is replaced by its copy; nothing has it open now."""
        assert self._open is not None, "there was a backup, so there was a database"
        database = self._open()
        path = database.path
        database.close()
        if path is None:
            raise Refused(say.SERVER_CHANGED(backup=copy))
        for beside in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            beside.unlink(missing_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(copy.read_bytes())
        part.replace(path)


def _json(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
