"""What the effect ledger tells people."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NOT_STILL: Final = Text(
    ko="효과 장부의 한 줄이 쓰는 도중에 바뀌었습니다.",
    en="A line of the effect ledger changed while it was being written.",
)
NOT_STILL_HINT: Final = Text(
    ko="이 쓰기는 취소되었습니다. 다른 프로그램이 effects 표를 직접 고치는지 확인해 주십시오.",
    en="This write was undone. Check whether another program changes the table `effects` by itself.",
)
UNKNOWN: Final = Text(
    ko="{item}: ERP에 입력되었는지 알 수 없습니다.",
    en="{item}: whether it was entered in the ERP is not known.",
)
UNKNOWN_ADVICE: Final = Text(
    ko="ERP에서 {key}을(를) 찾아, 있으면 전표 번호와 함께 「ERP에 있음」, 없으면 「ERP에 없음」을 눌러 주십시오. 그때까지 다시 보내지 않습니다.",
    en="Look for {key} in the ERP. If it is there, press “it is there” with its number; if not, “it is not there”. Until then nothing is sent again.",
)
TWICE: Final = Text(
    ko="{item}: ERP에 두 번 입력되었을 수 있습니다.",
    en="{item}: it may have been entered in the ERP twice.",
)
TWICE_ADVICE: Final = Text(
    ko="「ERP에 없음」으로 정한 뒤에 전표 번호 {receipt}이(가) 도착했습니다. ERP에서 {key}의 전표가 두 건인지 확인하고 하나를 지워 주십시오.",
    en="After it was settled as not there, the receipt {receipt} arrived. Check in the ERP whether {key} has two slips, and delete one.",
)
CHANGED: Final = Text(
    ko="{item}: 이미 입력된 내용과 지금 입력하려던 내용이 다릅니다.",
    en="{item}: what was entered already differs from what would be entered now.",
)
CHANGED_ADVICE: Final = Text(
    ko="처리된 전표 {receipt}의 내용을 확인하고 필요하면 ERP에서 직접 고쳐 주십시오. 다시 보내지 않습니다.",
    en="Look at the slip {receipt} and correct it in the ERP if needed. Nothing is sent again.",
)
TOO_LATE: Final = Text(
    ko="{item}: 보내기 시작할 수 있는 시간이 지나 보내지 않았습니다.",
    en="{item}: it was too late to begin within the lease, so nothing was sent.",
)
TOO_LATE_HINT: Final = Text(
    ko="저절로 다시 시도합니다.",
    en="It is tried again by itself.",
)
NO_DOUBT: Final = Text(
    ko="{key}에는 더 이상 정할 것이 없습니다.",
    en="There is nothing left to settle about {key}.",
)
NO_DOUBT_HINT: Final = Text(
    ko="화면을 새로 고쳐 지금 상태를 보십시오.",
    en="Reload the page to see how it stands now.",
)
ON_ITS_WAY: Final = Text(
    ko="{item}: 아직 전송 중일 수 있어 「ERP에 없음」으로 정할 수 없습니다.",
    en="{item}: it may still be on its way, so it cannot be settled as not there yet.",
)
ON_ITS_WAY_HINT: Final = Text(
    ko="{seconds}초 뒤에 ERP를 다시 확인하고 눌러 주십시오.",
    en="Look again in {seconds} seconds, and press then.",
)
EARLIER: Final = Text(ko="앞서 보낸 것의 결과가 아직 정해지지 않았습니다.", en="An earlier try is not settled.")
NO_LEDGER: Final = Text(ko="효과 장부에 닿지 못했습니다.", en="The ledger was out of reach.")
FOUND: Final = Text(ko="번호로 찾았습니다.", en="Found by its key.")
NOT_FOUND: Final = Text(ko="번호로 찾지 못했습니다.", en="Not found by its key.")
HAS_RECEIPT: Final = Text(ko="장부에 전표 번호가 있습니다.", en="The ledger has its receipt.")
NOTHING_SENT: Final = Text(ko="보낸 것이 없습니다.", en="Nothing was sent.")
SENT_IS_PROVEN: Final = Text(ko="보낸 것은 모두 확인되었습니다.", en="What was sent is proven.")
IS_NOW: Final = Text(ko="이 건은 이제 다른 상태입니다: {state}", en="It is in another state by now: {state}")
IS_GONE: Final = Text(ko="이 건은 더 이상 없습니다.", en="It is there no more.")
RECEIPT_CAME: Final = Text(ko="전표 번호 {receipt}이(가) 도착했습니다.", en="Its receipt came: {receipt}")
