"""Looks at the lock between PCs: is it connected, and what may break it soon.

For: the doctor; people who see "Lock manager not connected".
Promises: connected or not, with the one thing that is wrong and its fix; a lock that is off is red; a sheet everybody with the
link may open, a log-in that will end within days and PCs that still run an older program are said before they hurt.
Refuses: to change anything; to take its own word for what Google did not tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from onbam.care import lock_words as say
from onbam.claims.board_rows import Others
from onbam.claims.connection import Connection, Obstacle, Standing, Verdict, judge
from onbam.connectors.sheets.credentials import Papers
from onbam.kernel.checks import Finding, bad, ok, warn
from onbam.kernel.errors import Misconfigured, OnbamError

TESTING_LIFE: Final = timedelta(days=7)
"""How long Google lets a token of an app in testing live."""
NAME: Final = "lock"


@dataclass(frozen=True, slots=True)
class LockParts:
    """What is looked at."""

    standing: Standing
    refusal: Callable[[], Misconfigured | None]
    """Why this PC must not take orders."""
    unlocked_since_ms: int | None
    """What was completed without the lock is still to be told to the others."""
    store: Callable[[], OnbamError | None]
    """Why what decides does not answer, as far as that can be asked without making anything."""
    connection: Callable[[], Connection]
    others: Others
    machine: str
    """This PC, for people: name, address, machine id."""


def lock(parts: LockParts, now: datetime) -> Iterator[Finding]:
    """Everything about the lock, in the order people ask."""
    refused = _refused(parts)
    yield from _switch(parts, refused)
    found = parts.connection() if parts.standing.has_sheet else None
    yield _connected(parts, judge(parts.standing, refused or parts.store(), found))
    if found is None:
        return
    if found.papers is not None:
        yield from _papers(found.papers, found, now)
    if found.open_to_anyone:
        yield warn("lock.sharing", say.OPEN, say.OPEN_FIX)
    elif found.open_to_anyone is None and found.connected:
        yield ok("lock.sharing", say.SHARING_UNKNOWN)
    elif found.connected:
        yield ok("lock.sharing", say.CLOSED)
    yield from _older(parts, found, now)


def _refused(parts: LockParts) -> OnbamError | None:
    """Why this PC must not take orders."""
    try:
        return parts.refusal()
    except OnbamError as error:
        return error


def _switch(parts: LockParts, why: OnbamError | None) -> Iterator[Finding]:
    """Whether this PC may work at all, and whether it works without the lock."""
    enabled = parts.standing.enabled
    if why is not None:
        yield Finding("lock.off" if not enabled else "lock.only", "bad", why.message, why.hint)
    elif not enabled:
        yield bad("lock.off", say.OFF, say.OFF_FIX)
    elif parts.unlocked_since_ms is not None:
        yield warn("lock.off", say.WAS_OFF, say.WAS_OFF_FIX)


def _connected(parts: LockParts, verdict: Verdict) -> Finding:
    """The line people know: Lock manager connected, or not."""
    mode = say.MODES[parts.standing.mode]
    if verdict.error is None:
        text = say.CONNECTED if parts.standing.has_sheet or not parts.standing.enabled else say.BY_DATABASE
        return ok(NAME, text, mode=mode, machine=parts.machine)
    what, hint = verdict.error.message, verdict.error.hint
    fix = hint if hint.to("en") else say.OTHER_FIX()
    if verdict.obstacle is None:
        return Finding(NAME, verdict.state, say.DOWN(mode=mode, what=what), fix)
    text = say.COLUMNS if verdict.connected else say.DISCONNECTED
    return Finding(NAME, verdict.state, text(cause=say.OBSTACLES[verdict.obstacle], what=what, mode=mode), fix)


def _papers(papers: Papers, found: Connection, now: datetime) -> Iterator[Finding]:
    """Whose log-in it is, and how long it will last."""
    if papers.pickle is not None:
        yield warn("lock.pickle", say.PICKLE, say.PICKLE_FIX, file=papers.pickle.name)
    if papers.kind == "service_account":
        yield ok("lock.login", say.SERVICE, account=papers.account or "?")
        return
    if found.obstacle is Obstacle.LOGIN:
        return  # it is over already, and said above
    account = papers.account or "?"
    if papers.refresh_until is not None and papers.refresh_until > now:
        until = papers.refresh_until.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")
        yield warn("lock.login", say.TESTING, say.TESTING_FIX, account=account, until=until)
    elif papers.granted_at is None:
        yield warn("lock.login", say.AGE_UNKNOWN, say.TESTING_FIX, account=account)
    elif (age := now - papers.granted_at) < TESTING_LIFE:
        yield warn("lock.login", say.YOUNG, say.YOUNG_FIX, account=account, days=f"{age / timedelta(days=1):.1f}")
    else:
        yield ok("lock.login", say.LASTING, account=account, days=f"{age / timedelta(days=1):.0f}")


def _older(parts: LockParts, found: Connection, now: datetime) -> Iterator[Finding]:
    """PCs that still run an older program on this sheet."""
    if found.rows is None:
        return
    now_ms = int(now.timestamp() * 1000)
    seen = [
        one
        for key, places in found.rows.places.items()
        if (one := parts.others.of(key, places, found.rows.written.get(key), now_ms)) is not None
    ]
    recent = sorted({one.locked_by for one in seen if now_ms - one.at_ms < TESTING_LIFE / timedelta(milliseconds=1)})
    if recent:
        yield warn("lock.older", say.OLDER, say.OLDER_FIX, names=", ".join(recent[:5]))
