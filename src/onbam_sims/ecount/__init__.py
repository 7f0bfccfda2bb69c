"""The ERP, simulated.

For: the demo (`onbam sim ecount`), the contract tests of the ERP connector, and people who want to look at what was entered.
Promises: what `simulator.py` says. `main(argv)` of `__main__` runs it by hand; `EcountSimulator` is the object for tests.
Refuses: to be mistaken for the real one: its company, keys and codes are invented.
"""

from __future__ import annotations

from onbam_sims.ecount.form import Form
from onbam_sims.ecount.simulator import EcountSimulator, catalogue_products
from onbam_sims.ecount.slips import Slip, SlipLine
from onbam_sims.ecount.tenant import Company, Options

__all__ = ["Company", "EcountSimulator", "Form", "Options", "Slip", "SlipLine", "catalogue_products"]
