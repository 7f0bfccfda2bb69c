"""The lock manager older scripts know, on the same engine as everything else.

For: scripts that say `DistributedLockManager()`, `connect()`, `acquire_lock(…)`.
Promises: the names and the yes/no answers those scripts expect; a lock lasts `LOCK_TIMEOUT_SEC`, because a script does
not renew.
Refuses: `completed` for an order another PC holds meanwhile; an order without a number; working without a connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from onbam.claims.asks import Ending, Grant, Lost
from onbam.claims.model import Agent, Fence, State
from onbam.claims.ports import ClaimStore
from onbam.claims.typed import typed_ref
from onbam.kernel.errors import CredentialsRejected, Misconfigured, Refused, Transient
from onbam.kernel.words import Text

KIND: Final = "order"
NOT_CONNECTED: Final = Text(
    ko="Lock manager not connected: 먼저 connect()를 부르십시오.", en="Lock manager not connected: call connect() first."
)
UNKNOWN_STATUS: Final = Text(ko="status는 completed 또는 failed여야 합니다.", en="status must be completed or failed.")


class DistributedLockManager:
    """Leases on orders for a script."""

    def __init__(self, open_store: Callable[[], ClaimStore], agent: Agent) -> None:
        self._open_store = open_store
        self._agent = agent
        self._store: ClaimStore | None = None
        self._held: dict[str, Fence] = {}
        self.problem: str = ""
        """Why `connect()` answered false."""

    @property
    def machine_id(self) -> str:
        """This PC."""
        return self._agent.machine_id

    def connect(self) -> bool:
        """Whether the store can be reached."""
        try:
            store = self._open_store()
            store.now_ms()
        except (Transient, CredentialsRejected, Misconfigured) as error:
            self.problem = error.to("ko")
            return False
        self._store = store
        return True

    def acquire_lock(self, order_id: str, notes: str = "") -> bool:
        """Whether this order is ours now."""
        ref = typed_ref(KIND, str(order_id))
        answer = self._connected().claim_many(self._agent, [ref], note=notes)[0]
        if isinstance(answer, Grant):
            self._held[ref.key] = answer.item.fence
            return True
        return ref.key in self._held and answer.item is not None and answer.item.fence == self._held[ref.key]

    def release_lock(self, order_id: str, status: str = "completed", notes: str = "") -> bool:
        """Whether the end of our work was taken down; false when the order is not ours any more."""
        if status not in {"completed", "failed"}:
            raise Refused(UNKNOWN_STATUS)
        fence = self._held.pop(str(order_id).strip(), None)
        if fence is None:
            return False
        answer = self._connected().finish([Ending(fence, State(status), note=notes)])[0]
        return not isinstance(answer, Lost) and answer.state is State(status)

    def is_locked(self, order_id: str) -> bool:
        """Whether some PC works on this order, or it is completed."""
        item = self._connected().get([typed_ref(KIND, str(order_id))])[0]
        return item is not None and item.state in {State.PROCESSING, State.COMPLETED, State.UNCERTAIN}

    def cleanup_old_locks(self, max_age_days: float = 7) -> int:
        """How many old rows were removed; that they were completed stays remembered."""
        return self._connected().cleanup(max_age_days)

    def _connected(self) -> ClaimStore:
        if self._store is None:
            raise Refused(NOT_CONNECTED)
        return self._store
