"""How a room speaks to the log without knowing where it goes.

For: `log = get_logger("claims")` at the top of a module, `log.info("lease taken", item=…)`, `with bind(item=…, token=…):`.
Promises: importing it is free; before logging is started (a quick command, a test) a line costs nothing and goes nowhere;
what is bound stands on every line of this thread until the block ends, also on lines of other rooms.
Refuses: to raise. New threads start with nothing bound: bind where the attempt begins.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from onbam.kernel.words import Said, Text

LIBRARY: Final = "structlog"
Event = str | Said | Text


class Logger:
    """One room's voice."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, event: Event, /, **values: object) -> None:
        """For whoever looks for a cause; off by default."""
        self._say("debug", event, values)

    def info(self, event: Event, /, **values: object) -> None:
        """What happened, as it should."""
        self._say("info", event, values)

    def warning(self, event: Event, /, **values: object) -> None:
        """Not as it should, and taken care of."""
        self._say("warning", event, values)

    def error(self, event: Event, /, **values: object) -> None:
        """Something could not be done; `error=` takes an exception."""
        self._say("error", event, values)

    def exception(self, event: Event, /, **values: object) -> None:
        """`error`, with the exception being handled."""
        self._say("error", event, {"exc_info": True, **values})

    def critical(self, event: Event, /, **values: object) -> None:
        """A person must act; also written to `critical_errors.json`."""
        self._say("critical", event, values)

    def _say(self, level: str, event: Event, values: dict[str, Any]) -> None:
        library = sys.modules.get(LIBRARY)
        if library is not None and library.is_configured():
            getattr(library.get_logger(), level)(event, log=self._name, **values)


def get_logger(name: str) -> Logger:
    """A room's voice; the name is the room's."""
    return Logger(name)


@contextmanager
def bind(**values: object) -> Iterator[None]:
    """Put values on every line inside the block: item, token, agent, …"""
    library = sys.modules.get(LIBRARY)
    if library is None:
        yield
        return
    with library.contextvars.bound_contextvars(**values):
        yield
