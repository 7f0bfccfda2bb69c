"""Make, finish or repair Onbam's private environment; `run.py` comes here only when the one at hand does not fit.

For: the first start, a changed lock, a command that needs one more extra, a moved folder, a run that was cut off in the middle.
Promises: installs exactly the committed locks, hashes checked, ready-made wheels only; whatever moment it is killed at, the
next start finishes the work without throwing away what is sound; two first starts at once take turns; every trouble a person
can have is one sentence with its fix (scripts/troubles.py).
Refuses: to empty a folder that is not an environment; to replace one that works merely because another Python called it.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import run
import troubles

LOCK: Final = "onbam.lock"
LOG: Final = "onbam.log"
WAIT_LIMIT_S: Final = 1800
"""How long one start waits for another that prepares the same environment."""
POLL_S: Final = 0.2
FOREIGN: Final = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_USER",
    "PIP_REQUIRE_VIRTUALENV",
    "UV_TARGET",
    "UV_PREFIX",
    "PYTHONDONTWRITEBYTECODE",
)
"""Settings of a person's own Python, pip or uv that would send our packages somewhere else or leave them uncompiled."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Runs uv, venv and pip on one environment, quietly, and keeps what they said."""

    venv: Path
    handle: int
    """Our lock. On POSIX a tool inherits it: when only we are killed, the next start still waits for the tool's end."""

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run one; its words go to the log beside the stamp."""
        environ = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        # Office PCs often sit behind a virus scanner that signs with a certificate only the system knows.
        environ.setdefault("UV_SYSTEM_CERTS", "1")
        inherited: dict[str, Any] = {} if os.name == "nt" else {"pass_fds": (self.handle,)}
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            env=environ,
            cwd=run.HOME,
            check=False,
            **inherited,
        )
        # On a full disk the log is the least of the losses; the sentence about the disk follows.
        with contextlib.suppress(OSError), (self.venv / LOG).open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}-> {done.returncode}\n")
        return done


def prepare(venv: str, locks: list[str]) -> str:
    """Make `venv` hold `locks`; returns where it really is, or ends the program with one sentence."""
    try:
        return _prepare(venv, locks)
    except troubles.Trouble as trouble:
        found = trouble
    except OSError as error:
        found = troubles.of_os_error(error, venv)
    except KeyboardInterrupt:
        found = troubles.interrupted()
    if found.details:
        sys.stderr.write(found.details + "\n")
    run.stop(found.korean, found.english, found.code)
    raise AssertionError("stop() returned")


def _prepare(venv: str, locks: list[str]) -> str:
    """Find a folder that can be written, be alone in it, build."""
    try:
        _claim_folder(venv)
    except OSError as error:
        cache = run.cache_place(dict(os.environ))
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS) or os.environ.get("ONBAM_VENV") or venv == cache:
            raise
        return cache if run.fits(cache, locks) else _prepare(cache, locks)
    with _alone(venv) as handle:
        if not run.fits(venv, locks):
            _build(Path(venv), locks, Tools(Path(venv), handle))
    return venv


def _claim_folder(venv: str) -> None:
    """Make the folder if needed and see that it may be written; never adopt a folder that holds something else."""
    folder = Path(venv)
    folder.mkdir(parents=True, exist_ok=True)
    ours = {"pyvenv.cfg", run.STAMP, run.BUILDING, LOCK}
    inside = {path.name for path in folder.iterdir()}
    if inside and not inside & ours:
        raise troubles.not_ours(venv)
    with (folder / LOCK).open("ab"):
        pass


@contextmanager
def _alone(venv: str) -> Iterator[int]:
    """Hold the environment's lock; a second start waits and says so. The OS gives the lock back whatever happens to us."""
    with (Path(venv) / LOCK).open("r+b") as file:
        waited_from = time.monotonic()
        told = False
        while not _try_lock(file.fileno()):
            if not told:
                _say("다른 실행이 환경을 준비하고 있어 기다립니다.", "Another start is preparing the environment; waiting.")
                told = True
            if time.monotonic() - waited_from > WAIT_LIMIT_S:
                raise troubles.busy()
            time.sleep(POLL_S)
        yield file.fileno()


def _try_lock(handle: int) -> bool:
    """Take the lock if it is free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


def _build(venv: Path, locks: list[str], tools: Tools) -> None:
    """From whatever is there to a finished environment. The stamp is written last and the marker removed after it."""
    started = time.monotonic()
    building = venv / run.BUILDING
    was = building.read_text(encoding="ascii") if building.exists() else ""
    stamp = _read_stamp(venv)
    # Extras of earlier commands stay: a start of `bench` must not take the test tools away.
    known = {path.stem for path in (Path(run.HOME) / "locks").glob("*.txt")} - {"uv"}
    locks = ["core", *sorted(({name[5:] for name in stamp if name.startswith("lock-")} & known | set(locks)) - {"core"})]
    usable = was != "making" and _usable(venv)
    if usable and not was and _touched_only(venv, stamp, locks):
        _write_stamp(venv, locks)
        return
    (venv / LOG).unlink(missing_ok=True)
    _say(
        f"환경을 준비합니다 (길면 1분): {', '.join(locks)} …",
        f"Preparing the environment (up to a minute): {', '.join(locks)} …",
    )
    if not usable:
        _write(building, "making")
        _empty(venv)
        _make(tools)
    elif was:
        _drop_broken(venv)
    _write(building, "installing")
    _install(locks, tools)
    if _drop_broken(venv):
        _install(locks, tools, cached=False)  # what is torn right after its installation was torn in the installer's cache
    _link(venv, stamp.get("path", ""))
    _compile(tools)
    _write_stamp(venv, locks)
    building.unlink()
    seconds = round(time.monotonic() - started)
    _say(f"준비됐습니다 ({seconds}초).", f"Ready ({seconds} s).")


def _touched_only(venv: Path, stamp: dict[str, str], locks: list[str]) -> bool:
    """The same locks with a new date (a fresh checkout, a copied folder): nothing to install."""
    if stamp.get("path") != str(venv) or stamp.get("base", "").split(" ")[0] != run.look(_base(stamp)):
        return False
    return all(stamp.get(f"lock-{name}", "").split(" ")[-1] == _digest(name) for name in locks)


def _base(stamp: dict[str, str]) -> str:
    """The interpreter the environment stands on, as the stamp knows it."""
    return stamp.get("base", " ").split(" ", 1)[-1]


def _usable(venv: Path) -> bool:
    """Its Python runs, is new enough and is this environment's."""
    if not (venv / "pyvenv.cfg").exists():
        return False
    probe = "import sys; print(sys.version_info >= (3, 11), sys.prefix != sys.base_prefix)"
    try:
        done = subprocess.run(
            [run.python_of(str(venv)), "-I", "-c", probe],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.split() == ["True", "True"]


def _empty(venv: Path) -> None:
    """Remove a half-made environment, all but the lock that is held and the marker that says why."""
    for path in venv.iterdir():
        if path.name not in (LOCK, run.BUILDING):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _make(tools: Tools) -> None:
    """An empty environment on the running Python. Without pip in it: that alone would take several seconds."""
    python = _base_python()
    if uv := shutil.which("uv"):
        quietly = ["--quiet", "--allow-existing", "--no-python-downloads", "--no-project"]
        if tools.run([uv, "venv", *quietly, "--python", python, str(tools.venv)]).returncode == 0:
            return
    done = tools.run([python, "-m", "venv", "--without-pip", str(tools.venv)])
    if done.returncode != 0:
        raise troubles.of_output(done.stdout, tools.venv)


def _base_python() -> str:
    """The Python of the machine, also when an environment's Python runs us."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _install(locks: list[str], tools: Tools, *, cached: bool = True) -> None:
    """Let uv install the locks; where uv is not to be had or finds no way to the index, pip, which may know another."""
    python = run.python_of(str(tools.venv))
    exactly = ["--quiet", "--require-hashes", "--only-binary", ":all:", *([] if cached else ["--no-cache"])]
    files = [argument for name in locks for argument in ("-r", str(_lock_file(name)))]
    if uv := _uv(python, exactly, tools):
        done = tools.run([uv, "pip", "install", "--no-python-downloads", "--python", python, *exactly, *files])
        if done.returncode == 0:
            return
        if troubles.is_final(done.stdout, tools.venv):
            raise troubles.of_output(done.stdout, tools.venv)
    done = tools.run([*_pip(python, tools), *exactly, *files])
    if done.returncode != 0:
        raise troubles.of_output(done.stdout, tools.venv)


def _uv(python: str, exactly: list[str], tools: Tools) -> str | None:
    """The uv on the path, or one of our own in the environment; None where there is none for this machine."""
    local = Path(python).with_name("uv.exe" if os.name == "nt" else "uv")
    whole = any(True for site in _site_packages(tools.venv) for _ in site.glob("uv-*.dist-info"))
    if uv := shutil.which("uv") or (str(local) if whole and local.exists() else None):
        return uv
    done = tools.run([*_pip(python, tools), *exactly, "-r", str(_lock_file("uv"))])
    if done.returncode == 0:
        return str(local)
    if troubles.NO_NETWORK.search(done.stdout) or troubles.disk_full(done.stdout, tools.venv):
        raise troubles.of_output(done.stdout, tools.venv)
    return None


def _pip(python: str, tools: Tools) -> list[str]:
    """The quickest pip at hand: the environment's, the machine's from outside, else the one Python carries in itself."""
    options = ["install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    if tools.run([python, "-P", "-m", "pip", "--version"]).returncode == 0:
        return [python, "-P", "-m", "pip", *options]
    outside = [_base_python(), "-P", "-m", "pip", "--python", python]
    if tools.run([*outside, "--version"]).returncode == 0:
        return [*outside, *options]
    done = tools.run([python, "-P", "-m", "ensurepip", "--upgrade"])
    if "No module named" in done.stdout or "ensurepip is" in done.stdout:
        raise troubles.no_venv()
    if done.returncode != 0:
        raise troubles.of_output(done.stdout, tools.venv)
    return [python, "-P", "-m", "pip", *options]


def _site_packages(venv: Path) -> list[Path]:
    """Where packages live, for whichever Python made it."""
    return [venv / "Lib" / "site-packages"] if os.name == "nt" else list(venv.glob("lib/python*/site-packages"))


def _drop_broken(venv: Path) -> bool:
    """Forget every package whose files are not all there, so that the installer puts it back; True if there was one."""
    found = False
    for site in _site_packages(venv):
        for leftover in site.glob("~*"):  # pip's name for what it was about to remove
            shutil.rmtree(leftover, ignore_errors=True)
        for info in site.glob("*.dist-info"):
            if not _sound(site, info):
                shutil.rmtree(info)
                found = True
    return found


def _sound(site: Path, info: Path) -> bool:
    """Every file the package's own list names is there in full length."""
    record = info / "RECORD"
    if not (record.exists() and (info / "METADATA").exists()):
        return False
    with record.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if len(row) != 3:
                return False
            if row[2]:
                path = site / row[0]
                if not path.is_file() or path.stat().st_size != int(row[2]):
                    return False
    return True


def _link(venv: Path, came_from: str) -> None:
    """Put the program itself in: a path line and a launcher, both relative, so that the folder may be renamed or moved."""
    source = Path(run.HOME) / "src"
    for site in _site_packages(venv):
        if Path(run.HOME) in venv.parents:
            line = os.path.relpath(source, site)
        else:  # before Python 3.13 a path line is read in the system's old encoding; this form is ASCII whatever the name
            line = f"import sys; sys.path.append({str(source)!a})"
        _write(site / "onbam.pth", line + "\n")
    if os.name == "nt":
        _write(venv / "Scripts" / "onbam.cmd", '@"%~dp0python.exe" -P -X utf8 -m onbam %*\r\n')
        return
    if came_from and came_from != str(venv):
        _readdress(venv / "bin", came_from, str(venv))
    launcher = venv / "bin" / "onbam"
    launcher.unlink(missing_ok=True)
    _write(launcher, '#!/bin/sh\nexec "$(dirname -- "$(readlink -f -- "$0")")/python" -P -X utf8 -m onbam "$@"\n')
    launcher.chmod(0o755)


def _compile(tools: Tools) -> None:
    """Bytecode for what every command loads: the account that uses Onbam may not be one that may (or wants to) write it.

    Without it each start compiles again, which more than doubles `onbam --help`. What single commands load beyond that stays
    as Python keeps it: compiling every package would double the first start. Where it cannot be written nothing is lost.
    """
    python = run.python_of(str(tools.venv))
    tools.run([python, "-m", "compileall", "-q", "-j", "0", str(Path(run.HOME) / "src")])
    tools.run([python, "-P", "-m", "onbam", "--home", str(tools.venv), "config", "show"])


def _readdress(folder: Path, old: str, new: str) -> None:
    """After a move: the tools' scripts carry the old path; the usual first line cannot name a path with a space."""
    here, there = os.fsencode(old), os.fsencode(new)
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            start = file.read(2)
        if start != b"#!" and not path.name.lower().startswith("activate"):
            continue
        text = path.read_bytes()
        if text.startswith(b"#!" + here):
            _, _, rest = text.partition(b"\n")
            text = b"#!/bin/sh\n'''exec' '" + there + b"/bin/python' \"$0\" \"$@\"\n' '''\n" + rest
        path.write_bytes(text.replace(here, there))


def _read_stamp(venv: Path) -> dict[str, str]:
    """What the last finished preparation wrote; nothing when there was none."""
    try:
        text = (venv / run.STAMP).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return {}
    return dict(line.split(" ", 1) for line in text.split("\n") if " " in line)


def _write_stamp(venv: Path, locks: list[str]) -> None:
    """What `run.fits` compares: where, on which Python, which locks (their look for a quick answer, their hash for a sure one).

    Written by the environment's Python: it, not the one that runs us, is what the packages were made for.
    """
    probe = "import sys; print(sys.version.split()[0]); print(getattr(sys, '_base_executable', None) or sys.executable)"
    done = subprocess.run(
        [run.python_of(str(venv)), "-I", "-X", "utf8", "-c", probe], capture_output=True, encoding="utf-8", check=True
    )
    version, base = done.stdout.splitlines()
    base = os.path.realpath(base)
    lines = [f"path {venv}", f"python {version}", f"base {run.look(base)} {base}"]
    lines += [f"lock-{name} {run.look(str(_lock_file(name)))} {_digest(name)}" for name in locks]
    _write(venv / run.STAMP, "\n".join(lines) + "\n")


def _lock_file(name: str) -> Path:
    """Where a lock is committed."""
    return Path(run.HOME) / "locks" / f"{name}.txt"


def _digest(name: str) -> str:
    """The SHA-256 of a lock."""
    return hashlib.sha256(_lock_file(name).read_bytes()).hexdigest()


def _write(path: Path, text: str) -> None:
    """The whole file or none of it."""
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _say(korean: str, english: str) -> None:
    """Tell the person, on the channel that never mixes with a command's answer."""
    run.speak(sys.stderr, f"{korean} {english}\n")
