"""A folder with a real guard in it.

For: the process tests of the guard.
Promises: settings are written as a shop writes them, the guard is a process of its own, questions go through its door; whatever
was started is ended, also by a test that fails.
Refuses: to wait for time.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch
from zoneinfo import ZoneInfo

from onbam.cli.main import run
from onbam.guard.door import ask
from onbam.guard.lock import fingerprint
from onbam.guard.report import Told, read
from onbam.guard.system import this_system
from onbam.kernel.errors import OnbamError, Transient
from support.waiting import until

ROBOT = Path(__file__).with_name("robot.py")
SEOUL = ZoneInfo("Asia/Seoul")
TOML = """
[app]
language = "ko"
[guard]
run = []
renew_at = "{renew_at}"
{guard}
"""


class Guarded:
    """One shop's folder and its guard."""

    def __init__(self, home: Path, guard: str = "", **environ: str) -> None:
        self.home, self._guard = home, guard
        # Half a day away: whoever tests at dawn is not to have its robots renewed.
        self._renew_at = f"{datetime.now(SEOUL) + timedelta(hours=12):%H:%M}"
        self.environ = {**os.environ, **environ}
        self.sections: dict[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.data = home / "data"
        self.run = self.data / "run"

    # -- settings

    def robot(self, name: str = "robot", promise_s: float = 45.0, **settings: object) -> None:
        """A robot of this name; `settings` as they stand in its section."""
        command = [sys.executable, str(ROBOT), str(promise_s)]
        self.section(name, command=command, **{"watch": "beats", "start_s": 30, **settings})

    def section(self, name: str, **settings: object) -> None:
        """Any section of the shop's own."""
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in settings.items()]
        self.sections[name] = "\n".join(lines)
        self.write()

    def write(self) -> None:
        """The settings as they are now."""
        parts = [TOML.format(renew_at=self._renew_at, guard=self._guard)]
        parts += [f"[process.{name}]\n{text}" for name, text in self.sections.items()]
        new = self.home / "onbam.toml.new"
        new.write_text("\n".join(parts), "utf-8")
        new.replace(self.home / "onbam.toml")

    def say(self, words: str, name: str = "robot") -> None:
        """A note for a robot."""
        new = self.home / f"{name}.new"
        new.write_text(words, "utf-8")
        new.replace(self.home / f"{name}.do")

    def onbam(self, *words: str) -> tuple[int, str]:
        """A command of the command line, in this process, so that what it loads is loaded once; exit code and what it said."""
        said = StringIO()
        with patch.dict(os.environ, self.environ, clear=True), redirect_stdout(said), redirect_stderr(said):
            code = run(["--home", str(self.home), *words])
        return code, said.getvalue()

    def renew_at(self, moment: str) -> None:
        """Another moment for the morning's round."""
        self._renew_at = moment
        self.write()

    # -- the guard

    def begin(self, *words: str) -> Self:
        """Start the guard and wait until its door is open."""
        command = [sys.executable, "-m", "onbam.guard", "--home", str(self.home), *words]
        self.process = subprocess.Popen(
            command, env=self.environ, cwd=self.home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        until(self.answers, what="the guard answers")
        return self

    def answers(self) -> bool:
        """Whether a guard answers at all."""
        with contextlib.suppress(OnbamError):
            return bool(ask(self.run, {"do": "status"}))
        return False

    def status(self) -> dict[str, Any]:
        """Everything it knows, as soon as it answers."""
        answers: list[dict[str, Any]] = []

        def answered() -> bool:
            with contextlib.suppress(Transient):
                answers.append(ask(self.run, {"do": "status"}))
            return bool(answers)

        until(answered, what="the guard answers")
        return answers[0]

    def ask(self, do: str, *names: str, **more: object) -> dict[str, Any]:
        """Ask it for something."""
        return ask(self.run, {"do": do, "names": list(names), "who": "test", **more})

    def of(self, name: str = "robot") -> dict[str, Any]:
        """What it knows of one program."""
        return next((p for p in self.status()["processes"] if p["name"] == name), {})

    def up(self, name: str = "robot") -> dict[str, Any]:
        """Wait until a program works; what is known of it."""
        until(lambda: self.of(name).get("state") == "up", what=f"{name} works")
        return self.of(name)

    def other(self, pid: int, name: str = "robot") -> dict[str, Any]:
        """Wait until another process works in its place."""
        seen: list[dict[str, Any]] = []

        def works() -> bool:
            seen.append(self.of(name))
            return seen[-1].get("state") == "up" and seen[-1]["pid"] != pid

        until(works, what=f"{name} works again")
        return seen[-1]

    def events(self, what: str = "") -> list[Told]:
        """What it told the rest of the house."""
        return [told for told in read(self.run) if not what or told.what == what]

    def incidents(self) -> list[dict[str, Any]]:
        """The evidence it saved."""
        paths = sorted((self.data / "incidents").glob("*/incident.json"))
        return [json.loads(path.read_text("utf-8")) for path in paths]

    def holder(self) -> int:
        """Who says it is the guard."""
        return int((self.home / "runtime.lock").read_text("utf-8").splitlines()[0])

    def log(self) -> str:
        """Its own log."""
        return "".join(path.read_text("utf-8") for path in sorted((self.home / "logs").glob("guard_*.log")))

    def ours(self) -> list[int]:
        """Every process that came of this guard or an earlier one."""
        key = fingerprint(os.fsencode(os.path.realpath(self.data)))[:8]
        return [member.pid for member in this_system().marked(f"{key}-")]

    def kill(self) -> None:
        """End the guard itself, as a crash does."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def end(self) -> None:
        """End it in order."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, said.decode()

    def clean(self) -> None:
        """Leave nothing."""
        if self.process is not None:
            self.process.kill()  # one that ended already hears nothing
            self.process.wait()
            if self.process.stderr is not None:
                self.process.stderr.close()
        with contextlib.suppress(OSError, ValueError):  # one that `ensure` started
            holder = self.holder()
            if holder in _guards(self.home):
                os.kill(holder, signal.SIGKILL)
        system = this_system()
        key = fingerprint(os.fsencode(os.path.realpath(self.data)))[:8]

        def nothing_left() -> bool:
            system.end(system.marked(f"{key}-"))
            return not system.marked(f"{key}-")

        until(nothing_left, what="nothing is left")


Shops = Callable[..., Guarded]
"""Makes a shop's folder: with lines for `[guard]` and variables of its environment."""


def _guards(home: Path) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if b"onbam.guard" in words and os.fsencode(home) in words:
                yield int(path.parent.name)
