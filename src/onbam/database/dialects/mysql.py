"""MySQL and MariaDB through PyMySQL.

For: a shop that already runs such a server.
Promises: utf8mb4, strict mode (nothing is cut silently), READ COMMITTED, UTC, a limit on every statement; the server's clock
decides.
Refuses: servers older than SKIP LOCKED.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import URL, BigInteger, ColumnElement, Connection, Engine, create_engine, event, literal_column

from onbam.database import trouble
from onbam.database import words as say
from onbam.database.dialects.options import WRITE
from onbam.database.settings import DatabaseSettings
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured, OnbamError

DRIVER: Final = "mysql+pymysql"
EXTRA: Final = "mysql"
MODULE: Final = "pymysql"
PORT: Final = 3306
LEAST_MARIADB: Final = (10, 6)
LEAST_MYSQL: Final = (8, 0)
SQL_MODE: Final = "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
IO_SLACK_S: Final = 15
"""The socket waits this much longer than a statement may run, so that the server's own limit speaks first."""
_BUSY: Final = frozenset({1205, 1213, 3572, 4025, 1412, 1637})
_LOST: Final = frozenset(
    {1040, 1042, 1047, 1053, 1077, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1927, 2002, 2003, 2006, 2013, 2055}
)
_SLOW: Final = frozenset({1317, 1969, 3024})
_FULL: Final = frozenset({1021, 1026, 1041, 1114, 1037})
_STANDBY: Final = frozenset({1290, 1792, 1836, 3100})
_DAMAGED: Final = frozenset({126, 127, 145, 1034, 1035, 1194, 1195, 1712, 1877, 1030})
_LOGIN: Final = frozenset({1045, 1698, 1251, 2054, 2059, 1130})
_RIGHT: Final = frozenset({1044, 1142, 1143, 1227, 1370})


def connect(url: URL, settings: DatabaseSettings, _clock: Clock, *, durable: bool) -> Engine:  # noqa: ARG001 -- the server decides
    """An engine on the server."""
    engine = create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=settings.pool_size,
        max_overflow=settings.pool_extra,
        pool_timeout=settings.pool_wait_s,
        pool_pre_ping=True,
        pool_recycle=3600,  # servers drop idle connections after `wait_timeout`
        connect_args={
            "charset": "utf8mb4",
            "connect_timeout": settings.connect_timeout_s,
            "read_timeout": settings.statement_timeout_s + IO_SLACK_S,
            "write_timeout": settings.statement_timeout_s + IO_SLACK_S,
        },
    )

    def on_connect(raw: Any, _record: Any) -> None:
        maria = "mariadb" in raw.get_server_info().lower()
        limit = (
            f"max_statement_time={settings.statement_timeout_s}"
            if maria
            else f"max_execution_time={settings.statement_timeout_s * 1000}"
        )
        with raw.cursor() as cursor:
            cursor.execute(
                f"SET SESSION time_zone='+00:00', sql_mode='{SQL_MODE}', {limit}, "
                f"innodb_lock_wait_timeout={max(1, round(settings.busy_timeout_s))}"
            )

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", _begin)
    return engine


def now_ms(_clock: Clock) -> ColumnElement[int]:
    """The server's clock at the start of the statement; no time zone and no year 2038 in it."""
    return literal_column("TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000", BigInteger())


def inspect(connection: Connection) -> tuple[str, str]:
    """The version; refuses what is too old."""
    text = str(connection.exec_driver_sql("SELECT version()").scalar_one())
    maria = "mariadb" in text.lower()
    kind, least = ("MariaDB", LEAST_MARIADB) if maria else ("MySQL", LEAST_MYSQL)
    version = text.split("-", maxsplit=1)[0]
    if tuple(int(part) for part in version.split(".")[:2]) < least:
        raise Misconfigured(say.OLD_SERVER(kind=kind, version=version, least=".".join(map(str, least))), say.OLD_SERVER_HINT)
    return kind, version


def classify(error: BaseException) -> OnbamError | None:
    """The server's error numbers, by next action."""
    import pymysql.err

    if not isinstance(error, pymysql.err.MySQLError):
        return None
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    said = {"code": code}
    if code in _BUSY:
        return trouble.busy(**said)
    if code in _LOST or (code == 0 and isinstance(error, pymysql.err.InterfaceError)):
        return trouble.lost(**said)
    if code in _SLOW:
        return trouble.too_slow(**said)
    if code in _FULL:
        return trouble.full(**said)
    if code in _STANDBY:
        return trouble.standby(**said)
    if code in _DAMAGED:
        return trouble.damaged(**said)
    if code in _LOGIN:
        return trouble.login_refused(**said)
    if code in _RIGHT:
        return trouble.no_right(**said)
    if code == 1146:
        return trouble.no_tables(**said)
    if code == 1049:
        return trouble.no_database(**said)
    return None


def _begin(connection: Connection) -> None:
    """A read transaction is announced as one; the server then refuses writes in it and keeps less for it."""
    if connection.get_execution_options().get(WRITE) is False:
        connection.exec_driver_sql("START TRANSACTION READ ONLY")
