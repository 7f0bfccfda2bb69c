"""Looks whether the robots that are set to run here can work at all.

For: the doctor.
Promises: every setting the order robot lacks is named at once, while nobody has started it yet; a log-in that the other side
refuses is red as long as its notice is open; a PC that runs no order robot is not asked for its settings.
Refuses: to try a log-in: a wrong password tried too often locks the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from onbam.care import words as say
from onbam.kernel.checks import Finding, ok
from onbam.kernel.errors import OnbamError
from onbam.kernel.words import received
from onbam.notices.model import Notice

NAME = "robots"


def robots(
    names: Sequence[str], lacking: Callable[[], OnbamError | None], refused: Callable[[], Iterable[Notice]]
) -> Iterator[Finding]:
    """`names`: the programs that run here; `refused`: open notices of sites that refuse us."""
    why = lacking()
    if why is not None:
        yield Finding(NAME, "bad", why.message, why.hint)
    elif names:
        yield ok(NAME, say.ROBOTS_OK, names=", ".join(names))
    else:
        yield ok(NAME, say.NO_ROBOTS)
    for notice in refused():
        advice = received(notice.advice["ko"], notice.advice["en"])
        yield Finding(f"{NAME}.refused", "bad", received(notice.title["ko"], notice.title["en"])(), advice())
