"""Real database servers for one test run: our own PostgreSQL, and the MariaDB of the system.

For: the fixtures of `support.databases`.
Promises: one server of each kind for a whole run, started when first asked for; a database of its own for each test (a clone of
an empty template, some 70 ms); gone with the run, also when the run is killed.
Refuses: a server that was there before: a test must not touch somebody's data.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import parts
from support.waiting import until

_AFTER = """
import os, shutil, signal, sys
sys.stdin.read()
try:
    os.kill(int(sys.argv[1]), signal.SIGKILL)
except OSError:
    pass
for folder in sys.argv[2:]:
    shutil.rmtree(folder, ignore_errors=True)
"""
"""Waits until whoever started it has let go of the pipe, by ending it or by dying, and then clears up."""


@contextmanager
def open_folder(name: str) -> Iterator[Path]:
    """A folder that another account may pass (pytest's own are closed to the server's account under root)."""
    folder = Path(tempfile.mkdtemp(prefix=f"onbam {name} 시험 "))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def gone_with_us(pid: int, *folders: str) -> Iterator[None]:
    """However this run ends, the process ends with it."""
    command = [sys.executable, "-I", "-S", "-c", _AFTER, str(pid), *folders]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as after:
        yield
        after.communicate()


class Postgres:
    """A running server and its databases."""

    def __init__(self, base: str) -> None:
        from sqlalchemy import create_engine, make_url

        self._base = make_url(base)
        self._names = (f"t{os.getpid()}_{number}" for number in itertools.count())
        self._engine = create_engine(self._base.set(database="postgres"), isolation_level="AUTOCOMMIT")
        # The machine of a test run may lose its power; waiting for the disk would only make the run slow.
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE empty")

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database."""
        name = next(self._names)
        self._run(f"CREATE DATABASE {name} TEMPLATE empty STRATEGY wal_log")
        try:
            yield self._base.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()

    def _run(self, *statements: str) -> None:
        with self._engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of our own, in a folder with a space and Korean letters in its name."""
    from onbam.database.embedded.server import EmbeddedPostgres
    from onbam.kernel.clock import SystemClock

    with open_folder("pg") as folder:
        server = EmbeddedPostgres(folder / "postgres", clock=SystemClock(), environ=os.environ)
        server.ensure()
        pid = server.running()
        assert pid is not None
        with gone_with_us(pid, str(folder), *server.places()):
            made = Postgres(server.url())
            yield made
            made.close()
            server.stop()


class MariaDb:
    """A running server and its databases."""

    def __init__(self, door: Path, password: str) -> None:
        self._socket = door
        self._password = password
        self._names = (f"t{os.getpid()}_{number}" for number in itertools.count())

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database."""
        name = next(self._names)
        # A character set of yesteryear on purpose: our tables must not depend on the database's own.
        self.run(f"CREATE DATABASE {name} CHARACTER SET latin1", f"GRANT ALL ON {name}.* TO onbam@localhost")
        try:
            # Reading the system's certificates takes the driver longer than most tests, and a file needs none of them.
            yield f"mysql+pymysql://onbam:{self._password}@localhost/{name}?unix_socket={self._socket}&ssl_disabled=true"
        finally:
            self.run(f"DROP DATABASE {name}")

    def run(self, *statements: str) -> None:
        """Speak to it as its master."""
        import pymysql

        connection = pymysql.connect(unix_socket=str(self._socket), user="root", ssl_disabled=True)
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def answers(self) -> bool:
        """Whether it takes connections; asked without the driver, which leaves its socket open when it is refused."""
        assert sys.platform != "win32", "the server listens on a file"
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket)) == 0


@contextmanager
def mariadb(*options: str) -> Iterator[MariaDb]:
    """The system's MariaDB, with a data folder of its own and no network."""
    program = parts.path("mariadb")
    assert program is not None
    # A plain name: MariaDB's own set-up script stumbles over spaces.
    with tempfile.TemporaryDirectory(prefix="onbam-my-") as short:
        folder = Path(short)
        data, door = folder / "data", folder / "s"
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
        who = ["--user=mysql"] if as_root else []
        if as_root:
            shutil.chown(short, "mysql")
        install = shutil.which("mariadb-install-db") or "mysql_install_db"
        # Its own folder also for what it sorts: ours may be closed to its account.
        common = ["--no-defaults", *who, f"--datadir={data}", f"--tmpdir={short}"]
        made = subprocess.run(
            [install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
        command = [program, *common, f"--socket={door}", "--skip-networking", f"--pid-file={short}/pid", *options]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(command, stdout=log, stderr=log) as server,
            gone_with_us(server.pid, short),
        ):
            running = MariaDb(door, "pa'ss")
            until(lambda: server.poll() is not None or running.answers(), what="MariaDB answers")
            assert server.poll() is None, (folder / "log").read_text("utf-8", "replace")[-2000:]
            running.run("CREATE USER onbam@localhost IDENTIFIED BY 'pa''ss'")
            yield running
            server.terminate()
            server.wait(60)
