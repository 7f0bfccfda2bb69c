"""`onbam ensure` where all is well: what the operating system asks every few minutes, for next to nothing.

For: `onbam` itself, before it loads its command line.
Promises: true only for the plain call, where a guard holds its lock, lives and has beaten lately; nothing is changed or said.
Refuses: everything else: that is `calling`'s, behind the command of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from onbam.guard import calling
from onbam.guard.system import this_system
from onbam.kernel import home as homes
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import OnbamError


def all_is_well(words: Sequence[str]) -> Path | None:
    """The folder whose guard is well; none where that is not so, or where something else was asked."""
    match words:
        case ["ensure"]:
            home = homes.find_home(homes.environment(), Path.cwd())
        case ["--home", given, "ensure"]:
            home = Path(given).expanduser().resolve()
        case _:
            return None
    try:
        caller = calling.Caller(home, homes.environment(), {}, SystemClock(), this_system())
        settings = caller.settings
        readable = settings.trouble is None and not settings.wrong
        well = readable and calling.is_healthy(caller, settings.run_folder(home))
    except (OnbamError, OSError):  # the command finds it again, and says it
        return None
    return home if well else None
