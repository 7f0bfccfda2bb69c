"""The door commands come in by: one line of JSON asked, one answered, on this PC only.

For: the guard (one thread that listens) and the commands (`ask`).
Promises: whoever may read the token in the run folder, and nobody else, is heard, and a copy of that folder leads to nobody; a
caller that says nothing or too much is sent away; the guard's loop answers, so that an answer means the loop works; the same on
every system, so that what is tested on one is used on all.
Refuses: other machines; a second question on one line.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from onbam.guard import words as say
from onbam.kernel.chance import secret_token
from onbam.kernel.errors import Refused, Transient
from onbam.kernel.files import write_into, write_whole
from onbam.kernel.words import spoken

NAME: Final = "guard.door"
HOST: Final = "127.0.0.1"
ASK_LIMIT_S: Final = 5.0
LINE_LIMIT_S: Final = 2.0
LINE_BYTES: Final = 1 << 20
BACKLOG: Final = 16

Request = Mapping[str, Any]
Answer = Mapping[str, Any]
Handle = Callable[[Request, Callable[[Answer], None]], None]
"""Given a request and the way to answer it; called in the door's thread, answered from any."""


class NoDoor(Transient):
    """Nobody listens here, as far as the folder tells."""


class NoAnswer(Transient):
    """Somebody listens, and says nothing."""


class Door:
    """The listening end."""

    def __init__(self, folder: Path, handle: Handle) -> None:
        self._path, self._handle = folder / NAME, handle
        self._token = secret_token()
        self._listening: socket.socket | None = None
        self._published = False

    def open(self) -> None:
        """Listen; raises `OSError`."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.bind((HOST, 0))
        listening.listen(BACKLOG)
        self._listening = listening
        self.publish()
        threading.Thread(target=self._serve, args=(listening,), name="door", daemon=True).start()

    def publish(self) -> None:
        """Say where we listen, to whoever may read it; again after somebody deleted it."""
        if self._listening is None or (self._published and self._path.exists()):
            return
        port = self._listening.getsockname()[1]
        said = json.dumps({"port": port, "token": self._token, "folder": _whole(self._path.parent)})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, said, private=True)
            self._published = True
        except OSError:  # a full disk: into the room an earlier guard's had, else the guard works and is asked later
            self._published = write_into(self._path, said.encode())

    def close(self) -> None:
        """Listen no more."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        if self._listening is not None:
            self._listening.close()

    def forget(self) -> None:
        """What an earlier guard said about where it listened is wrong now; its room on the disk is kept for us."""
        with contextlib.suppress(OSError):
            write_into(self._path, b" " * self._path.stat().st_size)

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line, contextlib.suppress(OSError, ValueError):
                self._one(line)

    def _one(self, line: socket.socket) -> None:
        line.settimeout(LINE_LIMIT_S)
        request = json.loads(_read_line(line))
        if not isinstance(request, dict) or not _same(str(request.pop("token", "")), self._token):
            return
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._handle(request, answers.put)
        with contextlib.suppress(queue.Empty):
            line.sendall(json.dumps(answers.get(timeout=ASK_LIMIT_S), ensure_ascii=False).encode() + b"\n")


def ask(folder: Path, request: Request, *, limit_s: float = ASK_LIMIT_S) -> dict[str, Any]:
    """Ask the guard of this folder; `Transient` when none answers, `Refused` when it will not or is another user's."""
    try:
        door = json.loads((folder / NAME).read_text("utf-8"))
        address, token = (HOST, int(door["port"])), str(door["token"])
        ours = door.get("folder", _whole(folder)) == _whole(folder)
    except PermissionError:
        raise Refused(say.NOT_YOURS, say.NOT_YOURS_HINT) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise NoDoor(say.NO_GUARD, say.NO_GUARD_HINT) from None
    if not ours:  # copied with its folder: it leads to the guard of the first one
        raise NoDoor(say.NO_GUARD, say.NO_GUARD_HINT)
    try:
        with socket.create_connection(address, timeout=limit_s) as line:
            line.settimeout(limit_s)
            line.sendall(json.dumps({**request, "token": token}, ensure_ascii=False).encode() + b"\n")
            answer = json.loads(_read_line(line))
    except ConnectionRefusedError:
        raise NoDoor(say.NO_GUARD, say.NO_GUARD_HINT) from None
    except (OSError, ValueError):
        raise NoAnswer(say.NO_ANSWER(limit=limit_s), say.NO_ANSWER_HINT) from None
    if not isinstance(answer, dict):
        raise NoAnswer(say.NO_ANSWER(limit=limit_s), say.NO_ANSWER_HINT)
    if (refused := answer.get("refused")) is not None:
        raise Refused(spoken(refused["message"]), spoken(refused["hint"]))
    return answer


def _whole(folder: Path) -> str:
    """A folder's one name, whichever way it is written."""
    return os.path.normcase(os.path.realpath(folder))


def _same(given: str, ours: str) -> bool:
    """Compared letter by letter to the end, so that the time tells nothing. (`hmac` does the same for 4 MB of memory.)"""
    differ = len(given) ^ len(ours)
    for one, other in zip(given, ours, strict=False):
        differ |= ord(one) ^ ord(other)
    return differ == 0


def _read_line(line: socket.socket) -> bytes:
    """Up to the end of the line, no more than it may be long."""
    data = b""
    while not data.endswith(b"\n"):
        more = line.recv(1 << 16)
        data += more
        if not more or len(data) > LINE_BYTES:
            raise ValueError("no line")
    return data
