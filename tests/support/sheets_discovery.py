"""Google's own description of the Sheets API, as the judge of what tests send and get.

For: the contract tests of the Sheets simulator and of the Sheets connector.
Promises: every method, query parameter and field is looked up in the static discovery document of google-api-python-client.
Refuses: what the document does not know (`Strange`, with the path to it).
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient.discovery_cache  # type: ignore[import-untyped]

_SCALARS = {"string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float)}


class Strange(AssertionError):
    """Something Google's document does not know."""


@cache
def document() -> dict[str, Any]:
    """The discovery document of Sheets v4."""
    folder = Path(googleapiclient.discovery_cache.__file__).parent / "documents"
    return json.loads((folder / "sheets.v4.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def methods() -> dict[str, dict[str, Any]]:
    """Method name (`spreadsheets.values.get`) → its description."""
    found: dict[str, dict[str, Any]] = {}

    def walk(resources: dict[str, Any], prefix: str) -> None:
        for name, resource in resources.items():
            for method, description in resource.get("methods", {}).items():
                found[f"{prefix}{name}.{method}"] = description
            walk(resource.get("resources", {}), f"{prefix}{name}.")

    walk(document()["resources"], "")
    return found


def method_of(verb: str, path: str) -> dict[str, Any]:
    """The method of a decoded path; the most literal pattern wins."""
    best: dict[str, Any] | None = None
    for description in methods().values():
        pattern = re.escape("/" + description["path"])
        pattern = re.sub(r"\\\{spreadsheetId\\\}", "[^/:]+", pattern)
        pattern = re.sub(r"\\\{range\\\}", ".+", pattern)
        pattern = re.sub(r"\\\{\w+\\\}", "[^/:]+", pattern)
        fits = description["httpMethod"] == verb and re.fullmatch(pattern, path, re.DOTALL)
        if fits and (best is None or len(description["path"]) > len(best["path"])):
            best = description
    if best is None:
        raise Strange(f"{verb} {path}")
    return best


def check_request(verb: str, path: str, query: dict[str, Any], body: Any) -> dict[str, Any]:
    """Compare one request with the document; answers the method's description."""
    method = method_of(verb, path)
    known = method["parameters"] | document()["parameters"]
    for name, value in query.items():
        if name not in known:
            raise Strange(f"query parameter {name} of {method['id']}")
        values = value if isinstance(value, list) else [value]
        if "enum" in known[name] and not set(values) <= set(known[name]["enum"]):
            raise Strange(f"{name}={value}")
    if body is not None:
        check_message(method["request"]["$ref"], body, method["request"]["$ref"])
    return method


def check_answer(method: dict[str, Any], answer: Any) -> None:
    """Compare one answer with the document."""
    name = method["response"]["$ref"]
    check_message(name, answer, name)


def check_message(schema: str, value: Any, path: str) -> None:
    """Compare one message with its schema."""
    if not isinstance(value, dict):
        raise Strange(f"{path} is {value!r}")
    fields = document()["schemas"][schema].get("properties", {})
    for name, item in value.items():
        if name not in fields:
            raise Strange(f"{path}.{name}")
        if item is not None:
            _check_field(fields[name], item, f"{path}.{name}")


def _check_field(field: dict[str, Any], value: Any, path: str) -> None:
    if "$ref" in field:
        check_message(field["$ref"], value, path)
    elif field["type"] == "array":
        if not isinstance(value, list):
            raise Strange(f"{path} is {value!r}")
        for index, item in enumerate(value):
            _check_field(field["items"], item, f"{path}[{index}]")
    elif field["type"] != "any" and not (type(value) in _SCALARS[field["type"]] and value in field.get("enum", [value])):
        raise Strange(f"{path} is {value!r}")
