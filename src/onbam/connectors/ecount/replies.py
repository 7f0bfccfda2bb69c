"""What the ERP's answers mean.

For: the client.
Promises: every shape its answers are known to take is read; an answer that is not clearly "saved" or clearly "not saved" is
neither, and says so.
Refuses: to take status "200" for success: the lines decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from onbam.connectors.ecount import words as say
from onbam.connectors.ecount.wire import Reply
from onbam.kernel.words import Said

EVIDENCE_MAX: Final = 64 * 1024
_SESSION_WORDS: Final = re.compile(r"session|세션|로그인|log-?in|인증 ?정보", re.IGNORECASE)
_SESSION_STATUS: Final = ("4010", "401")
_BROKE_OFF: Final = re.compile(
    r"time-?\s?out|timed out|시간[이가]?\s?초과|deadlock|교착|internal (?:server )?error|내부\s?(?:서버\s?)?오류", re.IGNORECASE
)
"""The ERP's own work ended in the middle: how far it had come, nobody says."""
_NO_TIME: Final = 408
_TOO_MANY: Final = 429
_FAILURES: Final = re.compile(r"연속\s*오류[^:]*:\s*([\d,]+)\s*/\s*([\d,]+)")
_TODAY: Final = re.compile(r"1일[^:]*:\s*([\d,]+)\s*/\s*([\d,]+)")
_SLIP_NUMBER: Final = re.compile(r"\d{8}-\d+")
_ZONE: Final = re.compile(r"[A-Za-z]{1,3}")
TOLD_MAX: Final = 5
"""So many line errors are repeated in a message; the rest is in the evidence."""


class TooOften(Exception):
    """412, or the redirect that is a refusal."""


class SessionEnded(Exception):
    """Turned away at the door: nothing was looked at."""


class Blocked(Exception):
    """This office's address may not come in at all."""


class NotUnderstood(Exception):
    """An answer that proves nothing."""

    def __init__(self, what: Said) -> None:
        super().__init__(what.to("en"))
        self.what = what


class WrongRequest(Exception):
    """Refused as a whole: nothing was looked at."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NoEntry(Exception):
    """A log-in that was refused, with its code."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(str(code))
        self.code = code
        self.said = said


@dataclass(frozen=True, slots=True)
class Quota:
    """The counters an answer mentions."""

    today: int
    today_max: int
    failures: int
    failures_max: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What an answer says about the lines of a save."""

    ok: int
    failed: int
    numbers: tuple[str, ...]
    trace: str
    errors: tuple[Said, ...]
    quota: Quota | None


def read_save(reply: Reply) -> Saved:
    """The answer to a save."""
    body = _opened(reply)
    data = body.get("Data")
    if not isinstance(data, Mapping):
        raise _refusal(body)
    details = _details(data.get("ResultDetails"))
    ok, failed = _count(data.get("SuccessCnt")), _count(data.get("FailCnt"))
    if ok is None or failed is None or details is None:
        raise NotUnderstood(say.ANSWERED_ODD())
    failed = max(failed, sum(not _is_true(d.get("IsSuccess")) for d in details))
    numbers = tuple(dict.fromkeys(_SLIP_NUMBER.findall(json.dumps(data.get("SlipNos")))))
    info = str(data.get("QUANTITY_INFO") or "")
    return Saved(ok, failed, numbers, str(data.get("TRACE_ID") or ""), tuple(_line_errors(details)), quota(info))


def read_zone(reply: Reply) -> str:
    """The company's zone; empty when the ERP does not know the company."""
    body = _opened(reply)
    data = body.get("Data")
    zone = str(data.get("ZONE") or "") if isinstance(data, Mapping) else ""
    code, said = _error_of(body)
    if not zone and code in (100, 201):
        return ""
    if not zone and said:
        raise WrongRequest(said)
    if not _ZONE.fullmatch(zone):  # it becomes part of an address
        raise NotUnderstood(say.ANSWERED_ODD())
    return zone.upper()


def read_login(reply: Reply) -> str:
    """The session; `NoEntry` in either of the two shapes a refusal has."""
    body = _opened(reply)
    data = body.get("Data")
    if isinstance(data, Mapping):
        inside = data.get("Datas")
        session = str(inside.get("SESSION_ID") or "") if isinstance(inside, Mapping) else ""
        if str(data.get("Code")) == "00" and session:
            return session
        code = _count(data.get("Code"))
        if code:
            raise NoEntry(code, str(data.get("Message") or ""))
    code, said = _error_of(body)
    if code:
        raise NoEntry(code, said)
    if said:
        raise WrongRequest(said)
    raise NotUnderstood(say.ANSWERED_ODD())


def quota(text: str) -> Quota | None:
    """The counters in the ERP's own words; none when it uses others."""
    failures, today = _FAILURES.search(text), _TODAY.search(text)
    if failures is None or today is None:
        return None
    figures = [int(found.replace(",", "")) for found in (*today.groups(), *failures.groups())]
    return Quota(*figures)


def _opened(reply: Reply) -> Mapping[str, Any]:
    """The answer's JSON, after what the status alone says."""
    if reply.status in (412, _TOO_MANY) or 300 <= reply.status < 400:
        raise TooOften
    if reply.status == 401:
        raise SessionEnded
    if reply.status == 403:
        raise Blocked
    if reply.status >= 500 or reply.status == _NO_TIME:
        raise NotUnderstood(say.ANSWERED_STATUS(status=reply.status))
    try:
        body = json.loads(reply.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        if reply.status >= 400:
            raise WrongRequest(f"HTTP {reply.status}") from None
        raise NotUnderstood(say.ANSWERED_PAGE()) from None
    if not isinstance(body, Mapping):
        raise NotUnderstood(say.ANSWERED_ODD())
    return body


def _refusal(body: Mapping[str, Any]) -> Exception:
    """An answer without data: the session ended, the request was wrong, or nobody knows."""
    status = str(body.get("Status") or "")
    words = [str(e.get("Message") or "") for e in _maps(body.get("Errors"))]
    _, said = _error_of(body)
    words.append(said)
    text = next((w for w in words if w), "")
    if status in _SESSION_STATUS or _SESSION_WORDS.search(" ".join(words)):
        return SessionEnded()
    if _BROKE_OFF.search(" ".join(words)):
        return NotUnderstood(say.BROKE_OFF(what=text))
    if text or (status and status != "200"):
        return WrongRequest(text or f"Status {status}")
    return NotUnderstood(say.ANSWERED_ODD())


def _error_of(body: Mapping[str, Any]) -> tuple[int, str]:
    error = body.get("Error")
    if not isinstance(error, Mapping):
        return 0, ""
    return _count(error.get("Code")) or 0, str(error.get("Message") or "")


def _details(value: Any) -> Sequence[Mapping[str, Any]] | None:
    """The lines' results: an array, the same array as text, or nothing at all."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        return None
    return value


def _line_errors(details: Sequence[Mapping[str, Any]]) -> list[Said]:
    """The first few mistakes, each with its line."""
    out = []
    for at, detail in enumerate(details):
        if _is_true(detail.get("IsSuccess")):
            continue
        found = [str(e.get("Message") or e.get("ColCd") or "") for e in _maps(detail.get("Errors"))]
        what = ", ".join(f for f in found if f) or str(detail.get("TotalError") or "?")
        line = _count(detail.get("Line"))
        out.append(say.LINE_SAID(line=(at if line is None else line) + 1, what=what))
    return out[:TOLD_MAX]


def _maps(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list, if it is one."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _count(value: Any) -> int | None:
    """A number, also when it comes as text."""
    try:
        return int(str(value).replace(",", ""))
    except ValueError:
        return None


def _is_true(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "1", "y")
