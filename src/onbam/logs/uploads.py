"""One readable file for each upload to the ERP.

For: the uploading step: what was sent, what came back, in the order it happened; a person opens it beside the ERP's screen.
Promises: `uploader/erp_upload_<date>_<time>_<item>.log`; each file and the whole folder stay below the log's limits; secrets
never come through; a disk that is full costs lines only.
Refuses: to be read by a program: the same facts stand in the journal.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from onbam.kernel.clock import Clock
from onbam.kernel.errors import OnbamError, OutcomeUnknown
from onbam.kernel.logfile import Limits, Lines, sweep
from onbam.kernel.redact import Redactor
from onbam.kernel.words import Lang, Said, Text
from onbam.logs import words as say

FOLDER: Final = "uploader"
STEM: Final = "erp_upload"
LONGEST_ITEM: Final = 60


class Uploads:
    """Begins a file for each upload."""

    def __init__(self, folder: Path, *, clock: Clock, zone: tzinfo, limits: Limits, redactor: Redactor, lang: Lang) -> None:
        self._folder, self._clock, self._zone, self._limits = folder, clock, zone, limits
        self._redactor, self._lang = redactor, lang
        self._gate = threading.Lock()
        self._swept: date | None = None
        self._room = 0
        """So much may still be written before room is made again."""

    def open(self, item: str) -> UploadLog:
        """The file of this upload of this item."""
        now = self._clock.now().astimezone(self._zone)
        with suppress(OSError):  # the lines will be lost and counted
            self._make_room(now.date())
            (self._folder / FOLDER).mkdir(parents=True, exist_ok=True)
        safe = (
            re.sub(r"[^0-9A-Za-z가-힣_]+", "-", self._redactor.text(item).rpartition(":")[2]).strip("-")[:LONGEST_ITEM]
            or "item"
        )
        path = self._folder / FOLDER / f"{STEM}_{now:%Y%m%d_%H%M%S}_{safe}.log"
        return UploadLog(path, self._clock, self._zone, self._limits.file_bytes, self._redactor, self._lang, self._count)

    def _make_room(self, today: date) -> None:
        """Once a day, and once what was written since has used up the room that was made: a look at a folder full of files
        would cost more than the upload.
        """
        with self._gate:
            if today == self._swept and self._room > 0:
                return
            self._swept, self._room = today, self._limits.file_bytes
        sweep(self._folder, self._limits, today, self._limits.file_bytes)

    def _count(self, size: int) -> None:
        with self._gate:
            self._room -= size


class UploadLog:
    """One upload's file."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        zone: tzinfo,
        limit: int,
        redactor: Redactor,
        lang: Lang,
        count: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`count` is told of every byte."""
        self.path = path
        self._count = count
        self._file, self._clock, self._zone = Lines(path), clock, zone
        self._limit, self._redactor, self._lang = limit, redactor, lang
        self._room = limit
        self._waiting = ""
        """The first line, until the second one comes: they are written together."""
        self.dropped = 0

    def write(self, what: str | Said | Text, /, **values: object) -> None:
        """One line: local time, text, values."""
        self._append(self._line(what, values))

    def _line(self, what: str | Said | Text, values: Mapping[str, object]) -> str:
        said = what if isinstance(what, str) else what.to(self._lang)
        shown = " ".join([f"{name}={value}" for name, value in self._redactor.value(values).items()]) if values else ""
        at = str(self._clock.now().astimezone(self._zone))[: len("2026-01-13 10:20:30")]
        text = f"[{at}] {self._redactor.text(said)} {shown}".rstrip()
        return text.replace("\r", " ").replace("\n", "\n    ")

    def _append(self, text: str) -> None:
        text, self._waiting = self._waiting + text, ""
        size = len(text.encode("utf-8", "replace")) + 1
        if self._room <= 0:
            self.dropped += 1
            return
        self._room -= size
        self._count(size)
        try:
            self._file.append(text if self._room > 0 else say.UPLOAD_CUT.to(self._lang))
        except OSError:
            self.dropped += 1
            self._file.close()

    def _end(self, error: BaseException) -> Said:
        """How it ended without a receipt: for certain not there, or unknown, and then why."""
        if not isinstance(error, OutcomeUnknown):
            shown = self._redactor.error(error)
            return say.UPLOAD_FAILS(kind=shown["kind"], what=shown["message"])
        cause = error.__cause__
        why = cause.message if isinstance(cause, OnbamError) else self._redactor.error(cause)["message"] if cause else "-"
        return say.UPLOAD_UNKNOWN(what=error.message, why=why)

    def __enter__(self) -> Self:
        self._waiting = f"{self._line(say.UPLOAD_BEGINS, {})}\n"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self.write(say.UPLOAD_ENDS)
        else:
            self.write(self._end(error))
        self._file.close()
