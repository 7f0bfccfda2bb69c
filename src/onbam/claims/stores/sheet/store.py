"""The claim store over a spreadsheet: every turn is one appended row, and the order of rows decides.

For: `CLAIM_STORE=sheets`.
Promises: a decision counts only after it was read back in its place (a grant and a `sending` after the sheet's worst write
delay too); a row whose answer was lost is sent again as it was, because it can count only once; a lease that came true after we
had given up is handed back; the clock is Google's.
Refuses: to wait for another thread: a store belongs to one process, and two of its threads may be in here at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

from onbam.claims import words as say
from onbam.claims.asks import Command, Denied, Ending, Grant, Lost, New, NotAllowed, Progress, Renewed, TooShort
from onbam.claims.model import Agent, Fence, Item, Phase, Ref, State, Terms
from onbam.claims.ports import Capabilities, Filter, Memory, Page, Remembered
from onbam.claims.stores.deciding import DecidingStore
from onbam.claims.stores.memory import MemoryTurn, page_of
from onbam.claims.stores.sheet import log
from onbam.claims.stores.sheet.log import COLUMNS, SEAL, Book, Move, as_record, encode, fold
from onbam.claims.stores.turn import Turn
from onbam.connectors.sheets.contract import AddTab, Append, DropTab, Spreadsheet, Tab
from onbam.journal.model import Stretch
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.kernel.errors import ContractBroken, OutcomeUnknown, Refused, Transient
from onbam.kernel.ids import new_id
from onbam.kernel.words import kept

LOG_HEADER: Final = ("Onbam: do not edit. 온밤이 쓰는 시트입니다. 고치지 마십시오.",)
WORST_WRITE_DELAY_MS: Final = 2_000
"""How old the state may be that a read answers."""
OVERLAP_MS: Final = 1_000
"""How long after a row was written another write that overlapped it may still land on it."""
CLOCK_GRAIN_MS: Final = 2_000
"""Two PCs' ideas of Google's clock differ by at most this: the header counts whole seconds, and an answer takes its time."""
TRIES: Final = 6
ROTATE_ROWS: Final = 2_000
"""A log longer than this is closed at the next clean-up, and a new one begins with what is still alive."""
ROWS_PER_CALL: Final = 400

A = TypeVar("A")


class _Contended(Exception):
    """Another turn came first: decide again."""


class _Segment(NamedTuple):
    """A log we read and write."""

    number: int
    tab: Tab


class SheetStore(DecidingStore):
    """Items in a spreadsheet."""

    def __init__(
        self,
        sheet: Spreadsheet,
        clock: Clock,
        chance: Chance,
        terms: Terms | None = None,
        *,
        worst_write_delay_ms: int = WORST_WRITE_DELAY_MS,
        overlap_ms: int = OVERLAP_MS,
        view_age_s: float = 0.0,
        rotate_rows: int = ROTATE_ROWS,
    ) -> None:
        super().__init__(terms or Terms(lease_ms=1_800_000, limit_ms=1_800_000))
        self._sheet = sheet
        self._clock = clock
        self._chance = chance
        self._certain_s = (worst_write_delay_ms + overlap_ms) / 1000
        """After so long a read shows whether a row that was seen stands for good."""
        self._view_age_s = view_age_s
        self._rotate_rows = rotate_rows
        self._segment: _Segment | None = None
        self._known = 0
        """The newest log this process has seen."""
        self._base = Book()
        """The state up to rows nobody can change any more."""
        self._book = Book()
        self._marks: list[tuple[float, int]] = []
        """When how many rows had been seen: what was seen long enough ago becomes the base."""
        self._synced_at = float("-inf")
        self._given_up: set[str] = set()
        self.capabilities = Capabilities(
            clock="server",
            many_machines=True,
            durable=True,
            push=False,
            best_batch=100,
            worst_write_delay_ms=worst_write_delay_ms + overlap_ms,
            clock_grain_ms=CLOCK_GRAIN_MS,
            round_trip_ms=1_500,
            calls_per_minute=60,
            edited_by_people=True,
        )

    # -- turns ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def turn(self) -> Iterator[MemoryTurn]:
        """One atomic step: decided on what was read last, true once its row stands in its place."""
        book = self._view(self._view_age_s)
        turn = MemoryTurn(book.items, book.memory, self._sheet.now_ms())
        yield turn
        if turn.rows or turn.removed or turn.memorised or turn.lines:
            self._commit(book, turn)

    @contextmanager
    def look(self) -> Iterator[MemoryTurn]:
        """The same for reading only."""
        book = self._view(self._view_age_s)
        yield MemoryTurn(book.items, book.memory, self._sheet.now_ms())

    def _commit(self, book: Book, turn: MemoryTurn) -> None:
        """Append the turn, read it back, and believe only what stands there."""
        touched = dict.fromkeys([*turn.rows, *turn.removed])
        put = {
            str(ref): log.changed(book.items.get(ref) or Item(ref.kind, ref.key), item)
            for ref, item in turn.rows.items()
            if ref not in turn.removed
        }
        move = Move(
            nonce=new_id(self._clock, self._chance),
            at_ms=turn.now_ms,
            segment=book.number,
            pre={str(ref): book.heads.get(str(ref), "") for ref in touched},
            put=put,
            gone=[str(ref) for ref in turn.removed],
            mem=[log.memory_cells(m) for m in turn.memorised.values()],
            say=[log.say_cells(line) for line in turn.lines],
        )
        grave = any(log.is_grave(book.items.get(ref), item) for ref, item in turn.rows.items())
        self._put(move, settle_s=self._certain_s if grave else 0.0)

    def _put(self, move: Move, settle_s: float) -> None:
        """Send until the row is known to stand or known to have lost."""
        row = encode(as_record(move))
        wait_s, dated = settle_s, True
        for _ in range(TRIES):
            try:
                self._sheet.write([Append(self._open().tab, [row])])
            except OutcomeUnknown:
                wait_s, dated = max(settle_s, self._certain_s), False
            except Refused:
                self._segment = None  # the log was closed and removed: look for its successor
                raise _Contended from None
            self._clock.wait(wait_s)
            book = self._sync()
            if move.nonce in book.counted and settle_s and not dated:
                self._clock.wait(settle_s)  # it may have landed this very moment: only from now on is its age known
                book = self._sync()
            if move.nonce in book.counted:
                return
            moved_on = any(book.heads.get(name, "") != head for name, head in move.pre.items())
            if moved_on or book.number != move.segment:
                raise _Contended
        self._given_up.add(move.nonce)
        raise Transient(say.SHEET_SILENT, say.SHEET_SILENT_HINT)

    def _again(self, act: Callable[[], A]) -> A:
        """Decide again on the newest state as long as others come first."""
        for _ in range(TRIES):
            try:
                self._hand_back_late()
                return act()
            except _Contended:
                self._clock.wait(self._chance.uniform(0.0, 0.5))
                self._sync()
        raise Transient(say.SHEET_CROWDED, say.SHEET_CROWDED_HINT)

    def _hand_back_late(self) -> None:
        """Leases that came true after we had told our caller that they had not."""
        if self._given_up:
            self._sync()
        late = self._given_up & self._book.counted
        self._given_up -= late
        ours = [item for ref, item in self._book.items.items() if self._book.heads.get(str(ref)) in late]
        fences = [item.fence for item in ours if item.state is State.PROCESSING and item.phase is Phase.CLAIMED]
        if fences:
            super().release(fences, why=kept(say.ANSWER_LOST))

    # -- reading --------------------------------------------------------------------------------------------------------

    def _view(self, age_s: float) -> Book:
        """What was read last, when that is fresh enough; a decision on an older view loses its race and is taken again."""
        if self._clock.monotonic() - self._synced_at < age_s:
            return self._book
        return self._sync()

    def _sync(self) -> Book:
        """Read what came since; follow the log into its next segment."""
        for _ in range(TRIES):
            segment = self._open()
            base = self._base
            began = self._clock.monotonic()
            try:
                rows = self._sheet.read([(segment.tab.title, base.rows)], COLUMNS)[0]
            except Refused:
                self._segment = None
                continue
            book = fold(base, rows, segment.tab.title)
            if book.sealed is None and book.number:
                self._keep(base, rows, book, began)
                return book
            if book.sealed is not None:
                self._segment = self._successor(segment, book)
            else:
                self._clock.wait(self._certain_s)  # somebody is writing the snapshot right now
                self._finish_snapshot(segment)
        raise Transient(say.SHEET_CROWDED, say.SHEET_CROWDED_HINT)

    def _keep(self, base: Book, rows: Sequence[Sequence[object]], book: Book, began: float) -> None:
        """Remember the state; rows that had been seen so long before this read began that they stand for good become the base.

        Before it *began*: a process that stood still between the answer and this line knows nothing newer than the answer.
        """
        now = self._clock.monotonic()
        old = [count for at, count in self._marks if at <= began - self._certain_s and base.rows < count <= book.rows]
        if old:
            self._base = fold(base, rows[: max(old) - base.rows])
        self._marks = [(at, count) for at, count in self._marks if at > began - self._certain_s][-50:]
        self._marks.append((now, book.rows))
        self._book, self._synced_at = book, now

    def _open(self) -> _Segment:
        """The newest log; the first one is made when there is none."""
        if self._segment is not None:
            return self._segment
        found = self._logs()
        if self._known and (not found or max(found) < self._known):
            self._clock.wait(self._certain_s)  # what was read may be older than what we have seen before
            found = self._logs()
            if not found or max(found) < self._known:
                # With an empty one in its place every order would be new again.
                raise ContractBroken(log.GONE(title=f"{log.LOG_PREFIX}{self._known:04d}"), log.GONE_HINT)
        if not found:
            self._start(1, Book())
            found = self._logs()
            if not found:
                raise Transient(say.SHEET_SILENT, say.SHEET_SILENT_HINT)
        number = max(found)
        self._segment, self._known = _Segment(number, found[number]), number
        self._base = self._book = Book()
        self._marks = []
        return self._segment

    def _logs(self) -> dict[int, Tab]:
        """Every log there is, by its number."""
        return {number: tab for tab in self._sheet.tabs() if (number := log.number_of(tab.title)) is not None}

    # -- segments -------------------------------------------------------------------------------------------------------

    def _start(self, number: int, book: Book) -> None:
        """Make a log that begins with this state. Whoever else makes it writes the same rows, so two makers do no harm."""
        title = f"{log.LOG_PREFIX}{number:04d}"
        tab = Tab(zlib.crc32(title.encode()) & 0x7FFFFFFF, title, ROWS_PER_CALL, COLUMNS, hidden=True)
        rows = list(log.snapshot(book, number))
        try:
            self._sheet.write([AddTab(tab, [LOG_HEADER, *rows[:ROWS_PER_CALL]])])
        except (Refused, OutcomeUnknown):
            return  # it is there already, or we shall see
        for start in range(ROWS_PER_CALL, len(rows), ROWS_PER_CALL):
            self._sheet.write([Append(tab, rows[start : start + ROWS_PER_CALL])])

    def _successor(self, segment: _Segment, book: Book) -> _Segment:
        """The log after a closed one, made when its closer did not come to it."""
        number = book.sealed or segment.number + 1
        for _ in range(TRIES):
            tab = self._logs().get(number)
            if tab is not None:
                self._base, self._marks = log.first(book), []
                return _Segment(number, tab)
            self._start(number, book)
        raise Transient(say.SHEET_SILENT, say.SHEET_SILENT_HINT)

    def _finish_snapshot(self, segment: _Segment) -> None:
        """A log whose maker died in the middle is finished from the closed one before it."""
        before = self._logs().get(segment.number - 1)
        closed = Book()
        if before is not None:
            closed = fold(Book(), self._sheet.read([(before.title, 0)], COLUMNS)[0], before.title)
        if segment.number in {1, closed.sealed}:
            rows = list(log.snapshot(closed, segment.number))
            for start in range(0, len(rows), ROWS_PER_CALL):
                self._sheet.write([Append(segment.tab, rows[start : start + ROWS_PER_CALL])])

    def _rotate(self) -> None:
        """Close a long log and begin the next; the one before the closed one goes."""
        segment, book = self._open(), self._sync()
        if book.rows < self._rotate_rows:
            return
        nonce = new_id(self._clock, self._chance)
        seal = Move(nonce, self._sheet.now_ms(), book.number, {SEAL: book.heads.get(SEAL, "")}, seal=segment.number + 1)
        try:
            self._put_seal(seal)
        except _Contended:
            return  # another one closes it
        self._sync()
        for tab in self._sheet.tabs():
            number = log.number_of(tab.title)
            if number is not None and number < segment.number:
                self._sheet.write([DropTab(tab)])

    def _put_seal(self, seal: Move) -> None:
        """A seal counts when the log is closed, whoever closed it."""
        try:
            self._sheet.write([Append(self._open().tab, [encode(as_record(seal))])])
        except (OutcomeUnknown, Refused):
            self._clock.wait(self._certain_s)
        self._clock.wait(self._certain_s)

    # -- the port: each method decided again while others come first --------------------------------------------------------

    def alone(self, act: Callable[[Turn], A]) -> A:
        """One atomic step."""
        return self._again(lambda: super(SheetStore, self).alone(act))

    def add(self, items: Sequence[New]) -> Sequence[Item]:
        """Make items known."""
        return self._again(lambda: super(SheetStore, self).add(items))

    def claim_many(self, by: Agent, want: Sequence[Ref], *, note: str = "", grace_ms: int = 0) -> Sequence[Grant | Denied]:
        """A lease on each of these that is free."""
        grace = grace_ms + CLOCK_GRAIN_MS
        return self._again(lambda: super(SheetStore, self).claim_many(by, want, note=note, grace_ms=grace))

    def claim_due(self, by: Agent, kinds: Sequence[str], limit: int, *, note: str = "", grace_ms: int = 0) -> Sequence[Grant]:
        """Leases on whatever is due."""
        grace = grace_ms + CLOCK_GRAIN_MS
        return self._again(lambda: super(SheetStore, self).claim_due(by, kinds, limit, note=note, grace_ms=grace))

    def renew(self, fences: Sequence[Fence]) -> Sequence[Renewed | Lost]:
        """Each lease for its own length from now."""
        return self._again(lambda: super(SheetStore, self).renew(fences))

    def advance(self, steps: Sequence[Progress]) -> Sequence[Item | Lost | TooShort]:
        """Phase, step, note, data."""
        return self._again(lambda: super(SheetStore, self).advance(steps))

    def finish(self, endings: Sequence[Ending]) -> Sequence[Item | Lost]:
        """Attempts end."""
        return self._again(lambda: super(SheetStore, self).finish(endings))

    def release(self, fences: Sequence[Fence], *, why: str = "") -> Sequence[Item | Lost]:
        """Leases handed back."""
        return self._again(lambda: super(SheetStore, self).release(fences, why=why))

    def expire(self, *, grace_ms: int = 0) -> Sequence[Item]:
        """Take back every lease that ended."""
        return self._again(lambda: super(SheetStore, self).expire(grace_ms=grace_ms + CLOCK_GRAIN_MS))

    def declare_dead(self, agent_ids: Sequence[str], *, who: str, why: str) -> Sequence[Item]:
        """Take back at once all that these agents hold."""
        return self._again(lambda: super(SheetStore, self).declare_dead(agent_ids, who=who, why=why))

    def recover(self, by: Agent) -> Sequence[Grant | Item]:
        """What an earlier process in this agent's seat still held."""
        return self._again(lambda: super(SheetStore, self).recover(by))

    def override(self, commands: Sequence[Command]) -> Sequence[Item | NotAllowed]:
        """A person's decisions, or proofs. Decided on the newest state: the person may have seen more than we have."""
        self._synced_at = float("-inf")
        return self._again(lambda: super(SheetStore, self).override(commands))

    def forget_trial(self, refs: Sequence[Ref]) -> None:
        """Remove rows that only tried the store out, in their newest state."""
        self._synced_at = float("-inf")
        self._again(lambda: super(SheetStore, self).forget_trial(refs))

    def remember(self, memories: Sequence[Memory]) -> Remembered:
        """Take over the memory of another system."""
        return self._again(lambda: super(SheetStore, self).remember(memories))

    def cleanup(self, max_age_days: float = 7.0, *, limit: int = 10_000) -> int:
        """Remove old rows, and close the log when it has grown long."""
        removed = self._again(lambda: super(SheetStore, self).cleanup(max_age_days, limit=limit))
        self._rotate()
        return removed

    # -- looking --------------------------------------------------------------------------------------------------------

    def now_ms(self) -> int:
        """Google's clock."""
        return self._sheet.now_ms()

    def find(self, which: Filter, *, limit: int = 100, after: str = "") -> Page:
        """A page of rows, the last changed first."""
        return page_of(self._view(self._view_age_s).items.values(), which, limit, after)

    def counts(self) -> Mapping[tuple[str, State], int]:
        """How many rows of each kind are in each state."""
        counted: dict[tuple[str, State], int] = {}
        for item in self._view(self._view_age_s).items.values():
            counted[item.kind, item.state] = counted.get((item.kind, item.state), 0) + 1
        return counted

    def changes(self, since: int, *, limit: int = 500) -> Stretch:
        """The journal's lines about items after a position; those of closed logs are gone."""
        book = self._view(self._view_age_s)
        entries = [entry for entry in book.entries if entry.position > since][:limit]
        first = book.entries[0].position if book.entries else book.position + 1
        missing = first - 1 if since < first - 1 else 0
        position = entries[-1].position if entries else max(since, missing)
        return Stretch([e for e in entries if e.line.what.startswith("item.")], position, missing)
