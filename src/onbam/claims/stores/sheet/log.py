"""The order of turns: rows of a log, and the one rule that says which of them count.

For: the store next door; pure, so that every PC that reads the same rows knows the same state.
Promises: a turn counts when each item it touches still stands as the turn saw it (`pre` names the turn that touched it last),
and never twice; a row that was overwritten, came late, or came from an older view changes nothing.
Refuses: to look at a clock. What had expired was decided by the writer; here only the order decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from onbam.claims.model import Item, Phase, Ref, State
from onbam.claims.ports import Memory
from onbam.journal.model import Entry, Line
from onbam.kernel.errors import ContractBroken
from onbam.kernel.words import Text

LOG_PREFIX: Final = "onbam_log_"
CELL_MAX: Final = 45_000
"""Letters we put into one cell; Google allows 50,000."""
COLUMNS: Final = 60
"""Cells of a row: what one turn may say at most."""
SEAL: Final = "~"
"""The pseudo-item a seal is about; no kind begins with it."""
_FIELDS: Final = tuple(name for name in Item._fields if name not in ("kind", "key"))
_DEFAULT: Final = Item("-", "-")

UNREADABLE: Final = Text(
    ko="온밤의 숨은 시트 {title}의 {row}행이 손상되었습니다.", en="Row {row} of Onbam's hidden sheet {title} is damaged."
)
UNREADABLE_HINT: Final = Text(
    ko="누군가 숨은 시트를 고쳤습니다. Google 시트의 '버전 기록'에서 되돌리십시오.",
    en="Somebody edited the hidden sheet. Restore it from the spreadsheet's version history.",
)
GONE: Final = Text(
    ko="온밤의 숨은 시트 {title}이(가) 없어졌습니다. 무엇을 이미 입력했는지가 그 안에 있습니다.",
    en="Onbam's hidden sheet {title} is gone. What has been entered already stands in it.",
)
GONE_HINT: Final = Text(
    ko="누군가 지웠거나 이름을 바꾸었습니다. Google 시트의 '버전 기록'에서 되돌리십시오. 그때까지 온밤은 주문을 맡지 않습니다.",
    en="Somebody deleted or renamed it. Restore it from the spreadsheet's version history; until then Onbam takes no orders.",
)


@dataclass(frozen=True, slots=True)
class Move:
    """One turn as it is written."""

    nonce: str
    at_ms: int
    segment: int
    """The log it was decided on: it counts in no other."""
    pre: Mapping[str, str]
    """Item → the turn that touched it last, as the writer saw it; empty = nobody ever did."""
    put: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Item → the fields that became something else."""
    gone: Sequence[str] = ()
    mem: Sequence[Sequence[Any]] = ()
    say: Sequence[Sequence[Any]] = ()
    seal: int | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """The state after some rows. Never changed in place: two threads may read one."""

    items: dict[Ref, Item] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    """Item → the turn that touched it last."""
    memory: dict[Ref, Memory] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    """Turns of this segment that count."""
    entries: list[Entry] = field(default_factory=list)
    position: int = 0
    rows: int = 0
    """Rows read, the header included."""
    number: int = 0
    """Of this segment; 0 until the snapshot it begins with is complete."""
    sealed: int | None = None
    """The next segment's number once this one is closed."""


def fold(book: Book, rows: Iterable[Sequence[Any]], title: str = "") -> Book:
    """The state after more rows."""
    new = _Folding(book)
    for row in rows:
        new.rows += 1
        record = decode(row, title, new.rows)
        if record is not None and new.sealed is None:
            new.take(record)
    return new.book()


class _Folding:
    """A book while rows are added to it."""

    def __init__(self, book: Book) -> None:
        self.items = dict(book.items)
        self.heads = dict(book.heads)
        self.memory = dict(book.memory)
        self.counted = set(book.counted)
        self.entries = list(book.entries)
        self.position, self.rows, self.number, self.sealed = book.position, book.rows, book.number, book.sealed

    def book(self) -> Book:
        return Book(
            self.items, self.heads, self.memory, self.counted, self.entries, self.position, self.rows, self.number, self.sealed
        )

    def take(self, record: Mapping[str, Any]) -> None:
        if "snap" in record:
            if not self.number:
                self._restore(record)
        elif "live" in record:
            if not self.number:
                self.number, self.position = int(record["live"]), int(record["position"])
        elif self.number and record["seg"] == self.number:
            self._turn(record)

    def _restore(self, record: Mapping[str, Any]) -> None:
        for name, values in record["snap"].items():
            ref = ref_of(name)
            self.items[ref] = item_of(ref, values)
        self.heads.update(record.get("heads", {}))
        self.memory.update((m.ref, m) for m in map(memory_of, record.get("mem", ())))

    def _turn(self, record: Mapping[str, Any]) -> None:
        nonce = record["n"]
        if nonce in self.counted or any(self.heads.get(name, "") != head for name, head in record["pre"].items()):
            return
        self.counted.add(nonce)
        for name in record["pre"]:
            self.heads[name] = nonce
        for name, values in record.get("put", {}).items():
            ref = ref_of(name)
            self.items[ref] = (self.items.get(ref) or Item(ref.kind, ref.key))._replace(**_typed(values))
        for name in record.get("gone", ()):
            self.items.pop(ref_of(name), None)  # its head stays: a late row that never saw the item must not bring it back
        self.memory.update((m.ref, m) for m in map(memory_of, record.get("mem", ())))
        for what, kind, key, who, why, data in record.get("say", ()):
            self.position += 1
            self.entries.append(Entry(self.position, record["at"], Line(what, kind, key, who, why, data)))
        self.sealed = record.get("seal")


# -- rows ---------------------------------------------------------------------------------------------------------------


def encode(record: Mapping[str, Any]) -> list[str]:
    """A record as the cells of a row."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    cells = [text[i : i + CELL_MAX] for i in range(0, len(text), CELL_MAX)]
    assert len(cells) <= COLUMNS, f"one turn says at most {COLUMNS * CELL_MAX} letters"
    return cells


def decode(row: Sequence[Any], title: str, number: int) -> Mapping[str, Any] | None:
    """The record of a row; none for an empty one."""
    text = "".join(str(cell) for cell in row)
    if not text.strip() or number == 1:
        return None
    try:
        record = json.loads(text)
    except ValueError:
        raise ContractBroken(UNREADABLE(title=title, row=number), UNREADABLE_HINT, evidence=text[:4000].encode()) from None
    if not isinstance(record, dict):
        raise ContractBroken(UNREADABLE(title=title, row=number), UNREADABLE_HINT, evidence=text[:4000].encode())
    return record


def as_record(move: Move) -> dict[str, Any]:
    """A turn as a record; what is empty is left out."""
    record: dict[str, Any] = {"n": move.nonce, "at": move.at_ms, "seg": move.segment, "pre": dict(move.pre)}
    for name in ("put", "gone", "mem", "say", "seal"):
        if value := getattr(move, name):
            record[name] = value
    return record


def snapshot(book: Book, number: int, per_row: int = 50) -> Iterator[list[str]]:
    """The rows a new segment begins with: the same on every PC that makes them."""
    names = sorted(map(str, book.items))
    for start in range(0, len(names), per_row):
        part = names[start : start + per_row]
        snap = {name: changed(_DEFAULT, book.items[ref_of(name)]) for name in part}
        yield encode({"snap": snap, "heads": {name: book.heads[name] for name in part if name in book.heads}})
    memories = [book.memory[ref] for ref in sorted(book.memory, key=str)]
    many = per_row * 8
    for start in range(0, len(memories), many):
        yield encode({"snap": {}, "mem": [memory_cells(m) for m in memories[start : start + many]]})
    yield encode({"live": number, "position": book.position})


def changed(before: Item, after: Item) -> dict[str, Any]:
    """The fields in which two items differ."""
    return {name: value for name in _FIELDS if (value := getattr(after, name)) != getattr(before, name)}


def ref_of(name: str) -> Ref:
    """An item from its written name."""
    kind, _, key = name.partition(":")
    return Ref(kind, key)


def item_of(ref: Ref, values: Mapping[str, Any]) -> Item:
    """An item from its fields."""
    return Item(ref.kind, ref.key, **_typed(values))


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as the model has them; names of a later version are left alone."""
    out = {name: value for name, value in values.items() if name in _FIELDS}
    if "state" in out:
        out["state"] = State(out["state"])
    if out.get("phase") is not None:
        out["phase"] = Phase(out["phase"])
    return out


def memory_cells(memory: Memory) -> list[Any]:
    """A memory in a few letters."""
    return [str(memory.ref), memory.state.value, memory.at_ms, memory.token, memory.holder, memory.receipt]


def memory_of(cells: Sequence[Any]) -> Memory:
    """A memory from its letters."""
    name, state, at_ms, token, holder, receipt = cells
    return Memory(ref_of(name), State(state), at_ms, token, holder, receipt)


def say_cells(line: Line) -> list[Any]:
    """A line of the journal in a row."""
    return [line.what, line.kind, line.key, line.who, line.why, dict(line.data)]


def first(book: Book) -> Book:
    """The book of a new segment before its first row is read."""
    return Book(position=book.position)


def is_grave(before: Item | None, after: Item) -> bool:
    """Whether somebody will act on this: a new lease, or the permission to send."""
    leased = after.state is State.PROCESSING and (before is None or before.token != after.token)
    sends = after.phase is Phase.SENDING and (before is None or before.phase is not Phase.SENDING)
    return leased or sends


def number_of(title: str) -> int | None:
    """The number of a log; conflict copies of an overlapping creation are none."""
    digits = title.removeprefix(LOG_PREFIX)
    return int(digits) if title.startswith(LOG_PREFIX) and digits.isdigit() else None
