"""The Sheets simulator over bare HTTP, for the tests of the simulator itself; whoever needs another one has it beside the test.

For: `test_sheets_simulator.py`, `test_sheets_values.py`, `test_sheets_tabs.py`.
Promises: one spreadsheet of two tabs, one account, no quota in the way.
Refuses: to be shared between tests.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onbam_sims.sheets import UNLIMITED
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator
from support.hands import Hands
from support.sheets_wire import LOCK, Wire


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def simulator(clock: Hands) -> Iterator[SheetsSimulator]:
    with SheetsSimulator(now=clock) as server:
        yield server


@pytest.fixture
def wire(simulator: SheetsSimulator) -> Wire:
    """One account with a spreadsheet of two tabs, and no quota in the way."""
    simulator.service.quota.limits = UNLIMITED
    spreadsheet_id = simulator.service.create("Orders", sheets=[LOCK, "주문 목록"])
    simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT)
    return Wire(simulator, spreadsheet_id)
