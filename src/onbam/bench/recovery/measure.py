"""The samples of the benchmark `recovery`.

For: its plan.
Promises: whatever has to be fresh is: the first crash of a supervisor's program is its first; what only waits, waits together
(hangs at the default promise, leases of the dead), each in a process and a database of its own; where supervisors are
compared, all of them stand at the same time and are hurt one after the other.
Refuses: to count a start as a recovery.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

import psutil

from onbam.bench.model import Result
from onbam.bench.recovery import stands
from onbam.bench.recovery import words as say
from onbam.bench.recovery.stands import Ours, Stand, Watching
from onbam.bench.tools import Tools
from onbam.guard.calling import ask
from onbam.guard.report import read
from onbam.kernel.errors import OnbamError

OURS: Final = "onbam"
FOUR: Final = 4
IDLE_S: Final = 25.0
SETTLE_S: Final = 0.3
CALM_S: Final = 0.05
"""How often a robot of many works: it beats, and leaves the processors to whoever is measured."""
SLOW_STEPS: Final = (("brisk", 2.0, 1.5), ("calm", 45.0, 10.0), ("ordinary", 45.0, 5.0))
"""Programs with (promise, seconds a step takes once everything is five times slower)."""
_MIB: Final = 1024 * 1024


class Measure:
    """The samples, and what one gathering of them leaves for the next subject to read."""

    def __init__(self, tools: Tools, peers: Sequence[str], rounds: int) -> None:
        self._tools, self.clock, self._peers, self._rounds = tools, tools.clock, peers, rounds
        self._kept: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    # -- supervisors beside each other ---------------------------------------------------------------------------------

    def replaced(self, name: str) -> float:
        """The longest stretch without a tick while a program is replaced; ours makes the round, the peers read it off."""
        if name == OURS:
            self._round()
        return self._kept["gap", name].popleft()

    def crash(self, name: str) -> float:
        """From kill -9 to another process at work, in the same round."""
        return self._kept["crash", name].popleft()

    def memory(self, name: str) -> float:
        """Of an idle supervisor of four programs; ours makes the round."""
        if name == OURS:
            self._idle_round()
        return self._kept["memory", name].popleft()

    def idle(self, name: str) -> float:
        """CPU time of a minute, in the same round."""
        return self._kept["idle", name].popleft()

    def _round(self) -> None:
        """Everybody stands; each is asked for a fresh program, then loses one."""
        with self._beside(stands.robot) as everybody:
            for _, watching, _stand in everybody:
                watching.works()
            self.clock.wait(stands.STEADY_S)
            for name, watching, stand in everybody:
                before = len(_ticks([watching.folder / "ticks"]))
                stand.restart()
                self.clock.wait(0.2)
                self._kept["gap", name].append(_longest_ms([watching.folder / "ticks"], before))
            self.clock.wait(stands.STEADY_S)
            for name, watching, _stand in everybody:
                pid, begun_s = watching.pid(), self.clock.monotonic()
                psutil.Process(pid).kill()
                watching.works(other_than=pid)
                self._kept["crash", name].append(self._since_ms(begun_s))

    def _idle_round(self) -> None:
        """Everybody watches four programs that sleep."""
        with self._beside(lambda _: ["/bin/sleep", "100000"], FOUR) as everybody:
            processes = [(name, stand.process()) for name, _, stand in everybody]
            for _, process in processes:
                self._until("its programs run", lambda process=process: len(process.children()) >= FOUR)  # type: ignore[misc]
            self.clock.wait(stands.STEADY_S)
            before = {name: sum(process.cpu_times()[:2]) for name, process in processes}
            self.clock.wait(IDLE_S)
            for name, process in processes:
                self._kept["memory", name].append(process.memory_info().rss / _MIB)
                spent_s = sum(process.cpu_times()[:2]) - before[name]
                self._kept["idle", name].append(spent_s * 1000 * 60 / IDLE_S)

    @contextmanager
    def _beside(self, command: Callable[[Path], Sequence[str]], count: int = 1) -> Iterator[list[tuple[str, Watching, Stand]]]:
        """Ours and every peer, each in a folder of its own."""
        with ExitStack() as open_ones:
            out: list[tuple[str, Watching, Stand]] = []
            for name in (OURS, *self._peers):
                watching = open_ones.enter_context(self.watching())
                names = ["robot"] if count == 1 else [f"idle{n}" for n in range(count)]
                commands = {one: command(watching.folder) for one in names}
                stand: AbstractContextManager[Stand] = (
                    stands.ours(watching, commands) if name == OURS else stands.peer(name, watching, commands)
                )
                out.append((name, watching, open_ones.enter_context(stand)))
            yield out

    # -- ours alone ------------------------------------------------------------------------------------------------------

    def hang(self) -> float:
        """One of many hangs in a loop, in a step that promised two seconds: from its last sign to its successor at work."""
        return self._next("hang", lambda: self._hangs(2.0, together=False))

    def hang_default(self) -> float:
        """All of many hang at once, waiting for something that never comes, in a step that promised nothing of its own."""
        return self._next("default", lambda: self._hangs(45.0, together=True))

    def _hangs(self, promise_s: float, *, together: bool) -> list[float]:
        with self.watching() as watching:
            folders = self._folders(watching)
            commands = {folder.name: stands.robot(folder, promise_s, CALM_S) for folder in folders}
            with stands.ours(watching, commands):
                every = [Watching(folder, self.clock, watching.environ) for folder in folders]
                pids = [one.works() for one in every]
                self.clock.wait(SETTLE_S)
                out = []
                for one, pid in zip(every, pids, strict=True):
                    (one.folder / ("halt" if together else "hang")).touch()
                    if not together:
                        out.append(self._hung_ms(one, pid))
                return out or [self._hung_ms(one, pid) for one, pid in zip(every, pids, strict=True)]

    def _hung_ms(self, one: Watching, pid: int) -> float:
        """Its successor writes down when it works, so that many at once are not measured late."""
        one.works(other_than=pid)
        return (float((one.folder / "since").read_text("ascii")) - float((one.folder / "hung").read_text("ascii"))) * 1000

    def guard_killed(self) -> float:
        """Kill the guard, do what the system does then, and count until its programs are in care again."""
        with self.watching() as watching, stands.ours(watching, {"robot": stands.robot(watching.folder)}) as ours:
            pid = watching.works()
            guard = ours.process()
            begun_s = self.clock.monotonic()
            guard.kill()
            self._until("the guard is gone", lambda: _dead(guard))
            watching.call([sys.executable, "-m", "onbam", "--home", str(watching.folder), "ensure"])
            self._until("the same robot is in care", lambda: _in_care(ours) == pid)
            return self._since_ms(begun_s)

    def gap_of_two(self) -> float:
        """Two programs of a kind in the morning's round."""
        return self._next("two", self._rounds_of_two)

    def _rounds_of_two(self) -> list[float]:
        with self.watching() as watching:
            folders = self._folders(watching, 2)
            files = [folder / "ticks" for folder in folders]
            with stands.ours(watching, {folder.name: stands.robot(folder) for folder in folders}) as ours:
                self._until("both work", lambda: all((folder / "works").exists() for folder in folders))
                out: list[float] = []
                while len(out) < self._rounds:
                    self.clock.wait(SETTLE_S)
                    before = len(_ticks(files))
                    ask(ours.caller, "renew", names=[], who="bench")
                    self._until("the round is over", lambda: _renewed(watching) > len(out))
                    out.append(_longest_ms(files, before))
                return out

    def order_on_the_same_pc(self) -> float:
        """The guard starts a successor, which finds what its predecessor held."""
        return self._next("same", self._orders_on_the_same_pc)

    def _orders_on_the_same_pc(self) -> list[float]:
        with self.watching() as watching:
            folders = self._folders(watching)
            commands = {folder.name: stands.claimer(folder, _database(folder), "PC-A") for folder in folders}
            with stands.ours(watching, commands):
                every = [Watching(folder, self.clock, watching.environ) for folder in folders]
                pids = [one.works() for one in every]
                out = []
                for one, pid in zip(every, pids, strict=True):
                    begun_s = self.clock.monotonic()
                    psutil.Process(pid).kill()
                    one.works(other_than=pid)
                    out.append(self._since_ms(begun_s))
                return out

    def order_on_another_pc(self) -> float:
        """Nobody tells the other one; the lease of the dead has to end."""
        return self._next("another", self._orders_on_another_pc)

    def _orders_on_another_pc(self) -> list[float]:
        with self.watching() as watching:
            homes = self._folders(watching)
            for home in homes:
                (home / "b").mkdir()
            first = [Watching(home, self.clock, watching.environ) for home in homes]
            second = [Watching(home / "b", self.clock, watching.environ) for home in homes]
            holders = [watching.spawn(stands.claimer(home, _database(home), "PC-A")) for home in homes]
            for one in first:
                one.works()
            others = [watching.spawn(stands.claimer(home / "b", _database(home), "PC-B")) for home in homes]
            self._until("they look", lambda: all((one.folder / "looks").exists() for one in second))
            begun = []
            for holder in holders:
                begun.append(self.clock.monotonic())
                holder.kill()
            out = []
            for one, begun_s in zip(second, begun, strict=True):
                one.works()
                out.append((float((one.folder / "since").read_text("ascii")) - begun_s) * 1000)
            for process in (*holders, *others):
                process.kill()
                process.wait()
            return out

    def ensure(self, ours: Ours) -> float:
        """The system's five-minute call, where all is well."""
        return self._tools.timed([sys.executable, "-m", "onbam", "--home", str(ours.folder), "ensure"])

    # -- nobody is ended by mistake --------------------------------------------------------------------------------------

    @contextmanager
    def slow_programs(self, minutes: float) -> Iterator[Callable[[], Result]]:
        """Slow but healthy programs beside everything else; asked, it waits for the end of the time and counts the ended."""
        with self.watching() as watching:
            commands = {}
            for name, promise_s, step_s in SLOW_STEPS:
                (watching.folder / name).mkdir()
                commands[name] = stands.robot(watching.folder / name, promise_s, step_s)
            with stands.ours(watching, commands):
                begun_s = self.clock.monotonic()

                def counted() -> Result:
                    self.clock.wait(max(0.0, minutes * 60 - (self.clock.monotonic() - begun_s)))
                    events = list(read(watching.folder / "data" / "run"))
                    count = float(sum(told.what in ("process.stuck", "process.died") for told in events))
                    took = (self.clock.monotonic() - begun_s) / 60
                    return Result(say.MISTAKES(minutes=took), "count", count, (count, count), 0.0)

                yield counted

    # -- inside ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def watching(self) -> Iterator[Watching]:
        """A folder of its own."""
        with tempfile.TemporaryDirectory(prefix="r", dir=self._tools.folder, ignore_cleanup_errors=True) as folder:
            yield Watching(Path(folder), self.clock, self._tools.surroundings())

    def healthy(self, watching: Watching) -> AbstractContextManager[Ours]:
        """A guard with one robot that works."""
        return stands.ours(watching, {"robot": stands.robot(watching.folder, step_s=CALM_S)})

    def _next(self, name: str, gather: Callable[[], list[float]]) -> float:
        """One sample of those that are taken together."""
        kept = self._kept[name, OURS]
        if not kept:
            kept.extend(gather())
        return kept.popleft()

    def _folders(self, watching: Watching, count: int = 0) -> list[Path]:
        folders = [watching.folder / f"robot{n}" for n in range(count or self._rounds)]
        for folder in folders:
            folder.mkdir()
        return folders

    def _since_ms(self, begun_s: float) -> float:
        return (self.clock.monotonic() - begun_s) * 1000

    def _until(self, what: str, is_so: Callable[[], bool]) -> None:
        Watching(Path(), self.clock, {}).until(what, is_so)


def _database(folder: Path) -> str:
    return f"sqlite:///{(folder / 'shop.db').as_posix()}"


def _in_care(ours: Ours) -> int:
    """The robot the guard of this folder has now; 0 while none answers."""
    try:
        programs = ask(ours.caller, "status")["processes"]
    except OnbamError:
        return 0
    return next((int(one["pid"] or 0) for one in programs), 0)


def _dead(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def _renewed(watching: Watching) -> int:
    return sum(told.what == "guard.renewed" for told in read(watching.folder / "data" / "run"))


def _ticks(files: Sequence[Path]) -> list[float]:
    return sorted(float(line) for path in files for line in path.read_text("ascii").splitlines() if line.strip())


def _longest_ms(files: Sequence[Path], since: int) -> float:
    """The longest stretch between two ticks, whoever ticked, from so many ticks on."""
    return max((after - before for before, after in pairwise(_ticks(files)[max(0, since - 1) :])), default=0.0) * 1000
