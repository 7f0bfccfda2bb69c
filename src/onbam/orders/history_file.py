"""`v10_history.json`: what was completed, kept up to date for scripts of the shop that read it.

For: shops that come from the older robots; each PC keeps its own copy of the common truth.
Promises: every completed order is in it once, soon after it is completed, whichever PC did it; what the file held before (an
older robot's entries) stays; it is replaced in one move; `onbam claims import-history` reads it back.
Refuses: to be asked by Onbam whether an order is done; to grow without end (`ENTRIES_MAX`, the newest stay); to touch a file it
cannot read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from onbam.claims.model import KEY_MAX, RECEIPT_MAX, Item, State
from onbam.claims.ports import PAGE_MAX, ClaimStore, Filter, Memory
from onbam.journal.model import Entry
from onbam.kernel.errors import Transient
from onbam.kernel.files import write_whole
from onbam.logs.voice import get_logger
from onbam.orders import flow_words as say
from onbam.orders.model import KIND, order_ref

HOLDER: Final = "processed"
EVERY_S: Final = 3.0
ENTRIES_MAX: Final = 50_000
FOREIGN_MAX_BYTES: Final = 64 * 1024 * 1024
_json: Final = json.JSONEncoder(ensure_ascii=False).encode
log: Final = get_logger("history")


class HistoryFile:
    """The service that keeps it."""

    name = "history"

    def __init__(self, path: Path, store: ClaimStore, zone: ZoneInfo, head: Callable[[], int]) -> None:
        """`head` is the position of the newest line of the store's journal."""
        self._path = path
        self._head = head
        self._store = store
        self._zone = zone
        self._entries: dict[str, str] = {}
        """By number, each as it stands in the file: what was written once is not written out again."""
        self._around: dict[str, Any] = {}
        """What else the file holds."""
        self._position: int | None = None
        self._stands_still = False

    def start(self) -> None:
        """Nothing to get ready: the file is read with the first step."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- times are the store's
        """What was completed since the last look."""
        if self._stands_still:
            return EVERY_S * 100
        if self._position is None:
            self._catch_up()
            return EVERY_S
        self._follow(self._position)
        return EVERY_S

    def stop(self) -> None:
        """A last look."""
        if self._position is not None and not self._stands_still:
            try:
                self._follow(self._position)
            except Transient:
                return  # the next start catches up

    def _follow(self, since: int) -> None:
        stretch = self._store.changes(since)
        fresh = {e.line.key: self._of_entry(e) for e in stretch.entries if _is_completed(e)}
        if fresh:
            self._put(fresh)
        self._position = stretch.position
        if not stretch.entries and self._head() < since:  # the database went back: its lines count anew
            self._position = None

    def _catch_up(self) -> None:
        """The file as it is, and everything that was completed while nobody kept it."""
        position = self._head()
        self._stands_still = not self._read()
        if self._stands_still:
            log.error(say.HISTORY_UNREADABLE(file=self._path.name))
            return
        known = {item.key: self._of_item(item) for item in self._completed()}
        missing = {key: entry for key, entry in known.items() if key not in self._entries}
        if missing or not self._path.exists():
            self._put(missing)
        self._position = position

    def _completed(self) -> Iterator[Item]:
        after = ""
        while True:
            page = self._store.find(Filter(kinds=(KIND,), states=(State.COMPLETED,)), limit=PAGE_MAX, after=after)
            yield from page.items
            after = page.after
            if not after:
                return

    def _read(self) -> bool:
        """What stands in it, if it can be read; an older robot's list becomes a table by number, its entries as they were."""
        try:
            if self._path.stat().st_size > FOREIGN_MAX_BYTES:
                return False
            data = json.loads(self._path.read_text("utf-8-sig"))
        except FileNotFoundError:
            return True
        except (OSError, ValueError):
            return False
        if isinstance(data, list):
            self._entries = _written(_by_number(data))
        elif isinstance(data, dict) and isinstance(data.get(HOLDER), dict):
            self._entries = _written(data[HOLDER].items())
            self._around = {name: value for name, value in data.items() if name != HOLDER}
        elif isinstance(data, dict) and all(isinstance(value, dict | str) for value in data.values()):
            self._entries = _written(data.items())
        else:
            return False
        return True

    def _put(self, fresh: dict[str, Any]) -> None:
        entries = {**self._entries, **_written(fresh.items())}
        if len(entries) > ENTRIES_MAX:
            entries = dict(list(entries.items())[-ENTRIES_MAX:])
        around = "".join(f" {_json(name)}: {_json(value)},\n" for name, value in self._around.items())
        inside = ",\n".join([f"  {_json(key)}: {entry}" for key, entry in entries.items()])
        try:
            write_whole(self._path, f"{{\n{around} {_json(HOLDER)}: {{\n{inside}\n }}\n}}\n", private=True)
        except OSError as error:
            raise Transient(say.HISTORY_NOT_WRITTEN(file=self._path.name, what=error.strerror or error)) from error
        self._entries = entries

    def _of_entry(self, entry: Entry) -> dict[str, str]:
        data = entry.line.data
        return self._record(entry.line.key, entry.at_ms, entry.line.who.partition(":")[2], str(data.get("receipt") or ""))

    def _of_item(self, item: Item) -> dict[str, str]:
        return self._record(item.key, item.changed_at_ms, item.holder, item.receipt)

    def _record(self, key: str, at_ms: int, holder: str, receipt: str) -> dict[str, str]:
        at = datetime.fromtimestamp(at_ms / 1000, self._zone).isoformat(timespec="seconds")
        return {"order_id": key, "status": "completed", "completed_at": at, "locked_by": holder, "slip": receipt}


def completed_in(path: Path) -> list[Memory]:
    """The orders such a file says were entered, each with its slip; an older robot's entries do not count."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return []
    entries = data.get(HOLDER) if isinstance(data, dict) else None
    return [memory for one in (entries.values() if isinstance(entries, dict) else ()) if (memory := _memory(one)) is not None]


def _memory(one: Any) -> Memory | None:
    """An entry as this module writes it."""
    try:
        number, slip, holder = (str(one[name]) for name in ("order_id", "slip", "locked_by"))
        at_ms = int(datetime.fromisoformat(one["completed_at"]).timestamp() * 1000)
    except (KeyError, TypeError, ValueError):
        return None
    is_ours = 0 < len(number) <= KEY_MAX and number == number.strip() and 0 < len(slip) <= RECEIPT_MAX
    return Memory(order_ref(number), State.COMPLETED, at_ms, holder=holder, receipt=slip) if is_ours else None


def _written(entries: Iterable[tuple[str, Any]]) -> dict[str, str]:
    return {key: _json(entry) for key, entry in entries}


def _is_completed(entry: Entry) -> bool:
    """Whether a line says that an order is done, whoever said so."""
    line = entry.line
    if line.kind != KIND or not line.what.startswith("item."):
        return False
    return line.what in ("item.completed", "item.there", "item.complete") or line.data.get("state") == State.COMPLETED.value


def _by_number(entries: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for entry in entries:
        number = entry.get("order_id") if isinstance(entry, dict) else entry
        if number:
            yield str(number), entry if isinstance(entry, dict) else "completed"


def end_of(store: ClaimStore) -> int:
    """The newest position of a store's lines, where nobody else knows it."""
    position = 0
    while True:
        stretch = store.changes(position)
        if stretch.position == position:
            return position
        position = stretch.position
