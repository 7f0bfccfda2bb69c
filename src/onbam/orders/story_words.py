"""What the story of an order says, a sentence for each thing that can happen to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from onbam.kernel.words import Text

LINES: Final[Mapping[str, Text]] = {
    "item.added": Text(ko="원장에서 발견했습니다.", en="Found in the ledger."),
    "item.claimed": Text(ko="{pc}이(가) 맡았습니다 ({attempt}번째 시도).", en="{pc} took it (attempt {attempt})."),
    "item.resumed": Text(
        ko="{pc}이(가) 다시 켜져 하던 것을 이어 맡았습니다 ({attempt}번째 시도).",
        en="{pc} came back and took up what it held (attempt {attempt}).",
    ),
    "item.advanced": Text(ko="'{step}' 단계입니다.", en="At '{step}'."),
    "item.noted": Text(ko="{why}.", en="{why}."),
    "item.sending": Text(ko="ERP에 입력하기 시작했습니다.", en="Began to enter it in the ERP."),
    "item.completed": Text(ko="마쳤습니다. 전표 {receipt}.", en="Completed, with slip {receipt}."),
    "item.failed": Text(ko="이 시도는 실패했습니다: {why}.", en="This attempt failed: {why}."),
    "item.parked": Text(ko="보류했습니다: {why}.", en="Parked: {why}."),
    "item.cancelled": Text(ko="취소했습니다: {why}.", en="Cancelled: {why}."),
    "item.uncertain": Text(ko="ERP에 들어갔는지 알 수 없습니다: {why}.", en="Whether it is in the ERP is not known: {why}."),
    "item.released": Text(ko="돌려주었습니다: {why}.", en="Handed back: {why}."),
    "item.expired": Text(ko="{held_by}의 맡은 시간이 끝났습니다.", en="The lease of {held_by} ended without a word."),
    "item.bereaved": Text(
        ko="{held_by}이(가) 멈춘 것을 알고 거두었습니다: {why}.", en="{held_by} was found to be gone: {why}."
    ),
    "item.fail": Text(ko="사람이 거두었습니다: {why}.", en="A person took it away: {why}."),
    "item.release": Text(ko="사람이 대기로 돌렸습니다: {why}.", en="A person made it waiting: {why}."),
    "item.hold": Text(ko="사람이 보류했습니다: {why}.", en="A person parked it: {why}."),
    "item.unhold": Text(ko="사람이 보류를 풀었습니다: {why}.", en="A person let it go on: {why}."),
    "item.cancel": Text(ko="사람이 취소했습니다: {why}.", en="A person cancelled it: {why}."),
    "item.complete": Text(ko="완료로 정했습니다: {why}. 전표 {receipt}.", en="Settled as completed: {why}. Slip {receipt}."),
    "item.there": Text(
        ko="ERP에 있는 것으로 정했습니다: {why}. 전표 {receipt}.", en="Settled as there: {why}. Slip {receipt}."
    ),
    "item.not_there": Text(ko="ERP에 없는 것으로 정했습니다: {why}.", en="Settled as not there: {why}."),
    "item.remembered": Text(ko="예전 프로그램의 기록을 가져왔습니다.", en="Taken over from an older program's history."),
    "item.cleaned": Text(
        ko="오래된 행을 정리했습니다. 결과는 기억합니다.", en="Its old row was cleared away; how it ended is remembered."
    ),
    "codes.answered": Text(ko="품목코드를 알려 주었습니다: {why}.", en="Taught the product codes: {why}."),
    "order.pasted": Text(ko="손으로 입력할 내용을 만들었습니다: {why}.", en="Made the block to be entered by hand: {why}."),
    "effect.intent": Text(
        ko="ERP에 보내겠다고 적었습니다 ({number}번째).", en="Wrote down that it would be sent to the ERP (try {number})."
    ),
    "effect.receipt": Text(ko="ERP가 답했습니다: 전표 {receipt}.", en="The ERP answered: slip {receipt}."),
    "effect.refused": Text(ko="ERP가 거절했습니다: {why}.", en="The ERP refused it: {why}."),
    "effect.unknown": Text(ko="ERP의 답으로는 결과를 알 수 없었습니다.", en="No answer of the ERP said what became of it."),
    "effect.withdrawn": Text(ko="보내기 전에 그만두었습니다: {why}.", en="Given up before anything was sent: {why}."),
    "effect.there": Text(
        ko="보낸 것이 ERP에 있습니다: {why}. 전표 {receipt}.", en="What was sent is in the ERP: {why}. Slip {receipt}."
    ),
    "effect.not_there": Text(ko="보낸 것이 ERP에 없습니다: {why}.", en="What was sent is not in the ERP: {why}."),
    "effect.contradicted": Text(
        ko="'ERP에 없음'으로 정한 뒤에 전표 {receipt}이(가) 도착했습니다. ERP에 두 건일 수 있습니다.",
        en="After it was settled as not there, slip {receipt} arrived: the ERP may have two.",
    ),
}
"""By what the journal calls it."""
OTHER: Final = Text(ko="{what}: {why}.", en="{what}: {why}.")
PIECES: Final[Mapping[str, Text]] = {
    "ledger": Text(ko="원장의 줄을 남겼습니다.", en="Kept its row of the ledger."),
    "document": Text(ko="거래명세서를 받았습니다.", en="Fetched its document."),
    "form": Text(ko="거래명세서를 읽었습니다.", en="Read the document."),
    "slip": Text(ko="입력할 전표를 만들었습니다.", en="Made the slip to be entered."),
    "intent": Text(ko="보낼 내용을 남겼습니다.", en="Kept what was about to be sent."),
    "receipt": Text(ko="ERP의 답을 남겼습니다.", en="Kept the ERP's answer."),
    "page": Text(ko="알 수 없는 화면을 남겼습니다.", en="Kept a page nobody understood."),
    "error": Text(ko="오류를 남겼습니다.", en="Kept what went wrong."),
}
PIECE: Final = Text(ko="근거 '{name}'을(를) 남겼습니다.", en="Kept '{name}'.")
