"""Asks something that may never answer, and goes on.

For: key rings of the operating system, checks of `onbam doctor`: foreign code that can block for ever.
Promises: the caller is back within the limit, with the answer, the error, or `TimeoutError`.
Refuses: to stop what hangs: its thread is left behind (it is a daemon and ends with the process).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


def within(limit_s: float, ask: Callable[[], T], name: str = "bounded") -> T:
    """The answer, when it comes in time."""
    return Asked(ask, name).answer(limit_s)


class Asked(Generic[T]):
    """A question under way; ask several first, collect them after."""

    def __init__(self, ask: Callable[[], T], name: str = "bounded") -> None:
        self._answers: list[T] = []
        self._errors: list[BaseException] = []
        self._ask = ask
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._answers.append(self._ask())
        except BaseException as error:  # noqa: BLE001 -- handed to the caller's thread, where it is raised again
            self._errors.append(error)

    def answer(self, limit_s: float) -> T:
        """Wait for it; raises what was raised, or `TimeoutError`."""
        error = self.error(limit_s)
        if error is not None:
            raise error
        return self._answers[0]

    def error(self, limit_s: float) -> BaseException | None:
        """Wait for it; what went wrong, as a value."""
        self._thread.join(limit_s)
        if self._errors:
            return self._errors[0]
        return None if self._answers else TimeoutError(f"no answer within {limit_s:g} s")
