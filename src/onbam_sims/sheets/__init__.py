"""Google Sheets, as far as a claims store over a sheet needs it.

For: `SheetsService` (in this process, under a virtual clock) and `onbam_sims.sheets.simulator.SheetsSimulator` (over HTTP).
Promises: both behave the same, because the second is a thin shell over the first.
Refuses: what it does not know for certain it decides against the client: a client that survives this survives Google.
"""

from __future__ import annotations

from onbam_sims.sheets.quota import UNLIMITED, Limits
from onbam_sims.sheets.refusal import Dropped
from onbam_sims.sheets.service import FAULTS, SheetsService

__all__ = ["FAULTS", "UNLIMITED", "Dropped", "Limits", "SheetsService"]
