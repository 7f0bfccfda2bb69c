"""Turns between processes of one PC, kept by the system and given back by it when the holder dies.

For: reading, changing and writing a file in one go while another process may do the same.
Promises: one holder at a time; a killed holder frees it at once; waiting ends with `Transient`.
Refuses: network shares; deleting its file (whoever waits on the deleted one would be a second holder).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from onbam.kernel.clock import Clock
from onbam.kernel.errors import Transient
from onbam.kernel.words import Text

LOOK_EVERY_S: Final = 0.02
BUSY: Final = Text(
    ko="{file}을(를) 다른 프로그램이 {limit:g}초 넘게 쓰고 있습니다.",
    en="Another program has held {file} for more than {limit:g} s.",
)
BUSY_HINT: Final = Text(
    ko="잠시 뒤 다시 하십시오. 'onbam ps'로 무엇이 도는지 봅니다.", en="Try again in a moment; 'onbam ps' shows what runs."
)

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
def turn(path: Path, clock: Clock, limit_s: float) -> Iterator[None]:
    """Be the only one inside, on this PC."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = clock.monotonic() + limit_s
        while not _take(handle):
            if clock.monotonic() >= deadline:
                raise Transient(BUSY(file=path, limit=limit_s), BUSY_HINT)
            clock.wait(LOOK_EVERY_S)
        yield
    finally:
        os.close(handle)
