"""One frozen tree of settings, each room owning its own class; read once at start.

For: `bootstrap` names the tree, rooms declare their part with `setting(…)`, everyone else is handed values.
Promises: defaults < onbam.toml < .env < .env.local < environment < flags; every value knows where it came from; an unknown
name, a wrong type, a text without its form or a value out of range names the file, the line and the nearest known name, and
exits 78.
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
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar, cast, get_args, get_origin

from onbam.kernel import dotenv, toml_words
from onbam.kernel import settings_words as say
from onbam.kernel.errors import Misconfigured
from onbam.kernel.forms import Form
from onbam.kernel.words import Said, Text

TOML_NAME: Final = "onbam.toml"
ENV_NAMES: Final = (".env", ".env.local")
PREFIX: Final = "ONBAM_"
FOREIGN: Final = "foreign"
"""`[env] foreign = ["ECOUNT_*"]` in onbam.toml: names in .env that belong to other programs."""
OUTSIDE_NAMES: Final = frozenset({"ONBAM_HOME", "ONBAM_VENV", "ONBAM_PROCESS", "ONBAM_RUN", "ONBAM_BEAT"})
"""Read before any setting exists, by `home.py` and by `run.py`, or given to a child by the guard (`child.py`)."""
MEMBER_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
"""What a shop may call one of its own: `[process.my-robot]`."""

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
    form: Form | None = None
    """What a text must look like; of a list, each of its parts."""


class Trouble(typing.NamedTuple):
    """What is wrong between settings that are each fine: told with the place of the first of them that somebody wrote."""

    names: tuple[str, ...]
    """Inside their section, or dotted where a whole tree speaks."""
    text: Said
    hint: Said


def setting(
    default: Any,
    help: Text,  # noqa: A002 -- reads as what it is
    *,
    env: str | None = None,
    env_scale: float = 1.0,
    ge: float | None = None,
    le: float | None = None,
    form: Form | None = None,
) -> Any:
    """A field of a settings class."""
    return field(default=default, metadata={_META: Meta(help, env, env_scale, ge, le, form)})


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
    wrong: Mapping[str, Misconfigured] = field(default_factory=dict)
    """Sections a shop named itself that cannot be used (`process.my-robot`); the tree is without them."""


SecretShelf = Callable[[str], tuple[str, str] | None]
"""Asks the places that keep secrets (keyring, encrypted file) for a setting's variable: (value, where) or nothing."""


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    """The types of its fields. They are texts that have to be evaluated, and a page of settings asks a hundred times."""
    return typing.get_type_hints(cls)


def known(tree: type) -> list[Known]:
    """Every setting a tree of settings classes declares."""
    hints, several = _hints(tree), families(tree)
    named = [section.name for section in dataclasses.fields(tree) if section.name not in several]
    return [item for name in named for item in known_in(name, hints[name])]


def known_in(section: str, cls: type) -> list[Known]:
    """Every setting of one section."""
    hints = _hints(cls)
    return [Known(section, f.name, hints[f.name], f.default, f.metadata[_META]) for f in dataclasses.fields(cls)]


def families(tree: type) -> dict[str, type]:
    """Sections of which a shop has as many as it likes, under names of its own: a field `process: Mapping[str, Process]`."""
    hints = _hints(tree)
    named = ((f.name, hints[f.name]) for f in dataclasses.fields(tree))
    return {name: get_args(hint)[1] for name, hint in named if get_origin(hint) is Mapping}


def load(
    tree: type[T],
    home: Path,
    environ: Mapping[str, str],
    flags: Mapping[str, str] | None = None,
    shelf: SecretShelf | None = None,
    *,
    partial: bool = False,
    apart: bool = False,
) -> Loaded[T]:
    """Read every source once and build the tree. A `partial` tree passes over what others know (the guard's way).

    With `apart` a wrong section among those a shop named itself costs only itself: it is left out, and told in `wrong`.
    """
    everything, strict, wrong = known(tree), not partial, dict[str, Misconfigured]()
    text, data = _read_toml(home / TOML_NAME)
    members = _members_of(families(tree), text, data, wrong)
    for family, cls in families(tree).items():
        everything += [item for name in members[family] for item in known_in(f"{family}.{name}", cls)]
    values: dict[str, Any] = {k.dotted: k.default for k in everything}
    origins = {k.dotted: Origin("default", "default") for k in everything}

    def put(item: Known, value: Any, origin: Origin) -> None:
        values[item.dotted], origins[item.dotted] = value, origin

    foreign = _foreign(data)
    for item, value, where in _from_toml(text, data, everything, families(tree), wrong, strict=strict):
        put(item, value, Origin("file", where))
    members = _usable(members, wrong, apart=apart)
    for name in ENV_NAMES:
        path = home / name
        if dotenv.there(path):
            lines = dotenv.parse(dotenv.read_text(path), path)
            pairs = {key: (line.value, f"{name}:{line.line}") for key, line in lines.items()}
            for item, value, where in _from_variables(everything, pairs, foreign, home, strict=strict):
                put(item, value, Origin("file", where))
    pairs = {key: (value, key) for key, value in environ.items()}
    for item, value, where in _from_variables(everything, pairs, foreign, home, strict=False, ours=strict):
        put(item, value, Origin("environment", where))
    for item, raw, where in _from_flags(everything, flags or {}, strict=strict):
        put(item, _parsed(item, raw, where, 1.0), Origin("flag", where))
    for item, value, where in _from_shelf(everything, origins, shelf or (lambda _: None)):
        put(item, _in_range(item, value, where), Origin("secret", where))
    built = _build(tree, values, members)
    if not wrong:  # a member that is left out would be missed by others that name it
        _check_together(built, origins)
    return Loaded(built, origins, home, wrong)


def _build(tree: type[T], values: Mapping[str, Any], members: Mapping[str, list[str]]) -> T:
    """The frozen tree from its values."""
    hints, several = _hints(cast("type", tree)), families(tree)

    def part(section: str, cls: Any) -> Any:
        return cls(**{f.name: values[f"{section}.{f.name}"] for f in dataclasses.fields(cls)})

    sections: dict[str, Any] = {}
    for section in dataclasses.fields(tree):  # type: ignore[arg-type]
        name = section.name
        if name in several:
            sections[name] = {member: part(f"{name}.{member}", several[name]) for member in members[name]}
        else:
            sections[name] = part(name, hints[name])
    return tree(**sections)


def _check_together(built: object, origins: Mapping[str, Origin]) -> None:
    """A settings class, and a tree of them, may say in `troubles()` what is wrong between its settings."""
    parts = [("", built), *((f"{part.name}.", getattr(built, part.name)) for part in dataclasses.fields(cast("Any", built)))]
    for prefix, part in parts:
        for trouble in getattr(part, "troubles", tuple)():
            places = [origins[f"{prefix}{name}"] for name in trouble.names]
            where = next((place.where for place in places if place.kind != "default"), places[0].where)
            raise Misconfigured(say.TROUBLE(where=where, what=trouble.text), trouble.hint)


# -- onbam.toml ---------------------------------------------------------------------------------------------------------


def _read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The file as text (for its lines) and as values."""
    if not dotenv.there(path):
        return "", {}
    text = dotenv.read_text(path)
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # not only its own: a number of thousands of figures, lists in lists in lists
        raise Misconfigured(say.BAD_TOML(file=path, what=toml_words.what_of(error)), say.BAD_TOML_HINT) from None


def _foreign(data: dict[str, Any]) -> list[str]:
    """The names that belong to other programs."""
    env = data.get("env", {})
    return [str(x) for x in env.get(FOREIGN, [])] if isinstance(env, dict) else []


@contextmanager
def _costs_itself(section: str, several: Mapping[str, type], wrong: dict[str, Misconfigured]) -> Iterator[None]:
    """What is wrong in a section the shop named itself is kept under its name; elsewhere it is raised."""
    try:
        yield
    except Misconfigured as error:
        if section.partition(".")[0] not in several:
            raise
        wrong.setdefault(section, error)


def _usable(members: Mapping[str, list[str]], wrong: Mapping[str, Misconfigured], *, apart: bool) -> dict[str, list[str]]:
    """The members nothing is wrong with; unless they are taken apart, the first that is wrong is raised."""
    if wrong and not apart:
        raise next(iter(wrong.values()))
    return {family: [name for name in names if f"{family}.{name}" not in wrong] for family, names in members.items()}


def _members_of(
    several: Mapping[str, type], text: str, data: dict[str, Any], wrong: dict[str, Misconfigured]
) -> dict[str, list[str]]:
    """What the shop calls its own, family by family."""
    out: dict[str, list[str]] = {}
    for family in several:
        inside = data.get(family, {})
        out[family] = []
        for name in inside if isinstance(inside, dict) else ():
            with _costs_itself(f"{family}.{name}", several, wrong):
                if not MEMBER_NAME.match(name) or not isinstance(inside[name], dict):
                    where, hint = f"{TOML_NAME}:{_line_of(text, family, None)}", say.BAD_MEMBER_HINT(family=family)
                    raise Misconfigured(say.BAD_MEMBER(where=where, family=family, name=name), hint)
                out[family].append(name)
    return out


def _from_toml(
    text: str,
    data: dict[str, Any],
    everything: list[Known],
    several: Mapping[str, type],
    wrong: dict[str, Misconfigured],
    *,
    strict: bool,
) -> Iterator[tuple[Known, Any, str]]:
    """The values of onbam.toml, held against their types, with their lines."""
    by_name = {k.dotted: k for k in everything}
    sections = {k.section.partition(".")[0] for k in everything} | set(several)
    for section, inside in data.items():
        if section == "env" or (section not in sections and not strict):
            continue
        if section not in sections or not isinstance(inside, dict):
            _unknown(section, f"{TOML_NAME}:{_line_of(text, section, None)}", dict.fromkeys(sections))
        parts = {f"{section}.{name}": part for name, part in inside.items()} if section in several else {section: inside}
        for whole, part in parts.items():
            for name, raw in part.items() if isinstance(part, dict) else ():
                where = f"{TOML_NAME}:{_line_of(text, whole, name)}"
                dotted = f"{whole}.{name}"
                if whole in wrong or not (dotted in by_name or strict or section in several):
                    continue
                with _costs_itself(whole, several, wrong):
                    item = by_name.get(dotted) or _unknown(dotted, where, by_name)
                    yield item, _checked(item, raw, where), where


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
    if isinstance(raw, list) and any(get_origin(member) is tuple for member in members):
        return _in_range(item, tuple(str(part).strip() for part in raw), where)
    if isinstance(raw, dict) and any(get_origin(member) is Mapping for member in members):
        return {name: str(value) for name, value in raw.items()}
    if isinstance(raw, bool):
        if bool in members:
            return raw
    elif isinstance(raw, int | float) and (float in members or (int in members and isinstance(raw, int))):
        return _in_range(item, float(raw) if float in members else raw, where)
    raise _wrong(item, raw, where)


def _from_flags(everything: list[Known], flags: Mapping[str, str], *, strict: bool) -> Iterator[tuple[Known, str, str]]:
    """The settings given for one call."""
    by_name = {k.dotted: k for k in everything}
    for dotted, raw in flags.items():
        where = f"--set {dotted}"
        if dotted in by_name or strict:
            yield by_name.get(dotted) or _unknown(dotted, where, by_name), raw, where


def _from_shelf(
    everything: list[Known], origins: Mapping[str, Origin], shelf: SecretShelf
) -> Iterator[tuple[Known, Secret, str]]:
    """The secrets that nothing else gave."""
    for item in everything:
        if item.secret and origins[item.dotted].kind == "default" and (found := shelf(item.variable)):
            yield item, Secret(found[0]), found[1]


# -- environments -------------------------------------------------------------------------------------------------------


def _from_variables(
    everything: list[Known],
    pairs: Mapping[str, tuple[str, str]],
    foreign: list[str],
    home: Path,
    *,
    strict: bool,
    ours: bool = False,
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
            if (
                (strict or (ours and name.startswith(PREFIX)))
                and name not in OUTSIDE_NAMES
                and not any(fnmatch.fnmatchcase(name, f) for f in foreign)
            ):
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
    """A number held against its limits, a text against its form."""
    if item.meta.form is not None:
        for part in value if isinstance(value, tuple) else (value,):
            text = part.reveal() if isinstance(part, Secret) else part
            if isinstance(text, str) and not item.meta.form.takes(text):
                raise _wrong(item, text, where)
    low, high = item.meta.ge, item.meta.le
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and ((low is not None and not value >= low) or (high is not None and not value <= high)):
        raise Misconfigured(
            say.OUT_OF_RANGE(where=where, name=item.dotted, value=value),
            say.RANGE_HINT(
                low="…" if low is None else f"{low:.12g}", high="…" if high is None else f"{high:.12g}", default=item.default
            ),
        )
    return value


def _wrong(item: Known, raw: Any, where: str) -> Misconfigured:
    """The error for a value of the wrong kind; a secret's value is not repeated."""
    shown = "•••" if item.secret else repr(raw)
    near = [] if item.secret else difflib.get_close_matches(str(raw), _choices(item), n=1, cutoff=0.6)
    hint = say.NEAR_HINT(kind=kind_of(item), name=near[0]) if near else say.TYPE_HINT(kind=kind_of(item))
    return Misconfigured(say.WRONG_TYPE(where=where, name=item.dotted, value=shown), hint)


def _choices(item: Known) -> list[str]:
    """The words a value may be, where it is one of a few."""
    typed = [str(c) for m in _members(item.type) if get_origin(m) is Literal for c in get_args(m)]
    return typed or list(item.meta.form.choices if item.meta.form is not None else ())


def kind_of(item: Known) -> Said:
    """What a setting wants, in words."""
    listed = any(get_origin(member) is tuple for member in _members(item.type))
    if item.meta.form is not None:
        return say.KIND_LIST_OF(kind=item.meta.form.kind) if listed else item.meta.form.kind
    if choices := _choices(item):
        return say.KIND_CHOICE(choices=", ".join(choices))
    for member in _members(item.type):
        if member in say.KINDS:
            return say.KINDS[member]()
    shapes = {get_origin(member) for member in _members(item.type)}
    return (say.KIND_TABLE if Mapping in shapes else say.KIND_LIST if get_origin(item.type) is tuple else say.KIND_TEXT)()


def _unknown(name: str, where: str, names: Mapping[str, object]) -> typing.NoReturn:
    """The error for a name nobody knows, with the nearest one somebody does."""
    near = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    hint = say.NEAREST(name=near[0]) if near else say.NO_NEAREST(name=name)
    raise Misconfigured(say.UNKNOWN(where=where, name=name), hint)
