"""Runs every check at once and waits for none for ever.

For: `onbam doctor`, the support bundle, the daily report.
Promises: back within the limit whatever hangs; a check that raises, hangs or says nothing is a `bad` finding of its own name.
Refuses: to stop at the first trouble.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from onbam.care import words as say
from onbam.kernel.bounded import Asked
from onbam.kernel.checks import Check, Finding, State, bad
from onbam.kernel.clock import Clock
from onbam.kernel.errors import OnbamError
from onbam.kernel.redact import Redactor

WORST: Final[tuple[State, ...]] = ("ok", "warn", "bad")


def examine(checks: Mapping[str, Check], limit_s: float, clock: Clock) -> list[Finding]:
    """What every check found, in the order of the checks."""
    asked = {name: Asked(lambda check=check: list(check()), f"check-{name}") for name, check in checks.items()}  # type: ignore[misc]
    deadline = clock.monotonic() + limit_s
    found: list[Finding] = []
    for name, question in asked.items():
        left = max(deadline - clock.monotonic(), 0.0)
        error = question.error(left)
        found += question.answer(0) if error is None else [_failed(name, error, limit_s)]
    return found


def _failed(name: str, error: BaseException, limit_s: float) -> Finding:
    """A check that could not look."""
    if isinstance(error, TimeoutError):
        return bad(name, say.CHECK_HUNG, say.CHECK_HUNG_FIX, limit=limit_s)
    if isinstance(error, OnbamError):
        hint = error.hint if error.hint.to("en") else say.CHECK_FAILED_FIX()
        return Finding(name, "bad", error.message, hint)
    return bad(name, say.CHECK_FAILED, say.CHECK_FAILED_FIX, what=f"{type(error).__name__}: {error}")


def worst(findings: list[Finding]) -> State:
    """How the whole is: as its worst part."""
    return max((finding.state for finding in findings), key=WORST.index, default="ok")


def as_data(findings: list[Finding], redactor: Redactor) -> dict[str, Any]:
    """For scripts and the bundle: both languages, no secret."""

    def both(said: Any) -> dict[str, str] | None:
        return {lang: redactor.text(text) for lang, text in said.both().items()} if said is not None else None

    rows = [{"name": f.name, "state": f.state, "text": both(f.text), "fix": both(f.fix)} for f in findings]
    return {"state": worst(findings), "findings": rows}
