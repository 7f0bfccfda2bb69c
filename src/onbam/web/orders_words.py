"""What the pages of orders say: the list, one order, what needs a person, the board."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text, plain
from onbam.orders.desk import Sort

# -- the list ---------------------------------------------------------------------------------------------------------------

FIND: Final = Text(
    ko="주문번호, 전표번호, 현장, 구분, 품명, PC, 오류 내용으로 찾기",
    en="Find by order number, slip, site, business, product, PC or words of an error",
)
FOUND_NONE: Final = Text(ko="맞는 주문이 없습니다.", en="No order fits.")
FOUND_NONE_TEXT: Final = Text(
    ko="조건을 줄이거나 번호의 앞부분만 적어 보십시오.", en="Loosen the filters, or try the beginning of a number."
)
STATE_STRANGE: Final = Text(ko="'{text}'은(는) 주문의 상태가 아닙니다.", en="'{text}' is no state of an order.")
STATE_STRANGE_HINT: Final = Text(ko="쓸 수 있는 것: {states}.", en="These are: {states}.")
DAY_STRANGE: Final = Text(ko="'{text}'은(는) 날짜가 아닙니다.", en="'{text}' is no date.")
DAY_STRANGE_HINT: Final = Text(ko="2026-01-13처럼 적으십시오.", en="Write it as 2026-01-13.")
EMPTY: Final = Text(ko="아직 주문이 없습니다.", en="There are no orders yet.")
EMPTY_TEXT: Final = Text(
    ko="PC가 원장을 처음 살펴보면 여기에 나타납니다. 공급처 사이트 주소는 「설정」의 portal에 적습니다.",
    en="They appear here once a PC has looked through the ledger. The address of the supplier's site stands under portal in Settings.",
)
NUMBER: Final = Text(ko="주문", en="Order")
STATE: Final = Text(ko="상태", en="State")
KIND: Final = Text(ko="구분", en="Kind")
DAY: Final = Text(ko="날짜", en="Date")
PC: Final = plain("PC")
ATTEMPT: Final = Text(ko="시도", en="Attempt")
NOTE: Final = Text(ko="메모, 전표", en="Note, slip")
CHANGED: Final = Text(ko="바뀐 때", en="Changed")
SINCE: Final = Text(ko="이 날부터", en="From")
UNTIL: Final = Text(ko="이 날까지", en="To")
MORE_FILTERS: Final = Text(ko="PC와 날짜", en="PC and dates")
NARROW: Final = Text(ko="좁히기", en="Narrow")
CLEAR: Final = Text(ko="모두 보기", en="Show all")
MORE: Final = Text(ko="더 보기", en="More")
GO_ON: Final = Text(ko="{at} 이전도 찾기", en="Go on before {at}")
LOOKED_TO: Final = Text(ko="{at}까지 찾아보았습니다.", en="Looked through back to {at}.")
VIEWS: Final = Text(ko="보관한 보기", en="Saved views")
KEEP_VIEW: Final = Text(ko="이 보기를 보관", en="Keep this view")
VIEW_NAME: Final = Text(ko="보기 이름", en="Name of the view")
VIEW_KEPT: Final = Text(ko="보기 '{name}'을(를) 보관했습니다.", en="The view '{name}' is kept.")
VIEW_GONE: Final = Text(ko="보기를 지웠습니다.", en="The view is gone.")
DROP_VIEW: Final = Text(ko="지우기", en="Remove")
ALL_MATCHING: Final = Text(ko="조건에 맞는 모두를", en="All that match:")
PENDING: Final = Text(ko="대기와 처리", en="Pending")
HISTORY: Final = Text(ko="지난 30일", en="Last 30 days")
HISTORY_DONE: Final = Text(ko="완료", en="completed")
HISTORY_WRONG: Final = Text(ko="실패한 시도", en="failed attempts")
TODAY_DONE: Final = Text(ko="오늘 완료", en="completed today")

# -- acts -------------------------------------------------------------------------------------------------------------------

ASK: Final = {
    "retry": Text(ko="주문 {key}을(를) 다시 시도할까요?", en="Try order {key} again?"),
    "hold": Text(ko="주문 {key}을(를) 보류할까요?", en="Park order {key}?"),
    "unhold": Text(ko="주문 {key}의 보류를 풀까요?", en="Let order {key} go on?"),
    "cancel": Text(ko="주문 {key}을(를) 취소할까요?", en="Cancel order {key}?"),
    "there": Text(ko="주문 {key}이(가) ERP에 있습니까?", en="Is order {key} in the ERP?"),
    "not_there": Text(ko="주문 {key}이(가) ERP에 없습니까?", en="Is order {key} not in the ERP?"),
}
MEANS: Final = {
    "retry": Text(ko="지금 바로 다시 맡을 수 있게 됩니다.", en="It may be taken again at once."),
    "hold": Text(ko="다시 풀 때까지 아무 PC도 맡지 않습니다.", en="No PC takes it until it is let go on."),
    "unhold": Text(ko="차례가 되면 PC가 맡습니다.", en="A PC takes it when its turn comes."),
    "cancel": Text(ko="ERP에 입력하지 않습니다.", en="It is not entered in the ERP."),
    "there": Text(
        ko="ERP에서 찾은 전표 번호를 적으십시오. 완료로 정하고 다시 보내지 않습니다.",
        en="Write the number of the slip you found there. The order is completed and not sent again.",
    ),
    "not_there": Text(
        ko="ERP에서 확인 열쇠 {key}로 찾아 없음을 확인한 경우에만 누르십시오. 주문을 다시 보냅니다. 실제로 있었다면 전표가 두 장이 됩니다.",
        en="Only after you searched the ERP for {key} and found nothing. The order is sent again; were it there, there would be two slips.",
    ),
}
OUTSIDE: Final = frozenset({"there", "not_there", "cancel"})
"""Acts that touch the outside, or close the way to it: asked once more."""
SURE_NOT_THERE: Final = Text(ko="ERP에서 찾아보았고 없었습니다.", en="I searched the ERP and it is not there.")
SURE_CANCEL: Final = Text(ko="이 주문을 입력하지 않는 것이 맞습니다.", en="This order is indeed not to be entered.")
RECEIPT: Final = Text(ko="전표 번호", en="Slip number")
SEARCH_FOR: Final = Text(ko="ERP에서 찾을 확인 열쇠", en="Search the ERP for")
OPEN_ERP: Final = Text(ko="열쇠를 복사하고 ERP 열기", en="Copy the key and open the ERP")
ERP_DOOR: Final = "https://login.ecount.com/"
DONE_SAID: Final = {
    "retry": Text(ko="주문 {key}을(를) 다시 시도합니다.", en="Order {key} is tried again."),
    "hold": Text(ko="주문 {key}을(를) 보류했습니다.", en="Order {key} is parked."),
    "unhold": Text(ko="주문 {key}의 보류를 풀었습니다.", en="Order {key} goes on."),
    "cancel": Text(ko="주문 {key}을(를) 취소했습니다.", en="Order {key} is cancelled."),
    "there": Text(ko="주문 {key}을(를) 완료로 정했습니다.", en="Order {key} is settled as completed."),
    "not_there": Text(ko="주문 {key}을(를) 다시 보냅니다.", en="Order {key} is sent again."),
}
UNDO: Final = Text(ko="되돌리기", en="Undo")
UNDONE: Final = Text(ko="되돌렸습니다.", en="Undone.")
UNDONE_BUT: Final = Text(
    ko="되돌렸습니다. {n:,}건은 그사이 바뀌어 그대로 둡니다.", en="Undone. Changed meanwhile and left as they are: {n:,}."
)
UNDO_WHY: Final = Text(ko="되돌리기", en="undone")
BULK_ASK: Final = Text(ko="주문 {n:,}건: {act}?", en="{act}? Orders: {n:,}")
BULK_NONE: Final = Text(ko="지금 할 수 있는 주문이 없습니다.", en="None of these allows it now.")
BULK_SKIPPED: Final = Text(
    ko="{n:,}건은 지금 할 수 없어 그대로 둡니다.", en="Left as they are, for now does not allow it: {n:,}."
)
BULK_SOME: Final = Text(ko="그 가운데", en="among them")
BULK_DONE: Final = Text(
    ko="{n:,}건을 처리했습니다. {skipped:,}건은 그대로 두었습니다.", en="Orders done: {n:,}. Left as they were: {skipped:,}."
)

# -- one order --------------------------------------------------------------------------------------------------------------

ORDER: Final = Text(ko="주문 {key}", en="Order {key}")
STORY: Final = Text(ko="지금까지의 일", en="What happened")
STORY_CUT: Final = Text(ko="이보다 오래된 기록이 더 있습니다.", en="There is more before this.")
NEXT: Final = Text(ko="다음", en="Next")
ATTEMPT_N: Final = Text(ko="{n}번째 시도", en="Attempt {n}")
HOLDER: Final = Text(ko="맡은 PC", en="Held by")
HELD_SINCE: Final = Text(ko="맡은 때", en="Since")
LEASE_LEFT: Final = Text(ko="맡은 시간 남음", en="Lease left")
LEASE_OVER: Final = Text(ko="끝남", en="over")
LAST_HOLDER: Final = Text(ko="마지막으로 맡은 PC", en="Last held by")
TOKEN: Final = Text(ko="순번", en="Token")
SLIP: Final = Text(ko="전표", en="Slip")
WAY: Final = Text(ko="주문의 길", en="The way of this order")
STANDS_HERE: Final = Text(ko="여기서 멈춤", en="stands here")
NOT_YET: Final = Text(ko="아직", en="not yet")
MARKS: Final = {
    "done": Text(ko="마침", en="done"),
    "now": Text(ko="지금", en="now"),
    "ahead": NOT_YET,
    "stands": STANDS_HERE,
}
SAME: Final = Text(ko="원본과 맞습니다.", en="It adds up with the original.")
DIFFERS: Final = Text(ko="원본과 맞지 않는 곳 {n}곳", en="{n} places do not add up with the original")
NEXT_AT: Final = Text(ko="{at}에, {left} 뒤", en="at {at}, in {left}")
STEP: Final = Text(ko="단계", en="Step")
CRASHES: Final = Text(ko="처리 중 중단", en="In flight at crashes")
PAPER: Final = Text(ko="공급처가 보낸 그대로", en="As the supplier sent it")
PAPER_FRAME: Final = Text(ko="거래명세서 원본", en="The supplier's document")
FORM: Final = Text(ko="온밤이 이해한 내용", en="What we understood")
NO_PAPER: Final = Text(ko="아직 거래명세서가 없습니다.", en="There is no document yet.")
NO_PAPER_TEXT: Final = Text(
    ko="PC가 이 주문을 맡으면 가장 먼저 받아 둡니다.", en="It is the first thing a PC fetches once it takes the order."
)
NOT_READ: Final = Text(ko="이 문서를 읽을 수 없었습니다: {why}", en="This document could not be read: {why}")
LINE_NO: Final = Text(ko="번호", en="No")
LINE_NAME: Final = Text(ko="품명", en="Name")
LINE_SPEC: Final = Text(ko="규격", en="Size")
LINE_COLOR: Final = Text(ko="색상", en="Colour")
LINE_QTY: Final = Text(ko="수량", en="Quantity")
LINE_PRICE: Final = Text(ko="단가", en="Price")
LINE_AMOUNT: Final = Text(ko="금액", en="Amount")
LINE_CODE: Final = Text(ko="품목코드", en="Code")
TOTAL: Final = Text(ko="합계", en="Total")
TOTAL_COUNTED: Final = Text(ko="내역을 더하면", en="Sum of the lines")
EVIDENCE: Final = Text(ko="근거", en="Evidence")
SHOW_PIECE: Final = Text(ko="보기", en="Show")
NEAREST: Final = Text(ko="가장 가까운 코드", en="The nearest codes")
UNKNOWN_ORDER: Final = Text(ko="주문 {key}을(를) 알지 못합니다.", en="Order {key} is not known.")
LEDGER_ROW: Final = Text(ko="원장의 줄", en="Row of the ledger")

# -- needs you --------------------------------------------------------------------------------------------------------------

NEEDS_NONE: Final = Text(ko="확인할 일이 없습니다.", en="Nothing needs you.")
NEEDS_NONE_TEXT: Final = Text(
    ko="ERP에 들어갔는지 알 수 없는 주문, 품목코드를 모르는 주문, 멈춘 주문이 생기면 여기에 모입니다.",
    en="Orders in doubt, orders with an unknown product code and orders that stand still gather here.",
)
NEEDS_ONE: Final = Text(ko="확인할 일 1건", en="1 thing needs you")
NEEDS_N: Final = Text(ko="확인할 일 {n}건", en="{n} things need you")
NEEDS_SHOWN: Final = Text(ko="오래된 것부터 {n}건을 보입니다.", en="The {n} oldest are shown.")
NEEDS_ALL: Final = Text(ko="모두 보고 한꺼번에 처리하기", en="See all, and act on many at once")
SORTS: Final = {
    Sort.DOUBT: Text(ko="ERP에 들어갔는지 확인", en="Is it in the ERP?"),
    Sort.STUCK: Text(ko="멈춰 있음", en="Stands still"),
    Sort.PARKED: Text(ko="보류", en="Parked"),
}
NEEDS_NOTICES: Final = Text(ko="열린 알림", en="Open notices")
EVIDENCE_OPEN: Final = Text(ko="근거 보기", en="See the evidence")

# -- the board --------------------------------------------------------------------------------------------------------------

BOARD_PCS: Final = plain("PC")
BOARD_HELD: Final = Text(ko="처리 중", en="In hand")
BOARD_DONE: Final = Text(ko="방금 끝남", en="Just finished")
BOARD_TABLE: Final = Text(ko="표로 보기", en="As a table")
BOARD_GRAPH: Final = Text(ko="그림으로 보기", en="As a picture")
BOARD_QUIET: Final = Text(ko="지금 처리 중인 주문이 없습니다.", en="No order is in hand now.")
BOARD_QUIET_THEN: Final = Text(ko="이때 처리 중인 주문은 없었습니다.", en="No order was in hand then.")
BOARD_DONE_NONE: Final = Text(ko="끝난 주문이 아직 없습니다.", en="No order has ended yet.")
BOARD_DONE_NONE_THEN: Final = Text(ko="그 무렵 끝난 주문은 없습니다.", en="No order ended around then.")
BOARD_WAITING: Final = Text(ko="대기 {n}건", en="{n} waiting")
BOARD_FOLDED: Final = Text(ko="{pc}: {n}건 더", en="{pc}: {n} more")
BOARD_SCRUB: Final = Text(ko="보는 시각", en="Looking at")
BOARD_CUT: Final = Text(
    ko="이 무렵 일이 너무 많아 마지막 {n}줄만 되살렸습니다.",
    en="So much happened then that only the last {n} lines are told again.",
)
BOARD_OLD: Final = Text(ko="기록이 그보다 나중에 시작합니다.", en="The journal begins later than that.")
BOARD_NIGHT: Final = Text(ko="날짜", en="Day")
PHASES: Final = (
    ("ledger", Text(ko="원장", en="ledger")),
    ("document", Text(ko="문서", en="document")),
    ("form", Text(ko="해석", en="reading")),
    ("slip", Text(ko="전표", en="slip")),
    ("intent", Text(ko="입력", en="entering")),
    ("receipt", Text(ko="확인", en="receipt")),
)
CELLS: Final = {
    "거래처": Text(ko="거래처", en="Dealer"),
    "현장명": Text(ko="현장명", en="Site"),
    "수량": Text(ko="수량", en="Quantity"),
    "금액": Text(ko="금액", en="Amount"),
    "상태": Text(ko="상태", en="State at the supplier"),
}
"""Headings of the supplier's list; any other is shown as the supplier wrote it."""
COLUMNS: Final = (
    ("document", Text(ko="문서", en="document")),
    ("form", Text(ko="해석", en="reading")),
    ("intent", Text(ko="입력", en="entering")),
    ("receipt", Text(ko="확인", en="receipt")),
)
"""The way over the board."""
BOARD_MORE: Final = Text(ko="PC {n}대 더", en="{n} PCs more")
SENDING: Final = Text(ko="ERP에 입력 중", en="entering in the ERP")
STARTED: Final = Text(ko="맡음", en="taken")
