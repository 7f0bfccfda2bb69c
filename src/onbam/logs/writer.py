"""Where finished lines go: the day's file, the critical file, the terminal.

For: `start`; it is what structlog calls a logger.
Promises: one line, one write; what needs a person is also in `critical_errors.json`; a closed terminal or a full disk is
nobody's trouble but the count's.
Refuses: to look into a line: it is finished.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TextIO

from onbam.kernel.logfile import LINE_MAX_BYTES, Limits, Log, append_bounded
from onbam.logs.lines import FIRST, Line

CRITICAL_NAME: Final = "critical_errors.json"
SHORTENED: Final = 2_000
"""Letters that stay of each value of a line that would not fit."""
Draw = Callable[[Line], str]


class Writer:
    """One process's three places."""

    def __init__(self, log: Log, critical: Path, limits: Limits, console: TextIO | None, draw: Draw | None) -> None:
        self._log, self._critical, self._limits = log, critical, limits
        self._console, self._draw = console, draw
        self._gate = threading.Lock()
        self.critical_lost = 0

    def msg(self, line: Line) -> None:
        """Write it everywhere it belongs."""
        text = as_json(line)
        self._log.write(text)
        if line["level"] == "critical":
            try:
                append_bounded(self._critical, text, self._limits)
            except OSError:
                self.critical_lost += 1
        if self._console is not None and self._draw is not None:
            self._show(self._draw(line))

    debug = info = warning = error = critical = msg

    def _show(self, text: str) -> None:
        with self._gate:
            try:
                print(text, file=self._console, flush=True)
            except (OSError, ValueError):  # the terminal was closed
                self._console = None


def as_json(line: Line) -> str:
    """One object on one line, Korean as Korean; a line too long for the file is shortened value by value, so it stays JSON."""
    text = _dump(line)
    if len(text.encode("utf-8", "replace")) < LINE_MAX_BYTES:
        return text
    text = _dump({name: _short(value) for name, value in line.items()})
    if len(text.encode("utf-8", "replace")) < LINE_MAX_BYTES:
        return text
    return _dump({name: _short(line[name]) for name in FIRST if name in line} | {"cut": True})


def _dump(line: Line) -> str:
    text = json.dumps(line, ensure_ascii=False, default=_never)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def _short(value: Any) -> Any:
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_never)
    return value if len(shown) <= SHORTENED else f"{shown[:SHORTENED]}… (+{len(shown) - SHORTENED})"


def _never(thing: object) -> Any:
    raise AssertionError(f"a {type(thing).__name__} reached the log unredacted")
