"""Where the vault's keys come from, and how a new one is made.

For: the vault.
Promises: `ENCRYPTION_KEY` first, then the earlier keys, then the key file, newest first; a key file is private from its first
byte and only ever grows by whole keys; making a key never overwrites one.
Refuses: to make a key while one is configured elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from onbam.kernel.clock import Clock
from onbam.kernel.errors import Damaged, Misconfigured, Refused
from onbam.kernel.files import write_whole
from onbam.kernel.oserror import what_of
from onbam.kernel.settings import Secret
from onbam.vault import words as say
from onbam.vault.cipher import Cipher, Key

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file of keys, newest first."""

    path: Path
    clock: Clock

    def keys(self) -> list[Key]:
        """What it holds; nothing when it is not there."""
        return [Key(entry["key"]) for entry in self._entries()]

    def add(self, key: Key) -> None:
        """Put a new key in front; the earlier ones stay, backups need them."""
        entry = {"key": key.text, "id": key.id, "made_at": stamp(self.clock.now())}
        write_json(self.path, {"format": FORMAT, "keys": [entry, *self._entries()]})

    def keep(self, ids: set[str]) -> int:
        """Forget every other key; answers how many went."""
        entries = self._entries()
        kept = [entry for entry in entries if Key(entry["key"]).id in ids]
        if len(kept) != len(entries):
            write_json(self.path, {"format": FORMAT, "keys": kept})
        return len(entries) - len(kept)

    def _entries(self) -> list[dict[str, str]]:
        content = read_json(self.path)
        entries = content.get("keys", [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) and isinstance(e.get("key"), str) for e in entries):
            raise Damaged(say.DAMAGED_FILE(file=self.path, what="keys"), say.DAMAGED_FILE_HINT)
        return entries


@dataclass(frozen=True)
class Keys:
    """Every key at hand."""

    given: Secret
    old: Secret
    file: KeyFile

    @cached_property
    def _given(self) -> list[Key]:
        """Kept, because a key is made of a passphrase slowly on purpose."""
        texts = [self.given.reveal(), *self.old.reveal().split(",")]
        return [Key(text.strip()) for text in texts if text.strip()]

    def all(self) -> list[Key]:
        """The current one first."""
        return [*self._given, *self.file.keys()]

    def cipher(self) -> Cipher:
        """Under these keys."""
        return Cipher(self.all(), str(self.file.path))

    @property
    def outside(self) -> bool:
        """Whether the current key is kept by somebody else (the environment), so that we cannot change it."""
        return bool(self.given)


def new_key_file(path: Path) -> None:
    """A file that holds one new key and nothing else, for `ENCRYPTION_KEY_FILE`."""
    if path.exists():
        raise Refused(say.EXISTS(file=path), say.EXISTS_HINT)
    write(path, Key.new().text + "\n")


def stamp(when: datetime) -> str:
    """A time in a file."""
    return when.isoformat(timespec="seconds")


def read_json(path: Path) -> dict[str, Any]:
    """One of the vault's files; empty when it is not there."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Misconfigured(say.DAMAGED_FILE(file=path, what=what_of(error)), say.CANNOT_WRITE_HINT) from None
    except ValueError:
        raise Damaged(say.DAMAGED_FILE(file=path, what="JSON"), say.DAMAGED_FILE_HINT) from None
    if not isinstance(content, dict):
        raise Damaged(say.DAMAGED_FILE(file=path, what="JSON"), say.DAMAGED_FILE_HINT)
    if content.get("format") != FORMAT:
        raise Misconfigured(say.NEWER_FILE(file=path, format=content.get("format")), say.NEWER_FILE_HINT)
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace one of the vault's files."""
    write(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def write(path: Path, content: str) -> None:
    """Private and whole, or `Refused` with the old content standing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, private=True)
    except OSError as error:
        raise Refused(say.CANNOT_WRITE(file=path, what=what_of(error)), say.CANNOT_WRITE_HINT) from error
