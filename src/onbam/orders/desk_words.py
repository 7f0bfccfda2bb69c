"""What the orders desk says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

# -- acts -------------------------------------------------------------------------------------------------------------------

ACTS: Final = {
    "retry": Text(ko="다시 시도", en="try again"),
    "hold": Text(ko="보류", en="park"),
    "unhold": Text(ko="보류 해제", en="let it go on"),
    "cancel": Text(ko="취소", en="cancel"),
    "there": Text(ko="ERP에 있음", en="it is there"),
    "not_there": Text(ko="ERP에 없음", en="it is not there"),
}
"""What stands on the buttons."""

# -- refusals ---------------------------------------------------------------------------------------------------------------

UNKNOWN: Final = Text(ko="주문 {key}을(를) 알지 못합니다.", en="Order {key} is not known.")
UNKNOWN_HINT: Final = Text(ko="'onbam orders list'로 번호를 확인하십시오.", en="See 'onbam orders list' for the numbers.")
BAD_NUMBER: Final = Text(ko="'{text}'은(는) 주문번호가 아닙니다.", en="'{text}' is no order number.")
REASON_NEEDED: Final = Text(ko="까닭을 적어 주십시오.", en="Please say why.")
REASON_HINT: Final = Text(
    ko='나중에 누가 왜 그랬는지 알 수 있도록 기록에 남습니다. 명령에서는 --reason "이유"입니다.',
    en='It is kept in the journal, so that it is known later who did this and why. At a terminal: --reason "…".',
)
RECEIPT_NEEDED: Final = Text(ko="ERP의 전표 번호가 필요합니다.", en="The number of the slip in the ERP is needed.")
RECEIPT_HINT: Final = Text(ko="예: 20260105-3", en="As in 20260105-3")
RECEIPT_LONG: Final = Text(ko="전표 번호는 {limit}자까지입니다.", en="The number of a slip has at most {limit} letters.")
RECEIPT_BAD: Final = Text(ko="'{text}'은(는) ERP의 전표 번호가 아닙니다.", en="'{text}' is no number of a slip in the ERP.")
RECEIPT_FORM: Final = Text(
    ko="전표 번호는 '일자-번호'입니다. 예: 20260105-3 (2026/01/05 -3처럼 적어도 됩니다).",
    en="It is the day and a number, as in 20260105-3; 2026/01/05 -3 is understood too.",
)
RECEIPT_TAKEN: Final = Text(
    ko="전표 {receipt}은(는) 이미 주문 {other}의 것입니다.", en="Slip {receipt} is order {other}'s already."
)
RECEIPT_TAKEN_HINT: Final = Text(
    ko="ERP에서 {key}의 전표를 찾아 그 번호를 적으십시오. 한 전표에 두 주문이 정말 함께 있으면 구매현황을 내려받아 'onbam orders reconcile'로 정하십시오.",
    en="Find the slip of {key} in the ERP and give its number. If one slip really holds both orders, export the report of purchases and settle it with 'onbam orders reconcile'.",
)
NEVER_SENT: Final = Text(ko="온밤은 주문 {key}을(를) ERP에 보낸 적이 없습니다.", en="Onbam never sent order {key} to the ERP.")
NEVER_SENT_CANCELLED: Final = Text(
    ko="주문 {key}은(는) 취소되었고, 온밤이 ERP에 보낸 적이 없습니다.",
    en="Order {key} is cancelled, and Onbam never sent it to the ERP.",
)
SURE_THERE: Final = Text(
    ko="사람이 ERP에 직접 입력했고, 이 주문의 전표를 보았습니다.",
    en="A person entered it by hand, and I have seen this order's slip.",
)
TAKEN_BACK: Final = Text(
    ko="주문 {key}은(는) 공급처가 원장에서 취소했습니다. 원장이 그렇게 말하는 동안은 다시 시도해도 입력되지 않습니다.",
    en="The supplier cancelled order {key} in the ledger; while the ledger says so it is not entered, however often it is tried.",
)
SURE_RETRY: Final = Text(ko="그래도 원장을 다시 살펴보게 합니다.", en="Have the ledger looked at again all the same.")
QUESTION: Final = Text(ko="{why} {sure}", en="{why} {sure}")
ONE_BY_ONE: Final = Text(ko="하나씩 확인하고 하십시오.", en="Look at each, and do it one by one.")
SAY_SURE: Final = Text(
    ko='그렇다면 --sure를 붙이십시오 (인터페이스에서는 "sure": true): {sure}',
    en='If this is so, add --sure (in the interface "sure": true): {sure}',
)
CHANGED: Final = Text(
    ko="주문 {key}은(는) 보신 뒤에 바뀌었습니다 ({ago} 전). {now}",
    en="Order {key} has changed since you looked, {ago} ago. {now}",
)
CHANGED_HINT: Final = Text(ko="지금 상태를 보고 다시 정해 주십시오.", en="See how it stands now, and decide again.")
BUSY: Final = Text(ko="주문 {key}이(가) 바로 지금 바뀌고 있습니다.", en="Order {key} is changing at this very moment.")
BUSY_HINT: Final = Text(ko="잠시 뒤에 다시 하십시오.", en="Try again in a moment.")
WAITS_ALREADY: Final = Text(ko="주문 {key}은(는) 이미 차례를 기다립니다.", en="Order {key} waits its turn already.")
IN_HAND: Final = Text(
    ko="주문 {key}은(는) {pc}이(가) {ago} 전부터 처리하고 있습니다.",
    en="Order {key} is being worked on by {pc}, since {ago} ago.",
)
IN_HAND_HINT: Final = Text(ko="끝나기를 기다리거나, 멈추려면 보류하십시오.", en="Wait for it to end, or park it to stop it.")
ENTERING: Final = Text(
    ko="주문 {key}은(는) {pc}이(가) 바로 지금 ERP에 입력하고 있어 바꿀 수 없습니다.",
    en="Order {key} is being entered in the ERP by {pc} at this moment and cannot be changed.",
)
ENTERING_HINT: Final = Text(ko="{left} 뒤에 다시 보십시오.", en="Look again in {left}.")
DONE: Final = Text(
    ko="주문 {key}은(는) 전표 {receipt}(으)로 완료되었습니다. 다시 입력하지 않습니다.",
    en="Order {key} is completed, with slip {receipt}. It is never entered again.",
)
DONE_HINT: Final = Text(
    ko="ERP의 전표가 잘못되었다면 ERP에서 직접 고치거나 지우십시오.",
    en="If the slip is wrong, correct or delete it in the ERP.",
)
IS_CANCELLED: Final = Text(ko="주문 {key}은(는) 취소되었습니다.", en="Order {key} is cancelled.")
IS_CANCELLED_HINT: Final = Text(
    ko="다시 하려면 '다시 시도'를 쓰십시오.", en="To have it done after all, let it be tried again."
)
SETTLE_FIRST: Final = Text(
    ko="주문 {key}은(는) ERP에 들어갔는지 알 수 없습니다.", en="Whether order {key} is in the ERP is not known."
)
SETTLE_FIRST_HINT: Final = Text(
    ko="먼저 ERP에서 찾아 'ERP에 있음' 또는 'ERP에 없음'으로 정하십시오: onbam orders resolve {key} --there 전표번호 | --not-there",
    en="Look for it there and settle that first: onbam orders resolve {key} --there NUMBER | --not-there",
)
HELD_ALREADY: Final = Text(ko="주문 {key}은(는) 이미 보류되어 있습니다.", en="Order {key} is parked already.")
NOT_HELD: Final = Text(ko="주문 {key}은(는) 보류되어 있지 않습니다.", en="Order {key} is not parked.")
NO_DOUBT: Final = Text(
    ko="주문 {key}은(는) '확인 필요'가 아니어서 'ERP에 없음'으로 정할 것이 없습니다.",
    en="Order {key} is not uncertain: there is nothing to settle as not there.",
)
SEE_SHOW: Final = Text(ko="'onbam orders show {key}'로 지금 상태를 보십시오.", en="See 'onbam orders show {key}'.")
ONLY_REMEMBERED: Final = Text(
    ko="주문 {key}의 행은 정리되었고 결과만 기억합니다. 바꿀 수 없습니다.",
    en="The row of order {key} was cleared away; how it ended is remembered and cannot be changed.",
)
NOT_YET: Final = Text(
    ko="주문 {key}: 보낸 것이 아직 도착할 수 있어 'ERP에 없음'으로 정할 수 없습니다.",
    en="Order {key}: what was sent may still arrive, so it cannot be settled as not there yet.",
)
NOT_YET_HINT: Final = Text(ko="{left} 뒤에 다시 하십시오.", en="Do it again in {left}.")

# -- bulk -------------------------------------------------------------------------------------------------------------------

TOO_MANY: Final = Text(
    ko="한 번에 {limit}건까지 할 수 있습니다. 조건에 맞는 주문이 더 많습니다.",
    en="At most {limit} orders at a time; more than that match.",
)
TOO_MANY_HINT: Final = Text(ko="상태, PC, 날짜로 좁히십시오.", en="Narrow it by state, PC or date.")
NOT_IN_BULK: Final = Text(
    ko="'{act}'은(는) 한 번에 여러 건을 할 수 없습니다. 하나씩 확인해야 합니다.",
    en="'{act}' cannot be done to many at once: each must be looked at.",
)
COUNT_CHANGED: Final = Text(
    ko="그사이 대상이 {expected}건에서 {found}건으로 바뀌었습니다.",
    en="Meanwhile {found} orders are concerned instead of {expected}.",
)
BAD_PLACE: Final = Text(ko="목록의 이어 보기 표시가 잘못되었습니다: {after}", en="This is no place in a list: {after}")
BAD_PLACE_HINT: Final = Text(ko="처음부터 다시 찾으십시오.", en="Search again from the beginning.")
