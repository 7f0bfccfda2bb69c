"""What the commands of the orders desk say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text, plain

# -- commands ---------------------------------------------------------------------------------------------------------------

LIST: Final = Text(
    ko="주문을 찾아 보여 줍니다.\n\n낱말은 주문번호, 전표, PC, 메모와 목록에 보이는 구분·현장·거래처, 읽은 문서의 품명·색상·규격에서 찾습니다. 최근에 바뀐 것이 먼저입니다.",
    en="Find orders and show them.\n\nWords are looked for in number, slip, PC, note and what the ledger shows (business, site, customer) and the products of a document that was read; the latest change first.",
)
SHOW: Final = Text(
    ko="한 주문의 이야기를 보여 줍니다: 지금까지의 모든 일, 근거, 다음에 일어날 일과 그 까닭.",
    en="Tell the story of one order: everything that happened, the evidence, what happens next and why.",
)
RETRY: Final = Text(
    ko="주문을 지금 다시 하게 합니다 (실패, 보류, 취소, 멈춘 것).\n\n번호 대신 --state, --text, --pc로 여러 건을 고를 수 있습니다. 먼저 몇 건인지 보여 주고 묻습니다.",
    en="Let orders be tried again now: failed, parked, cancelled or stuck ones.\n\nInstead of numbers, choose many by --state, --text and --pc; how many these are is shown and asked first.",
)
HOLD: Final = Text(
    ko="주문을 보류합니다. 다시 놓을 때까지 아무도 맡지 않습니다.", en="Park orders: nobody takes them until they are let go."
)
UNHOLD: Final = Text(ko="보류한 주문을 다시 놓습니다.", en="Let parked orders go on.")
CANCEL: Final = Text(
    ko="주문을 취소합니다. ERP에 들어간 것은 여기서 취소할 수 없습니다.",
    en="Cancel orders. What is in the ERP cannot be cancelled here.",
)
RESOLVE: Final = Text(
    ko="ERP에 들어갔는지 알 수 없는 주문을 정합니다.\n\n먼저 ERP에서 주문번호로 찾아보십시오. 있으면 --there 전표번호, 없으면 --not-there. 손으로 입력한 주문도 --there로 알립니다.",
    en="Settle whether an order is in the ERP.\n\nLook for its number there first: --there NUMBER if it is there, --not-there if it is not. An order that was entered by hand is told with --there, too.",
)
RECONCILE: Final = Text(
    ko="이카운트에서 내려받은 구매현황(xlsx, csv)으로, 알 수 없던 주문을 정합니다.\n\n기간만 정하고 다른 조건 없이 조회한 파일이어야 합니다. 두 번 들어간 것, 아무도 모르는 것, 없어진 것도 보여 줍니다.",
    en="Settle uncertain orders by the report of purchases exported from Ecount (xlsx, csv).\n\nThe report must have been made for a period and without any other condition. Duplicates, slips nobody knows and missing ones are listed.",
)
PASTE: Final = Text(
    ko="주문을 ERP의 웹자료올리기에 붙여 넣을 수 있게 만듭니다.\n\n클립보드에 복사하고, 클립보드가 없으면 보여 줍니다. --out을 주면 파일에 적습니다.",
    en="Make the block a person pastes into the ERP.\n\nIt is copied to the clipboard, and shown where there is none; --out writes it to a file.",
)

# -- options ----------------------------------------------------------------------------------------------------------------

STATE_OPTION: Final = Text(ko="이 상태만 (여러 번 쓸 수 있음).", en="Only this state; may be repeated.")
PC_OPTION: Final = Text(ko="이 PC가 맡았던 것만 (이름 또는 ID).", en="Only what this PC held last (name or id).")
TEXT_OPTION: Final = Text(ko="이 낱말이 있는 것만.", en="Only those with these words.")
SINCE_OPTION: Final = Text(
    ko="이때부터 바뀐 것만: 2026-01-05, 2026-01-05T08:30, today, 3h, 2d.",
    en="Changed since then: 2026-01-05, 2026-01-05T08:30, today, 3h, 2d.",
)
UNTIL_OPTION: Final = Text(ko="이때까지 바뀐 것만 (--since와 같은 형식).", en="Changed before then, in the same forms.")
LIMIT_OPTION: Final = Text(ko="한 번에 보여 줄 개수.", en="How many at a time.")
AFTER_OPTION: Final = Text(ko="이어 보기: 앞의 답에 있던 표시.", en="Go on from here, as the answer before said.")
NEEDS_OPTION: Final = Text(ko="사람이 볼 것만: 확인 필요, 멈춘 것, 보류.", en="Only what needs you: uncertain, stuck, parked.")
SAVE_OPTION: Final = Text(ko="근거를 이 폴더에 파일로 저장합니다.", en="Save the evidence as files in this folder.")
YES_OPTION: Final = Text(
    ko="묻지 않고 이만큼이면 합니다. 수가 다르면 하지 않습니다.",
    en="Do it without asking when it is so many; with another count nothing is done.",
)
SURE_OPTION: Final = Text(
    ko="물어볼 일을 묻지 않고 합니다: 보낸 적 없는 주문이 ERP에 있다고, 또는 공급처가 취소한 주문을 다시 하겠다고 말합니다.",
    en="Say what would be asked: that an order which was never sent is in the ERP, or that one the supplier cancelled is to be tried.",
)
THERE_OPTION: Final = Text(
    ko="ERP에 있음: 전표 번호 (예: 20260105-3).", en="It is there: the number of the slip, as 20260105-3."
)
NOT_THERE_OPTION: Final = Text(ko="ERP에 없음: 다시 보냅니다.", en="It is not there: it is sent again.")
WAIT_OPTION: Final = Text(
    ko="보낸 것이 아직 도착할 수 있으면 기다렸다가 정합니다.", en="Wait while what was sent may still arrive, then settle it."
)
DRY_OPTION: Final = Text(ko="보기만 하고 아무것도 바꾸지 않습니다.", en="Only look; change nothing.")
UNFILTERED_OPTION: Final = Text(
    ko="기간 말고는 아무 조건 없이 조회한 파일임을 보증합니다.",
    en="Vouch that the report was made without any condition but the period.",
)
OUT_OPTION: Final = Text(ko="클립보드 대신 이 파일에 적습니다.", en="Write it to this file instead of the clipboard.")
DOCUMENT_OPTION: Final = Text(
    ko="받은 것 대신 이 거래명세서 파일을 씁니다.", en="Use this saved document instead of the one that was fetched."
)
HOLD_OPTION: Final = Text(ko="먼저 보류합니다 (--reason 필요).", en="Park it first (needs --reason).")
AGAIN_OPTION: Final = Text(
    ko="이미 ERP에 있어도 만듭니다 (그 전표를 지웠을 때만).",
    en="Also when it is in the ERP already: only after that slip was deleted.",
)

# -- answers ----------------------------------------------------------------------------------------------------------------

SUMMARY: Final = Text(
    ko="대기 {waiting} · 처리 중 {processing} · 오늘 완료 {completed} · 실패 {failed} · 확인 필요 {uncertain} · 보류 {parked} · 취소 {cancelled}",
    en="waiting {waiting} · processing {processing} · completed today {completed} · failed {failed} · uncertain {uncertain} · parked {parked} · cancelled {cancelled}",
)
NO_ORDERS: Final = Text(
    ko="아직 주문이 없습니다. 'onbam agent run'이 공급처 원장을 살펴보면 여기에 나타납니다.",
    en="There are no orders yet. They appear once 'onbam agent run' has looked into the supplier's ledger.",
)
NOTHING_FITS: Final = Text(ko="조건에 맞는 주문이 없습니다.", en="No order fits.")
NOTHING_NEEDS: Final = Text(ko="모두 정상입니다. 확인할 주문이 없습니다.", en="All is well. No order needs you.")
NEEDS: Final = Text(ko="확인할 주문 {count}건", en="orders that need you: {count}")
LOOKED_TO: Final = Text(
    ko="{at} 이전에 바뀐 주문은 아직 찾아보지 않았습니다. 이어서: --after {after}",
    en="Orders that changed before {at} were not looked through yet. Go on: --after {after}",
)
MORE: Final = Text(ko="더 있습니다. 이어서: --after {after}", en="There are more. Go on: --after {after}")
BAD_TIME: Final = Text(ko="'{text}'은(는) 때가 아닙니다.", en="'{text}' is no moment.")
BAD_TIME_HINT: Final = Text(
    ko="예: 2026-01-05, 2026-01-05T08:30, today, 3h, 2d", en="As in 2026-01-05, 2026-01-05T08:30, today, 3h, 2d"
)
NUMBER: Final = Text(ko="주문", en="order")
STATE: Final = Text(ko="상태", en="state")
PC: Final = Text(ko="맡은 PC", en="PC")
CHANGED: Final = Text(ko="바뀐 때", en="changed")
NOTE: Final = Text(ko="메모", en="note")
SLIP: Final = Text(ko="전표", en="slip")
TITLE: Final = Text(ko="주문 {key}  {state}", en="Order {key}  {state}")
ATTEMPT: Final = Text(ko="시도 {number}", en="attempt {number}")
CUT: Final = Text(ko="더 오래된 일이 있습니다.", en="There are older lines.")
POSSIBLE: Final = Text(ko="할 수 있는 일: {acts}", en="You may: {acts}")
ASK_FOR_CODES: Final = Text(
    ko="품목코드를 기다리는 주문 {count}건: 'onbam orders codes suggest --out 질문.csv'가 모르는 품목의 표를 만듭니다.",
    en="Orders that wait for product codes: {count}. 'onbam orders codes suggest --out questions.csv' makes a table of the products nobody knows.",
)
TYPED: Final = {
    "there": Text(ko="resolve --there 전표번호", en="resolve --there NUMBER"),
    "not_there": plain("resolve --not-there"),
}
"""What is typed for an act, where it is not its own name."""
SAVED: Final = Text(ko="근거 {count}개를 {folder}에 저장했습니다.", en="{count} pieces of evidence saved in {folder}.")
CANNOT_SAVE: Final = Text(ko="{file}에 쓸 수 없습니다 ({what}).", en="{file} cannot be written ({what}).")
DONE: Final = Text(ko="주문 {key}: {state}", en="Order {key}: {state}")
DONE_MANY: Final = Text(ko="{count}건을 했습니다.", en="Done: {count}.")
REFUSED_MANY: Final = Text(ko="{count}건은 하지 못했습니다:", en="Not done: {count}.")
WOULD: Final = Text(
    ko="'{act}'할 주문 {count}건, 할 수 없는 것 {refused}건.", en="Orders to '{act}': {count}; not possible for {refused}."
)
ASK: Final = Text(ko="{count}건을 할까요?", en="Do it for these {count}?")
ASK_SURE: Final = Text(ko="{sure} 그렇게 할까요?", en="{sure} Do it?")
NOT_ASKED: Final = Text(
    ko="물어볼 사람이 없습니다. --yes {count}을(를) 붙이면 합니다.", en="There is nobody to ask; with --yes {count} it is done."
)
NOTHING_DONE: Final = Text(ko="아무것도 바꾸지 않았습니다.", en="Nothing was changed.")
NUMBERS_OR_FILTER: Final = Text(
    ko="주문번호를 적거나 --state, --text, --pc로 고르십시오.", en="Give order numbers, or choose by --state, --text or --pc."
)
NOT_BOTH: Final = Text(ko="주문번호와 조건을 함께 쓸 수 없습니다.", en="Numbers and conditions cannot be used together.")
ONE_OF_TWO: Final = Text(
    ko="--there 전표번호와 --not-there 가운데 하나를 쓰십시오.", en="Use one of --there NUMBER and --not-there."
)
WAITS: Final = Text(ko="보낸 것이 도착할 수 있는 동안 기다립니다", en="waiting while what was sent may still arrive")

# -- reconcile --------------------------------------------------------------------------------------------------------------

REPORT: Final = Text(
    ko="{file}: {since} ~ {until}, 전표 {slips}건, {printed}에 만듦",
    en="{file}: {since} to {until}, {slips} slips, made at {printed}",
)
UNKNOWN_MOMENT: Final = Text(ko="모르는 때", en="an unknown moment")
NOTHING_TO_SETTLE: Final = Text(ko="알 수 없는 주문은 없습니다.", en="No order is uncertain.")
IS_THERE: Final = Text(ko="ERP에 있음: 전표 {number}", en="there, as slip {number}")
IS_NOT_THERE: Final = Text(ko="ERP에 없음: 다시 보냅니다", en="not there: it is sent again")
CANNOT_TELL: Final = Text(ko="알 수 없음: {why}", en="cannot be told: {why}")
HAND: Final = Text(ko="손으로 입력되어 있음: 전표 {number}", en="entered by hand, as slip {number}")
DUPLICATE: Final = Text(
    ko="두 번 이상 있음: {numbers}. ERP에서 하나만 남기십시오.",
    en="there more than once: {numbers}. Leave one of them in the ERP.",
)
NOBODY_KNOWS: Final = Text(ko="아무도 모르는 주문번호: 전표 {numbers}", en="a number nobody knows: slip {numbers}")
MISSING: Final = Text(ko="완료되었으나 파일에 없음: 전표 {ours}", en="completed, and not in the report: slip {ours}")
UNPLACED: Final = Text(
    ko="'{ours}'(으)로 완료되었으나 전표 번호가 아니고, 파일에도 없음. ERP에 있는지 확인하십시오.",
    en="completed under '{ours}', which is no slip's number, and not in the report: see whether it is in the ERP",
)
FOREIGN: Final = Text(
    ko="전표 {ours}(으)로 완료되었으나, 그 전표는 주문 {numbers}의 것임. 이 주문이 ERP에 있는지 확인하십시오.",
    en="completed as slip {ours}, which is order {numbers}'s: see whether this one is in the ERP",
)
ELSEWHERE: Final = Text(ko="전표 {ours}(으)로 완료되었으나 {numbers}에 있음", en="completed as slip {ours}, found as {numbers}")
CANCELLED_THERE: Final = Text(ko="취소되었으나 전표 {numbers}(으)로 있음", en="cancelled, and there as slip {numbers}")
DIFFERS: Final = Text(
    ko="전표 {numbers}의 공급가액 {theirs}, 보낸 것은 {ours}", en="slip {numbers} has {theirs}, sent was {ours}"
)
STRANGERS: Final = Text(
    ko="주문번호 없는 전표(다른 구매) {count}건", en="slips without an order number (other purchases): {count}"
)
SETTLED: Final = Text(ko="정한 것 {settled}건, 남은 것 {left}건", en="settled: {settled}, left: {left}")
DRY: Final = Text(ko="보기만 했습니다. 아무것도 바꾸지 않았습니다.", en="Only looked; nothing was changed.")

# -- paste ------------------------------------------------------------------------------------------------------------------

COPIED: Final = Text(ko="{lines}줄을 클립보드에 복사했습니다 ({tool}).", en="Lines copied to the clipboard: {lines} ({tool}).")
WRITTEN: Final = Text(ko="{lines}줄을 {file}에 적었습니다.", en="Lines written to {file}: {lines}.")
PARKED_FIRST: Final = Text(
    ko="주문 {key}을(를) 보류했습니다. 프로그램에 돌려주려면: onbam orders unhold {key} --reason 까닭",
    en="Order {key} is parked. To give it back to the program: onbam orders unhold {key} --reason WHY",
)
THEN: Final = Text(
    ko='웹자료올리기에 붙여 넣고 F8로 저장한 뒤: onbam orders resolve {key} --there 전표번호 --reason "손으로 입력"',
    en="Paste it into '웹자료올리기' and save with F8. Then: onbam orders resolve {key} --there NUMBER --reason 'entered by hand'",
)
