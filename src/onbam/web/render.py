"""Templates become answers.

For: every page and every fragment.
Promises: whatever a person or the outside wrote is escaped, because nothing is marked safe but what this room draws itself; a
fragment is drawn the same for a page and for the live stream; the reader's own form token is put in last.
Refuses: a template that names what it was not given.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from onbam import __version__
from onbam.kernel.words import heard
from onbam.orders.desk_words import ACTS
from onbam.orders.why_figures import step_said
from onbam.people.model import May
from onbam.people.words import ROLES
from onbam.web import times, tokens
from onbam.web import words as say
from onbam.web.assets import STYLE
from onbam.web.entry import LOOK_COOKIE, YEAR_S, Ask, local_path, set_cookie
from onbam.web.house import House
from onbam.web.icons import icon
from onbam.web.nav import entries
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.views.events import TONES, signed
from onbam.web.views.fleet import drawn_beats
from onbam.web.views.sentence import capital

FOLDER: Final = Path(__file__).parent / "templates"
PACK_FROM: Final = 2048
PACK_LEVEL: Final = 4
AGES: Final = re.compile(r'(data-(?:ago|left)="\d+">)[^<]*')
SUBJECT: Final = re.compile(r"{(\w+)}")
STORY_SIGNS: Final = {"evidence": "orders", "effect": "swap", "item": "processing"}
ACT_ICONS: Final = {
    "retry": "retry",
    "hold": "hold",
    "unhold": "play",
    "cancel": "cancel",
    "there": "there",
    "not_there": "not_there",
}
_environment: Final = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def _given(seen: Seen) -> dict[str, Any]:
    """What every template may use."""
    return {
        "seen": seen,
        "t": seen.t,
        "heard": heard,
        "w": say,
        "icon": icon,
        "asset": seen.house.assets.path,
        "clock": partial(times.clock, seen),
        "ago": partial(times.ago, seen),
        "left": partial(times.left, seen),
        "span": partial(times.span, seen),
        "exact_span": partial(times.exact_span, seen),
        "full": partial(times.full, seen),
        "number": times.number,
        "size": times.size,
        "form_token": seen.house.form_place,
        "ring_share": partial(ring_share, seen),
        "act_words": ACTS,
        "capital": capital,
        "act_icons": ACT_ICONS,
        "story_sign": story_sign,
        "step": step_said,
        "who": signed,
        "figure": times.figure,
        "drawn_beats": drawn_beats,
    }


def story_sign(what: str) -> str:
    """The sign of a line of a story."""
    return TONES.get(what) or STORY_SIGNS.get(what.partition(".")[0], "info")


def ring_share(seen: Seen, until_ms: int, length_ms: int) -> float:
    """How much of a lease is left, in hundredths."""
    return round(max(0.0, min(1.0, (until_ms - seen.now_ms) / max(1, length_ms))) * 100, 1)


def page_words(seen: Seen) -> str:
    """What the page's own script says."""
    texts = {
        "seconds": say.SECONDS,
        "minutes": say.MINUTES,
        "hours": say.HOURS,
        "days": say.DAYS,
        "ago": say.AGO,
        "just": say.JUST_NOW,
        "fresh": say.FRESH,
        "lost": say.LOST,
        "lostShort": say.LOST_SHORT,
        "unopened": say.UNOPENED,
        "unsure": say.UNSURE,
    }
    words = {name: text.to(seen.lang) for name, text in texts.items()}
    return json.dumps({**words, "zone": str(seen.zone)}, ensure_ascii=False)


def drawn(seen: Seen, template: str, values: Mapping[str, Any]) -> str:
    """A template with its values; the place of the form token is still open."""
    return _environment.get_template(template).render({**_given(seen), **values})


def fragment(seen: Seen, page: Page) -> str:
    """What changes of a page, and how many things need somebody."""
    count = f'<data id="needs-count" value="{seen.house.needing()}" hidden></data>' if May.LOOK in seen.may else ""
    return drawn(seen, f"live/{page.name}.html", page.build(seen)) + count


def page_answer(ask: Ask, page: Page) -> Response:
    """A whole page, or only what changes of it when that was asked for."""
    seen = ask.seen()
    inside = Markup(fragment(seen, page))  # noqa: S704 -- drawn by a template, which escaped it
    if ask.partial and not ask.request.headers.get("hx-boosted"):
        return answer(ask, inside)
    extra = page.around(ask, seen) if page.around is not None else {}
    return whole(ask, seen, page.template, {**extra, "inside": inside, "page": page}, title=_title(seen, page))


def _title(seen: Seen, page: Page) -> str:
    """What a tab is called: a page about one thing begins with its name."""
    about = [seen.param(name) for name in SUBJECT.findall(page.path)]
    return " · ".join([*about, seen.t(page.title)])


def whole(ask: Ask, seen: Seen, template: str, values: Mapping[str, Any], *, title: str, status: int = 200) -> Response:
    """A page with everything around it."""
    frame = {
        "ask": ask,
        "nonce": ask.nonce,
        "title": title,
        "version": __version__,
        "nav": entries(seen, ask.request.url.path),
        "page": None,
        "live_url": "",
        "mark": "",
        "roles": ROLES,
        "here": local_path(here(ask)),
        "page_words": partial(page_words, seen),
        "needs_badge": partial(_badge, seen),
        "look": _look(ask),
    }
    page = values.get("page")
    if isinstance(page, Page) and page.live and seen.at_ms is None:
        frame["live_url"] = live_url(page, seen)
        frame["mark"] = f"{mark_of(str(values['inside']))}.{seen.now_ms}"
    return answer(ask, drawn(seen, template, {**frame, **values}), status)


def _look(ask: Ask) -> Markup | None:
    """The style itself for a browser that was not here since it changed: nothing is painted before it has come. Later ones have
    the file.
    """
    style = ask.house.assets.named(STYLE)
    if ask.request.cookies.get(LOOK_COOKIE) == style.digest:
        return None
    set_cookie(ask.request, LOOK_COOKIE, style.digest, max_age=YEAR_S)
    return Markup(style.body.decode())  # noqa: S704 -- a file of ours


def here(ask: Ask) -> str:
    """This very page."""
    url = ask.request.url
    return f"{url.path}?{url.query}" if url.query else url.path


def _badge(seen: Seen) -> str:
    if May.LOOK not in seen.may:
        return ""
    return str(seen.house.needing() or "")


def mark_of(html: str) -> str:
    """Of what a view says; ages count by themselves and are no news."""
    return hashlib.sha256(AGES.sub(r"\1", html).encode()).hexdigest()[:16]


def live_url(page: Page, seen: Seen) -> str:
    """Where the stream of this very view is."""
    query = urlencode(sorted(seen.params.items()))
    return f"/live/{page.name}?{query}" if query else f"/live/{page.name}"


def answer(ask: Ask, html: str, status: int = 200) -> Response:
    """Out it goes: with the reader's own form token, packed when that is worth it."""
    body = own(ask.house, html, ask.visitor.handle if ask.visitor else "").encode()
    headers = {"content-language": ask.lang, "vary": "cookie, accept-encoding, hx-request"}
    if len(body) >= PACK_FROM and "gzip" in ask.request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, PACK_LEVEL, mtime=0)
        headers["content-encoding"] = "gzip"
    return HTMLResponse(body, status, headers)


def own(house: House, html: str, handle: str) -> str:
    """With the form token of whoever reads it."""
    return html.replace(house.form_place, tokens.form_token(handle)) if house.form_place in html else html
