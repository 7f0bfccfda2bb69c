"""PostgreSQL through psycopg 3.

For: a fleet of PCs, and the server Onbam runs itself.
Promises: READ COMMITTED, UTC, a limit on every statement and on idle transactions; the server's clock decides.
Refuses: a database that is not UTF-8.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import URL, BigInteger, ColumnElement, Connection, Engine, create_engine, event, literal_column

from onbam.database import trouble
from onbam.database import words as say
from onbam.database.settings import DatabaseSettings
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured, OnbamError

DRIVER: Final = "postgresql+psycopg"
EXTRA: Final = "postgres"
MODULE: Final = "psycopg"
PORT: Final = 5432
LEAST: Final = 13
IDLE_LIMIT_MS: Final = 10 * 60 * 1000
"""A transaction left open this long is ended by the server: a hung process must not hold locks for ever."""
_TRANSIENT: Final = frozenset({"40001", "40P01", "55P03", "55006"})
_LOST: Final = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "53300"})
_SET_UP: Final = {"3D000": trouble.no_database, "42P01": trouble.no_tables, "42501": trouble.no_right}
_LOGIN: Final = ("password authentication failed", "no password supplied", "no pg_hba.conf entry")


def connect(url: URL, settings: DatabaseSettings, _clock: Clock, *, durable: bool) -> Engine:
    """An engine on the server."""
    engine = create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=settings.pool_size,
        max_overflow=settings.pool_extra,
        pool_timeout=settings.pool_wait_s,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": settings.connect_timeout_s,
            "application_name": "onbam",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        },
    )

    def on_connect(raw: Any, _record: Any) -> None:
        # After connecting rather than as start-up options: poolers in between refuse those.
        limits = {
            "statement_timeout": settings.statement_timeout_s * 1000,
            "idle_in_transaction_session_timeout": IDLE_LIMIT_MS,
            "TimeZone": "UTC",
            "jit": "off",  # our statements are short: compiling one takes longer than running it
            "synchronous_commit": "on" if durable else "off",
        }
        with raw.cursor() as cursor:
            for name, value in limits.items():
                cursor.execute("SELECT set_config(%s, %s, false)", (name, str(value)))
        raw.commit()

    event.listen(engine, "connect", on_connect)
    return engine


def now_ms(_clock: Clock) -> ColumnElement[int]:
    """The server's clock at the start of the statement: stable within it, so that an index on a time can be used."""
    return literal_column("floor(extract(epoch from statement_timestamp()) * 1000)::bigint", BigInteger())


def inspect(connection: Connection) -> tuple[str, str]:
    """The version; refuses what is too old or would lose letters."""
    version, number, encoding = connection.exec_driver_sql(
        "SELECT current_setting('server_version'), current_setting('server_version_num')::int, "
        "current_setting('server_encoding')"
    ).one()
    if number < LEAST * 10000:
        raise Misconfigured(say.OLD_SERVER(kind="PostgreSQL", version=version, least=LEAST), say.OLD_SERVER_HINT)
    if encoding != "UTF8":
        raise Misconfigured(say.NOT_UTF8(encoding=encoding), say.NOT_UTF8_HINT)
    return "PostgreSQL", str(version).split(maxsplit=1)[0]


def classify(error: BaseException) -> OnbamError | None:
    """SQLSTATE by next action; a failed connection carries no state, only libpq's words."""
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate or ""
    said = {"code": state or type(error).__name__}
    if state in _LOST or state.startswith("08"):
        return trouble.lost(**said)
    if state in _TRANSIENT:
        return trouble.busy(**said)
    if state == "57014":
        return trouble.too_slow(**said)
    if state in {"53100", "53200"}:
        return trouble.full(**said)
    if state == "25006":
        return trouble.standby(**said)
    if state in {"XX001", "XX002", "58030"}:
        return trouble.damaged(**said)
    if state in {"28000", "28P01"}:
        return trouble.login_refused(**said)
    if state in _SET_UP:
        return _SET_UP[state](**said)
    if state or not isinstance(error, psycopg.OperationalError):
        return None
    return _from_words(str(error), said)


def _from_words(words: str, said: dict[str, str]) -> OnbamError:
    """A connection that failed before the server could send a state."""
    if any(sign in words for sign in _LOGIN):
        return trouble.login_refused(**said)
    if 'database "' in words and "does not exist" in words:
        return trouble.no_database(**said)
    if 'role "' in words and "does not exist" in words:
        return trouble.login_refused(**said)
    return trouble.lost(**said)
