"""The ERP itself: who may come in, what is saved, what is listed.

For: the server around it, which adds the wire and its accidents.
Promises: checks in the order of the real service: session, limits, shape of the request, then every line; what is saved is
saved before an answer exists; two saves of one order are two slips.
Refuses: in the real shapes: 412 or 302 when called too often, Status 500 for a wrong request, FailCnt for wrong lines.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from onbam_sims.ecount import replies
from onbam_sims.ecount.form import MAX_RECORDS, Trouble, text_of
from onbam_sims.ecount.limits import Limits
from onbam_sims.ecount.replies import EXPIRED_SHAPES, KST, LOGIN_SHAPES, RESULT_SHAPES, LineResult
from onbam_sims.ecount.slips import Slip, SlipBook
from onbam_sims.ecount.tenant import Call, Company, Options
from onbam_sims.faults import Fault
from onbam_sims.server import Request, Response

LANGUAGES: Final = ("ko-KR", "en-US", "zh-CN", "zh-TW", "ja-JP", "vi-VN", "es", "id-ID")
LIST_DAYS: Final = 30
PAGE_SIZE: Final = 26
PAGE_MAX: Final = 100
SAVE_LIST: Final = "PurchasesList"
NO_SUCH_CODE: Final = "품목코드 : 등록되지 않은 코드입니다."
Strikes = Callable[[str, str], Fault | None]


class Erp:
    """One company's books. Whoever calls holds the simulator's lock."""

    def __init__(self, company: Company, options: Options, limits: Limits, chance: random.Random, strikes: Strikes) -> None:
        self.company = company
        self.options = options
        self.limits = limits
        self.book = SlipBook()
        self.sessions: dict[str, tuple[float, str]] = {}
        """Session → when it was last used, and on which host."""
        self._chance = chance
        self._strikes = strikes

    # -- the door -------------------------------------------------------------------------------------------------------

    def zone(self, request: Request, body: Mapping[str, Any], call: Call) -> Response:
        """The company's zone, by its code."""
        if request.match[2]:
            return replies.not_found(request.path)
        if self.limits.too_soon("zone", call.at):
            return self._turned_away(call)
        if text_of(body.get("COM_CODE")) != self.company.code:
            return self._door_stays_shut("zone", call, replies.no_zone(call.at))
        call.outcome = "ok"
        return replies.zone(self.company.zone, call.at)

    def login(self, request: Request, body: Mapping[str, Any], call: Call) -> Response:
        """A session for a user with a key that belongs to the host."""
        mode, zone = request.match[1], request.match[2].upper()
        wanted = ("COM_CODE", "USER_ID", "API_CERT_KEY", "LAN_TYPE", "ZONE")
        if any(not isinstance(body.get(name), str) for name in wanted) or body["LAN_TYPE"] not in LANGUAGES:
            call.outcome = "not-valid"
            return replies.request_fault("Model validation state error", call.at)
        if self.limits.too_soon("login", call.at):
            return self._turned_away(call)
        if zone != self.company.zone or body["ZONE"].upper() != self.company.zone:
            return self._door_stays_shut("login", call, replies.no_zone(call.at, 201))
        if refused := self._refusal(mode, body):
            shape = next(s for s in LOGIN_SHAPES if s == self.options.login_shape)
            return self._door_stays_shut("login", call, replies.login_failed(*refused, call.at, shape))
        if self.options.second_login_ends_first:
            self.sessions.clear()
        session = (
            f"{self._chance.getrandbits(96):024x}:{self.company.zone}-{self._chance.getrandbits(40):010X}!{len(self.sessions)}"
        )
        self.sessions[session] = (call.at, mode)
        call.outcome = "ok"
        return replies.logged_in(self.company.code, self.company.user, session, call.at)

    def _refusal(self, mode: str, body: Mapping[str, str]) -> tuple[int, str] | None:
        """Why this log-in is wrong, as the ERP says it."""
        on_test_host = mode == "sboapi"
        right, other = self.company.test_key, self.company.real_key
        if not on_test_host:
            right, other = other, right
        code = 0
        if fault := self._strikes("login_code", "login"):
            code = int(fault.get("code", 20))
        elif self.options.unknown_ip:
            code = 205
        elif body["COM_CODE"] != self.company.code:
            code = 20
        elif body["USER_ID"].upper() != self.company.user:
            code = 99
        elif body["API_CERT_KEY"] == other:
            return 204, replies.WRONG_HOST[on_test_host]
        elif body["API_CERT_KEY"] != right:
            code = 201
        return (code, replies.LOGIN_MESSAGES.get(code, "로그인할 수 없습니다.")) if code else None

    def _door_stays_shut(self, window: str, call: Call, response: Response) -> Response:
        self.limits.taken_back(window)
        self.limits.failed_at_the_door(call.caller)
        call.outcome = "failed"
        return response

    def _turned_away(self, call: Call) -> Response:
        call.outcome = "limit"
        return replies.over_the_limit(self.options.over_limit)

    def _without_session(self, request: Request, call: Call) -> Response | None:
        """The answer when the session is none of ours; else it is kept alive."""
        session = request.first("SESSION_ID")
        fault = self._strikes("session_expired", call.kind)
        if fault is not None:
            self.sessions.pop(session, None)
        used, mode = self.sessions.get(session, (None, ""))
        wrong_host = request.match[2].upper() != self.company.zone or mode != request.match[1]
        if used is None or wrong_host or call.at - used > self.options.session_s:
            if used is not None and not wrong_host:
                self.sessions.pop(session, None)
            call.outcome = "expired"
            wanted = self.options.expired_shape if fault is None else fault.get("shape", self.options.expired_shape)
            return replies.expired(call.at, next(s for s in EXPIRED_SHAPES if s == wanted))
        self.sessions[session] = (call.at, mode)
        return None

    # -- saving ---------------------------------------------------------------------------------------------------------

    def save(self, request: Request, body: Mapping[str, Any], call: Call) -> Response:
        """구매입력."""
        refused = self._without_session(request, call)
        if refused is not None:
            return refused
        if self.limits.too_soon("save", call.at):
            return self._turned_away(call)
        rows = _rows_of(body)
        if rows is None:
            return self._wrong_request(call, "Model validation state error")
        if len(rows) > MAX_RECORDS:
            return self._wrong_request(call, f"1회 최대 {MAX_RECORDS}건까지 저장할 수 있습니다.")
        if fault := self._strikes("request_fault", "save"):
            return self._wrong_request(call, str(fault.get("message", "처리 중 오류가 발생하였습니다.")))
        results, slips = self._commit(rows, call)
        call.slips = [slip.number for slip in slips]
        failed = any(not r.saved for r in results)
        if failed:
            self.limits.failed(call.at)
        else:
            self.limits.succeeded()
        call.outcome = "refused" if not slips else "partial" if failed else "ok"
        shape = self.options.result_shape
        chosen = self._chance.choice(RESULT_SHAPES) if shape == "mixed" else next(s for s in RESULT_SHAPES if s == shape)
        trace = f"{self._chance.getrandbits(128):032x}"
        info = self.limits.quantity_info(call.at)
        return Response.of_json(replies.saved(results, call.slips, quantity_info=info, now=call.at, trace=trace, shape=chosen))

    def _wrong_request(self, call: Call, message: str) -> Response:
        self.limits.failed(call.at)
        call.outcome = "wrong"
        return replies.request_fault(message, call.at)

    def _commit(self, rows: Sequence[Mapping[str, Any]], call: Call) -> tuple[list[LineResult], list[Slip]]:
        """Judge every line, save every slip none of whose lines is wrong."""
        troubles = [self.options.form.troubles(row) for row in rows]
        if fault := self._strikes("all_failed", "save"):
            column, message = (
                str(fault.get("column", "PROD_CD")),
                str(fault.get("message", "품목코드 : 등록되지 않은 코드입니다.")),
            )
            troubles = [[Trouble(column, message)] for _ in rows]
        cut = len(rows) // 2 if self._strikes("partial", "save") and len(rows) > 1 else None
        if cut is not None:
            troubles = [
                found if i < cut else [Trouble("QTY", "수량 : 처리할 수 없습니다.")] for i, found in enumerate(troubles)
            ]
        groups: dict[str, list[int]] = {}
        for i, row in enumerate(rows):
            groups.setdefault(text_of(row.get("UPLOAD_SER_NO")), []).append(i)
        today = datetime.fromtimestamp(call.at, UTC).astimezone(KST).strftime("%Y%m%d")
        results: dict[int, LineResult] = {}
        slips = []
        for at, (_, members) in enumerate(groups.items()):
            good = [i for i in members if not troubles[i]]
            whole = cut is not None or len(good) == len(members)
            if good and whole:
                slips.append(self.book.save([rows[i] for i in good], today, call.at, call=call.number))
            for i in members:
                results[i] = LineResult(i, str(at), troubles[i], group_failed=not whole and not troubles[i])
        return [results[i] for i in range(len(rows))], slips

    # -- lists ----------------------------------------------------------------------------------------------------------

    def orders(self, request: Request, body: Mapping[str, Any], call: Call) -> Response:
        """발주서조회: heads only, at most thirty days."""
        refused = self._without_session(request, call)
        if refused is not None:
            return refused
        if self.limits.too_soon("list", call.at, name="orders"):
            return self._turned_away(call)
        asked = body.get("ListParam")
        since, until = (_day(asked.get(n)) if isinstance(asked, dict) else None for n in ("BASE_DATE_FROM", "BASE_DATE_TO"))
        if not isinstance(asked, dict) or since is None or until is None:
            return self._wrong_request(call, "Model validation state error")
        if (until - since).days > LIST_DAYS:
            return self._wrong_request(call, "Search Range Is Less Than 31")
        found = [
            o for o in self.options.purchase_orders if f"{since:%Y%m%d}" <= text_of(o.get("ORD_DATE")) <= f"{until:%Y%m%d}"
        ]
        wanted, page = (_whole(asked.get(name, usual)) for name, usual in (("PAGE_SIZE", PAGE_SIZE), ("PAGE_CURRENT", 1)))
        if wanted is None or page is None:
            return self._wrong_request(call, "Model validation state error")
        size = min(PAGE_MAX, wanted)
        start = (page - 1) * size
        call.outcome = "ok"
        data = {"EXPIRE_DATE": "", "QUANTITY_INFO": self.limits.quantity_info(call.at), "TotalCnt": len(found)}
        return Response.of_json(replies.frame({**data, "Result": found[start : start + size]}, call.at))

    def products(self, request: Request, _body: Mapping[str, Any], call: Call) -> Response:
        """품목조회."""
        refused = self._without_session(request, call)
        if refused is not None:
            return refused
        if self.limits.too_soon("list", call.at, name="products"):
            return self._turned_away(call)
        known = self.options.form.products or {}
        found = [{"PROD_CD": code, "PROD_DES": name, "SIZE_DES": ""} for code, name in known.items()]
        call.outcome = "ok"
        data = {"EXPIRE_DATE": "", "QUANTITY_INFO": self.limits.quantity_info(call.at), "TotalCnt": len(found), "Result": found}
        return Response.of_json(replies.frame(data, call.at))


def _rows_of(body: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """The lines of a save; nothing when the request has another shape."""
    given = body.get(SAVE_LIST)
    if not isinstance(given, list) or not given:
        return None
    rows = [entry.get("BulkDatas") if isinstance(entry, dict) else None for entry in given]
    if not all(isinstance(row, dict) and all(isinstance(v, str | int | float | None) for v in row.values()) for row in rows):
        return None
    return [json.loads(json.dumps(row), parse_float=str) for row in rows]


def _whole(value: object) -> int | None:
    """A number from one, as text or as a number."""
    text = text_of(value)
    return int(text) if text.isascii() and text.isdecimal() and int(text) > 0 else None


def _day(value: object) -> date | None:
    try:
        return datetime.strptime(text_of(value), "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
