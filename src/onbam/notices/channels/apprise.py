"""Any service Apprise can speak to, as a channel.

For: mail, chat rooms, phones; the composition root builds one for each receiver.
Promises: an answer within the limit; the reason in the other side's words, sorted by what to do next; no address in it.
Refuses: several receivers at once: half of them told, the other half not, could only be repeated for all.

Apprise is imported when the first message goes out: it costs 150 ms and nobody pays who has no channel.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from onbam.kernel.settings import Secret
from onbam.kernel.words import kept
from onbam.notices import words as say
from onbam.notices.channels.model import SENT, Message, Outcome

if TYPE_CHECKING:
    from apprise import Apprise

_TONES: Final = {"info": "info", "warn": "warning", "urgent": "failure", "good": "success"}
_HTTP: Final = re.compile(r"error=(\d{3})")
_SMTP: Final = re.compile(r"\((\d{3}), ")
_HTTP_STOPPED: Final = frozenset({401, 403})
_HTTP_LATER: Final = frozenset({408, 409, 423, 425, 429})
_SMTP_STOPPED: Final = frozenset({530, 534, 535, 538})
_AUTH: Final = re.compile(r"AUTH|authenticat|certificate|CERTIFICATE")
_WHY_MAX: Final = 300


class AppriseChannel:
    """One receiver behind one address."""

    def __init__(self, name: str, address: Secret, timeout_s: float, clean: Callable[[str], str]) -> None:
        """`clean` takes secrets out of what the other side said."""
        self.name = name
        self._address = address
        self._timeout_s = timeout_s
        self._clean = clean

    @property
    def fingerprint(self) -> str:
        """Of the address, which stays unknown."""
        return sha256(self._address.reveal().encode()).hexdigest()[:16]

    def send(self, message: Message) -> Outcome:
        """Hand it over."""
        with _silent():
            from apprise import Apprise, AppriseAsset, OverflowMode

        asset = AppriseAsset(app_id="Onbam", app_desc="Onbam", app_url="", async_mode=False)
        asset.image_url_mask = asset.image_url_logo = ""  # no picture of somebody else's server in the shop's messages
        sender = Apprise(asset=asset)
        with _silent():
            if not sender.add(self._address.reveal()):
                return Outcome("stopped", kept(say.BAD_ADDRESS))
        for server in sender:
            server.overflow_mode = OverflowMode.SPLIT  # a service with a limit gets two messages rather than none
        with _talkative():
            result = self._notify(sender, message)
        if bool(result):
            return SENT
        lines = [(entry.level, str(entry.message)) for one in result for entry in one.logs()]
        return self._judged(result.status.name, lines)

    def _notify(self, sender: Apprise, message: Message) -> Any:
        from apprise import NotifyType

        return sender.notify(
            body=message.body,
            title=message.title,
            notify_type=NotifyType(_TONES[message.tone]),
            body_format="text",
            timeout=self._timeout_s,
            log_level=logging.DEBUG,
        )

    def _judged(self, status: str, lines: list[tuple[str, str]]) -> Outcome:
        """What to do next, from what the other side said."""
        spoken = [text for level, text in lines if level in ("WARNING", "ERROR")]
        deeper = [text.removeprefix("Socket Exception: ") for _, text in lines if text.startswith("Socket Exception: ")]
        why = self._clean(" ".join([*spoken, *deeper]))[:_WHY_MAX] or status
        if status == "TIMEOUT":
            return Outcome("later", kept(say.NO_ANSWER(seconds=self._timeout_s)))
        return Outcome(_kind(" ".join(spoken), " ".join(deeper)), why)


def _kind(spoken: str, deeper: str) -> Any:
    """SMTP means by 4xx what HTTP means by 5xx."""
    if (smtp := _SMTP.search(deeper)) is not None:
        code = int(smtp[1])
        return "stopped" if code in _SMTP_STOPPED else "refused" if code >= 500 else "later"
    if (http := _HTTP.search(spoken)) is not None:
        code = int(http[1])
        if code in _HTTP_STOPPED:
            return "stopped"
        return "refused" if 400 <= code < 500 and code not in _HTTP_LATER else "later"
    return "stopped" if _AUTH.search(deeper) else "later"


@contextmanager
def _talkative() -> Iterator[None]:
    """Apprise tells the server's own words only to a listener of details; to no other log, for they hold addresses."""
    logger = logging.getLogger("apprise")
    level, spread = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.propagate = spread


@contextmanager
def _silent() -> Iterator[None]:
    """It repeats an address it cannot read, secrets and all; loading its services warns of old modules it still asks for."""
    logger = logging.getLogger("apprise")
    was, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        logger.disabled = was
