"""The guard and its peers, each watching the same program in a folder of its own.

For: the plan of this benchmark.
Promises: every stand is started as its documentation says, with its defaults; leaving it ends everything it started.
Refuses: a peer that is not installed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import psutil

from onbam.bench.recovery import robot as robot_module
from onbam.bench.recovery import words as say
from onbam.guard.calling import Caller, ask, begin, gone
from onbam.guard.lock import fingerprint
from onbam.guard.system import this_system
from onbam.kernel.clock import Clock
from onbam.kernel.errors import OnbamError, Refused

LIMIT_S: Final = 120.0
LOOK_EVERY_S: Final = 0.002
STOP_LIMIT_S: Final = 20.0
STEADY_S: Final = 1.5
"""supervisord takes a program for running after a second; a crash before that would be another case."""


class Stand(Protocol):
    """Somebody who watches the robot."""

    @property
    def folder(self) -> Path:
        """Where the robot says that it works."""
        ...

    def restart(self) -> None:
        """Ask for a fresh robot, and come back when it is done."""
        ...

    def process(self) -> psutil.Process:
        """Whoever watches."""
        ...


@dataclass(slots=True)
class Watching:
    """What every stand shares."""

    folder: Path
    clock: Clock
    environ: Mapping[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start a process that ends with the stand."""
        process = subprocess.Popen(  # noqa: S603 -- the benchmark's own words
            command,
            cwd=self.folder,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def call(self, command: Sequence[str]) -> None:
        """Run a command to its end."""
        subprocess.run(  # noqa: S603 -- the same
            command, cwd=self.folder, env=dict(self.environ), capture_output=True, timeout=LIMIT_S, check=True
        )

    def until(self, what: str, is_so: object) -> None:
        """Wait for it."""
        deadline_s = self.clock.monotonic() + LIMIT_S
        while not is_so():  # type: ignore[operator]
            if self.clock.monotonic() > deadline_s:
                raise Refused(say.IN_VAIN(what=what))
            self.clock.wait(LOOK_EVERY_S)

    def pid(self) -> int:
        """The robot that said last that it works; 0 before any did."""
        with contextlib.suppress(OSError, ValueError):
            return int((self.folder / "works").read_text("ascii"))
        return 0

    def works(self, other_than: int = 0) -> int:
        """Wait until a robot works."""
        self.until("a robot works", lambda: self.pid() not in (0, other_than))
        return self.pid()


def robot(folder: Path, promise_s: float = 45.0, step_s: float = robot_module.TICK_S) -> list[str]:
    """The robot's command."""
    return [sys.executable, "-m", robot_module.__name__, str(folder), str(promise_s), str(step_s)]


def claimer(folder: Path, url: str, machine: str) -> list[str]:
    """The command of a program that holds the order."""
    return [sys.executable, "-m", "onbam.bench.recovery.claimer", str(folder), url, machine]


# -- ours ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Ours:
    """The guard."""

    watching: Watching
    caller: Caller

    @property
    def folder(self) -> Path:
        """Where the robot says that it works."""
        return self.watching.folder

    def restart(self) -> None:
        """Drain and replace."""
        before = self.watching.pid()
        ask(self.caller, "restart", names=[], who="bench")
        self.watching.works(other_than=before)
        self.watching.until("the old one ended", lambda: not psutil.pid_exists(before))

    def process(self) -> psutil.Process:
        """The guard itself."""
        return psutil.Process(int((self.folder / "runtime.lock").read_text("utf-8").splitlines()[0]))

    def end(self) -> None:
        """Everything, in order where that goes: a guard that is only just starting answers nobody."""
        with contextlib.suppress(OnbamError):
            ask(self.caller, "down", who="bench")
            gone(self.caller, LIMIT_S)
        guards = [one for one in psutil.Process().children() if _names(one, self.folder)]
        for one in guards:
            one.kill()
        psutil.wait_procs(guards, STOP_LIMIT_S)
        system = this_system()
        key = fingerprint(os.fsencode(os.path.realpath(self.folder / "data")))[:8]
        while left := system.marked(f"{key}-"):
            system.end(left)
            self.watching.clock.wait(LOOK_EVERY_S)


def _names(process: psutil.Process, folder: Path) -> bool:
    try:
        return str(folder) in process.cmdline()
    except psutil.Error:
        return False


@contextmanager
def ours(watching: Watching, commands: Mapping[str, Sequence[str]], more: str = "") -> Iterator[Ours]:
    """A guard that watches these programs."""
    lines = ["[guard]", "run = []", more]
    for name, command in commands.items():
        shown = ", ".join(f"'{word}'" for word in command)
        lines += [f"[process.{name}]", f"command = [{shown}]", 'watch = "beats"', 'handover = "pause"']
    (watching.folder / "onbam.toml").write_text("\n".join(lines), "utf-8")
    caller = Caller(watching.folder, watching.environ, {}, watching.clock, this_system())
    one = Ours(watching, caller)
    try:
        begin(caller, caller.run)
        yield one
    finally:
        one.end()


# -- peers --------------------------------------------------------------------------------------------------------------

SUPERVISORD: Final = "supervisord"
CIRCUS: Final = "circusd"
PM2: Final = "pm2-runtime"
PEERS: Final = (SUPERVISORD, CIRCUS, PM2)
_CONTROL: Final = {SUPERVISORD: "supervisorctl", CIRCUS: "circusctl", PM2: "pm2"}


def installed() -> list[str]:
    """Whoever is here: beside this Python, or on the search path."""
    return [name for name in PEERS if _program(name) and _program(_CONTROL[name])]


def _program(name: str) -> str:
    """Empty when it is not installed."""
    own = Path(sys.executable).with_name(name)
    return str(own) if own.exists() else shutil.which(name) or ""


@dataclass(slots=True)
class Peer:
    """Another supervisor."""

    name: str
    watching: Watching
    pid: int

    @property
    def folder(self) -> Path:
        """Where the robot says that it works."""
        return self.watching.folder

    def restart(self) -> None:
        """As its own command does it."""
        before = self.watching.pid()
        words = {
            SUPERVISORD: ["-c", str(self.folder / "peer.conf")],
            CIRCUS: ["--endpoint", f"ipc://{self.folder / 'c.ep'}"],
            PM2: [],
        }[self.name]
        self.watching.call([_program(_CONTROL[self.name]), *words, "restart", "robot"])
        self.watching.works(other_than=before)

    def process(self) -> psutil.Process:
        """The peer itself."""
        return psutil.Process(self.pid)


@contextmanager
def peer(name: str, watching: Watching, commands: Mapping[str, Sequence[str]]) -> Iterator[Peer]:
    """A peer that watches these programs."""
    conf = watching.folder / ("peer.json" if name == PM2 else "peer.conf")
    conf.write_text({SUPERVISORD: _supervisord, CIRCUS: _circus, PM2: _pm2}[name](watching.folder, commands), "utf-8")
    words = [_program(name), *(["-n", "-c"] if name == SUPERVISORD else ["start"] if name == PM2 else []), str(conf)]
    watching.environ = {**watching.environ, "PM2_HOME": str(watching.folder / "pm2")}
    process = watching.spawn(words)
    try:
        yield Peer(name, watching, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT_S)
        _end_all(process)


def _end_all(process: subprocess.Popen[bytes]) -> None:
    """Whatever a peer did not end."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    process.kill()
    process.wait()


def _supervisord(folder: Path, commands: Mapping[str, Sequence[str]]) -> str:
    head = (
        f"[supervisord]\nnodaemon=true\nlogfile={folder}/s.log\npidfile={folder}/s.pid\nchildlogdir={folder}\n"
        f"[unix_http_server]\nfile={folder}/s.sock\n"
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n"
        f"[supervisorctl]\nserverurl=unix://{folder}/s.sock\n"
    )
    return head + "".join(
        f"[program:{name}]\ncommand={' '.join(words)}\nautorestart=true\n" for name, words in commands.items()
    )


def _circus(folder: Path, commands: Mapping[str, Sequence[str]]) -> str:
    head = f"[circus]\nendpoint = ipc://{folder}/c.ep\npubsub_endpoint = ipc://{folder}/c.pub\n"
    shown = "".join(f"[watcher:{name}]\ncmd = {' '.join(words)}\ncopy_env = True\n" for name, words in commands.items())
    return head + shown


def _pm2(folder: Path, commands: Mapping[str, Sequence[str]]) -> str:
    apps = [
        {"name": name, "script": words[0], "args": list(words[1:]), "interpreter": "none", "cwd": str(folder)}
        for name, words in commands.items()
    ]
    return json.dumps({"apps": apps})
