"""The ERP as a real server: zone, log-in, saving purchases, the two lists, and everything that goes wrong with them.

For: the ERP connector's contract tests, the demo, and the proof that no order stands there twice.
Promises: a request the real service would refuse is refused in the real shape; what is saved is saved before any answer can get
lost; the truth is at `/_sim/slips` and `/_sim/state`; two saves of one order are two slips, because the real one does not look.
Refuses: to answer whether a slip is there: no such call exists.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import InvalidOperation
from typing import Any, ClassVar, Final

from onbam_sims.catalogue import catalogue
from onbam_sims.ecount import export, page, replies
from onbam_sims.ecount.erp import Erp
from onbam_sims.ecount.limits import PER_DAY, Limits
from onbam_sims.ecount.replies import KST
from onbam_sims.ecount.slips import Slip
from onbam_sims.ecount.tenant import Call, Company, Options
from onbam_sims.faults import Fault
from onbam_sims.server import Request, Response, Simulator, spoken

HOST: Final = r"/(sboapi|oapi)([A-Za-z]{0,2})/OAPI/V2/"
"""The real hosts are `oapiCC.ecount.com` and so on; here the host's name is the first folder of the path."""
CALLS_KEPT: Final = 5000
BEFORE: Final = ("lost_request", "reset", "html", "http_500", "limit_412", "limit_302")
AFTER: Final = ("lost_reply", "reset_after", "html_after", "http_500_after", "cut_reply", "garbled_reply")


class EcountSimulator(Simulator):
    """One company's ERP."""

    NAME: ClassVar[str] = "ecount"
    FAULTS: ClassVar[Mapping[str, str]] = {
        "lost_reply": "saves, then ends the connection without an answer; on: save | login | zone | list",
        "lost_request": "ends the connection before anything is saved; on: save | login | zone | list",
        "reset": "resets the connection before anything is saved; on: save | login | zone | list",
        "reset_after": "saves, then resets the connection; on: save | login | zone | list",
        "slow": "waits `seconds` (5) before it does anything; on: save | login | zone | list",
        "slow_reply": "saves, then waits `seconds` (5) before it answers; on: save | login | zone | list",
        "drip": "saves, then answers in small pieces, `seconds` (0.2) apart; on: save | login | zone | list",
        "html": "answers a page instead of JSON and saves nothing; on: save | login | zone | list",
        "html_after": "saves, then answers a page instead of JSON; on: save | login | zone | list",
        "http_500": "answers HTTP `status` (500) and saves nothing; on: save | login | zone | list",
        "http_500_after": "saves, then answers HTTP `status` (500); on: save | login | zone | list",
        "limit_412": "turns the call away as too frequent, with 412; on: save | login | zone | list",
        "limit_302": "turns the call away as too frequent, with a redirect; on: save | login | zone | list",
        "session_expired": "ends the session just before the save, in the `shape` 4010 | error | http-401",
        "partial": "saves some lines of the slip and reports the others as failed",
        "all_failed": "refuses every line with `column` (PROD_CD) and `message`, status 200",
        "cut_reply": "saves, then breaks the connection in the middle of the answer; on: save | login | zone | list",
        "garbled_reply": "saves, then answers JSON that ends too early, with an honest length; on: save | login | zone | list",
        "request_fault": "answers Status 500 with EXP00001 and saves nothing",
        "login_code": "refuses the log-in with `code` (20)",
    }

    def __init__(
        self,
        *,
        seed: int = 0,
        company: Company | None = None,
        options: Options | None = None,
        time_scale: float = 1.0,
        per_day: int = PER_DAY,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(seed=seed, now=now)
        self.company = company or Company()
        self.options = options or Options()
        self.limits = Limits(time_scale, per_day)
        self.erp = Erp(self.company, self.options, self.limits, self.chance, self._strikes)
        self.book = self.erp.book
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self.counts: Counter[str] = Counter()
        self._add_routes()

    # -- the truth ------------------------------------------------------------------------------------------------------

    @property
    def slips(self) -> list[Slip]:
        """What stands in the ERP now."""
        with self.lock:
            return self.book.standing()

    @property
    def duplicates(self) -> dict[str, list[str]]:
        """Keys that stand there more than once."""
        with self.lock:
            return self.book.duplicates()

    def state(self) -> dict[str, Any]:
        """The truth in figures; the slips themselves are at `/_sim/slips`."""
        now = self.now()
        with self.lock:
            slips = self.book.standing()
            keys = Counter(s.key for s in slips)
            return {
                **super().state(),
                "now": now,
                "company": self.company.code,
                "slips": len(slips),
                "lines": sum(len(s.lines) for s in slips),
                "keys": len(keys),
                "by_key": dict(keys),
                "duplicates": self.book.duplicates(),
                "unanswered": [s.number for s in slips if not s.answered],
                "by_person": sum(s.by == "person" for s in slips),
                "supply": str(sum(s.supply for s in slips)),
                "vat": str(sum(s.vat for s in slips)),
                "sessions": len(self.erp.sessions),
                "limits": self.limits.as_json(now),
                "calls": dict(self.counts),
                "last_calls": list(self.calls)[-50:],
            }

    def expire_sessions(self) -> None:
        """Nobody is logged in any more."""
        with self.lock:
            self.erp.sessions.clear()

    # -- routes ---------------------------------------------------------------------------------------------------------

    def _add_routes(self) -> None:
        self.route("POST", HOST + "Zone", lambda r: self._call("zone", r, self.erp.zone))
        self.route("POST", HOST + "OAPILogin", lambda r: self._call("login", r, self.erp.login))
        self.route("POST", HOST + "Purchases/SavePurchases", lambda r: self._call("save", r, self.erp.save))
        self.route("POST", HOST + "Purchases/GetPurchasesOrderList", lambda r: self._call("list", r, self.erp.orders))
        self.route("POST", HOST + "InventoryBasic/GetBasicProductsList", lambda r: self._call("list", r, self.erp.products))
        self.route("GET", r"/slips", self._slips_page)
        self.route("GET", r"/slips/(\d{8}-\d+)", self._slip_page)
        self.route("GET", r"/slips/export\.(xlsx|csv)", self._export)
        self.route("GET", r"/", lambda _: Response.redirect("/slips"))
        self.route("GET", r"/_sim/slips", lambda _: Response.of_json([s.as_json() for s in self._all_slips()]))
        self.route("POST", r"/_sim/slips", self._by_hand)
        self.route("POST", r"/_sim/expire", self._expire)
        self.route("POST", r"/_sim/pardon", self._pardon)

    def not_found(self, path: str) -> Response:
        """Invented calls are answered with a page, as the real service does."""
        return replies.not_found(path)

    def _call(self, kind: str, request: Request, act: Callable[[Request, Any, Call], Response]) -> Response:
        """One call of the interface: what comes before, the act itself, and what happens to the answer."""
        if slow := self._strikes("slow", kind):
            self.pause(float(slow.get("seconds", 5.0)))
            if self.stopping.is_set():
                return Response(drop=True)  # the machine went down while it was thinking
        with self.lock:
            self.counts[kind] += 1
            call = Call(self.counts.total(), kind, self.now(), _caller(request))
        response = self._before(kind) or self._after(kind, self._checked(request, act, call), call)
        with self.lock:
            outcome = {"call": call.number, "kind": kind, "at": call.at, "status": response.status, "outcome": call.outcome}
            self.calls.append({**outcome, "answered": not (response.drop or response.reset), "slips": call.slips})
        return response

    def _checked(self, request: Request, act: Callable[[Request, Any, Call], Response], call: Call) -> Response:
        """The gate: who is banned, what is no JSON."""
        with self.lock:
            if self.limits.banned(call.caller):
                call.outcome = "banned"
                return replies.web_page("접속 차단", "접속이 차단된 IP입니다.", 403)
            if "application/json" not in request.headers.get("content-type", "").lower():
                call.outcome = "unsupported"
                return replies.request_fault("Unsupported Media Type", call.at, 415)
            try:
                body = request.json()
            except (ValueError, RecursionError):
                body = None
            if not isinstance(body, dict):
                call.outcome = "not-json"
                return replies.request_fault("Model validation state error", call.at)
            return act(request, body, call)

    # -- faults ---------------------------------------------------------------------------------------------------------

    def _strikes(self, name: str, kind: str) -> Fault | None:
        """Draw for a fault; without `on` it is meant for saves (and the door for its own)."""
        return self.faults.strike(name, when=lambda f: f.get("on", "login" if name == "login_code" else "save") == kind)

    def _before(self, kind: str) -> Response | None:
        """The faults that strike before anything is done."""
        for name in BEFORE:
            fault = self._strikes(name, kind)
            if fault is None:
                continue
            if name == "http_500":
                return replies.web_page("Error", "Service Unavailable", int(fault.get("status", 500)))
            if name == "html":
                return replies.web_page("점검", "시스템 점검 중입니다.")
            if name.startswith("limit"):
                return replies.over_the_limit(name.removeprefix("limit_"))
            return Response(drop=name == "lost_request", reset=name == "reset")
        return None

    def _after(self, kind: str, response: Response, call: Call) -> Response:
        """The faults that happen to an answer; what is saved stays saved."""
        for name in AFTER:
            fault = self._strikes(name, kind)
            if fault is None:
                continue
            with self.lock:
                self.book.mark_unanswered(call.number)
            if name == "cut_reply":
                return Response(response.status, response.body, response.content_type, cut=len(response.body) // 2)
            if name == "garbled_reply":
                return Response(response.status, response.body[: len(response.body) // 2], response.content_type)
            if name == "html_after":
                return replies.web_page("오류", "일시적인 오류가 발생하였습니다.")
            if name == "http_500_after":
                return replies.web_page("Error", "Bad Gateway", int(fault.get("status", 500)))
            return Response(drop=name == "lost_reply", reset=name == "reset_after")
        if late := self._strikes("slow_reply", kind):
            self.pause(float(late.get("seconds", 5.0)))
        if drip := self._strikes("drip", kind):
            return Response(response.status, response.body, response.content_type, drip_s=float(drip.get("seconds", 0.2)))
        return response

    # -- for people -----------------------------------------------------------------------------------------------------

    @property
    def _names(self) -> page.Names:
        return page.Names(self.company.name, self.options.form.customers, self.options.form.warehouses)

    def _all_slips(self) -> list[Slip]:
        with self.lock:
            return self.book.all()

    def _found(self, request: Request) -> list[Slip]:
        with self.lock:
            return self.book.search(request.first("q"), request.first("from"), request.first("to"))

    def _slips_page(self, request: Request) -> Response:
        if self.limits.banned(_caller(request)):
            return replies.web_page("접속 차단", "접속이 차단된 IP입니다.", 403)
        asked = {name: request.first(name) for name in ("q", "from", "to")}
        return Response.of_text(page.list_page(self._found(request), self.duplicates, self._names, asked))

    def _slip_page(self, request: Request) -> Response:
        with self.lock:
            slip = self.book.find(request.match[1])
        if slip is None:
            return replies.web_page("404", "전표가 없습니다.", 404)
        return Response.of_text(page.slip_page(slip, self._names))

    def _export(self, request: Request) -> Response:
        """구매현황 as xlsx or csv; `encoding` of the csv: utf-8-sig (default) or cp949."""
        found = self._found(request)
        since = request.first("from") or min((s.day for s in found), default="")
        until = request.first("to") or max((s.day for s in found), default="")
        first = export.title(self.company.name, since, until)
        body = list(export.rows(found, self.options.form.customers, self.options.form.warehouses))
        printed = _printed(self.now())
        if request.match[1] == "xlsx":
            return _download(export.as_xlsx(first, body, printed), export.XLSX, "xlsx")
        encoding = "cp949" if request.first("encoding") == "cp949" else "utf-8-sig"
        return _download(export.as_csv(first, body, printed, encoding), "text/csv", "csv")

    def _by_hand(self, request: Request) -> Response:
        """A person at the ERP: `{"action": "add", "rows": [{…fields…}]}` or `{"action": "delete", "number": …}`."""
        try:
            wanted = request.json()
            with self.lock:
                now = self.now()
                today = datetime.fromtimestamp(now, UTC).astimezone(KST).strftime("%Y%m%d")
                if wanted["action"] == "delete":
                    slip = self.book.delete(str(wanted["number"]))
                else:
                    slip = self.book.save(list(wanted["rows"]), today, now, by="person")
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, InvalidOperation) as error:
            return Response.of_json({"error": spoken(error)}, 400)
        return Response.of_json(slip.as_json())

    def _expire(self, _request: Request) -> Response:
        self.expire_sessions()
        return Response.of_json({"sessions": 0})

    def _pardon(self, _request: Request) -> Response:
        """The company's master unblocks the office."""
        with self.lock:
            self.limits.pardon()
        return Response.of_json({"banned": []})


def catalogue_products(seed: int) -> dict[str, str]:
    """The codes of the simulated supplier's products, as this tenant's product list."""
    return {p.code: p.name for p in catalogue(seed)}


def _caller(request: Request) -> str:
    """The caller's address without the port: an office has one."""
    return request.client.rpartition(":")[0]


def _printed(now: float) -> str:
    """The last row of an export."""
    local = datetime.fromtimestamp(now, UTC).astimezone(KST)
    half = "오전" if local.hour < 12 else "오후"
    return f"{local:%Y/%m/%d}  {half} {local.hour % 12 or 12}:{local:%M:%S}"


def _download(body: bytes, content_type: str, ending: str) -> Response:
    name = f"attachment; filename*=UTF-8''%EA%B5%AC%EB%A7%A4%ED%98%84%ED%99%A9.{ending}"
    return Response(200, body, content_type, {"Content-Disposition": name})
