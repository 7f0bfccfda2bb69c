"""The dashboard of the demo: the real one, where everybody on this PC comes in as a guest who may look.

For: `onbam demo`, which starts it beside the PCs and prints its address.
Promises: the same server and the same pages as `onbam web run`, on loopback, on a free port; its cookie has that port in its
name, so that nobody is logged out of the shop's own desk; it ends with the process that started it, however that ended.
Refuses: acts: a guest looks. To exist in an installation that is not the demo's.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from onbam.kernel import home as homes
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Misconfigured, OnbamError
from onbam.kernel.files import write_whole

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.responses import Response

    from onbam.bootstrap import Onbam
    from onbam.people.model import Person

LOOPBACK: Final = "127.0.0.1"
GUEST: Final = "guest"
PORT_TRIES: Final = 5
WHO: Final = "system:demo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until asked to end, or until nobody is left who would ask."""
    parser = argparse.ArgumentParser(prog="onbam demo desk")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--announce", type=Path, required=True, help="the file to write the address to")
    parser.add_argument("--bound", action="store_true", help="end when standard input ends")
    chosen = parser.parse_args(arguments)
    if chosen.bound:
        threading.Thread(target=_end_with_parent, name="bound", daemon=True).start()
    for left in reversed(range(PORT_TRIES)):
        try:
            _serve(chosen.home, homes.environment(), chosen.announce)
        except Misconfigured as error:  # somebody was faster to take the port
            if not left:
                return _told(error)
        except OnbamError as error:
            return _told(error)
        else:
            break
    return EXIT_OK


def _serve(home: Path, environ: Mapping[str, str], announce: Path) -> None:
    from onbam.bootstrap import Onbam
    from onbam.web.serve import WebServer

    port = _free_port()
    with Onbam(home, environ, {"web.port": str(port), "web.host": LOOPBACK}) as onbam:
        onbam.start_logs(process="web")
        child = onbam.child("web")
        guest = _guest(onbam)
        server = WebServer(onbam, more=lambda app: _open_to(app, guest))
        with child.listening():
            server.run(lambda listening: write_whole(announce, listening.address), child.stopping)


def _guest(onbam: Onbam) -> Person:
    """Whoever looks."""
    from onbam.cli import demo_words as say
    from onbam.people.model import Role

    people = onbam.people
    return people.named(GUEST) or people.add(GUEST, Role.VIEWER, who=WHO, shown=say.GUEST.to(onbam.lang))


def _open_to(app: FastAPI, guest: Person) -> None:
    """The log-in page lets a guest in, instead of asking."""
    from starlette.routing import Route

    app.router.routes.insert(0, Route("/login", lambda request: _in(request, guest), methods=["GET"]))


def _in(request: Request, guest: Person) -> Response:
    from fastapi.responses import RedirectResponse

    from onbam.web.entry import MONTHS_S, local_path, set_cookie

    house = request.app.state.house
    address = request.client.host if request.client else ""
    opens = house.people.enter(guest, address=address, browser=request.headers.get("user-agent", ""), how=GUEST)
    set_cookie(request, house.cookie, opens, max_age=MONTHS_S)
    return RedirectResponse(local_path(request.query_params.get("next", "/")), 303)


def _free_port() -> int:
    """One that is free now; its number is wanted before the server exists, because it names the cookie."""
    with socket.socket() as tried:
        tried.bind((LOOPBACK, 0))
        return int(tried.getsockname()[1])


def _told(error: OnbamError) -> int:
    print(error.to("en"), file=sys.stderr)  # noqa: T201 -- the same
    return error.exit_code


def _end_with_parent() -> None:
    """The other end of standard input is gone: so is whoever would have ended us."""
    while os.read(0, 1024):
        continue
    os._exit(EXIT_FAILED)


if __name__ == "__main__":
    sys.exit(main())
