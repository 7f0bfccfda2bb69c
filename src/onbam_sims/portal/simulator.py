"""The supplier's dealer site as a real server: log-in, ledger, documents, and the ways it misbehaves.

For: the portal connector's contract tests, the demo, and anyone who wants to look at such a site in a browser.
Promises: everything follows from the seed, the options and the clock that is passed in; the truth is at `/_sim/state` and in
`orders`; a fault never changes the truth, only what is shown of it.
Refuses: a page without a session, a document asked for under the wrong kind, a log-in after too many wrong passwords.
"""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from http.cookies import SimpleCookie
from typing import Any, ClassVar, Final

from onbam_sims.faults import Fault
from onbam_sims.portal import pages
from onbam_sims.portal.document import document_page, no_document_page
from onbam_sims.portal.encoding import Encoding, encode, query_of, read_pairs
from onbam_sims.portal.orders import KINDS, Order, OrderBook, Plan
from onbam_sims.portal.pages import Layout, View
from onbam_sims.server import Request, Response, Simulator, spoken

KST: Final = timezone(timedelta(hours=9))
COOKIE: Final = "JSESSIONID"
DEFAULT_WINDOW: Final = timedelta(days=7)
FOR_EVER: Final = date(9999, 12, 31)
MEGABYTE: Final = 1024 * 1024
CODE_COLUMNS: Final = ("코드", "색상", "품명", "규격", "비고", "단위")
ANY_NOTE: Final = "%"
"""In a code book: whatever stands there."""
LOGGED_OUT_STYLES: Final = ("page", "redirect", "script")


class PortalSimulator(Simulator):
    """One dealer site with one dealer."""

    NAME: ClassVar[str] = "portal"
    FAULTS: ClassVar[Mapping[str, str]] = {
        "slow": "waits `seconds` (2) before it answers; on: ledger | document | login",
        "drip": "sends the answer in small pieces, `seconds` (0.2) apart; on: ledger | document",
        "error_500": "answers the servlet engine's 500 page; on: ledger | document | login",
        "logged_out": "forgets the session in the middle, in the `style` page | redirect | script; on: ledger | document",
        "broken_layout": "shows a new design nobody was told about; on: ledger | document",
        "missing_column": "prints the document without its `column` (금액)",
        "truncated": "ends the page after the `share` (0.5) of its bytes, with an honest length; on: ledger | document",
        "cut": "breaks the connection after the `share` (0.5) of the announced bytes; on: ledger | document",
        "reset": "resets the connection instead of answering; on: ledger | document | login",
        "wrong_total": "prints a 합계 that is 1,000 won off",
        "other_document": "sends the document of another order",
        "huge": "pads the page to `megabytes` (50); on: ledger | document",
        "garbled": "damages some bytes so that no encoding fits; on: ledger | document",
        "duplicate_rows": "lists every order of the page twice",
        "messy_numbers": "writes order numbers with spaces and line breaks",
        "ignored_window": "lists all days, whatever was asked",
        "empty_ledger": "says there are no orders although there are",
    }

    def __init__(
        self,
        *,
        seed: int = 0,
        plan: Plan | None = None,
        layout: Layout = "date",
        encoding: Encoding = "euc-kr",
        document_encoding: Encoding | None = None,
        user: str = "onbam",
        password: str = "night-desk",  # noqa: S107 -- the simulator's own door
        session_minutes: float = 30.0,
        logged_out_style: str = "page",
        lock_after: int = 5,
        page_size: int = 20,
        today: date | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(seed=seed, now=now)
        self.layout: Layout = layout
        self.encoding: Encoding = "euc-kr" if encoding == "mhtml" else encoding
        """Only documents are ever archives; a site does not serve its ledger so."""
        self.document_encoding: Encoding = document_encoding or encoding
        self.user, self.password = user, password
        self.session_s = session_minutes * 60
        self.logged_out_style = logged_out_style
        self.lock_after = lock_after
        self.page_size = page_size
        started = now()
        self.today = today or datetime.fromtimestamp(started, UTC).astimezone(KST).date()
        self.book = OrderBook(plan or Plan(), seed, self.today, started)
        self.logins = self.wrong_passwords = self._wrong_in_a_row = self._session_count = 0
        self.documents_served: Counter[str] = Counter()
        self.ledger_views = 0
        self._sessions: dict[str, float] = {}
        self._add_routes()

    # -- the truth ------------------------------------------------------------------------------------------------------

    @property
    def orders(self) -> list[Order]:
        """Every order, also those still to come, as it stands now."""
        with self.lock:
            return self.book.at(self.now())

    def state(self) -> dict[str, Any]:
        """The truth, for tests and people."""
        now = self.now()
        with self.lock:
            orders = self.book.at(now)
            return {
                **super().state(),
                "layout": self.layout,
                "encoding": self.encoding,
                "document_encoding": self.document_encoding,
                "now": now,
                "today": self.today.isoformat(),
                "counts": {
                    "orders": len(orders),
                    "arrived": sum(o.arrives_at <= now for o in orders),
                    **{state: sum(o.state == state for o in orders) for state in ("출하", "수정", "취소")},
                },
                "logins": self.logins,
                "wrong_passwords": self.wrong_passwords,
                "sessions": len(self._sessions),
                "ledger_views": self.ledger_views,
                "documents_served": dict(self.documents_served),
                "orders": [order.as_json(now) for order in orders],
            }

    def expire_sessions(self) -> None:
        """Everybody is logged out."""
        with self.lock:
            self._sessions.clear()

    # -- routes ---------------------------------------------------------------------------------------------------------

    def _add_routes(self) -> None:
        self.route("GET", r"/", lambda _: Response.redirect(pages.MAIN))
        self.route("GET", pages.MAIN, self._main)
        self.route("POST", pages.LOGIN, self._login)
        self.route("GET", pages.LOGOUT, self._logout)
        self.route("GET", pages.LEDGER, self._ledger)
        self.route("GET", pages.DOCUMENT, self._document)
        self.route("GET", r"/_sim/orders", lambda _: Response.of_json(self.state()["orders"]))
        self.route("POST", r"/_sim/orders", self._change_orders)
        self.route("POST", r"/_sim/expire", self._expire)
        self.route("GET", r"/_sim/catalogue", self._catalogue)
        self.route("GET", r"/_sim/codes\.csv", self._codes)

    def _main(self, request: Request) -> Response:
        user = self._session_of(request)
        return self._page(pages.main_page(user) if user else pages.login_page())

    def _login(self, request: Request) -> Response:
        broken = self._broken(request, "login")
        if broken is not None:
            return broken
        form = read_pairs(request.body.decode("ascii", "replace"))
        with self.lock:
            if self._wrong_in_a_row >= self.lock_after:
                return self._page(pages.login_page(f"비밀번호 {self.lock_after}회 오류로 사용이 중지되었습니다."))
            if (form.get("user_id"), form.get("user_pw")) != (self.user, self.password):
                self.wrong_passwords += 1
                self._wrong_in_a_row += 1
                return self._page(pages.login_page("아이디 또는 비밀번호가 일치하지 않습니다."))
            self._wrong_in_a_row = 0
            self.logins += 1
            self._session_count += 1
            name = f"{self.chance.getrandbits(64):016X}{self._session_count:04X}.oms1"
            self._sessions[name] = self.now()
        return Response.redirect(pages.MAIN, {"Set-Cookie": f"{COOKIE}={name}; Path=/; HttpOnly"})

    def _logout(self, request: Request) -> Response:
        with self.lock:
            self._sessions.pop(_cookie(request), None)
        return Response.redirect(pages.MAIN)

    def _ledger(self, request: Request) -> Response:
        if not self._session_of(request):
            return self._logged_out()
        broken = self._broken(request, "ledger")
        if broken is not None:
            return broken
        now, query = self.now(), query_of(request.target)
        since = _day(query.get("sdate")) or self.today - DEFAULT_WINDOW
        until = _day(query.get("edate")) or FOR_EVER
        kind = query.get("younglim_gubun", KINDS[0])
        with self.lock:
            self.ledger_views += 1
            found = [o for o in self.book.visible(now, kind) if since <= o.date <= until]
        if self._strikes("ignored_window", "ledger"):
            found = self.book.visible(now, kind)
        if self._strikes("empty_ledger", "ledger"):
            found = []
        view = self._view(found, kind, since, min(until, self.today), query.get("page", "1"))
        if self._strikes("duplicate_rows", "ledger"):
            view = View(**{**_fields(view), "rows": [o for o in view.rows for _ in range(2)]})
        messy = self._strikes("messy_numbers", "ledger") is not None
        return self._spoil(pages.ledger_page(self.user, view, self.layout, messy=messy), "ledger", self.encoding)

    def _document(self, request: Request) -> Response:
        if not self._session_of(request):
            return self._logged_out()
        broken = self._broken(request, "document")
        if broken is not None:
            return broken
        query, now = query_of(request.target), self.now()
        with self.lock:
            order = self.book.find(query.get("chulhano", ""), now)
            if order is None or order.kind != query.get("younglim_gubun"):
                return self._page(no_document_page())
            self.documents_served[order.number] += 1
            if self._strikes("other_document", "document"):
                order = next((o for o in self.book.visible(now, order.kind) if o.number != order.number), order)
        wrong = self._strikes("wrong_total", "document") is not None
        missing = self._strikes("missing_column", "document")
        column = "" if missing is None else str(missing.get("column", "금액"))
        html = document_page(order, wrong_total=wrong, without_column=column)
        return self._spoil(html, "document", self.document_encoding)

    def _change_orders(self, request: Request) -> Response:
        """`{"action": "add" | "edit" | "cancel" | "restore", "number": …, "kind": …, "lines": […]}`."""
        try:
            wanted = request.json()
            action, number, lines = wanted.get("action"), str(wanted.get("number", "")), wanted.get("lines", [])
            acts: dict[str, Callable[[float], Order]] = {
                "add": lambda at: self.book.add(at, number=number, kind=wanted.get("kind", KINDS[0]), lines=lines),
                "edit": lambda at: self.book.edit(number, at, lines),
                "cancel": lambda at: self.book.cancel(number, at),
                "restore": lambda at: self.book.restore(number, at),
            }
            if action not in acts:
                return Response.of_json({"error": f"action must be one of {', '.join(acts)}"}, 400)
            act = acts[action]
            with self.lock:
                now = self.now()
                self.book.at(now)  # what was planned for earlier happens first
                order = act(now)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            return Response.of_json({"error": spoken(error)}, 400)
        return Response.of_json(order.as_json(self.now()))

    def _expire(self, _request: Request) -> Response:
        self.expire_sessions()
        return Response.of_json({"sessions": 0})

    def _catalogue(self, _request: Request) -> Response:
        """What the supplier sells, with the shop's codes: the demo's code book comes from here."""
        names = ("code", "color", "name", "spec", "unit", "kind", "note")
        products = [{**{n: getattr(p, n) for n in names}, "price": str(p.price)} for p in self.book.products]
        return Response.of_json(products)

    def _codes(self, _request: Request) -> Response:
        """The same as the shop's own code book: what a person would have written in Excel."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(CODE_COLUMNS)
        writer.writerows((p.code, p.color, p.name, p.spec, ANY_NOTE, p.unit) for p in self.book.products)
        return Response(200, out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8")

    # -- sessions -------------------------------------------------------------------------------------------------------

    def _session_of(self, request: Request) -> str:
        """The user of a live session, which this keeps alive; empty when there is none."""
        name, now = _cookie(request), self.now()
        with self.lock:
            used = self._sessions.get(name)
            if used is None or now - used > self.session_s:
                self._sessions.pop(name, None)
                return ""
            self._sessions[name] = now
        return self.user

    def _logged_out(self, style: str = "") -> Response:
        """What a page shows to someone without a session."""
        style = style or self.logged_out_style
        if style == "redirect":
            return Response.redirect(pages.MAIN)
        return self._page(pages.goodbye_script() if style == "script" else pages.login_page())

    # -- faults ---------------------------------------------------------------------------------------------------------

    def _strikes(self, name: str, where: str) -> Fault | None:
        """Draw for a fault, unless it is meant for another page."""
        return self.faults.strike(name, when=lambda fault: fault.get("on", where) == where)

    def _broken(self, request: Request, where: str) -> Response | None:
        """The faults that come before the page."""
        if fault := self._strikes("slow", where):
            self.pause(float(fault.get("seconds", 2.0)))
        if self._strikes("reset", where):
            return Response(reset=True)
        if self._strikes("error_500", where):
            return self._page(pages.error_page(500), status=500)
        if where == "login":
            return None
        if fault := self._strikes("logged_out", where):
            with self.lock:
                self._sessions.pop(_cookie(request), None)
            return self._logged_out(str(fault.get("style", "")))
        if self._strikes("broken_layout", where):
            return self._page(pages.moved_page())
        return None

    def _spoil(self, html: str, where: str, encoding: Encoding) -> Response:
        """The page as bytes, with the faults that happen to bytes."""
        page = encode(html, encoding)
        body = page.body
        if fault := self._strikes("huge", where):
            body = _padded(body, int(float(fault.get("megabytes", 50)) * MEGABYTE))
        if self._strikes("garbled", where):
            body = body[: len(body) // 3] + b"\x80\xff\xfe\x80" * 8 + body[len(body) // 3 :]
        if fault := self._strikes("truncated", where):
            body = body[: int(len(body) * float(fault.get("share", 0.5)))]
        if fault := self._strikes("cut", where):
            return Response(200, body, page.content_type, cut=int(len(body) * float(fault.get("share", 0.5))))
        drip = self._strikes("drip", where)
        return Response(200, body, page.content_type, drip_s=0.0 if drip is None else float(drip.get("seconds", 0.2)))

    # -- small things ---------------------------------------------------------------------------------------------------

    def _page(self, html: str, status: int = 200) -> Response:
        page = encode(html, self.encoding)
        return Response(status, page.body, page.content_type)

    def _view(self, found: list[Order], kind: str, since: date, until: date, asked: str) -> View:
        pages_ = max(1, -(-len(found) // self.page_size))
        page = min(max(1, int(asked) if asked.isdecimal() else 1), pages_)
        rows = found[(page - 1) * self.page_size : page * self.page_size]
        quantity = sum((o.quantity for o in found), Decimal(0))
        total = sum((o.total for o in found), Decimal(0))
        return View(kind, since, until, page, pages_, rows, len(found), quantity, total)


def _cookie(request: Request) -> str:
    """The session's name as the caller knows it."""
    cookie = SimpleCookie(request.headers.get("cookie", ""))
    return cookie[COOKIE].value if COOKIE in cookie else ""


def _day(text: str | None) -> date | None:
    """A date of the search form, with or without dashes."""
    for form in ("%Y-%m-%d", "%Y%m%d", "%y-%m-%d"):
        try:
            return datetime.strptime(text or "", form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _padded(body: bytes, size: int) -> bytes:
    """A page that grew: a comment in the middle of the markup."""
    end = body.rfind(b"</body>")
    missing = max(0, size - len(body))
    return body[:end] + b"<!--" + b"x" * missing + b"-->" + body[end:]


def _fields(view: View) -> dict[str, Any]:
    return {name: getattr(view, name) for name in View.__dataclass_fields__}
