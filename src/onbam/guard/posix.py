"""Processes on Linux and macOS: sessions, signals, named pipes.

For: the guard on these systems.
Promises: signals reach the process that was meant or nobody (by descriptor where the kernel has them); output goes through a
named pipe that the child itself keeps open, so that a killed guard breaks no child and the next one reads on; on Linux whatever
a program leaves behind comes to the guard.
Refuses: `waitpid` for anything that is not ours.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from onbam.guard.system import SPARED, Member, Output, Seat, Started
from onbam.kernel.beats import start_mark
from onbam.kernel.child import RUN

if TYPE_CHECKING:  # whoever only looks (`ensure`) starts nothing
    import subprocess

assert sys.platform != "win32"  # tells the type checker which system this module is for

PR_SET_CHILD_SUBREAPER: Final = 36
F_SETPIPE_SZ: Final = 1031
PIPE_BYTES: Final = 1 << 20
READ_BYTES: Final = 1 << 16
LOOK_EVERY_S: Final = 0.2


class Own:
    """A child of this process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid, self.start = process.pid, mark(process.pid)

    def wait(self) -> int | None:
        """Its exit code."""
        return self._process.wait()


class Foreign:
    """A child of an earlier guard."""

    def __init__(self, pid: int, start: str) -> None:
        self.pid, self.start = pid, start

    def wait(self) -> int | None:
        """Block until it is gone; how it ended was told to somebody else."""
        import select

        open_process: Any = getattr(os, "pidfd_open", None)
        with contextlib.suppress(OSError, TypeError):
            handle = open_process(self.pid)
            try:
                if mark(self.pid) == self.start:
                    select.select([handle], [], [])
            finally:
                os.close(handle)
        never = threading.Event()
        while mark(self.pid) == self.start:
            never.wait(LOOK_EVERY_S)
        return None


class Pipe:
    """The reading end of a named pipe."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle
        self._closing = False

    def read(self) -> bytes:
        """Block for some; empty when every writer is gone or the pipe is closed."""
        data = b"" if self._closing else os.read(self._handle, READ_BYTES)
        if not data:
            os.close(self._handle)
            with contextlib.suppress(OSError):
                self._path.unlink()
        return b"" if self._closing else data

    def close(self) -> None:
        """Wake a reader that is blocked because something of the program still holds the pipe."""
        self._closing = True
        with contextlib.suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)
            os.write(handle, b"\n")
            os.close(handle)


class Place:
    """A name in the kernel's own list of sockets: no file, nothing to delete."""

    def __init__(self, held: socket.socket) -> None:
        self._held = held

    def leave(self) -> None:
        """Give it back."""
        self._held.close()


class Free:
    """Where the system has no such list; the lock on the file decides alone."""

    def leave(self) -> None:
        """Nothing is held."""


class Posix:
    """Linux and macOS."""

    adopts = True

    def __init__(self) -> None:
        self._own: set[int] = set()

    def prepare(self) -> None:
        """Orphans of our programs come to us, not to the system's first process."""
        if sys.platform == "linux":
            import ctypes

            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def start(self, command: tuple[str, ...] | str, cwd: str, env: Mapping[str, str], out: Path) -> tuple[Started, Output]:
        """In a session of its own: Ctrl+C in our terminal is not for it."""
        import subprocess

        out.unlink(missing_ok=True)
        os.mkfifo(out, 0o600)
        writer = os.open(out, os.O_RDWR | os.O_CLOEXEC)
        try:
            if sys.platform == "linux":
                import fcntl

                with contextlib.suppress(OSError):
                    fcntl.fcntl(writer, F_SETPIPE_SZ, PIPE_BYTES)
            pipe = Pipe(out, os.open(out, os.O_RDONLY | os.O_CLOEXEC))
            try:
                process = subprocess.Popen(  # noqa: S603 -- the shop's own command
                    command,
                    cwd=cwd,
                    env=dict(env),
                    stdin=subprocess.DEVNULL,
                    stdout=writer,
                    stderr=writer,
                    start_new_session=True,
                )
            except OSError:
                os.close(pipe._handle)  # noqa: SLF001 -- the same module
                out.unlink(missing_ok=True)
                raise
        finally:
            os.close(writer)
        self._own.add(process.pid)
        return Own(process), pipe

    def adopt(self, pid: int, start: str, out: Path) -> tuple[Started, Output] | None:
        """Take over a process of an earlier guard; its output goes on where that one stopped reading."""
        if mark(pid) != start or not start:
            return None
        try:
            handle = os.open(out, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            os.set_blocking(handle, True)
        except OSError:
            handle = os.open(os.devnull, os.O_RDONLY)
        return Foreign(pid, start), Pipe(out, handle)

    def ask(self, pid: int, start: str, stop: Path) -> None:
        """SIGTERM, to the program itself: it knows best how to end its own."""
        del stop
        _send(pid, start, signal.SIGTERM)

    def stacks(self, pid: int, start: str, dump: Path) -> None:
        """SIGUSR1."""
        del dump
        _send(pid, start, signal.SIGUSR1)

    def family(self, run: str, pid: int, start: str) -> list[Member]:
        """By the run in their environment; for as long as its number is nobody else's also by session and descent."""
        return _family(list(_everybody()), run, pid, start)

    def end(self, members: Collection[Member]) -> None:
        """Hold all of them still first: one that is faster than us would start another."""
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for member in members:
                _send(member.pid, member.start, number)

    def alive(self, pid: int, start: str) -> bool:
        """The same number and the same start; a zombie has neither."""
        return start != "" and mark(pid) == start

    def orphans(self) -> list[Member]:
        """Whatever became our child without being started by us."""
        out = []
        for pid in _children():
            if pid in self._own:
                continue
            start = mark(pid)
            if not start:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
                continue
            name, run = _name(pid), _run(pid)
            if name not in SPARED:
                out.append(Member(pid, start, name, run))
        self._own = {pid for pid in self._own if _exists(pid)}
        return out

    def marked(self, prefix: str) -> list[Member]:
        """Whatever came of runs whose name begins like this."""
        return [one.member for one in _everybody() if one.member.run.startswith(prefix) and one.member.name not in SPARED]

    def memory_mb(self, families: Sequence[tuple[str, int, str]]) -> list[int]:
        """What each family holds in memory; shared pages count once for each process."""
        everybody = list(_everybody())
        return [sum(_memory(one.pid) for one in _family(everybody, *family)) >> 20 for family in families]

    def asleep_s(self) -> float:
        """On Linux the clock that counts sleep and the one that does not drift apart by it."""
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
        else:  # noqa: RET505 -- a type checker for one platform follows if and else
            return 0.0

    def seat(self, key: str) -> Seat | None:
        """Linux has names without files; elsewhere the lock on the file decides alone."""
        if sys.platform == "linux":
            held = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            try:
                held.bind(f"\0onbam-{key}")
            except OSError:
                held.close()
                return None
            return Place(held)
        else:  # noqa: RET505 -- the same
            del key
            return Free()

    def detached(self) -> Sequence[Mapping[str, object]]:
        """A session of its own."""
        return [{"start_new_session": True}]


class _One:
    """A process as the list of processes tells it."""

    __slots__ = ("member", "parent", "session")

    def __init__(self, member: Member, parent: int, session: int) -> None:
        self.member, self.parent, self.session = member, parent, session


if sys.platform == "linux":

    def mark(pid: int) -> str:
        """When a process began; empty when it is gone."""
        return start_mark(pid)

    def _everybody() -> Iterator[_One]:
        """Read straight from the kernel: this runs when a program is ended, and must not be slow."""
        for entry in os.listdir("/proc"):  # noqa: PTH208 -- plain names are all that is needed
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/stat", "rb") as file:  # noqa: PTH123 -- the same
                    head, _, tail = file.read(4096).rpartition(b")")
            except OSError:
                continue
            facts = tail.split()
            if facts[0] in (b"Z", b"X"):
                continue
            name = head.partition(b"(")[2].decode("utf-8", "replace")
            pid = int(entry)
            yield _One(Member(pid, facts[19].decode(), name, _run(pid)), int(facts[1]), int(facts[3]))

    def _run(pid: int) -> str:
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123 -- the same
                around = b"\0" + file.read()
        except OSError:
            return ""
        return around.partition(b"\0" + RUN.encode() + b"=")[2].partition(b"\0")[0].decode("utf-8", "replace")

    def _name(pid: int) -> str:
        try:
            with open(f"/proc/{pid}/comm", "rb") as file:  # noqa: PTH123 -- the same
                return file.read().strip().decode("utf-8", "replace")
        except OSError:
            return "?"

    def _memory(pid: int) -> int:
        try:
            with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123 -- the same
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            return 0

    def _children() -> list[int]:
        out: list[int] = []
        with contextlib.suppress(OSError):
            for task in os.listdir("/proc/self/task"):  # noqa: PTH208 -- the same
                with contextlib.suppress(OSError), open(f"/proc/self/task/{task}/children", "rb") as file:  # noqa: PTH123
                    out += [int(number) for number in file.read().split()]
        return out

else:
    import psutil  # on Linux the guard does without: it would double its memory

    def mark(pid: int) -> str:
        """When a process began, as psutil knows it; empty when it is gone."""
        try:
            process = psutil.Process(pid)
            return "" if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.3f}"
        except psutil.Error:
            return ""

    def _everybody() -> Iterator[_One]:
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                start = mark(process.pid)
                if start:
                    member = Member(process.pid, start, process.name(), _run(process.pid))
                    yield _One(member, process.ppid(), os.getsid(process.pid))

    def _run(pid: int) -> str:
        try:
            return str(psutil.Process(pid).environ().get(RUN, ""))
        except (psutil.Error, OSError):
            return ""

    def _name(pid: int) -> str:
        try:
            return str(psutil.Process(pid).name())
        except psutil.Error:
            return "?"

    def _memory(pid: int) -> int:
        try:
            return int(psutil.Process(pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _children() -> list[int]:
        return []


def _family(everybody: Sequence[_One], run: str, pid: int, start: str) -> list[Member]:
    """By the run in their environment; for as long as its number is nobody else's also by session and descent."""
    ours = {one.member.pid for one in everybody if one.member.run == run}
    now = mark(pid) if start else "?"
    if now == start:
        ours |= {one.member.pid for one in everybody if pid in (one.session, one.member.pid)}
    elif not now:  # just gone, and its number nobody's: a session of that number and of later is still its own
        ours |= {one.member.pid for one in everybody if one.session == pid and float(one.member.start) >= float(start)}
    if now in ("", start):
        grown = -1
        while grown != len(ours):
            grown = len(ours)
            ours |= {one.member.pid for one in everybody if one.parent in ours}
    ours.discard(os.getpid())
    return [one.member for one in everybody if one.member.pid in ours and one.member.name not in SPARED]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _send(pid: int, start: str, number: int) -> None:
    """A signal to this very process: a number that was given to somebody else in the meantime gets none."""
    pidfd_open: Any = getattr(os, "pidfd_open", None)
    send: Any = getattr(signal, "pidfd_send_signal", None)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if pidfd_open is None or send is None:
            if start and mark(pid) == start:
                os.kill(pid, number)
            return
        handle = pidfd_open(pid)
        try:
            if start and mark(pid) == start:
                send(handle, number)
        finally:
            os.close(handle)
