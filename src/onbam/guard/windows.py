"""Processes on Windows: job objects, Ctrl+Break, mutexes.

For: the guard on Windows.
Promises: every program starts inside a job of its own before it can run a line, so that nothing it starts can leave the family;
the job ends with the guard, also when the guard is killed, so that a second guard never meets the first one's children.
Refuses: to be used elsewhere. Checked by types and by reading; no Windows machine has run it yet.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import contextlib
    import ctypes
    import os
    import signal
    import subprocess
    from collections.abc import Collection, Mapping, Sequence
    from ctypes import wintypes
    from pathlib import Path
    from typing import Any, Final

    import psutil

    from onbam.guard.system import SPARED, Member, Output, Seat, Started
    from onbam.kernel.beats import start_mark

    CREATE_SUSPENDED: Final = 0x4
    CREATE_NEW_PROCESS_GROUP: Final = 0x200
    CREATE_NO_WINDOW: Final = 0x08000000
    CREATE_BREAKAWAY_FROM_JOB: Final = 0x01000000
    KILL_ON_JOB_CLOSE: Final = 0x2000
    ACCOUNTING: Final = 1
    EXTENDED_LIMITS: Final = 9
    PROCESS_TERMINATE: Final = 0x1
    SYNCHRONIZE: Final = 0x100000
    ALREADY_EXISTS: Final = 183
    INFINITE: Final = 0xFFFFFFFF
    ENDED: Final = 1
    READ_BYTES: Final = 1 << 16

    class _Basic(ctypes.Structure):
        _fields_ = (
            ("per_process_time", wintypes.LARGE_INTEGER),
            ("per_job_time", wintypes.LARGE_INTEGER),
            ("limit_flags", wintypes.DWORD),
            ("minimum_working_set", ctypes.c_size_t),
            ("maximum_working_set", ctypes.c_size_t),
            ("active_process_limit", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority_class", wintypes.DWORD),
            ("scheduling_class", wintypes.DWORD),
        )

    class _Extended(ctypes.Structure):
        _fields_ = (
            ("basic", _Basic),
            ("io", ctypes.c_ulonglong * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process", ctypes.c_size_t),
            ("peak_job", ctypes.c_size_t),
        )

    class _Accounting(ctypes.Structure):
        _fields_ = (
            ("times", wintypes.LARGE_INTEGER * 4),
            ("page_faults", wintypes.DWORD),
            ("total_processes", wintypes.DWORD),
            ("active_processes", wintypes.DWORD),
            ("terminated_processes", wintypes.DWORD),
        )

    def _kernel() -> Any:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        pointer, size = ctypes.c_void_p, wintypes.DWORD
        kernel.QueryInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, pointer, size, pointer)
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel.TerminateProcess.argtypes = (wintypes.HANDLE, wintypes.UINT)
        kernel.WaitForSingleObject.argtypes = (wintypes.HANDLE, wintypes.DWORD)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        kernel.CreateMutexW.restype = wintypes.HANDLE
        kernel.CreateMutexW.argtypes = (ctypes.c_void_p, wintypes.BOOL, wintypes.LPCWSTR)
        return kernel

    class Own:
        """A child of this process, with the job its family lives in."""

        def __init__(self, process: subprocess.Popen[bytes], job: int) -> None:
            self._process, self.job = process, job
            self.pid, self.start = process.pid, start_mark(process.pid)

        def wait(self) -> int | None:
            """Its exit code."""
            return self._process.wait()

    class Pipe:
        """The reading end of an anonymous pipe."""

        def __init__(self, process: subprocess.Popen[bytes]) -> None:
            assert process.stdout is not None
            self._file = process.stdout

        def read(self) -> bytes:
            """Block for some."""
            try:
                return os.read(self._file.fileno(), READ_BYTES)
            except (OSError, ValueError):
                return b""

        def close(self) -> None:
            """Nothing is left that could hold it: the job has ended."""

    def _memory(pid: int) -> int:
        try:
            return int(psutil.Process(pid).memory_info().rss)
        except psutil.Error:
            return 0

    class Mutex:
        """A name in the kernel's own list."""

        def __init__(self, kernel: Any, handle: int) -> None:
            self._kernel, self._handle = kernel, handle

        def leave(self) -> None:
            """Give it back."""
            self._kernel.CloseHandle(self._handle)

    class Windows:
        """Windows."""

        adopts = False

        def __init__(self) -> None:
            self._kernel = _kernel()
            self._jobs: dict[tuple[int, str], int] = {}

        def prepare(self) -> None:
            """Each program has its job; nothing comes to us."""

        def start(self, command: tuple[str, ...] | str, cwd: str, env: Mapping[str, str], out: Path) -> tuple[Started, Output]:
            """Held still until it is in its job."""
            del out
            process = subprocess.Popen(  # noqa: S603 -- the shop's own command
                command,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                creationflags=CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP,
            )
            try:
                job = self._fence(process)
            except OSError:
                process.kill()
                raise
            ctypes.WinDLL("ntdll").NtResumeProcess(wintypes.HANDLE(int(process._handle)))  # type: ignore[attr-defined]  # noqa: SLF001 -- Popen offers no other way
            own = Own(process, job)
            self._jobs[(own.pid, own.start)] = job
            return own, Pipe(process)

        def _fence(self, process: subprocess.Popen[bytes]) -> int:
            job = self._kernel.CreateJobObjectW(None, None)
            if not job:
                raise ctypes.WinError(ctypes.get_last_error())
            limits = _Extended()
            limits.basic.limit_flags = KILL_ON_JOB_CLOSE
            size = ctypes.sizeof(limits)
            handle = int(process._handle)  # type: ignore[attr-defined]  # noqa: SLF001 -- the same
            ok = self._kernel.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(limits), size)
            if not ok or not self._kernel.AssignProcessToJobObject(job, handle):
                error = ctypes.WinError(ctypes.get_last_error())
                self._kernel.CloseHandle(job)
                raise error
            return int(job)

        def adopt(self, pid: int, start: str, out: Path) -> tuple[Started, Output] | None:
            """A killed guard takes its jobs along: there is nobody to take over."""
            del pid, start, out
            return None

        def ask(self, pid: int, start: str, stop: Path) -> None:
            """Ctrl+Break where we share a console, and a file in any case."""
            with contextlib.suppress(OSError):
                stop.touch()
            if self.alive(pid, start):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.CTRL_BREAK_EVENT)

        def stacks(self, pid: int, start: str, dump: Path) -> None:
            """By a file: there is no signal for it."""
            if self.alive(pid, start):
                with contextlib.suppress(OSError):
                    dump.touch()

        def family(self, run: str, pid: int, start: str) -> list[Member]:
            """The program and its descendants; who moved away is still in the job and ends with it."""
            out = [Member(pid, start, "", run)] if self._is_peopled(pid, start) else []
            with contextlib.suppress(psutil.Error):
                if start_mark(pid) == start:
                    children = psutil.Process(pid).children(recursive=True)
                    out += [Member(child.pid, start_mark(child.pid), child.name(), run) for child in children]
            return [member for member in out if member.name not in SPARED]

        def _is_peopled(self, pid: int, start: str) -> bool:
            """Whether anything is left in its job; an empty one is let go of."""
            job = self._jobs.get((pid, start))
            if job is None:
                return False
            facts = _Accounting()
            asked = self._kernel.QueryInformationJobObject(job, ACCOUNTING, ctypes.byref(facts), ctypes.sizeof(facts), None)
            if not asked or facts.active_processes:
                return True
            if self._jobs.pop((pid, start), None) is not None:
                self._kernel.CloseHandle(job)
            return False

        def end(self, members: Collection[Member]) -> None:
            """The whole job where we have one, else process by process."""
            for member in members:
                job = self._jobs.pop((member.pid, member.start), None)
                if job is not None:
                    self._kernel.TerminateJobObject(job, ENDED)
                    self._kernel.CloseHandle(job)
                elif member.start and start_mark(member.pid) == member.start:
                    handle = self._kernel.OpenProcess(PROCESS_TERMINATE, False, member.pid)
                    if handle:
                        self._kernel.TerminateProcess(handle, ENDED)
                        self._kernel.CloseHandle(handle)

        def alive(self, pid: int, start: str) -> bool:
            """The same number and the same beginning."""
            return start != "" and start_mark(pid) == start

        def orphans(self) -> list[Member]:
            """Jobs leave none."""
            return []

        def marked(self, prefix: str) -> list[Member]:
            """Nothing outlives the guard's jobs."""
            del prefix
            return []

        def memory_mb(self, families: Sequence[tuple[str, int, str]]) -> list[int]:
            """What each family holds in memory."""
            return [sum(_memory(member.pid) for member in self.family(*family)) >> 20 for family in families]

        def asleep_s(self) -> float:
            """Not told apart here; the guard's own lateness tells."""
            return 0.0

        def seat(self, key: str) -> Seat | None:
            """A mutex of the whole machine."""
            handle = self._kernel.CreateMutexW(None, True, f"Global\\onbam-{key}")
            if not handle or ctypes.get_last_error() == ALREADY_EXISTS:
                if handle:
                    self._kernel.CloseHandle(handle)
                return None
            return Mutex(self._kernel, handle)

        def detached(self) -> Sequence[Mapping[str, object]]:
            """A console nobody sees (its children share it and hear Ctrl+Break), outside the caller's job where it may."""
            flags = CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP
            return [{"creationflags": flags | CREATE_BREAKAWAY_FROM_JOB}, {"creationflags": flags}]
