"""One exchange with the portal over HTTP, with an end.

For: the client.
Promises: back within the time-out, with the answer or one of our errors; no more bytes than allowed are read; redirects stay on
the portal's own host.
Refuses: to repeat anything; to trust a certificate that is not valid.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

import httpx2

from onbam.connectors.portal import words as say
from onbam.connectors.portal.reading import EVIDENCE_MAX
from onbam.kernel.clock import Clock
from onbam.kernel.errors import ContractBroken, CredentialsRejected, Misconfigured, Transient
from onbam.kernel.wire_words import in_words

REDIRECTS_MAX: Final = 5
MEGABYTE: Final = 1024 * 1024
_NEVER_PLAIN: Final = " <>\"'\\"
_AGENT: Final = "Mozilla/5.0 (compatible; Onbam)"
_HEADERS: Final = {"User-Agent": _AGENT, "Accept-Encoding": "identity", "Accept-Language": "ko-KR,ko;q=0.9"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer as it came."""

    raw: bytes
    address: str
    """Where it came from in the end, without the host."""


class Wire:
    """A connection with cookies."""

    def __init__(self, url: str, *, timeout_s: float, max_bytes: int, clock: Clock) -> None:
        self._host = urlsplit(url).netloc
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._clock = clock
        self._http = httpx2.Client(
            base_url=url.rstrip("/"), timeout=timeout_s, follow_redirects=False, headers=_HEADERS, trust_env=True
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, address: str, values: Mapping[str, str] | None = None, codec: str = "utf-8") -> Fetched:
        """Open a page; Korean words in the address are written in the codec."""
        if values:
            address = f"{address}{'&' if '?' in address else '?'}{urlencode(values, encoding=codec, errors='replace')}"
        return self._exchange(self._http.build_request("GET", self._ours(address, codec)))

    def post(self, address: str, values: Mapping[str, str], codec: str = "utf-8") -> Fetched:
        """Send a form."""
        body = urlencode(values, encoding=codec, errors="replace").encode("ascii")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._exchange(self._http.build_request("POST", self._ours(address, codec), content=body, headers=headers))

    def _ours(self, address: str, codec: str) -> str:
        """The address, when it stays on the portal's own host."""
        host = urlsplit(address).netloc
        if host and host != self._host:
            raise ContractBroken(say.ELSEWHERE(host=host), say.CHANGED_HINT)
        return quoted(address, codec)

    def _exchange(self, request: httpx2.Request) -> Fetched:
        """The answer to a request, after at most a few redirects on the same host."""
        ends = self._clock.monotonic() + self._timeout_s
        for _ in range(REDIRECTS_MAX):
            try:
                response = self._http.send(request, stream=True)
                try:
                    raw = self._body(response, ends)
                finally:
                    response.close()
            except httpx2.TimeoutException:
                raise Transient(say.TOO_SLOW(limit=self._timeout_s), say.TOO_SLOW_HINT) from None
            except httpx2.HTTPError as error:
                raise _broken(error) from None
            following = response.next_request
            if following is None:
                _check_status(response, raw)
                return Fetched(raw, str(response.url.raw_path.decode("ascii")))
            if following.url.netloc.decode("ascii") != self._host:
                raise ContractBroken(say.ELSEWHERE(host=following.url.host), say.CHANGED_HINT)
            request = following
        raise ContractBroken(say.ELSEWHERE(host=self._host), say.CHANGED_HINT)

    def _body(self, response: httpx2.Response, ends: float) -> bytes:
        """The bytes, as long as there is time and room."""
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._max_bytes:
                evidence = b"".join(parts)[:EVIDENCE_MAX]
                raise ContractBroken(say.TOO_LARGE(limit=self._max_bytes / MEGABYTE), say.CHANGED_HINT, evidence=evidence)
            if self._clock.monotonic() > ends:
                raise Transient(say.TOO_SLOW(limit=self._timeout_s), say.TOO_SLOW_HINT)
        return b"".join(parts)


def is_address(url: str) -> bool:
    """Whether a site can be reached under it at all."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, a bracket too many
        return False


def quoted(address: str, codec: str) -> str:
    """An address with its Korean words percent-encoded in a codec; what is encoded already stays."""
    return "".join(c if c.isascii() and c not in _NEVER_PLAIN else _percent(c.encode(codec, "replace")) for c in address)


def _percent(raw: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in raw)


def _check_status(response: httpx2.Response, raw: bytes) -> None:
    """What the status alone says."""
    status = response.status_code
    if status < 300:
        return
    if status == 429 or status >= 500:
        wait = response.headers.get("Retry-After", "")
        raise Transient(say.SERVER(status=status), say.TOO_SLOW_HINT, retry_after_s=float(wait) if wait.isdecimal() else None)
    if status in (401, 403):
        raise CredentialsRejected(say.BLOCKED(status=status), say.BLOCKED_HINT)
    raise ContractBroken(say.GONE(path=response.url.path, status=status), say.CHANGED_HINT, evidence=raw[:EVIDENCE_MAX])


def _broken(error: httpx2.HTTPError) -> Transient | Misconfigured:
    """A connection that failed, in our words; the library's own text may hold addresses with sessions."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Misconfigured(say.CERTIFICATE, say.CERTIFICATE_HINT)
        cause = cause.__cause__ or cause.__context__
    what = type(error).__name__
    return Transient(say.UNREACHABLE(what=in_words(what)), say.UNREACHABLE_HINT, code=what)
