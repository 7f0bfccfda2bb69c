"""What `onbam claims` says."""

from __future__ import annotations

from typing import Final

from onbam.claims.asks import WhyNotAllowed
from onbam.claims.model import State
from onbam.kernel.words import Text

LIST: Final = Text(ko="주문과 그 상태를 보여 줍니다.", en="List orders and how they stand.")
SHOW: Final = Text(ko="한 주문의 상태와 지금까지의 일을 보여 줍니다.", en="Show how one order stands and what happened to it.")
RELEASE: Final = Text(
    ko="주문을 놓아 다른 PC가 맡을 수 있게 합니다.\n\n맡은 PC는 다음 쓰기에서 멈춥니다. 보내는 중이었다면 '확인 필요'가 됩니다.",
    en="Let go of an order, so that another PC may take it.\n\nIts holder stops at its next write; if it was sending, the order becomes uncertain.",
)
HOLD: Final = Text(
    ko="주문을 보류합니다. 다시 놓을 때까지 아무도 맡지 않습니다.", en="Park an order: nobody takes it until it is let go."
)
CANCEL: Final = Text(ko="주문을 취소합니다.", en="Cancel an order.")
CLEANUP: Final = Text(
    ko="끝난 주문의 오래된 행을 지웁니다. 완료되었다는 기록은 영원히 남습니다.",
    en="Remove old rows of finished orders; that they were completed is remembered for ever.",
)
WATCH: Final = Text(
    ko="바뀌는 것을 실시간으로 보여 줍니다. Ctrl-C로 끝냅니다.", en="Show changes as they happen. Ctrl-C ends it."
)
STORE_OPTION: Final = Text(
    ko="어느 저장소를 점검할지 (database, sheets); 없으면 지금 결정하는 쪽.",
    en="Which store to check (database, sheets); without it, the one that decides now.",
)
SELFTEST: Final = Text(
    ko="이 저장소가 약속을 지키는지 여덟 가지로 확인합니다.", en="Check in eight ways that this store keeps its promises."
)
IMPORT: Final = Text(
    ko="예전 프로그램의 이력 파일(v8_history.json, v10_history.json)을 가져옵니다.",
    en="Take over the older programs' history files (v8_history.json, v10_history.json).",
)
STATE_OPTION: Final = Text(ko="이 상태만 보여 줍니다 (여러 번 쓸 수 있음).", en="Show only this state; may be repeated.")
LIMIT_OPTION: Final = Text(ko="최대 개수.", en="At most so many.")
KIND_OPTION: Final = Text(ko="항목의 종류.", en="Kind of item.")
DAYS_OPTION: Final = Text(ko="며칠이 지난 것을 지울지 (기본값은 설정).", en="Age in days (the setting's value by default).")

STATE_NAMES: Final = {
    State.WAITING: Text(ko="대기", en="waiting"),
    State.PROCESSING: Text(ko="처리 중", en="processing"),
    State.COMPLETED: Text(ko="완료", en="completed"),
    State.FAILED: Text(ko="실패 (다시 시도)", en="failed (will be retried)"),
    State.UNCERTAIN: Text(ko="확인 필요", en="uncertain"),
    State.PARKED: Text(ko="보류", en="parked"),
    State.CANCELLED: Text(ko="취소", en="cancelled"),
}
KEY: Final = Text(ko="주문", en="order")
STATE: Final = Text(ko="상태", en="state")
HOLDER: Final = Text(ko="맡은 PC", en="held by")
SINCE: Final = Text(ko="언제부터", en="since")
LEFT: Final = Text(ko="남은 시간", en="lease left")
NOTE: Final = Text(ko="메모", en="note")
EMPTY: Final = Text(ko="아직 주문이 없습니다.", en="There are no orders yet.")
UNKNOWN: Final = Text(ko="주문 {key}을(를) 알지 못합니다.", en="Order {key} is not known.")
UNKNOWN_HINT: Final = Text(ko="'onbam claims list'로 번호를 확인하십시오.", en="See 'onbam claims list' for the numbers.")
DONE: Final = Text(ko="주문 {key}: {state}", en="Order {key}: {state}")
NOT_ALLOWED: Final = Text(ko="주문 {key}: 지금은 할 수 없습니다 ({why}).", en="Order {key}: not possible now ({why}).")
WHY: Final = {
    WhyNotAllowed.UNKNOWN_ITEM: Text(ko="알지 못하는 주문", en="unknown order"),
    WhyNotAllowed.NOT_FROM_HERE: Text(ko="지금 상태에서는 할 수 없는 일", en="not from its present state"),
    WhyNotAllowed.CHANGED_MEANWHILE: Text(ko="그사이 바뀌었음", en="it changed meanwhile"),
    WhyNotAllowed.RECEIPT_MISSING: Text(ko="전표 번호가 필요함", en="the slip's number is needed"),
    WhyNotAllowed.STILL_ON_ITS_WAY: Text(ko="보낸 것이 아직 도착할 수 있음", en="what was sent may still arrive"),
    WhyNotAllowed.REASON_MISSING: Text(ko="까닭이 필요함", en="a reason is needed"),
}
REASON_NEEDED: Final = Text(ko="까닭을 적어 주십시오.", en="Please say why.")
REASON_HINT: Final = Text(ko='--reason "…"을 붙이십시오. 기록에 남습니다.', en='Add --reason "…"; it is kept in the journal.')
CLEANED: Final = Text(
    ko="{n}행을 지웠습니다. 완료 기록은 남아 있습니다.", en="{n} rows removed; what was completed stays remembered."
)
PASSED: Final = Text(ko="통과", en="passed")
FAILED: Final = Text(ko="실패", en="failed")
IMPORTED: Final = Text(
    ko="{files}: {read}건 읽음, 새로 기억 {new}건, 이미 앎 {known}건, 건너뜀 {skipped}건, 충돌 {conflicts}건",
    en="{files}: {read} read, {new} newly remembered, {known} already known, {skipped} skipped, {conflicts} in conflict",
)
CONFLICT: Final = Text(
    ko="  {key}: 이 설치에서는 '{state}' 상태라 바꾸지 않았습니다. ERP에서 전표를 확인하십시오",
    en="  {key}: is '{state}' here and was not changed. Look for its slip in the ERP",
)
SHEET_TAKES_TIME: Final = Text(
    ko="시트에서는 몇 분 걸립니다. Google의 분당 요청 한도를 지키고, 쓴 것이 보일 때까지 기다립니다.",
    en="On a sheet this takes some minutes: Google's requests a minute are kept to, and what was written has to be seen.",
)
