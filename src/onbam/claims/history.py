"""The history files of the older robots, taken over as memory: what they completed is never worked on again.

For: `onbam claims import-history v8_history.json v10_history.json`, once, at the move to Onbam.
Promises: reads every shape those files are known to have (a list of numbers, a list of records, a record or a status per
number, under `orders`, `history`, `processed`, `completed` or on top); says how many were read, skipped and in conflict; an
order completed here and failed there counts as completed, and is named; a second import changes nothing.
Refuses: to guess what an entry means: one without a number, or with a status it does not know, is skipped and named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeGuard
from zoneinfo import ZoneInfo

from onbam.claims import history_words as say
from onbam.claims.model import KEY_MAX, Item, Ref, State
from onbam.claims.ports import ClaimStore, Memory
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said

HOLDERS: Final = ("orders", "history", "processed", "completed", "processed_orders", "items")
HOLDERS_OF_FAILED: Final = ("failed", "failed_orders", "errors", "pending")
NUMBERS: Final = ("order_id", "order_no", "order_number", "number", "id")
STATUSES: Final = ("status", "result", "success")
TIMES: Final = ("completed_at", "processed_at", "uploaded_at", "timestamp", "time", "date", "locked_at")
DONE: Final = frozenset({"completed", "complete", "success", "done", "ok", "uploaded", "성공", "완료"})
NOT_DONE: Final = frozenset({"failed", "fail", "error", "processing", "pending", "실패"})
BATCH: Final = 500
EPOCH_LEAST: Final = 1_000_000_000
EPOCH_MOST: Final = 10_000_000_000
"""A number of seconds between 2001 and 2286: when it was done, and no status."""
_FIGURE: Final = re.compile(r"\d")
Done = Literal["done", "not done", "unknown"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that was not taken over."""

    file: str
    entry: str
    why: Said


@dataclass(slots=True)
class Report:
    """What an import did."""

    files: list[str] = field(default_factory=list)
    read: int = 0
    new: int = 0
    known: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    conflicts: list[Item] = field(default_factory=list)
    """Orders this installation holds in another state; a person looks at them."""
    contradictions: list[Skipped] = field(default_factory=list)
    """Orders completed in one place of these files and not in another: taken for completed, so that no slip is posted twice."""


def import_history(store: ClaimStore, files: Sequence[Path], kind: str, zone: ZoneInfo) -> Report:
    """Take over what these files say was completed."""
    report = Report()
    memories: dict[Ref, Memory] = {}
    unfinished: list[Skipped] = []
    for file in files:
        report.files.append(file.name)
        for entry in _entries(_read(file), file):
            report.read += 1
            if not _is_number(entry.number):
                report.skipped.append(Skipped(file.name, entry.shown, say.NO_NUMBER()))
            elif entry.done == "unknown":
                report.skipped.append(Skipped(file.name, entry.number, say.UNKNOWN_STATUS(status=entry.status)))
            elif entry.done == "not done":
                unfinished.append(Skipped(file.name, entry.number, say.NOT_COMPLETED(status=entry.status)))
            else:
                ref = Ref(kind, entry.number)
                memories[ref] = Memory(ref, State.COMPLETED, _at_ms(entry.record, zone, store.now_ms()), holder=file.stem)
    for one in unfinished:
        done = memories.get(Ref(kind, one.entry))
        report.skipped.append(one)
        if done is not None:
            report.contradictions.append(Skipped(one.file, one.entry, say.CONTRADICTION(why=one.why, other=done.holder)))
    everything = list(memories.values())
    for start in range(0, len(everything), BATCH):
        done_now = store.remember(everything[start : start + BATCH])
        report.new += done_now.new
        report.known += done_now.known
        report.conflicts += done_now.conflicts
    return report


@dataclass(frozen=True, slots=True)
class _Entry:
    """One order as a file tells of it."""

    number: str
    done: Done
    status: object
    """As it stands there."""
    record: Mapping[str, Any]
    shown: str
    """For people, where there is no number."""


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise Refused(say.MISSING(file=file), say.MISSING_HINT) from None
    except OSError as error:  # a folder, or a file this user may not read
        raise Refused(say.UNREADABLE(file=file, what=error.strerror or type(error).__name__), say.MISSING_HINT) from None
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise Refused(say.NOT_JSON(file=file), say.NOT_JSON_HINT) from None


def _entries(data: Any, file: Path, *, listed: Done = "done") -> Iterator[_Entry]:
    """What a file says of each order; `listed`: what it means to stand in this list without a status."""
    if isinstance(data, Mapping):
        holders = {name for name in (*HOLDERS, *HOLDERS_OF_FAILED) if isinstance(data.get(name), list | Mapping)}
        for name, value in data.items():
            if name in holders:
                yield from _entries(value, file, listed="not done" if name in HOLDERS_OF_FAILED else "done")
            elif not holders or _is_number(name):  # what else stands beside a list of orders is about the file: its version
                yield _recorded(name, value, listed) if isinstance(value, Mapping) else _told(name, value)
    elif isinstance(data, list):
        for value in data:
            if isinstance(value, Mapping):
                yield _recorded(next((value[name] for name in NUMBERS if value.get(name)), ""), value, listed)
            else:
                yield _Entry(_number(value), listed, listed, {}, f"{value!s:.80}")
    else:
        raise Refused(say.STRANGE(file=file), say.STRANGE_HINT)


def _told(number: str, value: object) -> _Entry:
    """An order and one word, or one moment, about it."""
    if isinstance(value, str) and _moment(value) is not None:
        return _Entry(_number(number), "done", value, {TIMES[0]: value}, number)
    if _is_plain_number(value) and EPOCH_LEAST <= value < EPOCH_MOST:
        at = datetime.fromtimestamp(value, UTC).isoformat()
        return _Entry(_number(number), "done", value, {TIMES[0]: at}, number)
    return _Entry(_number(number), _meaning(value), value, {}, f"{number}: {value!s:.60}")


def _recorded(number: object, record: Mapping[str, Any], listed: Done) -> _Entry:
    """An order with a record; where the record tells no status, its list does."""
    named = next((name for name in STATUSES if name in record), None)
    status = record[named] if named is not None else listed
    return _Entry(_number(number), _meaning(status) if named else listed, status, record, f"{dict(record)!s:.80}")


def _meaning(status: object) -> Done:
    """What a status says."""
    if isinstance(status, bool):
        return "done" if status else "not done"
    word = status.strip().lower() if isinstance(status, str) else ""
    return "done" if word in DONE else "not done" if word in NOT_DONE else "unknown"


def _number(value: object) -> str:
    """An order's number as it is kept; empty for what cannot be one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _is_number(number: str) -> bool:
    """Whether an order may be called so: `version` may not."""
    return _FIGURE.search(number) is not None and len(number) <= KEY_MAX


def _is_plain_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _at_ms(record: Mapping[str, Any], zone: ZoneInfo, now_ms: int) -> int:
    """When, as far as the file says; else now."""
    for name in TIMES:
        value = record.get(name)
        at = _moment(value) if isinstance(value, str) else None
        if at is not None:
            return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)
    return now_ms
