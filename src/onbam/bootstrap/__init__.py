"""The only place where clients, stores and engines are built.

For: the edges (command line, pages, window) and the processes: they ask one `Onbam` for what they need.
Promises: each part is built once, when first asked for, from the settings; closing gives everything back in reverse order.
Refuses: rules. What a part does is its room's business; here it only gets its neighbours. A storey knows those below it:
`foundation`, `leases`, `watch`, `robot`.
"""

from __future__ import annotations

from onbam.bootstrap.foundation import BACKUPS
from onbam.bootstrap.robot import Robot
from onbam.bootstrap.settings import Settings


class Onbam(Robot):
    """One process's Onbam."""


__all__ = ["BACKUPS", "Onbam", "Settings"]
