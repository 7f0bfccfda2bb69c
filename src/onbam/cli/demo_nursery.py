"""PCs that start within a moment: forked from one process that has imported everything.

For: `onbam demo` on systems that can fork; elsewhere each PC is started from the beginning.
Promises: every child is a process of its own in a session of its own; how it ended is told; when the demo goes away, however it
goes, this process ends every child and then itself.
Refuses: threads of its own before a fork: what is forked must be still.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from onbam.kernel.clock import Clock

CAN: Final = hasattr(os, "fork")
SOON: Final = (
    "onbam.bootstrap",
    "onbam.claims.stores.sql",
    "onbam.claims.stores.sheet.store",
    "onbam.cli.demo_agent",
    "onbam.connectors.ecount.client",
    "onbam.connectors.ecount.stores_sql",
    "onbam.connectors.portal.client",
    "onbam.connectors.sheets.transport",
    "onbam.database.migrate",
    "onbam.effects.stores.sql",
    "onbam.logs.setup",
    "onbam.notices.stores.sql",
    "onbam.orders.agent",
    "onbam.orders.codefile",
    "onbam.orders.stores.evidence_sql",
    "onbam.orders.stores.robot_sql",
    "structlog.dev",
)
"""What an agent imports."""
LOOK_S: Final = 0.02
END_S: Final = 8.0


class Forked:
    """A child, as `subprocess` would show it."""

    def __init__(self, pid: int, nursery: Nursery) -> None:
        self.pid = pid
        self._nursery = nursery
        self.stdin = self.stdout = None

    def poll(self) -> int | None:
        """How it ended; none while it lives."""
        return self._nursery.ended.get(self.pid)

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended."""
        clock = self._nursery.clock
        ends = clock.monotonic() + (END_S if timeout is None else timeout)
        while (code := self.poll()) is None:
            if clock.monotonic() > ends:
                raise subprocess.TimeoutExpired("agent", timeout or END_S)
            clock.wait(LOOK_S)
        return code

    def _signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Nursery:
    """The demo's side."""

    def __init__(self, environ: Mapping[str, str], clock: Clock) -> None:
        self.clock = clock
        self.ended: dict[int, int] = {}
        """How each child that has ended did."""
        self._born: list[int] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "onbam.cli.demo_nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=dict(environ),
            start_new_session=True,
        )
        threading.Thread(target=self._listen, name="nursery", daemon=True).start()

    def child(self, arguments: Sequence[str], environ: Mapping[str, str], log: Path) -> Forked:
        """A new agent."""
        order = {"arguments": list(arguments), "environ": dict(environ), "log": str(log)}
        assert self._process.stdin is not None, "its input is ours"
        with self._news:
            count = len(self._born)
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            if not self._news.wait_for(lambda: len(self._born) > count, timeout=60.0):
                raise TimeoutError("no agent was born")
            return Forked(self._born[-1], self)

    def close(self) -> None:
        """Its end, and everybody's."""
        assert self._process.stdin is not None, "its input is ours"
        self._process.stdin.close()
        self._process.wait(END_S * 2)

    def _listen(self) -> None:
        assert self._process.stdout is not None, "its output is ours"
        for line in self._process.stdout:
            told: dict[str, int] = json.loads(line)
            with self._news:
                if "ended" in told:
                    self.ended[told["ended"]] = told["code"]
                else:
                    self._born.append(told["born"])
                self._news.notify_all()
        self._process.stdout.close()


# -- the process itself -----------------------------------------------------------------------------------------------------


def _live() -> None:
    """Fork for every order; tell of every end; leave nobody behind."""
    for name in SOON:
        importlib.import_module(name)
    living: set[int] = set()
    reader = os.fdopen(0, "r", encoding="utf-8")
    while True:
        ready, _, _ = select.select([reader], [], [], LOOK_S * 5)
        _reap(living)
        if not ready:
            continue
        line = reader.readline()
        if not line:
            break
        living.add(_fork(json.loads(line)))
    for pid in living:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    signal.signal(signal.SIGALRM, lambda *_: _end_all(living))
    signal.setitimer(signal.ITIMER_REAL, END_S)
    while living:
        _reap(living, wait=True)


def _fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _be(order)
    _tell({"born": pid})
    return pid


def _be(order: dict[str, Any]) -> None:
    """The child's whole life."""
    code = 1
    try:
        os.setsid()
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        from onbam.cli.demo_agent import main

        os.environ.clear()  # noqa: TID251 -- the child's environment is the one it was given
        os.environ.update(order["environ"])  # noqa: TID251 -- the same
        code = main(order["arguments"])
    except BaseException as error:  # noqa: BLE001 -- a forked child never returns into its parent's code
        import traceback

        traceback.print_exception(error)
        code = 1
    finally:
        sys.stderr.flush()
        os._exit(code)


def _reap(living: set[int], *, wait: bool = False) -> None:
    while living:
        try:
            pid, status = os.waitpid(-1, 0 if wait else os.WNOHANG)
        except ChildProcessError:
            living.clear()
            return
        if pid == 0:
            return
        living.discard(pid)
        _tell({"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _end_all(living: set[int]) -> None:
    for pid in living:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _tell(what: dict[str, int]) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(1, (json.dumps(what) + "\n").encode())


if __name__ == "__main__":
    _live()
