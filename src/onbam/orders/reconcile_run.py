"""Settle what a report of the ERP proves.

For: `onbam orders reconcile`, the page where a report is dropped.
Promises: what is uncertain is settled through the desk, as a person would; an order that a person entered by hand is completed,
so that it is not entered a second time; the report's fingerprint and what came of it stand in the journal under the person's
name; a dry run changes nothing.
Refuses: to settle what the report does not prove.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Final

from onbam.claims.asks import PROVER
from onbam.claims.model import Item, State
from onbam.claims.ports import PAGE_MAX
from onbam.connectors.ecount.export import Export
from onbam.journal.model import Fact, Line
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.kernel.words import kept
from onbam.orders import reconcile_words as say
from onbam.orders.desk import Desk
from onbam.orders.desk_acts import NotYet
from onbam.orders.desk_rows import Query
from onbam.orders.evidence import SLIP
from onbam.orders.model import order_ref
from onbam.orders.reconcile import Answer, Compared, Doubt, Verdict, compare, day_begins_ms, keys_in

WHO: Final = f"{PROVER}ecount-report"
COMPLETED_MAX: Final = 50_000
"""So many completed orders are held against a report."""
OTHERS_CALL_MS: Final = 60_000
"""How long a call may have been under way that another PC's book tells of and ours does not."""
_DAY: Final = re.compile(r'"day":"(\d{4}-\d\d-\d\d)"')


@dataclass(slots=True)
class Run:
    """What was found, and what was done about it."""

    compared: Compared
    settled: list[Item] = field(default_factory=list)
    left: list[Answer] = field(default_factory=list)
    """Still uncertain, and why."""
    completed: list[Item] = field(default_factory=list)
    """Entered by hand, and now known."""


class Reconciler:
    """Reads one report after the other."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    def compare(self, export: Export, *, unfiltered: bool = False) -> Compared:
        """Hold it against what we know; nothing is changed."""
        doubts = [self._doubt(item) for item in self._all(Query(states=(State.UNCERTAIN,)))]
        for doubt in doubts:
            self._desk.see(doubt.item)  # from now on it is measured here whether its call can still be under way
        known = self._known(sorted(keys_in(export)))
        return compare(export, doubts, known, self._completed(export), self._desk.zone, unfiltered=unfiltered)

    def run(self, compared: Compared, file: str, *, who: str, reason: str, wait: Callable[[float], None] | None = None) -> Run:
        """Settle what is proven. `wait`: called with the seconds until a call must have ended; without it that doubt stays."""
        run = Run(compared)
        for answer in compared.answers:
            self._settle(run, answer, file, wait)
        for item in compared.entered_by_hand:
            number = compared.numbers[item.key]
            why = kept(say.BY_HAND(file=file, number=number))
            done = self._tried(partial(self._desk.there, item.key, number, who=WHO, reason=why, version=item.version))
            if done is not None:
                run.completed.append(done)
        self._desk.note(Line("orders.reconciled", "report", file[:191], who, reason, _facts(run)))
        return run

    # ---- settling

    def _settle(self, run: Run, answer: Answer, file: str, wait: Callable[[float], None] | None) -> None:
        if answer.verdict is Verdict.CANNOT_TELL:
            run.left.append(answer)
            return
        export = run.compared.export
        key, version = answer.item.key, answer.item.version
        if answer.verdict is Verdict.THERE:
            why = kept(say.FOUND(file=file, number=answer.number))
            done = self._tried(partial(self._desk.there, key, answer.number, who=WHO, reason=why, version=version))
        else:
            why = kept(say.NOT_FOUND(file=file, since=export.since, until=export.until))
            try:
                done = self._not_there(answer, why, wait)
            except NotYet:
                run.left.append(replace(answer, verdict=Verdict.CANNOT_TELL, why=say.STILL_UNDER_WAY()))
                return
        if done is None:
            run.left.append(replace(answer, verdict=Verdict.CANNOT_TELL, why=say.CHANGED()))
        else:
            run.settled.append(done)

    def _not_there(self, answer: Answer, why: str, wait: Callable[[float], None] | None) -> Item | None:
        once = partial(self._desk.not_there, answer.item.key, who=WHO, reason=why, version=answer.item.version)
        try:
            return self._tried(once)
        except NotYet as early:
            if wait is None:
                raise
            wait(early.wait_s)
            return self._tried(once)

    @staticmethod
    def _tried(act: Callable[[], Item]) -> Item | None:
        """Done; none when the order is not what it was a moment ago."""
        try:
            return act()
        except NotYet:
            raise
        except Refused:
            return None

    # ---- what we know

    def _doubt(self, item: Item) -> Doubt:
        tries = [one for one in self._desk.tries(item) if one.token == item.token]
        until_ms = max([one.deadline_ms for one in tries], default=item.changed_at_ms + OTHERS_CALL_MS)
        day, supply = self._sent(item, tries[-1].evidence if tries else "")
        return Doubt(item, max(until_ms, item.sending_until_ms or 0), day, supply)

    def _sent(self, item: Item, written: str) -> tuple[date | None, Decimal | None]:
        """Day and sum of the slip: from the try itself, else from the evidence."""
        piece = None if written else self._desk.evidence.last(item.ref, SLIP)
        text = written or (self._desk.evidence.read(piece).decode() if piece else "")
        found = _DAY.search(text)
        day = date.fromisoformat(found[1]) if found else None
        try:
            return day, sum((Decimal(line["supply"]) for line in json.loads(text)["lines"]), Decimal(0))
        except (ValueError, KeyError, TypeError, InvalidOperation):  # a long slip is cut where it is kept with the try
            return day, None

    def _known(self, keys: Sequence[str]) -> dict[str, Item]:
        known: dict[str, Item] = {}
        for start in range(0, len(keys), PAGE_MAX):
            found = self._desk.store.get([order_ref(key) for key in keys[start : start + PAGE_MAX]])
            known.update((item.key, item) for item in found if item is not None)
        return known

    def _completed(self, export: Export) -> Sequence[Item]:
        """Ours of the report's days: an order is completed on the day of its document or later."""
        if export.since is None:
            return ()
        since_ms = day_begins_ms(export.since, self._desk.zone)
        return self._all(Query(states=(State.COMPLETED,), since_ms=since_ms), COMPLETED_MAX)

    def _all(self, query: Query, most: int = COMPLETED_MAX) -> list[Item]:
        items: list[Item] = []
        after = ""
        while len(items) < most:
            page = self._desk.find(query, limit=PAGE_MAX, after=after)
            items += page.items
            after = page.after
            if not after:
                break
        return items


def _facts(run: Run) -> dict[str, Fact]:
    """For the journal: which report, and what came of it."""
    compared, export = run.compared, run.compared.export
    states = [item.state for item in run.settled]
    return {
        "sha256": export.sha256,
        "since": export.since.isoformat() if export.since else None,
        "until": export.until.isoformat() if export.until else None,
        "printed": export.printed.isoformat() if export.printed else None,
        "slips": len(export.slips),
        "there": sum(state is State.COMPLETED for state in states),
        "not_there": sum(state is not State.COMPLETED for state in states),
        "left": len(run.left),
        "by_hand": len(run.completed),
        "duplicates": len(compared.duplicates),
        "unknown": len(compared.unknown),
        "missing": len(compared.missing),
        "unplaced": len(compared.unplaced),
        "foreign": len(compared.foreign),
    }
