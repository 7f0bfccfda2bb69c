"""The data folder of our PostgreSQL: made whole or not at all.

For: `server.py`, under its lock.
Promises: an interrupted making leaves nothing that looks finished and is repaired by the next; the password is generated, in a
file of its owner only, and never on a command line.
Refuses: data of another major version, a folder that is not a data folder.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from onbam.database import words as say
from onbam.database.embedded.programs import Account, child_environment, program
from onbam.kernel.chance import secret_token
from onbam.kernel.errors import Damaged, Misconfigured, Transient
from onbam.kernel.files import write_whole
from onbam.kernel.oserror import what_of

USER: Final = "onbam"
CONFIG: Final = "onbam.conf"
INITDB_LIMIT_S: Final = 120.0
SHOWN_MAX: Final = 300
"""How many letters of a program's complaint a person is shown; all of it is in the log."""
_PART: Final = "cluster.part"
NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows a console program would flash a black window."""


def make(room: Path, programs: Path, account: Account, environ: Mapping[str, str]) -> Path:
    """The data folder, made when missing; called under the server's lock."""
    cluster = room / "cluster"
    part = room / _PART
    if part.exists():
        shutil.rmtree(part)  # somebody was interrupted before it was finished
    if cluster.exists():
        _check(cluster, programs, account, environ)
        return cluster
    part.mkdir(mode=0o700)
    account.own(part)
    password = _password(room)
    data, word = part / "data", part / "password"
    write_whole(word, password + "\n", private=True)
    account.own(word)
    command = [
        str(program(programs, "initdb")),
        *("-D", str(data), "--username", USER, "--pwfile", str(word), "--auth=scram-sha-256"),
        # Bytes decide the order of texts, as in SQLite: no system update can silently break an index.
        *("--encoding=UTF8", "--no-locale", "--data-checksums", "--no-instructions"),
    ]
    run(command, account, environ, room, INITDB_LIMIT_S)
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"\ninclude_if_exists = '{CONFIG}'\n")
    data.rename(cluster)
    shutil.rmtree(part)
    return cluster


def read_password(room: Path) -> str:
    """The superuser's password."""
    return (room / "password").read_text("utf-8").strip()


def configure(cluster: Path, account: Account, values: Mapping[str, str | int]) -> None:
    """What we want at this start; nothing of a shop's own `postgresql.conf` is touched."""
    path = cluster / CONFIG
    lines = [f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'" for name, value in values.items()]
    write_whole(path, "\n".join(["# Written anew at every start.", *lines, ""]), private=True)
    account.own(path)


def run(
    command: list[str], account: Account, environ: Mapping[str, str], room: Path, limit_s: float, *, log: Path | None = None
) -> str:
    """Run one of PostgreSQL's programs to its end; its complaint becomes ours."""
    name = Path(command[0]).stem
    try:
        done = subprocess.run(  # noqa: S603 -- PostgreSQL's own programs with our own words
            command,
            env=child_environment(environ),
            cwd=room,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            check=False,
            creationflags=NO_WINDOW,
            **account.popen(),
        )
    except subprocess.TimeoutExpired:
        raise Transient(say.SERVER_SLOW, say.SERVER_SLOW_HINT(log=log or room), program=name) from None
    except OSError as error:
        raise Misconfigured(
            say.SERVER_PROGRAM(program=name, what=what_of(error)),
            say.SERVER_PROGRAM_HINT(log=log or room),
        ) from error
    output = str(done.stdout, "utf-8", "replace")
    if done.returncode:
        what = done.stderr.decode("utf-8", "replace").strip()
        raise Misconfigured(say.SERVER_PROGRAM(program=name, what=what[-SHOWN_MAX:]), say.SERVER_PROGRAM_HINT(log=log or room))
    return output


def _password(room: Path) -> str:
    """The password of a cluster that is about to be made: a new one each time, kept before it is used."""
    password = secret_token()
    write_whole(room / "password", password + "\n", private=True)
    return password


def _check(cluster: Path, programs: Path, account: Account, environ: Mapping[str, str]) -> None:
    """The folder is a data folder of the version our programs serve."""
    try:
        made = (cluster / "PG_VERSION").read_text("ascii").strip()
    except OSError:
        raise Damaged(say.NO_CLUSTER(folder=cluster), say.NO_CLUSTER_HINT) from None
    have = major(programs, account, environ, cluster.parent)
    if made != have:
        raise Misconfigured(say.WRONG_MAJOR(folder=cluster, made=made, have=have), say.WRONG_MAJOR_HINT(made=made))


def major(programs: Path, account: Account, environ: Mapping[str, str], room: Path) -> str:
    """The major version of the programs: read from the header beside them, which costs nothing, else asked."""
    header = programs.parent / "include" / "pg_config.h"
    if header.is_file():
        for line in header.read_text("utf-8", "replace").splitlines():
            if line.startswith('#define PG_MAJORVERSION "'):
                return line.split('"')[1]
    output = run([str(program(programs, "postgres")), "--version"], account, environ, room, INITDB_LIMIT_S)
    return output.split()[-1].split(".")[0] if "(Debian" not in output else output.split()[2].split(".")[0]
