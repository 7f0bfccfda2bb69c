"""What a PC shows of itself to people at another one: the end of its log, the evidence of its guard.

For: the carrier of that PC, and the pages, here and there.
Promises: the same values whether they came through the store or not; bounded; without secrets.
Refuses: to fail on what it cannot read: that is nothing, said as nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from onbam.care.errands.model import Do
from onbam.care.errands.tail import Told, tail
from onbam.care.incidents import Incident, incidents

LIST_MAX: Final = 50
STACKS_MAX: Final = 60_000
LINES_MAX: Final = 200
LINE_MAX: Final = 400


@dataclass(frozen=True, slots=True)
class Windows:
    """Where to look on this PC."""

    logs: Path
    incidents: Path
    local: Callable[[], datetime]
    clean: Callable[[str], str]

    def look(self, do: Do, what: str) -> str:
        """Packed, for the way through the store."""
        return json.dumps(self.log(what) if do is Do.LOG else self.evidence(what), ensure_ascii=False)

    def log(self, words: str) -> list[Told]:
        """The last lines of today's log."""
        return tail(self.logs, self.local(), words, self.clean)

    def evidence(self, wanted: str) -> list[dict[str, Any]]:
        """The list without the bulk, or one whole."""
        found = incidents(self.incidents, self.clean)
        if wanted:
            return [_whole(one) for one in found if one.id == wanted]
        return [_short(one) for one in found[:LIST_MAX]]


def log_lines(answer: str) -> list[Told]:
    """A log as it was packed."""
    return [(str(one[0]), str(one[1]), str(one[2])) for one in _list(answer) if isinstance(one, list) and len(one) == 3]


def evidence_of(answer: str) -> list[dict[str, Any]]:
    """Evidence as it was packed."""
    return [one for one in _list(answer) if isinstance(one, dict) and "id" in one]


def _list(answer: str) -> Sequence[Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        return ()
    return found if isinstance(found, list) else ()


def _short(one: Incident) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.at,
        "process": one.process,
        "pid": one.pid,
        "why": dict(one.why),
        "step": one.step,
        "item": one.item,
        "silence_s": one.silence_s,
        "limit_s": one.limit_s,
    }


def _whole(one: Incident) -> dict[str, Any]:
    facts = {name: value for name, value in one.facts.items() if not isinstance(value, dict | list)}
    lines = [line[:LINE_MAX] for line in one.lines[-LINES_MAX:]]
    return {**_short(one), "stacks": one.stacks[:STACKS_MAX], "lines": lines, "facts": facts}
