"""Our own PostgreSQL, killed, half-made, doubled, refused."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from onbam.database import schema
from onbam.database.embedded import alive, programs
from onbam.database.embedded.server import EmbeddedPostgres, Keeper
from onbam.database.engine import Database, open_database
from onbam.database.lean import Lean
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Damaged, Misconfigured, Transient
from onbam.kernel.service import Runner
from onbam.kernel.words import Text
from support.servers import gone_with_us, open_folder
from support.waiting import until

pytestmark = [
    pytest.mark.needs("postgres"),
    pytest.mark.skipif(sys.platform == "win32", reason="signals and sockets in files"),
]
KILLS = 3
ROWS_BETWEEN_KILLS = 150
DEBIAN = Path("/usr/lib/postgresql/15/bin")
THINGS = sa.Table("things", sa.MetaData(), sa.Column("id", schema.Millis, primary_key=True, autoincrement=False))


def made(room: Path, **options: object) -> EmbeddedPostgres:
    """A server of this folder; nothing runs yet."""
    return EmbeddedPostgres(room, clock=SystemClock(), environ=os.environ, **options)  # type: ignore[arg-type]


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder for one server, with a space and Korean letters in its name."""
    with open_folder("crash") as folder:
        yield folder / "postgres"
        made(folder / "postgres").stop()


@pytest.fixture
def server(room: Path) -> Iterator[EmbeddedPostgres]:
    """A running server."""
    server = made(room)
    server.ensure()
    with gone_with_us(running(server), str(room.parent), *server.places()):
        yield server
        server.stop()


def running(server: EmbeddedPostgres) -> int:
    """Its number."""
    pid = server.running()
    assert pid is not None
    return pid


def kill(server: EmbeddedPostgres) -> None:
    """The power goes. Who serves a connection sees that a moment later, and would answer until then."""
    pid = running(server)
    helpers = psutil.Process(pid).children(recursive=True)
    os.kill(pid, signal.SIGKILL)
    until(lambda: server.running() != pid, what="the server is dead")
    until(lambda: not any(map(lives, helpers)), what="whoever it had started is dead")


def lives(process: psutil.Process) -> bool:
    """Whether it still does anything."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


class Writer:
    """Writes one row after another and remembers those it was told are kept."""

    def __init__(self, url: str, first: int) -> None:
        self._url = url
        self._next = first
        self.kept: list[int] = []
        self.troubles = 0
        self.stop = threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        database: Database | None = None
        while not self.stop.is_set():
            self._next += 1
            try:
                database = database or open_database(self._url, clock=SystemClock())
                with database.write() as connection:
                    connection.execute(THINGS.insert().values(id=self._next))
            except Transient:
                self.troubles += 1
                continue
            self.kept.append(self._next)
        if database is not None:
            database.close()


def test_no_committed_row_is_lost_when_the_server_is_killed_three_times(server: EmbeddedPostgres) -> None:
    """Two writers write all the time; after each kill the server comes back and has every row they were told is kept."""
    url = server.url()
    database = open_database(url, clock=SystemClock())
    with database.write() as connection:
        THINGS.create(connection)
    writers = [Writer(url, 0), Writer(url, 1_000_000_000)]
    with ThreadPoolExecutor(len(writers)) as pool:
        futures = [pool.submit(writer.run) for writer in writers]
        try:
            for _ in range(KILLS):
                marks = [len(writer.kept) + ROWS_BETWEEN_KILLS for writer in writers]
                until(
                    lambda marks=marks: all(len(w.kept) >= mark for w, mark in zip(writers, marks, strict=True)),  # type: ignore[misc]
                    what="rows are kept",
                )
                kill(server)
                assert server.ensure() == url, "the address stays the same"
        finally:
            for writer in writers:
                writer.stop.set()
        for future in futures:
            future.result()
    assert all(writer.troubles for writer in writers), "the kills were felt"
    with database.read() as connection:
        there = set(connection.execute(sa.select(THINGS.c.id)).scalars())
    database.close()
    for writer in writers:
        assert set(writer.kept) <= there


def test_a_dead_server_passes_however_it_is_asked(server: EmbeddedPostgres) -> None:
    """Through the pool or on a thread's own connection, kept or new: it is trouble that passes, and no bug of ours."""
    database = open_database(server.url(), clock=SystemClock())
    lean = Lean(database)
    ways = (lean.write, lean.read, lean.alone, lean.look, database.read, database.write, database.taken)
    for way in ways:
        with way():
            pass
    kill(server)
    for way in (*ways, *ways):  # what was open breaks first, and then nothing new can be opened
        with pytest.raises(Transient), way() as connection:
            connection.execute("SELECT 1")  # type: ignore[call-overload]
    server.ensure()
    with lean.write() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    database.close()


def test_a_server_that_only_looks_alive_is_started_again(server: EmbeddedPostgres) -> None:
    """A dead server whose number still stands in the list of processes, as a zombie or as somebody else, is dead."""
    pid = running(server)
    kill(server)
    note = server.cluster / alive.PID_FILE
    lines = note.read_text().splitlines()
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        note.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert server.running() is None
        server.ensure()
        assert running(server) not in {pid, stranger.pid}
    finally:
        stranger.communicate()


def test_a_zombie_is_dead(server: EmbeddedPostgres) -> None:
    """A server that is dead, and in the list of processes only because nobody has looked, is started again."""
    kill(server)
    zombie = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: psutil.Process(zombie.pid).status() == psutil.STATUS_ZOMBIE, what="it is a zombie")
    note = server.cluster / alive.PID_FILE
    lines = note.read_text().splitlines()
    socket_lock = Path(str(sa.make_url(server.url()).query["host"])) / ".s.PGSQL.5432.lock"
    try:
        for file in (note, socket_lock):
            file.write_text("\n".join([str(zombie.pid), *lines[1:]]) + "\n")
            os.chown(file, *owner(server.cluster))
        assert server.running() is None
        server.ensure()
        assert running(server) != zombie.pid
    finally:
        zombie.wait()


def owner(path: Path) -> tuple[int, int]:
    """Whose it is."""
    return path.stat().st_uid, path.stat().st_gid


def test_many_at_once_share_one_server(room: Path) -> None:
    """Eight callers at the same moment get the same address, and one server runs."""
    servers = [made(room) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        urls = set(pool.map(lambda server: server.ensure(), servers))
    assert len(urls) == 1
    assert len({server.running() for server in servers}) == 1
    pid = servers[0].running()
    assert pid is not None
    assert set(alive.leftovers(servers[0].cluster)) & set(psutil.Process(pid).children())
    assert servers[3].stop()
    assert [server.running() for server in servers] == [None] * 8


def test_an_interrupted_making_is_repaired(room: Path) -> None:
    """A first start that was killed half-way leaves nothing that looks finished; the second makes it whole."""
    part = room / "cluster.part" / "data"
    part.mkdir(parents=True)
    room.chmod(0o711)
    (part / "PG_VERSION").write_text("18")
    server = made(room)
    database = open_database(server.ensure(), clock=SystemClock())
    assert database.product == "PostgreSQL"
    database.close()
    assert not part.parent.exists()
    server.stop()


def test_a_start_that_was_killed_before_the_database_was_made_is_finished(server: EmbeddedPostgres) -> None:
    """The database inside the server is made by the next start when the first did not come so far."""
    from onbam.database.embedded.server import MADE

    (server.room / MADE).unlink()
    admin = sa.create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE onbam")
    admin.dispose()
    open_database(server.ensure(), clock=SystemClock()).close()


def test_the_folder_and_the_socket_are_closed_to_others(server: EmbeddedPostgres) -> None:
    """The data, the password and the socket are for the server's account only, and the network is not listened on."""
    database = open_database(server.url(), clock=SystemClock())
    socket_folder = Path(str(database.engine.url.query["host"]))
    modes = {
        path.name: path.stat().st_mode & 0o077
        for path in (server.cluster, server.room / "password", server.room / "place.json", socket_folder)
    }
    assert set(modes.values()) == {0}, modes
    with database.read() as connection:
        assert connection.exec_driver_sql("SHOW listen_addresses").scalar_one() == ""
        assert connection.exec_driver_sql("SHOW fsync").scalar_one() == "on"
        assert connection.exec_driver_sql("SHOW data_checksums").scalar_one() == "on"
    password = str(database.engine.url.password)
    database.close()
    for process in alive.leftovers(server.cluster):
        with contextlib.suppress(psutil.NoSuchProcess):  # some come and go
            assert password not in " ".join(process.cmdline())
    wrong = sa.make_url(server.url()).set(password="wrong").render_as_string(hide_password=False)
    with pytest.raises(Misconfigured) as caught:
        open_database(wrong, clock=SystemClock())
    assert "wrong" not in str(caught.value)


def test_somebody_elses_socket_folder_is_not_used(room: Path) -> None:
    """Where another user has put a folder of our socket's name, the server takes another one."""
    server = made(room)
    first = sa.make_url(server.ensure()).query["host"]
    server.stop()
    folder = Path(str(first))
    assert not folder.exists()
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    try:
        second = sa.make_url(server.ensure()).query["host"]
        assert second != first
        open_database(server.url(), clock=SystemClock()).close()
    finally:
        folder.rmdir()
        server.stop()


def test_data_of_another_version_is_named_and_left_alone(room: Path) -> None:
    """The refusal names both versions, and the data is what it was."""
    server = made(room)
    server.ensure()
    server.stop()
    version = server.cluster / "PG_VERSION"
    version.write_text("15\n")
    with pytest.raises(Misconfigured, match="PostgreSQL 15") as caught:
        server.ensure()
    assert "18" in str(caught.value)
    version.write_text("18\n")
    server.ensure()
    server.stop()


def test_a_folder_without_data_is_damage_and_not_a_new_beginning(room: Path) -> None:
    """Where the data should be and is not, nothing new is started: an empty database would forget every order."""
    server = made(room)
    server.ensure()
    server.stop()
    shutil.rmtree(server.cluster)
    server.cluster.mkdir()
    with pytest.raises(Damaged):
        server.ensure()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root runs the server as another account")
def test_under_root_a_closed_folder_is_named_and_not_opened(tmp_path: Path) -> None:
    """The account of the server cannot pass a folder that is root's alone; the refusal names it and its rights stay."""
    home = tmp_path / "closed"
    home.mkdir(mode=0o700)
    rights = [folder.stat().st_mode for folder in (home, tmp_path, tmp_path.parent)]
    with pytest.raises(Misconfigured) as caught:
        made(home / "postgres").ensure()
    assert str(tmp_path.parts[2]) in str(caught.value)
    assert [folder.stat().st_mode for folder in (home, tmp_path, tmp_path.parent)] == rights


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root runs the server as another account")
def test_under_root_programs_in_a_closed_folder_are_copied(tmp_path: Path, room: Path) -> None:
    """An environment in root's home works: the programs are copied beside the data, once."""
    package = programs.find_programs().parent.parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / folder.name, symlinks=True)
    server = made(room, programs=closed / package.name / "pginstall" / "bin")
    open_database(server.ensure(), clock=SystemClock()).close()
    server.stop()
    copies = [path for path in room.iterdir() if path.name.startswith("programs-")]
    server.ensure()
    assert [path for path in room.iterdir() if path.name.startswith("programs-")] == copies
    assert len(copies) == 1
    server.stop()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root runs the server as another account")
def test_an_account_that_is_not_there_is_named(room: Path) -> None:
    """A wrong name in the settings is told with the setting's name."""
    with pytest.raises(Misconfigured, match="nobody-of-that-name") as caught:
        made(room, account="nobody-of-that-name").ensure()
    assert "database.embedded_user" in caught.value.to("en")


def test_without_the_programs_the_extra_is_named(room: Path, tmp_path: Path) -> None:
    """A missing extra is told with the command that brings it."""
    with pytest.raises(Misconfigured) as caught:
        made(room, programs=tmp_path).ensure()
    assert "onbam[postgres]" in caught.value.to("en")


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="no PostgreSQL 15 on this machine")
def test_an_older_postgresql_serves_as_well(room: Path) -> None:
    """The programs of PostgreSQL 15 make, start and stop a server the same way."""
    server = made(room, programs=DEBIAN)
    database = open_database(server.ensure(), clock=SystemClock())
    assert database.version.startswith("15.")
    database.close()
    server.stop()
    server.ensure()
    server.stop()


def test_the_keeper_starts_a_dead_server_again_and_leaves_a_stopped_one_alone(room: Path) -> None:
    """As a service of a program that uses it: dead is mended, stopped is meant, and its own end takes nothing from others."""
    server = made(room)
    server.ensure()
    errors: list[BaseException] = []
    told: list[Text] = []
    runner = Runner(Keeper(server, told.append), SystemClock(), lambda _, error: errors.append(error))
    runner.start()
    pid = running(server)
    kill(server)
    runner.wake()
    until(lambda: server.running() not in {None, pid}, what="it runs again")
    assert runner.stop()
    assert server.running() is not None, "others may use it"
    assert server.stop()
    Keeper(server, told.append).step(SystemClock().now())
    assert server.running() is None
    assert len(told) == 1
    assert errors == []
