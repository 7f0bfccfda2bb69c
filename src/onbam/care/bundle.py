"""Packs what support needs to see, and nothing else.

For: `onbam support bundle`, the button on the help page.
Promises: logs (newest first, up to the limit), what programs wrote to their output, the guard's evidence, settings with their
origins, the check-up and the versions, everything past the redactor; after writing, the finished file is read again and looked
through once more, and deleted when anything is found.
Refuses: account files, keys, sessions and histories: only files whose names are a log's, inside the log folder, are taken, and
the evidence under its own name.
"""

from __future__ import annotations

import contextlib
import json
import platform
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import onbam
from onbam.care import words as say
from onbam.kernel.errors import Damaged, Refused
from onbam.kernel.files import LEFTOVER_SUFFIX, make_private
from onbam.kernel.logfile import MANAGED
from onbam.kernel.oserror import what_of
from onbam.kernel.redact import Redactor

LOG_FOLDERS: Final = (".", "uploader")
PROCESS_FOLDER: Final = "process"
"""Below the log folder, a folder for each program: what it wrote to its output."""
PROCESS_BYTES: Final = 1024 * 1024
"""So much of the end of each of those: a program that floods its output must not crowd out the logs."""
INCIDENTS: Final = 20
INCIDENT: Final = "incident.json"
_OUTPUT: Final = re.compile(r"[a-z][a-z0-9_-]*_\d{8}\w*(?:[-.]\w+)*\.log\Z")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A finished bundle."""

    path: Path
    members: tuple[str, ...]
    left_out: tuple[str, ...]
    """Older logs for which there was no room."""
    bytes: int


Progress = Callable[[float], None]


def bundle(
    target: Path,
    logs: Path,
    facts: Mapping[str, Any],
    *,
    redactor: Redactor,
    limit_bytes: int,
    incidents: Path | None = None,
    progress: Progress = lambda _: None,
) -> Bundle:
    """Write it. `facts` become one JSON file each (`config`, `doctor`, `versions`, …)."""
    part = target.with_name(f".{target.name}{LEFTOVER_SUFFIX}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)
        make_private(part)
        files = [*evidence(incidents), *newest_first(logs)]
        members, left_out = _write(part, files, facts, redactor=redactor, limit=limit_bytes, progress=progress)
        _verify(part, redactor, progress)
        part.replace(target)
    except OSError as error:
        raise Refused(say.BUNDLE_FAILED(file=target, what=what_of(error)), say.BUNDLE_FAILED_HINT) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return Bundle(target, members, left_out, target.stat().st_size)


def _write(
    part: Path,
    files: Sequence[tuple[Path, str]],
    facts: Mapping[str, Any],
    *,
    redactor: Redactor,
    limit: int,
    progress: Progress,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    left_out: list[str] = []
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in facts.items():
            archive.writestr(f"{name}.json", "\n".join(cleaned(as_json(redactor.value(content)), redactor)))
        for path, name in files:
            most = PROCESS_BYTES if name.startswith(f"logs/{PROCESS_FOLDER}/") else limit
            text = _read_tail(path, min(limit, most))
            if text is None:
                left_out.append(name)
                continue
            whole = len(text) == path.stat().st_size or most < limit
            limit = limit - len(text) if whole else 0  # a file that was cut for want of room is the last one
            archive.writestr(name, "\n".join(cleaned(text.decode("utf-8", "replace"), redactor)))
            progress(len(text))
        names = archive.namelist()
        archive.writestr("contents.json", as_json({"members": names, "left_out": left_out}))
        archive.writestr("README.txt", f"{say.BUNDLE_README.ko}\n{say.BUNDLE_README.en}")
        return tuple(archive.namelist()), tuple(left_out)


def evidence(incidents: Path | None) -> list[tuple[Path, str]]:
    """The guard's last incidents."""
    found = sorted(incidents.glob(f"*/{INCIDENT}"), reverse=True) if incidents is not None else []
    return [(path, f"incidents/{path.parent.name}.json") for path in found[:INCIDENTS] if _is_file(path)]


def newest_first(logs: Path) -> list[tuple[Path, str]]:
    """The log files that may be shared, with their names in the bundle; what only looks like a file is left alone."""
    named = [(path, MANAGED) for folder in LOG_FOLDERS for path in (logs / folder).glob("*")]
    named += [(path, _OUTPUT) for path in (logs / PROCESS_FOLDER).glob("*/*")]
    found = [
        (path.stat().st_mtime, path, f"logs/{path.relative_to(logs).as_posix()}")
        for path, names in named
        if names.match(path.name) and _is_file(path)
    ]
    return [(path, name) for _, path, name in sorted(found, key=lambda entry: (-entry[0], entry[2]))]


def _is_file(path: Path) -> bool:
    """No link, neither it nor the folder it lies in."""
    return path.is_file() and not path.is_symlink() and not path.parent.is_symlink()


def _read_tail(path: Path, room: int) -> bytes | None:
    """As much of a file's end as there is room for, in whole lines; nothing when there is no room at all."""
    size = path.stat().st_size
    if room <= 0 < size:
        return None
    with path.open("rb") as file:
        if size > room:
            file.seek(size - room)
            file.readline()
        return file.read(room)


def cleaned(text: str, redactor: Redactor) -> Iterator[str]:
    """Line by line, and what only shows over several lines before that."""
    whole = redactor.text(text) if "PRIVATE KEY" in text else text
    for line in whole.split("\n"):
        yield redactor.text(line)


def _verify(part: Path, redactor: Redactor, progress: Progress) -> None:
    """Read the finished file and look once more: what is clean stays as it is when it is cleaned again."""
    with zipfile.ZipFile(part) as archive:
        if archive.testzip() is not None:
            raise OSError("the bundle cannot be read back")
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8")
            if redactor.text(name) != name or any(redactor.text(line) != line for line in text.split("\n")):
                raise Damaged(say.BUNDLE_LEAK(member=redactor.text(name)), say.BUNDLE_LEAK_HINT)
            progress(len(text))


def as_json(content: Any) -> str:
    """One fact as text."""
    return json.dumps(content, ensure_ascii=False, indent=1)


def bundle_name(now: datetime, zone: tzinfo, machine: str) -> str:
    """`onbam-support-PC-A-20260113-1801.zip`."""
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in machine)
    return f"onbam-support-{safe}-{now.astimezone(zone):%Y%m%d-%H%M}.zip"


def versions() -> dict[str, Any]:
    """What runs here."""
    packages = {found.name: found.version for found in metadata.distributions() if found.name}
    return {
        "onbam": onbam.__version__,
        "python": sys.version,
        "system": platform.platform(),
        "machine": platform.machine(),
        "packages": dict(sorted(packages.items())),
    }
