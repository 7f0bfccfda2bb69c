"""What a person may do: roles, the scopes of keys, and the values that are handed around.

For: every page and every act behind it.
Promises: pure; one table says what a role may do, and a scope never exceeds the role of whoever made it.
Refuses: a right that is not named here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

NAME_MAX: Final = 40
SHOWN_MAX: Final = 60
PASSWORD_MIN: Final = 10
PASSWORD_MAX: Final = 256
VIEW_NAME_MAX: Final = 60
VIEW_QUERY_MAX: Final = 400
_NAME: Final = re.compile(r"[\w][\w.@-]{0,39}", re.UNICODE)


class Role(StrEnum):
    """What somebody is to the shop."""

    ADMIN = "admin"
    OPERATOR = "operator"
    VIEWER = "viewer"
    SELLER = "seller"
    """Sees the catalogue of their own shop and nothing of the orders."""


class May(StrEnum):
    """One thing a person may be allowed to do."""

    LOOK = "look"
    """See orders, machines, notices."""
    ACT = "act"
    """Decide about orders and notices."""
    STEER = "steer"
    """Pause, drain and restart machines."""
    GOVERN = "govern"
    """Users, keys, settings."""
    SELL = "sell"
    """The catalogue."""


class Scope(StrEnum):
    """What a program's key may do."""

    READ = "read"
    ACT = "act"
    ADMIN = "admin"


_EVERYTHING: Final = frozenset(May)
ROLE_MAY: Final[Mapping[Role, frozenset[May]]] = MappingProxyType(
    {
        Role.ADMIN: _EVERYTHING,
        Role.OPERATOR: frozenset({May.LOOK, May.ACT, May.STEER}),
        Role.VIEWER: frozenset({May.LOOK}),
        Role.SELLER: frozenset({May.SELL}),
    }
)
SCOPE_MAY: Final[Mapping[Scope, frozenset[May]]] = MappingProxyType(
    {
        Scope.READ: frozenset({May.LOOK}),
        Scope.ACT: frozenset({May.LOOK, May.ACT, May.STEER}),
        Scope.ADMIN: _EVERYTHING,
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name here. Times are milliseconds of the store's clock."""

    id: str
    name: str
    """What they type; unique, and how the journal names them."""
    shown: str
    """How others read it."""
    role: Role
    created_at_ms: int = 0
    seen_at_ms: int | None = None
    """When they last came in."""
    disabled_at_ms: int | None = None
    has_password: bool = False

    @property
    def may(self) -> frozenset[May]:
        """What they may do now."""
        return ROLE_MAY[self.role] if self.disabled_at_ms is None else frozenset()

    @property
    def who(self) -> str:
        """How the journal names them."""
        return f"person:{self.name}"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that came in."""

    person: Person
    created_at_ms: int
    seen_at_ms: int
    expires_at_ms: int
    address: str
    browser: str
    handle: str
    """Names the session on a page; opens nothing."""


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key, without what opens."""

    id: str
    name: str
    scope: Scope
    made_by: str
    created_at_ms: int
    used_at_ms: int | None = None
    expires_at_ms: int | None = None
    revoked_at_ms: int | None = None

    def may(self, maker: Person | None) -> frozenset[May]:
        """Never more than the person who made it may today."""
        return SCOPE_MAY[self.scope] & maker.may if maker is not None else frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """A search a person kept."""

    id: str
    name: str
    query: str


def good_name(name: str) -> bool:
    """Letters of any script, digits, dot, dash, at: what can be typed and read back in a log line."""
    return _NAME.fullmatch(name) is not None


def too_easy(password: str, name: str) -> bool:
    """The passwords everybody tries first: short, the name itself, one letter over and over, a row of the keyboard."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return True
    folded = password.casefold()
    rows = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
    in_row = any(folded in row or folded in row[::-1] for row in rows)
    return in_row or len(set(folded)) < 4 or (bool(name) and name.casefold() in folded and len(folded) < len(name) + 5)
