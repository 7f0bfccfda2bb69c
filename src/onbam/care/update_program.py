"""The installed program: which version, a copy of it, another one in its place.

For: `onbam update`.
Promises: the new version is installed by pip or uv into the very environment that runs; its files are copied before, and
put back as they were, packages that were raised with it included; what is installed is asked of the files.
Refuses: an Onbam that runs from its source folder.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from onbam.care import update_words as say
from onbam.kernel.errors import Refused

LIMIT_S: Final = 600.0
FROZEN: Final = "packages.txt"
FILES: Final = "files"
COMPILED: Final = "__pycache__"
_WHEEL: Final = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)-.*\.whl\Z")
_SHOWN: Final = 400

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run one of our own programs and wait."""
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=LIMIT_S, stdin=subprocess.DEVNULL)  # noqa: S603 -- our own words


class InstalledProgram:
    """The distribution in this environment."""

    def __init__(
        self,
        copies: Path,
        *,
        wheel: Path | None = None,
        version: str = "",
        name: str = "onbam",
        python: str = sys.executable,
        runner: Run = run,
    ) -> None:
        """`wheel`, or `version` of the package index, or the newest there."""
        self._copies, self._wheel, self._version = copies, wheel, version
        self._name, self._python, self._run = name, python, runner

    def version(self) -> str:
        """Asked of a fresh interpreter: this one may have been started before a change."""
        code = f"from importlib.metadata import version; print(version({self._name!r}))"
        done = self._run((self._python, "-P", "-c", code))
        return done.stdout.strip() if done.returncode == 0 else "?"

    def wanted(self) -> str:
        """The wheel's version, or the one that was named; without either, whatever an installation would bring."""
        self._insist_on_a_real_one()
        if self._wheel is not None:
            found = _WHEEL.match(self._wheel.name)
            if found is None or not self._wheel.is_file() or _plain(found["name"]) != _plain(self._name):
                raise Refused(say.NO_WHEEL(path=self._wheel), say.NO_WHEEL_HINT)
            return found["version"]
        return self._version or self._newest()

    def _newest(self) -> str:
        """What the installer would take, without taking it."""
        done = self._pip("install", "--upgrade", "--dry-run", self._name)
        told = f"{done.stdout}\n{done.stderr}"
        if done.returncode:
            raise Refused(say.NOT_INSTALLED(what=_last(told)))
        found = re.findall(rf"{re.escape(self._name)}(?:==|-)(\d[\w.]*)", told)  # uv names the one it would take away too
        return max(found, key=numbers) if found else self.version()

    def remember(self) -> Path:
        """Its files, and the list of what else is installed."""
        before = self.version()
        copy = self._copies / f"program-{before}"
        shutil.rmtree(copy, ignore_errors=True)
        (copy / FILES).mkdir(parents=True)
        site = self._site()
        for name in self._tops():
            source = site / name
            if name == COMPILED:
                continue
            if source.is_dir():
                shutil.copytree(source, copy / FILES / name, ignore=shutil.ignore_patterns(COMPILED))
            elif source.is_file():
                shutil.copy2(source, copy / FILES / name)
        frozen = self._pip("freeze")
        kept = [
            line for line in frozen.stdout.splitlines() if "==" in line and _plain(line.split("==")[0]) != _plain(self._name)
        ]
        (copy / FROZEN).write_text("\n".join(kept) + "\n", "utf-8")
        return copy

    def install(self) -> None:
        """By pip or uv, whichever this environment has."""
        wanted = self.wanted()
        what = str(self._wheel) if self._wheel is not None else f"{self._name}=={wanted}"
        done = self._pip("install", "--upgrade", what)
        if done.returncode:
            raise Refused(say.NOT_INSTALLED(what=_last(f"{done.stdout}\n{done.stderr}")))
        if (found := self.version()) != wanted:
            raise Refused(say.WRONG_VERSION(found=found, wanted=wanted))

    def put_back(self, copy: Path) -> None:
        """The old files; other packages only where they were changed, which may need the index."""
        site = self._site()
        for name in self._tops():
            _remove(site / name)
        for source in (copy / FILES).iterdir():
            if source.is_dir():
                shutil.copytree(source, site / source.name, dirs_exist_ok=True)
            else:
                shutil.copy2(source, site / source.name)
        before = (copy / FROZEN).read_text("utf-8").split()
        now = set(self._pip("freeze").stdout.split())
        changed = [line for line in before if line not in now]
        if changed:
            done = self._pip("install", "--no-deps", *changed)
            if done.returncode:
                raise Refused(say.NOT_INSTALLED(what=_last(f"{done.stdout}\n{done.stderr}")))

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _insist_on_a_real_one(self) -> None:
        """An editable installation has no files of its own to replace, and a linked source folder is no installation at all."""
        code = (
            "import json; from importlib.metadata import distribution as d; "
            f"print(d({self._name!r}).read_text('direct_url.json') or '{{}}')"
        )
        done = self._run((self._python, "-P", "-c", code))
        if done.returncode:
            raise Refused(say.FROM_SOURCE(folder=self._source()), say.FROM_SOURCE_HINT)
        told = json.loads(done.stdout) if done.stdout.startswith("{") else {}
        if told.get("dir_info", {}).get("editable"):
            folder = str(told.get("url", "")).removeprefix("file://")
            raise Refused(say.FROM_SOURCE(folder=folder), say.FROM_SOURCE_HINT)

    def _source(self) -> str:
        """Where a program that nobody installed lies."""
        code = (
            "from importlib.util import find_spec as f; from pathlib import Path as P; "
            f"s = f({self._name.replace('-', '_')!r}); print(P(s.origin).parent.parent if s and s.origin else '?')"
        )
        return self._run((self._python, "-P", "-c", code)).stdout.strip() or "?"

    def _pip(self, act: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Pip of this environment, else uv pointed at it."""
        if self._run((self._python, "-P", "-c", "import pip")).returncode == 0:
            return self._run((self._python, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input", act, *words))
        beside = (Path(self._python).parent, Path(sys.executable).parent)
        uv = shutil.which("uv") or next((found for folder in beside if (found := shutil.which("uv", path=str(folder)))), None)
        if uv is None:
            raise Refused(say.NO_INSTALLER, say.NO_INSTALLER_HINT)
        return self._run((uv, "pip", act, "--python", self._python, *words))

    def _site(self) -> Path:
        code = f"from importlib.metadata import distribution as d; print(d({self._name!r}).locate_file(''))"
        done = self._run((self._python, "-P", "-c", code))
        if done.returncode == 0:
            self._found_site = Path(done.stdout.strip())
        return self._found_site

    _found_site: Path = Path()

    def _tops(self) -> list[str]:
        """The first parts of its files' names below the environment's folder: packages, modules, its own record."""
        code = (
            "from importlib.metadata import distribution as d; "
            f"print('\\n'.join(sorted({{f.parts[0] for f in d({self._name!r}).files or () if f.parts[0] != '..'}})))"
        )
        done = self._run((self._python, "-P", "-c", code))
        return done.stdout.split() if done.returncode == 0 else []


def _remove(path: Path) -> None:
    """A package or a module, with what Python compiled of it: an old file of equal time and size would pass for that."""
    shutil.rmtree(path, ignore_errors=True)
    for file in (path, *(path.parent / COMPILED).glob(f"{path.stem}.*.pyc")):
        if file.is_file():
            file.unlink()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[-3:])[-_SHOWN:] or "?"


def numbers(version: str) -> tuple[int, ...]:
    """A version's numbers; what follows them (rc, dev) is passed over."""
    out = []
    for part in version.split("+", maxsplit=1)[0].split("."):
        digits = "".join(letter for letter in part if letter.isdigit())
        if not part[:1].isdigit():
            break
        out.append(int(digits))
    return tuple(out)
