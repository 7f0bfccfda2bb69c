"""The facts of the machine a figure was measured on.

For: every benchmark's answer; a figure without them says nothing.
Promises: only what explains a figure: system, processor, memory, Python, how busy it was.
Refuses: names of people, hosts or folders.
"""

from __future__ import annotations

import platform
import sqlite3
import sys
from pathlib import Path
from typing import Any

import psutil

from onbam import __version__

CPUINFO = Path("/proc/cpuinfo")
_MIB = 1024 * 1024


def facts() -> dict[str, Any]:
    """This machine, now."""
    return {
        "onbam": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "processor": processor(),
        "cores": psutil.cpu_count() or 1,
        "memory_mb": round(psutil.virtual_memory().total / _MIB),
        "sqlite": sqlite3.sqlite_version,
        "load_1min": round(psutil.getloadavg()[0], 2),
    }


def processor() -> str:
    """The processor's name where the system tells it."""
    if sys.platform == "linux" and CPUINFO.is_file():
        for line in CPUINFO.read_text("utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
