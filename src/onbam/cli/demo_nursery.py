"""PCs, and their desk, that start within a moment: forked from one process that has imported everything.

For: `onbam demo` on systems that can fork; elsewhere each PC is started from the beginning.
Promises: every child is a process of its own in a session of its own; how it ended is told; when the demo goes away, however it
goes, this process ends every child and then itself.
Refuses: threads of its own before a fork: what is forked must be still.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from onbam.kernel.clock import Clock

if sys.platform == "win32":
    CAN: Final = False
    AT_ONCE: Final = signal.SIGTERM
else:
    CAN: Final = True
    AT_ONCE: Final = signal.SIGKILL
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
        self._signal(AT_ONCE)

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
            [sys.executable, "-P", "-m", "onbam.cli.demo_forking"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=dict(environ),
            start_new_session=True,
        )
        threading.Thread(target=self._listen, name="nursery", daemon=True).start()

    def child(self, module: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path) -> Forked:
        """A new process that lives `main` of this module."""
        order = {"module": module, "arguments": list(arguments), "environ": dict(environ), "log": str(log)}
        assert self._process.stdin is not None, "its input is ours"
        with self._news:
            count = len(self._born)
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            if not self._news.wait_for(lambda: len(self._born) > count, timeout=60.0):
                raise TimeoutError("nobody was born")
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
