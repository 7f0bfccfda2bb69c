"""The settings as a person may see them: value, origin, names; secrets masked.

For: `onbam config show | list`, the support bundle.
Promises: a secret's value is never here, only whether there is one; passwords inside plain addresses are taken out too.
Refuses: to read anything: it describes what was read at start.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onbam.care import words as say
from onbam.kernel.errors import Refused
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Known, Loaded, Origin, Secret, kind_of, known
from onbam.kernel.telling import MARK
from onbam.kernel.words import Said, Text

VAULT_SECTION: Final = "vault"
"""Its own key cannot rest in it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting with its value."""

    name: str
    value: Any
    """As JSON holds it; a secret is `•••`, or empty when there is none."""
    origin: str
    """`default`, `file`, `environment`, `flag` or `secret`."""
    where: str
    """`.env:3`, `LOCK_TIMEOUT_SEC`, `secrets.enc`, …"""
    secret: bool

    def as_data(self) -> dict[str, Any]:
        """For scripts."""
        return {"name": self.name, "value": self.value, "origin": self.origin, "where": self.where, "masked": self.secret}


@dataclass(frozen=True, slots=True)
class Described:
    """One setting with what there is to know about it."""

    name: str
    variable: str
    alias: str | None
    kind: Said
    default: Any
    help: Text
    secret: bool

    def as_data(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "name": self.name,
            "variable": self.variable,
            "alias": self.alias,
            "kind": self.kind.both(),
            "default": self.default,
            "help": {"ko": self.help.ko, "en": self.help.en},
            "masked": self.secret,
        }


def shown(tree: type, loaded: Loaded[Any], redactor: Redactor) -> list[Shown]:
    """Every setting with its value and where that came from."""
    return [_shown(item, loaded, redactor) for item in known(tree)]


def _shown(item: Known, loaded: Loaded[Any], redactor: Redactor) -> Shown:
    origins: Mapping[str, Origin] = loaded.origins
    value, origin = getattr(getattr(loaded.tree, item.section), item.name), origins[item.dotted]
    return Shown(item.dotted, _plain(value, redactor), origin.kind, redactor.text(origin.where), item.secret)


def described(tree: type) -> list[Described]:
    """Every setting there is."""
    return [Described(k.dotted, k.variable, k.meta.env, kind_of(k), _default(k), k.meta.help, k.secret) for k in known(tree)]


def secret_variable(tree: type, given: str) -> Known:
    """The setting a person means with a name: `database.url`, `ONBAM_DATABASE_URL`, or a name of older scripts."""
    secrets = [item for item in known(tree) if item.secret and item.section != VAULT_SECTION]
    names = {name: item for item in secrets for name in (item.dotted, *(name for name, _ in item.variables()))}
    found = names.get(given) or names.get(given.upper()) or names.get(given.lower())
    if found is None:
        open_ones = {name: item for item in known(tree) for name in (item.dotted, *(name for name, _ in item.variables()))}
        if (other := open_ones.get(given)) is not None and not other.secret:
            raise Refused(say.NOT_SECRET(name=other.dotted), say.NOT_SECRET_HINT(name=other.dotted, variable=other.variable))
        near = difflib.get_close_matches(given, list(names), n=1, cutoff=0.5)
        shown = near[0] if near else ", ".join(item.dotted for item in secrets)
        raise Refused(say.NO_SECRET_SETTING(name=given), say.NO_SECRET_SETTING_HINT(names=shown))
    return found


def _plain(value: Any, redactor: Redactor) -> Any:
    """A value as JSON holds it, without secrets."""
    if isinstance(value, Secret):
        return MARK if value else ""
    return redactor.value(value)


def _default(item: Known) -> Any:
    """A default as JSON holds it; a secret's default is no secret and no news."""
    value = item.default
    if isinstance(value, Secret):
        return ""
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value
