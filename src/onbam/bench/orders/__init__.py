"""The benchmark `orders`: the whole way of an order, from the ledger to `completed`, against an ERP that answers at once.

For: the promise that exactly-once is not paid for with speed: ahead of what people would take to write the same.
Promises: everyone does the same five durable steps (found, document, form, intent, receipt) with the same documents, each step
a commit that waits for the disk, two orders at a time as our agent's two strands; each sample runs in a fresh process on a
fresh database.
Refuses: to measure a peer that is not installed, silently: it is named as not measured.
"""

from __future__ import annotations

from onbam.bench.orders.plan import BENCH

__all__ = ["BENCH"]
