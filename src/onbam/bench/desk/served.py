"""The desk as people start it, in a process of its own, and somebody who asks it.

For: the subjects next door.
Promises: `onbam web run` on a free port; whoever asks is logged in and speaks HTTP over one open connection, packed as browsers
ask for it; everything is ended and gone afterwards.
Refuses: to ask in-process: what a reader waits for includes the server.
"""

from __future__ import annotations

import gzip
import http.client
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import psutil

from onbam.bench.desk import words as say
from onbam.bench.tools import Tools
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused

START_LIMIT_S: Final = 180.0
LIMIT_S: Final = 60.0
HANG_UP_S: Final = 15.0
"""A connection nothing was asked on for so long may have been closed by the server."""
NAME: Final = "bench"
PASSWORD: Final = "a small lamp by night"  # noqa: S105 -- of a shop that lives for some minutes
OK: Final = 200
SEE_OTHER: Final = 303
_ADDRESS: Final = re.compile(r"http://[^\s/]+:(\d+)")


class Desk:
    """One that listens."""

    def __init__(self, process: psutil.Process, port: int, clock: Clock) -> None:
        self.process, self.port, self._clock = process, port, clock
        self.cookie = ""
        """Who is logged in."""
        self._cookies: dict[str, str] = {}
        """Everything it gave, as a browser keeps it."""
        self._asked_at = clock.monotonic()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)

    @property
    def address(self) -> str:
        """For a browser."""
        return f"http://127.0.0.1:{self.port}"

    def log_in(self) -> None:
        """Come in, and stay."""
        form = urlencode({"name": NAME, "password": PASSWORD})
        headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
        self._connection.request("POST", "/login", form, headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != SEE_OTHER:
            raise Refused(say.NOT_IN(status=answer.status))
        self.cookie = (answer.headers["set-cookie"] or "").partition(";")[0]
        self._keep(answer)

    def get(self, path: str) -> bytes:
        """A page, unpacked."""
        body = self._asked(path)
        return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body

    def timed(self, path: str) -> float:
        """How many milliseconds until a page is here, whole."""
        begun = self._clock.monotonic()
        self._asked(path)
        return (self._clock.monotonic() - begun) * 1000

    def _asked(self, path: str) -> bytes:
        now = self._clock.monotonic()
        if now - self._asked_at > HANG_UP_S:
            self._connection.close()  # it opens another by itself
        self._asked_at = now
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"cookie": cookies, "accept-encoding": "gzip", "accept-language": "ko"}
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != OK:
            raise Refused(say.NO_PAGE(path=path, status=answer.status))
        self._keep(answer)
        return body

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for fresh in answer.headers.get_all("set-cookie", []):
            name, _, value = fresh.partition(";")[0].partition("=")
            self._cookies[name] = value
        session = self.cookie.partition("=")[0]
        self.cookie = f"{session}={self._cookies.get(session, '')}"

    def used_s(self) -> float:
        """Processor time it has used."""
        times = self.process.cpu_times()
        return times.user + times.system

    def held_bytes(self) -> int:
        """Memory it holds."""
        return int(self.process.memory_info().rss)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def serving(tools: Tools, home: Path, **settings: str) -> Iterator[Desk]:
    """Listening while the block runs."""
    command = [sys.executable, "-m", "onbam", "--home", str(home), "web", "run", "--port", "0"]
    log = home / "web.txt"
    with log.open("wb") as into:
        process: Any = subprocess.Popen(  # noqa: S603 -- the benchmark's own command
            command, env=_surroundings(tools, settings), stdin=subprocess.DEVNULL, stdout=into, stderr=into, cwd=home
        )
    limit = threading.Timer(START_LIMIT_S, process.kill)
    limit.start()
    try:
        port = _port(tools.clock, process, log)
        limit.cancel()
        with closing(Desk(psutil.Process(process.pid), port, tools.clock)) as desk:
            desk.log_in()
            yield desk
    finally:
        limit.cancel()
        process.terminate()
        try:
            process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _surroundings(tools: Tools, settings: Mapping[str, str]) -> dict[str, str]:
    return tools.surroundings(ONBAM_LANG="ko", **settings)


def _port(clock: Clock, process: Any, log: Path) -> int:
    """What it said when it listened."""
    while True:
        said = log.read_text("utf-8", "replace")
        if found := _ADDRESS.search(said):
            return int(urlsplit(found[0]).port or 0)
        if process.poll() is not None:
            lines = said.strip().splitlines()
            raise Refused(say.NO_DESK(line=lines[-1] if lines else "-"))
        clock.wait(0.02)
