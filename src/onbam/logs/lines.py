"""Turns one event into one line: in order, in one time, without secrets.

For: structlog's chain, as its last processor.
Promises: every line has `at` (UTC), `level`, `log`, `event`, `machine`, `process`, `pid`, and whatever is bound, as
`item` and `token`; an error becomes its kind, text, hint, context and trace, never the values of local variables.
Refuses: values JSON cannot hold: the redactor has made them plain.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC
from typing import Any, Final

from onbam.kernel.clock import Clock
from onbam.kernel.redact import Redactor
from onbam.kernel.words import Lang, Said, Text

Line = dict[str, Any]
FIRST: Final = ("at", "level", "log", "event", "item", "token")


class Shape:
    """The processor."""

    def __init__(self, clock: Clock, redactor: Redactor, lang: Lang, always: Mapping[str, Any]) -> None:
        self._clock, self._redactor, self._lang, self._always = clock, redactor, lang, dict(always)

    def __call__(self, _logger: object, level: str, event: MutableMapping[str, Any]) -> tuple[tuple[Line], dict[str, Any]]:
        """What structlog hands to the writer."""
        return (self.line(level, dict(event)),), {}

    def line(self, level: str, values: dict[str, Any]) -> Line:
        """The line as plain values."""
        said = values.pop("event", "")
        if isinstance(said, Said | Text):
            said = (said() if isinstance(said, Text) else said).to(self._lang)
        caught = values.pop("exc_info", None)
        if caught and "error" not in values:
            error = caught if isinstance(caught, BaseException) else sys.exc_info()[1]
            values["error"] = error
        at = self._clock.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        clean = self._redactor.value({"event": said, **self._always, **values})
        line: Line = {"at": at, "level": level, **clean}
        return {name: line[name] for name in (*FIRST, *line) if name in line}
