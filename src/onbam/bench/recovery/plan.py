"""What the benchmark `recovery` measures.

For: the list of benchmarks.
Promises: every sample has a fresh supervisor, so that the first crash is the first; peers in turns with us; a quick run takes
fewer samples and shorter ones of the same things.
Refuses: to count a start as a recovery.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

import psutil

from onbam.bench.model import Peer, Result, Subject
from onbam.bench.recovery import stands
from onbam.bench.recovery import words as say
from onbam.bench.recovery.stands import Ours, Stand, Watching
from onbam.bench.tools import QUICK, Bench, Plan, Tools
from onbam.guard.calling import ask
from onbam.guard.report import read
from onbam.kernel.errors import OnbamError

CRASH_TARGET_MS: Final = 2_000.0
HANG_TARGET_MS: Final = 5_000.0
HANG_DEFAULT_TARGET_MS: Final = 60_000.0
GUARD_TARGET_MS: Final = 60_000.0
GAP_TARGET_MS: Final = 3_000.0
SAME_PC_TARGET_MS: Final = 5_000.0
OTHER_PC_TARGET_MS: Final = 30_000.0
ENSURE_TARGET_MS: Final = 200.0
MEMORY_TARGET_MB: Final = 25.0
IDLE_TARGET_MS: Final = 120.0
"""0.2 % of one processor."""
REPEATS: Final = 20
QUICK_REPEATS: Final = 5
LONG_REPEATS: Final = 3
FOUR: Final = 4
IDLE_S: Final = 20.0
SLOW_MIN: Final = 10.0
QUICK_SLOW_MIN: Final = 1.0
SLOW_STEPS: Final = (("brisk", 2.0, 1.5), ("calm", 45.0, 10.0), ("ordinary", 45.0, 5.0))
"""Programs with (promise, seconds a step takes once everything is five times slower)."""
_MIB: Final = 1024 * 1024


class Measure:
    """The samples."""

    def __init__(self, tools: Tools) -> None:
        self._tools, self.clock = tools, tools.clock

    @contextmanager
    def watching(self) -> Iterator[Watching]:
        """A folder of its own for one sample."""
        with tempfile.TemporaryDirectory(prefix="r", dir=self._tools.folder, ignore_cleanup_errors=True) as folder:
            yield Watching(Path(folder), self.clock, self._tools.surroundings())

    def stand(self, name: str, watching: Watching, promise_s: float = 45.0) -> AbstractContextManager[Stand]:
        """Ours, or a peer, with one robot."""
        commands = {"robot": stands.robot(watching.folder, promise_s)}
        return stands.ours(watching, commands) if name == OURS else stands.peer(name, watching, commands)

    def crash(self, name: str) -> float:
        """Kill it, and count until another one works."""
        with self.watching() as watching, self.stand(name, watching):
            pid = watching.works()
            self.clock.wait(stands.STEADY_S)
            begun_s = self.clock.monotonic()
            psutil.Process(pid).kill()
            watching.works(other_than=pid)
            return (self.clock.monotonic() - begun_s) * 1000

    def hang(self, promise_s: float) -> float:
        """Let it hang, and count from its last sign until another one works."""
        with self.watching() as watching, self.stand(OURS, watching, promise_s):
            pid = watching.works()
            (watching.folder / "hang").touch()
            watching.works(other_than=pid)
            now_s = self.clock.monotonic()
            return (now_s - float((watching.folder / "hung").read_text("ascii"))) * 1000

    def guard_killed(self) -> float:
        """Kill the guard, do what the system does then, and count until its programs are in care again."""
        with self.watching() as watching, stands.ours(watching, {"robot": stands.robot(watching.folder)}) as ours:
            pid = watching.works()
            guard = ours.guard_pid()
            begun_s = self.clock.monotonic()
            psutil.Process(guard).kill()
            watching.until("the guard is gone", lambda: not psutil.pid_exists(guard) or _dead(guard))
            watching.call([sys.executable, "-m", "onbam", "--home", str(watching.folder), "ensure"])
            watching.until("the same robot is in care", lambda: _in_care(ours) == pid)
            return (self.clock.monotonic() - begun_s) * 1000

    def gap(self, name: str) -> float:
        """Replace it, and find the longest stretch without a tick."""
        with self.watching() as watching, self.stand(name, watching) as stand:
            watching.works()
            self.clock.wait(stands.STEADY_S)
            stand.restart()
            self.clock.wait(0.2)
            return _longest_ms([watching.folder / "ticks"])

    def gap_of_two(self) -> float:
        """Two programs of a kind in the morning's round."""
        with self.watching() as watching:
            folders = [watching.folder / name for name in ("one", "two")]
            for folder in folders:
                folder.mkdir()
            commands = {folder.name: stands.robot(folder) for folder in folders}
            with stands.ours(watching, commands) as ours:
                watching.until("both work", lambda: all((folder / "works").exists() for folder in folders))
                self.clock.wait(0.3)
                ask(ours.caller, "renew", names=[], who="bench")
                events = watching.folder / "data" / "run"
                watching.until("the round is over", lambda: any(told.what == "guard.renewed" for told in read(events)))
                return _longest_ms([folder / "ticks" for folder in folders])

    def order_on_the_same_pc(self) -> float:
        """The guard starts a successor, which finds what its predecessor held."""
        with self.watching() as watching:
            command = stands.claimer(watching.folder, _database(watching), "PC-A")
            with stands.ours(watching, {"robot": command}):
                pid = watching.works()
                begun_s = self.clock.monotonic()
                psutil.Process(pid).kill()
                watching.works(other_than=pid)
                return (self.clock.monotonic() - begun_s) * 1000

    def order_on_another_pc(self) -> float:
        """Nobody tells the other one; the lease of the dead has to end."""
        with self.watching() as watching:
            folders = [watching.folder / name for name in ("a", "b")]
            for folder in folders:
                folder.mkdir()
            first, second = (Watching(folder, self.clock, watching.environ) for folder in folders)
            url = _database(watching)
            holder = watching.spawn(stands.claimer(first.folder, url, "PC-A"))
            first.works()
            other = watching.spawn(stands.claimer(second.folder, url, "PC-B"))
            self.clock.wait(stands.STEADY_S)
            begun_s = self.clock.monotonic()
            holder.kill()
            second.works()
            took_ms = (self.clock.monotonic() - begun_s) * 1000
            other.kill()
            for process in (holder, other):
                process.wait()
            return took_ms

    def ensure(self, ours: Ours) -> float:
        """The system's five-minute call, where all is well."""
        return self._tools.timed([sys.executable, "-m", "onbam", "--home", str(ours.folder), "ensure"])

    def mistakes(self, minutes: float) -> Result:
        """Slow but healthy programs: how many were ended."""
        with self.watching() as watching:
            commands = {}
            for name, promise_s, step_s in SLOW_STEPS:
                (watching.folder / name).mkdir()
                commands[name] = stands.robot(watching.folder / name, promise_s, step_s)
            with stands.ours(watching, commands):
                self.clock.wait(minutes * 60)
                events = list(read(watching.folder / "data" / "run"))
        count = float(sum(1 for told in events if told.what in ("process.stuck", "process.died")))
        return Result(say.MISTAKES(minutes=minutes), "count", count, (count, count), 0.0)

    def weighed(self, name: str, what: Callable[[psutil.Process], float]) -> float:
        """Something about an idle supervisor of four programs."""
        with self.watching() as watching:
            sleep = ["/bin/sleep", "100000"]
            commands = {f"idle{n}": sleep for n in range(FOUR)}
            if name == OURS:
                with stands.ours(watching, commands) as ours:
                    return what(psutil.Process(ours.guard_pid()))
            with stands.peer(name, watching, commands) as peer:
                process = psutil.Process(peer.watching.processes[0].pid)
                watching.until("its programs run", lambda: len(process.children()) >= FOUR)
                return what(process)

    def memory(self, process: psutil.Process) -> float:
        """Once it has settled."""
        self.clock.wait(stands.STEADY_S)
        return process.memory_info().rss / _MIB

    def idle(self, process: psutil.Process) -> float:
        """CPU time of so many seconds, as of a minute."""
        self.clock.wait(stands.STEADY_S)
        before = sum(process.cpu_times()[:2])
        self.clock.wait(IDLE_S)
        return (sum(process.cpu_times()[:2]) - before) * 1000 * 60 / IDLE_S


OURS: Final = "onbam"


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """Every sample builds what it needs; one healthy guard stands for `ensure`."""
    quick = QUICK in tools.environ
    repeats, long_repeats = (QUICK_REPEATS, 1) if quick else (REPEATS, LONG_REPEATS)
    measure = Measure(tools)
    peers = stands.installed()
    notes = [say.NO_HANG(), *(say.NO_PEER(name=name) for name in stands.PEERS if name not in peers), say.NO_PEER(name="PM2")]

    def beside(sample: Callable[[str], float]) -> tuple[Peer, ...]:
        return tuple(Peer(name, lambda name=name: sample(name)) for name in peers)  # type: ignore[misc]

    with measure.watching() as watching, stands.ours(watching, {"robot": stands.robot(watching.folder)}) as healthy:
        subjects = [
            _subject(say.CRASH(), lambda: measure.crash(OURS), CRASH_TARGET_MS, repeats, beside(measure.crash)),
            _subject(say.HANG(), lambda: measure.hang(2.0), HANG_TARGET_MS, repeats),
            _subject(say.HANG_DEFAULT(), lambda: measure.hang(45.0), HANG_DEFAULT_TARGET_MS, long_repeats, warmups=0),
            _subject(say.GUARD_KILLED(), measure.guard_killed, GUARD_TARGET_MS, repeats),
            _subject(say.GAP(), lambda: measure.gap(OURS), GAP_TARGET_MS, repeats, beside(measure.gap)),
            _subject(say.GAP_TWO(), measure.gap_of_two, None, repeats),
            _subject(say.SAME_PC(), measure.order_on_the_same_pc, SAME_PC_TARGET_MS, repeats),
            _subject(say.OTHER_PC(), measure.order_on_another_pc, OTHER_PC_TARGET_MS, long_repeats, warmups=0),
            _subject(say.ENSURE(), lambda: measure.ensure(healthy), ENSURE_TARGET_MS, repeats),
            Subject(
                say.MEMORY(),
                "MB",
                lambda: measure.weighed(OURS, measure.memory),
                MEMORY_TARGET_MB,
                peers=beside(lambda name: measure.weighed(name, measure.memory)),
                warmups=0,
                repeats=LONG_REPEATS,
            ),
            Subject(
                say.IDLE(),
                "ms",
                lambda: measure.weighed(OURS, measure.idle),
                IDLE_TARGET_MS,
                peers=beside(lambda name: measure.weighed(name, measure.idle)),
                warmups=0,
                repeats=long_repeats,
            ),
        ]
        yield Plan(subjects, lambda: [measure.mistakes(QUICK_SLOW_MIN if quick else SLOW_MIN)], notes)


def _subject(
    what: object,
    sample: Callable[[], float],
    target: float | None,
    repeats: int,
    peers: tuple[Peer, ...] = (),
    warmups: int = 1,
) -> Subject:
    return Subject(what, "ms", sample, target, peers=peers, warmups=warmups, repeats=repeats)  # type: ignore[arg-type]


def _database(watching: Watching) -> str:
    return f"sqlite:///{(watching.folder / 'shop.db').as_posix()}"


def _in_care(ours: Ours) -> int:
    """The robot the guard of this folder has now; 0 while none answers."""
    try:
        programs = ask(ours.caller, "status")["processes"]
    except OnbamError:
        return 0
    return next((int(one["pid"] or 0) for one in programs), 0)


def _dead(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def _longest_ms(files: Sequence[Path]) -> float:
    """The longest stretch between two ticks, whoever ticked."""
    ticks = sorted(float(line) for path in files for line in path.read_text("ascii").splitlines() if line.strip())
    return max((after - before for before, after in pairwise(ticks)), default=0.0) * 1000


BENCH: Final = Bench("recovery", say.RECOVERY, prepare)
