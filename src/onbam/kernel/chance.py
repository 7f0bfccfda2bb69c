"""The only place that draws chance.

For: jitter, order of tries, simulated histories.
Promises: a seeded `Chance` draws the same for ever; `Chance.system()` is for secrets and nonces.
Refuses: to be drawn from anywhere else (the linter forbids `random` and `secrets` outside the kernel).
"""

from __future__ import annotations

import base64
import os
import random
from collections.abc import MutableSequence, Sequence
from typing import Self, TypeVar

T = TypeVar("T")


class Chance:
    """A source of chance that is passed in."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._random = random.Random(os.urandom(16) if seed is None else seed)  # noqa: S311 -- seeded on purpose

    @classmethod
    def seeded(cls, *parts: object) -> Self:
        """The same parts, the same draws, on every machine."""
        return cls(":".join(str(part) for part in parts))

    def uniform(self, low: float, high: float) -> float:
        """A number between the two."""
        return self._random.uniform(low, high)

    def random(self) -> float:
        """A number from 0 to just below 1."""
        return self._random.random()

    def below(self, n: int) -> int:
        """A whole number from 0 to n-1."""
        return self._random.randrange(n)

    def pick(self, options: Sequence[T]) -> T:
        """One of them."""
        return self._random.choice(options)

    def shuffle(self, things: MutableSequence[T]) -> None:
        """Mix in place."""
        self._random.shuffle(things)

    def bits(self, n: int) -> int:
        """A whole number of n bits."""
        return self._random.getrandbits(n)

    def jitter(self, value: float, share: float = 0.1) -> float:
        """The value, moved by at most this share of itself."""
        return value * (1.0 + self._random.uniform(-share, share))


def secret_token(n_bytes: int = 32) -> str:
    """An unguessable text for links, sessions and tokens; never seeded."""
    return base64.urlsafe_b64encode(os.urandom(n_bytes)).rstrip(b"=").decode("ascii")


def secret_bytes(n_bytes: int) -> bytes:
    """Unguessable bytes for keys and nonces; never seeded."""
    return os.urandom(n_bytes)
