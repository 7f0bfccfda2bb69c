"""The effect ledger in memory: for tests and simulations.

For: everything that runs without a database.
Promises: the same answers as the kept one.
Refuses: to remember over a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from onbam.claims.model import Item, Ref
from onbam.effects.model import Clear, Done, Doubt, Effect, Outcome, Try, Word, open_doubt, passed_over, settled, standing, told
from onbam.effects.ports import Intended
from onbam.effects.stores.lines import line_of, verdict_line
from onbam.effects.stores.making import intended
from onbam.journal.ports import Journal
from onbam.kernel.clock import Clock


class MemoryLedger:
    """Tries in a dictionary."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._tries: dict[str, list[Try]] = {}
        self._lock = threading.Lock()

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    def intend(self, effect: Effect, item: Item, who: str, nonce: str, *, deadline_in_ms: int) -> Intended | Done | Doubt:
        """Write the intent, or say how the key stands."""
        now_ms = self._now_ms()
        with self._lock:
            tries = self._tries.setdefault(effect.key, [])
            stands = standing(tries, item.ref, item.token)
            if isinstance(stands, Doubt) and stands.about.nonce == nonce:
                return Intended(stands.about)
            if not isinstance(stands, Clear):
                return stands
            over = [passed_over(old, now_ms) for old in stands.overtaken]
            for old in over:
                tries[old.number - 1] = old
            one = intended(effect, item, who, stands.number, nonce, now_ms=now_ms, deadline_in_ms=deadline_in_ms)
            tries.append(one)
        self._journal.append([*map(verdict_line, over), line_of(one)])
        return Intended(one)

    def tell(self, key: str, number: int, outcome: Outcome, *, receipt: str = "", detail: str = "") -> Try:
        """What became of a try."""
        now_ms = self._now_ms()
        with self._lock:
            one = self._tries[key][number - 1]
            after = told(one, outcome, now_ms, receipt, detail)
            if after is None:
                return one
            self._tries[key][number - 1] = after
        self._journal.append([line_of(after)])
        return after

    def settle(self, word: Word) -> Try | None:
        """A verdict about a key's open doubt."""
        now_ms = self._now_ms()
        with self._lock:
            tries = self._tries.get(word.key, [])
            about = open_doubt(tries, word.number)
            if about is None:
                return None
            after = settled(about, word, now_ms)
            tries[after.number - 1] = after
        self._journal.append([verdict_line(after)])
        return after

    # ---- inside a turn of the claim store in memory

    clash: tuple[type[Exception], ...] = ()

    def tries_in(self, turn: object, key: str) -> Sequence[Try]:  # noqa: ARG002 -- nothing else happens within a turn
        """Every try of a key."""
        return self.tries(key)

    def put_in(self, turn: object, new: Try) -> None:  # noqa: ARG002 -- as above
        """One more."""
        with self._lock:
            self._tries.setdefault(new.key, []).append(new)

    def change_in(self, turn: object, before: Try, after: Try) -> None:  # noqa: ARG002 -- as above
        """One as it becomes."""
        with self._lock:
            self._tries[before.key][before.number - 1] = after

    # ---- looking

    def tries(self, key: str) -> Sequence[Try]:
        """Every try of a key, in order."""
        with self._lock:
            return list(self._tries.get(key, ()))

    def about(self, ref: Ref) -> Sequence[Try]:
        """Every try for an item."""
        with self._lock:
            every = [one for tries in self._tries.values() for one in tries if (one.kind, one.item) == (ref.kind, ref.key)]
        return sorted(every, key=lambda one: (one.at_ms, one.key, one.number))

    def doubts(self, *, limit: int = 100) -> Sequence[Try]:
        """Those nobody has settled."""
        with self._lock:
            every = [one for tries in self._tries.values() for one in tries if one.doubtful]
        return sorted(every, key=lambda one: (one.at_ms, one.key))[:limit]
