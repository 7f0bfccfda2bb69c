"""Ids: sortable, readable, made from a clock and chance that are passed in.

For: agents, attempts, notices, intents.
Promises: ids of one process sort by the time they were made; no look-alike letters; safe in a file name and a URL.
Refuses: meaning. An id names a thing and says nothing about it.
"""

from __future__ import annotations

from typing import Final

from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's thirty-two: without i, l, o, u."""
_TIME_BITS: Final = 48
_CHANCE_BITS: Final = 52
ID_LENGTH: Final = (_TIME_BITS + _CHANCE_BITS) // 5


def encode(number: int, length: int) -> str:
    """A number in the alphabet, padded to a length."""
    out: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        out.append(ALPHABET[digit])
    return "".join(reversed(out))


def new_id(clock: Clock, chance: Chance) -> str:
    """Milliseconds and chance, twenty letters."""
    millis = int(clock.now().timestamp() * 1000) & ((1 << _TIME_BITS) - 1)
    return encode((millis << _CHANCE_BITS) | chance.bits(_CHANCE_BITS), ID_LENGTH)
