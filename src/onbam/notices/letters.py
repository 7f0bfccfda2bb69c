"""What a letter is, and which letters are due: pure.

For: the postman and its store; the tests.
Promises: for one notice and one receiver at most one letter of each sort, whoever plans and however often; "resolved" only
after the first was sent; nothing that is not urgent in quiet hours; a cause that comes back is not told again at once.
Refuses: clocks, stores, channels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from onbam.notices.model import Notice, Severity

RANK: Final = {Severity.INFO: 0, Severity.WARN: 1, Severity.URGENT: 2}
CHANNEL_NOTICE: Final = "channel:"
"""How the keys of notices about channels begin; one about a channel does not go through that channel."""
DIGEST: Final = "digest"
DIGEST_LATE_H: Final = 12
"""A digest that could not go out for so long is left out: the next one is near."""


class Sort(StrEnum):
    """Why a letter is written."""

    OPENED = "opened"
    WORSE = "worse"
    REMINDER = "reminder"
    RESOLVED = "resolved"
    DIGEST = "digest"


class State(StrEnum):
    """What became of a letter."""

    DUE = "due"
    SENT = "sent"
    DROPPED = "dropped"
    """Not needed any more: its cause was gone, or a person had seen it, before it went out."""
    REFUSED = "refused"
    """The receiver does not take it."""
    GIVEN_UP = "given_up"
    """Could not be delivered for too long."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way to one receiver. Times are the store's milliseconds."""

    id: int
    channel: str
    about: str
    """`notice:17`, `digest:2026-01-14`."""
    sort: Sort
    key: str = ""
    """The cause's key; empty for a digest."""
    severity: Severity = Severity.INFO
    state: State = State.DUE
    number: int = 0
    """Tells letters of one sort apart: which reminder, how bad it became."""
    tries: int = 0
    made_at_ms: int = 0
    due_at_ms: int = 0
    done_at_ms: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Listener:
    """A receiver, as the plan needs to know it."""

    channel: str
    floor: Severity | None
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nobody is woken for what can wait. May go over midnight."""

    begins: time
    ends: time

    def until(self, now: datetime) -> datetime | None:
        """When they end, if they are now (`now` in the shop's zone)."""
        at = now.timetz().replace(tzinfo=None)
        over_night = self.begins > self.ends
        inside = (at >= self.begins or at < self.ends) if over_night else self.begins <= at < self.ends
        if not inside:
            return None
        day = now.date() + timedelta(days=1 if over_night and at >= self.begins else 0)
        return datetime.combine(day, self.ends, now.tzinfo)


@dataclass(frozen=True, slots=True)
class Manners:
    """When the shop wants to hear of something."""

    zone: ZoneInfo
    quiet: Quiet | None = None
    digest_at: time | None = None
    tell_resolved: bool = True
    again_ms: int = 30 * 60_000
    remind_ms: int = 0
    give_up_ms: int = 24 * 3_600_000

    def earliest(self, now_ms: int, severity: Severity) -> int:
        """When a letter of this severity may go out."""
        if self.quiet is None or severity is Severity.URGENT:
            return now_ms
        ends = self.quiet.until(datetime.fromtimestamp(now_ms / 1000, self.zone))
        return now_ms if ends is None else _ms(ends)


@dataclass(frozen=True, slots=True)
class Stand:
    """All a plan looks at."""

    now_ms: int
    notices: Sequence[Notice]
    """The open ones, and those resolved lately."""
    letters: Sequence[Letter]
    """About these notices; those still due; the last ones of each cause; the last digests."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, what is not needed any more, what waits longer."""

    write: Sequence[Letter]
    drop: Sequence[tuple[int, State]]
    wait: Sequence[tuple[int, int]]
    """(letter, until)"""


def plan(stand: Stand, listeners: Sequence[Listener], manners: Manners) -> Plan:
    """What follows from how things stand."""
    by: dict[tuple[str, str], list[Letter]] = {}
    for letter in stand.letters:
        by.setdefault((letter.channel, letter.about), []).append(letter)
    write = [new for listener in listeners for new in _written(stand, listener, manners, by)]
    notices = {about(notice): notice for notice in stand.notices}
    known = {listener.channel for listener in listeners}
    drop: list[tuple[int, State]] = []
    wait: list[tuple[int, int]] = []
    open_keys = {notice.key for notice in stand.notices if notice.open}
    for letter in stand.letters:
        if letter.state is not State.DUE:
            continue
        notice = notices.get(letter.about)
        if (end := _ended(letter, notice, known, open_keys, stand.now_ms, manners)) is not None:
            drop.append((letter.id, end))
        elif notice is not None and notice.open and (notice.snoozed_until_ms or 0) > max(stand.now_ms, letter.due_at_ms):
            wait.append((letter.id, notice.snoozed_until_ms or 0))
    return Plan(write, drop, wait)


def about(notice: Notice) -> str:
    """What letters about it carry."""
    return f"notice:{notice.id}"


def _ended(
    letter: Letter, notice: Notice | None, known: set[str], open_keys: set[str], now_ms: int, manners: Manners
) -> State | None:
    """Whether a letter that waits is not needed any more."""
    if letter.channel not in known:
        return State.DROPPED
    limit_ms = DIGEST_LATE_H * 3_600_000 if letter.sort is Sort.DIGEST else manners.give_up_ms
    if letter.tries and now_ms - letter.made_at_ms >= limit_ms:
        return State.GIVEN_UP
    if letter.sort is Sort.DIGEST:
        return State.DROPPED if now_ms - letter.due_at_ms >= limit_ms else None
    if letter.sort is Sort.RESOLVED:
        return State.DROPPED if letter.key in open_keys else None
    if notice is None or not notice.open or notice.seen_at_ms is not None:
        return State.DROPPED
    return None


def _written(
    stand: Stand, listener: Listener, manners: Manners, by: Mapping[tuple[str, str], list[Letter]]
) -> Iterator[Letter]:
    """The letters this receiver lacks."""
    if listener.digest and manners.digest_at is not None:
        yield from _digest(stand, listener, manners, by)
    if listener.floor is None:
        return
    told_at: dict[str, int] = {}
    for letter in stand.letters:
        if letter.channel == listener.channel and letter.sort is Sort.OPENED and letter.state is State.SENT:
            told_at[letter.key] = max(told_at.get(letter.key, 0), letter.done_at_ms or 0)
    open_keys = {notice.key for notice in stand.notices if notice.open}
    last_told: dict[str, int] = {}
    for notice in stand.notices:
        if _told(by.get((listener.channel, about(notice)), [])):
            last_told[notice.key] = max(last_told.get(notice.key, 0), notice.id)
    for notice in stand.notices:
        if notice.key == f"{CHANNEL_NOTICE}{listener.channel}":
            continue
        have = by.get((listener.channel, about(notice)), [])
        if notice.open:
            yield from _while_open(stand.now_ms, notice, listener, manners, have, told_at.get(notice.key))
        elif manners.tell_resolved and notice.key not in open_keys and last_told.get(notice.key) == notice.id:
            before = [letter.state for letter in have if letter.sort is Sort.RESOLVED]
            if all(state is State.DROPPED for state in before):  # dropped: the cause was back before this went out
                due = manners.earliest(stand.now_ms, Severity.INFO)
                yield _new(listener, notice, Sort.RESOLVED, stand.now_ms, due, len(before))


def _while_open(
    now_ms: int, notice: Notice, listener: Listener, manners: Manners, have: list[Letter], told_ms: int | None
) -> Iterator[Letter]:
    """Opened; worse than was told; unseen for too long."""
    assert listener.floor is not None, "a receiver without a floor hears of no notice"
    if RANK[notice.severity] < RANK[listener.floor] or notice.seen_at_ms is not None:
        return
    due = max(manners.earliest(now_ms, notice.severity), notice.snoozed_until_ms or 0)
    if not _has(have, Sort.OPENED):
        again = 0 if told_ms is None else told_ms + manners.again_ms
        yield _new(listener, notice, Sort.OPENED, now_ms, max(due, again))
        return
    if any(letter.state is State.DUE for letter in have):
        return
    if all(RANK[letter.severity] < RANK[notice.severity] for letter in have):
        yield _new(listener, notice, Sort.WORSE, now_ms, due, RANK[notice.severity])
        return
    last_ms = max((letter.done_at_ms or 0 for letter in have if letter.state is State.SENT), default=now_ms)
    if manners.remind_ms and notice.severity is Severity.URGENT and now_ms - last_ms >= manners.remind_ms:
        number = 1 + sum(letter.sort is Sort.REMINDER for letter in have)
        yield _new(listener, notice, Sort.REMINDER, now_ms, due, number)


def _digest(stand: Stand, listener: Listener, manners: Manners, by: Mapping[tuple[str, str], list[Letter]]) -> Iterator[Letter]:
    """One each day, from its time of day on; one that is hours late is left out."""
    assert manners.digest_at is not None, "somebody wants a digest"
    now = datetime.fromtimestamp(stand.now_ms / 1000, manners.zone)
    due_ms = _ms(datetime.combine(now.date(), manners.digest_at, manners.zone))
    subject = f"{DIGEST}:{now.date().isoformat()}"
    late_ms = stand.now_ms - due_ms
    if 0 <= late_ms < DIGEST_LATE_H * 3_600_000 and not by.get((listener.channel, subject)):
        yield Letter(0, listener.channel, subject, Sort.DIGEST, made_at_ms=stand.now_ms, due_at_ms=due_ms)


def _new(listener: Listener, notice: Notice, sort: Sort, now_ms: int, due_ms: int, number: int = 0) -> Letter:
    return Letter(
        0,
        listener.channel,
        about(notice),
        sort,
        notice.key,
        notice.severity,
        number=number,
        made_at_ms=now_ms,
        due_at_ms=due_ms,
    )


def _told(letters: Sequence[Letter]) -> bool:
    """Whether the receiver knows of it: only then it is told that it is over."""
    return any(letter.state is State.SENT for letter in letters)


def _has(letters: Sequence[Letter], sort: Sort) -> bool:
    return any(letter.sort is sort for letter in letters)


def _ms(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp() * 1000)
