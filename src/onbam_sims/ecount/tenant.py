"""Who the simulated ERP belongs to, how it behaves, and one call as it goes through.

For: the ERP's core and its server.
Promises: whatever nobody outside knows for sure about the real service is an option here, not a decision.
Refuses: nothing; these are records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onbam_sims.ecount.form import Form


@dataclass(frozen=True, slots=True)
class Company:
    """The tenant, its user and its keys."""

    code: str = "900001"
    name: str = "온밤상사"
    zone: str = "CC"
    user: str = "ONBAM"
    test_key: str = "test-key-0123456789abcdef"
    real_key: str = "real-key-fedcba9876543210"


@dataclass(frozen=True, slots=True)
class Options:
    """How this tenant and this service behave; whatever nobody knows for sure is an option."""

    session_s: float = 3600.0
    second_login_ends_first: bool = False
    login_shape: str = "data"
    expired_shape: str = "4010"
    result_shape: str = "array"
    """One of the shapes, or `mixed`: drawn for each answer."""
    over_limit: str = "412"
    unknown_ip: bool = False
    """Whether the caller's address is not on the list (205)."""
    form: Form = field(default_factory=Form)
    purchase_orders: Sequence[Mapping[str, Any]] = ()
    """Heads for 발주서조회."""


@dataclass(slots=True)
class Call:
    """One call as it goes through."""

    number: int
    kind: str
    at: float
    caller: str
    outcome: str = "fault"
    slips: list[str] = field(default_factory=list)
