"""A lock between processes of one PC, held by the system and let go by it when the holder dies.

For: starting the embedded server once, and moving or restoring a database alone.
Promises: a killed holder frees it at once; waiting ends with `Transient` after its limit.
Refuses: network shares (nothing of ours is kept there); to be removed: a lock file that is deleted while somebody waits on it
would give two holders.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from onbam.database import words as say
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Transient

LOOK_EVERY_S: Final = 0.02

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def held(path: Path, clock: Clock, limit_s: float) -> Iterator[None]:
    """Hold the lock of this file; closing the file, or dying, lets it go."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = clock.monotonic() + limit_s
        while not _take(handle):
            if clock.monotonic() > deadline:
                raise Transient(say.LOCKED(file=path), say.LOCKED_HINT)
            clock.wait(LOOK_EVERY_S)
        yield
    finally:
        os.close(handle)
