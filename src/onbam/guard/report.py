"""What the guard tells the rest of the house: one bounded file of events, since it cannot touch the database.

For: the guard, which writes; a service of another process (`read`), which turns them into lines of the journal and notices.
Promises: each event has a number that only grows, so that a reader misses none and takes none twice; the file never grows
beyond two halves; what a full disk refuses is kept in memory and written later.
Refuses: to wait for a reader.
"""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from onbam.kernel.clock import Clock
from onbam.kernel.words import Lang, Said

NAME: Final = "events.jsonl"
OLDER_NAME: Final = "events.1.jsonl"
TAKEN: Final = "events.taken"
"""The number a reader took last."""
LEFT: Final = "news.left"
"""There while whoever carries the news could not deliver all of it outside."""
FILE_BYTES: Final = 512 * 1024
WAITING_MAX: Final = 500
TAIL_BYTES: Final = 16 * 1024
"""Enough for the last few events: the longest is well below it."""

Severity = Literal["info", "warn", "urgent"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What a person must know, in the shape of a notice."""

    key: str
    severity: Severity
    title: Said
    advice: Said


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a program, as a line of the journal has it: what, of which thing, why."""

    what: str
    """`process.started`, `process.died`, `process.stuck`, `process.stopped`, `guard.started`, …"""
    key: str
    """The program's name; the guard's own is `guard`."""
    why: Said
    data: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    cause: Cause | None = None
    """Opens (or counts once more on) a notice."""
    resolves: str = ""
    """The key of a notice whose cause is gone."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a reader gets it."""

    n: int
    at: str
    """ISO, UTC."""
    what: str
    kind: str
    """`process` or `guard`: with `key`, of which thing the journal's line is."""
    key: str
    who: str
    why: Mapping[Lang, str]
    data: Mapping[str, Any]
    cause: Mapping[str, Any] | None
    """`key`, `severity`, `title` and `advice` (each in both languages) of a notice to open."""
    resolves: str

    @property
    def is_notable(self) -> bool:
        """Whether it opens or ends a notice."""
        return self.cause is not None or bool(self.resolves)


class Reporter:
    """The writing end."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._waiting: deque[str] = deque(maxlen=WAITING_MAX)
        self._n = _last_number(folder)
        self.notable = 0
        """The number of the last event that opened or ended a notice."""

    def tell(self, event: Event) -> None:
        """Write it down; a disk that refuses is tried again with the next one."""
        self._n += 1
        if event.cause is not None or event.resolves:
            self.notable = self._n
        cause = None
        if event.cause is not None:
            title, advice = event.cause.title.both(), event.cause.advice.both()
            cause = {"key": event.cause.key, "severity": event.cause.severity, "title": title, "advice": advice}
        line = {
            "n": self._n,
            "at": self._clock.now().isoformat(timespec="milliseconds"),
            "what": event.what,
            "kind": "guard" if event.key == "guard" else "process",
            "key": event.key,
            "who": "system:guard",
            "why": event.why.both(),
            "data": dict(event.data),
            "cause": cause,
            "resolves": event.resolves,
        }
        self._waiting.append(json.dumps(line, ensure_ascii=False))
        self.flush()

    def flush(self) -> None:
        """Write what is still waiting."""
        path = self._folder / NAME
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size > FILE_BYTES:
                path.replace(self._folder / OLDER_NAME)
            with path.open("ab") as file:
                while self._waiting:
                    data = f"{self._waiting[0]}\n".encode()
                    if file.tell() and not _ends_whole(path):
                        data = b"\n" + data  # what a full disk cut off stays a line of its own
                    file.write(data)
                    file.flush()
                    self._waiting.popleft()


def read(folder: Path, after: int = 0) -> Iterator[Told]:
    """The events with a greater number, in order; half-written lines are passed over."""
    for name in (OLDER_NAME, NAME):
        try:
            text = (folder / name).read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        for line in text.splitlines():
            with contextlib.suppress(ValueError, TypeError):
                told = Told(**json.loads(line))
                if told.n > after:
                    yield told


def taken(folder: Path) -> int:
    """How far a reader came."""
    with contextlib.suppress(OSError, ValueError):
        return int((folder / TAKEN).read_text("ascii"))
    return 0


def _last_number(folder: Path) -> int:
    """Where the numbers go on, from the ends of the two files."""
    last = 0
    for name in (OLDER_NAME, NAME):
        with contextlib.suppress(OSError), (folder / name).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - TAIL_BYTES))
            for line in file.read().splitlines():
                with contextlib.suppress(ValueError, TypeError, KeyError):
                    last = max(last, int(json.loads(line)["n"]))
    return last


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"
