"""How an agent of the demo dies: for real, at a named place, without a word.

For: the demo's agents and the process tests; nothing else starts these.
Promises: the real agent with its real parts; a part is only watched, and at the named call the whole process ends as if by
`kill -9`: nothing is closed, nothing is told; where it fell is written down first, so that the report can list it.
Refuses: to exist in an agent that was not started for it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from onbam.claims.asks import Ending
from onbam.claims.model import State
from onbam.effects.model import Outcome
from onbam.effects.ports import Intended
from onbam.orders import evidence as keep

if TYPE_CHECKING:
    from onbam.bootstrap import Onbam

POINTS: Final = ("claimed", "download", "understood", "waiting", "intent", "sending", "saved", "receipt", "completed")
"""In the order of an order's life: the lease is ours; the document has come; it is understood; the ERP's turn is booked; the
intent is written; it may be sent; the ERP has saved it and we have not noted it; the receipt is noted; it is completed."""


class Fate:
    """When this process ends."""

    def __init__(self, deaths: dict[str, int], log: Path) -> None:
        """`deaths`: at which point, the how-many-eth time."""
        self._left = dict(deaths)
        self._log = log

    def reach(self, point: str, item: str) -> None:
        """Here we are; perhaps no further."""
        if point not in self._left:
            return
        self._left[point] -= 1
        if self._left[point] <= 0:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"pid": os.getpid(), "point": point, "item": item}) + "\n")
            die()


def die() -> None:
    """As if the power were cut."""
    if sys.platform == "win32":
        os.kill(os.getpid(), signal.SIGTERM)  # TerminateProcess: nothing of ours runs any more
    else:
        os.kill(os.getpid(), signal.SIGKILL)


class Watched:
    """A part whose calls are watched, before or after."""

    def __init__(self, inner: Any, before: dict[str, Watch] | None = None, after: dict[str, Watch] | None = None) -> None:
        self._inner = inner
        self._before = before or {}
        self._after = after or {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        before, after = self._before.get(name), self._after.get(name)
        if before is None and after is None:
            return found

        def call(*args: Any, **how: Any) -> Any:
            if before is not None:
                before(args, None)
            answer = found(*args, **how)
            if after is not None:
                after(args, answer)
            return answer

        return call


Watch = Callable[[tuple[Any, ...], Any], None]
"""Told the arguments and the answer."""


def doom(onbam: Onbam, fate: Fate) -> None:
    """Watch the parts of this process, so that it ends where it is to end."""
    built: dict[str, Any] = vars(onbam)  # where the composition root keeps what it has built
    reach = fate.reach

    def claimed(_: tuple[Any, ...], grants: Any) -> None:
        for grant in grants[:1]:
            reach("claimed", grant.item.key)

    def understood(args: tuple[Any, ...], _: Any) -> None:
        if any(part.step == keep.SLIP for part in args[1]):
            reach("understood", args[0].key)

    def intended(args: tuple[Any, ...], answer: Any) -> None:
        if isinstance(answer, Intended):
            reach("intent", args[0].key)

    def told(args: tuple[Any, ...], _: Any) -> None:
        if args[2] is Outcome.RECEIPT:
            reach("receipt", args[0])

    def finished(args: tuple[Any, ...], _: Any) -> None:
        for ending in args[0]:
            if isinstance(ending, Ending) and ending.state is State.COMPLETED:
                reach("completed", ending.fence.ref.key)

    built["claims"] = Watched(onbam.claims, after={"claim_due": claimed, "finish": finished})
    built["portal"] = Watched(onbam.portal, after={"document": lambda args, _: reach("download", args[0].number)})
    built["evidence"] = Watched(onbam.evidence, after={"keep_all": understood})
    built["ledger"] = Watched(onbam.ledger, after={"intend": intended, "tell": told})
    built["joint"] = onbam.joint and _watched_together(onbam.joint, reach)
    built["erp"] = Watched(
        onbam.erp,
        before={"post": lambda args, _: reach("sending", args[0].key)},
        after={"turn": lambda _args, _answer: reach("waiting", ""), "post": lambda args, _: reach("saved", args[0].key)},
    )


def _watched_together(joint: Any, reach: Callable[[str, str], None]) -> Watched:
    """Where ledger and leases are written in one step, a receipt and the end of its order are one place."""

    def begun(args: tuple[Any, ...], answer: Any) -> None:
        if isinstance(answer.stands, Intended):
            reach("intent", args[0].key)

    def completed(args: tuple[Any, ...], _: Any) -> None:
        reach("receipt", args[0])
        reach("completed", args[0])

    return Watched(joint, after={"begin": begun, "complete": completed})
