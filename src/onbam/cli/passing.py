"""What a glance at the programs also has to say: the stops that hold this PC, and what urgently needs a person.

For: `onbam ps`, `onbam up`.
Promises: asked in passing: nothing is made or started for it, and a database that does not answer keeps nobody from seeing what
runs; what the rows of the programs say anyhow is not said twice.
Refuses: "all is well" where a person is waited for: programs can run and get nothing done.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from onbam.cli import guard_words as say
from onbam.cli.app import App
from onbam.cli.pause import stops_here
from onbam.kernel.errors import OnbamError
from onbam.kernel.words import Said, spoken

if TYPE_CHECKING:
    from onbam.notices.model import Notice
    from onbam.orders.pauses import Pause

LIMIT_S: Final = 3.0
"""What runs is worth saying without the rest."""
OF_PROGRAMS: Final = "process."
"""How the keys of the guard's own notices begin: their rows tell the same."""


@dataclass(frozen=True, slots=True)
class Passing:
    """As of this moment."""

    stops: Sequence[tuple[Said, Said]] = ()
    """Each with what lifts it."""
    urgent: Sequence[Notice] = ()

    def stops_json(self) -> list[dict[str, Any]]:
        """For scripts."""
        return [{"why": why.both(), "lift": lift.both()} for why, lift in self.stops]

    def urgent_json(self) -> list[dict[str, Any]]:
        """For scripts."""
        return [{"key": one.key, "title": dict(one.title), "advice": dict(one.advice)} for one in self.urgent]

    @property
    def needs(self) -> Said | None:
        """What needs a person, in one sentence."""
        if not self.urgent:
            return None
        title = spoken(self.urgent[0].title)
        return say.URGENT(title=title) if len(self.urgent) == 1 else say.URGENT_MANY(count=f"{len(self.urgent):,}", title=title)


def in_passing(app: App) -> Passing:
    """Of this PC and its shop."""
    from onbam.kernel.bounded import within
    from onbam.notices.model import Severity

    try:
        by_file = app.onbam.stop_file()
    except OnbamError:  # unreadable settings: that is said where they are needed
        return Passing()
    pauses: Sequence[Pause] = ()
    inbox: Sequence[Notice] = ()
    with suppress(OnbamError, TimeoutError):
        pauses, inbox = within(LIMIT_S, app.onbam.in_passing, "in-passing")
    urgent = [one for one in inbox if one.severity is Severity.URGENT and not one.key.startswith(OF_PROGRAMS)]
    return Passing(stops_here(app.onbam, by_file, pauses), urgent)
