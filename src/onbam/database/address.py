"""From the setting to the address that is opened.

For: the composition root.
Promises: `embedded` becomes the address of our own PostgreSQL, which then runs; everything else stays what the shop wrote, with
the data folder put in.
Refuses: to open anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from onbam.database.settings import EMBEDDED, DatabaseSettings
from onbam.kernel.clock import Clock

if TYPE_CHECKING:
    from onbam.database.embedded.server import EmbeddedPostgres

ROOM: Final = "postgres"
"""Our server's folder inside the data folder."""


def address(settings: DatabaseSettings, data: Path, *, clock: Clock, environ: Mapping[str, str]) -> str:
    """The URL to open; our own server is started when that is what the shop chose."""
    server = embedded(settings, data, clock=clock, environ=environ)
    return settings.url_in(data) if server is None else server.ensure()


def embedded(settings: DatabaseSettings, data: Path, *, clock: Clock, environ: Mapping[str, str]) -> EmbeddedPostgres | None:
    """Our own server, running or not; none when the shop chose something else."""
    if settings.url.reveal() != EMBEDDED:
        return None
    from onbam.database.embedded.server import EmbeddedPostgres

    return EmbeddedPostgres(data / ROOM, clock=clock, environ=environ, account=settings.embedded_user)
