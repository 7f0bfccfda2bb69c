"""A full disk, a write-protected one, a killed writer, a lost server: nothing saved is lost, and it is told clearly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from onbam.database.engine import Database, open_database
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Transient
from onbam.kernel.filelock import turn
from support.waiting import DEADLINE_S

KILLS = 4

FULL_DISK = """
import sys
from pathlib import Path
from onbam.database.engine import open_database
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Transient

folder = Path(sys.argv[1])
(folder / "ballast").write_bytes(b"x" * 1_000_000)
database = open_database(f"sqlite:///{folder}/onbam.db", clock=SystemClock())
with database.write() as connection:
    connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")

def add(number):
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (?, ?)", (number, "가" * 5000))

kept = 0
try:
    while kept < 10_000:
        add(kept + 1)
        kept += 1
    raise SystemExit("the disk never filled")
except Transient as error:
    assert "디스크" in error.to("ko") and "disk is full" in error.to("en"), error.to("en")
assert kept > 20, kept

def count():
    with database.read() as connection:
        return connection.exec_driver_sql("SELECT count(*), max(id) FROM t").one()

assert tuple(count()) == (kept, kept), (tuple(count()), kept)
(folder / "ballast").unlink()
add(kept + 1)
assert tuple(count()) == (kept + 1, kept + 1)
with database.read() as connection:
    assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
database.close()
print("whole")
"""

READ_ONLY = """
import sys
from pathlib import Path
from onbam.database.engine import open_database
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Misconfigured

try:
    database = open_database(f"sqlite:///{sys.argv[1]}/onbam.db", clock=SystemClock())
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
except Misconfigured as error:
    print("refused", error.exit_code, error.hint.to("en"))
"""

WRITER = """
import sys
from onbam.database.engine import open_database
from onbam.kernel.clock import SystemClock
database = open_database(sys.argv[1], clock=SystemClock())
number = int(sys.argv[2])
while True:
    number += 1
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (%d)" % number)
    print(number, flush=True)
"""

HOLDER = """
import sys
from pathlib import Path
from onbam.kernel.filelock import turn
from onbam.kernel.clock import SystemClock
with turn(Path(sys.argv[1]), SystemClock(), 1):
    print("held", flush=True)
    sys.stdin.read()
"""


def under_mount(options: str, script: str, folder: Path, prepare: str = "true") -> subprocess.CompletedProcess[str]:
    """Run a script on a small disk of its own, which nobody else sees."""
    folder.mkdir()
    mount = 'mount -t tmpfs -o size=4m none "$1" && eval "$2" && mount -o "remount,$3" "$1" && exec "$4" -c "$5" "$1"'
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", mount, "sh", str(folder), prepare, options, sys.executable, script],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S * 2,
        check=False,
    )


@pytest.mark.needs("namespaces")
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """The write that does not fit is refused in plain words; every row before it is there, and with space it goes on."""
    done = under_mount("size=4m", FULL_DISK, tmp_path / "작은 disk")
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr


@pytest.mark.needs("namespaces")
def test_a_write_protected_disk_is_told(tmp_path: Path) -> None:
    """Nothing can be written: a person reads what to check, and the guard does not start it again and again."""
    done = under_mount("ro", READ_ONLY, tmp_path / "disk")
    assert done.stdout.startswith("refused 78"), done.stdout + done.stderr


def test_no_committed_row_is_lost_when_a_writer_is_killed(sqlite_database: Database) -> None:
    """Killed in the middle of its work, several times: every row it had told of is there, and the file is whole."""
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    told = 0
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, sqlite_database.url, str(told)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(20):
            told = int(writer.stdout.readline())
        writer.kill()
        rest = writer.communicate()[0].split()
        told = max([told, *(int(line) for line in rest)])
        with sqlite_database.read() as connection:
            kept = set(connection.exec_driver_sql("SELECT id FROM t").scalars())
        assert set(range(1, told + 1)) <= kept
        told = max(kept)
    with sqlite_database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    """Another process holds it, so we are told to wait; it is killed, and we have it."""
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Transient), turn(path, SystemClock(), 0.05):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with turn(path, SystemClock(), DEADLINE_S):
        pass


@pytest.mark.needs("postgres")
def test_a_lost_postgresql_connection_is_transient(postgres_database: Database) -> None:
    """The server ends our connection under our hands: later, says the error, and the next try succeeds."""
    lose(postgres_database, "SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})")
    with postgres_database.read() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


@pytest.mark.needs("mariadb")
def test_a_lost_mariadb_connection_is_transient(mariadb_database: Database) -> None:
    """The same for MariaDB."""
    lose(mariadb_database, "SELECT connection_id()", "KILL {}")
    with mariadb_database.read() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def lose(database: Database, number: str, end: str) -> None:
    """Have the connection ended from outside, in the middle of a write."""
    other = open_database(database.url, clock=SystemClock())

    def write() -> None:
        with database.write() as connection:
            mine = connection.exec_driver_sql(number).scalar_one()
            with other.engine.connect() as hand:
                hand.exec_driver_sql(end.format(mine))
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(Transient):
        write()
    other.close()


@pytest.mark.parametrize(
    ("kind", "slow"),
    [
        pytest.param("postgres", "SELECT pg_sleep(60)", marks=pytest.mark.needs("postgres")),
        pytest.param("mariadb", "SELECT sleep(60)", marks=pytest.mark.needs("mariadb")),
    ],
)
def test_a_statement_that_takes_for_ever_is_stopped(kind: str, slow: str, request: pytest.FixtureRequest) -> None:
    """The server itself ends it at the limit of the settings, and we are told which limit."""
    from onbam.database.settings import DatabaseSettings

    url: str = request.getfixturevalue(f"{kind}_url")
    database = open_database(url, clock=SystemClock(), settings=DatabaseSettings(statement_timeout_s=1))
    with pytest.raises(Transient, match="time limit") as caught, database.read() as connection:
        connection.exec_driver_sql(slow)
    assert "statement_timeout_s" in caught.value.to("en")
    database.close()
