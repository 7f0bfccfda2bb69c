"""The benchmark `recovery`: how long nothing works after a crash, a hang, a dead guard, and during the morning's round.

For: the promises of the guard, and people who come from another supervisor.
Promises: real processes, ended as hard as the system can; the peers watch the same program in the same run; the time counts
until the new process says that it works, not until it was started.
Refuses: a peer's figure for what it does not do: none of them notices a hang.
"""

from __future__ import annotations

from onbam.bench.recovery.plan import BENCH

__all__ = ["BENCH"]
