"""The processes of the demo: simulators, and PCs that are agents in homes of their own.

For: `onbam demo`.
Promises: nothing of the shop's settings or data is read or written; every process started is ended, whatever happens, and ends
by itself when the demo is killed; a PC that died is started again after a moment, as the guard would.
Refuses: an address that is not loopback.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psutil

from onbam.bootstrap import Settings
from onbam.cli import demo_words as say
from onbam.cli.demo_dashboard import Dashboard
from onbam.cli.demo_nursery import CAN, Forked, Nursery
from onbam.cli.demo_sweep import KEEP
from onbam.kernel.beats import SUFFIX, read_beat
from onbam.kernel.child import RUN_FOLDER
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.kernel.settings import OUTSIDE_NAMES, PREFIX, known
from onbam_sims.serving import BOUND

ANNOUNCE_S: Final = 60.0
END_S: Final = 20.0
RESTART_S: Final = 0.5
"""How long a dead PC stays dead."""
CALL_S: Final = 10.0
Process = subprocess.Popen[Any] | Forked
ADDRESS: Final = re.compile(r"(http://127\.0\.0\.1:\d+)")


@dataclass(slots=True)
class Simulator:
    """One simulated outside."""

    url: str
    process: subprocess.Popen[str]
    said: str = ""

    def get(self, path: str) -> Any:
        """Its truth."""
        with urllib.request.urlopen(_loopback(self.url + path), timeout=CALL_S) as answer:  # noqa: S310 -- loopback, checked
            return json.load(answer)

    def post(self, path: str, body: Any) -> Any:
        """Its faults, and people's hands in it."""
        request = urllib.request.Request(  # noqa: S310 -- the same
            _loopback(self.url + path), json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=CALL_S) as answer:  # noqa: S310 -- the same
            return json.load(answer)


@dataclass(slots=True)
class Pc:
    """One PC, and whatever process plays it now."""

    name: str
    home: Path
    environ: Mapping[str, str]
    skew_s: float = 0.0
    process: subprocess.Popen[bytes] | Forked | None = None
    fate: Sequence[str] = ()
    """The places at which the present process is to end."""
    kills: int = 0
    hangs: int = 0
    starts: int = 0
    died_at: float | None = None
    frozen_until: float | None = None
    offline_until: float | None = None

    @property
    def pid(self) -> int | None:
        """Of the living process."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def life(self) -> str:
        """How it looks from outside."""
        if self.pid is None:
            return "dead"
        if self.frozen_until is not None:
            return "frozen"
        if self.offline_until is not None:
            return "offline"
        beat = read_beat(self.home / "data" / RUN_FOLDER / f"agent.hand{SUFFIX}")
        return "alive" if beat is not None and beat.pid == self.pid else "starting"


@dataclass
class Fleet:
    """All of them."""

    folder: Path
    environ: Mapping[str, str]
    clock: Clock
    deaths: Path = field(init=False)
    pcs: list[Pc] = field(default_factory=list)
    _simulators: list[Simulator] = field(default_factory=list)
    _nursery: Nursery | None = None
    _dashboard: Dashboard | None = None
    _sweeper: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.deaths = self.folder / "deaths.jsonl"

    def sweep_after(self, *, keep: bool) -> None:
        """Somebody stays who clears away what a killed demo leaves."""
        self._sweeper = subprocess.Popen(  # noqa: S603 -- our own program with our own words
            [sys.executable, "-P", "-m", "onbam.cli.demo_sweep", str(self.folder), *([KEEP] if keep else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(self.environ),
            **_apart(),
        )

    def dashboard(self, home: Path, environ: Mapping[str, str]) -> Dashboard:
        """Start the desk; its address comes when it comes."""
        log, announced = self.folder / "dashboard.log", self.folder / "dashboard.address"
        arguments = ["--home", str(home), "--announce", str(announced)]
        process = self._process("onbam.cli.demo_desk", arguments, environ, log)
        self._dashboard = Dashboard(process, announced, log)
        return self._dashboard

    # -- simulators ---------------------------------------------------------------------------------------------------------

    def simulator(self, module: str, *arguments: str) -> Simulator:
        """Start one, and wait for its address."""
        errors = (self.folder / f"{module}.log").open("wb")
        process = subprocess.Popen(  # noqa: S603 -- our own program with our own words
            [sys.executable, "-P", "-u", "-m", f"onbam_sims.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            env={**self.environ, BOUND: "1"},
            **_apart(),
        )
        errors.close()
        simulator = Simulator("", process)
        self._simulators.append(simulator)
        assert process.stdout is not None, "its output is ours"
        while line := process.stdout.readline():
            simulator.said += line
            if found := ADDRESS.search(line):
                simulator.url = found[1]
            if simulator.url and "/_sim/faults" in line:
                return simulator
        why = (self.folder / f"{module}.log").read_text("utf-8", "replace").strip() or "?"
        raise Refused(say.NOT_STARTED(what=module, why=why[-300:]), say.NOT_STARTED_HINT)

    # -- PCs ----------------------------------------------------------------------------------------------------------------

    def start(self, pc: Pc, fate: Sequence[str] = ()) -> None:
        """A PC's program starts."""
        pc.fate, pc.died_at, pc.starts = tuple(fate), None, pc.starts + 1
        arguments = ["--home", str(pc.home), "--name", pc.name, "--deaths", str(self.deaths)]
        arguments += [part for point in fate for part in ("--die", point)]
        if pc.skew_s:
            arguments += ["--skew", str(pc.skew_s)]
        pc.process = self._process("onbam.cli.demo_agent", arguments, pc.environ, pc.home / "process.log")

    def _process(
        self, module: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path
    ) -> Forked | subprocess.Popen[bytes]:
        """One that ends with us: forked where that can be done, else from the beginning."""
        if CAN:
            if self._nursery is None:
                self._nursery = Nursery(self.environ, self.clock)
            return self._nursery.child(module, arguments, environ, log)
        with log.open("ab") as out:
            return subprocess.Popen(  # noqa: S603 -- the same
                [sys.executable, "-P", "-m", module, *arguments, "--bound"],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env=dict(environ),
                **_apart(),
            )

    def bury(self) -> list[tuple[Pc, int]]:
        """PCs that ended since the last look, and how."""
        found: list[tuple[Pc, int]] = []
        for pc in self.pcs:
            if pc.process is not None and pc.died_at is None and (code := pc.process.poll()) is not None:
                pc.died_at, pc.frozen_until = self.clock.monotonic(), None
                found.append((pc, code))
        return found

    def freeze(self, pc: Pc, seconds: float) -> bool:
        """It stands still."""
        if pc.pid is None or pc.frozen_until is not None:
            return False
        try:
            psutil.Process(pc.pid).suspend()
        except psutil.Error:
            return False
        pc.hangs += 1
        pc.frozen_until = self.clock.monotonic() + seconds
        return True

    def thaw(self, *, everybody: bool = False) -> None:
        """Whoever has stood still long enough goes on."""
        for pc in self.pcs:
            if pc.frozen_until is not None and (everybody or self.clock.monotonic() >= pc.frozen_until):
                pc.frozen_until = None
                if pc.pid is not None:
                    try:
                        psutil.Process(pc.pid).resume()
                    except psutil.Error:
                        continue  # it has ended meanwhile

    # -- the end ------------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """End every process, politely first."""
        self.thaw(everybody=True)
        children: list[Process] = [pc.process for pc in self.pcs if pc.process is not None]
        if self._dashboard is not None:
            children.append(self._dashboard.process)
        for child in children:
            if child.poll() is None:
                child.terminate()
        _wait(children, self.clock)
        if self._nursery is not None:
            self._nursery.close()
        simulators: list[Process] = [simulator.process for simulator in self._simulators]
        for simulator in simulators:
            if simulator.poll() is None:
                simulator.terminate()
        _wait(simulators, self.clock)
        for process in (*children, *simulators):
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def swept(self) -> None:
        """The folder is gone, or to be kept: nobody needs to stay."""
        if self._sweeper is not None:
            assert self._sweeper.stdin is not None, "its input is ours"
            self._sweeper.stdin.close()
            _wait([self._sweeper], self.clock)


def clean_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without anything that is a setting of the shop: the demo must not see it."""
    ours = {variable for setting in known(Settings) for variable, _ in setting.variables()} | OUTSIDE_NAMES
    files = {f"{variable}_FILE" for variable in ours}
    return {name: value for name, value in environ.items() if name not in ours | files and not name.startswith(PREFIX)}


def _wait(processes: Sequence[Process], clock: Clock) -> None:
    """Until all have ended; whoever does not is ended."""
    ends = clock.monotonic() + END_S
    for process in processes:
        try:
            process.wait(max(0.1, ends - clock.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _apart() -> dict[str, Any]:
    """A process group of its own: Ctrl-C in the terminal is ours to pass on."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    else:  # noqa: RET505 -- the type checker follows it for each system
        return {"start_new_session": True}


def _loopback(url: str) -> str:
    assert urlsplit(url).hostname == "127.0.0.1", "the demo speaks to this machine only"
    return url
