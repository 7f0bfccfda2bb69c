"""The PCs and their programs; one PC with what it holds, what happened on it, what was asked of it, its log and its evidence.

For: whoever wants to know how a PC is, and to act on it, from any PC.
Promises: what only lies in a PC's folder is read there: at once for this PC, through the store for another; what is shown
says how old it is, and a PC that does not answer is said not to.
Refuses: to touch another PC: it is asked, and does it itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from onbam.care.errands.carrier import told as answer_in
from onbam.care.errands.model import OVER, Do, Errand, Stage
from onbam.care.errands.seen import evidence_of, log_lines
from onbam.claims.model import State
from onbam.orders.pauses import ALL, Pause
from onbam.orders.why_figures import pc_of
from onbam.web import house_words as say
from onbam.web import machines_words as more
from onbam.web import today_words, words
from onbam.web.journal_reads import AGENT
from onbam.web.nightbook import Night
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.trouble import NotHere
from onbam.web.views import fleet
from onbam.web.views.events import told

EVENTS: Final = 20
ERRANDS: Final = 6
AGAIN_MS: Final = 1500
"""A look at another PC is asked for anew when the last one is so old."""
SILENT_MS: Final = 15_000
"""A PC that lives answers a look within some two seconds."""


def build(seen: Seen) -> Mapping[str, Any]:
    """All of them."""
    pcs = fleet.fleet(seen)
    pauses = {pause.scope: pause for pause in seen.house.pauses()}
    versions = sorted({p.version for pc in pcs for p in pc.programs if p.state in ("busy", "alive", "late") and p.version})
    return {
        "s": say,
        "m": more,
        "pcs": fleet.worst_first(pcs),
        "well": fleet.count_of(pcs, "busy", "alive"),
        "registry": seen.house.onbam.registry is not None,
        "today": today_words,
        "pauses": pauses,
        "all_paused": pauses.get(ALL),
        "ALL": ALL,
        "by_file": seen.house.stop_by_file(),
        "stop": seen.house.stop(),
        "versions": versions if len(versions) > 1 else (),
    }


def one_of(seen: Seen, name: str) -> fleet.Pc:
    """A PC by its name or its machine id."""
    pc = next((pc for pc in fleet.fleet(seen) if name in (pc.name, pc.machine_id)), None)
    if pc is None:
        raise NotHere(say.UNKNOWN_PC(name=name[:60]))
    return pc


def one(seen: Seen) -> Mapping[str, Any]:
    """One of them, by name."""
    pc = one_of(seen, seen.param("name"))
    night = seen.house.nightbook.night(seen.now_ms)
    pauses: Mapping[str, Pause] = {pause.scope: pause for pause in seen.house.pauses()}
    paused, all_paused = pauses.get(pc.machine_id), pauses.get(ALL)
    return {
        "s": say,
        "m": more,
        "pc": pc,
        "State": State,
        "Stage": Stage,
        "Do": Do,
        "events": told(_of(night, pc.name), EVENTS),
        "paused": paused,
        "all_paused": all_paused,
        "why": fleet.why_of(seen, pc),
        "errands": [(errand, _answer(seen, errand)) for errand in seen.house.onbam.errands.of(pc.machine_id, ERRANDS)],
        "q": seen.param("log"),
    }


def _answer(seen: Seen, errand: Errand) -> str:
    if errand.silent(seen.now_ms):
        return seen.t(more.SILENT)
    return answer_in(errand.answer, seen.lang)


def _of(night: Night, pc: str) -> Iterator[Any]:
    for entry in night.events:
        line = entry.line
        wrote = line.who.startswith(AGENT) and pc_of(line.who.removeprefix(AGENT)) == pc
        mine = wrote or line.key.startswith(f"{pc}-") or line.data.get("held_by") == pc
        if mine or str(line.data.get("held_by") or "").startswith(f"{pc}_"):
            yield entry


# ---- what lies in a PC's own folder


def log(seen: Seen, who: str) -> Mapping[str, Any]:
    """The end of its log, with the words that were asked for."""
    pc = one_of(seen, seen.param("name"))
    wanted = seen.param("log").strip()[:120]
    if pc.here:
        found: dict[str, Any] = {
            "lines": seen.house.onbam.windows.log(wanted),
            "here": True,
            "at_ms": seen.now_ms,
            "silent": False,
        }
    else:
        errand = looked(seen, pc.machine_id, Do.LOG, wanted, who)
        found = {"lines": log_lines(errand.answer), "here": False, **_freshness(seen, errand)}
    lines = [(_clock(seen, when), level, what) for when, level, what in found["lines"]]
    return {"m": more, "pc": pc, "q": wanted, **found, "lines": lines}


def _clock(seen: Seen, when: str, form: str = "%H:%M:%S") -> str:
    """A moment somebody wrote in UTC, as the shop's clock on the wall shows it."""
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        return when
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(seen.zone).strftime(form)


def incidents(seen: Seen, who: str) -> Mapping[str, Any]:
    """Its list of incidents, or one of them whole."""
    pc, wanted = one_of(seen, seen.param("name")), seen.param("incident")[:120]
    if pc.here:
        found: Mapping[str, Any] = {"here": True, "at_ms": seen.now_ms, "silent": False}
        rows: Sequence[Mapping[str, Any]] = seen.house.onbam.windows.evidence(wanted)
    else:
        errand = looked(seen, pc.machine_id, Do.INCIDENTS, wanted, who, again=False)
        rows, found = evidence_of(errand.answer), {"here": False, **_freshness(seen, errand)}
    rows = [{**row, "at": _clock(seen, str(row["at"]), "%Y-%m-%d %H:%M")} for row in rows]
    return {"m": more, "s": say, "pc": pc, "incidents": rows, "wanted": wanted, **found}


def looked(seen: Seen, machine_id: str, do: Do, what: str, who: str, *, again: bool = True) -> Errand:
    """The newest look at another PC; the next one is asked for when this one is over and old."""
    errands = seen.house.onbam.errands
    known = errands.look(machine_id, do, what)
    if known is None:
        return errands.ask(machine_id, do, what, who=who)
    if known.stage in OVER and seen.now_ms - known.changed_at_ms > (AGAIN_MS if again else 60 * AGAIN_MS):
        errands.look_again(known)
    return known


def _freshness(seen: Seen, errand: Errand) -> dict[str, Any]:
    answered = errand.changed_at_ms if errand.answer else None
    waiting = errand.stage not in OVER and seen.now_ms - errand.asked_at_ms > SILENT_MS
    return {"at_ms": answered, "silent": waiting}


PAGE: Final = Page("machines", "/machines", words.MACHINES, build)
ONE: Final = Page("machine", "/machines/{name}", words.MACHINES, one)
