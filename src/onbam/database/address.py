"""From the setting to the address that is opened.

For: the composition root; the check-up, which must know what there is before it opens anything.
Promises: `embedded` becomes the address of our own PostgreSQL, which then runs; everything else stays what the shop wrote, with
the data folder put in.
Refuses: to open a database; to start a server for somebody who only looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from onbam.database import words as say
from onbam.database.installed import was_there
from onbam.database.settings import EMBEDDED, DatabaseSettings
from onbam.kernel.clock import Clock
from onbam.kernel.words import Said

if TYPE_CHECKING:
    from onbam.database.embedded.server import EmbeddedPostgres

ROOM: Final = "postgres"
"""Our server's folder inside the data folder."""
SQLITE: Final = "sqlite"


def address(settings: DatabaseSettings, data: Path, *, clock: Clock, environ: Mapping[str, str]) -> str:
    """The URL to open; our own server is started when that is what the shop chose."""
    server = embedded(settings, data, clock=clock, environ=environ)
    return settings.url_in(data) if server is None else server.ensure()


def embedded(settings: DatabaseSettings, data: Path, *, clock: Clock, environ: Mapping[str, str]) -> EmbeddedPostgres | None:
    """Our own server, running or not; none when the shop chose something else."""
    if settings.url.reveal().strip() != EMBEDDED:
        return None
    from onbam.database.embedded.server import EmbeddedPostgres

    return EmbeddedPostgres(data / ROOM, clock=clock, environ=environ, account=settings.embedded_user)


def file_of(settings: DatabaseSettings, data: Path) -> Path | None:
    """The file of an SQLite database, there or not; none for a server."""
    url = settings.url_in(data)
    return Path(url.partition("///")[2].partition("?")[0]) if url.startswith(SQLITE) else None


def resting(settings: DatabaseSettings, data: Path, *, clock: Clock, environ: Mapping[str, str]) -> Said | None:
    """Why there is nothing to open yet without making or starting it; none when there is."""
    file = file_of(settings, data)
    if file is not None:
        return None if file.exists() or was_there(file) else say.NOT_YET(file=file)
    server = embedded(settings, data, clock=clock, environ=environ)
    if server is None or server.running() is not None:
        return None
    return say.SERVER_RESTS(folder=server.room) if server.made else say.NOT_YET(file=server.room)
