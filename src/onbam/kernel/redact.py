"""Takes secrets out of whatever is about to be written down or shown.

For: every log line, error text, support bundle and notice, just before it leaves the process.
Promises: a value it has learned never comes through whole, plain or escaped, percent-encoded, base64, hex or in bytes; values
under telling names (`password=`, `Authorization:`, `비밀번호`, …) and known shapes (tokens, private keys, user names and
passwords in addresses, resident numbers) go too; its cost grows with the text, not with the number of secrets.
Refuses: to be the first line: a room that holds a secret does not put it into a text. Values shorter than three characters
cannot be told from ordinary text and are left to the telling names.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import reprlib
import threading
import tomllib
import traceback
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePath
from typing import Any, Final

from onbam.kernel import dotenv
from onbam.kernel.errors import OnbamError
from onbam.kernel.settings import ENV_NAMES, TOML_NAME, Secret
from onbam.kernel.telling import HEAD, MARK, by_name, by_shape, forms, in_address, telling
from onbam.kernel.words import Said, Text

SHORTEST_LEARNED: Final = 3
DEEPEST: Final = 8
MOST_ITEMS: Final = 200
LONGEST_TEXT: Final = 16 * 1024
"""What is kept of one text in a structured value; a line is for reading, evidence has its own files."""

WIDEST_NUMBER_BITS: Final = 1024
LONGEST_SECRET_FILE: Final = 64 * 1024
_PLACES: Final = frozenset({"PWD", "OLDPWD"})
"""Folders, whatever their names sound like."""
_ROUNDS: Final = 4
"""How many times a text is looked through again after a change; each round removes at least one secret."""


class Redactor:
    """One process's knowledge of what must not be seen."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._gate = threading.Lock()
        self._heads: dict[str, tuple[str, ...]] = {}
        self._short: re.Pattern[str] | None = None
        self._short_forms: frozenset[str] = frozenset()
        self._known: frozenset[str] = frozenset()
        self.learn(*secrets)

    def learn(self, *values: str) -> None:
        """Never let these through again. Writers take no lock: each table is swapped whole."""
        with self._gate:
            self._learn(values)

    def _learn(self, values: Iterable[str]) -> None:
        fresh = {value for value in values if len(value) >= SHORTEST_LEARNED} - self._known
        if not fresh:
            return
        self._known |= fresh
        heads = dict(self._heads)
        for form in {form for value in fresh for form in forms(value)}:
            if len(form) >= HEAD:
                head = form[:HEAD]
                heads[head] = (*(kept for kept in heads.get(head, ()) if kept != form), form)
            elif len(form) >= SHORTEST_LEARNED:
                self._short_forms |= {form}
        if self._short_forms:
            words = "|".join(re.escape(form) for form in sorted(self._short_forms, key=len, reverse=True))
            self._short = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
        self._heads = heads

    def learn_settings(self, tree: object) -> None:
        """Learn every secret a tree of settings holds, and the passwords inside its addresses."""
        if isinstance(tree, Secret):
            value = tree.reveal()
            several = [part.strip() for part in value.split(",")]  # a setting may hold several keys
            self.learn(value, *in_address(value), *(part for part in several if len(part) >= HEAD))
        elif isinstance(tree, str):
            self.learn(*in_address(tree))
        elif isinstance(tree, tuple):
            for part in tree:
                self.learn_settings(part)
        elif dataclasses.is_dataclass(tree):
            for part in dataclasses.fields(tree):
                self.learn_settings(getattr(tree, part.name))

    def learn_around(self, home: Path, environ: Mapping[str, str]) -> None:
        """Learn what telling names hold in the shop's files and the environment, also names no setting of ours has."""
        pairs = [*environ.items(), *_named_in_toml(home / TOML_NAME)]
        for name in ENV_NAMES:
            with contextlib.suppress(OSError, OnbamError):
                path = home / name
                pairs += [(key, line.value) for key, line in dotenv.parse(dotenv.read_text(path), path).items()]
        for name, value in pairs:
            self.learn(*(found for found in in_address(value) if len(found) >= HEAD))
            if name in _PLACES or not telling(name, value):
                continue
            held = value
            if name.upper().endswith("_FILE"):  # unreadable, it may be the secret itself, written where its file belongs
                with contextlib.suppress(OSError, ValueError), (home / value).open("rb") as file:
                    held = file.read(LONGEST_SECRET_FILE).decode("utf-8-sig").strip()
            self.learn(*([held] if len(held) >= HEAD else []))

    # -- one text

    def text(self, text: str) -> str:
        """The text without its secrets."""
        return by_name(by_shape(self._without_known(text)))

    def _without_known(self, text: str) -> str:
        for _ in range(_ROUNDS):
            found = self._one_pass(text)
            if found == text:
                break
            text = found
        return text

    def _one_pass(self, text: str) -> str:
        heads = self._heads
        if heads and len(text) >= HEAD:
            candidates = {text[i : i + HEAD] for i in range(len(text) - HEAD + 1)} & heads.keys()
            for form in sorted((form for head in candidates for form in heads[head]), key=len, reverse=True):
                text = text.replace(form, MARK)
        return self._short.sub(MARK, text) if self._short else text

    def raw(self, data: bytes) -> bytes:
        """The same for bytes whose encoding is not known."""
        for encoding in ("utf-8", "cp949"):
            try:
                return self.text(data.decode(encoding)).encode(encoding, "replace")
            except UnicodeDecodeError:
                continue
        return self.text(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    # -- anything

    def value(self, thing: Any, key: str = "", depth: int = 0) -> Any:
        """The thing as plain JSON values, without its secrets; unknown kinds become their text."""
        if isinstance(thing, Secret) or (key and telling(key, thing)):
            return "" if isinstance(thing, Secret | str | bytes) and not thing else MARK
        if thing is None or isinstance(thing, bool):
            return thing
        if isinstance(thing, int | float):
            return self._number(thing)
        if isinstance(thing, str):
            return self._cut(str(thing))
        if isinstance(thing, bytes | bytearray | memoryview):
            return self._cut(self.raw(bytes(thing)).decode("utf-8", "replace"))
        if depth >= DEEPEST:
            return self._cut(_shown(thing))
        return self._inside(thing, key, depth)

    def _inside(self, thing: Any, key: str, depth: int) -> Any:
        if isinstance(thing, Mapping):
            pairs = list(thing.items())[:MOST_ITEMS]
            named = [(name if isinstance(name, str) else _shown(name), inside) for name, inside in pairs]
            return {self._without_known(name): self.value(inside, name, depth + 1) for name, inside in named}
        if isinstance(thing, list | tuple | set | frozenset):
            if len(thing) == 2 and isinstance(thing, tuple) and isinstance(thing[0], str | bytes):  # a header as a pair
                name = thing[0] if isinstance(thing[0], str) else thing[0].decode("utf-8", "replace")
                return [self.text(name), self.value(thing[1], name, depth + 1)]
            return [self.value(part, key, depth + 1) for part in list(thing)[:MOST_ITEMS]]
        if isinstance(thing, BaseException):
            return self.error(thing)
        if dataclasses.is_dataclass(thing) and not isinstance(thing, type | Said | Text):
            return self._inside({part.name: getattr(thing, part.name) for part in dataclasses.fields(thing)}, key, depth)
        return self._cut(_shown(thing))

    def _number(self, number: float) -> Any:
        """A number as it is, unless it is itself a secret, or has no place in JSON."""
        if isinstance(number, int) and number.bit_length() > WIDEST_NUMBER_BITS:
            return f"<a number of {number.bit_length()} bits>"  # Python refuses to print the widest ones
        shown = str(number)
        clean = self._without_known(shown)
        return number if clean == shown and shown.lstrip("-")[:1].isdigit() else clean

    def _cut(self, text: str) -> str:
        """Redacted first, cut second: a cut through a secret would leave its half unrecognised."""
        clean = self.text(text)
        return clean if len(clean) <= LONGEST_TEXT else f"{clean[:LONGEST_TEXT]}… (+{len(clean) - LONGEST_TEXT})"

    # -- errors

    def error(self, error: BaseException) -> dict[str, Any]:
        """An error as a log wants it: kind, text, context and where; never the values of local variables."""
        out: dict[str, Any] = {"kind": type(error).__name__, "message": self._cut(_words(error))}
        hint, context = getattr(error, "hint", None), getattr(error, "context", None)
        if hint is not None and str(hint):
            out["hint"] = self._cut(str(hint))
        if isinstance(context, Mapping) and context:
            out["context"] = self.value(context)
        out["trace"] = self.trace(error)
        return out

    def trace(self, error: BaseException) -> str:
        """The traceback as Python prints it, without locals and without secrets."""
        shown = traceback.TracebackException.from_exception(error, capture_locals=False, limit=50, compact=True)
        return self._cut("".join(shown.format()))


def _named_in_toml(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of the settings by the last part of its name, however deep: `[process.robot] env = {PASSWORD = "…"}`."""
    with contextlib.suppress(OSError, OnbamError, ValueError, RecursionError):  # broken is broken, however
        tables: list[Mapping[str, Any]] = [tomllib.loads(dotenv.read_text(path))]
        while tables:
            for name, value in tables.pop().items():
                if isinstance(value, str) and not name.endswith("_file"):  # a path, and often one that is to be seen
                    yield name, value
                elif isinstance(value, Mapping):
                    tables.append(value)


def _words(error: BaseException) -> str:
    """An error's own text; the standard library's way survives an error that cannot print itself."""
    shown = "".join(traceback.format_exception_only(error)).strip()
    return shown.removeprefix(f"{shown.partition(':')[0]}: ")


def _shown(thing: object) -> str:
    """An unknown thing's text; one that cannot print itself must not take the log down."""
    if isinstance(thing, datetime | date | time):
        return thing.isoformat()
    if isinstance(thing, PurePath | Said | timedelta):
        return str(thing)
    if isinstance(thing, Text):
        return thing.en
    return _REPR.repr(thing)


_REPR: Final = reprlib.Repr()
_REPR.maxother = _REPR.maxstring = _REPR.maxlong = 64 * LONGEST_TEXT  # cut after redaction, not before
_REPR.maxlevel = DEEPEST
