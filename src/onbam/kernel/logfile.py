"""Appends lines to files that never fill a disk, from several processes at once.

For: the structured log, the guard's own log, one file per upload.
Promises: a line is whole or absent, whichever processes write; a new file each day (of the shop's zone) and when one is full;
the folder stays below its cap, old days go first; on a full or missing disk lines are dropped and counted, nothing is raised,
and the next line that can be written is preceded by the count.
Refuses: to rename a file somebody may have open (Windows forbids it), to delete a file whose name is not a log's.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from onbam.kernel.clock import Clock

MIB: Final = 1024 * 1024
LINE_MAX_BYTES: Final = 64 * 1024
"""A longer line is cut: one line must not be able to fill a file."""
LOOK_EVERY_S: Final = 2.0
"""How often it is checked that the open file is still the one under its name (a person may have deleted the folder)."""
MANAGED: Final = re.compile(r"(?:[a-z][a-z0-9_]*_\d{8}\w*(?:[-.]\w+)*|critical_errors(?:\.\d+)?)\.(?:json|log)\Z")
"""The names this module may delete."""
_DAY: Final = re.compile(r"_(\d{8})")

Lost = Callable[[int], str]
"""Words the line that says how many lines were lost."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a folder of logs may hold."""

    file_bytes: int = 8 * MIB
    total_bytes: int = 256 * MIB
    keep_days: int = 60


class Lines:
    """One file, appended line by line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None
        self._torn = False

    def append(self, *lines: str) -> None:
        """Write the lines in one piece: all of them or none; raises `OSError`."""
        data = b"".join(_fitting(line) for line in lines)
        if self._fd is None:
            self._fd = _open(self.path)
        if self._torn:
            data = b"\n" + data  # end what a full disk cut off
        _append(self._fd, data, self._note_torn)
        self._torn = False

    def _note_torn(self) -> None:
        self._torn = True

    def size(self) -> int:
        """Bytes so far, everybody's."""
        if self._fd is not None:
            return os.fstat(self._fd).st_size
        return self.path.stat().st_size if self.path.exists() else 0

    def still_there(self) -> bool:
        """Whether the open file is still the one under its name."""
        if self._fd is None:
            return True
        try:
            return os.path.samestat(os.fstat(self._fd), self.path.stat())
        except OSError:
            return False

    def close(self) -> None:
        """Let the file go; the next line opens it again."""
        fd, self._fd = self._fd, None
        if fd is not None:
            with contextlib.suppress(OSError):
                os.close(fd)


def _fitting(line: str) -> bytes:
    """One line's bytes, cut between two letters when it is too long."""
    data = line.encode("utf-8", "replace")
    if len(data) > LINE_MAX_BYTES:
        data = data[:LINE_MAX_BYTES].decode("utf-8", "ignore").encode()
    return data.rstrip(b"\n") + b"\n"


class Log:
    """A family of files: `app_20260113.json`, `app_20260113.2.json`, …"""

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        clock: Clock,
        zone: tzinfo,
        lost: Lost,
        limits: Limits | None = None,
        root: Path | None = None,
    ) -> None:
        """`name` as in `app.json`: what stands before and behind the date. `zone` is the shop's."""
        stem, _, suffix = name.rpartition(".")
        self._folder, self._stem, self._suffix = folder, stem, f".{suffix}"
        self._clock, self._zone, self.limits = clock, zone, limits or Limits()
        self._lost = lost
        self._root = root or folder
        """The folder the cap counts, with the folders inside it."""
        self._gate = threading.Lock()
        self._file: Lines | None = None
        self._day: date | None = None
        self._cycle = ""
        self._looked = 0.0
        self.dropped = 0
        """Lines lost since the last one that could be written."""

    @property
    def path(self) -> Path | None:
        """The file written last."""
        return self._file.path if self._file else None

    def cycle(self, label: str) -> None:
        """Begin a new file now, named by this label as well (`app_20260113_0630.json`)."""
        with self._gate:
            self._cycle = f"_{re.sub(r'[^0-9A-Za-z]', '', label)}" if label else ""
            self._drop_file()

    def write(self, line: str) -> bool:
        """Append one line; false when it was lost. Never raises for a disk's reasons."""
        with self._gate:
            try:
                file = self._ready(min(len(line.encode("utf-8", "replace")), LINE_MAX_BYTES))
                if self.dropped:
                    file.append(self._lost(self.dropped), line)
                    self.dropped = 0
                else:
                    file.append(line)
            except OSError:
                self.dropped += 1
                self._drop_file()
                return False
            return True

    def close(self) -> None:
        """Let the file go."""
        with self._gate:
            self._drop_file()

    def _drop_file(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None

    def _ready(self, coming: int) -> Lines:
        """The file for this moment: today's, with room, and still on the disk."""
        now, today = self._clock.monotonic(), self._clock.now().astimezone(self._zone).date()
        file = self._file
        if file is not None and now - self._looked >= LOOK_EVERY_S:
            self._looked = now
            if not file.still_there():
                self._drop_file()
                file = None
        if file is None or today != self._day or file.size() + coming > self.limits.file_bytes:
            if today != self._day and self._day is not None:
                self._cycle = ""
            self._drop_file()
            self._day = today
            self._file = file = self._next(coming)
        return file

    def _next(self, coming: int) -> Lines:
        """The first of today's files with room; making one also makes room in the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        assert self._day is not None
        name = f"{self._stem}_{self._day:%Y%m%d}{self._cycle}"
        number = self._last_part(name)
        while True:
            path = self._folder / f"{name}{f'.{number}' if number > 1 else ''}{self._suffix}"
            size = path.stat().st_size if path.exists() else -1
            if size < 0:
                sweep(self._root, self.limits, self._day, self.limits.file_bytes)
            if size <= 0 or size + coming <= self.limits.file_bytes:
                return Lines(path)
            number += 1

    def _last_part(self, name: str) -> int:
        """The highest number already begun: a part the cap deleted is not begun again."""
        numbers = [1]
        for path in self._folder.glob(f"{name}.*{self._suffix}"):
            number = path.name.removeprefix(f"{name}.").removesuffix(self._suffix)
            if number.isdigit():
                numbers.append(int(number))
        return max(numbers)


def append_bounded(path: Path, line: str, limits: Limits) -> None:
    """A line in a file that keeps its name; a full one is put aside under a number. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = Lines(path)
    try:
        if file.size() + len(line) > limits.file_bytes:
            _put_aside(path)
            if file.size() > 2 * limits.file_bytes:  # another process holds it open and Windows would not move it
                raise OSError(f"{path.name} is full")
        file.append(line)
    finally:
        file.close()


def _put_aside(path: Path) -> None:
    names = [other.stem.rpartition(".")[2] for other in path.parent.glob(f"{path.stem}.*{path.suffix}")]
    numbers = [int(name) for name in names if name.isdigit()]
    with contextlib.suppress(OSError):
        path.rename(path.with_name(f"{path.stem}.{max(numbers, default=0) + 1}{path.suffix}"))


def sweep(root: Path, limits: Limits, today: date, coming: int = 0) -> list[Path]:
    """Delete what is too old, then the oldest until `coming` more bytes stay below the cap; answers what was deleted."""
    found: list[tuple[float, int, Path]] = []
    for path in [*root.glob("*"), *root.glob("*/*")]:
        with contextlib.suppress(OSError):
            if MANAGED.match(path.name) and path.is_file():
                stat = path.stat()
                found.append((_age_key(path, stat.st_mtime), stat.st_size, path))
    found.sort(key=lambda entry: (entry[0], str(entry[2])))
    total = sum(size for _, size, _ in found)
    oldest = datetime.combine(today - timedelta(days=limits.keep_days), datetime.min.time(), UTC).timestamp()
    gone: list[Path] = []
    for when, size, path in found:
        if when >= oldest and total + coming <= limits.total_bytes:
            break
        with contextlib.suppress(OSError):  # open elsewhere (Windows), or deleted by another process at this moment
            path.unlink()
            gone.append(path)
            total -= size
    return gone


def _age_key(path: Path, changed: float) -> float:
    """The day in its name (a copied file has a new time), and within a day the time of its last line."""
    day = _DAY.search(path.name)
    if day is None:
        return changed
    try:
        start = datetime.strptime(day[1], "%Y%m%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return changed
    return start + min(max(changed - start, 0.0), 86_399.0)


# -- the two systems ----------------------------------------------------------------------------------------------------

if sys.platform == "win32":
    import msvcrt

    _LOCK_AT: Final = 0x7FFF_0000
    """A byte far behind every line: locking a line itself would stop its readers."""
    _TRIES: Final = 10
    """The system waits about a second between two tries; a writer that was stopped must not stop the others for ever."""

    def _open(path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_BINARY | os.O_NOINHERIT, 0o644)

    def _append(fd: int, data: bytes, torn: Callable[[], None]) -> None:
        """Windows moves to the end and writes in two acts, so writers take turns."""
        locked = False
        for _ in range(_TRIES):
            os.lseek(fd, _LOCK_AT, os.SEEK_SET)
            try:
                msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
            except OSError:
                threading.Event().wait(0.01)
                continue
            locked = True
            break
        try:
            if os.write(fd, data) != len(data):
                torn()
                raise OSError("the disk took only a part of the line")
        finally:
            if locked:
                os.lseek(fd, _LOCK_AT, os.SEEK_SET)
                msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

else:

    def _open(path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def _append(fd: int, data: bytes, torn: Callable[[], None]) -> None:
        """One write at the end is one act here; only a full disk can cut it, and then the piece is taken back."""
        written = os.write(fd, data)
        if written == len(data):
            return
        end = os.lseek(fd, 0, os.SEEK_CUR)
        if os.fstat(fd).st_size == end:  # nobody wrote behind it
            os.ftruncate(fd, end - written)
        else:
            torn()
        raise OSError("the disk took only a part of the line")
