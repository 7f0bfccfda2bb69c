"""Who asks: by a session's cookie or a program's key, and whether they may.

For: every route, as a dependency.
Promises: an act needs three things: a right, a request that came from our own page (the browser says so), and the session's
form token; a key needs its scope. A page without a session leads to the log-in and back.
Refuses: an act by GET; a cookie for a program, a key in an address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import quote, urlsplit

from fastapi import Request

from onbam.kernel.words import LANGS, Lang
from onbam.people.model import May, Person
from onbam.web import tokens
from onbam.web.doors import SAFE
from onbam.web.house import House
from onbam.web.proxies import address_behind
from onbam.web.seen import Seen
from onbam.web.trouble import Forbidden, LoginNeeded

FORM_FIELD: Final = "form_token"
FORM_HEADER: Final = "x-form-token"
LANG_COOKIE: Final = "onbam_lang"
THEME_COOKIE: Final = "onbam_theme"
LOOK_COOKIE: Final = "onbam_look"
"""Which style this browser was sent."""
THEMES: Final = ("auto", "day", "night")
YEAR_S: Final = 365 * 86_400
MONTHS_S: Final = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who came in."""

    person: Person
    may: frozenset[May]
    handle: str = ""
    """The session's; empty for a program with a key."""
    key_name: str = ""

    @property
    def who(self) -> str:
        """How the journal names them: a key by its maker and its own name."""
        return f"{self.person.who}/{self.key_name}" if self.key_name else self.person.who


class Ask:
    """One request, with who asks."""

    def __init__(self, request: Request, house: House, visitor: Visitor | None) -> None:
        self.request = request
        self.house = house
        self.visitor = visitor

    @property
    def known(self) -> Visitor:
        """Who asks, where somebody must."""
        assert self.visitor is not None, "the route let nobody in"
        return self.visitor

    @property
    def nonce(self) -> str:
        """Of this answer's policy."""
        return str(self.request.state.nonce)

    @property
    def partial(self) -> bool:
        """Whether a part of a page is asked for."""
        return self.request.headers.get("hx-request") == "true"

    @cached_property
    def lang(self) -> Lang:
        """Chosen in the page, else as the installation speaks, else as the browser does."""
        chosen = self.request.cookies.get(LANG_COOKIE)
        setting = self.house.onbam.settings.app.language
        asked = self.request.headers.get("accept-language", "")[:2].lower()
        return next((lang for one in (chosen, setting, asked) for lang in LANGS if lang == one), self.house.lang)

    @cached_property
    def theme(self) -> str:
        """Day, night, or as the system."""
        chosen = self.request.cookies.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else THEMES[0]

    def seen(self, now_ms: int | None = None) -> Seen:
        """What this reader sees; a parameter of the path wins over one of the query."""
        return self._seen({**self.request.query_params, **{k: str(v) for k, v in self.request.path_params.items()}}, now_ms)

    def seen_by_query(self) -> Seen:
        """The same, where the path names the view and not what it shows."""
        return self._seen(dict(self.request.query_params), None)

    def seen_as(self, params: Mapping[str, str]) -> Seen:
        """The same for other parameters than the address has."""
        return self._seen(params, None)

    def _seen(self, params: Mapping[str, str], now_ms: int | None) -> Seen:
        may = self.visitor.may if self.visitor else frozenset[May]()
        return Seen(self.house, self.lang, may, self.house.now_ms() if now_ms is None else now_ms, params)

    @property
    def address(self) -> str:
        """Where the request came from."""
        peer = self.request.client.host if self.request.client else ""
        return address_behind(peer, self.request.headers.getlist("x-forwarded-for"), self.house.proxies)

    @property
    def browser(self) -> str:
        """What the browser calls itself."""
        return self.request.headers.get("user-agent", "")


def ask_of(request: Request) -> Ask:
    """Who asks, if anybody; a session is used, and what opens it may be exchanged."""
    house: House = request.app.state.house
    return Ask(request, house, visitor_of(request, house))


def visitor_of(request: Request, house: House, *, used: bool = True) -> Visitor | None:
    """By key or by cookie."""
    header = request.headers.get("authorization", "")
    scheme, _, opens = header.partition(" ")
    if scheme.lower() == "bearer":
        found = house.people.by_key(opens.strip())
        return None if found is None else Visitor(found[1], found[0].may(found[1]), key_name=found[0].name)
    opens = request.cookies.get(house.cookie, "")
    if not opens:
        return None
    known = house.people.session(opens, used=used)
    if known is None:
        return None
    session, fresh = known
    if fresh is not None:
        set_cookie(request, house.cookie, fresh, max_age=MONTHS_S)
    return Visitor(session.person, session.person.may, session.handle)


def needs(*rights: May) -> Callable[[Request], Ask]:
    """A dependency: somebody who has one of these rights, and for an act whatever an act needs."""

    def checked(request: Request) -> Ask:
        ask = ask_of(request)
        if ask.visitor is None:
            raise LoginNeeded(came_from(request))
        if not ask.visitor.may & frozenset(rights):
            raise Forbidden(ask.visitor.person.role.value)
        if request.method not in SAFE and ask.visitor.handle:
            from_here(request, ask.house)
        return ask

    return checked


def came_from(request: Request) -> str:
    """The page to return to after the log-in: never another site."""
    url = request.url
    if request.method not in SAFE or url.path.startswith(("/live", "/api", "/acts")):
        parts = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer") or "/")
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return f"{url.path}?{url.query}" if url.query else url.path


def local_path(given: str) -> str:
    """A path on this site, else the first page."""
    good = given.startswith("/") and not given.startswith(("//", "/\\")) and not any(ord(c) < 32 for c in given)
    return given if good else "/"


def from_here(request: Request, house: House) -> None:
    """A browser says from which site a request comes; one that does not say must send the origin."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Forbidden("another site")
        return
    origin = request.headers.get("origin")
    if origin is not None:
        ours = {request.headers.get("host", ""), urlsplit(house.onbam.settings.web.public_url).netloc}
        if urlsplit(origin).netloc not in ours:
            raise Forbidden("another site")


def check_form(ask: Ask, given: str) -> None:
    """The session's own form token."""
    if ask.visitor is not None and ask.visitor.handle and not tokens.fits(ask.visitor.handle, given):
        raise Forbidden("an old page")


def set_cookie(request: Request, name: str, value: str, *, max_age: int, script: bool = False) -> None:
    """On the answer of this request; `script`: a choice of looks, which the page itself may read."""
    house: House = request.app.state.house
    cookie: SimpleCookie = SimpleCookie({name: value})
    cookie[name]["path"] = "/"
    cookie[name]["samesite"] = "Lax"
    cookie[name]["max-age"] = max_age
    if not script:
        cookie[name]["httponly"] = True
    if house.https:
        cookie[name]["secure"] = True
    waiting: list[str] = request.scope["state"].setdefault("cookies", [])
    waiting.append(cookie[name].OutputString())


def with_return(path: str) -> str:
    """The log-in's address, with the way back."""
    return f"/login?next={quote(path, safe='/')}"


def one_of(given: str, options: Iterable[str], default: str) -> str:
    """A choice among few."""
    return given if given in set(options) else default
