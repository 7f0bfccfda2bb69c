"""Looks at the PC: Python, SQLite, the disk, the time zone.

For: the doctor.
Promises: needs no network and no database.
Refuses: to guess what the shop wants: limits are settings.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onbam.care import words as say
from onbam.kernel.checks import Finding, bad, ok, warn
from onbam.kernel.logfile import MIB

LEAST_PYTHON: Final = (3, 11)
LEAST_SQLITE: Final = (3, 35, 0)
"""The first that can return what it wrote; the claims need it."""
_64_BIT: Final = 2**32
ROOMY: Final = 3
"""With less than this many times the limit free, a person is told before it is too late."""


def python(version: tuple[int, ...] = sys.version_info[:3], widest: int = sys.maxsize) -> Iterator[Finding]:
    """Version and bits."""
    shown = ".".join(map(str, version))
    if version < LEAST_PYTHON:
        yield bad("python", say.PYTHON_OLD, say.PYTHON_FIX, version=shown)
    elif widest < _64_BIT:
        yield warn("python", say.PYTHON_32, say.PYTHON_32_FIX, version=shown)
    else:
        yield ok("python", say.PYTHON_OK, version=shown)


def sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> Iterator[Finding]:
    """The library inside Python."""
    shown = ".".join(map(str, version))
    if version < LEAST_SQLITE:
        yield bad("sqlite", say.SQLITE_OLD, say.PYTHON_FIX, version=shown)
    else:
        yield ok("sqlite", say.SQLITE_OK, version=shown)


def disk(folder: Path, limit_mb: int) -> Iterator[Finding]:
    """Room where the data is."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free // MIB
    if free < limit_mb:
        yield bad("disk", say.DISK_FULL, say.DISK_FIX, folder=folder, free=free, limit=limit_mb)
    elif free < ROOMY * limit_mb:
        yield warn("disk", say.DISK_LOW, say.DISK_FIX, folder=folder, free=free, limit=limit_mb)
    else:
        yield ok("disk", say.DISK_OK, folder=folder, free=free)


def zone(name: str, now: datetime, here: tzinfo | None = None) -> Iterator[Finding]:
    """The shop's zone is known, and this PC lives in it; `here` is the PC's own zone unless a test says otherwise."""
    try:
        shop = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        yield bad("zone", say.ZONE_UNKNOWN, say.ZONE_UNKNOWN_FIX, zone=name)
        return
    there, local = f"{now.astimezone(shop):%z}", f"{now.astimezone(here):%z}"
    if there != local:
        yield warn("zone", say.ZONE_OTHER, say.ZONE_OTHER_FIX, zone=name, there=there, here=local)
    else:
        yield ok("zone", say.ZONE_OK, zone=name, there=there)
