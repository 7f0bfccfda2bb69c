"""The quotas: reads and writes in a minute, for each user and for each project.

For: finding out early whether many PCs on one account fit into what Google gives.
Promises: a window that slides over the last 60 seconds of the clock that was passed in; a refused request does not count.
Refuses: with 429 and Google's own body.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from onbam_sims.sheets.refusal import Refusal, quota_exceeded

WINDOW_S = 60.0
PER_USER = 60
PER_PROJECT = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests in a minute, of each kind; `None` is no limit."""

    per_user: int | None = PER_USER
    per_project: int | None = PER_PROJECT


UNLIMITED = Limits(None, None)


class Quota:
    """Counts requests."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._seen: dict[tuple[str, bool], deque[float]] = {}

    def take(self, now: float, user: str, project: str, project_number: int, *, write: bool) -> None:
        """Count one request, or refuse it."""
        limits = self.limits
        if limits.per_user is None and limits.per_project is None:
            return
        by_user = self._window(f"user {user}", now, write=write)
        by_project = self._window(f"project {project}", now, write=write)
        if limits.per_user is not None and len(by_user) >= limits.per_user:
            raise self.refusal(project_number, write=write, per_user=True)
        if limits.per_project is not None and len(by_project) >= limits.per_project:
            raise self.refusal(project_number, write=write, per_user=False)
        by_user.append(now)
        by_project.append(now)

    def _window(self, who: str, now: float, *, write: bool) -> deque[float]:
        seen = self._seen.setdefault((who, write), deque())
        while seen and seen[0] <= now - WINDOW_S:
            seen.popleft()
        return seen

    def refusal(self, project_number: int, *, write: bool, per_user: bool) -> Refusal:
        """The answer to one request too many."""
        kind = "Write" if write else "Read"
        tail, name = (" per user", "PerUser") if per_user else ("", "PerProject")
        value = (self.limits.per_user if per_user else self.limits.per_project) or 0
        return quota_exceeded(
            f"{kind} requests", f"{kind} requests per minute{tail}", f"{kind}RequestsPerMinute{name}", value, project_number
        )
