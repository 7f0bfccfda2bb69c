"""What this process has done since it started, in the five figures people know from `heartbeat.txt`.

For: the beats, the older scripts that read them.
Promises: `total` attempts that ended, `success` of them entered, `failure` not, `count` lines entered, `cancellations` orders
the supplier took back. `ends` says the same in the words of the states.
Refuses: to be the history: that is the journal.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from onbam.claims.model import State
from onbam.kernel.beats import Beats


class Tally:
    """Five figures."""

    def __init__(self, beats: Beats) -> None:
        self._beats = beats
        self._lock = threading.Lock()
        self._figures = {"total": 0, "success": 0, "failure": 0, "count": 0, "cancellations": 0}
        self._ends: Counter[State] = Counter()

    def completed(self, lines: int) -> None:
        """One entered, with so many lines."""
        self._add(State.COMPLETED, 1, total=1, success=1, count=lines)

    def failed(self, state: State = State.FAILED) -> None:
        """One not: it will be tried again, a person must act, or nobody knows whether it arrived."""
        self._add(state, 1, total=1, failure=1)

    def cancelled(self, count: int = 1) -> None:
        """So many taken back."""
        if count:
            self._add(State.CANCELLED, count, total=count, cancellations=count)

    @property
    def figures(self) -> Mapping[str, int]:
        """As they stand."""
        with self._lock:
            return dict(self._figures)

    @property
    def ends(self) -> Mapping[State, int]:
        """How many attempts ended in which state."""
        with self._lock:
            return Counter(self._ends)

    def _add(self, state: State, ended: int, **more: int) -> None:
        with self._lock:
            self._ends[state] += ended
            for name, amount in more.items():
                self._figures[name] += amount
            figures = dict(self._figures)
        self._beats.stats(**figures)
