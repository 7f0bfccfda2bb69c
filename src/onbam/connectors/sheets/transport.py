"""Google's wire over HTTP, with the official library for the log-in.

For: the client in the real world and against the HTTP simulator.
Promises: a hard time-out on every request; a connection that was never made is told from one that broke after sending; tokens
are refreshed once when Google says 401, and never written to a log.
Refuses: to send a request twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

import google.auth.exceptions
import google.auth.transport
import httpx2

from onbam.connectors.sheets import words as say
from onbam.connectors.sheets.client import Answer, Broken, NotSent, path_of
from onbam.kernel.errors import CredentialsRejected

_UNAUTHENTICATED: Final = 401


class HttpTransport:
    """One account's connection."""

    def __init__(self, credentials: Any, *, api_url: str, drive_url: str, timeout_s: float) -> None:
        self._credentials = credentials
        self._api_url = api_url.rstrip("/")
        self._drive_url = drive_url.rstrip("/")
        self._http = httpx2.Client(timeout=timeout_s, follow_redirects=False)
        self._login = _Login(self._http)
        self.account = str(getattr(credentials, "service_account_email", "") or getattr(credentials, "account", "") or "OAuth")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Answer:
        """One request and its answer; a 401 is answered by one refresh, because Google refused before doing anything."""
        answer = self._send(method, path, query, body)
        if answer.status == _UNAUTHENTICATED:
            self._refresh()
            answer = self._send(method, path, query, body)
        return answer

    def _send(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Answer:
        if not self._credentials.valid:
            self._refresh()
        base = self._drive_url if path.startswith("/drive/") else self._api_url
        headers = {"Authorization": f"Bearer {self._credentials.token}"}
        try:
            response = self._http.request(method, base + path_of(path), params=dict(query), json=body, headers=headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise NotSent(type(error).__name__) from None
        except httpx2.HTTPError as error:
            raise Broken(type(error).__name__) from None
        date = response.headers.get("Date")
        try:
            content = response.json()
        except ValueError:
            content = None
        return Answer(response.status_code, content, parsedate_to_datetime(date).timestamp() if date else None)

    def _refresh(self) -> None:
        try:
            self._credentials.refresh(self._login)
        except google.auth.exceptions.RefreshError as error:
            raise CredentialsRejected(say.REJECTED(what=_reason(error)), say.REJECTED_HINT) from None
        except google.auth.exceptions.TransportError as error:
            raise NotSent(type(error).__name__) from None


def _reason(error: google.auth.exceptions.RefreshError) -> str:
    """Google's short word (`invalid_grant`), without the rest of its answer."""
    for part in error.args:
        if isinstance(part, dict) and "error" in part:
            return str(part["error"])
    return "invalid_grant" if "invalid_grant" in str(error) else "refresh failed"


class _Login(google.auth.transport.Request):
    """The library's log-in over our HTTP client, so that there is one client and one time-out."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 -- ours is set once on the client
        **_: Any,
    ) -> Any:
        """One request for the library."""
        try:
            return _LoginAnswer(self._http.request(method, url, content=body, headers=dict(headers or {})))
        except httpx2.HTTPError as error:
            raise google.auth.exceptions.TransportError(type(error).__name__) from None


class _LoginAnswer(google.auth.transport.Response):
    """An answer as the library wants it."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response

    @property
    def status(self) -> int:
        """The status."""
        return self._response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""
        return self._response.headers

    @property
    def data(self) -> bytes:
        """The body."""
        return self._response.content
