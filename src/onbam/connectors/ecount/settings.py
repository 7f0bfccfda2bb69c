"""Settings of the ERP connector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from onbam.kernel.settings import Secret, setting
from onbam.kernel.words import Text

KeyField = Literal[
    "REMARKS", "DOC_NO", "U_MEMO1", "U_MEMO2", "U_MEMO3", "U_MEMO4", "U_MEMO5", "P_REMARKS1", "P_REMARKS2", "P_REMARKS3"
]
Rounding = Literal["down", "half_up", "up"]

PASTE_COLUMNS = (
    "day", "-", "-", "-", "-", "-", "warehouse", *("-",) * 9, "name", "code", "qty", "supply", *("-",) * 9, "remarks",
)  # fmt: skip
"""The order of the template seen at the first shop: thirty columns."""


@dataclass(frozen=True, slots=True)
class EcountSettings:
    """Whose books, with which key, and how slips are written."""

    company: str = setting("", Text(ko="이카운트 회사코드 (6자리)", en="Ecount company code, six characters"))
    user: str = setting("", Text(ko="이카운트 사용자 ID", en="Ecount user name"))
    api_key: Secret = setting(Secret(""), Text(ko="이카운트 API 인증키", en="Ecount API certificate key"))
    live: bool = setting(
        True,
        Text(
            ko="실서버를 씁니다. false이면 테스트 서버(sboapi)와 테스트 인증키를 씁니다",
            en="Use the real host; false = the test host (sboapi) with a test key",
        ),
    )
    zone: str = setting("", Text(ko="존 코드. 비워 두면 물어봅니다", en="Zone code; empty = ask"))
    host: str = setting(
        "https://{host}.ecount.com",
        Text(
            ko="API 주소. 중괄호 안의 host 자리에 서버 이름이 들어갑니다",
            en="Address of the API; the server's name takes the place of host in braces",
        ),
    )
    key_field: KeyField = setting(
        "REMARKS",
        Text(
            ko="주문번호를 적는 전표 항목. 이 회사의 입력화면에 켜져 있어야 합니다",
            en="The field of the slip that carries our order number; it must be on the company's form",
        ),
    )
    customer: str = setting("", Text(ko="공급처의 거래처코드", en="The supplier's customer code (거래처코드)"))
    warehouse: str = setting("", Text(ko="입고창고 코드", en="Code of the receiving warehouse"))
    employee: str = setting("", Text(ko="담당자 코드 (선택)", en="Code of the person in charge (optional)"))
    deal_kind: str = setting("", Text(ko="거래유형 코드 (선택)", en="Code of the kind of deal (optional)"))
    vat_percent: float = setting(10.0, Text(ko="부가세율(%)", en="Value added tax, in percent"), ge=0, le=100)
    vat_rounding: Rounding = setting(
        "down",
        Text(
            ko="부가세의 원 미만 처리: down 버림, half_up 반올림, up 올림",
            en="What happens to tax below one won: down, half_up or up",
        ),
    )
    timeout_s: float = setting(
        20.0, Text(ko="요청 하나의 제한 시간(초)", en="Hard limit for one request, in seconds"), ge=0.1, le=120
    )
    save_interval_s: float = setting(
        10.0, Text(ko="저장 사이의 최소 간격(초)", en="Least time between two saves of the company, in seconds"), ge=0, le=600
    )
    slack_s: float = setting(
        1.0,
        Text(
            ko="차례가 온 뒤 저장을 시작해야 하는 시간(초). 간격에 더해집니다",
            en="How late a booked turn may still be used, in seconds; added to the interval",
        ),
        ge=0.01,
        le=60,
    )
    login_interval_s: float = setting(
        600.0,
        Text(ko="로그인 사이의 최소 간격(초)", en="Least time between two log-ins of the company, in seconds"),
        ge=0,
        le=7200,
    )
    paste_columns: tuple[str, ...] = setting(
        PASTE_COLUMNS,
        Text(
            ko="웹자료올리기 양식의 열 순서. 비워 둘 열은 '-'",
            en="Order of the columns when pasting by hand; '-' is a column left empty",
        ),
    )
