"""Reads marks from log files of any robot, from our own logs and from the journal.

For: `onbam timeline`, also on a folder of foreign logs (`--logs`).
Promises: UTF-8, UTF-16 and the Korean code page; a line without a time belongs to the one before it; times without a zone are
the shop's; a file that cannot be read is named, not passed over; big folders are read line by line and files of other days are
not opened.
Refuses: compressed files; more lines than a limit (it says so).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from onbam.care.timeline import Mark
from onbam.journal.model import Entry
from onbam.kernel.words import Lang, heard

SUFFIXES: Final = frozenset({".log", ".txt", ".json", ".jsonl", ".out"})
LINES_MAX: Final = 500_000
TEXT_MAX: Final = 300
SNIFF_BYTES: Final = 64 * 1024
_AT: Final = re.compile(
    r"(?P<y>20\d\d)[-/.](?P<m>\d\d)[-/.](?P<d>\d\d)[T _]{1,2}(?P<h>\d\d):(?P<min>\d\d):(?P<s>\d\d)(?:[.,](?P<f>\d{1,6}))?"
    r"\s?(?P<z>Z|[+-]\d\d:?\d\d)?"
)
_TIME: Final = re.compile(r"^\W{0,3}(?P<h>\d\d):(?P<min>\d\d):(?P<s>\d\d)(?:[.,](?P<f>\d{1,6}))?")
_DAY: Final = re.compile(r"(?P<y>20\d\d)[-_]?(?P<m>\d\d)[-_]?(?P<d>\d\d)")
_LEVEL: Final = re.compile(r"\b(DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b|\[(ALERT)\]", re.IGNORECASE)
OF_GUARD: Final = re.compile(r"guard_\d{8}")
BY_GUARD: Final = "[onbam] "
"""The guard's own log, and its lines in a program's: the numbers in them are those of the programs it tells of."""
HEAD: Final = 80
_PID: Final = re.compile(r"\bpid\b\s*[:=]?\s*(\d{2,7})", re.IGNORECASE)


@dataclass(slots=True)
class Read:
    """What was found."""

    marks: list[Mark] = field(default_factory=list)
    files: int = 0
    unreadable: list[str] = field(default_factory=list)
    cut: bool = False
    """More lines than the limit."""


def read_folder(folder: Path, begins: datetime, ends: datetime, zone: ZoneInfo, *, every: timedelta = timedelta()) -> Read:
    """Every log file below a folder that may hold lines of these days; of a file's lines, one in `every`."""
    found = Read()
    if folder.is_file():
        paths: Iterable[Path] = [folder]
    else:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    for path in paths:
        name = path.name if path == folder else path.relative_to(folder).as_posix()
        if not _may_hold(path, begins, ends, zone):
            continue
        try:
            kept: datetime | None = None
            for mark in _marks(path, name, zone):
                if begins <= mark.at < ends and (kept is None or abs(mark.at - kept) >= every):
                    kept = mark.at
                    found.marks.append(mark)
                    if len(found.marks) >= LINES_MAX:
                        found.cut = True
                        return found
        except OSError as error:
            found.unreadable.append(f"{name}: {error.strerror or type(error).__name__}")
            continue
        found.files += 1
    return found


def of_journal(entries: Iterable[Entry], lang: Lang) -> Iterator[Mark]:
    """The journal's lines; what the guard told carries its own time."""
    for entry in entries:
        line = entry.line
        told = line.data.get("at")
        at = _iso(told) if isinstance(told, str) else None
        text = " ".join(filter(None, (line.what, line.key, heard(line.why).to(lang))))[:TEXT_MAX]
        level = "error" if line.what in ("process.died", "process.stuck") else ""
        moment = at or datetime.fromtimestamp(entry.at_ms / 1000, UTC)
        yield Mark(moment, line.who, text, level, "journal")  # a number in it is whom it tells of, not who wrote it


def _may_hold(path: Path, begins: datetime, ends: datetime, zone: ZoneInfo) -> bool:
    """By its last change, and by the day in its name: a file is written on its day, or a few days beyond it."""
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return True  # opening it will say why
    day = file_day(path.name)
    if day is not None and datetime(day.year, day.month, day.day, tzinfo=zone) >= ends:
        return False
    return changed >= begins or day is not None


def file_day(name: str) -> date | None:
    """The day in a file's name."""
    for found in _DAY.finditer(name):
        try:
            return date(int(found["y"]), int(found["m"]), int(found["d"]))
        except ValueError:
            continue
    return None


def _marks(path: Path, name: str, zone: ZoneInfo) -> Iterator[Mark]:
    """One file's lines that carry a time."""
    day = file_day(path.name)
    stem = re.sub(r"[-_.]*20\d\d[-_]?\d\d[-_]?\d\d.*", "", path.name) or path.stem
    if stem == path.parent.name.replace("-", "_"):  # what a program printed: its file has no hyphen, its folder is its name
        stem = path.parent.name
    before: datetime | None = None
    with path.open("r", encoding=_encoding(path), errors="replace") as lines:
        for line in lines:
            mark = _ours(line, name, day) if line.startswith("{") else None
            if mark is None:
                at = _moment(line, zone, day, before)
                if at is None:
                    continue
                mark = _foreign(line, at, stem, name, day)
            before = mark.at
            yield mark


def _ours(line: str, name: str, day: date | None) -> Mark | None:
    """A line of JSON, ours or another program's."""
    try:
        told: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    at = next((found for key in ("at", "timestamp", "time", "ts") if (found := _iso(told.get(key))) is not None), None)
    if at is None:
        return None
    text = next((str(told[key]) for key in ("event", "message", "msg", "what") if told.get(key)), "")
    who = str(told.get("process") or told.get("key") or told.get("log") or told.get("logger") or name)
    machine, pid = told.get("machine"), told.get("pid")
    shown = f"{machine}/{who}" if machine else who
    return Mark(at, shown, text[:TEXT_MAX], str(told.get("level", "")), name, pid if isinstance(pid, int) else None, day)


def _foreign(line: str, at: datetime, stem: str, name: str, day: date | None) -> Mark:
    """A line of text that carries a time."""
    level = _LEVEL.search(line)
    pid = None if OF_GUARD.match(name) or BY_GUARD in line[:HEAD] else _PID.search(line)
    shown = "error" if level and level[2] else (level[1].lower() if level else "")
    return Mark(at, stem, line.strip()[:TEXT_MAX], shown, name, int(pid[1]) if pid else None, day)


def _moment(line: str, zone: ZoneInfo, day: date | None, before: datetime | None) -> datetime | None:
    """When a line was written: a whole moment in its first part, or a time of the file's day."""
    found = _AT.search(line[:HEAD])
    if found is not None:
        return _made(found, zone, int(found["y"]), int(found["m"]), int(found["d"]), found["z"])
    short = _TIME.match(line)
    if short is None or day is None:
        return None
    at = _made(short, zone, day.year, day.month, day.day, None)
    if at is not None and before is not None and before - at > timedelta(hours=12):  # it went on after midnight
        at += timedelta(days=1)
    return at


def _made(found: re.Match[str], zone: ZoneInfo, year: int, month: int, day: int, offset: str | None) -> datetime | None:
    micro = int((found["f"] or "0").ljust(6, "0")) if found["f"] else 0
    try:
        at = datetime(year, month, day, int(found["h"]), int(found["min"]), int(found["s"]), micro, tzinfo=zone)
    except ValueError:
        return None
    if offset is not None:
        return _iso(f"{at.replace(tzinfo=None).isoformat()}{'+00:00' if offset == 'Z' else offset}")
    return at.astimezone(UTC)


def _iso(text: object) -> datetime | None:
    """An ISO moment with a zone."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None


def _encoding(path: Path) -> str:
    """By the mark at its beginning, else by what its first part can be read as."""
    with path.open("rb") as file:
        head = file.read(SNIFF_BYTES)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # not merely a letter cut in two at the end
            return "cp949"
    return "utf-8-sig"


def days_of(names: Sequence[str]) -> set[date]:
    """The days log files exist for, by their names."""
    return {day for name in names if (day := file_day(name)) is not None}
