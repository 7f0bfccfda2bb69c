"""Who may come in, and which programs hold a key; one's own account.

For: administrators; everybody for themselves.
Promises: what opens a door is shown once, when it is made, and never again.
Refuses: passwords.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from onbam.people.model import May, Role, Scope
from onbam.people.words import ROLE_MEANS, ROLES, SCOPES
from onbam.web import door_words, words
from onbam.web import house_words as say
from onbam.web.page import Page
from onbam.web.seen import Seen

if TYPE_CHECKING:
    from onbam.web.entry import Ask

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Whale", "Whale"),
    ("KAKAOTALK", "KakaoTalk"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""Signs in what a browser calls itself, the narrower first: nearly all of them claim to be several."""
AGENT_MAX: Final = 40


def build(seen: Seen) -> Mapping[str, Any]:
    """Everybody, and every key."""
    people = seen.house.people
    return {
        "s": say,
        "people": people.everybody(),
        "keys": people.live_keys(),
        "roles": ROLES,
        "means": ROLE_MEANS,
        "scopes": SCOPES,
        "Role": Role,
        "Scope": Scope,
    }


def mine(_: Seen) -> Mapping[str, Any]:
    """Nothing here changes by itself."""
    return {"s": door_words}


def _around(ask: Ask, _: Seen) -> Mapping[str, Any]:
    handle = ask.known.handle
    sessions = ask.house.people.sessions_of(ask.known.person)
    return {
        "s": door_words,
        "sessions": sessions,
        "browser": browser_said,
        "handle": handle,
        "roles": ROLES,
        "means": ROLE_MEANS,
    }


def browser_said(agent: str) -> str:
    """A browser as people call it: `Chrome · Windows`; what it calls itself where nobody knows it."""
    known = [next((name for sign, name in table if sign in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in known if name) or agent[:AGENT_MAX]


PAGE: Final = Page("people", "/people", words.PEOPLE, build, rights=(May.GOVERN,), live=False)
ME: Final = Page("me", "/me", words.ACCOUNT, mine, rights=tuple(May), live=False, template="me.html", around=_around)
