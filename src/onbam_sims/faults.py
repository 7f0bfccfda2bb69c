"""Switched misbehaviour: what is on, how often it strikes, and how often it did.

For: simulators, and the cores of simulators that run without a socket; one object is shared by both.
Promises: a fault strikes by rate or by count, drawn from the chance it was given, so one seed misbehaves in one way every
time; one lock, no clock, no input or output.
Refuses: a name that was not declared (`ValueError`, with the known names).
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Fault:
    """A switched-on misbehaviour: how often (`rate`), how many times at most (`count`; none: no limit), its own values."""

    rate: float = 1.0
    count: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    fired: int = 0

    def get(self, name: str, default: Any) -> Any:
        """One of its values."""
        return self.values.get(name, default)


class Faults:
    """The switchboard of one simulator."""

    def __init__(self, owner: str, known: Mapping[str, str], chance: random.Random) -> None:
        self.owner = owner
        self.known = dict(known)
        self.chance = chance
        self._lock = threading.Lock()
        self._on: dict[str, Fault] = {}

    def __bool__(self) -> bool:
        """Is anything switched on at all? Cheap, so that a well-behaved run pays nothing."""
        return bool(self._on)

    def set(self, name: str, *, rate: float = 1.0, count: int | None = None, **values: Any) -> None:
        """Switch a fault on (or replace it)."""
        if name not in self.known:
            raise ValueError(f"{self.owner} has no fault {name!r}; it knows: {', '.join(sorted(self.known))}")
        with self._lock:
            self._on[name] = Fault(rate, count, values)

    def clear(self, name: str | None = None) -> None:
        """Behave: in one way, or (without a name) altogether."""
        with self._lock:
            if name is None:
                self._on.clear()
            else:
                self._on.pop(name, None)

    def strike(self, name: str, *, when: Callable[[Fault], bool] | None = None) -> Fault | None:
        """Draw once: the fault when it strikes now, else nothing. What `when` turns away is neither drawn nor counted."""
        if name not in self._on:
            return None
        with self._lock:
            fault = self._on.get(name)
            if fault is None or (fault.count is not None and fault.fired >= fault.count):
                return None
            if when is not None and not when(fault):
                return None
            if fault.rate < 1.0 and self.chance.random() >= fault.rate:
                return None
            fault.fired += 1
            return fault

    def peek(self, name: str) -> Fault | None:
        """The fault as it is switched on, without drawing."""
        return self._on.get(name)

    def describe(self) -> dict[str, Any]:
        """What can be switched on, and what is."""
        with self._lock:
            on = {n: {"rate": f.rate, "count": f.count, "fired": f.fired, **f.values} for n, f in self._on.items()}
        return {"known": dict(self.known), "on": on}
