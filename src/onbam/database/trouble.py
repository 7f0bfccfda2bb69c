"""A driver's error, told as what to do next.

For: `engine.py` and the dialects; nobody else sees a driver's error code.
Promises: the code goes into the context, the statement and its values do not; a broken constraint stays SQLAlchemy's own
`IntegrityError`, because the store that wrote the statement knows what it means; anything unknown is a bug and goes on as it
is, and so is a write inside a read transaction.
Refuses: to guess from a message where a code exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy.exc import DBAPIError

from onbam.database import words as say
from onbam.kernel.errors import Damaged, Misconfigured, OnbamError, StoreAway

Classify = Callable[[BaseException], OnbamError | None]
"""A dialect's part: the driver's own error in, ours out, or nothing when it is not trouble but a bug or a constraint."""


Phase = Literal["opening", "reading", "writing", "committing"]
"""How far a transaction had come."""


class CommitUnknown(StoreAway):
    """The connection broke during a commit: the change was kept, or it was not.

    Still `Transient`, for every write of ours repeats its condition; a store that must know reads back first.
    """


def busy(**context: Any) -> StoreAway:
    """Another holds it; it passes."""
    return StoreAway(say.BUSY, say.BUSY_HINT, **context)


def lost(place: str = "", /, **context: Any) -> StoreAway:
    """The server is away; `place` is where it should be, as far as that may be told."""
    return StoreAway(say.LOST_AT(place=place) if place else say.LOST, say.LOST_HINT, **context)


def full(**context: Any) -> StoreAway:
    """No space: the same write succeeds once a person has made some."""
    return StoreAway(say.FULL, say.FULL_HINT, **context)


def too_slow(**context: Any) -> StoreAway:
    """A statement's time was over."""
    return StoreAway(say.TOO_SLOW, say.TOO_SLOW_HINT, **context)


def standby(**context: Any) -> StoreAway:
    """The server takes no writes now."""
    return StoreAway(say.STANDBY, say.STANDBY_HINT, **context)


def damaged(**context: Any) -> Damaged:
    """The store contradicts itself."""
    return Damaged(say.DAMAGED, say.DAMAGED_HINT, **context)


def disk_trouble(code: str, **context: Any) -> Damaged:
    """The disk failed: what the file holds now is not known, so nothing may build on it."""
    return Damaged(say.DISK_TROUBLE(code=code), say.DISK_TROUBLE_HINT, code=code, **context)


def login_refused(**context: Any) -> Misconfigured:
    """Wrong name or password."""
    return Misconfigured(say.LOGIN, say.LOGIN_HINT, **context)


def no_right(**context: Any) -> Misconfigured:
    """The account may not."""
    return Misconfigured(say.NO_RIGHT, say.NO_RIGHT_HINT, **context)


def no_tables(**context: Any) -> Misconfigured:
    """Our tables are not here, or not any more."""
    return Misconfigured(say.NO_TABLES, say.NO_TABLES_HINT, **context)


def no_database(**context: Any) -> Misconfigured:
    """The named database is not there."""
    return Misconfigured(say.NO_DATABASE, say.NO_DATABASE_HINT, **context)


def told(error: BaseException, classify: Classify, phase: Phase = "opening", place: str = "") -> OnbamError | None:
    """Ours for theirs. A connection lost while committing leaves the outcome open, whatever the code says.

    `place` is what may be told of where the server is; nothing when that is not known for sure.
    """
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    ours = classify(original)
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    if phase == "committing" and (invalidated or (ours is not None and ours.message.text is say.LOST)):
        return CommitUnknown(say.COMMIT_UNKNOWN, say.COMMIT_UNKNOWN_HINT, code=type(original).__name__)
    if phase == "reading" and ours is not None and ours.message.text in (say.READ_ONLY, say.STANDBY):
        return None
    if ours is None and invalidated:
        ours = lost(code=type(original).__name__)
    if ours is not None and place and ours.message.text is say.LOST:
        return lost(place, **ours.context)
    return ours
