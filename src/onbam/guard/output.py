"""What a program writes to its output: kept in bounded files, the last lines at hand.

For: the guard, one reader thread a process; `onbam logs`.
Promises: a program is never held up by its own output and never fills a disk: what comes faster than the budget is counted
instead of kept; every line carries its time; secrets are taken out before anything is written; what older Korean programs write
(CP949) can be read, and nothing that is read steers the reader's terminal.
Refuses: to understand a line.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final, NamedTuple

from onbam.guard import words as say
from onbam.guard.system import Output
from onbam.kernel.clock import Clock
from onbam.kernel.logfile import MIB, Limits, Log
from onbam.kernel.words import Lang

FOLDER: Final = "process"
"""Below the logs: a folder for each program, so that one which floods pushes out nobody else's lines."""
RATE_BYTES_S: Final = 64 * 1024
"""Some seven hundred lines a second for as long as a program likes; taking secrets out of more would cost a core."""
BURST_BYTES: Final = MIB
PIECE_BYTES: Final = 32 * 1024
TAIL_BYTES: Final = 64 * 1024
TAIL_LINES: Final = 200
LINE_BYTES: Final = 16 * 1024
"""A line longer than this is cut where it is."""
UTF: Final = "utf-8"
KOREAN: Final = "cp949"
OURS: Final = "[onbam] "
"""Before a line of the guard's own in the log of a program."""
FILE_SHARE: Final = 4
"""The kept size is spread over so many files, so that making room loses a quarter at most."""
STAMP: Final = "[%Y-%m-%d %H:%M:%S] "
_STEERS: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?|[\x00-\x08\x0e-\x1f\x7f-\x9f]"
)
_PART: Final = re.compile(r"_(?P<day>\d{8})(?:\.(?P<part>\d+))?\.log\Z")


def log_folder(logs: Path, name: str) -> Path:
    """Where the output of a program is kept."""
    return logs / FOLDER / name


class Capture:
    """One process's output on its way into files."""

    def __init__(
        self,
        output: Output,
        folder: Path,
        name: str,
        *,
        clock: Clock,
        zone: tzinfo,
        lang: Lang,
        keep_mb: int,
        clean: Callable[[str], str],
        echo: Callable[[str], None] | None = None,
    ) -> None:
        self._output, self._clock, self._zone, self._lang = output, clock, zone, lang
        self._clean, self._echo = clean, echo
        lost = lambda count: self._stamp() + say.LINES_LOST(count=count).to(lang)  # noqa: E731 -- the log asks for a function
        self._log = _open(folder, name, clock, zone, keep_mb, lost)
        self._tail: deque[bytes] = deque()
        self._tail_bytes = 0
        self._tail_gate = threading.Lock()
        self._budget, self._at_s = float(BURST_BYTES), clock.monotonic()
        self._dropped = 0
        self._rest = b""
        self._thread = threading.Thread(target=self._run, name=f"output-{name}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def finish(self, limit_s: float) -> None:
        """The program ended: take what is left, then let go, also when something of it still holds the pipe."""
        self._thread.join(limit_s)
        if self._thread.is_alive():
            self._output.close()
            self._thread.join(limit_s)

    def lines(self) -> list[str]:
        """The last lines, cleaned."""
        with self._tail_gate:
            data = b"".join(self._tail)
        return self._clean(readable(data)).splitlines()[-TAIL_LINES:]

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while data := self._output.read():
            self._remember(data)
            self._take(data)
        if self._rest:
            self._keep(self._rest + b"\n")
        self._say_dropped()
        self._log.close()

    def _remember(self, data: bytes) -> None:
        with self._tail_gate:
            self._tail.append(data)
            self._tail_bytes += len(data)
            while self._tail_bytes - len(self._tail[0]) >= TAIL_BYTES:
                self._tail_bytes -= len(self._tail.popleft())

    def _take(self, data: bytes) -> None:
        """Keep it while the budget lasts."""
        now_s = self._clock.monotonic()
        self._budget = min(BURST_BYTES, self._budget + (now_s - self._at_s) * RATE_BYTES_S)
        self._at_s = now_s
        if self._budget < len(data):
            self._dropped += data.count(b"\n") + (1 if self._rest else 0)
            self._rest = b""
            return
        self._budget -= len(data)
        self._say_dropped()
        whole, newline, rest = (self._rest + data).rpartition(b"\n")
        if len(rest) > LINE_BYTES:
            cut = whole_letters(rest)
            whole, newline, rest = whole + newline + rest[:cut], b"\n", rest[cut:]
        self._rest = rest
        if whole:
            self._keep(whole + newline)

    def _say_dropped(self) -> None:
        if self._dropped:
            self._log.write(self._stamp() + say.TOO_FAST(count=self._dropped).to(self._lang))
            self._dropped = 0

    def _keep(self, data: bytes) -> None:
        stamp = self._stamp()
        text = self._clean(readable(data))
        piece: list[str] = []
        size = 0
        for line in text.splitlines():
            piece.append(f"{stamp}{line}")
            size += len(line) + len(stamp)
            if size >= PIECE_BYTES // 2:  # Korean letters take more bytes than one
                self._log.write("\n".join(piece))
                piece, size = [], 0
        if piece:
            self._log.write("\n".join(piece))
        if self._echo is not None:
            for line in text.splitlines():
                self._echo(line)

    def _stamp(self) -> str:
        return self._clock.now().astimezone(self._zone).strftime(STAMP)


def note(logs: Path, name: str, line: str, clock: Clock, zone: tzinfo, keep_mb: int) -> None:
    """One line of the guard's own among those of a program that has ended, or never began."""
    log = _open(log_folder(logs, name), name, clock, zone, keep_mb, lambda _: "")
    log.write(clock.now().astimezone(zone).strftime(STAMP) + OURS + line)
    log.close()


def _open(folder: Path, name: str, clock: Clock, zone: tzinfo, keep_mb: int, lost: Callable[[int], str]) -> Log:
    limits = Limits(keep_mb * MIB // FILE_SHARE, keep_mb * MIB)
    return Log(folder, f"{name.replace('-', '_')}.log", clock=clock, zone=zone, limits=limits, lost=lost)


# -- text out of bytes ----------------------------------------------------------------------------------------------------


def readable(data: bytes) -> str:
    """Lines as people can read them, without what steers a terminal: colours, titles, a bell, the other alphabet."""
    return _STEERS.sub("", "\n".join(decoded(line) for line in data.split(b"\n")))


def decoded(line: bytes) -> str:
    """A line in UTF-8, or as a Korean Windows writes it."""
    for name in (UTF, KOREAN):
        try:
            return line.decode(name)
        except UnicodeDecodeError:
            continue
    return line.decode(UTF, "replace")


def whole_letters(data: bytes) -> int:
    """How many bytes of a cut piece are whole letters; the rest waits for what comes."""
    for name, longest in ((UTF, 4), (KOREAN, 2)):
        for back in range(min(longest, len(data))):
            try:
                data[: len(data) - back].decode(name)
            except UnicodeDecodeError:
                continue
            return len(data) - back
    return len(data)


# -- reading back -------------------------------------------------------------------------------------------------------

PROCESS_FILES: Final = "*.log"
GUARD_FILES: Final = "guard_*.log"


class Place(NamedTuple):
    """A place in a log."""

    path: Path | None
    """None: before its first file."""
    bytes: int


@dataclass(frozen=True, slots=True)
class Family:
    """The files of one log: days and parts of days."""

    folder: Path
    pattern: str

    def files(self) -> list[Path]:
        """The oldest first."""
        named = [(path, _PART.search(path.name)) for path in self.folder.glob(self.pattern)]
        found = [(match["day"], int(match["part"] or 1), path) for path, match in named if match]
        return [path for _, _, path in sorted(found)]

    def end(self) -> Place:
        """Where the next line will be written."""
        known = self.files()
        return Place(known[-1], known[-1].stat().st_size) if known else Place(None, 0)

    def last(self, count: int, before: Place | None = None) -> list[str]:
        """The last lines (before a place), over as many files as it takes."""
        end = before or self.end()
        out: list[str] = []
        for path in reversed(self.files()):
            if len(out) >= count:
                break
            if end.path is not None and _order(path) <= _order(end.path):
                out = _end_of(path, count - len(out), end.bytes if path == end.path else None) + out
        return out[-count:] if count else []

    def follow(self, since: Place, clock: Clock, stop: threading.Event, every_s: float = 0.25) -> Iterator[str]:
        """Lines as they are written, from a place on; over days and parts."""
        path, place = since
        rest = b""
        while not stop.is_set():
            later = [one for one in self.files() if path is None or _order(one) > _order(path)]
            if path is not None and path.exists():
                with path.open("rb") as file:
                    file.seek(place)
                    data = file.read()
                place += len(data)
                *whole, rest = (rest + data).split(b"\n")
                yield from (line.decode("utf-8", "replace") for line in whole)
            if later:
                path, place, rest = later[0], 0, b""
            else:
                clock.wait(every_s, stop)


def _order(path: Path) -> tuple[str, int]:
    match = _PART.search(path.name)
    return (match["day"], int(match["part"] or 1)) if match else ("", 0)


def _end_of(path: Path, count: int, end: int | None) -> list[str]:
    """A file's last lines, read from its end, or from where it ended then."""
    block, data = 64 * 1024, b""
    try:
        with path.open("rb") as file:
            place = file.seek(0, 2) if end is None else end
            while place > 0 and data.count(b"\n") <= count:
                step = min(block, place)
                place -= step
                file.seek(place)
                data = file.read(step) + data
    except OSError:
        return []
    return data.decode("utf-8", "replace").splitlines()[-count:]
