"""The benchmark `desk`: what the dashboard costs in a shop with a million orders behind it.

For: the promises that every page is drawn within 50 ms, that what happens is on the glass within a third of a second, and that
the desk stands by almost for nothing.
"""

from __future__ import annotations

from onbam.bench.desk.plan import BENCH

__all__ = ["BENCH"]
