"""Developer metadata: looked up, created, changed, deleted.

For: the requests that claim with an id, and the look-ups that verify a claim.
Promises: an id that exists cannot be created again, and that refusal refuses the whole batch (unless the race switch says that
two creations overlapped); an entry of visibility `PROJECT` is invisible to other projects and blocks their ids all the same.
Refuses: an entry without key, visibility or exactly one location.
"""

from __future__ import annotations

from typing import Any

from onbam_sims.sheets.a1 import Region
from onbam_sims.sheets.book import SPREADSHEET, Book, Draft, Metadata
from onbam_sims.sheets.ranges import grid_region
from onbam_sims.sheets.refusal import Unfit, invalid, not_found
from onbam_sims.sheets.rules import Rules
from onbam_sims.sheets.wire import INT32, field_names

_KINDS = {"ROWS": "ROW", "COLUMNS": "COLUMN"}


def to_json(entry: Metadata) -> dict[str, Any]:
    """An entry as the wire shows it; an entry without value has none there."""
    shown: dict[str, Any] = {"metadataId": entry.metadata_id, "metadataKey": entry.key}
    if entry.value:
        shown["metadataValue"] = entry.value
    return {**shown, "location": _location(entry), "visibility": entry.visibility}


def location_type(entry: Metadata) -> str:
    """ROW, COLUMN, SHEET or SPREADSHEET."""
    if entry.place == SPREADSHEET:
        return "SPREADSHEET"
    return _KINDS.get(entry.dimension, "SHEET")


def _location(entry: Metadata) -> dict[str, Any]:
    kind = location_type(entry)
    if kind == "SPREADSHEET":
        return {"locationType": kind, "spreadsheet": True}
    if kind == "SHEET":
        return {"locationType": kind, "sheetId": entry.place}
    place = {"sheetId": entry.place, "dimension": entry.dimension, "startIndex": entry.at, "endIndex": entry.at + 1}
    return {"locationType": kind, "dimensionRange": place}


# -- looking up ---------------------------------------------------------------------------------------------------------


def get(book: Book, metadata_id: str, project: str) -> dict[str, Any]:
    """The entry of an id; the oldest one when a merge left several."""
    if not metadata_id.isdigit():
        raise invalid(f"Invalid value at 'metadata_id' (TYPE_INT32), \"{metadata_id}\"")
    for entry in book.metadata.get(int(metadata_id), ()):
        if _visible(entry, project):
            return to_json(entry)
    raise not_found(f"No developer metadata with ID {metadata_id}.")


def search(book: Book, filters: list[dict[str, Any]], project: str) -> dict[str, Any]:
    """Every entry a filter matches, once, with the filters that matched it."""
    if not filters:
        raise invalid("Must specify at least one data filter.")
    found: dict[int, tuple[Metadata, list[dict[str, Any]]]] = {}
    for wanted in filters:
        for entry in matching(book, wanted, project):
            found.setdefault(id(entry), (entry, []))[1].append(wanted)
    matched = [{"developerMetadata": to_json(entry), "dataFilters": by} for entry, by in found.values()]
    return {"matchedDeveloperMetadata": matched} if matched else {}


def matching(book: Book, wanted: dict[str, Any], project: str) -> list[Metadata]:
    """The entries one data filter selects."""
    lookup = wanted.get("developerMetadataLookup")
    if lookup is None:
        sheet_id, region = _filter_region(book, wanted)
        return [e for e in book.entries() if e.place == sheet_id and _visible(e, project) and _inside(e, region)]
    number = lookup.get("metadataId")
    candidates = book.entries() if number is None else list(book.metadata.get(number, ()))
    return [e for e in candidates if _visible(e, project) and _matches(e, lookup)]


def _visible(entry: Metadata, project: str) -> bool:
    return entry.visibility == "DOCUMENT" or entry.project == project


def _filter_region(book: Book, wanted: dict[str, Any]) -> tuple[int, Region]:
    if wanted.get("a1Range") is not None:
        area = book.area(wanted["a1Range"])
        return area.sheet.sheet_id, area.region
    if wanted.get("gridRange") is not None:
        sheet_id = wanted["gridRange"].get("sheetId") or 0
        if sheet_id not in book.sheets:
            raise invalid(f"No grid with id: {sheet_id}")
        return sheet_id, grid_region(wanted["gridRange"])
    raise invalid("A data filter must have exactly one of a1Range, gridRange and developerMetadataLookup.")


def _inside(entry: Metadata, region: Region) -> bool:
    if entry.dimension == "ROWS":
        return region.top <= entry.at and (region.bottom is None or entry.at < region.bottom)
    if entry.dimension == "COLUMNS":
        return region.left <= entry.at and (region.right is None or entry.at < region.right)
    return True


def _matches(entry: Metadata, lookup: dict[str, Any]) -> bool:
    simple = (
        ("metadataKey", entry.key),
        ("metadataValue", entry.value),
        ("visibility", entry.visibility),
        ("locationType", location_type(entry)),
    )
    for name, value in simple:
        if lookup.get(name) is not None and lookup[name] != value:
            return False
    place = lookup.get("metadataLocation")
    return place is None or _located(entry, place, exact=lookup.get("locationMatchingStrategy") != "INTERSECTING_LOCATION")


def _located(entry: Metadata, place: dict[str, Any], *, exact: bool) -> bool:
    if place.get("spreadsheet"):
        return not exact or entry.place == SPREADSHEET
    if place.get("sheetId") is not None:
        return entry.place == place["sheetId"] and (not exact or not entry.dimension)
    span = place.get("dimensionRange") or {}
    if entry.place != (span.get("sheetId") or 0):
        return False
    low, high = span.get("startIndex") or 0, span.get("endIndex")
    if exact:
        return entry.dimension == span.get("dimension") and entry.at == low and high == low + 1
    return entry.dimension != span.get("dimension") or (low <= entry.at and (high is None or entry.at < high))


# -- changing -----------------------------------------------------------------------------------------------------------


def create(draft: Draft, ask: dict[str, Any], rules: Rules, project: str) -> dict[str, Any]:
    """`createDeveloperMetadata`."""
    wanted = ask.get("developerMetadata") or {}
    if not wanted.get("metadataKey"):
        raise Unfit("developerMetadata.metadataKey must be set.")
    if wanted.get("visibility") not in ("DOCUMENT", "PROJECT"):
        raise Unfit("developerMetadata.visibility must be set.")
    place, dimension, index = _place(draft.book, wanted.get("location") or {})
    number = wanted.get("metadataId")
    if number is None:
        number = _fresh_id(draft)
    elif number <= 0:
        raise Unfit("developerMetadata.metadataId must be positive.")
    value = wanted.get("metadataValue") or ""
    entry = Metadata(number, wanted["metadataKey"], value, wanted["visibility"], place, dimension, index, project, draft.now)
    _admit(draft, entry, rules)
    return {"createDeveloperMetadata": {"developerMetadata": to_json(entry)}}


def _admit(draft: Draft, entry: Metadata, rules: Rules) -> None:
    """Store a new entry, refuse it, or let the race have its way with it."""
    existing = draft.book.metadata.get(entry.metadata_id)
    if not existing and not rules.still_seen(draft, entry.metadata_id):
        draft.add_metadata(entry)
        return
    variant = (
        rules.overlap(draft.now, existing[-1].born, {"dropped", "duplicated", "renamed", "replaced"}) if existing else None
    )
    if variant is None:
        number = entry.metadata_id
        raise Unfit(f"Cannot add developer metadata with ID [{number}] because developer metadata with that ID already exists.")
    assert existing
    if variant == "duplicated":
        draft.add_metadata(entry)
    elif variant == "renamed":
        draft.add_metadata(entry._replace(metadata_id=_fresh_id(draft)))
    elif variant == "replaced":
        draft.replace_metadata(existing[-1], entry)


def _fresh_id(draft: Draft) -> int:
    while True:
        number = draft.chance.randrange(1, INT32)
        if number not in draft.book.metadata:
            return number


def _place(book: Book, location: dict[str, Any]) -> tuple[int, str, int]:
    """Where an entry belongs: (sheet id or `SPREADSHEET`, dimension, index)."""
    if location.get("spreadsheet"):
        return SPREADSHEET, "", 0
    if location.get("sheetId") is not None:
        if location["sheetId"] not in book.sheets:
            raise Unfit(f"No grid with id: {location['sheetId']}")
        return location["sheetId"], "", 0
    span = location.get("dimensionRange")
    if not span:
        raise Unfit("developerMetadata.location must be set.")
    sheet = book.sheets.get(span.get("sheetId") or 0)
    if sheet is None:
        raise Unfit(f"No grid with id: {span.get('sheetId') or 0}")
    low, high = span.get("startIndex") or 0, span.get("endIndex")
    if span.get("dimension") not in ("ROWS", "COLUMNS") or high != low + 1:
        raise Unfit("developerMetadata.location.dimensionRange must be a single row or column.")
    if high > (sheet.row_count if span["dimension"] == "ROWS" else sheet.column_count):
        raise Unfit("developerMetadata.location.dimensionRange is outside the grid.")
    return sheet.sheet_id, span["dimension"], low


def update(draft: Draft, ask: dict[str, Any], project: str) -> dict[str, Any]:
    """`updateDeveloperMetadata`. What no filter matches is no error: the reply simply names nothing."""
    names = field_names(ask.get("fields"), "DeveloperMetadata", "developerMetadata")
    known = {"metadataKey", "metadataValue", "visibility", "location", "metadataId"}
    if not names:
        raise Unfit("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    if names - known:
        raise Unfit(f"Invalid field: {min(names - known)}")
    if not ask.get("dataFilters"):
        raise Unfit("At least one data filter must be specified.")
    wanted = ask.get("developerMetadata") or {}
    changed = []
    for old in _selected(draft.book, ask["dataFilters"], project):
        new = _changed(draft.book, old, wanted, names - {"metadataId"})
        draft.replace_metadata(old, new)
        changed.append(to_json(new))
    return {"updateDeveloperMetadata": {"developerMetadata": changed} if changed else {}}


def _changed(book: Book, old: Metadata, wanted: dict[str, Any], names: set[str]) -> Metadata:
    new = old
    if "metadataKey" in names and wanted.get("metadataKey"):
        new = new._replace(key=wanted["metadataKey"])
    if "metadataValue" in names:
        new = new._replace(value=wanted.get("metadataValue") or "")
    if "visibility" in names and wanted.get("visibility"):
        new = new._replace(visibility=wanted["visibility"])
    if "location" in names and wanted.get("location"):
        place, dimension, index = _place(book, wanted["location"])
        new = new._replace(place=place, dimension=dimension, at=index)
    return new


def delete(draft: Draft, ask: dict[str, Any], project: str) -> dict[str, Any]:
    """`deleteDeveloperMetadata`. Deleting what is not there is no error: the reply names what was deleted, perhaps nothing."""
    if not ask.get("dataFilter"):
        raise Unfit("dataFilter must be set.")
    gone = _selected(draft.book, [ask["dataFilter"]], project)
    draft.drop_metadata(gone)
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": [to_json(e) for e in gone]} if gone else {}}


def _selected(book: Book, filters: list[dict[str, Any]], project: str) -> list[Metadata]:
    found = {id(entry): entry for wanted in filters for entry in matching(book, wanted, project)}
    return list(found.values())
