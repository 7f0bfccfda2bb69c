"""What claims say to people."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

SHEET_SILENT: Final = Text(
    ko="Google 시트에 쓴 내용이 확인되지 않습니다. 아무 주문도 새로 맡지 않습니다.",
    en="What was written to the Google Sheet cannot be confirmed. No order is taken.",
)
SHEET_SILENT_HINT: Final = Text(
    ko="연결이 돌아오면 저절로 이어집니다.", en="Work goes on by itself once the connection is back."
)
SHEET_CROWDED: Final = Text(
    ko="여러 PC가 같은 순간에 시트를 바꾸고 있습니다.", en="Several PCs are changing the sheet at the same moment."
)
SHEET_CROWDED_HINT: Final = Text(ko="곧 저절로 다시 시도합니다.", en="It is tried again by itself shortly.")
NOT_STILL: Final = Text(
    ko="잠근 항목이 그사이에 바뀌었습니다. 데이터베이스의 격리 수준이 우리가 정한 것과 다릅니다.",
    en="An item changed while it was locked: the database does not isolate transactions as we asked it to.",
)
NOT_STILL_HINT: Final = Text(
    ko="이 쓰기는 취소되었습니다. 다른 프로그램이 items 표를 직접 고치는지 확인해 주십시오.",
    en="This write was undone. Check whether another program changes the table `items` by itself.",
)
BAD_COLUMN: Final = Text(
    ko="시트의 {column}열 제목이 '{actual}'입니다. '{expected}'이어야 합니다.",
    en="Column {column} of the sheet is titled '{actual}'; it must be '{expected}'.",
)
EXTRA_COLUMN: Final = Text(
    ko="시트에 모르는 열 '{actual}'이(가) 있습니다.", en="The sheet has a column '{actual}' nobody knows."
)
BAD_COLUMN_HINT: Final = Text(
    ko="첫 줄은 order_id | locked_by | locked_at | status | machine_id | notes 여섯 열이어야 합니다.",
    en="The first row must be the six columns order_id | locked_by | locked_at | status | machine_id | notes.",
)
LEASE_LOST: Final = Text(
    ko="{item}은(는) 더 이상 이 PC의 것이 아닙니다. 여기서 멈춥니다.",
    en="{item} is not this PC's any more; work on it stops here.",
)
LEASE_LOST_HINT: Final = Text(
    ko="다른 PC가 이어서 하거나 사람이 정했습니다. 할 일은 없습니다.",
    en="Another PC goes on with it, or a person decided. Nothing needs to be done.",
)
IDENTITY_DAMAGED: Final = Text(
    ko="이 PC의 이름표 파일을 읽을 수 없습니다: {path}",
    en="The file that says which machine this is cannot be read: {path}",
)
IDENTITY_DAMAGED_HINT: Final = Text(
    ko="백업에서 되살리거나, 이 PC가 맡은 주문이 없음을 확인한 뒤 파일을 지우면 새로 만들어집니다.",
    en="Restore it from a backup; or, once no order is held by this PC, delete it and it is made anew.",
)
POISON: Final = Text(
    ko="{item}을(를) 처리하던 중에 프로그램이 {crashes}번 멈추어 보류했습니다.",
    en="{item} was in flight at {crashes} crashes and is parked.",
)
POISON_ADVICE: Final = Text(
    ko="주문 화면에서 마지막 단계와 증거를 보고, 고친 뒤 「보류 해제」를 누르거나 취소해 주십시오. 다른 주문은 계속 처리됩니다.",
    en="Look at its last step and evidence; release it once the reason is gone, or cancel it. All other work goes on.",
)
PARKED: Final = Text(ko="{item}이(가) 사람을 기다립니다: {note}", en="{item} waits for a person: {note}")
PARKED_ADVICE: Final = Text(
    ko="주문 화면에서 이유를 보고 「보류 해제」 또는 「취소」를 눌러 주십시오.",
    en="See why on its page, then release or cancel it.",
)
BAD_KEY: Final = Text(ko="주문번호는 1자에서 {most}자까지입니다.", en="An order's number has 1 to {most} letters.")
BAD_KEY_HINT: Final = Text(ko="주문번호를 적으십시오. 예: 2601050229", en="Name the order, as in 2601050229.")
BEATS_NONE: Final = Text(ko="지난 신호의 기록이 없습니다", en="There is no record of its beats")
BEATS_AWAY: Final = Text(ko="꺼져 있어 신호를 기다리지 않습니다", en="It is stopped, and no beat is waited for")
BEATS_WELL: Final = Text(ko="최근 신호 {n}번이 모두 제때 왔습니다{anew}", en="Of the last {n} beats all came on time{anew}")
BEATS_ODD: Final = Text(
    ko="최근 신호 {n}번 가운데 {late}번은 늦었고 {missed}번은 오지 않았습니다{anew}",
    en="Of the last {n} beats {late} came late, {missed} did not come{anew}",
)
BEATS_LATE: Final = Text(
    ko="최근 신호 {n}번 가운데 {late}번이 늦었습니다{anew}", en="Of the last {n} beats {late} came late{anew}"
)
BEATS_MISSED: Final = Text(
    ko="최근 신호 {n}번 가운데 {missed}번이 오지 않았습니다{anew}", en="Of the last {n} beats {missed} did not come{anew}"
)
BEATS_ANEW: Final = Text(ko=" · 새로 시작 {new}번", en=" · fresh starts: {new}")
LEASE_OVER: Final = Text(ko="정해진 시간이 지남", en="its time was over")
RESTARTED: Final = Text(ko="그 프로그램이 다시 시작됨", en="its program was started again")
MISSED_BEAT: Final = Text(ko="살아 있다는 신호가 없음", en="it gave no sign of life")
ANSWER_LOST: Final = Text(ko="시트의 답을 받지 못함", en="the sheet's answer was lost")
