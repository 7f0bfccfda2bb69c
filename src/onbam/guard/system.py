"""What the guard asks of the operating system, and which one this is.

For: the guard's loop; `posix.py` and `windows.py` answer.
Promises: a process is meant by its number **and** its start, so that a number given to somebody else later means nobody; what
is ended is what we started and what came of it, never anything by name.
Refuses: to end the standing services a program leaves behind on purpose (`SPARED`).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, cast

if TYPE_CHECKING:  # whoever only looks (`ensure`) starts nothing
    import subprocess

SPARED: Final = frozenset({"postgres", "postgres.exe", "pg_ctl.exe"})
"""Programs that outlive whoever started them on purpose: our own database server. Names spare, they never end."""


class Member(NamedTuple):
    """One process of a family."""

    pid: int
    start: str
    name: str
    run: str = ""
    """Which start of a program it came from, as far as its environment tells."""


class Started(Protocol):
    """A process we started or took over."""

    pid: int
    start: str

    def wait(self) -> int | None:
        """Block until it ended; its exit code (negative: the signal), none when it was not ours to know."""
        ...


class Output(Protocol):
    """Where a process's output comes out."""

    def read(self) -> bytes:
        """Block for some of it; empty at its end."""
        ...

    def close(self) -> None:
        """Let it go; a blocked `read` returns."""
        ...


class Seat(Protocol):
    """A place only one process of this PC can have, given back by the system when it dies."""

    def leave(self) -> None:
        """Give it back."""
        ...


class System(Protocol):
    """The operating system."""

    adopts: bool
    """Whether children outlive a guard that was killed, so that the next one can take them over."""

    def prepare(self) -> None:
        """Make this process the one that orphans of our programs come to."""
        ...

    def start(self, command: tuple[str, ...] | str, cwd: str, env: Mapping[str, str], out: Path) -> tuple[Started, Output]:
        """Start a program in a family of its own; raises `OSError`. `out` is where its output can be found again."""
        ...

    def adopt(self, pid: int, start: str, out: Path) -> tuple[Started, Output] | None:
        """Take over a process of an earlier guard; nothing when it is gone."""
        ...

    def ask(self, pid: int, start: str, stop: Path) -> None:
        """Ask a process to end: by signal where that arrives, by a file anyway."""
        ...

    def stacks(self, pid: int, start: str, dump: Path) -> None:
        """Ask a process that said it can to write its stacks."""
        ...

    def family(self, run: str, pid: int, start: str) -> list[Member]:
        """A process, its descendants, and whatever came of this run and moved away."""
        ...

    def end(self, members: Collection[Member]) -> None:
        """End them at once."""
        ...

    def alive(self, pid: int, start: str) -> bool:
        """Whether this very process still runs; a zombie does not."""
        ...

    def orphans(self) -> list[Member]:
        """Processes that came to us when their parents ended; those that ended are taken note of."""
        ...

    def marked(self, prefix: str) -> list[Member]:
        """Every process whose run begins like this: what an earlier guard of the same folder may have left."""
        ...

    def memory_mb(self, families: Sequence[tuple[str, int, str]]) -> list[int]:
        """What each of these families (run, number, start) holds in memory, by one look."""
        ...

    def asleep_s(self) -> float:
        """Seconds this PC slept since it was started, as far as the system tells."""
        ...

    def seat(self, key: str) -> Seat | None:
        """Take a place; nothing when somebody has it."""
        ...

    def detached(self) -> Sequence[Mapping[str, object]]:
        """How `subprocess.Popen` starts a process that outlives this one and its terminal; the best way first."""
        ...


def start_detached(system: System, command: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """Start it in the best way that is allowed: Windows lets nobody out of some jobs. Raises `OSError`."""
    import subprocess

    *ways, last = system.detached()
    for way in ways:
        with contextlib.suppress(PermissionError):
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, **how, **cast("Any", way))  # noqa: S603 -- our own words
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, **how, **cast("Any", last))  # noqa: S603 -- the same


def interpreter() -> str:
    """This Python with a console: a guard without one would have Windows open a window for each program it starts."""
    own = Path(sys.executable)
    beside = own.with_name("python.exe")
    return str(beside) if own.name.lower() == "pythonw.exe" and beside.exists() else sys.executable


def this_system() -> System:
    """The one we run on."""
    if sys.platform == "win32":
        from onbam.guard.windows import Windows

        return Windows()
    else:  # noqa: RET505 -- a type checker for one platform follows if and else
        from onbam.guard.posix import Posix

        return Posix()
