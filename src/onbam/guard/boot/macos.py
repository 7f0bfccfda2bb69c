"""The property list launchd keeps.

For: `~/Library/LaunchAgents`, or `/Library/LaunchDaemons` for the whole machine.
Promises: the guard starts at log-on or boot, again when it crashes, and in the morning when it is down; its own words go to a
file of the home folder.
Refuses: to wake a sleeping Mac: launchd cannot (`pmset repeat wake` can).
"""

from __future__ import annotations

import plistlib
from typing import Final

from onbam.guard.boot.model import Boot, Piece

LABEL: Final = "onbam.guard"
THROTTLE_S: Final = 10
EXIT_LIMIT_S: Final = 180


def agent(boot: Boot, library: str) -> Piece:
    """The one list. `library`: this person's Library folder."""
    folder = "/Library/LaunchDaemons" if boot.scope == "system" else f"{library}/LaunchAgents"
    who = {"UserName": boot.user} if boot.scope == "system" else {}
    content = {
        "Label": LABEL,
        "ProgramArguments": [boot.python, *boot.guard()],
        "WorkingDirectory": boot.home,
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "StartCalendarInterval": {"Hour": boot.renewal.hour, "Minute": boot.renewal.minute},
        "ThrottleInterval": THROTTLE_S,
        "ExitTimeOut": EXIT_LIMIT_S,
        "StandardOutPath": f"{boot.home}/logs/guard_launchd.log",
        "StandardErrorPath": f"{boot.home}/logs/guard_launchd.log",
    } | who
    text = plistlib.dumps(content, sort_keys=False).decode("utf-8")
    return Piece(LABEL, text, f"{folder}/{LABEL}.plist")
