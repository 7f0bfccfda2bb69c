"""The house as the desk sees it: what pages need, built once for one web process.

For: every page, the live stream, the programming interface.
Promises: parts come from the composition root; what is held here is derived and can be thrown away.
Refuses: to build clients, stores or engines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from onbam.claims.machines import Peer
from onbam.claims.model import Item, State
from onbam.claims.ports import Filter
from onbam.kernel.chance import secret_token
from onbam.kernel.clock import Clock
from onbam.kernel.words import Lang, Said
from onbam.orders.desk import Need
from onbam.orders.desk_rows import Counts
from onbam.orders.pauses import Pause, standstill
from onbam.people.passwords import Gate
from onbam.web.assets import Assets
from onbam.web.glance import Glance
from onbam.web.proxies import trusted
from onbam.web.undo import Undos
from onbam.web.views.beside import beside

if TYPE_CHECKING:
    from onbam.bootstrap import Onbam
    from onbam.people.people import People
    from onbam.web.nightbook import NightBook

HELD_MAX: Final = 1000
"""More orders than this are in nobody's hands at a time."""


class House:
    """One web process's view of an Onbam."""

    def __init__(self, onbam: Onbam) -> None:
        self.onbam = onbam
        self.clock: Clock = onbam.clock
        self.assets = Assets()
        self.form_place = secret_token(18)
        """Stands in a fragment where each reader's own form token is put; drawn at start, so that no text can contain it."""
        chosen = onbam.settings.web
        self.gate = Gate(onbam.clock, tries=chosen.tries, pause_s=chosen.pause_s)
        self.proxies = trusted(chosen.proxies)
        self.https = chosen.public_url.startswith("https://")
        self.cookie = f"__Host-onbam_{chosen.port}" if self.https else f"onbam_{chosen.port}"
        """The port is in the name: cookies do not tell two programs on one PC apart by themselves."""
        self.undos = Undos(onbam.clock)
        self.days: dict[str, tuple[int, int]] = {}
        """Days that are over, counted."""
        self.glance = Glance(onbam.clock)
        """What many pages ask at the same moment, asked once."""
        self._ahead_ms = 0
        self.started_ms = self._own_ms()

    @property
    def people(self) -> People:
        """Who may come in."""
        return self.onbam.people

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return self.onbam.zone

    @property
    def lang(self) -> Lang:
        """The language of whoever has not chosen one."""
        return self.onbam.lang

    def now_ms(self) -> int:
        """The store's clock."""
        now_ms = self.onbam.claims.now_ms()
        self._ahead_ms = now_ms - self._own_ms()
        return now_ms

    def near_now_ms(self) -> int:
        """The same without asking: by this PC's clock and how far it was off when the store was asked last."""
        return self._own_ms() + self._ahead_ms

    def _own_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def counts(self) -> Counts:
        """How many orders stand where."""
        return self.glance.at("counts", self.onbam.desk.counts)

    def needing(self) -> int:
        """How many things wait for a person, orders and notices: every page shows that, and most of them no other count."""
        return self.orders_needing() + len(beside(self))

    def orders_needing(self) -> int:
        """How many of them are orders."""
        counts: Counts | None = self.glance.known("counts")
        waiting = counts.needing if counts is not None else self.glance.at("needing", self.onbam.desk.needing)
        return waiting + self.glance.at("stuck", self.onbam.desk.stuck)

    def needs(self, limit: int) -> Sequence[Need]:
        """What waits for a person."""
        return self.glance.at(("needs", limit), lambda: self.onbam.desk.needs_you(limit))

    def peers(self) -> Sequence[Peer]:
        """Every agent; none where nobody keeps a list."""
        registry = self.onbam.registry
        return self.glance.at("peers", registry.peers) if registry is not None else ()

    def held(self) -> Sequence[Item]:
        """Every order in somebody's hands."""
        which = Filter(states=(State.PROCESSING,))
        return self.glance.at("held", lambda: self.onbam.claims.find(which, limit=HELD_MAX).items)

    def pauses(self) -> Sequence[Pause]:
        """Every stop that stands."""
        return self.glance.at("pauses", self.onbam.pauses.standing)

    def stop(self) -> Said | None:
        """Why nothing may be sent now, by any PC."""
        return standstill(self.pauses(), self.peers(), self.onbam.machine_id, self.stop_by_file())

    def stop_by_file(self) -> Said | None:
        """The file in the home folder that stops this PC; no list of stops knows it."""
        return self.glance.at("stop by file", self.onbam.stops.by_file)

    @property
    def locked(self) -> bool:
        """Whether agents must have a lease (`ENABLE_DISTRIBUTED_LOCK`)."""
        return self.onbam.settings.claims.enabled

    @cached_property
    def nightbook(self) -> NightBook:
        """What happened since yesterday's close, added up."""
        from onbam.web.nightbook import NightBook

        return NightBook(self.onbam.database, self.zone, self.onbam.schedule, self._seats)

    def _seats(self) -> Mapping[str, str]:
        return {peer.seat: peer.name for peer in self.peers()}
