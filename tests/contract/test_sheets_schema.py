"""The simulator's table of Google's API beside Google's own description of it.

For: noticing every difference, today and after each update of the client library.
Promises: names, types, enum values, paths and query parameters are compared one by one; what is left out is left out by name.
Refuses: to compare what only Google's servers know (the texts of refusals).
"""

from __future__ import annotations

from typing import Any

import pytest

from onbam_sims.sheets import methods, schema
from support import sheets_discovery

SCHEMAS = sheets_discovery.document()["schemas"]
_TYPES = {"string": "string", "boolean": "bool", "integer": "int32", "number": "double", "any": "any"}


def type_of(field: dict[str, Any]) -> tuple[str, int, tuple[str, ...]]:
    """A field of the document as (type, lists around it, enum values)."""
    depth = 0
    while field.get("type") == "array":
        depth, field = depth + 1, field["items"]
    if "$ref" in field:
        return field["$ref"], depth, ()
    if "enum" in field:
        return "enum", depth, tuple(field["enum"])
    if field.get("format") == "google-fieldmask":
        return "mask", depth, ()
    assert field["type"] != "integer" or field["format"] == "int32"
    return _TYPES[field["type"]], depth, ()


@pytest.mark.parametrize("name", sorted(schema.SCHEMAS))
def test_a_schema_agrees_with_google(name: str) -> None:
    """Every field Google has is either spoken or left out by name, and every field spoken has Google's type."""
    theirs = SCHEMAS[name].get("properties", {})
    ours = schema.SCHEMAS[name]
    assert set(ours) | schema.LEFT_OUT[name] == set(theirs)
    assert not set(ours) & schema.LEFT_OUT[name]
    for field, kind in ours.items():
        wanted, depth, values = type_of(theirs[field])
        spoken = schema.ENUMS[kind.name][1] if kind.enum else ()
        assert (("enum" if kind.enum else kind.name), kind.depth, spoken) == (wanted, depth, values), field


def test_every_schema_a_field_names_is_in_the_table() -> None:
    """Nothing the table refers to is missing from it."""
    scalars = set(_TYPES.values()) | {"mask"}
    named = {kind.name for fields in schema.SCHEMAS.values() for kind in fields.values() if not kind.enum}
    assert named - scalars <= set(schema.SCHEMAS)


@pytest.mark.parametrize("method", methods.ALL, ids=lambda method: method.name)
def test_a_method_agrees_with_google(method: methods.Method) -> None:
    """Verb, body, answer and query parameters are Google's; the query may lack what is named here."""
    theirs = sheets_discovery.methods()[method.name]
    left_out = {"spreadsheets.get": {"commentsViewMode", "excludeTablesInBandedRanges"}}.get(method.name, set())
    assert method.verb == theirs["httpMethod"]
    assert method.answer == theirs["response"]["$ref"]
    assert (method.body or None) == theirs.get("request", {}).get("$ref")
    query = {name: p for name, p in theirs["parameters"].items() if p["location"] == "query"}
    assert set(method.query) | left_out == set(query)
    for name, kind in method.query.items():
        assert (query[name]["type"] == "boolean") == (kind == "bool")
        assert tuple(query[name].get("enum", ())) == (schema.ENUMS[kind][1] if kind in schema.ENUMS else ())


def test_the_common_query_parameters_are_googles() -> None:
    """Those every method has."""
    assert set(sheets_discovery.document()["parameters"]) == schema.COMMON_QUERY


def test_all_methods_but_one_are_spoken() -> None:
    """Copying a tab to another spreadsheet is the only thing a claims store never asks for."""
    assert {m.name for m in methods.ALL} == set(sheets_discovery.methods()) - {"spreadsheets.sheets.copyTo"}


def test_every_path_of_google_leads_to_its_method() -> None:
    """The router and the document agree on every path."""
    for name, description in sheets_discovery.methods().items():
        if name == "spreadsheets.sheets.copyTo":
            continue
        path = description["path"].format(spreadsheetId="1abc", range="'a:b/c'!A1:B", metadataId=7)
        method, spreadsheet_id, argument = methods.find(description["httpMethod"], f"/{path}")
        assert method.name == name
        assert spreadsheet_id == ("" if name == "spreadsheets.create" else "1abc")
        assert argument in ("", "'a:b/c'!A1:B", "7")


def test_every_kind_of_request_that_is_spoken_is_done() -> None:
    """The table promises nothing the dispatcher does not keep."""
    assert set(methods.changes.HANDLERS) == set(schema.SCHEMAS["Request"])


def test_read_and_write_quotas_follow_what_a_method_does() -> None:
    """Reading by POST is reading."""
    reads = {m.name.removeprefix("spreadsheets.") for m in methods.ALL if not m.writes}
    assert reads == {
        "get",
        "getByDataFilter",
        "developerMetadata.get",
        "developerMetadata.search",
        "values.get",
        "values.batchGet",
        "values.batchGetByDataFilter",
    }
