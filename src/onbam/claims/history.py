"""The history files of the older robots, taken over as memory: what they completed is never worked on again.

For: `onbam claims import-history v8_history.json v10_history.json`, once, at the move to Onbam.
Promises: reads every shape those files are known to have (a list of numbers, a list of records, a record per number, either
under `orders`, `history`, `processed` or `completed`); says how many were read, skipped and in conflict; a second import
changes nothing.
Refuses: to guess what an entry means: one without a number, or with a status it does not know, is skipped and named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from onbam.claims import history_words as say
from onbam.claims.model import Item, Ref, State
from onbam.claims.ports import ClaimStore, Memory
from onbam.kernel.errors import Refused

HOLDERS: Final = ("orders", "history", "processed", "completed", "processed_orders", "items")
NUMBERS: Final = ("order_id", "order_no", "order_number", "number", "id")
TIMES: Final = ("completed_at", "processed_at", "uploaded_at", "timestamp", "time", "date", "locked_at")
DONE: Final = frozenset({"completed", "complete", "success", "done", "ok", "uploaded", "성공", "완료"})
NOT_DONE: Final = frozenset({"failed", "fail", "error", "processing", "pending", "실패"})
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that was not taken over."""

    file: str
    entry: str
    why: str


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


def import_history(store: ClaimStore, files: Sequence[Path], kind: str, zone: ZoneInfo) -> Report:
    """Take over what these files say was completed."""
    report = Report()
    memories: dict[Ref, Memory] = {}
    for file in files:
        report.files.append(file.name)
        for number, record in _entries(_read(file), file):
            report.read += 1
            done = _is_done(record)
            if not number.strip():
                report.skipped.append(Skipped(file.name, str(record)[:80], "no order number"))
            elif done is None:
                report.skipped.append(Skipped(file.name, number, f"unknown status {record.get('status')!r}"))
            elif not done:
                report.skipped.append(Skipped(file.name, number, f"not completed ({record.get('status')})"))
            else:
                ref = Ref(kind, number.strip())
                memories[ref] = Memory(ref, State.COMPLETED, _at_ms(record, zone, store.now_ms()), holder=file.stem)
    everything = list(memories.values())
    for start in range(0, len(everything), BATCH):
        done_now = store.remember(everything[start : start + BATCH])
        report.new += done_now.new
        report.known += done_now.known
        report.conflicts += done_now.conflicts
    return report


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise Refused(say.MISSING(file=file), say.MISSING_HINT) from None
    except (ValueError, UnicodeDecodeError):
        raise Refused(say.NOT_JSON(file=file), say.NOT_JSON_HINT) from None


def _entries(data: Any, file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Order number and what else is known of it."""
    if isinstance(data, Mapping):
        inner = [data[name] for name in HOLDERS if isinstance(data.get(name), list | dict)]
        if inner:
            for part in inner:
                yield from _entries(part, file)
            return
        for number, value in data.items():
            yield (
                str(number),
                value if isinstance(value, Mapping) else {"status": value if isinstance(value, str) else "completed"},
            )
    elif isinstance(data, list):
        for value in data:
            if isinstance(value, Mapping):
                yield str(next((value[name] for name in NUMBERS if value.get(name)), "")), value
            else:
                yield str(value), {}
    else:
        raise Refused(say.STRANGE(file=file), say.STRANGE_HINT)


def _is_done(record: Mapping[str, Any]) -> bool | None:
    """Whether an entry says completed; none when it says something nobody knows. No status at all: it stands in a done list."""
    status = record.get("status", record.get("result", record.get("success")))
    if status is None or status is True:
        return True
    if status is False:
        return False
    word = str(status).strip().lower()
    return True if word in DONE else False if word in NOT_DONE else None


def _at_ms(record: Mapping[str, Any], zone: ZoneInfo, now_ms: int) -> int:
    """When, as far as the file says; else now."""
    for name in TIMES:
        value = record.get(name)
        if isinstance(value, str):
            try:
                at = datetime.fromisoformat(value)
            except ValueError:
                continue
            return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)
    return now_ms
