"""What the ERP's own report says about our orders.

For: `onbam orders reconcile`, the page where a report is dropped.
Promises: pure; a slip with our key is proof that it is there, unless the key only stands in the note of another order's slip;
silence is believed only of a report that was made after the call must have ended, covers the day of the slip, and shows every
slip of ours that is known to be there; everything else that does not fit is listed: duplicates, slips of ours that nobody
knows, completed orders that the report does not show, or whose receipt no report could show, or whose slip is another order's.
Refuses: to settle anything: `reconcile_run.py` asks the desk for that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.model import Item, State
from onbam.connectors.ecount.export import Export, ExportSlip
from onbam.kernel.words import Said, plain
from onbam.orders import reconcile_words as say
from onbam.orders.why_figures import moment

MARGIN_MS: Final = 300_000
"""So much later than the end of the call the report must have been made: the ERP's clock is not ours."""
_WORD: Final = re.compile(r"[0-9A-Za-z]+")
_NUMBER: Final = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}")
"""What the supplier's order numbers look like: a day and four digits."""
_OWNERS: Final = re.compile(rf"{_NUMBER.pattern}(?![0-9A-Za-z])(?:\s*[,/+&·;]\s*{_NUMBER.pattern}(?![0-9A-Za-z]))*")
"""One number at the beginning, or several with a sign between them."""
_RECEIPT: Final = re.compile(r"(20\d\d)(\d\d)(\d\d)-\d+")
CENTURY: Final = 2000
_OPEN: Final = frozenset({State.WAITING, State.FAILED, State.PARKED})


class Verdict(StrEnum):
    """What the report says of a doubt."""

    THERE = "there"
    NOT_THERE = "not_there"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Doubt:
    """An uncertain order, and what is known of what was sent for it."""

    item: Item
    until_ms: int
    """By then its call had ended, by the store's clock."""
    day: date | None = None
    """Of the slip."""
    supply: Decimal | None = None
    """What its lines came to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The report's word about a doubt."""

    item: Item
    verdict: Verdict
    number: str = ""
    why: Said | None = None
    """Why it cannot be told."""


@dataclass(frozen=True, slots=True)
class Odd:
    """An order and the slips that do not fit it."""

    key: str
    numbers: tuple[str, ...] = ()
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """The whole report, held against what we know."""

    export: Export
    answers: Sequence[Answer] = ()
    entered_by_hand: Sequence[Item] = ()
    """Not entered by us, and there: they must not be entered again."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Of those, and of completed ones whose number was never told: the number of the slip."""
    duplicates: Sequence[Odd] = ()
    unknown: Sequence[Odd] = ()
    """Slips with a number like ours that nobody knows."""
    missing: Sequence[Odd] = ()
    """Completed under a slip that the report should show and does not."""
    unplaced: Sequence[Odd] = ()
    """Of its days, completed under what is no slip's number, and not in the report either."""
    foreign: Sequence[Odd] = ()
    """Completed under a slip that carries other orders' numbers (`numbers`) and not this one's."""
    elsewhere: Sequence[Odd] = ()
    """Completed under one number, found under another."""
    cancelled: Sequence[Odd] = ()
    """Cancelled, and there all the same."""
    differing: Sequence[Odd] = ()
    """There, with another amount than was sent."""
    strangers: int = 0
    """Slips without any number like ours: the shop's other purchases."""


class Index:
    """Which slips carry which word, and whose they are."""

    def __init__(self, export: Export) -> None:
        self._slips: dict[str, list[ExportSlip]] = defaultdict(list)
        self._mentions: dict[str, list[ExportSlip]] = defaultdict(list)
        for slip in export.slips:
            words = {word for text in slip.texts for word in _WORD.findall(text)}
            numbers = {word for word in words if _NUMBER.fullmatch(word)}
            owners = owners_of(slip) & numbers or numbers
            for word in words - numbers | owners:
                self._slips[word].append(slip)
            for word in numbers:
                self._mentions[word].append(slip)
        self._export = export

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Of all its slips."""
        return frozenset(slip.number for slip in self._export.slips)

    def having(self, key: str) -> Sequence[ExportSlip]:
        """The slips with this key on them."""
        return self._slips.get(key, ()) if _WORD.fullmatch(key) else self._export.having(key)

    def mentioning(self, key: str) -> Sequence[ExportSlip]:
        """The slips on which an order's number stands anywhere, also in the note of another order."""
        return self._mentions.get(key, ())

    def keys(self) -> set[str]:
        """Everything that looks like an order number."""
        return {word for word in self._slips if _NUMBER.fullmatch(word)}

    @cached_property
    def carried(self) -> Mapping[str, set[str]]:
        """By the number of the slip: the order numbers it carries."""
        carried: dict[str, set[str]] = defaultdict(set)
        for key, slips in self._mentions.items():
            for slip in slips:
                carried[slip.number].add(key)
        return carried


def owners_of(slip: ExportSlip) -> set[str]:
    """The orders a slip says it is of: what stands alone or in a list, else what its texts begin with.

    The robot writes its number in front of the supplier's note, and that may name another order: `2601050229 2601050105 more`.
    """
    sure: set[str] = set()
    likely: set[str] = set()
    for text in slip.texts:
        found = _OWNERS.match(text)
        if found is not None:
            numbers = _WORD.findall(found[0])
            (sure if len(numbers) > 1 or found.end() == len(text) else likely).update(numbers)
    return sure or likely


def keys_in(export: Export) -> set[str]:
    """The order numbers that stand in a report."""
    return Index(export).keys()


def compare(
    export: Export,
    doubts: Sequence[Doubt],
    known: Mapping[str, Item],
    completed: Sequence[Item],
    zone: ZoneInfo,
    *,
    unfiltered: bool = False,
) -> Compared:
    """Hold the report against what we know. `known`: the orders whose numbers stand in it; `completed`: ours of its days.

    `unfiltered`: a person vouches that the report was made without any condition but the days.
    """
    index = Index(export)
    missing = [odd for item in completed if (odd := _missing(export, index, item))]
    foreign = [odd for item in completed if (odd := _foreign(index, item))]
    theirs = {odd.key for odd in foreign}
    seen = any(index.having(item.key) for item in completed)
    doubt_about = None if unfiltered else _incomplete(missing, seen=seen)
    answers = [_answer(export, index, doubt, doubt_about, zone) for doubt in doubts]
    found = {key: tuple(slip.number for slip in index.having(key)) for key in index.keys() | {d.item.key for d in doubts}}
    by_hand = [item for item in known.values() if item.state in _OPEN and not item.receipt and found.get(item.key)]
    return Compared(
        export,
        answers,
        by_hand,
        {**_first(found, by_hand), **_first(found, (i for i in known.values() if _unnumbered(i)))},
        duplicates=[Odd(key, numbers) for key, numbers in sorted(found.items()) if len(numbers) > 1],
        unknown=[
            Odd(key, numbers) for key, numbers in sorted(found.items()) if numbers and key not in known and not _in(doubts, key)
        ],
        missing=[odd for odd in missing if odd.key not in theirs],
        unplaced=[odd for item in completed if (odd := _unplaced(export, index, item))],
        foreign=foreign,
        elsewhere=[odd for item in known.values() if (odd := _elsewhere(item, found.get(item.key, ())))],
        cancelled=[Odd(i.key, found[i.key]) for i in known.values() if i.state is State.CANCELLED and found.get(i.key)],
        differing=[odd for doubt in doubts if (odd := _differing(index, doubt))],
        strangers=sum(not any(_NUMBER.fullmatch(w) for t in slip.texts for w in _WORD.findall(t)) for slip in export.slips),
    )


# -- doubts -----------------------------------------------------------------------------------------------------------------


def _answer(export: Export, index: Index, doubt: Doubt, incomplete: Said | None, zone: ZoneInfo) -> Answer:
    slips = index.having(doubt.item.key)
    if slips:
        return Answer(doubt.item, Verdict.THERE, slips[0].number)
    mentioned = index.mentioning(doubt.item.key)
    if mentioned:
        return Answer(doubt.item, Verdict.CANNOT_TELL, why=say.MENTIONED(number=mentioned[0].number))
    why = silent(export, doubt, zone) or incomplete
    return Answer(doubt.item, Verdict.CANNOT_TELL if why else Verdict.NOT_THERE, why=why)


def silent(export: Export, doubt: Doubt, zone: ZoneInfo) -> Said | None:
    """Why the report's silence about a doubt proves nothing; none when it does."""
    if export.printed is None:
        return say.NOT_PRINTED()
    printed_ms = int(export.printed.timestamp() * 1000)
    if printed_ms < doubt.until_ms + MARGIN_MS:
        said = (moment(ms, printed_ms, zone) for ms in (printed_ms, doubt.until_ms, doubt.until_ms + MARGIN_MS))
        return say.TOO_OLD(**dict(zip(("printed", "until", "again"), said, strict=True)))
    if doubt.day is None:
        return say.NO_DAY()
    if export.since is None or export.until is None:
        return say.NO_TITLE()
    if not export.covers(doubt.day):
        return say.NOT_COVERED(since=export.since, until=export.until, day=doubt.day)
    return None


def _incomplete(missing: Sequence[Odd], *, seen: bool) -> Said | None:
    """Whether the report leaves out what is known to be there."""
    if missing:
        return say.INCOMPLETE(count=len(missing), number=plain(missing[0].ours)())
    return None if seen else say.NO_WITNESS()


def _differing(index: Index, doubt: Doubt) -> Odd | None:
    slips = index.having(doubt.item.key)
    if not slips or doubt.supply is None or slips[0].supply in (doubt.supply, Decimal(0)):
        return None
    return Odd(doubt.item.key, (slips[0].number,), f"{doubt.supply:,f}", f"{slips[0].supply:,f}")


# -- what is completed ------------------------------------------------------------------------------------------------------


def _missing(export: Export, index: Index, item: Item) -> Odd | None:
    """A slip that the report should show: of its days, entered before it was made."""
    day = receipt_day(item.receipt)
    shown = (
        index.having(item.key) or item.receipt in index.numbers
    )  # without our key: the column was left out, or a person's edit
    if day is None or not export.covers(day) or shown or not _before(export, item):
        return None
    return Odd(item.key, (), item.receipt)


def _before(export: Export, item: Item) -> bool:
    """Whether an order was completed long enough before the report was made to stand in it."""
    return export.printed is not None and item.changed_at_ms + MARGIN_MS <= export.printed.timestamp() * 1000


def _unplaced(export: Export, index: Index, item: Item) -> Odd | None:
    """An order of the report's days whose receipt names no slip: nothing shows that it is there."""
    if receipt_day(item.receipt) is not None or index.having(item.key) or not _before(export, item):
        return None
    day = number_day(item.key)
    return Odd(item.key, (), item.receipt) if day is None or export.covers(day) else None


def _foreign(index: Index, item: Item) -> Odd | None:
    """An order completed under a slip that says it is another's: whoever wrote that number down took the wrong one."""
    carried = index.carried.get(item.receipt, set())
    if not carried or item.key in carried:
        return None
    return Odd(item.key, tuple(sorted(carried)), item.receipt)


def _elsewhere(item: Item, numbers: tuple[str, ...]) -> Odd | None:
    if item.state is not State.COMPLETED or not numbers or receipt_day(item.receipt) is None or item.receipt in numbers:
        return None
    return Odd(item.key, numbers, item.receipt)


def _unnumbered(item: Item) -> bool:
    """Completed, and the ERP never told the number."""
    return item.state is State.COMPLETED and receipt_day(item.receipt) is None


def receipt_day(receipt: str) -> date | None:
    """The day a slip's number names; none when it is no such number."""
    found = _RECEIPT.fullmatch(receipt)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def number_day(key: str) -> date | None:
    """The day an order's own number names; none when it is no such number."""
    if not _NUMBER.fullmatch(key):
        return None
    try:
        return date(CENTURY + int(key[:2]), int(key[2:4]), int(key[4:6]))
    except ValueError:
        return None


def day_begins_ms(day: date, zone: ZoneInfo) -> int:
    """Midnight."""
    return int(datetime.combine(day, datetime.min.time(), zone).astimezone(UTC).timestamp() * 1000)


def _first(found: Mapping[str, tuple[str, ...]], items: Iterable[Item]) -> dict[str, str]:
    return {item.key: found[item.key][0] for item in items if found.get(item.key)}


def _in(doubts: Sequence[Doubt], key: str) -> bool:
    return any(doubt.item.key == key for doubt in doubts)
