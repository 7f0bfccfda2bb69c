"""The live board: PCs, the orders in their hands, what just finished; now, or at any minute the journal remembers.

For: whoever wants to see the fleet work, on a wall or on a desk.
Promises: a line for each lease with what is left of it; fifty PCs and ten thousand orders fold into counts; also as a table.
Refuses: to draw more than a person can see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from onbam.claims.model import Item, Phase, State
from onbam.orders.why_figures import pc_of
from onbam.web import orders_words as say
from onbam.web import words
from onbam.web.nightbook import ENDS
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.views import fleet
from onbam.web.views.events import told
from onbam.web.views.past import LINES_MAX, past

HELD_MAX: Final = 48
"""So many orders are drawn; the rest is a number beside its PC."""
PCS_MAX: Final = 24
DONE: Final = 14
DAYS: Final = 30
"""So far back the board can be looked at."""


@dataclass(frozen=True, slots=True)
class Held:
    """An order on the board."""

    key: str
    machine: str
    holder: str
    step: str
    sending: bool
    since_ms: int
    until_ms: int | None = None
    length_ms: int = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """A PC's lane."""

    id: str
    name: str
    state: str
    cells: Mapping[str, Sequence[Held]]
    rest: int
    """Orders in its hands that are not drawn."""


def column_of(held: Held) -> str:
    """Where an order stands on its way."""
    if held.sending:
        return "intent"
    return {"form": "form", "slip": "form", "intent": "intent", "receipt": "receipt"}.get(held.step, "document")


def _lane(number: str, name: str, state: str, held: Sequence[Held], count: int) -> Lane:
    cells: dict[str, list[Held]] = {name: [] for name, _ in say.COLUMNS}
    for one in held:
        cells[column_of(one)].append(one)
    return Lane(number, name, state, cells, count - len(held))


def build(seen: Seen) -> Mapping[str, Any]:
    """Now or then."""
    return _then(seen, seen.at_ms) if seen.at_ms is not None else _now(seen)


def _now(seen: Seen) -> Mapping[str, Any]:
    pcs = list(fleet.fleet(seen))
    every = [_held(item) for pc in pcs for item in pc.held] or _without_list(seen)
    every.sort(key=lambda held: (held.holder, held.since_ms, held.key))
    night = seen.house.nightbook.night(seen.now_ms)
    ended = [entry for entry in night.events if entry.line.what in ENDS]
    counts = seen.house.counts()
    shown = _shared(every, HELD_MAX)
    by_pc = {pc.machine_id: [held for held in shown if held.machine == pc.machine_id] for pc in pcs}
    return {
        **_frame(seen),
        "lanes": [_lane(p.machine_id, p.name, p.state, by_pc[p.machine_id], len(p.held)) for p in _seen_pcs(pcs)],
        "pcs_folded": max(0, len(pcs) - PCS_MAX),
        "held": shown,
        "held_all": len(every),
        "done": told(ended, DONE),
        "waiting": counts[State.WAITING] + counts[State.FAILED],
        "stop": seen.house.stop(),
        "past": None,
    }


def _then(seen: Seen, at_ms: int) -> Mapping[str, Any]:
    then = past(seen.house, at_ms)
    every = [
        Held(one.key, pc_of(one.holder), one.holder, one.step, one.phase is Phase.SENDING, one.since_ms) for one in then.held
    ]
    shown = _shared(every, HELD_MAX)
    names = sorted({*then.lives, *(held.machine for held in every)})
    count = {name: sum(held.machine == name for held in every) for name in names}
    drawn = {name: [held for held in shown if held.machine == name] for name in names}
    rows = [_lane(name, name, then.lives.get(name, "busy"), drawn[name], count[name]) for name in names]
    return {
        **_frame(seen),
        "lanes": rows[:PCS_MAX],
        "pcs_folded": max(0, len(rows) - PCS_MAX),
        "held": shown,
        "held_all": len(every),
        "done": (),
        "ended": then.ended[:DONE],
        "waiting": None,
        "stop": None,
        "past": then,
        "lines_max": LINES_MAX,
    }


def _frame(seen: Seen) -> dict[str, Any]:
    """The day that can be looked through."""
    looking = seen.at_ms or seen.now_ms
    day = seen.local(looking).date()
    begin = _midnight(seen, day)
    end = min(_midnight(seen, day + timedelta(days=1)), seen.now_ms)
    return {
        "s": say,
        "scrub": (begin, end, looking),
        "day": day.isoformat(),
        "first_day": (seen.local(seen.now_ms).date() - timedelta(days=DAYS)).isoformat(),
        "table": seen.param("as") == "table",
        "State": State,
        "columns": say.COLUMNS,
        "ended": (),
    }


def _midnight(seen: Seen, day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=seen.zone).timestamp() * 1000)


def _held(item: Item) -> Held:
    return Held(
        item.key,
        item.machine_id,
        item.holder,
        item.step,
        item.phase is Phase.SENDING,
        item.claimed_at_ms or 0,
        item.expires_at_ms,
        item.lease_ms or 1,
    )


def _without_list(seen: Seen) -> list[Held]:
    """Where nobody keeps a list of PCs: from the orders alone."""
    return [_held(item) for items in fleet.held_by(seen.house).values() for item in items]


def _shared(every: Sequence[Held], limit: int) -> list[Held]:
    """Some of each PC, so that none hides behind a busy one."""
    if len(every) <= limit:
        return list(every)
    by_pc: dict[str, list[Held]] = {}
    for held in every:
        by_pc.setdefault(held.machine, []).append(held)
    share = max(1, limit // len(by_pc))
    return [held for one in by_pc.values() for held in one[:share]][:limit]


def _seen_pcs(pcs: Sequence[fleet.Pc]) -> Sequence[fleet.Pc]:
    """Not more than fit; those with trouble or work first, in the order of their names."""
    ranked = sorted(pcs, key=lambda pc: (fleet.ORDER_OF.index(pc.state), -len(pc.held)))[:PCS_MAX]
    return sorted(ranked, key=lambda pc: pc.name)


PAGE: Final = Page("board", "/board", words.BOARD, build, template="board.html", around=lambda _, seen: _frame(seen))
