"""The one question to Google Drive: with whom is this file shared?

For: the doctor, who warns when everybody with the link may read the claims.
Promises: Drive's own shapes, which differ from those of Sheets: fields by default, errors with reasons.
Refuses: everything else Drive does.
"""

from __future__ import annotations

import zlib
from typing import Any

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
