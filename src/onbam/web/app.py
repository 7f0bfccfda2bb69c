"""The application: every route of the desk, and what begins and ends with it.

For: `serve.py`, tests.
Promises: pages are drawn in threads, only the stream is asynchronous; what a page does goes through the same capabilities as
the command line; ends cleanly, streams included.
Refuses: to serve before its parts were looked at once.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.types import ASGIApp

from onbam import __version__
from onbam.web import errors
from onbam.web.doors import Doors
from onbam.web.house import House
from onbam.web.live import Hub

if TYPE_CHECKING:
    from onbam.bootstrap import Onbam


def create_app(onbam: Onbam) -> FastAPI:
    """The desk of this Onbam."""
    house = House(onbam)
    hub = Hub(house)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        hub.start()
        try:
            yield
        finally:
            await hub.stop()

    app = FastAPI(
        title="Onbam",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
        description="Everything the pages can do. Ask with `Authorization: Bearer KEY`.",
    )
    app.state.house = house
    app.state.hub = hub
    errors.install(app)
    _routes(app)
    return app


def guarded(app: FastAPI) -> ASGIApp:
    """The application behind its doors: what a server serves."""
    house: House = app.state.house
    chosen = house.onbam.settings.web
    return Doors(app, names_of(chosen.names, chosen.public_url), house.glance.forget)


def names_of(chosen: Iterable[str], public_url: str) -> list[str]:
    """Every name this desk is called by."""
    host = socket.gethostname()
    public = urlsplit(public_url).hostname
    return [*chosen, host, host.partition(".")[0], f"{host.partition('.')[0]}.local", *([public] if public else [])]


def _routes(app: FastAPI) -> None:
    from onbam.web.api import router as api
    from onbam.web.pages import routers

    for router in routers():
        app.include_router(router, include_in_schema=False)
    app.include_router(api)
