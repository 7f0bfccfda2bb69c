"""What every request of a batch works with.

For: the modules of requests (tabs, cells, dimensions, named ranges), which know one another only through this.
Promises: one draft for the whole call; a field mask is read in one way.
Refuses: an empty field mask, and fields the simulator does not do (501).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from onbam_sims.sheets.book import Draft
from onbam_sims.sheets.refusal import Unfit, not_simulated
from onbam_sims.sheets.rules import Rules
from onbam_sims.sheets.schema import LEFT_OUT
from onbam_sims.sheets.wire import field_names

NO_FIELDS = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"

Reply = dict[str, Any]
Ask = dict[str, Any]


class Batch(NamedTuple):
    """What a request works with."""

    draft: Draft
    rules: Rules
    project: str


def masked_fields(ask: Ask, schema: str, root: str) -> set[str]:
    """The fields a request's mask names."""
    names = field_names(ask.get("fields"), schema, root)
    if not names:
        raise Unfit(NO_FIELDS)
    left_out = {name for name in names if name.partition(".")[0] in LEFT_OUT[schema]}
    if left_out:
        raise not_simulated(f"{schema}.{min(left_out)}")
    return names
