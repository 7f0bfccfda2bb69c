"""The end of this PC's log of today.

For: the PC's page, here and from another PC.
Promises: a bounded piece of the file, the newest last, only lines with the words that were asked for, without secrets.
Refuses: to read a whole log into memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

TAIL_BYTES: Final = 256 * 1024
TAIL_LINES: Final = 200
LINE_MAX: Final = 800

Told = tuple[str, str, str]
"""When, how serious, what."""

KNOWN_HERE: Final = frozenset({"machine", "process", "log", "pid"})
"""What a page of one PC need not say on each line."""
ERROR_WORDS: Final = ("message", "kind")
"""Where an error in the log has its words, the best first."""


def tail(logs: Path, now: datetime, words: str, clean: Callable[[str], str]) -> list[Told]:
    """The last lines."""
    wanted = words.casefold()
    lines = [line for line in _end_of(logs / f"app_{now:%Y%m%d}.json") if wanted in line.casefold()]
    return [_shown(clean(line)) for line in lines[-TAIL_LINES:]]


def _end_of(path: Path) -> Sequence[str]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ()
    lines = text.splitlines()
    return lines[1:] if size > TAIL_BYTES else lines


def _shown(line: str) -> Told:
    try:
        values = json.loads(line)
        when = str(values.pop("at", values.pop("time", values.pop("timestamp", ""))))
        level, what = str(values.pop("level", "info")), str(values.pop("event", ""))
    except (ValueError, AttributeError):
        return "", "", line[:LINE_MAX]
    shown = {name: _plain(value) for name, value in values.items() if name not in KNOWN_HERE}
    rest = " ".join(f"{name}={value}" for name, value in shown.items() if value and value not in what)
    return when, level, f"{what}  {rest}".strip()[:LINE_MAX]


def _plain(value: object) -> str:
    """A value as a person reads it: of an error its last words; the whole of it stays in the log."""
    if isinstance(value, dict):
        return str(next((value[name] for name in ERROR_WORDS if value.get(name)), ""))
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    lines = str(value).strip().splitlines()
    return lines[-1] if lines else ""
