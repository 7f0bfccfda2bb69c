"""Settings of the portal connector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from onbam.connectors.portal.contract import KINDS
from onbam.kernel.forms import ADDRESS, DAY_OR_NONE
from onbam.kernel.settings import Secret, setting
from onbam.kernel.words import Text

QueryEncoding = Literal["page", "utf-8", "euc-kr"]


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """Which site, as whom, and how politely."""

    url: str = setting("http://door.yl.co.kr", Text(ko="공급처 사이트 주소", en="Address of the supplier's site"), form=ADDRESS)
    user: str = setting("", Text(ko="공급처 사이트 아이디", en="User name at the supplier's site"))
    password: Secret = setting(Secret(""), Text(ko="공급처 사이트 비밀번호", en="Password at the supplier's site"))
    kinds: tuple[str, ...] = setting(
        KINDS, Text(ko="살펴볼 원장 구분 (쉼표로 나눔)", en="Kinds of ledger to look at, separated by commas")
    )
    window_days: int = setting(
        7, Text(ko="원장을 며칠 전까지 살펴볼지", en="How many days back the ledger is looked at"), ge=0, le=90
    )
    first_day: str = setting(
        "",
        Text(
            ko="이날부터의 주문만 맡습니다 (2026-01-31). 그 전의 주문은 사람이 입력했습니다. 비우면 모두 맡습니다",
            en="Orders from this day on are taken in (2026-01-31): people entered the earlier ones; empty: all of them",
        ),
        form=DAY_OR_NONE,
    )
    main_path: str = setting("/oms/main.jsp", Text(ko="로그인 화면 경로", en="Path of the log-in page"))
    ledger_path: str = setting("/oms/ledger_list.jsp", Text(ko="원장조회 화면 경로", en="Path of the ledger page"))
    document_path: str = setting("/oms/trans_doc.jsp", Text(ko="거래명세서 화면 경로", en="Path of the document page"))
    query_encoding: QueryEncoding = setting(
        "page",
        Text(
            ko="주소에 들어가는 한글의 인코딩. page는 브라우저처럼 그 화면의 인코딩을 따릅니다",
            en="Encoding of Korean words inside addresses; 'page' follows the page's own, as browsers do",
        ),
    )
    timeout_s: float = setting(
        30.0, Text(ko="요청 하나의 제한 시간(초)", en="Hard limit for one request, in seconds"), ge=0.1, le=300
    )
    pace_s: float = setting(
        0.5, Text(ko="요청 사이의 평균 간격(초)", en="Time between requests on average, in seconds"), ge=0, le=60
    )
    burst: int = setting(
        6,
        Text(
            ko="쉬고 난 뒤 기다리지 않고 이어서 보내는 요청의 수. 1이면 항상 간격을 둡니다",
            en="Requests that may follow each other at once after a rest; 1 = always keep the distance",
        ),
        ge=1,
        le=50,
    )
    max_megabytes: float = setting(
        20.0, Text(ko="받아들이는 화면의 최대 크기(MB)", en="Largest page that is accepted, in megabytes"), ge=0.1, le=200
    )
