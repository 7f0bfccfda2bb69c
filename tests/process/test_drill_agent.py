"""Drills on the real order agent under a real guard: no order twice, none lost, and everything works again in its time."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from onbam.claims.model import State
from support.guarded import Guarded
from support.nursery import Nursery
from support.order_shop import Shop, come_to, open_shop
from support.waiting import until

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "fork"), reason="processes of Linux"),
    pytest.mark.timeout(600),
]
TOML = '[guard]\nrun = ["agent"]\nburst = 100\nrenew = false\n'
CLOSED = ("--set", "schedules.weekdays=", "--set", "schedules.holidays=false")
"""For the one who drills it is after work; the agent itself finds orders all day long."""
NEVER_S = 1e9
LOW_LIMIT_S = 20
"""Of a silence while it hangs: below the agent's own 45 s, and far above what any working agent is silent on a slow machine."""
EACH = 3
"""So many new orders stand in the ledger when a drill begins."""


class Drilled:
    """A shop whose one PC is under a guard."""

    def __init__(self, shop: Shop, guarded: Guarded) -> None:
        self.shop, self.guarded = shop, guarded

    def orders(self, count: int) -> None:
        """New ones in the supplier's ledger."""
        portal = self.shop.portal
        with portal.lock:
            for _ in range(count):
                portal.book.add(portal.now())

    def drill(self, kind: str, *more: str) -> None:
        """While there is work to do; how soon it works again is measured elsewhere, on a machine that does nothing else."""
        self.orders(EACH)
        code, said = self.guarded.onbam(*CLOSED, "drill", kind, "--yes", "--json", *more)
        answer = json.loads(said)
        assert (answer.get("program"), answer.get("lost")) == ("agent", 0), said
        assert answer["took_s"] is not None, "it works again"
        assert code == (0 if answer["held"] else 1)

    def limit_s(self) -> float:
        """How long the agent may be silent now."""
        return float(self.guarded.of("agent").get("limit_s") or NEVER_S)

    def all_entered(self) -> None:
        """Every order of the ledger is in the ERP, once, whoever died meanwhile."""
        with self.shop.portal.lock:
            count = len(self.shop.portal.book.at(self.shop.portal.now()))
        with self.shop.open() as onbam:
            come_to(onbam, {State.COMPLETED}, count=count)
        slips = Counter(self.shop.slips())
        assert (len(slips), max(slips.values())) == (count, 1)


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drilled]:
    """One shop for all drills of this file, at work under `onbam up`."""
    folder = tmp_path_factory.mktemp("shop")
    with Nursery("support.order_life") as nursery, open_shop(folder, nursery, orders=1) as shop:
        home = shop.home("PC-A")
        guarded = Guarded(home)
        (home / "onbam.toml").write_text(TOML, "utf-8")
        try:
            code, said = guarded.onbam("up")
            assert code == 0, said
            yield Drilled(shop, guarded)
        finally:
            guarded.onbam("down")
            guarded.clean()


def test_n15_the_order_agent_is_killed(drilled: Drilled) -> None:
    """It finished what it held; its successor enters the rest."""
    before = drilled.guarded.up("agent")["pid"]
    drilled.drill("kill")
    drilled.guarded.other(before, "agent")
    drilled.all_entered()


def test_n15_the_order_agent_stands_still(drilled: Drilled) -> None:
    """Found by its silence, the evidence kept, replaced. The outer limit is low here, so that its own 45 s need not pass."""
    before = drilled.guarded.up("agent")["pid"]
    settings = drilled.guarded.home / "onbam.toml"
    settings.write_text(f"{TOML}[process.agent]\ntimeout_s = {LOW_LIMIT_S}\n", "utf-8")
    until(lambda: drilled.limit_s() <= LOW_LIMIT_S, what="the limit is lower")
    drilled.drill("hang")
    settings.write_text(TOML, "utf-8")
    until(lambda: LOW_LIMIT_S < drilled.limit_s() < NEVER_S, what="the limit is as before")
    drilled.guarded.other(before, "agent")
    assert drilled.guarded.incidents()[-1]["process"] == "agent"
    drilled.all_entered()


@pytest.mark.parametrize(("kind", "seconds"), [("sleep", "4"), ("clock", "0.5"), ("store-down", "4")])
def test_n15_what_passes_costs_the_order_agent_nothing(drilled: Drilled, kind: str, seconds: str) -> None:
    """Everything asleep, a clock an hour late, a database nobody can write to: the same process goes on."""
    before = drilled.guarded.up("agent")["pid"]
    drilled.drill(kind, "--seconds", seconds, "--force")
    assert drilled.guarded.up("agent")["pid"] == before
    drilled.all_entered()


def test_n15_the_order_agent_crashes_on_a_full_disk(drilled: Drilled) -> None:
    """Not a byte can be written while it dies and while its successor tries to begin; with room again the work goes on."""
    before = drilled.guarded.up("agent")["pid"]
    drilled.drill("disk")
    drilled.guarded.other(before, "agent")
    until(lambda: drilled.guarded.of("agent").get("life") not in (None, "starting"), what="it works")
    drilled.all_entered()
