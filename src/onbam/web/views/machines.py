"""The PCs and their programs; one PC with what it holds, what happened on it, and its log.

For: whoever wants to know how a PC is, and to stop it or let it go on, from any PC.
Promises: the log of this very PC can be read and searched here, newest last, without secrets; of others it is said where it is.
Refuses: to read a whole log file into memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from onbam.claims.model import State
from onbam.orders.pauses import ALL, Pause
from onbam.web import house_words as say
from onbam.web import today_words, words
from onbam.web.nightbook import Night
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.trouble import NotHere
from onbam.web.views import fleet
from onbam.web.views.events import told

EVENTS: Final = 20
TAIL_BYTES: Final = 256 * 1024
"""So much of the end of today's log is looked through."""
TAIL_LINES: Final = 200


def build(seen: Seen) -> Mapping[str, Any]:
    """All of them."""
    pcs = fleet.fleet(seen)
    pauses = {pause.scope: pause for pause in seen.house.pauses()}
    return {
        "s": say,
        "pcs": fleet.worst_first(pcs),
        "well": fleet.count_of(pcs, "busy", "alive"),
        "registry": seen.house.onbam.registry is not None,
        "today": today_words,
        "pauses": pauses,
        "all_paused": pauses.get(ALL),
        "ALL": ALL,
    }


def one(seen: Seen) -> Mapping[str, Any]:
    """One of them, by name."""
    name = seen.param("name")
    pc = next((pc for pc in fleet.fleet(seen) if name in (pc.name, pc.machine_id)), None)
    if pc is None:
        raise NotHere(say.UNKNOWN_PC(name=name))
    night = seen.house.nightbook.night(seen.now_ms)
    pauses: Mapping[str, Pause] = {pause.scope: pause for pause in seen.house.pauses()}
    return {
        "s": say,
        "pc": pc,
        "State": State,
        "events": told(_of(night, pc.name), EVENTS),
        "paused": pauses.get(pc.machine_id),
        "all_paused": pauses.get(ALL),
        "log": list(tail(seen)) if pc.here and seen.can("steer") else None,
        "q": seen.param("log"),
    }


def _of(night: Night, pc: str) -> Iterator[Any]:
    for entry in night.events:
        line = entry.line
        mine = line.who.startswith(f"agent:{pc}_") or line.key.startswith(f"{pc}-") or line.data.get("held_by") == pc
        if mine or str(line.data.get("held_by") or "").startswith(f"{pc}_"):
            yield entry


def tail(seen: Seen) -> Iterator[tuple[str, str, str]]:
    """The last lines of today's log: when, how serious, what."""
    onbam = seen.house.onbam
    day = seen.local(seen.now_ms).strftime("%Y%m%d")
    path = onbam.home / onbam.settings.logs.folder / f"app_{day}.json"
    wanted = seen.param("log").casefold()
    lines = [line for line in _end_of(path) if wanted in line.casefold()]
    for line in lines[-TAIL_LINES:]:
        yield _shown(onbam.redactor.text(line))


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


def _shown(line: str) -> tuple[str, str, str]:
    try:
        values = json.loads(line)
        when = str(values.pop("time", values.pop("timestamp", "")))
        level, what = str(values.pop("level", "info")), str(values.pop("event", ""))
    except (ValueError, AttributeError):
        return "", "", line
    rest = " ".join(f"{name}={value}" for name, value in values.items() if name not in ("machine", "process"))
    return when, level, f"{what}  {rest}".strip()


PAGE: Final = Page("machines", "/machines", words.MACHINES, build)
ONE: Final = Page("machine", "/machines/{name}", words.MACHINES, one)
