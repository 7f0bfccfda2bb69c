"""Tells people when another PC goes silent in business hours.

For: every PC of a fleet watches the others; one PC alone has nobody but the address outside (`notices.deadman_url`).
Promises: one notice for each PC however many others notice; it is gone by itself when the PC speaks again; a PC that was
stopped cleanly and stays away is told of too, later; at night and on holidays nothing is raised; the store's clock counts.
Refuses: to free what the silent PC held: the keepers do that, at once and at any hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from onbam.care import peer_words as say
from onbam.claims.machines import Life, Peer, Registry
from onbam.kernel.errors import Transient
from onbam.kernel.words import kept
from onbam.notices.model import KEY_MAX, Cause, Severity
from onbam.notices.ports import LIST_MAX, Notices
from onbam.schedules.model import Schedule

PREFIX: Final = "peer:"
LOOK_S: Final = 15.0
SILENT_MS: Final = 30_000
"""Beyond its own promise; a restart takes less."""
STOPPED_MS: Final = 30 * 60_000
"""A PC that said goodbye comes back from its updates within this, or somebody should look."""
FORGOTTEN_MS: Final = 14 * 86_400_000
"""A PC that nobody has seen for so long is gone for good."""
WHO: Final = "system:peers"


@dataclass(frozen=True, slots=True)
class Silent:
    """A PC that does not speak."""

    machine_id: str
    holder: str
    since_ms: int
    stopped: bool
    """It said goodbye."""


def silent(peers: Iterable[Peer], own: str, now_ms: int) -> list[Silent]:
    """The PCs that should speak and do not: none of their programs does."""
    by: dict[str, list[Peer]] = {}
    for peer in peers:
        if peer.machine_id != own:
            by.setdefault(peer.machine_id, []).append(peer)
    return [found for machine in sorted(by) if (found := _silent(by[machine], now_ms)) is not None]


def _silent(seats: Sequence[Peer], now_ms: int) -> Silent | None:
    last = max(seats, key=lambda peer: peer.beat_at_ms)
    if any(peer.life is Life.ALIVE and now_ms < peer.due_at_ms + SILENT_MS for peer in seats):
        return None
    if now_ms - last.beat_at_ms > FORGOTTEN_MS:
        return None
    stopped = last.life is Life.STOPPED
    if stopped and now_ms - last.beat_at_ms < STOPPED_MS:
        return None
    if not stopped and now_ms < last.due_at_ms + SILENT_MS:
        return None
    return Silent(last.machine_id, last.holder, last.beat_at_ms, stopped)


class PeerWatch:
    """One look after the other."""

    name = "peers"

    def __init__(self, registry: Registry, notices: Notices, schedule: Schedule, own: str, store_ms: Callable[[], int]) -> None:
        """`own`: this machine's id; it does not watch itself. `store_ms`: the clock the beats were noted by."""
        self._registry = registry
        self._notices = notices
        self._schedule = schedule
        self._own = own
        self._store_ms = store_ms

    def start(self) -> None:
        """Nothing to get ready."""

    def stop(self) -> None:
        """The others go on watching."""

    def step(self, now: datetime) -> float:
        """One look."""
        try:
            self._look(now)
        except Transient:  # the store is away: this PC is the silent one now
            return LOOK_S
        return LOOK_S

    def _look(self, now: datetime) -> None:
        quiet = silent(self._registry.peers(), self._own, self._store_ms())
        known = {notice.key for notice in self._notices.inbox(limit=LIST_MAX) if notice.key.startswith(PREFIX)}
        causes = {cause.key: cause for cause in map(self._cause, quiet)}
        for key in sorted(known - set(causes) - {_key(self._own)}):
            self._notices.resolve(key, who=WHO, why=kept(say.SPEAKS_AGAIN))
        if self._schedule.is_open(now):
            for key in sorted(set(causes) - known):
                self._notices.open(causes[key])

    def _cause(self, one: Silent) -> Cause:
        at = datetime.fromtimestamp(one.since_ms / 1000, self._schedule.shop.zone).strftime("%m-%d %H:%M")
        title, advice = (say.STOPPED, say.STOPPED_ADVICE) if one.stopped else (say.SILENT, say.SILENT_ADVICE)
        severity = Severity.WARN if one.stopped else Severity.URGENT
        return Cause(_key(one.machine_id), severity, title(pc=one.holder, at=at), advice(pc=one.holder), "/machines")


def _key(machine_id: str) -> str:
    return f"{PREFIX}{machine_id}"[:KEY_MAX]
