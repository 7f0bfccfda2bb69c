"""An outside that commits a slip for every request, forgets nothing and dedupes nothing.

For: races of real processes; whoever asks twice has two slips.
Promises: a slip is committed before it is answered; with the fault `reply_lost` the answer is lost afterwards, with
`reply_late` it comes when nobody waits for it any more; what is there can be looked up by its key.
Refuses: to help: no idempotency key, no second thought.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from onbam.effects.model import Try
from onbam.effects.ports import CannotTell, Found, NotFound
from onbam_sims.server import Request, Response, Simulator


@dataclass(frozen=True, slots=True)
class Slip:
    """One committed slip."""

    number: str
    key: str
    token: int
    by: str
    """The machine that sent it."""
    at_ms: int


class SlipOffice(Simulator):
    """The server."""

    NAME: ClassVar[str] = "slips"
    FAULTS: ClassVar[dict[str, str]] = {
        "reply_lost": "The slip is committed and the connection ends without an answer.",
        "reply_late": "The slip is committed and the answer comes `seconds` later.",
    }

    def __init__(self, *, seed: int = 0) -> None:
        super().__init__(seed=seed)
        self.slips: list[Slip] = []
        self.route("POST", r"/slips", self._commit)
        self.route("GET", r"/slips", self._look)

    def _commit(self, request: Request) -> Response:
        said = request.json()
        with self.lock:
            number = f"slip-{len(self.slips) + 1}"
            slip = Slip(number, str(said["key"]), int(said["token"]), str(said["by"]), int(self.now() * 1000))
            self.slips.append(slip)
        if self.fault("reply_lost"):
            return Response(drop=True)
        if late := self.fault("reply_late"):
            self.pause(float(late.get("seconds", 1.0)))
        return Response.of_json({"number": slip.number})

    def _look(self, request: Request) -> Response:
        key = request.first("key")
        with self.lock:
            return Response.of_json({"numbers": [slip.number for slip in self.slips if slip.key == key]})


class SlipDoor:
    """The way to the office for one process."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc

    def connect(self, timeout_s: float) -> http.client.HTTPConnection:
        """A connection that stands before anything is decided: nothing but the request itself comes after the last look."""
        connection = http.client.HTTPConnection(self._address, timeout=timeout_s)
        connection.connect()
        return connection

    @staticmethod
    def post(connection: http.client.HTTPConnection, key: str, token: int, by: str) -> str:
        """A slip; answers its number. Whatever it raises: the slip may be there."""
        connection.request("POST", "/slips", json.dumps({"key": key, "token": token, "by": by}).encode())
        return str(_answer(connection)["number"])

    def look(self, key: str) -> list[str]:
        """The numbers of a key's slips."""
        connection = self.connect(10.0)
        try:
            connection.request("GET", f"/slips?key={key}")
            return [str(number) for number in _answer(connection)["numbers"]]
        finally:
            connection.close()


class SlipProver:
    """Looks a doubt up by its key."""

    name = "erp"

    def __init__(self, url: str) -> None:
        self._door = SlipDoor(url)

    def look(self, one: Try) -> Found | NotFound | CannotTell:
        """Whether it is there."""
        numbers = self._door.look(one.key)
        return Found(numbers[0]) if numbers else NotFound()


def _answer(connection: http.client.HTTPConnection) -> Any:
    response = connection.getresponse()
    content = response.read()
    assert response.status == 200, content
    return json.loads(content)
