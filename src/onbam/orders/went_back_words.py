"""What is said when the database does not know any more what was sent."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

DATABASE: Final = Text(ko="데이터베이스", en="the database")
SHEET: Final = Text(ko="공용 시트의 숨은 기록", en="the hidden record in the shared sheet")
EVERY_PC: Final = Text(ko="모든 PC를 멈췄습니다", en="Every PC is paused")
THIS_PC: Final = Text(ko="이 PC를 멈췄습니다", en="This PC is paused")
STOPPED: Final = Text(
    ko="{place}: {seen} 이전의 것입니다. 그 뒤에 입력된 주문을 확인해야 합니다",
    en="{place} is of a time before {seen}, and what was entered since must be looked at",
)
WENT_BACK: Final = Text(
    ko="{place}: 예전 것으로 바뀌었습니다. 이 PC는 {seen}에 입력이 시작된 것을 보았지만 그 기록이 없습니다. "
    "이 PC의 기록 파일에서 완료된 주문 {count}건을 되찾았습니다. {stopped}.",
    en="This PC saw an order being entered at {seen}, and {place} does not know of it: it is an earlier one, or another. "
    "Completed orders brought back from this PC's history file: {count}. {stopped}.",
)
ADVICE: Final = Text(
    ko="다시 시작하면 이미 ERP에 있는 주문이 두 번 입력될 수 있습니다. 1) 멈춘 채로 'onbam sweep'으로 원장을 보십시오. "
    "2) ERP에서 구매현황을 지금 내보내 'onbam orders reconcile 파일'로 대조하십시오: ERP에 있는 주문은 완료가 됩니다. "
    "3) 그다음 '{resume}'. 잘못된 데이터베이스나 시트라면 그 설정을 고치십시오.",
    en="Going on now could enter orders a second time that are in the ERP already. 1) Leave the pause, and look at the ledger with "
    "'onbam sweep'. 2) Export the purchases from the ERP now, and run 'onbam orders reconcile FILE': orders that are in the ERP "
    "become completed. 3) Then '{resume}'. If it is the wrong database or sheet, correct the setting.",
)
FROM_FILE: Final = Text(
    ko="데이터베이스를 되돌리기 전에 완료됨 (이 PC의 기록 파일)",
    en="completed before the database went back (this PC's history file)",
)
LIFTED: Final = Text(ko="일시 정지가 풀림", en="the pause was lifted")
RESTORED: Final = Text(
    ko="백업 {copy}에서 되돌렸습니다. 그 뒤에 입력된 주문을 확인해야 합니다",
    en="put back from {copy}, and what was entered since must be looked at",
)
STILL_OPEN: Final = Text(
    ko="다른 곳에서 작업을 나누도록 설정이 바뀌었는데, 이전({before})에 입력되었는지 확실하지 않은 주문이 {count}건 있습니다: {numbers}",
    en="The settings name another place to share the work, and of {count} orders it is not known whether they were entered while the "
    "earlier one ({before}) decided: {numbers}",
)
STILL_OPEN_HINT: Final = Text(
    ko="CLAIM_STORE와 GOOGLE_SHEET_ID를 이전({before})대로 돌려 이 주문들을 먼저 확인하십시오 ('onbam orders resolve').",
    en="Put CLAIM_STORE and GOOGLE_SHEET_ID back to what they were ({before}), settle these orders ('onbam orders resolve'), "
    "and then change over.",
)
CHANGED_OVER: Final = Text(
    ko="이전에 완료됨 (이 PC의 기록 파일)", en="completed before the change of the lock store (this PC's history file)"
)
