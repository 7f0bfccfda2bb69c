"""Starts the log of one process.

For: `bootstrap`, once per process that works (agent, sync, hub, web, guard's own commands).
Promises: after `start` every room's lines, the warnings of libraries and errors nobody caught go to the files, through the
redactor; `stop` gives everything back as it was.
Refuses: a second start in one process; limits under which the files would delete each other.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import tzinfo
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured
from onbam.kernel.logfile import Log
from onbam.kernel.redact import Redactor
from onbam.kernel.words import Lang
from onbam.logs import words as say
from onbam.logs.library import structlog
from onbam.logs.lines import Line, Shape
from onbam.logs.settings import LogSettings
from onbam.logs.uploads import Uploads
from onbam.logs.voice import get_logger
from onbam.logs.writer import CRITICAL_NAME, Writer, as_json

APP_NAME: Final = "app.json"
FILES_IN_CAP: Final = 4
"""The cap must hold at least this many full files, or the writers of one folder would delete each other's."""


class Logs:
    """A running log."""

    def __init__(self, log: Log, writer: Writer, uploads: Uploads, per_cycle: bool, undo: Callable[[], None]) -> None:  # noqa: FBT001 -- built here only
        self._log, self._writer, self._per_cycle, self._undo = log, writer, per_cycle, undo
        self.uploads = uploads
        """`with logs.uploads.open("order:2601050229") as upload: upload.write("…")`."""

    @property
    def path(self) -> Path | None:
        """The file written last."""
        return self._log.path

    @property
    def dropped(self) -> int:
        """Lines lost and not yet reported in the file itself."""
        return self._log.dropped + self._writer.critical_lost

    def cycle(self, label: str) -> None:
        """A cycle begins; a new file too, when the settings say so."""
        if self._per_cycle:
            self._log.cycle(label)

    def stop(self) -> None:
        """Close the files and give structlog, the hooks and the standard library's log back."""
        self._undo()
        self._log.close()


def start(
    settings: LogSettings,
    home: Path,
    *,
    clock: Clock,
    zone: tzinfo,
    redactor: Redactor,
    lang: Lang,
    always: Mapping[str, Any],
    console: TextIO | None = None,
) -> Logs:
    """Start it. `always` stands on every line: machine, process; `console` is the terminal, if there is one."""
    assert not structlog.is_configured(), "the log of this process is already running"
    limits = settings.limits
    if limits.total_bytes < FILES_IN_CAP * limits.file_bytes:
        least = FILES_IN_CAP * settings.file_mb
        text = say.TOO_TIGHT(total=settings.total_mb, file=settings.file_mb, times=FILES_IN_CAP)
        raise Misconfigured(text, say.TOO_TIGHT_HINT(least=least))
    folder = home / settings.folder
    shape = Shape(clock, redactor, lang, {**always, "pid": os.getpid()})

    def lost(count: int) -> str:
        return as_json(shape.line("error", {"event": say.LOST(count=count), "log": "logs", "lost": count}))

    log = Log(folder, APP_NAME, clock=clock, zone=zone, limits=limits, lost=lost)
    writer = Writer(log, folder / CRITICAL_NAME, limits, *_console(settings, console))
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, shape],
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        logger_factory=lambda *_: writer,
        cache_logger_on_first_use=False,
    )
    uploads = Uploads(folder, clock=clock, zone=zone, limits=limits, redactor=redactor, lang=lang)
    return Logs(log, writer, uploads, settings.file_per == "cycle", _listen(redactor, console))


def _console(settings: LogSettings, console: TextIO | None) -> tuple[TextIO | None, Callable[[Line], str] | None]:
    """The terminal and how a line is drawn on it."""
    wanted = settings.console
    terminal = console is not None and console.isatty()
    if console is None or wanted == "off" or (wanted == "auto" and not terminal):
        return None, None
    if wanted == "json":
        return console, as_json
    draw = structlog.dev.ConsoleRenderer(colors=terminal, timestamp_key="at", exception_formatter=structlog.dev.plain_traceback)

    def pretty(line: Line) -> str:
        quiet = {name: value for name, value in line.items() if name not in ("pid", "process", "machine", "agent")}
        quiet["logger"] = quiet.pop("log", "")
        error = quiet.pop("error", None)
        trace = error.get("trace") if isinstance(error, dict) else error
        return draw(None, line["level"], quiet) + (f"\n{trace}" if trace else "")

    return console, pretty


class _Bridge(logging.Handler):
    """What libraries say through the standard library's log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass it on."""
        level = {logging.CRITICAL: "error"}.get(record.levelno, logging.getLevelName(record.levelno).lower())
        voice = get_logger(record.name)
        error = record.exc_info[1] if record.exc_info else None
        say_it = getattr(voice, level, voice.info)
        say_it(record.getMessage(), **({"error": error} if error is not None else {}))


def _listen(redactor: Redactor, console: TextIO | None) -> Callable[[], None]:
    """Hear libraries and uncaught errors; answers how to stop hearing them."""
    bridge, root = _Bridge(logging.WARNING), logging.getLogger()
    hook, thread_hook = sys.excepthook, threading.excepthook
    voice = get_logger("process")

    def uncaught(kind: type[BaseException], error: BaseException | None, _: TracebackType | None) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
            return
        voice.critical(say.UNCAUGHT, error=error)
        if console is not None and not console.closed:
            print(redactor.trace(error), file=console)

    root.addHandler(bridge)
    logging.captureWarnings(True)
    sys.excepthook = uncaught
    threading.excepthook = lambda args: uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def undo() -> None:
        root.removeHandler(bridge)
        logging.captureWarnings(False)
        sys.excepthook, threading.excepthook = hook, thread_hook
        structlog.reset_defaults()

    return undo
