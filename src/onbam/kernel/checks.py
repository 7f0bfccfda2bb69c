"""One finding of a check-up: what was looked at, how it is, and the fix.

For: `onbam doctor` and the help page; each room brings its own checks, one runner shows them all.
Promises: three states only; every `warn` and `bad` carries a fix in both languages.
Refuses: to raise: a check that cannot look says so as `bad`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from onbam.kernel.words import Said, Text

State = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is."""

    name: str
    """Stable, for scripts: `disk`, `clock`, `database`, …"""
    state: State
    text: Said
    fix: Said | None = None

    def __post_init__(self) -> None:
        assert self.state == "ok" or self.fix is not None, f"{self.name} is {self.state} and names no fix"


Check = Callable[[], Iterable[Finding]]


def ok(name: str, text: Text, **values: object) -> Finding:
    """As it should be."""
    return Finding(name, "ok", text(**values))


def warn(name: str, text: Text, fix: Text, **values: object) -> Finding:
    """Works, but a person should know."""
    return Finding(name, "warn", text(**values), fix(**values))


def bad(name: str, text: Text, fix: Text, **values: object) -> Finding:
    """Does not work until fixed."""
    return Finding(name, "bad", text(**values), fix(**values))
