"""Grid ranges of the wire: numbers in JSON objects, to regions and back.

For: requests that name cells by sheet id and indexes instead of A1 text.
Promises: a missing sheet id is 0 and a missing index is an open end, as protocol buffers read JSON.
Refuses: ranges that run backwards.
"""

from __future__ import annotations

from typing import Any

from onbam_sims.sheets.a1 import Region
from onbam_sims.sheets.refusal import Unfit


def grid_region(span: dict[str, Any]) -> Region:
    """A `GridRange` as a region."""
    top, left = span.get("startRowIndex") or 0, span.get("startColumnIndex") or 0
    bottom, right = span.get("endRowIndex"), span.get("endColumnIndex")
    for low, high in ((top, bottom), (left, right)):
        if low < 0 or (high is not None and high < low):
            raise Unfit("The range is not valid: an end index is before its start index.")
    return Region(top, bottom, left, right)


def grid_range(sheet_id: int, region: Region) -> dict[str, int]:
    """A region as a `GridRange`; open ends are left out."""
    shown = {"sheetId": sheet_id, "startRowIndex": region.top, "startColumnIndex": region.left}
    if region.bottom is not None:
        shown["endRowIndex"] = region.bottom
    if region.right is not None:
        shown["endColumnIndex"] = region.right
    return shown
