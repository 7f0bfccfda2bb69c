"""Working without the lock that PCs share: `ENABLE_DISTRIBUTED_LOCK=false`, the older scripts' way out when Google is away.

For: the composition root, which asks before it opens a store that only this PC knows; the doctor, who shows it in red.
Promises: accepted on a fleet of one PC, or on the one PC that the settings name, and only while no other PC is alive; what was
completed meanwhile is told to the others as soon as the lock is back.
Refuses: everything else, naming the setting: several PCs without a common ground do one order several times.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from onbam.claims import lone_words as say
from onbam.claims.around import Around
from onbam.claims.asks import Command
from onbam.claims.identity import Host
from onbam.claims.machines import Life, Peer
from onbam.claims.model import Act, Agent, Item, Ref, State
from onbam.claims.ports import PAGE_MAX, ClaimStore, Memory
from onbam.claims.settings import ClaimSettings
from onbam.kernel.errors import Misconfigured
from onbam.kernel.files import write_whole

FILE: Final = "lock-off.json"
"""In the data folder: since when this PC works without the lock, so that the others can be told afterwards."""
WHO: Final = "system:lock"
DONE: Final = frozenset({State.COMPLETED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Fleet:
    """Who else there is, as far as this PC can know."""

    machine_id: str
    host: Host
    machines: int = 1
    """PCs that share the sheet, by the settings; 1 without a sheet."""
    peers: Sequence[Peer] = ()
    """Agents of the database, this PC's too."""

    @property
    def others(self) -> Sequence[Peer]:
        """Agents of other PCs that were not forgotten."""
        return [peer for peer in self.peers if peer.machine_id != self.machine_id]

    @property
    def names(self) -> frozenset[str]:
        """How the settings may call this PC."""
        return frozenset(name.casefold() for name in (self.machine_id, self.host.name, f"{self.host.name}_{self.host.ip}"))


def refusal(settings: ClaimSettings, fleet: Fleet) -> Misconfigured | None:
    """Why this PC must not take orders; none when it may: with the lock, or as the only one without."""
    named = settings.only_pc.strip()
    if named and named.casefold() not in fleet.names:
        return Misconfigured(say.ANOTHER(named=named, machine=fleet.host.name), say.ANOTHER_HINT)
    if settings.enabled:
        return None
    alive = [peer.holder for peer in fleet.others if peer.life is Life.ALIVE]
    if alive:
        return Misconfigured(say.ALIVE(others=", ".join(alive)), say.ALIVE_HINT)
    if named:
        return None
    known = sorted({peer.holder for peer in fleet.others})
    if known:
        return Misconfigured(say.FLEET(others=", ".join(known)), say.FLEET_HINT(machine=fleet.host.name))
    if fleet.machines > 1:
        return Misconfigured(say.SHARED(count=fleet.machines), say.FLEET_HINT(machine=fleet.host.name))
    return None


class Shut(Around):
    """A claim store that gives nothing out, and says why; looking and a person's word go on."""

    def __init__(self, store: ClaimStore, why: Misconfigured) -> None:
        super().__init__(store)
        self._why = why

    def claim_many(self, by: Agent, want: Sequence[Ref], *, note: str = "", grace_ms: int = 0) -> NoReturn:  # noqa: ARG002 -- nothing is given
        """Nothing."""
        raise self._why

    def claim_due(self, by: Agent, kinds: Sequence[str], limit: int, *, note: str = "", grace_ms: int = 0) -> NoReturn:  # noqa: ARG002 -- the same
        """Nothing."""
        raise self._why

    def recover(self, by: Agent) -> NoReturn:  # noqa: ARG002 -- the same
        """Nothing."""
        raise self._why


# -- afterwards -----------------------------------------------------------------------------------------------------------


def begin(folder: Path, position: int, at_ms: int) -> None:
    """Note since when; the first note stays."""
    if begun(folder) is None:
        write_whole(folder / FILE, json.dumps({"position": position, "at_ms": at_ms}) + "\n")


def begun(folder: Path) -> tuple[int, int] | None:
    """The journal's position and the time at which this PC began to work without the lock; none when it did not."""
    try:
        note = json.loads((folder / FILE).read_text("utf-8"))
        return int(note["position"]), int(note["at_ms"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return 0, 0  # a damaged note: everything is told, which does no harm


def carry_over(folder: Path, local: ClaimStore, shared: ClaimStore) -> int:
    """Tell the common store what was completed without it; answers how many orders. Doing it twice does no harm."""
    note = begun(folder)
    if note is None:
        return 0
    told = 0
    for items in _ended(local, note[0]):
        shared.remember([_memory(item) for item in items])
        held = [item for item, theirs in zip(items, shared.get([i.ref for i in items]), strict=True) if not _agrees(theirs)]
        done = [item for item in held if item.state is State.COMPLETED]
        shared.override(
            [Command(item.ref, Act.COMPLETE, WHO, "completed while the lock was off", item.receipt) for item in done]
        )
        told += len(items)
    (folder / FILE).unlink(missing_ok=True)
    return told


def _ended(local: ClaimStore, position: int) -> Iterator[Sequence[Item]]:
    """What ended for good since then, also what was cleaned away meanwhile."""
    while True:
        stretch = local.changes(position, limit=PAGE_MAX)
        refs = dict.fromkeys(Ref(e.line.kind, e.line.key) for e in stretch.entries if e.line.key != "*")
        items = [item for item in local.get(list(refs)) if item is not None and item.state in DONE]
        if items:
            yield items
        if stretch.position == position:
            return
        position = stretch.position


def _memory(item: Item) -> Memory:
    return Memory(item.ref, item.state, item.changed_at_ms, holder=item.holder, receipt=item.receipt)


def _agrees(theirs: Item | None) -> bool:
    return theirs is not None and theirs.state in DONE
