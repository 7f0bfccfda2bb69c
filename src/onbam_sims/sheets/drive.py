"""Three questions to Google Drive: with whom is this file shared, who changed it last, and who am I?

For: the doctor, who warns when everybody with the link may read the claims; the board, which writes down whose edit it obeys.
Promises: Drive's own shapes, which differ from those of Sheets: fields by default, errors with reasons.
Refuses: everything else Drive does.
"""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from typing import Any, Final

from onbam_sims.sheets.shelf import ANYONE, Shelf

_DEFAULT_FIELDS = ("id", "type", "kind", "role")


class DriveRefusal(Exception):
    """An answer of Drive that is not 200."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason

    def body(self) -> dict[str, Any]:
        """The answer as JSON data."""
        message = str(self)
        error = {"message": message, "domain": "global", "reason": self.reason}
        return {"error": {"code": self.code, "message": message, "errors": [error]}}


def file_not_found(file_id: str) -> DriveRefusal:
    """404: there is no such file, or none the caller may know of."""
    return DriveRefusal(404, "notFound", f"File not found: {file_id}.")


def out_of_scope() -> DriveRefusal:
    """403: the token was not issued for Drive."""
    return DriveRefusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.")


def permissions(file_id: str, shelf: Shelf | None, user: str, fields: str) -> dict[str, Any]:
    """`files/{id}/permissions`."""
    role = None if shelf is None else shelf.role_of(user)
    if shelf is None or role is None:
        raise file_not_found(file_id)
    if role == "reader":
        raise DriveRefusal(403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file.")
    wanted = _wanted(fields)
    everyone = [_permission(who, role) for who, role in shelf.roles.items()]
    listed = [{name: value for name, value in p.items() if "*" in wanted or name in wanted} for p in everyone]
    return {"kind": "drive#permissionList", "permissions": listed}


def file(file_id: str, shelf: Shelf | None, user: str, fields: str) -> dict[str, Any]:
    """`files/{id}`: the last change, in the fields that were asked for. Only the mask `a,b(c,d)` is spoken."""
    if shelf is None or shelf.role_of(user) is None:
        raise file_not_found(file_id)
    at = datetime.fromtimestamp(shelf.since, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    by = {"displayName": shelf.changed_by.partition("@")[0], "emailAddress": shelf.changed_by, "me": shelf.changed_by == user}
    whole = {"id": file_id, "kind": "drive#file", "modifiedTime": at, "lastModifyingUser": by}
    if not fields:
        return {name: whole[name] for name in ("id", "kind")}
    answer: dict[str, Any] = {}
    for name, _, inner in _MASK.findall(fields.replace(" ", "")):
        if name not in whole:
            raise DriveRefusal(400, "invalidParameter", f"Invalid field selection {name}")
        found = whole[name]
        answer[name] = {part: found[part] for part in inner.split(",")} if inner and isinstance(found, dict) else found
    return answer


_MASK: Final = re.compile(r"(\w+)(\(([^)]*)\))?")


def about(user: str) -> dict[str, Any]:
    """`about`: who asks."""
    return {"user": {"kind": "drive#user", "displayName": user.partition("@")[0], "emailAddress": user, "me": True}}


def _wanted(fields: str) -> tuple[str, ...]:
    """The fields of a permission a mask asks for (`permissions(id,emailAddress)`, `permissions/role`, `*`)."""
    if not fields:
        return _DEFAULT_FIELDS
    if "permissions(" in fields:
        return tuple(fields.partition("permissions(")[2].partition(")")[0].replace(" ", "").split(","))
    named = tuple(part.removeprefix("permissions/") for part in fields.split(",") if part.startswith("permissions/"))
    return named or ("*",)


def _permission(who: str, role: str) -> dict[str, Any]:
    shown = {"kind": "drive#permission", "role": role}
    if who == ANYONE:
        return {**shown, "id": "anyoneWithLink", "type": "anyone", "allowFileDiscovery": False}
    return {**shown, "id": str(10**19 + zlib.crc32(who.encode())), "type": "user", "emailAddress": who, "deleted": False}
