"""Which items a machine looks at first, so that several that read one ledger rarely reach for the same one.

For: whoever hands a list of found items to `claim_many`.
Promises: the same order for ever on one machine, another one on each machine; when a machine comes or goes only its own share
moves; nothing depends on it but speed.
Refuses: to leave an item out: what others prefer comes last, but it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from onbam.claims.model import Ref


def weight(machine_id: str, ref: Ref) -> int:
    """How much a machine likes an item: the same number on every PC and every Python."""
    told = f"{machine_id}\0{ref.kind}\0{ref.key}".encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big")


def preferred(machine_id: str, refs: Iterable[Ref], peers: Iterable[str] = ()) -> Sequence[Ref]:
    """Items in this machine's order: first those it likes more than every known peer does, then the others."""
    others = [peer for peer in peers if peer != machine_id]

    def place(ref: Ref) -> tuple[bool, int]:
        own = weight(machine_id, ref)
        return (any(weight(peer, ref) > own for peer in others), -own)

    return sorted(refs, key=place)
