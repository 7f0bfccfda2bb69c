"""Our commands as another user of this PC: everything is imported first, then this process becomes that user for good.

For: tests with two users, on machines whose Python only one of them may read.
Promises: after the change nothing of the first user's rights is left.
Refuses: to be run without the right to change.
"""

from __future__ import annotations

import codecs
import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import psutil

import onbam.bootstrap
import onbam.cli.ps
import onbam.cli.up
import onbam.guard.door
import onbam.guard.posix
from onbam.cli.main import run
from onbam.guard.__main__ import main as guard
from onbam.guard.boot import here
from onbam.kernel.redact import Redactor

LOADED = (
    *(ctypes, subprocess, psutil, here, Redactor, ZoneInfo("Asia/Seoul")),
    *(onbam.bootstrap, onbam.cli.ps, onbam.cli.up, onbam.guard.door, onbam.guard.posix),
    *(codecs.lookup(name) for name in ("utf-8-sig", "idna", "ascii", "cp949")),
)
"""What would be imported, or read, only later, when nothing of it may be read any more."""


def main(user: int, what: str, words: Sequence[str]) -> int:
    """Become that user, then do as the words say."""
    if user != os.getuid():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    return guard(words) if what == "guard" else run(words)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
