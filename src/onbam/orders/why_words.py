"""Why an order stands as it does, in words."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

# -- spans and names --------------------------------------------------------------------------------------------------------

UNITS: Final = (
    (86_400, Text(ko="{n}일", en="{n} day"), Text(ko="{n}일", en="{n} days")),
    (3_600, Text(ko="{n}시간", en="{n} hour"), Text(ko="{n}시간", en="{n} hours")),
    (60, Text(ko="{n}분", en="{n} minute"), Text(ko="{n}분", en="{n} minutes")),
    (1, Text(ko="{n}초", en="{n} second"), Text(ko="{n}초", en="{n} seconds")),
)
TWO_UNITS: Final = Text(ko="{large} {small}", en="{large} {small}")
ONBAM: Final = Text(ko="온밤", en="Onbam")
SOMEBODY: Final = Text(ko="시트에서 누군가", en="somebody in the sheet")
OUR_BOOK: Final = Text(ko="효과 장부", en="our own record of what was sent")
LOOK_UP: Final = Text(ko="ERP 조회({name})", en="the look-up in {name}")
NOBODY: Final = Text(ko="누군가", en="somebody")
STEPS: Final = {
    "ledger": Text(ko="원장", en="ledger"),
    "document": Text(ko="문서", en="document"),
    "form": Text(ko="해석", en="reading"),
    "slip": Text(ko="전표 준비", en="slip"),
    "intent": Text(ko="입력", en="entering"),
    "receipt": Text(ko="확인", en="receipt"),
    "page": Text(ko="모르는 화면", en="unknown page"),
    "error": Text(ko="오류", en="error"),
}

# -- waiting ----------------------------------------------------------------------------------------------------------------

FOUND: Final = Text(
    ko="{ago} 전에 원장에서 발견되어 차례를 기다립니다.", en="It was found in the ledger {ago} ago and waits its turn."
)
WAITS: Final = Text(ko="{ago} 전부터 차례를 기다립니다.", en="It has waited its turn for {ago}.")
FELL_BACK: Final = Text(
    ko="{pc}의 맡은 시간이 {ago} 전에 끝나 다시 차례를 기다립니다.",
    en="The lease of {pc} ended {ago} ago without a word; it waits its turn again.",
)
LEFT_BEHIND: Final = Text(
    ko="{pc}이(가) 멈춘 것을 알고 {ago} 전에 거두어 다시 차례를 기다립니다.",
    en="{pc} was found to be gone; its order was taken back {ago} ago and waits its turn again.",
)
HANDED_BACK: Final = Text(
    ko="{pc}이(가) {ago} 전에 돌려주어 차례를 기다립니다 ({why}).",
    en="{pc} handed it back {ago} ago ({why}); it waits its turn.",
)
SET_FREE: Final = Text(ko="{who}이(가) {ago} 전에 대기로 돌렸습니다: {why}.", en="{who} made it waiting {ago} ago: {why}.")
NEXT_FREE: Final = Text(ko="가장 먼저 비는 PC가 맡습니다.", en="The next PC that is free takes it.")
NOT_BEFORE: Final = Text(
    ko="{at}({left} 뒤)부터 가장 먼저 비는 PC가 맡습니다.",
    en="From {at} on (in {left}) the next PC that is free takes it.",
)
CONNECTOR_STOPPED: Final = Text(
    ko="지금은 아무도 맡지 않습니다. {trouble} 알림에 적힌 일을 하면 이어집니다.",
    en="Nobody takes it now. {trouble} It goes on once what the notice asks for is done.",
)
CONNECTOR_RESTS: Final = Text(
    ko="{trouble} 저절로 다시 시도하며, 되면 가장 먼저 비는 PC가 맡습니다.",
    en="{trouble} That is tried again by itself; then the next PC that is free takes it.",
)
NOBODY_WORKS: Final = Text(
    ko="지금 일하는 PC가 없습니다. 'onbam agent run'으로 시작하면 이어집니다.",
    en="No PC is at work now; it goes on once one is started with 'onbam agent run'.",
)
STOPPED: Final = Text(
    ko="작업이 멈춰 있습니다. {stop} 멈춤을 풀면 이어집니다.",
    en="Work is stopped. {stop} It goes on when the stop is lifted.",
)

# -- processing -------------------------------------------------------------------------------------------------------------

HELD: Final = Text(
    ko="{pc}이(가) {ago} 전에 잡았고, 맡은 시간은 {left} 뒤에 끝납니다.",
    en="{pc} took it {ago} ago, and its lease ends in {left}.",
)
HELD_AT: Final = Text(
    ko="{pc}이(가) {ago} 전에 잡아 '{step}' 단계에 있고, 맡은 시간은 {left} 뒤에 끝납니다.",
    en="{pc} took it {ago} ago and is at '{step}'; its lease ends in {left}.",
)
GOES_ON: Final = Text(
    ko="일하는 동안은 저절로 늘어나며, 그러지 않으면 {at}부터 다른 PC가 이어받습니다.",
    en="It is extended while work goes on; if it is not, another PC takes over from {at} on.",
)
HELD_TOO_LONG: Final = Text(
    ko="{pc}이(가) {ago} 전에 잡았으나, 맡은 시간이 {over} 전에 끝났습니다.",
    en="{pc} took it {ago} ago, but its lease ended {over} ago.",
)
TAKEN_OVER_NEXT: Final = Text(ko="다음에 살펴보는 PC가 이어받습니다.", en="The next PC that looks takes it over.")
SENDING: Final = Text(
    ko="{pc}이(가) ERP에 입력하고 있습니다. 맡은 시간은 {left} 뒤에 끝납니다.",
    en="{pc} is entering it in the ERP; its lease ends in {left}.",
)
HANDS_OFF: Final = Text(
    ko="이미 들어갔을 수 있어 아무도 이어받지 않습니다. 답 없이 끝나면 '확인 필요'가 됩니다.",
    en="It may be there already, so nobody takes over; if it ends without an answer, the order becomes uncertain.",
)
SENDING_OVER: Final = Text(
    ko="{pc}이(가) ERP에 입력하던 중에 맡은 시간이 {over} 전에 끝났습니다.",
    en="{pc} was entering it in the ERP when its lease ended, {over} ago.",
)
UNCERTAIN_NEXT: Final = Text(
    ko="다음에 살펴보는 PC가 '확인 필요'로 바꿉니다. 다시 보내지 않습니다.",
    en="The next PC that looks makes it uncertain; it is not sent again.",
)

# -- ends -------------------------------------------------------------------------------------------------------------------

COMPLETED: Final = Text(ko="{pc}이(가) {at}에 마쳤습니다.", en="{pc} completed it at {at}.")
COMPLETED_WITH: Final = Text(
    ko="{pc}이(가) {at}에 마쳤습니다. 전표 번호는 {receipt}입니다.", en="{pc} completed it at {at}; its slip is {receipt}."
)
SETTLED: Final = Text(
    ko="{who}이(가) {at}에 완료로 정했습니다: {why}. 전표 번호는 {receipt}입니다.",
    en="{who} settled it as completed at {at}: {why}. Its slip is {receipt}.",
)
REMEMBERED: Final = Text(ko="{at}에 완료된 것으로 기억합니다.", en="It is remembered as completed at {at}.")
NEVER_AGAIN: Final = Text(ko="다시 입력되지 않습니다.", en="It is never entered again.")
CANCELLED_BY: Final = Text(ko="{who}이(가) {at}에 취소했습니다: {why}.", en="{who} cancelled it at {at}: {why}.")
CANCELLED: Final = Text(ko="{at}에 취소되었습니다: {why}.", en="It was cancelled at {at}: {why}.")
NOTHING_COMES: Final = Text(
    ko="더 할 일이 없습니다. 사람이 다시 대기로 돌릴 수 있습니다.",
    en="Nothing more happens; a person may make it waiting again.",
)
FAILED: Final = Text(
    ko="{pc}의 {attempt}번째 시도가 {ago} 전에 실패했습니다: {why}.",
    en="Attempt {attempt}, by {pc}, failed {ago} ago: {why}.",
)
TAKEN_AWAY: Final = Text(
    ko="{who}이(가) {ago} 전에 {pc}에서 거두었습니다: {why}.", en="{who} took it from {pc} {ago} ago: {why}."
)
AGAIN_AT: Final = Text(ko="{at}({left} 뒤)에 저절로 다시 시도합니다.", en="It is tried again by itself at {at} (in {left}).")

# -- a person's -------------------------------------------------------------------------------------------------------------

DOUBT: Final = Text(
    ko="{pc}이(가) {at}에 ERP로 보냈지만, 들어갔는지 알 수 없습니다: {why}.",
    en="{pc} sent it to the ERP at {at}, and whether it arrived is not known: {why}.",
)
DOUBT_BARE: Final = Text(
    ko="{pc}이(가) 맡았던 입력이 {ago} 전에 끝을 알 수 없게 되었습니다.",
    en="{pc} may have entered it; {ago} ago that became uncertain.",
)
NO_ANSWER: Final = Text(ko="답이 오지 않았습니다", en="no answer came")
LOOK_IN_ERP: Final = Text(
    ko="ERP에서 {key}을(를) 찾아, 있으면 전표 번호와 함께 'ERP에 있음', 없으면 'ERP에 없음'으로 정해 주십시오. 그때까지 다시 보내지 않습니다.",
    en="Look for {key} in the ERP and settle it: there, with the slip's number, or not there. Until then nothing is sent again.",
)
LOOK_IN_ERP_LATER: Final = Text(
    ko="ERP에서 {key}을(를) 찾아, 있으면 전표 번호와 함께 'ERP에 있음'으로 정해 주십시오. 'ERP에 없음'은 {left} 뒤부터 정할 수 있습니다. 그때까지 다시 보내지 않습니다.",
    en="Look for {key} in the ERP; if it is there, settle it with the slip's number. That it is not there can be said in {left}. Until then nothing is sent again.",
)
HELD_BY_PERSON: Final = Text(ko="{who}이(가) {ago} 전에 보류했습니다: {why}.", en="{who} parked it {ago} ago: {why}.")
POISON: Final = Text(
    ko="처리하던 중에 프로그램이 {crashes}번 멈춰 {ago} 전에 보류했습니다.",
    en="The program crashed while it was in flight (so often: {crashes}), and it was parked {ago} ago.",
)
PARKED: Final = Text(ko="{ago} 전에 보류되었습니다: {why}.", en="It was parked {ago} ago: {why}.")
A_PERSON: Final = Text(
    ko="사람이 다시 시도하게 하거나 취소할 때까지 아무도 맡지 않습니다.",
    en="Nobody takes it until a person lets it be tried again or cancels it.",
)
NO_REASON: Final = Text(ko="까닭이 적혀 있지 않습니다", en="no reason was written")
BOTH: Final = Text(ko="{now} {next}", en="{now} {next}")
