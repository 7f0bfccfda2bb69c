"""The demo's accidents come to an end, whatever the orders do."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from onbam.cli.demo_chaos import GIVE_UP_S, HANGS, Chaos
from onbam.cli.demo_fleet import Pc
from onbam.cli.demo_shop import Shop
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock


class Living:
    """A process that runs."""

    pid = 7

    def poll(self) -> None:
        """It has not ended."""


def a_shop(clock: FakeClock, placed: int) -> Any:
    """One PC, and three orders of which so many are there."""
    pc = Pc("PC-A", Path("PC-A"), {})
    pc.process = cast("Any", Living())
    fleet = SimpleNamespace(
        pcs=[pc], start=lambda *_: None, bury=list, freeze=lambda *_: True, thaw=lambda: None, deaths=Path("nowhere")
    )
    return SimpleNamespace(clock=clock, fleet=fleet, orders=3, placed=placed, place=lambda _: None, cut=lambda *_, **__: None)


def test_a_hang_that_finds_nobody_at_work_is_left_out_and_said_to_be() -> None:
    """All orders are done before it strikes: the demo ends all the same."""
    clock = FakeClock()
    chaos = Chaos(cast("Shop", a_shop(clock, placed=3)), frozenset({"hang", "offline"}), Chance.seeded("test"))
    chaos.begin()
    chaos.step(0, ())
    assert not chaos.over
    clock.advance(GIVE_UP_S + 1)
    chaos.step(0, ())
    assert chaos.over
    assert chaos.left_out == {"hang": HANGS, "offline": 2}


def test_nothing_is_left_out_while_there_is_work() -> None:
    """Neither while orders are open nor before all have come."""
    for placed, open_orders in ((3, 1), (2, 0)):
        clock = FakeClock()
        chaos = Chaos(cast("Shop", a_shop(clock, placed)), frozenset({"hang"}), Chance.seeded("test"))
        chaos.begin()
        for _ in range(3):
            chaos.step(open_orders, ())
            clock.advance(GIVE_UP_S + 1)
        assert not chaos.over
        assert chaos.left_out == {}
