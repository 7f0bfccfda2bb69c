"""Google Sheets in one object, without a socket: one request in, one answer out.

For: the simulation, which runs thousands of histories in a process under a virtual clock, and the HTTP simulator, a thin shell
over it.
Promises: `handle` is the whole interface; time, chance and waiting are what was passed in; a batch is all or nothing; the
faults strike where they say they do, before or after the write, and a broken connection is the exception `Dropped`, never an
answer.
Refuses: callers nobody shared a spreadsheet with, requests beyond the quota, and everything the wire does not allow.
"""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from onbam_sims.faults import Fault, Faults
from onbam_sims.sheets import changes, methods, values, wire
from onbam_sims.sheets.a1 import EVERYTHING
from onbam_sims.sheets.batch import Batch
from onbam_sims.sheets.book import Book, Draft
from onbam_sims.sheets.cells import Cell, typed
from onbam_sims.sheets.grid import Sheet
from onbam_sims.sheets.methods import Call, Method
from onbam_sims.sheets.person import Person
from onbam_sims.sheets.quota import Limits, Quota
from onbam_sims.sheets.reading import spreadsheet
from onbam_sims.sheets.refusal import (
    Dropped,
    Refusal,
    Unfit,
    api_disabled,
    forbidden,
    invalid,
    not_found,
    server_error,
    unauthenticated,
)
from onbam_sims.sheets.rules import Rules
from onbam_sims.sheets.schema import COMMON_QUERY, snake
from onbam_sims.sheets.shelf import Shelf, describe

FAULTS: dict[str, str] = {
    "race_merge": "Creations of an id or name within `window` s both succeed; `variant` duplicated|renamed|dropped|replaced.",
    "stale_validation": "What was deleted less than `seconds` ago is still refused as existing.",
    "append_collision": "An overwriting append within `window` s of another lands on its row; `append_cells`: appendCells too.",
    "stale_reads": "A read answers the state of `seconds` ago (at most since this was switched on).",
    "reply_lost": "The write is committed, then the connection breaks without an answer.",
    "request_lost": "The connection breaks before anything is done.",
    "late_write": "The connection breaks at once; the write is done `seconds` later all the same.",
    "rate_limited": "429, as when the quota is used up.",
    "server_error": "`status` 500 or 503; `when` before (nothing done, the default) or after (a write is committed).",
    "token_expired": "401, although the token looked valid.",
    "api_disabled": "403: the Sheets API is not enabled in the caller's project.",
    "slow": "The request takes `seconds` longer; `when` before (the default) or after the commit.",
}
"""Each may carry `on`: reads | writes | any, and `method`: the end of a method's name, such as `batchUpdate`."""

_DEFAULT_ON = {"reply_lost": "writes", "late_write": "writes", "stale_reads": "reads"}
DEFAULT_PROJECT = "onbam-simulated"
DEFAULT_HANDS = "staff@example.com"
"""Whose hands a person's are when nobody says."""


class SheetsService:
    """All spreadsheets of one simulated Google."""

    def __init__(
        self,
        *,
        seed: int = 0,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
        limits: Limits | None = None,
        faults: Faults | None = None,
        latency_s: float = 0.0,
    ) -> None:
        self.chance = random.Random(seed)
        self.now = now
        self.pause = pause
        self.faults = Faults("sheets", FAULTS, self.chance) if faults is None else faults
        self.quota = Quota(limits or Limits())
        self.latency_s = latency_s
        """How long every request takes, half of it before the commit and half after."""
        self.project_number = 100_000_000_000 + self.chance.randrange(10**11)
        self.lock = threading.RLock()
        self.calls: Counter[str] = Counter()
        """Requests that were answered 200, by method."""
        self.refusals: Counter[int] = Counter()
        """Requests that were refused, by status."""
        self.on_commit: Callable[[str, Call | None], None] | None = None
        """Called after every commit with the spreadsheet's id and the call (none: a person's hand)."""
        self._rules = Rules(self.faults, self.chance)
        self._shelves: dict[str, Shelf] = {}
        self._late: list[tuple[float, int, Call]] = []
        self._sequence = 0

    # -- the wire -------------------------------------------------------------------------------------------------------

    def handle(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        *,
        user: str | None = None,
        project: str = DEFAULT_PROJECT,
    ) -> tuple[int, dict[str, Any]]:
        """One request of `user` (an account's address) to the decoded path; raises `Dropped` when the connection breaks."""
        try:
            found = methods.find(method, path)
            if not user:
                raise unauthenticated(given=False)
            return 200, self._serve(_read_call(found, query or {}, body, (user, project)))
        except Unfit as reason:
            refusal = invalid(str(reason))
        except Refusal as reason:
            refusal = reason
        self.refusals[refusal.code] += 1
        return refusal.code, refusal.body()

    def _serve(self, call: Call) -> dict[str, Any]:
        if self.latency_s:
            self.pause(self.latency_s / 2)
        if self.faults:
            self._before(call)
        with self.lock:
            answer = self._run(call)
        if self.faults:
            self._after(call)
        if self.latency_s:
            self.pause(self.latency_s / 2)
        self.calls[call.method.name] += 1
        return wire.select(call.mask, answer) if call.mask is not None else answer

    def _run(self, call: Call) -> dict[str, Any]:
        """What the lock protects: the quota, the look-up and the change."""
        now = self.now()
        self.land_late(now)
        method = call.method
        self.quota.take(now, call.user, call.project, self.project_number, write=method.writes)
        if method is methods.CREATE:
            return self._create(call)
        shelf = self._open(call)
        if method.read is not None:
            return method.read(call, self._seen(shelf, now, call))
        return self._write(shelf, call, now)

    def _write(self, shelf: Shelf, call: Call, now: float) -> dict[str, Any]:
        assert call.method.write is not None
        draft = self._draft(shelf.book, now)
        answer = call.method.write(call, draft, self._rules)
        shelf.put(draft.book, now, self._history_s(), call.user)
        if self.on_commit is not None:
            self.on_commit(call.spreadsheet_id, call)
        return answer

    def _draft(self, book: Book, now: float) -> Draft:
        return Draft(book, now, datetime.fromtimestamp(now, UTC).year, self.chance)

    def _open(self, call: Call) -> Shelf:
        shelf = self._shelves.get(call.spreadsheet_id)
        if shelf is None:
            raise not_found()
        role = shelf.role_of(call.user)
        if role is None or (call.method.writes and role == "reader"):
            raise forbidden()
        return shelf

    def _seen(self, shelf: Shelf, now: float, call: Call) -> Book:
        """The state a read sees: the present one, or an older one while reads are stale."""
        fault = self._strike("stale_reads", call) if self.faults else None
        return shelf.book if fault is None else shelf.as_of(now - float(fault.get("seconds", 2.0)))

    def _history_s(self) -> float:
        fault = self.faults.peek("stale_reads") if self.faults else None
        return 0.0 if fault is None else float(fault.get("seconds", 2.0))

    # -- faults ---------------------------------------------------------------------------------------------------------

    def _strike(self, name: str, call: Call, when: str = "before") -> Fault | None:
        """Draw for a fault that is meant for this kind of call (and this side of the commit)."""

        def fits(fault: Fault) -> bool:
            on = fault.get("on", _DEFAULT_ON.get(name, "any"))
            kind = "writes" if call.method.writes else "reads"
            side = fault.get("when", "before") if name in {"server_error", "slow"} else when
            return on in ("any", kind) and side == when and call.method.name.endswith(fault.get("method", ""))

        return self.faults.strike(name, when=fits)

    def _before(self, call: Call) -> None:
        if fault := self._strike("slow", call):
            self.pause(float(fault.get("seconds", 1.0)))
        if self._strike("request_lost", call):
            raise Dropped(committed=False, reason="request_lost")
        if self._strike("token_expired", call):
            raise unauthenticated(given=True)
        if self._strike("api_disabled", call):
            raise api_disabled(self.project_number)
        if self._strike("rate_limited", call):
            raise self.quota.refusal(self.project_number, write=call.method.writes, per_user=True)
        if fault := self._strike("server_error", call):
            raise server_error(int(fault.get("status", 503)))
        if call.method.writes and (fault := self._strike("late_write", call)):
            with self.lock:
                self._sequence += 1
                heapq.heappush(self._late, (self.now() + float(fault.get("seconds", 5.0)), self._sequence, call))
            raise Dropped(committed=False, reason="late_write")

    def _after(self, call: Call) -> None:
        if fault := self._strike("slow", call, "after"):
            self.pause(float(fault.get("seconds", 1.0)))
        if fault := self._strike("server_error", call, "after"):
            raise server_error(int(fault.get("status", 503)))
        if self._strike("reply_lost", call):
            raise Dropped(committed=call.method.writes, reason="reply_lost")

    def land_late(self, now: float) -> None:
        """Do the late writes that are due; a refused one leaves no trace, as nobody waits for its answer."""
        while self._late and self._late[0][0] <= now:
            due, _, call = heapq.heappop(self._late)
            try:
                self._write(self._open(call), call, due)
            except (Refusal, Unfit):
                self.refusals[0] += 1

    @property
    def late_writes(self) -> int:
        """How many writes are still on their way."""
        return len(self._late)

    # -- spreadsheets, for those who run the simulator --------------------------------------------------------------------

    def create(
        self,
        title: str = "Untitled spreadsheet",
        *,
        owner: str = "owner@example.com",
        sheets: Sequence[str] = ("Sheet1",),
        spreadsheet_id: str | None = None,
        rows: int = 1000,
        columns: int = 26,
    ) -> str:
        """A new spreadsheet; its id."""
        with self.lock:
            number = spreadsheet_id or self._new_id()
            if number in self._shelves:
                raise ValueError(f"there is a spreadsheet {number} already")
            book = Book(number, title)
            for index, name in enumerate(sheets):
                sheet = Sheet(index and self.chance.randrange(1, 2**31), name, rows, columns)
                book.sheets[sheet.sheet_id] = sheet
            self._shelves[number] = Shelf(book, owner, self.now())
            return number

    def _new_id(self) -> str:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return "1" + "".join(self.chance.choice(letters) for _ in range(43))

    def _create(self, call: Call) -> dict[str, Any]:
        properties = call.body.get("properties") or {}
        wanted = [(tab.get("properties") or {}) for tab in call.body.get("sheets") or [{}]]
        if call.body.get("namedRanges") or call.body.get("developerMetadata"):
            raise invalid("The simulator creates spreadsheets with tabs only.")
        number = self.create(properties.get("title") or "Untitled spreadsheet", owner=call.user, sheets=())
        shelf = self._shelves[number]
        draft = self._draft(shelf.book, self.now())
        requests = [{"addSheet": {"properties": {"sheetId": 0, **tab} if len(wanted) == 1 else tab}} for tab in wanted]
        try:
            changes.apply(Batch(draft, self._rules, call.project), requests)
        except Refusal:
            del self._shelves[number]
            raise
        draft.book.locale = properties.get("locale") or draft.book.locale
        draft.book.time_zone = properties.get("timeZone") or draft.book.time_zone
        shelf.put(draft.book, self.now(), 0.0, call.user)
        return spreadsheet(draft.book, None, cells=False, project=call.project)

    def share(self, spreadsheet_id: str, user: str, role: str = "writer") -> None:
        """Let an account in: `reader`, `writer` or `owner`; `anyone` as the user is everybody who has the link."""
        with self.lock:
            self._shelves[spreadsheet_id].share(user, role)

    def unshare(self, spreadsheet_id: str, user: str) -> None:
        """Take an account's access away."""
        with self.lock:
            self._shelves[spreadsheet_id].roles.pop(user, None)

    def shelf(self, spreadsheet_id: str) -> Shelf | None:
        """A spreadsheet with who may see it; nothing when there is none."""
        return self._shelves.get(spreadsheet_id)

    def book(self, spreadsheet_id: str) -> Book:
        """The present state, which never changes; late writes that are due have landed."""
        with self.lock:
            self.land_late(self.now())
            return self._shelves[spreadsheet_id].book

    def rows(self, spreadsheet_id: str, title: str) -> list[list[Any]]:
        """The truth of one tab, as formatted values."""
        book = self.book(spreadsheet_id)
        sheet = book.sheet_titled(title)
        if sheet is None:
            raise ValueError(f"there is no sheet {title!r}")
        return values.rendered(sheet, sheet.clamp(EVERYTHING), {})

    def person(self, spreadsheet_id: str, who: str = DEFAULT_HANDS) -> Person:
        """The hands of a person in this spreadsheet."""
        return Person(self, spreadsheet_id, who)

    def edit(self, spreadsheet_id: str, change: Callable[[Draft], None], who: str = DEFAULT_HANDS) -> None:
        """Change a spreadsheet from outside the wire, all or nothing."""
        with self.lock:
            now = self.now()
            self.land_late(now)
            shelf = self._shelves[spreadsheet_id]
            draft = self._draft(shelf.book, now)
            change(draft)
            shelf.put(draft.book, now, self._history_s(), who)
        if self.on_commit is not None:
            self.on_commit(spreadsheet_id, None)

    def typed(self, value: Any) -> Cell:
        """What a person's typing becomes."""
        return typed(value, 0, 0, datetime.fromtimestamp(self.now(), UTC).year)

    def state(self) -> dict[str, Any]:
        """Everything, as data."""
        with self.lock:
            self.land_late(self.now())
            return {
                "spreadsheets": [describe(shelf) for shelf in self._shelves.values()],
                "calls": dict(self.calls),
                "refusals": {str(code): count for code, count in self.refusals.items()},
                "late_writes": self.late_writes,
            }


def _one(value: Any) -> str:
    return str(value[0]) if isinstance(value, list | tuple) else str(value)


def _read_call(found: tuple[Method, str, str], query: Mapping[str, Any], body: Any, who: tuple[str, str]) -> Call:
    method, spreadsheet_id, argument = found
    options, ranges = _read_query(method, query) if query else ({}, [])
    if method.body:
        wire.check_body(method.body, body, method.bound)
    fields = query.get("fields")
    mask = wire.read_mask(_one(fields), method.answer) if fields else None
    return Call(method, spreadsheet_id, argument, options, ranges, body or {}, mask, *who)


def _read_query(method: Method, query: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The query as options and ranges; unknown names and values are refused."""
    options: dict[str, Any] = {}
    ranges: list[str] = []
    for name, value in query.items():
        kind = method.query.get(name)
        if kind is None:
            if name not in COMMON_QUERY:
                raise wire.unknown_parameter(name)
        elif name == "ranges":
            ranges = [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
        elif kind == "bool":
            options[name] = _one(value).lower() == "true"
        else:
            text = _one(value)
            wire.check_enum(kind, text, snake(name))
            options[name] = text
    return options, ranges
