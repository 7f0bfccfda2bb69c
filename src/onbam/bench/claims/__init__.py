"""The benchmark `claims`: what a lease costs in a database, as a share of what the database itself can do.

For: the promise that exactly-once costs at most half of the speed of a hand-written statement.
Promises: every claim is a durable commit with its line in the journal; the peer is written by hand on the same database,
in turns with ours.
Refuses: a database in memory, or one that does not wait for the disk.
"""

from __future__ import annotations

from onbam.bench.claims.plan import BENCH

__all__ = ["BENCH"]
