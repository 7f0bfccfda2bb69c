"""A little Onbam: the real front door before a house of three small packages, to be started, broken and repaired in a second.

For: the tests of `run.py`. The packages are wheels made on the spot, so that no test needs a network.
Promises: `run.py`, `scripts/environment.py` and `scripts/troubles.py` are the real files; everything else is small but of the
real form (hashed locks, an extra, a console script, a program that answers what it sees).
Refuses: to stand for the program itself; one test starts the real one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from support import parts

HOME: Final = Path(__file__).resolve().parents[2]
REAL: Final = ("run.py", "scripts/environment.py", "scripts/troubles.py")
START_LIMIT_S: Final = 240.0
BASE_PYTHON: Final = str(getattr(sys, "_base_executable", None) or sys.executable)
"""A person's own Python, not this environment's."""
DEAD_END: Final = "http://127.0.0.1:9"
PROGRAM: Final = """
import importlib.util, json, os, sys
seen = {
    "arguments": sys.argv[1:],
    "home": os.environ.get("ONBAM_HOME"),
    "utf8": sys.flags.utf8_mode,
    "prefix": sys.prefix,
    "has": sorted(name for name in ("lamp", "moon", "star") if importlib.util.find_spec(name)),
    "lamp": __import__("lamp").VERSION,
}
print(json.dumps(seen))
sys.exit(int(sys.argv[2]) if sys.argv[1:2] == ["exit"] else 0)
"""


def make_wheel(folder: Path, name: str, version: str, files: int = 3) -> str:
    """A wheel with `files` modules and a console script; returns its lock lines."""
    inside = {f"{name}/__init__.py": f"VERSION = {version!r}\n\n\ndef main():\n    print({name!r}, VERSION)\n"}
    inside |= {f"{name}/part{number}.py": f"NUMBER = {number}\n" * 20 for number in range(files)}
    info = f"{name}-{version}.dist-info"
    inside |= {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = "".join(f"{path},sha256={_record_hash(text)},{len(text.encode())}\n" for path, text in inside.items())
    inside[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for inner, text in inside.items():
            wheel.writestr(zipfile.ZipInfo(inner, (2020, 1, 1, 0, 0, 0)), text)
    return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def _record_hash(text: str) -> str:
    """The form a wheel's list wants."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Little:
    """The folder, and the ways to start it."""

    root: Path
    shelf: Path
    """Where the wheels lie: the only package index this project knows."""
    cache: Path
    extra: dict[str, str] = field(default_factory=dict)
    """More environment for every start."""

    @property
    def venv(self) -> Path:
        """The environment beside run.py."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def site(self) -> Path:
        """Where its packages are."""
        return next(self.venv.glob("lib/python*/site-packages"), self.venv / "Lib" / "site-packages")

    def lock(self, name: str, text: str) -> None:
        """Write one lock."""
        (self.root / "locks" / f"{name}.txt").write_text(f"# made by a test\n{text}", encoding="utf-8")

    def environ(self, *, uv: bool = True, offline: bool = False) -> dict[str, str]:
        """A clean environment: no setting of whoever runs the tests, uv on the path or nowhere."""
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "LANG", "LOCALAPPDATA") if name in os.environ}
        kept |= {"HOME": str(self.root.parent / "person"), "XDG_CACHE_HOME": str(self.cache), "PIP_CONFIG_FILE": os.devnull}
        kept |= {"PIP_NO_INDEX": "1", "UV_CONFIG_FILE": str(self.shelf / "uv.toml"), "UV_CACHE_DIR": str(self.cache / "uv")}
        path = [str(Path(BASE_PYTHON).parent), "/usr/bin", "/bin"]
        if uv:
            path.insert(0, str(self.tools()))
        if offline:
            kept |= {"UV_OFFLINE": "1", "http_proxy": DEAD_END, "https_proxy": DEAD_END}
        else:
            kept |= {"UV_FIND_LINKS": str(self.shelf), "PIP_FIND_LINKS": str(self.shelf)}
        return {**kept, "PATH": os.pathsep.join(path), **self.extra}

    def tools(self) -> Path:
        """A folder with uv and nothing else."""
        folder = self.root.parent / "tools"
        folder.mkdir(exist_ok=True)
        uv = parts.path("uv")
        assert uv is not None
        link = folder / Path(uv).name
        if not link.exists():
            shutil.copy(uv, link) if os.name == "nt" else link.symlink_to(uv)
        return folder

    def command(self, *arguments: str) -> list[str]:
        """How a person starts it."""
        return [BASE_PYTHON, str(self.root / "run.py"), *arguments]

    def start(
        self, *arguments: str, uv: bool = True, offline: bool = False, prefix: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Start it and wait for its end."""
        return subprocess.run(
            [*prefix, *self.command(*arguments)],
            capture_output=True,
            encoding="utf-8",
            env=self.environ(uv=uv, offline=offline),
            cwd=self.root.parent,
            timeout=START_LIMIT_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def spawn(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it in a process group of its own, to be killed."""
        return subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=self.environ(),
            cwd=self.root.parent,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )


def seen(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What the program answered; the whole story when it did not."""
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def build(folder: Path, name: str = "새 폴더 a") -> Little:
    """A fresh little Onbam in a folder with a space and Korean letters in its name."""
    little = Little(folder / name, folder / "shelf", folder / "cache")
    for path in (little.root / "locks", little.root / "scripts", little.root / "src" / "onbam", little.shelf, little.cache):
        path.mkdir(parents=True)
    for real in REAL:
        shutil.copy(HOME / real, little.root / real)
    (little.root / "src" / "onbam" / "__init__.py").write_text("", encoding="utf-8")
    (little.root / "src" / "onbam" / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    (little.shelf / "uv.toml").write_text("no-index = true\n", encoding="utf-8")
    little.lock("core", make_wheel(little.shelf, "lamp", "1.0"))
    little.lock("postgres", make_wheel(little.shelf, "moon", "1.0"))
    little.lock("bench", make_wheel(little.shelf, "star", "1.0"))
    little.lock("uv", "uv==0.0.1 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    return little
