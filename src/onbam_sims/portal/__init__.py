"""The supplier's dealer site, simulated.

For: the demo (`onbam sim portal`), the contract tests of the portal connector, and people who want to see such a site.
Promises: what `simulator.py` says. `main(argv)` runs it by hand; `PortalSimulator` is the object for tests.
Refuses: to be anything but a stand-in: its names, prices and orders are invented.
"""

from __future__ import annotations

from onbam_sims.portal.document import document_page
from onbam_sims.portal.encoding import ENCODINGS, Encoding, encode
from onbam_sims.portal.orders import KINDS, Line, Order, Plan
from onbam_sims.portal.pages import LAYOUTS, Layout
from onbam_sims.portal.simulator import PortalSimulator

__all__ = [
    "ENCODINGS",
    "KINDS",
    "LAYOUTS",
    "Encoding",
    "Layout",
    "Line",
    "Order",
    "Plan",
    "PortalSimulator",
    "document_page",
    "encode",
]
