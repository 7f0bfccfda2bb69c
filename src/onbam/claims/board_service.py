"""Keeps the visible sheet current as a service, within the quota, and tells people what they must know of it.

For: the agent process, or `onbam claims board` by itself; every PC may run one, one of them keeps the sheet at a time.
Promises: a round every `claims.board_every_s`; claims have the quota first, but the board is never starved for longer than a
minute; a sheet that cannot be kept current is said within minutes (a wrong column, a taken right at once) and not any more when
it is; orders that an older program works on as well, and edits that were not possible, are notices.
Refuses: to stop anything: whichever store decides goes on deciding while the board is away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims import board_words as say
from onbam.claims.board import Board, Seen
from onbam.claims.board_rows import LOCAL_TIME, Edit
from onbam.claims.lease import Moment
from onbam.claims.ports import ClaimStore
from onbam.connectors.sheets.contract import Spare
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.kernel.errors import (
    ContractBroken,
    CredentialsRejected,
    Misconfigured,
    OnbamError,
    OutcomeUnknown,
    Refused,
    Transient,
)
from onbam.kernel.words import Said
from onbam.notices.model import Cause, Severity
from onbam.notices.ports import Notices

WHO: Final = "system:board"
STALE_KEYS: Final = "board:stale:"
BOTH_KEYS: Final = "board:both:"
REFUSED_KEYS: Final = "board:refused:"
STALE_AFTER_S: Final = 300.0
"""A network that is away for less is nobody's business."""
REFUSED_SHOWN_S: Final = 3_600.0
RESERVE: Final = 4
"""A quarter of the quota is left to the claims."""
ROUND_CALLS: Final = 2
CROWDED_PAUSE_S: Final = 5.0
CROWDED_MAX_S: Final = 60.0
WATCH_ROUNDS: Final = 3
"""While another PC keeps the board, we look only this often: to go on when it is gone."""
BROKEN_PAUSE_S: Final = 60.0
"""A wrong column or a taken right is looked at again this often."""
JITTER: Final = 0.1
"""PCs that were switched on together must not go on asking together."""


@dataclass(frozen=True, slots=True)
class BoardState:
    """How the board is, for a page or a command."""

    seen: Seen | None = None
    """What the last good round found."""
    at: datetime | None = None
    problem: Said | None = None
    """Why the last round was not good."""
    hint: Said | None = None


class BoardService:
    """One round after the other."""

    name = "board"

    def __init__(
        self,
        open_board: Callable[[], Board],
        store: ClaimStore,
        clock: Clock,
        chance: Chance,
        zone: ZoneInfo,
        *,
        every_s: float,
        spare: Callable[[], Spare],
        notices: Notices | None = None,
    ) -> None:
        self._open_board = open_board
        """Opened at the first round: a wrong key is the board's trouble, and nobody else's."""
        self._board: Board | None = None
        self._store = store
        self._clock = clock
        self._chance = chance
        self._zone = zone
        self._every_s = every_s
        self._spare = spare
        self._notices = notices
        self._crowded_since: Moment | None = None
        self._bad_since: Moment | None = None
        self._refused: dict[str, tuple[Edit, Moment]] = {}
        self.state = BoardState()

    def start(self) -> None:
        """Nothing to get ready: the first round makes the sheet when it is missing."""

    def step(self, now: datetime) -> float:
        """One round, when the quota allows."""
        try:
            self._board = self._board or self._open_board()
            if self._is_crowded():
                return CROWDED_PAUSE_S
            seen = self._board.round(self._store)
        except (Transient, OutcomeUnknown) as error:
            self._trouble(error)
            return max(self._pause_s(), getattr(error, "retry_after_s", None) or 0.0)
        except (Misconfigured, CredentialsRejected, ContractBroken, Refused) as error:
            self._trouble(error, at_once=True)
            return BROKEN_PAUSE_S
        self._bad_since = None
        self.state = BoardState(seen, now)
        self._tell(seen)
        return self._pause_s() * (WATCH_ROUNDS if seen.watching else 1)

    def stop(self) -> None:
        """Another PC takes the board over when our word about it has run out."""

    def _pause_s(self) -> float:
        return self._every_s * self._chance.uniform(1 - JITTER, 1 + JITTER)

    def _is_crowded(self) -> bool:
        """Whether the claims need what is left of this minute."""
        spare = self._spare()
        is_free = (
            spare.wait_s <= 0
            and spare.reads >= max(ROUND_CALLS, spare.of_reads // RESERVE)
            and spare.writes >= max(1, spare.of_writes // RESERVE)
        )
        waited = 0.0 if self._crowded_since is None else self._crowded_since.since_s(self._clock)
        if is_free or waited >= CROWDED_MAX_S:
            self._crowded_since = None
            return False
        self._crowded_since = self._crowded_since or Moment.now(self._clock)
        return True

    def _trouble(self, error: OnbamError, *, at_once: bool = False) -> None:
        """Remember it, and say it when it lasts."""
        self.state = BoardState(self.state.seen, self.state.at, error.message, error.hint)
        self._bad_since = self._bad_since or Moment.now(self._clock)
        if self._notices is None or not (at_once or self._bad_since.since_s(self._clock) >= STALE_AFTER_S):
            return
        since = self.state.at.astimezone(self._zone).strftime(LOCAL_TIME) if self.state.at else say.NEVER
        title = say.STALE(since=since, what=error.message)
        key = f"{STALE_KEYS}{type(error).__name__}"  # another trouble, another notice
        cause = Cause(key, Severity.WARN, title, error.hint)
        self._notices.settle(STALE_KEYS, [cause], who=WHO)

    def _tell(self, seen: Seen) -> None:
        """Open and resolve the board's notices."""
        if self._notices is None or seen.watching:
            return
        self._refused |= {edit.key: (edit, Moment.now(self._clock)) for edit in seen.refused}
        self._refused = {key: told for key, told in self._refused.items() if told[1].since_s(self._clock) < REFUSED_SHOWN_S}
        both = [
            Cause(
                f"{BOTH_KEYS}{one.key}"[:191],
                Severity.URGENT,
                say.BOTH(key=one.key, other=one.locked_by),
                say.BOTH_ADVICE(),
                f"/items/order/{one.key}"[:200],
            )
            for one in seen.both
        ]
        refused = [
            Cause(
                f"{REFUSED_KEYS}{edit.key}"[:191],
                Severity.INFO,
                say.REFUSED(key=edit.key, status=edit.status[:40]),
                say.REFUSED_ADVICE(),
            )
            for edit, _ in self._refused.values()
        ]
        for prefix, present in ((STALE_KEYS, []), (BOTH_KEYS, both), (REFUSED_KEYS, refused)):
            self._notices.settle(prefix, present, who=WHO)
