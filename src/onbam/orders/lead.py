"""How long before its turn an act begins to get ready: intent and permission have to be written down first.

For: the agent, which begins so early; the ERP's client, which books no turn that comes sooner.
Promises: follows from what the store says of itself.
Refuses: to know which store it is.
"""

from __future__ import annotations

from typing import Final

from onbam.claims.ports import Capabilities

LEAST_S: Final = 0.15
"""On a quick store."""


def lead_s(can: Capabilities) -> float:
    """For two answers of the store."""
    return LEAST_S + store_s(can, 2)


def store_s(can: Capabilities, trips: int) -> float:
    """How long a store takes to grant something for certain."""
    return (trips * can.round_trip_ms + can.worst_write_delay_ms) / 1000
