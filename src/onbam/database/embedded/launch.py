"""Start and end the server's process.

For: `server.py`, under its lock.
Promises: what a killed server left behind is cleared before the next starts, and never while one of its children still lives.
Refuses: to wait for readiness (`server.py` does).
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psutil

from onbam.database.embedded import alive
from onbam.database.embedded import cluster as clusters
from onbam.database.embedded.programs import Account, child_environment, program
from onbam.kernel.clock import Clock

LEFTOVER_LIMIT_S: Final = 10.0
PROGRAM_LIMIT_S: Final = 60.0
LOOK_EVERY_S: Final = 0.005

if sys.platform == "win32":

    def launch(
        cluster: Path, programs: Path, account: Account, environ: Mapping[str, str], log: Path
    ) -> subprocess.Popen[bytes] | None:
        """Through its own starter, which takes administrators' rights away: the server insists on that."""
        command = [str(program(programs, "pg_ctl")), "start", "-W", "-D", str(cluster), "-l", str(log)]
        clusters.run(command, account, environ, cluster.parent, PROGRAM_LIMIT_S, log=log)
        return None

    def end(cluster: Path, programs: Path, environ: Mapping[str, str], clock: Clock, limit_s: float) -> bool:  # noqa: ARG001 -- one shape for all systems
        """Fast: open transactions are rolled back."""
        command = [str(program(programs, "pg_ctl")), "stop", "-m", "fast", "-D", str(cluster), "-t", str(int(limit_s))]
        clusters.run(command, Account(), environ, cluster.parent, limit_s + PROGRAM_LIMIT_S)
        return alive.server(cluster) is None

    def bury(cluster: Path, clock: Clock) -> None:
        """Nothing to do: there are no zombies here, and the server's own check is enough."""

else:

    def launch(
        cluster: Path, programs: Path, account: Account, environ: Mapping[str, str], log: Path
    ) -> subprocess.Popen[bytes] | None:
        """In a session of its own: Ctrl-C in our terminal is not for the server, and it outlives us."""
        with log.open("wb") as file:
            child = subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program with our own words
                [str(program(programs, "postgres")), "-D", str(cluster)],
                env=child_environment(environ),
                cwd=cluster,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                umask=0o077,
                **account.popen(),
            )
        # It outlives us on purpose; when it ends first, somebody must take note, or it stays in the list of processes.
        threading.Thread(target=child.wait, name="embedded-postgres-end", daemon=True).start()
        return child

    def end(cluster: Path, programs: Path, environ: Mapping[str, str], clock: Clock, limit_s: float) -> bool:  # noqa: ARG001 -- one shape for all systems
        """Fast first (open transactions are rolled back); at the limit at once, which the next start repairs from its log."""
        for send, limit in ((signal.SIGINT, limit_s), (signal.SIGQUIT, LEFTOVER_LIMIT_S)):
            process = alive.server(cluster)
            if process is not None:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(send)
            deadline = clock.monotonic() + limit
            while alive.server(cluster) is not None and clock.monotonic() < deadline:
                clock.wait(LOOK_EVERY_S)
            if alive.server(cluster) is None:
                return True
        return False

    def bury(cluster: Path, clock: Clock) -> None:
        """Clear what a killed server left, so that the next can start.

        PostgreSQL looks itself, but takes a zombie or a stranger with the same number for the living server. Its other guard,
        shared memory still used by a child, must not be bypassed: so first every child is gone, and only then the note goes.
        """
        written = alive.note(cluster)
        if written is None:
            return
        deadline = clock.monotonic() + LEFTOVER_LIMIT_S
        while children := list(alive.leftovers(cluster)):
            if clock.monotonic() > deadline:
                for child in children:
                    with contextlib.suppress(psutil.Error):
                        child.kill()
            clock.wait(LOOK_EVERY_S)
        if psutil.pid_exists(written.pid):
            (cluster / alive.PID_FILE).unlink(missing_ok=True)
