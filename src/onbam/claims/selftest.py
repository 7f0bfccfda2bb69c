"""Eight checks that a claim store does what it says, run against the store of this very installation.

For: `onbam claims selftest`, and a person who has just set up a shared sheet or database.
Promises: works on items of a kind of its own (`selftest`) and cleans up after itself; each check says passed or failed and why.
Refuses: to touch a real order; to wait for half an hour: what needs a lease to end uses leases of its own length.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from onbam.claims import selftest_words as say
from onbam.claims.asks import Ending, Grant, Lost, Progress, Renewed
from onbam.claims.model import TRIAL_KIND, Agent, Item, Phase, Ref, State, Terms
from onbam.claims.ports import ClaimStore
from onbam.kernel.clock import Clock
from onbam.kernel.errors import OnbamError
from onbam.kernel.words import Said, Text

KIND: Final = TRIAL_KIND
RACE_ORDERS: Final = 100
SHORT_S: Final = 2.0
"""The lease of the checks that let one end; the store's worst write delay and clock grain are added."""
SLACK_S: Final = 2.5
RENEWALS: Final = 3
LEFT_BEHIND: Final = ("takeover", "fencing")

Open = Callable[[Terms], ClaimStore]
"""Another PC's way to the same store, with these terms."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check's outcome."""

    name: str
    text: Text
    passed: bool
    why: Said | None = None


class _Failed(Exception):
    """A check found something else than promised."""


def _must(condition: object, what: str) -> None:
    if not condition:
        raise _Failed(what)


class SelfTest:
    """The checks on one store."""

    def __init__(self, open_store: Open, clock: Clock, run_id: str) -> None:
        self._open = open_store
        self._clock = clock
        self._run = run_id
        self._a = Agent("selftest-a", f"selftest-a/agent/{run_id}", "PC-A", "127.0.0.1")
        self._b = Agent("selftest-b", f"selftest-b/agent/{run_id}", "PC-B", "127.0.0.2")
        self._used: list[Ref] = []
        self._stores: dict[tuple[str, int], ClaimStore] = {}
        self._left: dict[str, Item] = {}

    def run(self) -> Iterator[Checked]:
        """Each check in turn; a later one runs also when an earlier one failed."""
        checks: Sequence[tuple[str, Text, Callable[[], None]]] = (
            ("connection", say.CONNECTION, self._connection),
            ("acquire_release", say.ACQUIRE_RELEASE, self._acquire_release),
            ("duplicate_prevention", say.DUPLICATE, self._duplicate),
            ("completed_not_reprocessed", say.COMPLETED, self._completed),
            ("renewal", say.RENEWAL, self._renewal),
            ("take_over", say.TAKE_OVER, self._take_over),
            ("fencing", say.FENCING, self._fencing),
            ("race", say.RACE, self._race),
        )
        try:
            for name, text, check in checks:
                yield self._one(name, text, check)
        finally:
            self._tidy()

    def _one(self, name: str, text: Text, check: Callable[[], None]) -> Checked:
        try:
            check()
        except _Failed as failure:
            return Checked(name, text, passed=False, why=say.FOUND(what=str(failure)))
        except OnbamError as error:
            return Checked(name, text, passed=False, why=error.message)
        return Checked(name, text, passed=True)

    # -- the checks -----------------------------------------------------------------------------------------------------

    def _connection(self) -> None:
        _must(self._store().now_ms() > 0, "no clock")

    def _acquire_release(self) -> None:
        store, ref = self._store(), self._ref("release")
        item = self._granted(store, self._a, ref)
        back = store.release([item.fence], why="self-test")[0]
        _must(isinstance(back, Item) and back.state is State.WAITING, f"release answered {back}")
        self._granted(self._store("B"), self._b, ref)

    def _duplicate(self) -> None:
        ref = self._ref("duplicate")
        self._granted(self._store(), self._a, ref)
        answer = self._store("B").claim_many(self._b, [ref])[0]
        _must(not isinstance(answer, Grant), "a second PC got the same order")

    def _completed(self) -> None:
        store, ref = self._store(), self._ref("completed")
        item = self._granted(store, self._a, ref)
        store.finish([Ending(item.fence, State.COMPLETED, receipt="self-test")])
        answer = self._store("B").claim_many(self._b, [ref])[0]
        _must(not isinstance(answer, Grant), "a completed order was given out again")

    def _renewal(self) -> None:
        """A PC that stood still, or waited for its quota, for longer than the lease shows nothing: it takes another order."""
        store, ref = self._short_store(), self._ref("renewal")
        since_s = self._clock.monotonic()
        item = self._granted(store, self._a, ref)
        for n in range(RENEWALS):
            self._clock.wait(SHORT_S / 2)
            asked_s = self._clock.monotonic()
            answer = store.renew([item.fence])[0]
            renewed = isinstance(answer, Renewed)
            _must(renewed or self._clock.monotonic() - since_s >= SHORT_S, f"renewal answered {answer}")
            taken = isinstance(self._short_store("B").claim_many(self._b, [ref])[0], Grant)
            _must(not (renewed and taken) or self._clock.monotonic() - asked_s >= SHORT_S, "a renewed lease was taken over")
            since_s = asked_s
            if taken or not renewed:
                ref, since_s = self._ref(f"renewal-{n}"), self._clock.monotonic()
                item = self._granted(store, self._a, ref)

    def _take_over(self) -> None:
        self._granted(self._short_store("B"), self._b, self._left_behind("takeover").ref)

    def _fencing(self) -> None:
        asleep = self._left_behind("fencing")
        awake = self._granted(self._short_store("B"), self._b, asleep.ref)
        late = self._short_store().advance([Progress(asleep.fence, phase=Phase.SENDING, need_ms=1)])[0]
        _must(isinstance(late, Lost), "a PC that had slept could still send")
        _must(awake.token > asleep.token, "the token did not grow")

    def _race(self) -> None:
        refs = [self._ref(f"race-{n:03d}") for n in range(RACE_ORDERS)]
        wins: dict[str, set[Ref]] = {}
        troubles: list[OnbamError] = []

        def claim(by: Agent, pc: str) -> None:
            try:
                answers = self._store(pc).claim_many(by, refs)
                wins[by.agent_id] = {answer.item.ref for answer in answers if isinstance(answer, Grant)}
            except OnbamError as error:
                troubles.append(error)

        threads = [threading.Thread(target=claim, args=pair) for pair in ((self._a, "A"), (self._b, "B"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if troubles:
            raise troubles[0]
        both = set.intersection(*wins.values())
        _must(not both, f"{len(both)} orders went to both PCs")
        _must(set.union(*wins.values()) == set(refs), "some orders went to nobody")

    # -- tools ----------------------------------------------------------------------------------------------------------

    def _ref(self, name: str) -> Ref:
        ref = Ref(KIND, f"{self._run}-{name}")
        self._used.append(ref)
        return ref

    def _store(self, pc: str = "A") -> ClaimStore:
        """A PC's store; each PC has its own, as in real life."""
        return self._opened(pc, 60_000)

    def _short_store(self, pc: str = "A") -> ClaimStore:
        """The same with leases that end soon."""
        return self._opened(pc, int(SHORT_S * 1000))

    def _opened(self, pc: str, lease_ms: int) -> ClaimStore:
        if (pc, lease_ms) not in self._stores:
            self._stores[pc, lease_ms] = self._open(Terms(lease_ms=lease_ms, limit_ms=600_000))
        return self._stores[pc, lease_ms]

    def _left_behind(self, name: str) -> Item:
        """An order whose PC let its lease end; the checks that need one share the wait."""
        if not self._left:
            self._left = {check: self._granted(self._short_store(), self._a, self._ref(check)) for check in LEFT_BEHIND}
            delay_s = self._store().capabilities.worst_write_delay_ms / 1000
            self._clock.wait(SHORT_S + SLACK_S + delay_s)
        return self._left[name]

    def _granted(self, store: ClaimStore, by: Agent, ref: Ref) -> Item:
        answer = store.claim_many(by, [ref])[0]
        if not isinstance(answer, Grant):
            raise _Failed(f"{by.name} was denied: {answer.why.value}")
        return answer.item

    def _tidy(self) -> None:
        """Take every row away again; the journal keeps that somebody tried."""
        self._store().forget_trial(self._used)
