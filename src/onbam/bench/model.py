"""What is measured, and what came out.

For: the benchmarks' own modules (they build subjects), the runner, the command that draws.
Promises: the median is the value, smallest and largest are its spread; a target names the direction it is held against.
Refuses: averages (one slow sample would own them), rounding that turns a miss into a hit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from onbam.kernel.words import Said

Better = Literal["less", "more"]
Unit = Literal["ms", "MB", "per second", "count"]
Sample = Callable[[], float]
"""Measures once."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Something people know, measured beside ours."""

    name: str
    sample: Sample


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to measure."""

    what: Said
    unit: Unit
    sample: Sample
    target: float | None = None
    better: Better = "less"
    peers: tuple[Peer, ...] = ()
    warmups: int = 1
    repeats: int = 10

    def __post_init__(self) -> None:
        assert self.repeats >= 1, "nothing is measured by no samples"

    @property
    def samples(self) -> int:
        """How many measurements it takes, peers included."""
        return (self.warmups + self.repeats) * (1 + len(self.peers))


@dataclass(frozen=True, slots=True)
class PeerResult:
    """A peer's figure; `ratio` is ours over the peer's: 0.5 means half of what the peer needs (or does)."""

    name: str
    value: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the answer."""

    what: Said
    unit: Unit
    value: float
    spread: tuple[float, float]
    target: float | None = None
    better: Better = "less"
    peers: tuple[PeerResult, ...] = ()

    @property
    def holds(self) -> bool | None:
        """Whether the median meets the target; nothing without a target."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "less" else self.value >= self.target

    def to_json(self) -> dict[str, Any]:
        """The form scripts read."""
        return {
            "what": self.what.to("en"),
            "unit": self.unit,
            "value": figure(self.value),
            "spread": [figure(self.spread[0]), figure(self.spread[1])],
            "target": self.target,
            "holds": self.holds,
            "peers": [{"name": p.name, "value": figure(p.value), "ratio": figure(p.ratio)} for p in self.peers],
        }


def result_of(subject: Subject, ours: Sequence[float], theirs: Sequence[Sequence[float]]) -> Result:
    """Samples become a result."""
    value = median(ours)
    peers = tuple(
        PeerResult(peer.name, median(samples), value / median(samples) if median(samples) else float("nan"))
        for peer, samples in zip(subject.peers, theirs, strict=True)
    )
    return Result(subject.what, subject.unit, value, (min(ours), max(ours)), subject.target, subject.better, peers)


def figure(value: float) -> float:
    """A figure with three decimals: more would be noise."""
    return round(value, 3)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run of one benchmark found."""

    bench: str
    machine: dict[str, Any]
    results: tuple[Result, ...]
    notes: tuple[Said, ...] = ()
    """What could not be measured here, and why."""

    def to_json(self) -> dict[str, Any]:
        """The form scripts read."""
        results = [result.to_json() for result in self.results]
        return {"bench": self.bench, "machine": self.machine, "results": results, "notes": [n.to("en") for n in self.notes]}
