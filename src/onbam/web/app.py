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
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.types import ASGIApp

from onbam import __version__
from onbam.web import errors
from onbam.web.doors import Doors
from onbam.web.house import House
from onbam.web.live import Hub
from onbam.web.thrift import Thrift, without

if TYPE_CHECKING:
    from onbam.bootstrap import Onbam

OLD_MODELS: Final = "pydantic.v1"
"""FastAPI loads it, whole, only to ask of each route whether somebody still uses it."""


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
    return Doors(app, names_of(chosen.names, chosen.public_url), house.glance.forget, Thrift().answered)


def names_of(chosen: Iterable[str], public_url: str) -> list[str]:
    """Every name this desk is called by."""
    host = socket.gethostname()
    public = urlsplit(public_url).hostname
    return [*chosen, host, host.partition(".")[0], f"{host.partition('.')[0]}.local", *([public] if public else [])]


def _routes(app: FastAPI) -> None:
    """Each route as it was made: to include a router is to make every route of it again, with the first request."""
    with without(OLD_MODELS):
        from onbam.web import api, pages

        for router in (*pages.routers(), *api.routers()):
            app.router.routes.extend(router.routes)
