"""The operating system's own key ring, asked with a limit.

For: secrets a person wants there instead of in the encrypted file.
Promises: the library is imported when first needed; a ring that is missing, locked or silent is a clear text after the limit.
Refuses: to wait for somebody to type a password at night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from onbam.kernel.bounded import within
from onbam.kernel.errors import Misconfigured, Refused, Transient
from onbam.vault import words as say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OsRing:
    """The key ring of this user on this PC."""

    limit_s: float

    def get(self, service: str, name: str) -> str | None:
        """The value, when it is there."""

        def ask() -> str | None:
            import keyring

            return keyring.get_password(service, name)

        return self._ask(ask)

    def set(self, service: str, name: str, value: str) -> None:
        """Keep it there."""

        def ask() -> None:
            import keyring

            keyring.set_password(service, name, value)

        self._ask(ask)

    def remove(self, service: str, name: str) -> None:
        """Take it away; harmless when it is not there."""

        def ask() -> None:
            import keyring

            if keyring.get_password(service, name) is not None:
                keyring.delete_password(service, name)

        self._ask(ask)

    def _ask(self, ask: Callable[[], T]) -> T:
        from keyring.errors import KeyringError, NoKeyringError

        try:
            return within(self.limit_s, ask, "keyring")
        except NoKeyringError:
            raise Misconfigured(say.NO_RING, say.NO_RING_HINT) from None
        except TimeoutError:
            raise Transient(say.RING_SILENT(limit=self.limit_s), say.RING_SILENT_HINT) from None
        except (KeyringError, RuntimeError, OSError) as error:
            raise Refused(say.RING_FAILED(what=type(error).__name__), say.NO_RING_HINT) from None
