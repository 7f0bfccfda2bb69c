"""The committed locks: what `run.py` installs, to the byte, on Windows, macOS and Linux.

For: whoever changes a dependency in `pyproject.toml`: `python scripts/lock.py` (keeps every pin that still fits), `--upgrade
[NAME …]` (lets all, or these, move), `--check` (up to date? asks nobody), `--wheels` (a ready-made wheel for every system?).
Promises: one resolution for all files, so that any two of them install together; a hash on every pin; no address of any package
index and no path of this machine; `--check` needs no network and no uv.
Refuses: packages that would have to be built on the shop's PC.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

HOME: Final = Path(__file__).resolve().parent.parent
INSTALLER: Final = "uv"
"""The one lock that is no part of the product: what installs the rest."""
INSTALLER_REQUIREMENT: Final = "uv>=0.13.8,<0.14"
LOWEST_PYTHON: Final = "3.11"
PLATFORMS: Final = ("x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-manylinux_2_28")
"""Where every pin must have a wheel: office PCs, a developer's laptop, a server."""
PYTHONS: Final = ("3.11", "3.12", "3.13")
LOOKS_AT_ONCE: Final = 4
"""So many questions for wheels are under way together."""
PIN: Final = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>.+?))?(?: \\)?$")
HASH: Final = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
INPUTS: Final = re.compile(r"^# inputs sha256:([0-9a-f]{64})$")


class LockError(Exception):
    """A lock cannot be made or does not hold; the text says which and what to do."""


def groups(pyproject: Mapping[str, object]) -> dict[str, list[str]]:
    """The requirements of each lock file: `core`, one per extra, and the installer."""
    project = pyproject["project"]
    assert isinstance(project, dict)
    return {"core": project["dependencies"], **project["optional-dependencies"], INSTALLER: [INSTALLER_REQUIREMENT]}


def digest(pyproject: Mapping[str, object]) -> str:
    """What the locks were made from, as one number: it changes when a requirement does, and only then."""
    asked = {name: sorted(requirements) for name, requirements in groups(pyproject).items()}
    return hashlib.sha256(json.dumps([LOWEST_PYTHON, asked], sort_keys=True).encode()).hexdigest()


def read_pyproject(home: Path = HOME) -> dict[str, object]:
    """The project file."""
    return tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))


def pins(text: str) -> set[tuple[str, str, str]]:
    """(name, version, marker) of every line of a lock that pins something."""
    found = (PIN.match(line) for line in text.splitlines())
    return {(m["name"], m["version"], m["marker"] or "") for m in found if m}


def problems(home: Path = HOME) -> list[str]:
    """Everything that is wrong with the committed locks, as sentences; nothing is asked from any network."""
    pyproject = read_pyproject(home)
    wanted, now = groups(pyproject), digest(pyproject)
    folder = home / "locks"
    found = [
        f"locks/{path.name} belongs to nothing in pyproject.toml" for path in folder.glob("*.txt") if path.stem not in wanted
    ]
    versions: dict[tuple[str, str], str] = {}
    for name, requirements in wanted.items():
        path = folder / f"{name}.txt"
        if not path.exists():
            found.append(f"locks/{name}.txt is missing")
            continue
        text = path.read_text(encoding="utf-8")
        found += [f"locks/{name}.txt: {trouble}" for trouble in _troubles(text, requirements, now)]
        for package, version, marker in pins(text):
            if versions.setdefault((package, marker), version) != version:
                found.append(f"locks/{name}.txt pins {package} {version}, another lock {versions[package, marker]}")
    return found


def _troubles(text: str, requirements: Iterable[str], now: str) -> list[str]:
    """What is wrong inside one lock."""
    lines = text.splitlines()
    stamped = [m[1] for line in lines if (m := INPUTS.match(line))]
    found = [] if stamped == [now] else ["was made from other requirements than pyproject.toml has now"]
    if "://" in text:
        found.append("holds an address; a lock names no package index")
    for number, line in enumerate(lines, 1):
        if PIN.match(line):
            if number == len(lines) or not HASH.match(lines[number]):
                found.append(f"line {number} pins something without a hash")
        elif not (HASH.match(line) or line.startswith("#") or not line):
            found.append(f"line {number} is neither a pin nor a hash nor a comment")
    pinned = {name for name, _, _ in pins(text)}
    names = (re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0] for requirement in requirements)
    found += [f"does not pin {name}" for name in names if re.sub(r"[-_.]+", "-", name).lower() not in pinned]
    return found


def find_uv() -> str:
    """The uv on the path, or the one `run.py` put into the environment."""
    places = [Path(sys.executable).parent, HOME / ".venv" / ("Scripts" if os.name == "nt" else "bin")]
    found = shutil.which("uv") or next((hit for place in places if (hit := shutil.which("uv", path=str(place)))), None)
    if found is None:
        raise LockError("uv is needed to make locks: pip install uv, or start any `run.py` command once")
    return found


def _compile(arguments: list[str], requirements: Iterable[str]) -> str:
    """Let uv resolve; its own words when it cannot."""
    command = [find_uv(), "pip", "compile", "-", "--quiet", "--no-annotate", "--no-header", "--no-emit-index-url"]
    # The running Python answers for every version asked; without these two uv would go and download an interpreter.
    command += [
        "--python",
        sys.executable,
        "--no-python-downloads",
        "--no-emit-find-links",
        "--only-binary",
        ":all:",
        *arguments,
    ]
    done = subprocess.run(
        command, input="\n".join(requirements), capture_output=True, encoding="utf-8", check=False, cwd=tempfile.gettempdir()
    )
    if done.returncode != 0:
        raise LockError(done.stderr.strip())
    return done.stdout


def make(home: Path = HOME, *, upgrade: list[str] | None = None) -> list[str]:
    """Write every lock from one resolution; returns the names that changed."""
    pyproject = read_pyproject(home)
    wanted = groups(pyproject)
    folder = home / "locks"
    folder.mkdir(exist_ok=True)
    header = f"# Made by `python scripts/lock.py` from pyproject.toml; do not edit.\n# inputs sha256:{digest(pyproject)}\n"
    with tempfile.TemporaryDirectory() as scratch:
        everything = Path(scratch) / "everything.txt"
        # Pins already committed are kept while they fit: a changed dependency must not move all the others.
        kept = {pin for path in folder.glob("*.txt") for pin in pins(path.read_text(encoding="utf-8"))}
        everything.write_text("".join(f"{n}=={v}{' ; ' + m if m else ''}\n" for n, v, m in sorted(kept)), encoding="utf-8")
        universal = ["--universal", "--python-version", LOWEST_PYTHON]
        moving = [] if upgrade is None else [f"--upgrade-package={name}" for name in upgrade] or ["--upgrade"]
        _compile([*universal, *moving, "--output-file", str(everything)], (r for group in wanted.values() for r in group))
        changed = []
        for name, requirements in wanted.items():
            text = header + _compile([*universal, "--generate-hashes", "--constraint", str(everything)], requirements)
            path = folder / f"{name}.txt"
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_bytes(text.encode())
                changed.append(name)
    for path in folder.glob("*.txt"):
        if path.stem not in wanted:
            path.unlink()
            changed.append(path.stem)
    return changed


def wheel_problems(home: Path = HOME) -> list[str]:
    """The platforms and Pythons on which a pin has no ready-made wheel. Asks the package index."""
    kept = {pin for path in (home / "locks").glob("*.txt") for pin in pins(path.read_text(encoding="utf-8"))}
    requirements = [f"{n}=={v}{' ; ' + m if m else ''}" for n, v, m in sorted(kept)]

    def look(place: tuple[str, str]) -> list[str]:
        platform, python = place
        try:
            _compile(["--no-deps", "--python-platform", platform, "--python-version", python], requirements)
        except LockError as trouble:
            return [f"{platform}, Python {python}: {trouble}"]
        return []

    # Most of a look is waiting for the index; the first one fills uv's cache for the others, which then hardly ask.
    first, *others = itertools.product(PLATFORMS, PYTHONS)
    with ThreadPoolExecutor(LOOKS_AT_ONCE) as pool:
        return [trouble for found in (look(first), *pool.map(look, others)) for trouble in found]


def main(argv: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="lock.py", description="Make or check the committed locks.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="say whether the locks are up to date; asks no network")
    what.add_argument(
        "--wheels", action="store_true", help="say whether every pin has wheels for every platform; asks the index"
    )
    what.add_argument("--upgrade", nargs="*", metavar="NAME", help="let all pins move to the newest that fit, or only these")
    chosen = parser.parse_args(argv)
    try:
        if not (chosen.check or chosen.wheels):
            changed = make(upgrade=chosen.upgrade)
            print("changed: " + ", ".join(changed) if changed else "nothing changed")
            return 0
        found = wheel_problems() if chosen.wheels else problems()
    except LockError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print("\n".join(found) or "the locks hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
