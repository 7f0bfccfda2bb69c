"""Requests about named ranges.

For: `changes`; a named range with a chosen id is the other thing a claim can be made of.
Promises: neither an id nor a name exists twice, unless the race switch says that two additions overlapped.
Refuses: names that are no names, in Google's words.
"""

from __future__ import annotations

from typing import Any

from onbam_sims.sheets.batch import Ask, Batch, Reply
from onbam_sims.sheets.book import NamedRange
from onbam_sims.sheets.ranges import grid_range, grid_region
from onbam_sims.sheets.refusal import Unfit


def add(batch: Batch, ask: Ask) -> Reply:
    """`addNamedRange`."""
    draft, wanted = batch.draft, ask.get("namedRange") or {}
    name, span = wanted.get("name") or "", wanted.get("range") or {}
    if not name or not (name[0].isalpha() or name[0] == "_") or not name.replace("_", "a").isalnum():
        raise Unfit(f"The name {name!r} is not a valid name for a named range.")
    sheet = draft.book.sheets.get(span.get("sheetId") or 0)
    if sheet is None:
        raise Unfit(f"No grid with id: {span.get('sheetId') or 0}")
    region = sheet.clamp(grid_region(span))
    range_id = wanted.get("namedRangeId") or f"{draft.chance.getrandbits(64):016x}"
    new = NamedRange(range_id, name, sheet.sheet_id, region, draft.now)
    stored = _admitted(batch, new)
    if stored is not None:
        draft.book.named = {**draft.book.named, stored.range_id: stored}
    return {"addNamedRange": {"namedRange": to_json(new)}}


def _admitted(batch: Batch, new: NamedRange) -> NamedRange | None:
    """What is stored of a new named range: itself, a renamed one after a lost race, or nothing."""
    draft, rules = batch.draft, batch.rules
    same_id = draft.book.named.get(new.range_id)
    same_name = next((n for n in draft.book.named.values() if n.name.casefold() == new.name.casefold()), None)
    taken = same_id or same_name
    if taken is None and not rules.still_seen(draft, ("named range", new.name.casefold())):
        return new
    variant = rules.overlap(draft.now, taken.born, {"dropped", "renamed", "replaced"}) if taken else None
    if variant is None and same_id is not None and same_name is None:
        raise Unfit(f"Cannot add named range with ID: {new.range_id}, a named range with that ID already exists.")
    if variant is None:
        raise Unfit(f"Cannot add named range with name: {new.name}, a named range with that name already exists.")
    if variant == "dropped":
        return None
    if variant == "replaced":
        draft.book.named = {k: n for k, n in draft.book.named.items() if n is not taken}
        return new
    name = rules.conflict_name(new.name) if same_name else new.name
    return new._replace(name=name, range_id=f"{draft.chance.getrandbits(64):016x}" if same_id else new.range_id)


def to_json(named: NamedRange) -> dict[str, Any]:
    """A named range as the wire shows it."""
    return {"namedRangeId": named.range_id, "name": named.name, "range": grid_range(named.sheet_id, named.region)}


def delete(batch: Batch, ask: Ask) -> Reply:
    """`deleteNamedRange`."""
    range_id = ask.get("namedRangeId") or ""
    named = batch.draft.book.named
    if range_id not in named:
        raise Unfit(f"No named range with id: {range_id}")
    batch.draft.bury(("named range", named[range_id].name.casefold()))
    batch.draft.book.named = {k: n for k, n in named.items() if k != range_id}
    return {}
