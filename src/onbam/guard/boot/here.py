"""This PC as the installation meets it: which system, which person, which rights.

For: the composition root.
Promises: with administrator's rights the whole machine is meant, else the person who asks; asked through `sudo`, the guard runs
with the rights of whoever asked, not with root's.
Refuses: a system it does not know.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Final

from onbam.guard.boot import words as say
from onbam.guard.boot.model import RENEWAL, Boot, Kind, Scope
from onbam.guard.boot.systems import Launchd, System, Systemd, Windows
from onbam.guard.boot.tools import Run, run
from onbam.kernel.errors import Refused

FOLDER: Final = "boot"
"""The folder of the data folder that keeps what was registered."""

if sys.platform == "win32":
    import ctypes

    def privileged() -> bool:
        """Whether this process may change the whole machine."""
        return bool(ctypes.windll.shell32.IsUserAnAdmin())

    def user_number() -> int:
        """Windows has none."""
        return 0

else:

    def privileged() -> bool:
        """Whether this process may change the whole machine."""
        return os.geteuid() == 0

    def user_number() -> int:
        """This person's number."""
        return os.getuid()


def kind_here() -> Kind:
    """Which system this is."""
    known: dict[str, Kind] = {"win32": "windows", "darwin": "macos", "linux": "linux"}
    name: str = sys.platform
    if name not in known:
        raise Refused(say.UNKNOWN_SYSTEM(name=name), say.UNKNOWN_SYSTEM_HINT)
    return known[name]


def boot_here(home: Path, environ: Mapping[str, str], scope: Scope | None, kind: Kind, renewal: time = RENEWAL) -> Boot:
    """This installation."""
    chosen: Scope = scope or ("system" if privileged() else "user")
    user = environ.get("SUDO_USER") or getpass.getuser()
    if kind == "windows":
        user = f"{environ.get('USERDOMAIN') or environ.get('COMPUTERNAME') or '.'}\\{user}"
    return Boot(sys.executable, str(home), user, chosen, renewal)


def system_here(boot: Boot, kind: Kind, data: Path, environ: Mapping[str, str], runner: Run = run) -> System:
    """The operating system to be told."""
    own = Path(environ.get("HOME") or Path.home())
    if kind == "windows":
        return Windows(boot, runner, data / FOLDER)
    if kind == "macos":
        return Launchd(boot, runner, str(own / "Library"), user_number())
    return Systemd(boot, runner, environ.get("XDG_CONFIG_HOME") or str(own / ".config"))
