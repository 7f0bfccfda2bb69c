"""A desk one can knock at: the application behind its doors, with somebody logged in.

For: integration tests of pages and interface.
Promises: requests go through the same doors as from a browser; each role has a session of its own.
Refuses: a server; browser tests have one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.testclient import TestClient

from onbam.web.app import create_app, guarded
from support.stage import PASSWORD, Stage

HOST = "http://localhost"
TOKEN = re.compile(r'data-form-token="([^"]+)"')


@dataclass
class Desk:
    """One application."""

    stage: Stage
    app: FastAPI
    nobody: TestClient
    """A browser that did not come in."""

    def as_(self, name: str) -> Visitor:
        """A browser in which somebody logged in."""
        client = TestClient(guarded(self.app), base_url=HOST, follow_redirects=False)
        answer = client.post("/login", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return Visitor(client)


@dataclass
class Visitor:
    """Somebody's browser."""

    client: TestClient

    def get(self, path: str, **headers: str) -> str:
        """A page that is there."""
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-600:])
        return answer.text

    @property
    def token(self) -> str:
        """The form token of a page."""
        found = TOKEN.search(self.get("/me"))
        assert found is not None
        return found[1]

    def act(self, path: str, **fields: object) -> tuple[int, str]:
        """An act as the page's script does it; status and what was said."""
        data = {"form_token": self.token, **{name: str(value) for name, value in fields.items()}}
        answer = self.client.post(path, data=data, headers={"hx-request": "true", "sec-fetch-site": "same-origin"})
        return answer.status_code, answer.headers.get("hx-trigger", "") or answer.text


@contextmanager
def desk(stage: Stage) -> Iterator[Desk]:
    """Open for visitors."""
    app = create_app(stage.onbam)
    with TestClient(guarded(app), base_url=HOST, follow_redirects=False) as nobody:
        yield Desk(stage, app, nobody)
