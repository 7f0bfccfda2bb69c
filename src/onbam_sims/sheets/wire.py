"""Requests and answers against the schema: what does not fit is refused in Google's words.

For: the service, once per request, before anything is looked at.
Promises: every unknown field, wrong type, unknown enum value and doubly set union is found and named with its path, all in one
answer; a field mask selects from an answer, and a mask that names an unknown field is refused before anything happens.
Refuses: to convert (Google takes "5" for 5; here that is a mistake of the client, found early).
"""

from __future__ import annotations

import json
from typing import Any

from onbam_sims.sheets.refusal import BAD_REQUEST_TYPE, Refusal, malformed, not_simulated
from onbam_sims.sheets.schema import ENUMS, LEFT_OUT, ONE_OF, SCHEMAS, Kind

Problems = list[tuple[str, str]]
Mask = dict[str, "Mask | None"]
"""A field mask as a tree; `None` below a name takes everything there."""

INT32 = 2**31
_PREFIX = "type.googleapis.com/google.apps.sheets.v4."
_LONG_NAMES = {"Request": "BatchUpdateSpreadsheetRequest.Request"}


def check_body(schema: str, body: object, at: str) -> None:
    """Refuse a body that does not fit. `at` is the request field Google binds the body to, empty for the whole message."""
    problems: Problems = []
    _check_message(schema, {} if body is None else body, at, problems)
    if problems:
        raise malformed(problems)


def _check_message(schema: str, value: object, path: str, problems: Problems) -> None:
    if type(value) is not dict:
        problems.append(_misfit(path, _PREFIX + _LONG_NAMES.get(schema, schema), value))
        return
    fields = SCHEMAS[schema]
    for name, item in value.items():
        kind = fields.get(name)
        if kind is None:
            if name in LEFT_OUT[schema]:
                raise not_simulated(f"{schema}.{name}")
            where = f" at '{path}'" if path else ""
            problems.append((path, f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'))
        elif item is not None and (type(item) not in kind.accepts or kind.depth or kind.name == "int32"):
            _check_field(kind, kind.depth, item, f"{path}.{kind.snake}" if path else kind.snake, problems)
    if len(value) > 1 and schema in ONE_OF:
        _check_union(schema, value, path, problems)


def _check_field(kind: Kind, depth: int, value: object, path: str, problems: Problems) -> None:
    name = kind.name
    if depth:
        _check_list(kind, depth, value, path, problems)
    elif kind.accepts:
        if type(value) not in kind.accepts or (name == "int32" and not -INT32 <= value < INT32):  # type: ignore[operator]
            problems.append(_misfit(path, "TYPE_STRING" if name == "mask" else f"TYPE_{name.upper()}", value))
    elif kind.enum:
        long_name, values = ENUMS[name]
        if value not in values:
            problems.append(_misfit(path, _PREFIX + long_name, value))
    elif name != "any":
        _check_message(name, value, path, problems)


def _check_list(kind: Kind, depth: int, value: object, path: str, problems: Problems) -> None:
    if type(value) is not list:
        shape = "type.googleapis.com/google.protobuf.ListValue" if kind.name == "any" else _PREFIX + kind.name
        problems.append(_misfit(path, shape, value))
        return
    if kind.name == "any" and depth == 1:
        return  # the cells themselves are looked at when they are written
    for index, item in enumerate(value):
        _check_field(kind, depth - 1, item, f"{path}[{index}]", problems)


def _check_union(schema: str, value: dict[str, Any], path: str, problems: Problems) -> None:
    group, members = ONE_OF[schema]
    names = [n for n, v in value.items() if v is not None and n in SCHEMAS[schema] and (members is None or n in members)]
    if len(names) > 1:
        text = f"Invalid value at '{path}' (oneof), oneof field '{group}' is already set. Cannot set '{names[1]}'"
        problems.append((path, text))


def _misfit(path: str, shape: str, value: object) -> tuple[str, str]:
    return path, f"Invalid value at '{path}' ({shape}), {json.dumps(value, ensure_ascii=False)}"


def check_enum(enum: str, value: str, at: str) -> None:
    """Refuse an unknown enum value of a query parameter."""
    long_name, values = ENUMS[enum]
    if value not in values:
        raise malformed([_misfit(at, _PREFIX + long_name, value)])


def unknown_parameter(name: str) -> Refusal:
    """The refusal for a query parameter no method knows."""
    text = (
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
        f"Field '{name}' could not be found in request message."
    )
    return malformed([("", text)])


def read_mask(text: str, schema: str) -> Mask:
    """A `fields` parameter (`a,b(c,d),e/f.g`) as a tree, checked against the answer's schema."""
    mask: Mask = {}
    rest = _read_list(text.replace(" ", ""), mask)
    bad = rest or _unknown_path(mask, schema, "")
    if bad:
        path = bad.strip(".")
        violation = {
            "field": text,
            "description": f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.",
        }
        details = [{"@type": BAD_REQUEST_TYPE, "fieldViolations": [violation]}]
        raise Refusal(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", details)
    return mask


def _read_list(text: str, into: Mask) -> str:
    """Read `a,b(c)` into a tree; what is left over (a closing bracket, or nonsense) comes back."""
    while text:
        at = next((i for i, c in enumerate(text) if c in ",()"), len(text))
        names, text = text[:at].replace("/", ".").split("."), text[at:]
        node = into
        for name in names[:-1]:
            node = _below(node, name)
        if text.startswith("("):
            text = _read_list(text[1:], _below(node, names[-1]))
            if not text.startswith(")"):
                return text or "("
            text = text[1:]
        else:
            node[names[-1]] = None
        if not text.startswith(","):
            return text
        text = text[1:]
    return text


def _below(node: Mask, name: str) -> Mask:
    """The tree below a name; where everything was taken already, a narrower wish changes nothing."""
    if name not in node:
        node[name] = {}
    below = node[name]
    return {} if below is None else below


def _unknown_path(mask: Mask, schema: str, path: str) -> str:
    """The first path of a mask the schema does not know; empty when all are known."""
    fields = SCHEMAS.get(schema, {})
    for name, below in mask.items():
        if name == "*" or (name in LEFT_OUT.get(schema, ()) and below is None):
            continue
        kind = fields.get(name)
        if kind is None:
            return f"{path}.{name}"
        bad = _unknown_path(below, kind.name, f"{path}.{name}") if below else ""
        if bad:
            return bad
    return ""


def select(mask: Mask | None, value: Any) -> Any:
    """What the mask leaves of an answer."""
    if mask is None or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(mask, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: select(mask[name], item) for name, item in value.items() if name in mask}


def field_names(mask: str | None, schema: str, root: str) -> set[str]:
    """The `fields` of an update request as dotted paths, `*` expanded; unknown names are the caller's to refuse."""
    if not mask:
        return set()
    paths = [path.removeprefix(f"{root}.") for path in mask.replace(" ", "").split(",") if path]
    return set(SCHEMAS[schema]) if "*" in paths else set(paths)
