"""The description of the interface, as a page of our own: no other host is asked for it.

For: whoever writes a program for it.
Promises: drawn from the same description programs read (`/api/openapi.json`).
Refuses: scripts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from onbam.people.model import May
from onbam.web import api_words as say
from onbam.web.entry import Ask, needs
from onbam.web.errors import API
from onbam.web.pages.govern import base_of
from onbam.web.render import whole

router = APIRouter(prefix=API)


@router.get("/docs", include_in_schema=False)
def docs(request: Request, ask: Annotated[Ask, Depends(needs(*May))]) -> Response:
    """All of it."""
    described = request.app.openapi()
    seen = ask.seen()
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for route in routes(described):
        groups.setdefault(route["tag"], []).append(route)
    values = {
        "s": say,
        "said": lambda text: seen.t(say.DESCRIBED.get(" ".join(text.split()), text)),
        "groups": groups,
        "base": base_of(ask),
    }
    return whole(ask, seen, "api.html", values, title=seen.t(say.TITLE))


def routes(described: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each path and method with what it takes."""
    schemas = described.get("components", {}).get("schemas", {})
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            name = str(body.get("$ref", "")).rpartition("/")[2]
            yield {
                "tag": (one.get("tags") or ["other"])[0],
                "path": path,
                "method": method.upper(),
                "text": one.get("description") or one.get("summary", ""),
                "params": [p for p in one.get("parameters", ()) if p["in"] != "header"],
                "fields": schemas.get(name, {}).get("properties", {}),
                "required": schemas.get(name, {}).get("required", ()),
            }
