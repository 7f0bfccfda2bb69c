"""A disk as an office PC has it: every wait for it takes longer.

For: samples of the benchmark; a server's disk, or a virtual one, keeps a commit in a tenth of a millisecond, because it has
batteries or somebody else's memory behind it. An SSD that is sold for PCs has neither.
Promises: every file this process opens with SQLite from then on waits so much longer each time it is made durable, whoever
opened it, and every commit to a database of PostgreSQL that is told so; nothing else is slower.
Refuses: a Python whose SQLite cannot be reached (`Misconfigured`); to be used by anything but a benchmark.
"""

from __future__ import annotations

import ctypes
import itertools
from typing import Any, Final

from onbam.bench import words as say
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured

WAIT_MS: Final = 1.5
"""What an SSD without batteries is measured with elsewhere: 1.6 ms for `fdatasync`, 3.5 to 5.6 for `fsync`."""
METHODS_WORDS: Final = 19
"""So many pointers long is SQLite's table of what can be done with a file, its version included."""
SYNC: Final = 5
"""The place of `xSync` in it."""
_Pointer = ctypes.c_void_p
_Open = ctypes.CFUNCTYPE(ctypes.c_int, _Pointer, _Pointer, _Pointer, ctypes.c_int, _Pointer)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, _Pointer, ctypes.c_int)
_Methods = _Pointer * METHODS_WORDS


class _Vfs(ctypes.Structure):
    """SQLite's way to the files of a system, as its header describes it."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("name_max", ctypes.c_int),
        ("next", _Pointer),
        ("name", ctypes.c_char_p),
        ("data", _Pointer),
        ("open", _Pointer),
        ("others", _Pointer * 15),
    )


_kept: Final[list[Any]] = []
"""What SQLite points to for as long as the process lives."""
_waits: Final = itertools.count()


def use(wait_ms: float, clock: Clock) -> None:
    """From now on, in this process, as whatever opens a file with SQLite."""
    library = _library()
    library.sqlite3_vfs_find.restype = _Pointer
    library.sqlite3_vfs_register.argtypes = (_Pointer, ctypes.c_int)
    at = library.sqlite3_vfs_find(None)
    real = _Vfs.from_address(at)
    real_open = _Open(real.open)
    slower: dict[int, int] = {}

    def opened(_vfs: int, name: int, file: int, flags: int, out: int) -> int:
        code = real_open(at, name, file, flags, out)
        methods = _Pointer.from_address(file)
        if code == 0 and methods.value:
            if methods.value not in slower:
                slower[methods.value] = _slowed(methods.value, wait_ms / 1000, clock)
            methods.value = slower[methods.value]
        return int(code)

    made = _Vfs.from_buffer_copy(real)
    callback = _Open(opened)
    made.name, made.next = b"office-disk", None
    made.open = ctypes.cast(callback, _Pointer).value
    _kept.extend((made, callback))
    code = library.sqlite3_vfs_register(ctypes.addressof(made), 1)
    if code:
        raise Misconfigured(say.NO_OFFICE_DISK, say.NO_OFFICE_DISK_HINT, code=code)


def waits() -> int:
    """How often this process has waited; asked once, at its end."""
    return next(_waits)


def on_postgres(url: str, wait_ms: float) -> None:
    """From now on, for whoever comes to this database: the server waits before it makes a commit durable."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        for setting, value in (("commit_delay", round(wait_ms * 1000)), ("commit_siblings", 0)):
            words = sql.SQL("ALTER DATABASE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
            connection.execute(words)


def _slowed(methods: int, wait_s: float, clock: Clock) -> int:
    """Where the same table with a slower `xSync` stands."""
    copy = _Methods.from_buffer_copy(_Methods.from_address(methods))
    real_sync = _Sync(copy[SYNC] or 0)

    def sync(file: int, flags: int) -> int:
        next(_waits)
        clock.wait(wait_s)
        return int(real_sync(file, flags))

    callback = _Sync(sync)
    copy[SYNC] = ctypes.cast(callback, _Pointer).value
    _kept.extend((copy, callback))
    return ctypes.addressof(copy)


def _library() -> Any:
    """The SQLite this Python uses."""
    import _sqlite3

    for name in (_sqlite3.__file__, "sqlite3"):
        try:
            library = ctypes.CDLL(name)
            _ = library.sqlite3_vfs_find
        except (AttributeError, OSError):
            continue
        return library
    raise Misconfigured(say.NO_OFFICE_DISK, say.NO_OFFICE_DISK_HINT)
