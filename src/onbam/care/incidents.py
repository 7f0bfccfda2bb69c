"""The evidence the guard saved, as people read it.

For: `onbam incidents`, the incident pages.
Promises: the newest first; an id nobody has is named; texts pass the redactor, whoever wrote them.
Refuses: to change or remove anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from onbam.care import incidents_words as say
from onbam.guard import incidents as evidence
from onbam.kernel.errors import Refused
from onbam.kernel.words import Lang

LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class Incident:
    """One program that was ended because it stood still."""

    id: str
    at: str
    """ISO, in the shop's zone."""
    process: str
    pid: int | None
    why: Mapping[Lang, str]
    step: str
    item: str
    silence_s: float | None
    limit_s: float | None
    stacks: str
    lines: Sequence[str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Everything else that was found: memory, files, sockets, the beat."""


def incidents(folder: Path, clean: Callable[[str], str]) -> list[Incident]:
    """All that can be read."""
    return [_incident(raw, clean) for raw in evidence.read(folder)]


def incident(folder: Path, wanted: str, clean: Callable[[str], str]) -> Incident:
    """One of them; `latest` is the newest."""
    known = incidents(folder, clean)
    found = known[:1] if wanted == LATEST else [one for one in known if one.id == wanted]
    if not found:
        raise Refused(say.UNKNOWN(id=wanted), say.UNKNOWN_HINT if known else say.NONE_HINT)
    return found[0]


_OWN: Final = frozenset({"id", "at", "process", "pid", "why", "step", "item", "silence_s", "limit_s", "stacks", "lines"})


def _incident(raw: Mapping[str, Any], clean: Callable[[str], str]) -> Incident:
    why = raw.get("why") or {}
    lines = raw.get("lines") or []
    return Incident(
        id=str(raw.get("id", "")),
        at=str(raw.get("at", "")),
        process=str(raw.get("process", "")),
        pid=raw.get("pid") if isinstance(raw.get("pid"), int) else None,
        why={"ko": clean(str(why.get("ko", ""))), "en": clean(str(why.get("en", "")))},
        step=clean(str(raw.get("step", ""))),
        item=clean(str(raw.get("item", ""))),
        silence_s=_number(raw.get("silence_s")),
        limit_s=_number(raw.get("limit_s")),
        stacks=clean(str(raw.get("stacks", ""))),
        lines=[clean(str(line)) for line in lines],
        facts={name: _cleaned(value, clean) for name, value in raw.items() if name not in _OWN},
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {str(name): _cleaned(inside, clean) for name, inside in value.items()}
    return [_cleaned(inside, clean) for inside in value] if isinstance(value, list) else value
