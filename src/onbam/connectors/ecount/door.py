"""Getting in: the zone, the log-in, and one session for all PCs of the company.

For: the client.
Promises: logs in only when no PC has a session that works, and only when the ten-minute gate is free; a rejected log-in is
counted for all PCs and after the second nobody tries any more, because the tenth would ban the office from the ERP
altogether; other settings (another key, another user) start a new count, and so does a person's word that the cause is gone.
Refuses: to write a session anywhere but on the shelf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote

from onbam.connectors.ecount import replies
from onbam.connectors.ecount import words as say
from onbam.connectors.ecount.contract import Session, SessionShelf, Turnstile
from onbam.connectors.ecount.settings import EcountSettings
from onbam.connectors.ecount.wire import Broken, NotSent, Reply, Wire
from onbam.kernel.clock import Clock
from onbam.kernel.errors import CredentialsRejected, Misconfigured, OnbamError, Transient
from onbam.kernel.settings import Secret
from onbam.kernel.wire_words import in_words

FAILURES_MAX: Final = 2
"""Rejected log-ins after which nobody tries again; ten ban the office."""
OTHERS_WAIT_S: Final = 5.0
"""How long another PC's log-in is awaited before the caller is sent away."""
OTHERS_LOOK_S: Final = 0.25
WRONG_HOST_CODE: Final = 204
_DEFAULT_HOST: Final = "https://{host}.ecount.com"
T = TypeVar("T")


class Door:
    """One account's way in."""

    def __init__(self, settings: EcountSettings, wire: Wire, shelf: SessionShelf, turnstile: Turnstile, clock: Clock) -> None:
        needed = {"ecount.company": settings.company, "ecount.user": settings.user, "ecount.api_key": settings.api_key}
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise Misconfigured(say.NO_ACCOUNT(names=", ".join(missing)), say.NO_ACCOUNT_HINT)
        if "{host}" not in settings.host or not settings.host.startswith(("http://", "https://")):
            raise Misconfigured(say.BAD_HOST(value=settings.host), say.BAD_HOST_HINT(default=_DEFAULT_HOST))
        self._settings = settings
        self._wire = wire
        self._shelf = shelf
        self._turnstile = turnstile
        self._clock = clock
        parts = (settings.host, str(settings.live), settings.company, settings.user, settings.api_key.reveal())
        self._account = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def gate(self, kind: str) -> str:
        """The name of a gate all PCs of this company share."""
        return f"ecount:{self._settings.company}:{'live' if self._settings.live else 'test'}:{kind}"

    def address(self, zone: str, call: str, session: Session | None = None) -> str:
        """Where a call goes. An address with a session in it is never shown."""
        host = ("oapi" if self._settings.live else "sboapi") + zone
        query = f"?SESSION_ID={quote(session.id.reveal(), safe='')}" if session is not None else ""
        return f"{self._settings.host.replace('{host}', host).rstrip('/')}/OAPI/V2/{call}{query}"

    def known(self) -> Session | None:
        """The session everybody uses, if there is one."""
        return self._shelf.session(self._account)

    def forget(self, session: Session) -> None:
        """The ERP no longer knows it."""
        self._shelf.drop(self._account, session)

    def forgive(self) -> int:
        """A person has seen to why log-ins were rejected: they may be tried again. Answers how many had been counted."""
        count = self._shelf.failures(self._account)
        self._shelf.forgive(self._account)
        return count

    def session(self) -> Session:
        """A session, made if need be."""
        found = self.known()
        if found is not None:
            return found
        self._stop_if_rejected()
        zone = self._settings.zone.upper() or self._shelf.zone(self._account) or self._ask_zone()
        wait = self._turnstile.take(self.gate("login"), self._settings.login_interval_s)
        if wait > 0:
            return self._session_of_another(wait)
        found = self.known()
        return found if found is not None else self._log_in(zone)

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _stop_if_rejected(self) -> None:
        count = self._shelf.failures(self._account)
        if count >= FAILURES_MAX:
            raise CredentialsRejected(say.STOPPED(count=count), say.STOPPED_HINT)

    def _session_of_another(self, wait: float) -> Session:
        """Somebody is logging in, or did a moment ago: the session will be on the shelf."""
        ends = self._clock.monotonic() + OTHERS_WAIT_S
        while self._clock.monotonic() < ends:
            found = self.known()
            if found is not None:
                return found
            self._stop_if_rejected()
            self._clock.wait(OTHERS_LOOK_S)
        raise Transient(say.DOOR_BUSY, say.DOOR_BUSY_HINT(wait=wait), retry_after_s=wait)

    def _ask_zone(self) -> str:
        wait = self._turnstile.take(self.gate("zone"), self._settings.login_interval_s)
        if wait > 0:
            return self._zone_of_another(wait)
        zone = self._call("zone", self.address("", "Zone"), {"COM_CODE": self._settings.company}, replies.read_zone)
        if not zone:
            self._shelf.count_failure(self._account)
            raise CredentialsRejected(say.NO_ZONE(company=self._settings.company), say.REJECTED_HINT)
        self._shelf.keep_zone(self._account, zone)
        return zone

    def _zone_of_another(self, wait: float) -> str:
        ends = self._clock.monotonic() + OTHERS_WAIT_S
        while self._clock.monotonic() < ends:
            if zone := self._shelf.zone(self._account):
                return zone
            self._stop_if_rejected()
            self._clock.wait(OTHERS_LOOK_S)
        raise Transient(say.DOOR_BUSY, say.DOOR_BUSY_HINT(wait=wait), retry_after_s=wait)

    def _log_in(self, zone: str) -> Session:
        body = {
            "COM_CODE": self._settings.company,
            "USER_ID": self._settings.user,
            "API_CERT_KEY": self._settings.api_key.reveal(),
            "LAN_TYPE": "ko-KR",
            "ZONE": zone,
        }
        try:
            name = self._call("login", self.address(zone, "OAPILogin"), body, replies.read_login)
        except replies.NoEntry as refused:
            self._shelf.count_failure(self._account)
            raise self._rejected(refused) from None
        session = Session(zone, Secret(name), self._clock.now())
        self._shelf.keep(self._account, session)
        return session

    def _call(self, gate: str, address: str, body: Mapping[str, Any], read: Callable[[Reply], T]) -> T:
        """One call at the door, with its troubles in our words."""
        interval = self._settings.login_interval_s
        try:
            return read(self._wire.post(address, body, self._settings.timeout_s))
        except NotSent as error:
            self._turnstile.release(self.gate(gate))
            raise unreachable(error) from None
        except Broken as error:
            raise Transient(say.DOOR_ODD(what=error.what), say.LATER_HINT, retry_after_s=interval) from None
        except replies.TooOften:
            raise Transient(say.TOO_OFTEN, say.LATER_HINT, retry_after_s=interval) from None
        except replies.NotUnderstood as error:
            raise Transient(say.DOOR_ODD(what=error.what), say.LATER_HINT, retry_after_s=interval) from None
        except replies.Blocked:
            self._shelf.count_failure(self._account)
            raise CredentialsRejected(say.BLOCKED, say.BLOCKED_HINT) from None
        except (replies.WrongRequest, replies.SessionEnded) as error:
            self._shelf.count_failure(self._account)
            raise CredentialsRejected(say.REJECTED(why=str(error)), say.REJECTED_HINT) from None

    def _rejected(self, refused: replies.NoEntry) -> CredentialsRejected:
        """A refusal in words a person can act on."""
        if refused.code == WRONG_HOST_CODE:
            live = self._settings.live
            message = say.WRONG_HOST_LIVE if live else say.WRONG_HOST_TEST
            return CredentialsRejected(message, say.WRONG_HOST_HINT(should="false" if live else "true"), code=refused.code)
        why = say.CODES.get(refused.code)
        if why is None and refused.code in say.CLOSED_CODES:
            why = say.CLOSED
        shown = why() if why is not None else say.UNKNOWN_CODE(code=refused.code, said=refused.said)
        hint = (
            say.HOURS_HINT
            if refused.code in say.HOURS_CODES
            else say.THERE_HINT
            if why in say.SEEN_TO_THERE
            else say.REJECTED_HINT
        )
        return CredentialsRejected(say.REJECTED(why=shown), hint, code=refused.code)


def unreachable(error: NotSent) -> OnbamError:
    """Nothing was sent."""
    if error.certificate:
        return Misconfigured(say.CERTIFICATE, say.CERTIFICATE_HINT)
    return Transient(say.UNREACHABLE(what=in_words(error.what)), say.UNREACHABLE_HINT, code=error.what)
