"""The protections, and how each is taken away: here, in proxies and subclasses, and nowhere in the product.

For: the test that shows that the judges can fail; whoever asks what a protection is good for.
Promises: what is taken away is one thing; the rest runs as it is.
Refuses: a switch in the product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from onbam.claims import rules
from onbam.claims.asks import Denied, Ending, Grant, Progress
from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.claims.lease import Moment
from onbam.claims.model import Agent, Fence, Item, Ref
from onbam.claims.stores.deciding import DecidingStore
from onbam.claims.stores.sheet.log import Move, as_record, encode
from onbam.claims.stores.sheet.store import SheetStore
from onbam.claims.stores.turn import Rewrite
from onbam.connectors.sheets.contract import Append
from onbam.kernel.errors import OutcomeUnknown, Transient
from onbam.simulate.scheduler import FOREVER

RASH_S: Final = 0.001


class Protection(StrEnum):
    """What stands between an order and its second slip."""

    FENCE = "fence"
    """A write counts only under the newest token."""
    CONDITION = "condition"
    """A claim is decided and written in one step."""
    MARGIN = "margin"
    """Nothing is sent unless it is in time: the lease outlasts the call, a late arrival, and the moment until it shows, and
    the permission is fresh."""
    START = "start"
    """The second half of it: whoever stood still after the permission does not send, however much of the lease is left."""
    RECONCILE = "reconcile"
    """A new attempt first looks for what the last one sent."""
    SECOND_GATE = "second-gate"
    """On a sheet: a lease counts only after it was read back in its place."""


class Unfenced:
    """A store that takes whatever token it is shown for the newest one."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def _newest(self, fence: Fence) -> Fence:
        item = self._store.get([fence.ref])[0]
        return fence if item is None else item.fence

    def renew(self, fences: Sequence[Fence]) -> Any:
        """Any token will do."""
        return self._store.renew([self._newest(fence) for fence in fences])

    def release(self, fences: Sequence[Fence], *, why: str = "") -> Any:
        """Any token will do."""
        return self._store.release([self._newest(fence) for fence in fences], why=why)

    def advance(self, steps: Sequence[Progress]) -> Any:
        """Any token will do."""
        return self._store.advance([replace(step, fence=self._newest(step.fence)) for step in steps])

    def finish(self, endings: Sequence[Ending]) -> Any:
        """Any token will do."""
        return self._store.finish([replace(ending, fence=self._newest(ending.fence)) for ending in endings])


class Blind:
    """A store whose claims are written over whatever stands there."""

    def __init__(self, store: DecidingStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def claim_over(self, by: Agent, seen: Mapping[Ref, Item]) -> Sequence[Grant]:
        """Leases on what was seen some time ago."""
        store = self._store
        with store.turn() as turn:
            given = [rules.claimed(item, by, store.terms, turn.now_ms) for item in seen.values()]
            rows = turn.load(seen)
            turn.insert([change.item for change in given if change.item.ref not in rows])
            turn.write([Rewrite(rows[c.item.ref], c.item) for c in given if c.item.ref in rows])
            turn.tell([change.line for change in given])
        return [Grant(change.item, store.terms.lease_ms) for change in given]


class Careless:
    """Claims as the old robot did: read, see that it is free, write. `store` is the way to a `Blind` one."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def claim_many(self, by: Agent, want: Sequence[Ref], **_: Any) -> Sequence[Grant | Denied]:
        """Two calls, and anything may happen between them."""
        now_ms = self._store.now_ms()
        items = [item or Item(ref.kind, ref.key) for ref, item in zip(want, self._store.get(want), strict=True)]
        items = [rules.expired(i, self._store.terms, now_ms).item if rules.is_over(i, now_ms) else i for i in items]  # type: ignore[union-attr]
        denied = {item.ref: rules.denial(item, by, now_ms) for item in items}
        granted = {g.item.ref: g for g in self._store.claim_over(by, {i.ref: i for i in items if denied[i.ref] is None})}
        return [denied[ref] or granted[ref] for ref in want]


class Rash(Claims):
    """Leases that are believed to last for ever, as long as nobody said that they are lost."""

    def sending(self, held: Held, need_s: float, ask: Any = None, *, data: str | None = None) -> bool:  # noqa: ARG002 -- this is what it does without
        """Whatever is left is enough."""
        return super().sending(held, RASH_S, ask, data=data)

    def _keep(self, item: Item, remaining_ms: int, asked: Moment) -> Held:
        held = super()._keep(item, remaining_ms, asked)
        object.__setattr__(held, "left_s", lambda: -1.0 if held.lost.is_set() else FOREVER)
        object.__setattr__(held, "sending_for_s", lambda: 0.0)
        return held


class Slow(Claims):
    """A permission to send that never gets old."""

    def _keep(self, item: Item, remaining_ms: int, asked: Moment) -> Held:
        held = super()._keep(item, remaining_ms, asked)
        object.__setattr__(held, "sending_for_s", lambda: 0.0)
        return held


HANDS: Final[Mapping[Protection | None, type[Claims]]] = {Protection.MARGIN: Rash, Protection.START: Slow}
"""How an agent holds its leases without one of these."""


class Trusting(SheetStore):
    """A sheet store that believes the answer to its write and does not look whether its row stands."""

    def _put(self, move: Move, settle_s: float) -> None:  # noqa: ARG002 -- this is what it does without
        try:
            self._sheet.write([Append(self._open().tab, [encode(as_record(move))])])
        except OutcomeUnknown as error:
            raise Transient(error.message) from None
