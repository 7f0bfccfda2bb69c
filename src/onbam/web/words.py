"""What every page says: the frame around it, states, spans, trouble with a request."""

from __future__ import annotations

from typing import Final

from onbam.claims.machines import Life
from onbam.claims.model import State
from onbam.kernel.words import Text
from onbam.notices.model import Severity

# -- places -----------------------------------------------------------------------------------------------------------------

BRAND: Final = Text(ko="온밤", en="Onbam")
TODAY: Final = Text(ko="오늘", en="Today")
NEEDS: Final = Text(ko="확인할 일", en="Needs you")
ORDERS: Final = Text(ko="주문", en="Orders")
BOARD: Final = Text(ko="실시간 보드", en="Live board")
MACHINES: Final = Text(ko="PC들", en="PCs")
LOCKS: Final = Text(ko="락", en="Locks")
CODES: Final = Text(ko="품목코드", en="Code book")
NOTICES: Final = Text(ko="알림", en="Notices")
SETTINGS: Final = Text(ko="설정", en="Settings")
PEOPLE: Final = Text(ko="사용자", en="Users")
HELP: Final = Text(ko="도움말", en="Help")
ABOUT: Final = Text(ko="정보", en="About")
ACCOUNT: Final = Text(ko="내 계정", en="My account")
MORE: Final = Text(ko="더 보기", en="More")
MAIN_NAV: Final = Text(ko="주 메뉴", en="Main menu")
THUMB_NAV: Final = Text(ko="아래 메뉴", en="Menu at the bottom")
SKIP: Final = Text(ko="본문으로 건너뛰기", en="Skip to the content")

# -- freshness --------------------------------------------------------------------------------------------------------------

LIVE: Final = Text(ko="실시간", en="live")
CONNECTING: Final = Text(ko="연결하는 중", en="connecting")
FRESH: Final = Text(ko="{ago} 갱신", en="updated {ago}")
LOST: Final = Text(
    ko="연결이 끊겼습니다. 아래는 {at}의 모습이며 지금과 다를 수 있습니다.",
    en="The connection is lost. What you see is of {at} and may not be so any more.",
)
UNOPENED: Final = Text(
    ko="온밤에 닿지 못해 아무것도 하지 않았습니다. 연결되면 다시 누르십시오.",
    en="Onbam could not be reached, and nothing was done. Press again once it is connected.",
)
UNSURE: Final = Text(
    ko="답이 오지 않아 되었는지 알 수 없습니다. 연결되면 살펴보고, 안 되었으면 다시 하십시오.",
    en="No answer came, so whether it was done is not known. Look once it is connected, and repeat it if it was not.",
)
LOST_SHORT: Final = Text(ko="연결 끊김", en="connection lost")
PAUSED: Final = Text(ko="쉬는 중", en="paused")
PAST: Final = Text(ko="{at}의 모습을 보고 있습니다.", en="You are looking at {at}.")
PAST_NOTE: Final = Text(ko="기록에서 되살린 것만 보입니다.", en="Only what the journal tells is shown.")
TO_NOW: Final = Text(ko="지금으로", en="Back to now")
NOSCRIPT: Final = Text(
    ko="이 브라우저에서는 저절로 새로 고쳐지지 않습니다. 새로 고치면 지금 상태가 보입니다.",
    en="In this browser the page does not refresh by itself; load it again to see how things stand.",
)
OFFLINE_TITLE: Final = Text(ko="온밤에 연결할 수 없습니다", en="Onbam cannot be reached")
OFFLINE_TEXT: Final = Text(
    ko="이 기기가 온밤이 있는 PC에 닿지 못합니다. 지금 상태는 알 수 없으며, 옛 화면을 대신 보여 드리지 않습니다.",
    en="This device cannot reach the PC Onbam runs on. How things stand is not known, and no old page is shown instead.",
)
OFFLINE_HINT: Final = Text(
    ko="같은 네트워크인지, 그 PC가 켜져 있는지 확인하십시오. 연결되면 저절로 열립니다.",
    en="Check that you are in the same network and that PC is on. The page opens by itself once it answers.",
)
TRY_AGAIN: Final = Text(ko="다시 시도", en="Try again")

# -- choices ----------------------------------------------------------------------------------------------------------------

LANGUAGE: Final = Text(ko="언어", en="Language")
THEME: Final = Text(ko="밝기", en="Light")
THEME_AUTO: Final = Text(ko="시스템을 따름", en="As the system")
THEME_DAY: Final = Text(ko="낮", en="Day")
THEME_NIGHT: Final = Text(ko="밤", en="Night")
LOG_OUT: Final = Text(ko="로그아웃", en="Log out")
CLOSE: Final = Text(ko="닫기", en="Close")
BACK: Final = Text(ko="뒤로", en="Back")
PRINT: Final = Text(ko="인쇄", en="Print")
KEYS: Final = Text(ko="단축키", en="Keyboard")
SEARCH: Final = Text(ko="찾기", en="Search")
SHOW: Final = Text(ko="보기", en="Show")
WHY: Final = Text(ko="왜?", en="Why?")
REASON: Final = Text(ko="까닭", en="Reason")
REASON_NOTE: Final = Text(ko="기록에 남습니다.", en="It is kept in the journal.")
DO_IT: Final = Text(ko="실행", en="Do it")
CANCEL: Final = Text(ko="그만두기", en="Leave it")
YES: Final = Text(ko="예", en="yes")
NO: Final = Text(ko="아니요", en="no")
NONE: Final = Text(ko="없음", en="none")
UNKNOWN: Final = Text(ko="모름", en="not known")
ALL: Final = Text(ko="전체", en="all")

KEY_HELP: Final = (
    ("/", Text(ko="찾기", en="search")),
    ("j k", Text(ko="다음, 이전 줄", en="next and previous row")),
    ("Enter", Text(ko="고른 줄 열기", en="open the chosen row")),
    ("r", Text(ko="고른 주문 다시 시도", en="try the chosen order again")),
    ("t", Text(ko="보드를 표로, 표를 보드로", en="board as a table and back")),
    ("n", Text(ko="지금으로 돌아오기", en="back to now")),
    ("g o", Text(ko="주문으로 (g t 오늘, g n 확인할 일, g b 보드)", en="to the orders (g t today, g n needs you, g b board)")),
    ("?", Text(ko="이 도움말", en="this help")),
)

# -- time -------------------------------------------------------------------------------------------------------------------

YESTERDAY: Final = Text(ko="어제", en="yesterday")
TOMORROW: Final = Text(ko="내일", en="tomorrow")
NOW: Final = Text(ko="지금", en="now")
JUST_NOW: Final = Text(ko="방금", en="just now")
AGO: Final = Text(ko="{span} 전", en="{span} ago")
SECONDS: Final = Text(ko="{n}초", en="{n} s")
MINUTES: Final = Text(ko="{n}분", en="{n} min")
HOURS: Final = Text(ko="{n}시간", en="{n} h")
DAYS: Final = Text(ko="{n}일", en="{n} d")
MINUTES_SECONDS: Final = Text(ko="{m}분 {s}초", en="{m} min {s} s")
HOURS_MINUTES: Final = Text(ko="{h}시간 {m}분", en="{h} h {m} min")

# -- states -----------------------------------------------------------------------------------------------------------------

STATES: Final = {
    State.WAITING: Text(ko="대기", en="waiting"),
    State.PROCESSING: Text(ko="처리 중", en="processing"),
    State.COMPLETED: Text(ko="완료", en="completed"),
    State.FAILED: Text(ko="다시 시도 예정", en="to be retried"),
    State.UNCERTAIN: Text(ko="확인 필요", en="uncertain"),
    State.PARKED: Text(ko="보류", en="parked"),
    State.CANCELLED: Text(ko="취소", en="cancelled"),
}
LIVES: Final = {
    "busy": Text(ko="일하는 중", en="working"),
    "alive": Text(ko="대기 중", en="standing by"),
    "late": Text(ko="신호 늦음", en="late"),
    "dead": Text(ko="응답 없음", en="no answer"),
    "stopped": Text(ko="꺼짐", en="stopped"),
}
LIFE_ICON: Final = {Life.ALIVE: "alive", Life.DEAD: "dead", Life.STOPPED: "stopped"}
SEVERITIES: Final = {
    Severity.URGENT: Text(ko="긴급", en="urgent"),
    Severity.WARN: Text(ko="주의", en="warning"),
    Severity.INFO: Text(ko="참고", en="note"),
}
FINDINGS: Final = {
    "ok": Text(ko="정상", en="ok"),
    "warn": Text(ko="주의", en="warning"),
    "bad": Text(ko="문제", en="trouble"),
}

# -- trouble with a request -------------------------------------------------------------------------------------------------

NOT_FOUND: Final = Text(ko="그런 화면이 없습니다.", en="There is no such page.")
NOT_FOUND_HINT: Final = Text(ko="주소를 확인하거나 「오늘」로 돌아가십시오.", en="Check the address, or go back to Today.")
FORBIDDEN: Final = Text(ko="이 일은 할 수 없습니다.", en="You may not do this.")
FORBIDDEN_HINT: Final = Text(
    ko="권한이 필요하면 관리자에게 부탁하십시오. 화면이 오래되었다면 새로 고친 뒤 다시 하십시오.",
    en="Ask an administrator for the right; if the page is old, load it again and repeat.",
)
BROKEN: Final = Text(ko="화면을 그리다가 문제가 생겼습니다.", en="Something went wrong while the page was made.")
BROKEN_HINT: Final = Text(
    ko="주문 처리는 이 화면과 따로 계속됩니다. 기록 번호 {number}로 로그에서 찾을 수 있습니다.",
    en="Orders go on without this page. The log has it under number {number}.",
)
BAD_REQUEST: Final = Text(ko="요청을 이해할 수 없습니다.", en="That request cannot be understood.")
BAD_REQUEST_HINT: Final = Text(ko="화면을 새로 고친 뒤 다시 하십시오.", en="Load the page again and repeat.")
LOGIN_NEEDED: Final = Text(ko="로그인이나 열쇠가 필요합니다.", en="A session or a key is needed.")
LOGIN_NEEDED_HINT: Final = Text(
    ko="「사용자」에서 열쇠를 만들어 'Authorization: Bearer …' 헤더로 보내십시오.",
    en="Make a key under Users and send it in the header 'Authorization: Bearer …'.",
)
BAD_FIELDS: Final = Text(ko="요청에 맞지 않는 값이 있습니다. {fields}", en="Something in the request does not fit. {fields}")
BAD_FIELDS_HINT: Final = Text(
    ko="적힌 값을 고쳐 다시 보내십시오. 프로그램이라면 /api/docs에 모든 값이 있습니다.",
    en="Correct what is named and send it again; /api/docs lists every field.",
)
FIELD_ODD: Final = Text(ko="알맞은 값이 아닙니다", en="not a value that fits")
FIELD_NUMBER: Final = Text(ko="숫자가 아닙니다", en="not a number")
FIELD_WRONG: Final = {
    "missing": Text(ko="빠져 있습니다", en="missing"),
    "extra_forbidden": Text(ko="그런 이름은 없습니다", en="no such name"),
    "greater_than_equal": Text(ko="{ge} 이상이어야 합니다", en="at least {ge}"),
    "less_than_equal": Text(ko="{le} 이하여야 합니다", en="at most {le}"),
    "string_too_long": Text(ko="{max_length}자까지입니다", en="at most {max_length} letters"),
    "string_too_short": Text(ko="{min_length}자 이상이어야 합니다", en="at least {min_length} letters"),
    "enum": Text(ko="가운데 하나여야 합니다: {expected}", en="one of {expected}"),
    "literal_error": Text(ko="가운데 하나여야 합니다: {expected}", en="one of {expected}"),
    "int_parsing": FIELD_NUMBER,
    "int_type": FIELD_NUMBER,
    "float_parsing": FIELD_NUMBER,
    "string_type": Text(ko="글이 아닙니다", en="not a text"),
    "bool_parsing": Text(ko="참도 거짓도 아닙니다", en="neither true nor false"),
    "json_invalid": Text(ko="JSON이 아닙니다", en="not JSON"),
}
"""What is wrong with a field, by the name of the rule that found it."""
NO_KEY: Final = Text(ko="그런 열쇠가 없습니다.", en="There is no such key.")
REFUSED_TITLE: Final = Text(ko="그대로는 할 수 없습니다", en="That cannot be done as it is")
LATER_TITLE: Final = Text(ko="지금은 답할 수 없습니다", en="No answer right now")
LATER_AGAIN: Final = Text(ko="답할 수 있게 되면 저절로 열립니다.", en="The page opens by itself once there is an answer.")
HOME: Final = Text(ko="오늘로", en="To Today")
BY_INTERFACE: Final = Text(ko="프로그램(API)이 닫음", en="closed through the interface")
