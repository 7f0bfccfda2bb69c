"""What the guard and whoever calls it must agree on.

For: the guard's loop and `calling`, which must not import it: a command pays for what it uses.
Promises: names and numbers only.
Refuses: anything that runs.
"""

from __future__ import annotations

import sys
from typing import Final

VERSION: Final = str(getattr(sys.modules["onbam"], "__version__", "?"))
"""The guard imports nothing above it, and the package it lies in is there already."""
BEAT_NAME: Final = "guard.beat"
BEAT_EVERY_S: Final = 10.0
BEAT_PROMISE_S: Final = 30.0
"""Whoever finds the guard's own beat much older than this may take it for hanging (`ensure`)."""
