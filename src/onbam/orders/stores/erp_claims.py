"""What the PCs of a company share about their ERP, where a sheet is all they share.

For: `CLAIM_STORE=sheets`: session, zone, spacing and rejected log-ins lie beside the leases.
Promises: the same answers as the stores in a database; each decision is one atomic step of the claim store, by its clock; a
session rests encrypted, so that whoever reads the sheet cannot use it; two PCs' ideas of the clock are allowed for.
Refuses: to ask the sheet for what is known: a session is believed for a while, the ERP itself says when it has ended.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol, TypeVar

from onbam.claims.model import Item, Ref, State
from onbam.claims.ports import PAGE_MAX, ClaimStore, Filter
from onbam.claims.stores.turn import Rewrite, Turn
from onbam.connectors.ecount.contract import Session
from onbam.kernel.clock import Clock
from onbam.kernel.settings import Secret
from onbam.vault.cipher import Cipher

KIND: Final = "erp"
ACCOUNT: Final = "account"
GATE: Final = "gate"
BELIEVED_S: Final = 30.0
BOOKED_MAX: Final = 100
A = TypeVar("A")


class Alone(Protocol):
    """A claim store, for what is not a lease."""

    def alone(self, act: Callable[[Turn], A]) -> A:
        """One atomic step."""
        ...


@dataclass(frozen=True, slots=True)
class _Account:
    """What is kept of one account."""

    zone: str = ""
    session: str = ""
    made_at_ms: int = 0
    failures: int = 0


class ClaimShelf:
    """Sessions, zones and failed log-ins in items of their own kind."""

    def __init__(self, store: Alone, cipher: Callable[[], Cipher], clock: Clock) -> None:
        self._store = store
        self._cipher = cipher
        self._clock = clock
        self._known: dict[str, tuple[float, _Account]] = {}

    def session(self, account: str) -> Session | None:
        """The session, if there is one."""
        kept = self._account(account)
        if not kept.session:
            return None
        plain = json.loads(self._cipher().decrypt(kept.session, _context(account)))
        return Session(plain["zone"], Secret(plain["id"]), datetime.fromtimestamp(kept.made_at_ms / 1000, UTC))

    def keep(self, account: str, session: Session) -> None:
        """A new session for everybody; failed log-ins are forgotten."""
        plain = json.dumps({"zone": session.zone, "id": session.id.reveal()})
        locked = self._cipher().encrypt(plain, _context(account))
        made_at_ms = int(session.made_at.timestamp() * 1000)
        self._change(account, lambda kept: replace(kept, session=locked, made_at_ms=made_at_ms, failures=0))

    def drop(self, account: str, session: Session) -> None:
        """This session ended; a newer one stays."""
        if self.session(account) != session:
            return
        ended = self._account(account).session
        self._change(account, lambda kept: replace(kept, session="") if kept.session == ended else kept)

    def zone(self, account: str) -> str:
        """The company's zone; empty before it is known."""
        return self._account(account).zone

    def keep_zone(self, account: str, zone: str) -> None:
        """Remember the zone."""
        self._change(account, lambda kept: replace(kept, zone=zone))

    def failures(self, account: str) -> int:
        """How many log-ins failed since the last that worked."""
        return self._account(account).failures

    def count_failure(self, account: str) -> int:
        """One more."""
        return self._change(account, lambda kept: replace(kept, failures=kept.failures + 1)).failures

    def forgive(self, account: str) -> None:
        """Start counting again."""
        self._change(account, lambda kept: replace(kept, failures=0))

    def _account(self, account: str) -> _Account:
        """As last seen, if that is not long ago and there was a session; else as it is now."""
        seen = self._known.get(account)
        if seen is not None and seen[1].session and self._clock.monotonic() - seen[0] < BELIEVED_S:
            return seen[1]
        return self._remember(account, self._store.alone(lambda turn: _account_of(_peeked(turn, _ref(ACCOUNT, account)))))

    def _change(self, account: str, rule: Callable[[_Account], _Account]) -> _Account:
        def act(turn: Turn) -> _Account:
            kept = _account_of(_peeked(turn, _ref(ACCOUNT, account)))
            after = rule(kept)
            if after != kept:
                _put(turn, _ref(ACCOUNT, account), json.dumps(asdict(after)))
            return after

        return self._remember(account, self._store.alone(act))

    def _remember(self, account: str, kept: _Account) -> _Account:
        self._known[account] = (self._clock.monotonic(), kept)
        return kept


def reencrypt(store: ClaimStore, alone: Alone, cipher: Cipher) -> int:
    """Put every session under the cipher's current key; answers how many were changed."""
    kept = [item.key for item in store.find(Filter(kinds=(KIND,), text=f"{ACCOUNT}:"), limit=PAGE_MAX).items]
    return sum(alone.alone(partial(_rotated, cipher, Ref(KIND, key))) for key in kept)


def _rotated(cipher: Cipher, ref: Ref, turn: Turn) -> int:
    kept = _account_of(_peeked(turn, ref))
    fresh = cipher.rotate(kept.session, _context(ref.key.removeprefix(f"{ACCOUNT}:"))) if kept.session else ""
    if fresh == kept.session:
        return 0
    _put(turn, ref, json.dumps(asdict(replace(kept, session=fresh))))
    return 1


class ClaimTurnstile:
    """The next free moment of each gate."""

    def __init__(self, store: Alone, grain_s: float) -> None:
        """`grain_s` is how far two PCs' readings of the store's clock may be apart: it is added to every spacing."""
        self._store = store
        self._grain_s = grain_s

    def book(self, gate: str, spacing_s: float, ahead_s: float = 0.0) -> float:
        """Take the next free moment that is at least so far ahead; answers the seconds until it."""
        spacing_ms = self._ms(spacing_s)

        def rule(free_ms: int, now_ms: int) -> tuple[int, int]:
            at_ms = max(now_ms + math.ceil(ahead_s * 1000), free_ms)
            return at_ms + spacing_ms, at_ms - now_ms

        return self._turn(gate, spacing_ms, rule)

    def take(self, gate: str, spacing_s: float) -> float:
        """Go through now, or learn how long not."""
        spacing_ms = self._ms(spacing_s)

        def rule(free_ms: int, now_ms: int) -> tuple[int, int]:
            return (free_ms, free_ms - now_ms) if free_ms > now_ms else (now_ms + spacing_ms, 0)

        return self._turn(gate, spacing_ms, rule)

    def hold(self, gate: str, seconds: float) -> None:
        """Nobody is let through or booked for this long."""
        until_ms = self._ms(seconds)
        self._turn(gate, until_ms, lambda free_ms, now_ms: (max(free_ms, now_ms + until_ms), 0))

    def release(self, gate: str) -> None:
        """Free at once."""
        self._turn(gate, 0, lambda _, now_ms: (now_ms, 0))

    def _turn(self, gate: str, spacing_ms: int, rule: Callable[[int, int], tuple[int, int]]) -> float:
        ref = _ref(GATE, gate)

        def act(turn: Turn) -> int:
            item = _peeked(turn, ref)
            known_ms = int(json.loads(item.data)["free_at_ms"]) if item is not None and item.data else turn.now_ms
            # Booked further ahead than anybody could have: under a clock that has been set back since.
            believed_ms = known_ms if known_ms - turn.now_ms <= BOOKED_MAX * max(1, spacing_ms) else turn.now_ms
            free_ms, wait_ms = rule(believed_ms, turn.now_ms)
            if free_ms != known_ms:
                _put(turn, ref, json.dumps({"free_at_ms": free_ms}))
            return wait_ms

        return self._store.alone(act) / 1000

    def _ms(self, seconds: float) -> int:
        return math.ceil((seconds + self._grain_s) * 1000)


def _ref(sort: str, name: str) -> Ref:
    return Ref(KIND, f"{sort}:{name}")


def _context(account: str) -> str:
    return f"ecount:{account}:session"


def _peeked(turn: Turn, ref: Ref) -> Item | None:
    return turn.load([ref]).get(ref)


def _account_of(item: Item | None) -> _Account:
    return _Account(**json.loads(item.data)) if item is not None and item.data else _Account()


def _put(turn: Turn, ref: Ref, data: str) -> None:
    """Our own row; it is never due, so nobody claims it."""
    item = turn.load([ref]).get(ref)
    if item is None:
        fresh = Item(ref.kind, ref.key, State.WAITING, due_at_ms=None, data=data, added_at_ms=turn.now_ms)
        turn.insert([fresh._replace(changed_at_ms=turn.now_ms)])
        return
    turn.write([Rewrite(item, item._replace(data=data, version=item.version + 1, changed_at_ms=turn.now_ms))])
