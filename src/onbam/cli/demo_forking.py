"""The process that forks the PCs of the demo and its desk, what they have in common imported before.

For: `demo_nursery`, which starts it and tells it what to fork, one JSON line each.
Promises: tells of every birth and every end; when its input ends, every child does, and then itself.
Refuses: Windows, which cannot fork.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import sys
from typing import Any, Final

from onbam.cli.demo_nursery import END_S, LOOK_S

assert sys.platform != "win32"  # tells the type checker which system this module is for

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
        os.environ.clear()  # noqa: TID251 -- the child's environment is the one it was given
        os.environ.update(order["environ"])  # noqa: TID251 -- the same
        code = importlib.import_module(order["module"]).main(order["arguments"])
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
