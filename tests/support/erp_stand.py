"""An ERP to be entered into, for tests: settings, slips, turns, and a client on a simulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from onbam.connectors.ecount.client import EcountClient
from onbam.connectors.ecount.contract import Erp, Receipt, Slip, SlipLine
from onbam.connectors.ecount.settings import EcountSettings
from onbam.connectors.ecount.shared import MemoryShelf, MemoryTurnstile
from onbam.kernel.clock import Clock, SystemClock
from onbam.kernel.settings import Secret
from onbam_sims.ecount import Company, EcountSimulator, Options

DAY = date(2026, 1, 5)
FAST = 1e9
"""Makes every window of the simulator vanish, for tests that are not about limits."""


def line(**changed: Any) -> SlipLine:
    """One line that can be entered, changed as asked."""
    plain = SlipLine("Y123F0", "문틀 발포", "900*2100*110/N", Decimal(2), Decimal(50000), Decimal(100000), note="9*60")
    return replace(plain, **changed)


def slip(key: str = "2601050229", *lines: SlipLine, **changed: Any) -> Slip:
    """One slip that can be entered."""
    return replace(Slip(key, DAY, lines or (line(), line(code="Y1", supply=Decimal(155)))), **changed)


def settings(erp: EcountSimulator | None = None, **changed: Any) -> EcountSettings:
    """Settings that lead to a simulator (or to nobody)."""
    own = Company()
    address = f"{erp.url}/{{host}}" if erp is not None else "http://127.0.0.1:9/{host}"
    plain = EcountSettings(
        company=own.code,
        user=own.user,
        api_key=Secret(own.real_key),
        host=address,
        customer="00001",
        warehouse="100",
        timeout_s=20.0,
        save_interval_s=0.0,
        slack_s=30.0,
    )
    return replace(plain, **changed)


def enter(erp: Erp, what: Slip, clock: Clock) -> Receipt:
    """Wait for a turn, and use it."""
    turn = erp.turn()
    clock.wait(turn.wait_s(clock.monotonic()))
    return erp.post(what, turn)


class FreeTurnstile(MemoryTurnstile):
    """Always free: for tests that are not about turns."""

    def book(self, gate: str, spacing_s: float, ahead_s: float = 0.0) -> float:
        """At once."""
        return 0.0

    def take(self, gate: str, spacing_s: float) -> float:
        """Always."""
        return 0.0


@contextmanager
def books(
    *, scale: float = FAST, shelf: MemoryShelf | None = None, clock: Clock | None = None, **options: Any
) -> Iterator[tuple[EcountSimulator, EcountClient]]:
    """A simulator, a client on it, and what they share."""
    clock = clock or SystemClock()
    changed = options.pop("changed", {})
    with EcountSimulator(seed=7, time_scale=scale, options=Options(**options)) as erp:
        client = EcountClient(settings(erp, **changed), clock, shelf or MemoryShelf(), FreeTurnstile(clock))
        yield erp, client
        client.close()
