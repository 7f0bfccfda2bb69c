"""What is written when a service's step failed: the service loop catches, this tells.

For: `Runner(service, clock, troubles("web"))` in every process that runs services.
Promises: trouble that passes is a warning, one that a person must look at an error, and what nobody foresaw a critical line.
Refuses: to decide whether the service goes on; its runner tries again after a growing pause.
"""

from __future__ import annotations

from collections.abc import Callable

from onbam.kernel.errors import OnbamError, Transient
from onbam.logs import words
from onbam.logs.voice import get_logger


def troubles(room: str) -> Callable[[str, BaseException], None]:
    """The sink of a room's service errors."""
    log = get_logger(room)

    def tell(name: str, error: BaseException) -> None:
        if isinstance(error, Transient):
            log.warning(error.message, service=name, error=error)
        elif isinstance(error, OnbamError):
            log.error(error.message, service=name, error=error)
        else:
            log.critical(words.SERVICE_BUG(service=name), error=error)

    return tell
