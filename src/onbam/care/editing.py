"""Changing a setting of this PC from a page: a named list of harmless ones, written where people read them.

For: the settings page, the interface.
Promises: only what is on the list; judged by the same code that reads the settings at start, before a letter is written; the
file keeps its comments and its order, and is as it was when anything is odd; who changed what stands in the journal.
Refuses: secrets, addresses, folders, whatever decides who works on what; a setting that another place would win over anyway.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onbam.care import editing_words as say
from onbam.journal.model import Line
from onbam.journal.ports import Journal
from onbam.kernel import dotenv
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Damaged, Refused
from onbam.kernel.filelock import turn
from onbam.kernel.files import write_whole
from onbam.kernel.settings import TOML_NAME, Known, Loaded, known

SAFE: Final = (
    "app.language",
    "schedules.opens",
    "schedules.closes",
    "schedules.weekdays",
    "schedules.holidays",
    "schedules.exceptions",
    "schedules.cycle_minutes",
    "schedules.standby_minutes",
    "schedules.misfire",
    "orders.tries",
    "orders.retry_s",
    "notices.mail_floor",
    "notices.chat_floor",
    "notices.phone_floor",
    "notices.quiet",
    "notices.digest_at",
    "notices.tell_resolved",
    "notices.again_minutes",
    "notices.remind_hours",
    "notices.bundle_over",
    "guard.renew",
    "guard.renew_at",
    "claims.cleanup_days",
    "logs.level",
    "logs.keep_days",
    "logs.total_mb",
    "care.disk_free_mb",
    "care.clock_limit_s",
    "database.keep_backups",
    "web.session_hours",
)
"""What a person may change on a page: nothing here can lose an order, open a door or send anything to another place."""
LOCK_NAME: Final = "settings.lock"
LOCK_LIMIT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Editable:
    """One setting as a form needs it."""

    item: Known
    now: Any
    """As it would be read at the next start."""
    pending: bool
    """It was changed since this program started."""
    own: bool
    """It stands in onbam.toml, and can be taken out again."""
    blocked: str
    """Where it stands, when another place wins over onbam.toml."""


class Editing:
    """The settings of this PC, as they will be read at the next start."""

    def __init__(
        self,
        home: Path,
        tree: type,
        running: Loaded[Any],
        again: Callable[[Mapping[str, str]], Loaded[Any]],
        check: Callable[[Any], None],
        journal: Callable[[], Journal],
        clock: Clock,
    ) -> None:
        """`again` reads everything anew, with some more flags; `check` asks the rooms that understand a value further."""
        self._home, self._tree, self._running, self._again = home, tree, running, again
        self._check, self._journal, self._clock = check, journal, clock
        self._known = {item.dotted: item for item in known(tree)}

    def editable(self) -> Mapping[str, Editable]:
        """The named list."""
        fresh = self._again({})
        return {name: self._editable(name, fresh) for name in SAFE}

    def _editable(self, name: str, fresh: Loaded[Any]) -> Editable:
        item, origin = self._known[name], fresh.origins[name]
        own = origin.kind == "file" and origin.where.startswith(f"{TOML_NAME}:")
        now = _value(fresh.tree, item)
        blocked = "" if own or origin.kind == "default" else origin.where
        return Editable(item, now, now != _value(self._running.tree, item), own, blocked)

    def change(self, name: str, raw: str | None, *, was: str | None, who: str, why: str, machine: str) -> None:
        """Write it, or take it out so that the default holds; raises `Refused` or `Misconfigured` and writes nothing."""
        if name not in SAFE:
            raise Refused(say.NOT_HERE(name=name), say.NOT_HERE_HINT)
        if raw is not None and not raw.isprintable():
            raise Refused(say.ODD_LETTERS(name=name))
        with turn(self._home / LOCK_NAME, self._clock, LOCK_LIMIT_S):
            before = self._editable(name, self._again({}))
            if before.blocked:
                raise Refused(say.BLOCKED(name=name, where=before.blocked), say.BLOCKED_HINT(where=before.blocked))
            if was is not None and was != shown(before.now):
                raise Refused(say.MOVED(name=name, now=shown(before.now) or "-"), say.MOVED_HINT)
            value = before.item.default if raw is None else self._judged(before.item, raw)
            self._write(before.item, None if raw is None else value)
        data = {"from": shown(before.now), "to": shown(value), "machine": machine}
        self._journal().append([Line("setting.changed", "setting", name, who, why, data)])

    def _judged(self, item: Known, raw: str) -> Any:
        """As the start would judge it."""
        tree = self._again({item.dotted: raw}).tree
        self._check(tree)
        return _value(tree, item)

    def _write(self, item: Known, value: Any) -> None:
        path = self._home / TOML_NAME
        old = dotenv.read_text(path) if dotenv.there(path) else ""
        new = with_value(old, item.section, item.name, None if value is None else literal(value))
        write_whole(path, new)
        try:
            self._check(self._again({}).tree)
        except BaseException:
            write_whole(path, old)
            raise


def _value(tree: Any, item: Known) -> Any:
    return getattr(getattr(tree, item.section), item.name)


def shown(value: Any) -> str:
    """As a form holds it, and as it is read back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def literal(value: Any) -> str:
    """As onbam.toml holds it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(literal(part) for part in value)}]"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return json.dumps(str(value), ensure_ascii=False)


def with_value(text: str, section: str, name: str, value: str | None) -> str:
    """The file with one value put in, changed or taken out; every other line as it was."""
    lines = text.splitlines()
    place, end = _find(lines, section, name)
    if place is not None:
        key, rest = lines[place].split("=", 1)
        comment = _comment(rest)
        if comment is None:
            raise Refused(say.LONG(name=f"{section}.{name}", file=TOML_NAME, line=place + 1), say.LONG_HINT)
        lines[place : place + 1] = [] if value is None else [f"{key.rstrip()} = {value}{comment}"]
    elif value is not None and end is not None:
        lines.insert(end, f"{name} = {value}")
    elif value is not None:
        lines += [*([""] if lines and lines[-1].strip() else []), f"[{section}]", f"{name} = {value}"]
    made = "\n".join(lines) + "\n"
    _prove(text, made, section, name)
    return made


def _find(lines: list[str], section: str, name: str) -> tuple[int | None, int | None]:
    """The line of a key, and where a new one of its section would go."""
    here, end = "", None
    for number, line in enumerate(lines):
        header = re.match(r"\s*\[\s*([\w.\-]+)\s*\]", line)
        if header:
            here = header[1]
        own = here == section and re.match(rf"\s*\"?{re.escape(name)}\"?\s*=", line)
        dotted = not here and re.match(rf"\s*{re.escape(section)}\s*\.\s*{re.escape(name)}\s*=", line)
        if own or dotted:
            return number, None
        if here == section and line.strip() and not line.lstrip().startswith("#"):
            end = number + 1
    return None, end


def _comment(rest: str) -> str | None:
    """What stands after a value on its line; nothing when the value goes on over more lines."""
    for cut in [*(found.start() for found in re.finditer("#", rest)), len(rest)]:
        try:
            tomllib.loads(f"x ={rest[:cut]}")
        except tomllib.TOMLDecodeError:
            continue
        return f"  {rest[cut:]}" if cut < len(rest) else ""
    return None


def _prove(old: str, new: str, section: str, name: str) -> None:
    """Nothing but the one value is different."""
    before, after = _parsed(old), _parsed(new)
    for one in (before, after):
        inside = one.get(section)
        if isinstance(inside, dict):
            inside.pop(name, None)
            if not inside:
                one.pop(section)
    if before != after:
        raise Damaged(say.ODD_FILE(file=TOML_NAME), say.LONG_HINT)


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise Damaged(say.ODD_FILE(file=TOML_NAME), say.LONG_HINT) from None
