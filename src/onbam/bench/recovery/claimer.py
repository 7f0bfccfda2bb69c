"""A program that holds one order: ended, another must get it.

For: the figures of this benchmark about orders of the dead.
Promises: the product's own claims on the shop's own kind of database; it says in a file when the order is in its hands.
Refuses: to do anything with it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from onbam.claims.claims import Claims
from onbam.claims.model import Agent, Ref, Terms
from onbam.claims.stores.registry_sql import SqlRegistry
from onbam.claims.stores.sql import SqlStore
from onbam.database.engine import open_database
from onbam.database.schema import metadata
from onbam.kernel import home as homes
from onbam.kernel.chance import Chance
from onbam.kernel.child import child
from onbam.kernel.clock import SystemClock
from onbam.kernel.ids import new_id

ORDER = Ref("order", "2601050229")
LOOK_S = 0.1
BEAT_S = 5.0


def main(folder: Path, url: str, machine: str) -> int:
    """Get the order, keep it."""
    clock = SystemClock()
    place = child(homes.environment(), clock, name=machine, data=folder)
    database = open_database(url, clock=clock)
    metadata.create_all(database.engine)
    agent = Agent(machine, f"{machine}/agent/{new_id(clock, Chance())}", machine, "127.0.0.1")
    claims, registry = Claims(SqlStore(database, Terms()), agent, clock), SqlRegistry(database)
    with place.listening():
        registry.join(agent, version="bench", pid=os.getpid(), due_in_ms=int(BEAT_S * 4000))
        held = list(claims.recover().held)
        (folder / "looks").touch()
        while not held and not place.stopping.wait(LOOK_S):
            place.beats.waiting("the order")
            held = list(claims.take([ORDER]).held)
        if held:
            (folder / "since").write_text(repr(clock.monotonic()), "ascii")
            (folder / "works").write_text(str(os.getpid()), "ascii")
        while held and not place.stopping.wait(BEAT_S):
            place.beats.step("holding", "order:2601050229")
            registry.beat(agent, doing="order:2601050229", due_in_ms=int(BEAT_S * 4000))
            claims.renew()
    database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
