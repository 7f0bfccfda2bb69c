"""Puts the texts where the operating system reads them, looks at what is there, and takes them away.

For: `onbam install`, `install --check`, `uninstall`, the daily check.
Promises: one shape for Windows, systemd and launchd; what is there already and the same is left alone; looking changes nothing.
Refuses: to touch a task, unit or list of any other name.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import plistlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from onbam.guard.boot import linux, macos, taskrules, windows
from onbam.guard.boot import words as say
from onbam.guard.boot.model import Boot, Kind, Piece
from onbam.guard.boot.tools import Run, insist
from onbam.kernel.errors import Refused
from onbam.kernel.files import write_whole
from onbam.kernel.oserror import what_of
from onbam.kernel.words import Said

BOOTED: Final = Path("/run/systemd/system")
"""Is there exactly when systemd runs this machine (sd_booted)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one piece stands with the operating system."""

    name: str
    there: bool
    active: bool
    """Whether it will do its work: enabled, ready, waiting or running."""
    says: str = ""
    """The system's own word: `Ready`, `active (running)`, `enabled`."""
    last: str = ""
    """When it ran last and how that ended, in the system's words."""


class System(Protocol):
    """An operating system that starts programs."""

    kind: Kind
    boot: Boot

    def pieces(self) -> list[Piece]:
        """What is to be there."""
        ...

    def found(self, piece: Piece) -> str | None:
        """What is there under this name."""
        ...

    def differences(self, piece: Piece, found: str) -> list[str]:
        """What would change, as lines to show; empty when nothing that matters would."""
        ...

    def put(self, changed: Sequence[Piece]) -> None:
        """Register them and switch everything on."""
        ...

    def remove(self) -> list[str]:
        """Take ours away; answers the names that were there."""
        ...

    def standing(self) -> list[Standing]:
        """How each piece stands."""
        ...

    def cautions(self) -> list[Said]:
        """What a person should know about this way of starting."""
        ...


class Windows:
    """The Task Scheduler."""

    kind: Kind = "windows"

    def __init__(self, boot: Boot, run: Run, folder: Path) -> None:
        """`folder`: where the XML is kept beside being registered."""
        self.boot, self._run, self._folder = boot, run, folder

    def pieces(self) -> list[Piece]:
        """Both tasks, held against the rules."""
        made = windows.tasks(self.boot)
        for piece in made:
            if wrong := taskrules.troubles(piece.content):
                raise Refused(say.INVALID(name=piece.name, what="; ".join(wrong)), say.INVALID_HINT)
        return made

    def found(self, piece: Piece) -> str | None:
        """As Windows gives it out: reordered and with its defaults filled in."""
        done = self._run(("schtasks", "/Query", "/TN", piece.name, "/XML", "ONE"))
        return done.out.lstrip("\ufeff\r\n ") if done.code == 0 and "<Task" in done.out else None

    def differences(self, piece: Piece, found: str) -> list[str]:
        """Only what we say counts: Windows adds facts of its own."""
        want = taskrules.facts(piece.content)
        try:
            have = taskrules.facts(found)
        except SyntaxError:  # ElementTree's ParseError is one
            have = {}
        kinds = ("/Task/Triggers/", "/Task/Actions/")
        alien = [key for key in have if key.startswith(kinds) and key not in want and key.count("/") > 3]
        lines = [_line(key, have.get(key), want.get(key)) for key in [*want, *alien] if not _same(have.get(key), want.get(key))]
        return sorted(lines)

    def put(self, changed: Sequence[Piece]) -> None:
        """Each as a file, then registered from it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for piece in changed:
            path = self._folder / f"{piece.name}.xml"
            write_whole(path, windows.as_bytes(piece.content))
            insist(self._run, "schtasks", "/Create", "/TN", piece.name, "/XML", str(path), "/F")

    def remove(self) -> list[str]:
        """Both tasks."""
        there = [piece for piece in windows.tasks(self.boot) if self.found(piece) is not None]
        for piece in there:
            insist(self._run, "schtasks", "/Delete", "/TN", piece.name, "/F")
        return [piece.name for piece in there]

    def standing(self) -> list[Standing]:
        """As PowerShell tells it: `schtasks` speaks the language of Windows, this does not."""
        return [self._standing(piece.name) for piece in windows.tasks(self.boot)]

    def _standing(self, name: str) -> Standing:
        task = f"Get-ScheduledTask -TaskName '{name}' -ErrorAction Stop"
        info = "$i = $t | Get-ScheduledTaskInfo; $l = if ($i.LastRunTime) { $i.LastRunTime.ToString('s') } else { '' }"
        tell = '@{State = "$($t.State)"; Last = $l; Result = $i.LastTaskResult} | ConvertTo-Json -Compress'
        utf8 = "[Console]::OutputEncoding = [Text.Encoding]::UTF8"
        done = self._run(("powershell", "-NoProfile", "-NonInteractive", "-Command", f"{utf8}; $t = {task}; {info}; {tell}"))
        try:
            told = json.loads(done.out) if done.code == 0 else None
        except ValueError:
            told = None
        if not isinstance(told, dict):
            return Standing(name, there=False, active=False)
        result = told.get("Result")
        last = f"{told.get('Last') or ''} (0x{int(result):X})" if isinstance(result, int) else ""
        state = str(told.get("State"))
        return Standing(name, there=True, active=state in ("Ready", "Running", "Queued"), says=state, last=last.strip())

    def cautions(self) -> list[Said]:
        """What a session without a screen, or a missing log-on, means."""
        if self.boot.scope == "system":
            return [say.SESSION_0(), say.NO_KEYRING()]
        return [say.LOG_ON_NEEDED(user=self.boot.user)]


class Systemd:
    """systemd, of the machine or of one person."""

    kind: Kind = "linux"

    def __init__(self, boot: Boot, run: Run, config: str, *, booted: Path = BOOTED) -> None:
        """`config`: the folder of this person's settings (`~/.config`)."""
        self.boot, self._run, self.booted = boot, run, booted
        self._folder = linux.folder_of(boot, config)
        self._ctl = ("systemctl",) if boot.scope == "system" else ("systemctl", "--user")

    def pieces(self) -> list[Piece]:
        """The service and the timer."""
        return linux.units(self.boot, self._folder)

    def found(self, piece: Piece) -> str | None:
        """The unit's file."""
        return _read(Path(piece.path))

    def differences(self, piece: Piece, found: str) -> list[str]:
        """Line by line."""
        return _diff(found, piece.content)

    def put(self, changed: Sequence[Piece]) -> None:
        """Files, then systemd reads them and starts both at boot; one person's go on after the log-off."""
        self._insist_on_systemd()
        for piece in changed:
            _write(Path(piece.path), piece.content)
        insist(self._run, *self._ctl, "daemon-reload")
        if self.boot.scope == "user":
            insist(self._run, "loginctl", "enable-linger", self.boot.user)
        insist(self._run, *self._ctl, "enable", "--now", linux.SERVICE, linux.TIMER)

    def remove(self) -> list[str]:
        """Stop, switch off, delete. Lingering stays: other programs of this person may count on it."""
        there = [piece for piece in self.pieces() if self.found(piece) is not None]
        if there:
            self._insist_on_systemd()
            insist(self._run, *self._ctl, "disable", "--now", *(piece.name for piece in there))
            for piece in there:
                _delete(Path(piece.path))
            insist(self._run, *self._ctl, "daemon-reload")
        return [piece.name for piece in there]

    def standing(self) -> list[Standing]:
        """As `systemctl show` tells it."""
        return [self._standing(piece) for piece in self.pieces()]

    def _standing(self, piece: Piece) -> Standing:
        asked = "--property=LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStartTimestamp,LastTriggerUSec"
        done = self._run((*self._ctl, "show", piece.name, asked))
        told = dict(line.split("=", 1) for line in done.out.splitlines() if "=" in line) if done.code == 0 else {}
        there = told.get("LoadState") == "loaded"
        active = there and told.get("ActiveState") == "active" and told.get("UnitFileState") == "enabled"
        says = (
            f"{told.get('ActiveState', '?')} ({told.get('SubState', '?')}), {told.get('UnitFileState', '?')}" if there else ""
        )
        last = told.get("LastTriggerUSec") or told.get("ExecMainStartTimestamp") or ""
        return Standing(
            piece.name, there=there, active=active, says=says, last=f"{last} ({told.get('Result', '?')})" if last else ""
        )

    def cautions(self) -> list[Said]:
        """What one person's systemd cannot do."""
        return [] if self.boot.scope == "system" else [say.NO_WAKE()]

    def _insist_on_systemd(self) -> None:
        if not self.booted.exists():
            raise Refused(say.NO_SYSTEMD, say.NO_SYSTEMD_HINT(command=linux.command_line(self.boot)))


class Launchd:
    """macOS."""

    kind: Kind = "macos"

    def __init__(self, boot: Boot, run: Run, library: str, uid: int) -> None:
        self.boot, self._run, self._library = boot, run, library
        self._domain = "system" if boot.scope == "system" else f"gui/{uid}"

    def pieces(self) -> list[Piece]:
        """The one list."""
        return [macos.agent(self.boot, self._library)]

    def found(self, piece: Piece) -> str | None:
        """The list's file."""
        return _read(Path(piece.path))

    def differences(self, piece: Piece, found: str) -> list[str]:
        """Line by line, unless both say the same."""
        with contextlib.suppress(plistlib.InvalidFileException, ValueError, SyntaxError):
            if plistlib.loads(found.encode()) == plistlib.loads(piece.content.encode()):
                return []
        return _diff(found, piece.content)

    def put(self, changed: Sequence[Piece]) -> None:
        """The file, then launchd reads it anew."""
        (Path(self.boot.home) / "logs").mkdir(parents=True, exist_ok=True)
        for piece in changed:
            _write(Path(piece.path), piece.content)
            self._run(("launchctl", "bootout", f"{self._domain}/{piece.name}"))  # an earlier one, if there was one
            insist(self._run, "launchctl", "bootstrap", self._domain, piece.path)

    def remove(self) -> list[str]:
        """Unload and delete."""
        there = [piece for piece in self.pieces() if self.found(piece) is not None]
        for piece in there:
            self._run(("launchctl", "bootout", f"{self._domain}/{piece.name}"))
            _delete(Path(piece.path))
        return [piece.name for piece in there]

    def standing(self) -> list[Standing]:
        """As `launchctl print` tells it."""
        out = []
        for piece in self.pieces():
            done = self._run(("launchctl", "print", f"{self._domain}/{piece.name}"))
            state = next(
                (line.partition("=")[2].strip() for line in done.out.splitlines() if line.strip().startswith("state =")), ""
            )
            out.append(Standing(piece.name, there=done.code == 0, active=done.code == 0, says=state))
        return out

    def cautions(self) -> list[Said]:
        """What launchd cannot do."""
        return [say.NO_WAKE()] if self.boot.scope == "system" else [say.LOG_ON_NEEDED(user=self.boot.user), say.NO_WAKE()]


def _same(have: str | None, want: str | None) -> bool:
    """Windows writes an account's name as it likes, in capitals or not."""
    return have == want or (have is not None and want is not None and have.casefold() == want.casefold())


def _line(key: str, have: str | None, want: str | None) -> str:
    return f"{key.removeprefix('/Task/')}: {'-' if have is None else have} → {'-' if want is None else want}"


def _diff(found: str, wanted: str) -> list[str]:
    lines = difflib.unified_diff(found.splitlines(), wanted.splitlines(), "now", "new", lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _write(path: Path, content: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        os.chmod(path, 0o644)  # noqa: PTH101 -- systemd warns about units others may write
    except OSError as error:
        raise Refused(say.NOT_WRITABLE(path=path, what=what_of(error)), say.ADMIN_HINT) from error


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(say.NOT_WRITABLE(path=path, what=what_of(error)), say.ADMIN_HINT) from error
