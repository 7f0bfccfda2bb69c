"""One frozen tree of settings, each room owning its own class; read once at start.

For: `bootstrap` names the tree, rooms declare their part with `setting(…)`, everyone else is handed values.
Promises: defaults < onbam.toml < .env < .env.local < environment < flags; every value knows where it came from; an unknown
name, a wrong type or a value out of range names the file, the line and the nearest known name, and exits 78.
Refuses: reading the environment after start, guessing a type, expanding anything inside a value, printing a secret.
"""

from __future__ import annotations

import dataclasses
import difflib
import fnmatch
import re
import tomllib
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar, get_args, get_origin

from onbam.kernel import dotenv
from onbam.kernel import settings_words as say
from onbam.kernel.errors import Misconfigured
from onbam.kernel.words import Said, Text

TOML_NAME: Final = "onbam.toml"
ENV_NAMES: Final = (".env", ".env.local")
PREFIX: Final = "ONBAM_"
FOREIGN: Final = "foreign"
"""`[env] foreign = ["ECOUNT_*"]` in onbam.toml: names in .env that belong to other programs."""
OUTSIDE_NAMES: Final = frozenset({"ONBAM_HOME", "ONBAM_VENV"})
"""Read before any setting exists, by `home.py` and by `run.py`."""

T = TypeVar("T")
_META: Final = "onbam"


class Secret:
    """A value that does not show itself: printing, formatting and pickling all refuse."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value; call it where it is used, never where it is kept."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __repr__(self) -> str:
        return "Secret(•••)" if self._value else "Secret()"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True, slots=True)
class Meta:
    """What a field says about itself."""

    help: Text
    env: str | None = None
    """The name in the shops' existing files, beside `ONBAM_SECTION_NAME`."""
    env_scale: float = 1.0
    """What the existing name's number is multiplied by (milliseconds → seconds: 0.001)."""
    ge: float | None = None
    le: float | None = None


def setting(
    default: Any,
    help: Text,  # noqa: A002 -- reads as what it is
    *,
    env: str | None = None,
    env_scale: float = 1.0,
    ge: float | None = None,
    le: float | None = None,
) -> Any:
    """A field of a settings class."""
    return field(default=default, metadata={_META: Meta(help, env, env_scale, ge, le)})


@dataclass(frozen=True, slots=True)
class Known:
    """One setting of the tree: where it lives, its type, its names."""

    section: str
    name: str
    type: Any
    default: Any
    meta: Meta

    @property
    def dotted(self) -> str:
        """Its name in onbam.toml and in messages."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"{PREFIX}{self.section}_{self.name}".upper()

    @property
    def secret(self) -> bool:
        """Whether its value is never shown."""
        return Secret in _members(self.type)

    def variables(self) -> Iterator[tuple[str, float]]:
        """Every name it answers to in an environment, with its scale."""
        yield self.variable, 1.0
        if self.meta.env:
            yield self.meta.env, self.meta.env_scale


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from."""

    kind: Literal["default", "file", "environment", "flag", "secret"]
    where: str
    """`onbam.toml:12`, `.env:3`, `LOCK_TIMEOUT_SEC`, `keyring`, …"""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """The tree and where each of its values came from."""

    tree: T
    origins: Mapping[str, Origin]
    home: Path


SecretShelf = Callable[[str], tuple[str, str] | None]
"""Asks the places that keep secrets (keyring, encrypted file) for a setting's variable: (value, where) or nothing."""


def known(tree: type) -> list[Known]:
    """Every setting a tree of settings classes declares."""
    out: list[Known] = []
    sections = typing.get_type_hints(tree)
    for section in dataclasses.fields(tree):
        cls = sections[section.name]
        hints = typing.get_type_hints(cls)
        out += [Known(section.name, f.name, hints[f.name], f.default, f.metadata[_META]) for f in dataclasses.fields(cls)]
    return out


def load(
    tree: type[T],
    home: Path,
    environ: Mapping[str, str],
    flags: Mapping[str, str] | None = None,
    shelf: SecretShelf | None = None,
) -> Loaded[T]:
    """Read every source once and build the tree."""
    everything = known(tree)
    values: dict[str, Any] = {k.dotted: k.default for k in everything}
    origins = {k.dotted: Origin("default", "default") for k in everything}

    def put(item: Known, value: Any, origin: Origin) -> None:
        values[item.dotted], origins[item.dotted] = value, origin

    toml, foreign = _read_toml(home / TOML_NAME, everything)
    for item, raw, where in toml:
        put(item, _checked(item, raw, where), Origin("file", where))
    for name in ENV_NAMES:
        path = home / name
        if path.is_file():
            lines = dotenv.parse(dotenv.read_text(path), path)
            pairs = {key: (line.value, f"{name}:{line.line}") for key, line in lines.items()}
            for item, value, where in _from_variables(everything, pairs, foreign, home, strict=True):
                put(item, value, Origin("file", where))
    pairs = {key: (value, key) for key, value in environ.items()}
    for item, value, where in _from_variables(everything, pairs, foreign, home, strict=False):
        put(item, value, Origin("environment", where))
    by_name = {k.dotted: k for k in everything}
    for dotted, raw in (flags or {}).items():
        item = by_name.get(dotted) or _unknown(dotted, f"--set {dotted}", by_name)
        put(item, _parsed(item, raw, f"--set {dotted}", 1.0), Origin("flag", f"--set {dotted}"))
    if shelf is not None:
        for item in everything:
            if item.secret and origins[item.dotted].kind == "default" and (found := shelf(item.variable)):
                put(item, Secret(found[0]), Origin("secret", found[1]))
    return Loaded(_build(tree, values), origins, home)


def _build(tree: type[T], values: Mapping[str, Any]) -> T:
    """The frozen tree from its values."""
    sections: dict[str, Any] = {}
    hints = typing.get_type_hints(tree)
    for section in dataclasses.fields(tree):  # type: ignore[arg-type]
        cls = hints[section.name]
        sections[section.name] = cls(**{f.name: values[f"{section.name}.{f.name}"] for f in dataclasses.fields(cls)})
    return tree(**sections)


# -- onbam.toml ---------------------------------------------------------------------------------------------------------


def _read_toml(path: Path, everything: list[Known]) -> tuple[list[tuple[Known, Any, str]], list[str]]:
    """The values of onbam.toml with their lines, and the names that belong to other programs."""
    if not path.is_file():
        return [], []
    text = dotenv.read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(say.BAD_TOML(file=path, what=error), say.BAD_TOML_HINT) from None
    by_name = {k.dotted: k for k in everything}
    sections = {k.section for k in everything}
    env = data.pop("env", {})
    foreign = [str(x) for x in env.get(FOREIGN, [])] if isinstance(env, dict) else []
    out: list[tuple[Known, Any, str]] = []
    for section, inside in data.items():
        where = f"{path.name}:{_line_of(text, section, None)}"
        if section == "process":
            continue  # the shop's own programs: [process.NAME] is read by the guard
        if section not in sections or not isinstance(inside, dict):
            _unknown(section, where, dict.fromkeys(sections))
        for name, raw in inside.items():
            where = f"{path.name}:{_line_of(text, section, name)}"
            dotted = f"{section}.{name}"
            out.append((by_name.get(dotted) or _unknown(dotted, where, by_name), raw, where))
    return out, foreign


def _line_of(text: str, section: str, name: str | None) -> int:
    """Where a key stands; the parser does not tell."""
    here = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[\s*([\w.\-]+)\s*\]", line)
        if header:
            here = header[1]
            if name is None and here.split(".")[0] == section:
                return number
            continue
        key = rf"{re.escape(section)}(\.{re.escape(name or '')})?" if here != section else re.escape(name or "")
        if re.match(rf"\s*\"?{key}\"?\s*=", line):
            return number
    return 1


def _checked(item: Known, raw: Any, where: str) -> Any:
    """A value TOML already typed, held against the field's type."""
    members = _members(item.type)
    if isinstance(raw, str):
        return _parsed(item, raw, where, 1.0)
    if isinstance(raw, list) and get_origin(item.type) is tuple:
        return _parsed(item, ",".join(map(str, raw)), where, 1.0)
    if isinstance(raw, bool):
        if bool in members:
            return raw
    elif isinstance(raw, int | float) and (float in members or (int in members and isinstance(raw, int))):
        return _in_range(item, float(raw) if float in members else raw, where)
    raise _wrong(item, raw, where)


# -- environments -------------------------------------------------------------------------------------------------------


def _from_variables(
    everything: list[Known], pairs: Mapping[str, tuple[str, str]], foreign: list[str], home: Path, *, strict: bool
) -> Iterator[tuple[Known, Any, str]]:
    """The settings found among variables; in a file every name must be known, in the environment those that begin ONBAM_."""
    names: dict[str, tuple[Known, float]] = {}
    for item in everything:
        names.update({variable: (item, scale) for variable, scale in item.variables()})
    seen: dict[str, str] = {}
    for name, (given, where) in pairs.items():
        found, raw = names.get(name), given
        base = name.removesuffix("_FILE")
        if found is None and base in names and names[base][0].secret:
            found, raw = names[base], _read_secret_file(given, where, home)
        if found is None:
            ours = name.startswith(PREFIX) and name not in OUTSIDE_NAMES
            if (ours or strict) and name not in OUTSIDE_NAMES and not any(fnmatch.fnmatchcase(name, f) for f in foreign):
                _unknown(name, where, names)
            continue
        item, scale = found
        if item.dotted in seen:
            raise Misconfigured(say.TWICE(first=seen[item.dotted], second=where), say.TWICE_HINT(name=item.variable))
        seen[item.dotted] = where
        yield item, _parsed(item, raw, where, scale), where


def _read_secret_file(raw: str, where: str, home: Path) -> str:
    """The content of the file a `NAME_FILE` variable points at."""
    path = home / raw
    try:
        return path.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(say.SECRET_FILE(where=where, file=path, what=type(error).__name__), say.SECRET_FILE_HINT) from None


# -- one value ----------------------------------------------------------------------------------------------------------


def _members(kind: Any) -> tuple[Any, ...]:
    """The types a field accepts."""
    return get_args(kind) if get_origin(kind) in (types.UnionType, typing.Union) else (kind,)


def _parsed(item: Known, raw: str, where: str, scale: float) -> Any:
    """A text held against the field's type."""
    for member in _members(item.type):
        try:
            value = _convert(member, raw, scale)
        except ValueError:
            continue
        return _in_range(item, value, where)
    raise _wrong(item, raw, where)


_TRUE: Final = frozenset({"true", "yes", "on", "1"})
_FALSE: Final = frozenset({"false", "no", "off", "0"})


def _convert(member: Any, raw: str, scale: float) -> Any:
    """One text as one type; `ValueError` when it is not one."""
    if member is Secret:
        return Secret(raw)
    if member is type(None):
        if raw == "":
            return None
        raise ValueError(raw)
    if member is bool:
        if raw.lower() in _TRUE | _FALSE:
            return raw.lower() in _TRUE
        raise ValueError(raw)
    if member is int:
        return int(raw) if scale == 1.0 else round(int(raw) * scale)
    if member is float:
        return float(raw) * scale
    if member is str:
        return raw
    if member is Path:
        return Path(raw).expanduser()
    if get_origin(member) is Literal and raw in get_args(member):
        return raw
    if get_origin(member) is tuple:
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    raise ValueError(raw)


def _in_range(item: Known, value: Any, where: str) -> Any:
    """A number held against its limits."""
    low, high = item.meta.ge, item.meta.le
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and ((low is not None and not value >= low) or (high is not None and not value <= high)):
        raise Misconfigured(
            say.OUT_OF_RANGE(where=where, name=item.dotted, value=value),
            say.RANGE_HINT(
                low="…" if low is None else f"{low:g}", high="…" if high is None else f"{high:g}", default=item.default
            ),
        )
    return value


def _wrong(item: Known, raw: Any, where: str) -> Misconfigured:
    """The error for a value of the wrong kind; a secret's value is not repeated."""
    shown = "•••" if item.secret else repr(raw)
    return Misconfigured(say.WRONG_TYPE(where=where, name=item.dotted, value=shown), say.TYPE_HINT(kind=kind_of(item)))


def kind_of(item: Known) -> Said:
    """What a setting wants, in words."""
    choices = [c for m in _members(item.type) if get_origin(m) is Literal for c in get_args(m)]
    if choices:
        return say.KIND_CHOICE(choices=", ".join(map(str, choices)))
    for member in _members(item.type):
        if member in say.KINDS:
            return say.KINDS[member]()
    return (say.KIND_LIST if get_origin(item.type) is tuple else say.KIND_TEXT)()


def _unknown(name: str, where: str, names: Mapping[str, object]) -> typing.NoReturn:
    """The error for a name nobody knows, with the nearest one somebody does."""
    near = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    hint = say.NEAREST(name=near[0]) if near else say.NO_NEAREST(name=name)
    raise Misconfigured(say.UNKNOWN(where=where, name=name), hint)
