"""The shapes of the ERP's answers, the odd ones included.

For: the simulated ERP; every shape here was documented or pasted by a developer, or is marked as our guess.
Promises: the same facts in every shape, so that a client that reads one and not the other is found out.
Refuses: to decide anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, Literal, get_args

from onbam_sims.ecount.form import Trouble
from onbam_sims.server import Response

KST: Final = timezone(timedelta(hours=9))
LoginShape = Literal["error", "data"]
LOGIN_SHAPES: Final[tuple[LoginShape, ...]] = get_args(LoginShape)
ExpiredShape = Literal["4010", "error", "http-401"]
EXPIRED_SHAPES: Final[tuple[ExpiredShape, ...]] = get_args(ExpiredShape)
"""How an expired session is told; clients disagree about what they saw, so all of it is possible (a guess)."""
ResultShape = Literal["array", "string", "null-slips", "string-slips", "text-counts"]
RESULT_SHAPES: Final[tuple[ResultShape, ...]] = get_args(ResultShape)

ELSEWHERE: Final = "/ECERP/ECP/Error"
"""Where the redirect points that is no redirect but a refusal."""
LOGIN_MESSAGES: Final = {
    20: "회사코드 또는 아이디, 비밀번호가 올바르지 않습니다.",
    21: "일시적으로 로그인이 차단되었습니다.",
    22: "접속 허용 시간이 아닙니다.",
    24: "차단된 IP입니다.",
    25: "차단된 IP입니다.",
    81: "이용료 미납으로 사용이 중지되었습니다.",
    98: "비밀번호를 5회 이상 잘못 입력하였습니다. 마스터에게 문의하세요.",
    99: "존재하지 않는 아이디입니다.",
    201: "API_CERT_KEY가 유효하지 않습니다.",
    205: "등록되지 않은 IP입니다.",
}
WRONG_HOST: Final = {True: "실서버용 인증키입니다.", False: "테스트용 인증키입니다."}
"""Code 204, by whether it was a real key on the test host."""


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line of a save."""

    line: int
    group: str
    troubles: Sequence[Trouble] = ()
    group_failed: bool = False
    """Another line of its slip was wrong, so it was not saved either."""

    @property
    def saved(self) -> bool:
        """Whether it stands in the ERP."""
        return not self.troubles and not self.group_failed


def frame(data: object, now: float, status: str = "200", error: object = None, errors: object = None) -> dict[str, Any]:
    """What every answer has around it."""
    return {
        "Data": data,
        "Status": status,
        "Error": error,
        "Errors": errors,
        "Timestamp": stamp(now),
        "RequestKey": f"{int(now * 1000):x}",
        "IsEnableNoL4": False,
        "RefreshTimestamp": "0",
        "AsyncActionKey": None,
    }


def stamp(now: float) -> str:
    """A moment as the ERP writes it."""
    local = datetime.fromtimestamp(now, UTC).astimezone(KST)
    half, hour = ("오전", local.hour) if local.hour < 12 else ("오후", local.hour - 12)
    return f"{local.year}년 {local.month}월 {local.day}일 {half} {hour or 12}:{local:%M:%S}"


def zone(code: str, now: float) -> Response:
    """The company's zone."""
    data = {"EXPIRE_DATE": "", "ZONE": code, "DOMAIN": ".ecount.com", "STATUS": "1", "DB_CON_FLAG": "Y"}
    return Response.of_json(frame(data, now))


def no_zone(now: float, code: int = 100) -> Response:
    """No such company."""
    return Response.of_json(frame(None, now, "500", {"Code": code, "Message": "Zone 정보가 없습니다.", "MessageDetail": ""}))


def logged_in(company: str, user: str, session: str, now: float) -> Response:
    """A session."""
    datas = {"COM_CODE": company, "USER_ID": user, "SESSION_ID": session}
    data = {"EXPIRE_DATE": "", "NOTICE": "", "Code": "00", "Datas": datas, "Message": "", "RedirectUrl": ""}
    return Response.of_json(frame(data, now))


def login_failed(code: int, message: str, now: float, shape: LoginShape) -> Response:
    """No session, in the manual's shape or in the one real programs handle; both say 200."""
    if shape == "error":
        return Response.of_json(frame(None, now, "200", {"Code": code, "Message": message, "MessageDetail": ""}))
    data = {"EXPIRE_DATE": "", "NOTICE": "", "Code": str(code), "Datas": None, "Message": message, "RedirectUrl": ""}
    return Response.of_json(frame(data, now))


def expired(now: float, shape: ExpiredShape) -> Response:
    """The session is not, or no longer, valid."""
    message = "세션이 만료되었습니다. 다시 로그인하세요."
    if shape == "4010":
        return Response.of_json(frame(None, now, "4010", {"Code": 4010, "Message": message, "MessageDetail": ""}))
    if shape == "error":
        error = {"Code": 0, "Message": "로그인 정보가 없습니다. [SESSION_ID]", "MessageDetail": ""}
        return Response.of_json(frame(None, now, "500", error))
    return Response.of_json(frame(None, now, "401", {"Code": 401, "Message": message, "MessageDetail": ""}), 401)


def request_fault(message: str, now: float, http: int = 200) -> Response:
    """The request as a whole was wrong: nothing was looked at."""
    errors = [{"ProgramId": "", "Name": "", "Code": "EXP00001", "Message": message, "Param": None}]
    return Response.of_json(frame(None, now, "500", {"Code": 0, "Message": message, "MessageDetail": ""}, errors), http)


def over_the_limit(kind: str) -> Response:
    """412, or a redirect to a page of words."""
    if kind == "302":
        html = f'<html><body><h2>Object moved to <a href="{ELSEWHERE}">here</a>.</h2></body></html>'
        return Response(302, html.encode(), headers={"Location": ELSEWHERE})
    return Response.of_text("<html><body><h2>412 Precondition Failed</h2></body></html>", 412)


def web_page(title: str, text: str, http: int = 200) -> Response:
    """A page for people where a program expected JSON."""
    head = f"<!DOCTYPE html><html><head><title>{title}</title></head>"
    return Response.of_text(f"{head}<body><h1>{text}</h1></body></html>", http)


def not_found(path: str) -> Response:
    """No such call."""
    return web_page("404", f"404 - {path}", 404)


def saved(
    results: Sequence[LineResult], slips: Sequence[str], *, quantity_info: str, now: float, trace: str, shape: ResultShape
) -> dict[str, Any]:
    """What became of a save, in one of the shapes the service has used."""
    details = [_detail(result) for result in results]
    ok, failed = sum(r.saved for r in results), sum(not r.saved for r in results)
    data: dict[str, Any] = {
        "EXPIRE_DATE": "",
        "QUANTITY_INFO": quantity_info,
        "TRACE_ID": trace,
        "SuccessCnt": str(ok) if shape == "text-counts" else ok,
        "FailCnt": str(failed) if shape == "text-counts" else failed,
        "ResultDetails": json.dumps(details, ensure_ascii=False) if shape == "string" else details,
        "SlipNos": _slip_numbers(slips, shape),
    }
    return frame(data, now)


def _slip_numbers(slips: Sequence[str], shape: ResultShape) -> object:
    if shape == "null-slips" or not slips:
        return None
    return ",".join(slips) if shape in ("string-slips", "string") else list(slips)


def _detail(result: LineResult) -> Mapping[str, Any]:
    if result.saved:
        return {
            "Line": result.line,
            "IsSuccess": True,
            "TotalError": f"[전표묶음{result.group}] OK",
            "Errors": None,
            "Code": None,
        }
    words = ", ".join(t.message for t in result.troubles) or "같은 전표의 다른 라인에 오류가 있습니다."
    return {
        "Line": result.line,
        "IsSuccess": False,
        "TotalError": f"[전표묶음{result.group}] {words}",
        "Errors": [t.as_json() for t in result.troubles],
        "Code": None,
    }
