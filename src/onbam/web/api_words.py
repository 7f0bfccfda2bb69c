"""What the description of the programming interface says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

TITLE: Final = Text(ko="API 안내", en="The programming interface")
TEXT: Final = Text(
    ko="화면이 하는 모든 일을 프로그램도 할 수 있습니다. 「사용자」에서 열쇠를 만들어 헤더에 붙이십시오.",
    en="Everything a page does a program can do. Make a key under Users and send it in a header.",
)
MACHINE: Final = Text(ko="프로그램이 읽는 설명", en="For programs")
PARAMETER: Final = Text(ko="이름", en="Name")
MEANS: Final = Text(ko="뜻", en="Means")
REQUIRED: Final = Text(ko="필수", en="required")
TAGS: Final = {
    "look": Text(ko="한눈에", en="At a glance"),
    "orders": Text(ko="주문", en="Orders"),
    "codes": Text(ko="품목코드", en="Product codes"),
    "machines": Text(ko="PC와 락", en="PCs and locks"),
    "notices": Text(ko="알림", en="Notices"),
    "people": Text(ko="사용자와 열쇠", en="Users and keys"),
    "care": Text(ko="점검과 설정", en="Check-up and settings"),
    "other": Text(ko="그 밖", en="Other"),
}
