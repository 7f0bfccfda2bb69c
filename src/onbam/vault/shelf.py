"""The vault: named secrets, each in the encrypted file or in the operating system's key ring.

For: `onbam secret set | list | remove | rotate`, and the settings, which ask for every secret nothing else gave.
Promises: one file tells which secrets there are, where and since when, never a value; two processes changing it take turns;
a change of key that is interrupted at any point is finished by the next one, and until then everything stays readable.
Refuses: to guess: a secret that cannot be opened is an error, not an empty value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from onbam.kernel.chance import secret_token
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Damaged, Misconfigured, Refused
from onbam.kernel.filelock import turn
from onbam.vault import words as say
from onbam.vault.cipher import Cipher, Key
from onbam.vault.keys import FORMAT, KeyFile, Keys, read_json, stamp, write_json
from onbam.vault.osring import OsRing
from onbam.vault.settings import VaultSettings

Where = Literal["file", "keyring"]
TURN_LIMIT_S: Final = 20.0
SERVICE: Final = "onbam"
Elsewhere = Callable[[Cipher], int]
"""A room's own encrypted texts: put all of them under the cipher's current key, answer how many were changed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One secret, without its value."""

    name: str
    where: Where
    set_at: str
    key: str | None
    """The id of the key that locks it; none in the key ring."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of key did."""

    key: str
    secrets: int
    elsewhere: int
    forgotten: int


class Vault:
    """The secrets of one installation."""

    def __init__(self, file: Path, keys: Keys, ring: OsRing, clock: Clock) -> None:
        self.file, self._keys, self._ring, self._clock = file, keys, ring, clock

    @property
    def cipher(self) -> Cipher:
        """For rooms that store other people's secrets; raises `Misconfigured` when first used without a key."""
        return self._keys.cipher()

    def own_cipher(self) -> Cipher:
        """For a room's own encrypted texts where nobody has set a key yet: the very first one makes it."""
        if self._keys.all():
            return self.cipher
        with self._changing() as content:
            return self._cipher_made(content)

    # -- reading

    def kept(self) -> list[Kept]:
        """Which secrets there are."""
        entries = self._read()["secrets"]
        return [
            Kept(name, e["where"], e["set_at"], Cipher.key_of(e["value"]) if e["where"] == "file" else None)
            for name, e in sorted(entries.items())
        ]

    def get(self, name: str) -> str | None:
        """One value."""
        content = self._read()
        entry = content["secrets"].get(name)
        if entry is None:
            return None
        if entry["where"] == "file":
            return self.cipher.decrypt(entry["value"], _context(name))
        value = self._ring.get(_service(content), name)
        if value is None:
            raise Misconfigured(say.RING_LOST(name=name), say.RING_LOST_HINT(name=name))
        return value

    def shelf(self) -> Callable[[str], tuple[str, str] | None]:
        """What the settings ask; the file is read once."""
        kept = {entry.name: entry.where for entry in self.kept()}

        def ask(variable: str) -> tuple[str, str] | None:
            if variable not in kept:
                return None
            value = self.get(variable)
            assert value is not None, f"{variable} vanished between two reads"
            return value, self.file.name if kept[variable] == "file" else "keyring"

        return ask

    # -- changing

    def set(self, name: str, value: str, where: Where = "file") -> None:
        """Keep a secret; one of the same name is replaced."""
        if not value:
            raise Refused(say.EMPTY, say.EMPTY_HINT(name=name))
        with self._changing() as content:
            before = content["secrets"].get(name)
            entry: dict[str, Any] = {"where": where, "set_at": stamp(self._clock.now())}
            if where == "file":
                entry["value"] = self._cipher_made(content).encrypt(value, _context(name))
            else:
                self._ring.set(_service(content), name, value)
            content["secrets"][name] = entry
        if before is not None and before["where"] == "keyring" and where == "file":
            self._ring.remove(_service(content), name)

    def remove(self, name: str) -> bool:
        """Forget a secret; false when there is none of that name."""
        with self._changing() as content:
            entry = content["secrets"].pop(name, None)
            if entry is not None and entry["where"] == "keyring":
                self._ring.remove(_service(content), name)
        return entry is not None

    def rotate(self, elsewhere: tuple[Elsewhere, ...] = (), *, forget: bool = False) -> Rotated:
        """Put everything under a new key; run again, it finishes what was interrupted."""
        with self._changing() as content:
            locked = {name: entry for name, entry in content["secrets"].items() if entry["where"] == "file"}
            cipher = self._cipher_for_rotation(list(locked.values()))
            for name, entry in locked.items():
                entry["value"] = cipher.rotate(entry["value"], _context(name))
        changed = sum(room(cipher) for room in elsewhere)
        forgotten = 0
        if forget and not self._keys.outside:  # the new texts are durable by now
            forgotten = self._keys.file.keep({cipher.current})
        return Rotated(cipher.current, len(locked), changed, forgotten)

    def _cipher_for_rotation(self, entries: list[dict[str, Any]]) -> Cipher:
        cipher = self.cipher
        waiting = [entry for entry in entries if Cipher.key_of(entry["value"]) != cipher.current] if self._keys.all() else []
        if self._keys.outside:
            if not waiting and not self._keys.old:
                raise Refused(say.SAME_KEY(key=cipher.current), say.SAME_KEY_HINT)
            return cipher
        if not waiting:  # nothing left over from an interrupted change: begin one
            self._keys.file.add(Key.new())
        return self.cipher

    def _cipher_made(self, content: dict[str, Any]) -> Cipher:
        """The cipher; the very first secret also makes the key."""
        if not self._keys.all():
            if any(entry["where"] == "file" for entry in content["secrets"].values()):
                raise Misconfigured(say.NO_KEY, say.NO_KEY_HINT(file=self._keys.file.path))
            self._keys.file.add(Key.new())
        return self.cipher

    # -- the file

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """Read, change and write in one turn; an error inside leaves the file as it was."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with turn(self.file.with_name(f".{self.file.name}.lock"), self._clock, TURN_LIMIT_S):
            content = self._read()
            before = repr(content)
            yield content
            if repr(content) != before or not self.file.exists():
                write_json(self.file, content)

    def _read(self) -> dict[str, Any]:
        content = read_json(self.file) or {"format": FORMAT, "shelf": secret_token(6), "secrets": {}}
        secrets = content.get("secrets")
        if not isinstance(secrets, dict) or not isinstance(content.get("shelf"), str):
            raise Damaged(say.DAMAGED_FILE(file=self.file, what="secrets"), say.DAMAGED_FILE_HINT)
        for name, entry in secrets.items():
            whole = isinstance(entry, dict) and isinstance(entry.get("set_at"), str)
            if not whole or not (entry.get("where") == "keyring" or (entry.get("where") == "file" and "value" in entry)):
                raise Damaged(say.DAMAGED_FILE(file=self.file, what=name), say.DAMAGED_FILE_HINT)
        return content


def open_vault(settings: VaultSettings, home: Path, clock: Clock) -> Vault:
    """The vault the settings describe; nothing is read yet."""
    keys = Keys(settings.encryption_key, settings.old_keys, KeyFile(home / settings.key_file, clock))
    return Vault(home / settings.secrets_file, keys, OsRing(settings.keyring_limit_s), clock)


def _context(name: str) -> str:
    return f"secret:{name}"


def _service(content: dict[str, Any]) -> str:
    """Two shops on one PC do not share names in the key ring."""
    return f"{SERVICE}-{content['shelf']}"
