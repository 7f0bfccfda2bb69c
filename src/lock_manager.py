"""The module older scripts import: `from lock_manager import DistributedLockManager`.

For: scripts written for the V10 robot; they run as they are, with the settings of the folder they run in (or `ONBAM_HOME`).
Promises: the names and the yes/no answers those scripts know, on the store this installation uses; `python -m lock_manager` is
the old stand-alone lock test.
Refuses: to be the place for anything new: that is `onbam.claims`. V10's own file of this name beside a script comes first.
"""

from __future__ import annotations

import sys
from pathlib import Path

from onbam.bootstrap import Onbam
from onbam.claims import lock_manager
from onbam.kernel.home import environment, find_home

__all__ = ["DistributedLockManager"]


class DistributedLockManager(lock_manager.DistributedLockManager):
    """Leases on orders for a script, from the settings where it runs."""

    def __init__(self) -> None:
        environ = environment()
        self._onbam = Onbam(find_home(environ, Path.cwd()), environ)
        super().__init__(self._onbam.open_script_claims, self._onbam.script_agent)

    def close(self) -> None:
        """Give everything back; a script that just ends does it that way."""
        self._onbam.close()


if __name__ == "__main__":
    from onbam.cli.main import run

    sys.exit(run(["claims", "selftest"]))
