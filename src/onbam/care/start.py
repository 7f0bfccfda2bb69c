"""Writes a shop's first settings: `.env`, `.env.example` and the lines of `.gitignore`.

For: `onbam init`.
Promises: a value a person wrote is never changed, a line never lost: missing ones are added below, after a copy to `.env.bak`;
run twice, the second run changes nothing; every name it writes is a setting, so that what it wrote can be read.
Refuses: to write anything before it has been shown: `plan` first, `apply` after.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from onbam.care import start_words as say
from onbam.care.checks.files import SECRET_FILES
from onbam.care.questions import EVERY_DAY, TODAY, Answers, Choice, choose
from onbam.kernel import dotenv
from onbam.kernel.errors import Refused
from onbam.kernel.files import write_whole
from onbam.kernel.oserror import what_of
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Known, Secret, known
from onbam.kernel.words import Text

IGNORED: Final = (
    *SECRET_FILES,
    "runtime.lock",
    "heartbeat.txt",
    "PAUSE",
    "/data/",
    "/logs/",
    "onbam-support-*.zip",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after."""

    path: Path
    before: str | None
    after: str
    private: bool

    @property
    def needed(self) -> bool:
        """Whether anything is different."""
        return self.before != self.after

    def diff(self, redactor: Redactor) -> list[str]:
        """For a person to look at; secrets masked."""
        old, new = ((text or "").splitlines() for text in (self.before, self.after))
        lines = difflib.unified_diff(old, new, self.path.name, self.path.name, lineterm="", n=1)
        return [redactor.text(line) for line in lines]


@dataclass(frozen=True, slots=True)
class Plan:
    """What `apply` would do, and why."""

    choice: Choice
    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    """Settings the answers would decide and a person has decided already."""


def plan(tree: type, home: Path, answers: Answers, given: Collection[str] = (), *, today: date) -> Plan:
    """Decide, and compose the three files; nothing is written. `given` names settings a person has set anywhere already."""
    choice = choose(answers)
    wanted = settings_of(answers, choice, today)
    settings = known(tree)
    missing = [(item, wanted[item.dotted]) for item in settings if item.dotted in wanted and item.dotted not in given]
    changes = (
        _env(home / ".env", missing),
        Change(home / ".env.example", _read(home / ".env.example"), example(settings), private=False),
        _ignore(home / ".gitignore"),
    )
    return Plan(choice, changes, tuple(sorted(set(wanted) & set(given))))


def settings_of(answers: Answers, choice: Choice, today: date) -> dict[str, str]:
    """The settings that follow from the answers."""
    out = {
        "app.language": answers["language"],
        "claims.enabled": "true",
        "claims.store": "sheets" if choice.store == "sheets" else "auto",
    }
    for name, key in (("database.url", "database_url"), ("sheets.spreadsheet_id", "sheet_id")):
        if answers.get(key):
            out[name] = answers[key]
    if answers["first_day"] != EVERY_DAY:
        out["portal.first_day"] = today.isoformat() if answers["first_day"] == TODAY else answers["first_day"].strip()
    return out


def apply(plan: Plan) -> list[Path]:
    """Write what is different; a `.env` that is changed is copied to `.env.bak` first."""
    written: list[Path] = []
    for change in plan.changes:
        if not change.needed:
            continue
        try:
            change.path.parent.mkdir(parents=True, exist_ok=True)
            if change.private and change.before is not None:
                backup = change.path.with_name(f"{change.path.name}.bak")
                write_whole(backup, change.path.read_bytes(), private=True)
            write_whole(change.path, change.after, private=change.private)
        except OSError as error:
            raise Refused(say.CANNOT_WRITE(file=change.path, what=what_of(error)), say.CANNOT_WRITE_HINT) from error
        written.append(change.path)
    return written


# -- .env ---------------------------------------------------------------------------------------------------------------


def _env(path: Path, wanted: Sequence[tuple[Known, str]]) -> Change:
    """A new file with remarks, or the person's own with the missing lines below."""
    before = _read(path)
    if before is None:
        parts = [_remark(say.HEADER), *(_entry(item, value) for item, value in wanted)]
        return Change(path, None, "\n\n".join(parts) + "\n", private=True)
    there = {name.removesuffix("_FILE") for name in dotenv.parse(before, path)}
    missing = [_entry(item, value) for item, value in wanted if not any(name in there for name, _ in item.variables())]
    if not missing:
        return Change(path, before, before, private=True)
    return Change(path, before, "\n\n".join([before.rstrip("\n"), _remark(say.ADDED), *missing]) + "\n", private=True)


def example(settings: Sequence[Known]) -> str:
    """Every setting with its default, as remarks: what the older `.env.v10.example` was for."""
    parts = [_remark(say.EXAMPLE_HEADER)]
    for item in settings:
        text = _remark(item.meta.help)
        if item.secret:
            text += "\n" + _remark(say.SECRET_LINE, name=item.variable)
        parts.append(f"{text}\n# {_name(item)}={'' if item.secret else _default(item)}")
    return "\n\n".join(parts) + "\n"


def _entry(item: Known, value: str) -> str:
    return f"{_remark(item.meta.help)}\n{_name(item)}={_quoted(value)}"


def _name(item: Known) -> str:
    """The name people already have, where there is one and it counts in the same unit."""
    return item.meta.env if item.meta.env and item.meta.env_scale == 1.0 else item.variable


def _remark(text: Text, **values: object) -> str:
    """A text in both languages, as remarks."""
    said = text(**values)
    return "\n".join(f"# {line}" for lang in ("ko", "en") for line in said.to(lang).splitlines())


def _quoted(value: str) -> str:
    """A value that a `.env` gives back to the letter: tried, not believed."""
    for written in (value, f"'{value}'", f'"{value}"'):
        if "\n" not in value and "\r" not in value and _read_back(written) == value:
            return written
    raise Refused(say.NO_LINE, say.NO_LINE_HINT)


def _read_back(written: str) -> str | None:
    lines = dotenv.parse(f"X={written}", Path(".env"))
    return lines["X"].value if len(lines) == 1 else None


def _default(item: Known) -> str:
    """A default as it would be written."""
    value = item.default
    if value is None or isinstance(value, Secret):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


# -- .gitignore ---------------------------------------------------------------------------------------------------------


def _ignore(path: Path) -> Change:
    """The lines that are missing, below what is there."""
    before = _read(path)
    there = {line.strip() for line in (before or "").splitlines()}
    missing = [line for line in IGNORED if line not in there]
    if not missing:
        return Change(path, before, before or "", private=False)
    head = [before.rstrip("\n"), ""] if before else []
    return Change(path, before, "\n".join([*head, _remark(say.IGNORE_HEADER), *missing]) + "\n", private=False)


def _read(path: Path) -> str | None:
    return dotenv.read_text(path) if dotenv.there(path) else None
