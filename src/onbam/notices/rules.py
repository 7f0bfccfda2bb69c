"""What becomes of a notice, as pure functions.

For: the stores next door.
Promises: the same in memory and in a database.
Refuses: clocks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from onbam.journal.model import Fact, Line, clipped
from onbam.notices.model import TEXT_MAX, Cause, Notice, Severity

KIND: Final = "notice"
WHO: Final = "system:notices"
SAID_MAX: Final = 300
"""So many letters of a title stand in the journal."""
_RANK: Final = {Severity.URGENT: 0, Severity.WARN: 1, Severity.INFO: 2}


def first_met(cause: Cause, number: int, now_ms: int) -> Notice:
    """A new notice."""
    return Notice(
        id=number,
        key=cause.key,
        severity=cause.severity,
        title={lang: clipped(text, TEXT_MAX) for lang, text in cause.title.both().items()},
        advice={lang: clipped(text, TEXT_MAX) for lang, text in cause.advice.both().items()},
        link=cause.link,
        first_at_ms=now_ms,
        last_at_ms=now_ms,
    )


def again(notice: Notice, cause: Cause, now_ms: int) -> Notice:
    """The same cause once more, as it is said now. A cause that became worse is unread again."""
    fresh = first_met(cause, notice.id, now_ms)
    worse = _RANK[cause.severity] < _RANK[notice.severity]
    return replace(
        fresh,
        count=notice.count + 1,
        first_at_ms=notice.first_at_ms,
        seen_at_ms=None if worse else notice.seen_at_ms,
        seen_by="" if worse else notice.seen_by,
        snoozed_until_ms=None if worse else notice.snoozed_until_ms,
    )


def closed(notice: Notice, who: str, why: str, now_ms: int) -> Notice:
    """The cause is gone."""
    return replace(notice, resolved_at_ms=now_ms, resolved_by=who, resolved_why=why)


def snoozed(notice: Notice, until_ms: int) -> Notice:
    """Nobody is told until then."""
    return replace(notice, snoozed_until_ms=until_ms)


def opened_line(notice: Notice) -> Line:
    """For the journal."""
    return Line(
        "notice.opened", KIND, notice.key, WHO, notice.title["en"], {"severity": notice.severity.value, **_titles(notice)}
    )


def resolved_line(notice: Notice) -> Line:
    """For the journal."""
    facts: dict[str, Fact] = {"count": notice.count, **_titles(notice)}
    return Line("notice.resolved", KIND, notice.key, notice.resolved_by, notice.resolved_why, facts)


def _titles(notice: Notice) -> dict[str, str]:
    """For the list of what just happened, in its reader's language."""
    return {f"title_{lang}": clipped(text, SAID_MAX) for lang, text in notice.title.items()}


def seen_line(key: str, who: str) -> Line:
    """For the journal."""
    return Line("notice.seen", KIND, key, who)


def snoozed_line(notice: Notice, who: str, why: str) -> Line:
    """For the journal."""
    return Line("notice.snoozed", KIND, notice.key, who, why, {"until_ms": notice.snoozed_until_ms})


def order(notice: Notice) -> tuple[int, int]:
    """Urgent first, then the newest."""
    return (_RANK[notice.severity], -notice.id)
