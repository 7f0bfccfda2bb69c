"""What the commands around the agent say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

AGENT: Final = Text(
    ko="작업 프로그램: 원장에서 주문을 찾아 ERP에 입력합니다.",
    en="The agent: finds orders in the ledger and enters them in the ERP.",
)
RUN: Final = Text(
    ko="이 PC에서 일을 시작합니다. Ctrl-C로 끝내면 맡은 주문을 돌려놓습니다.",
    en="Work on this PC. Ctrl-C ends it, and what it holds is handed back.",
)
ONCE_OPTION: Final = Text(
    ko="원장을 한 번 살펴보고, 지금 할 일을 마치면 끝냅니다.",
    en="Look at the ledger once, do what there is to do now, and end.",
)
NAME_OPTION: Final = Text(ko="이 PC의 이름 (PC-A처럼).", en="What people call this PC, as in PC-A.")
RUNS: Final = Text(
    ko="{name}: 일을 시작했습니다. 끝내려면 Ctrl-C를 누르십시오.", en="{name} is at work. Press Ctrl-C to end it."
)
ENDED: Final = Text(
    ko="{name}: 끝났습니다. 완료 {completed}건, 실패 (다시 시도) {failed}건, 보류 {parked}건, 확인 필요 {uncertain}건, 취소 {cancelled}건.",
    en="{name} has ended: completed {completed}, failed (will be retried) {failed}, parked {parked}, uncertain {uncertain}, cancelled {cancelled}.",
)
NOT_LOOKED: Final = Text(ko="원장을 살펴보지 못했습니다: {why}", en="The ledger could not be looked at: {why}")
NOTHING_TAKEN: Final = Text(
    ko="주문을 더 맡지 않았습니다. {why} 대기 중인 주문은 그대로 있습니다.",
    en="No more orders were taken. {why} What waits stays as it is.",
)
RUNNING: Final = Text(
    ko="[ERROR] 이미 실행 중인 프로세스가 있습니다 ({name}).",
    en="[ERROR] {name} is already at work on this PC (이미 실행 중인 프로세스가 있습니다).",
)
RUNNING_HINT: Final = Text(
    ko="PID {pid}, {since}부터, 버전 {version}. 'onbam machines'와 'onbam ps'로 봅니다.",
    en="PID {pid}, since {since}, version {version}. See 'onbam machines' and 'onbam ps'.",
)
STILL: Final = Text(
    ko="아직 끝나지 않은 일이 있습니다. 맡은 주문은 시간이 지나면 저절로 정리됩니다.",
    en="Something has not ended yet; what is held settles by itself.",
)

RELOGIN: Final = Text(
    ko="로그인이나 접속이 거절되어 멈춘 공급처 사이트와 이카운트를 다시 쓰게 합니다. 원인을 없앤 뒤에 쓰십시오.",
    en="Let the supplier's site and Ecount be used again after they turned us away, once the cause is gone.",
)
RELOGIN_DONE: Final = Text(
    ko="이카운트가 거절한 횟수({count}번)를 지웠습니다. 일하는 PC가 곧 다시 시도합니다 (이카운트 로그인은 10분에 한 번).",
    en="Log-ins rejected by Ecount and forgotten now: {count}. A PC at work tries again shortly (at Ecount once in ten minutes).",
)

SWEEP: Final = Text(ko="지금 원장을 살펴봅니다.", en="Look at the supplier's ledger now.")
SWEPT: Final = Text(
    ko="원장에서 주문 {seen}건을 보았습니다. 새 주문 {new}건, 취소 {cancelled}건, 확인할 것 {for_person}건.",
    en="Orders seen in the ledger: {seen}; {new} new, {cancelled} cancelled, {for_person} for a person.",
)
SWEPT_UNREAD: Final = Text(ko="읽을 수 없는 줄이 {unread}개 있습니다.", en="Rows that could not be read: {unread}.")
SWEPT_NEXT: Final = Text(
    ko="일하는 PC({count}대)가 곧 이어서 처리합니다.", en="PCs at work: {count}. They take them up shortly."
)
SWEPT_SHEET: Final = Text(ko="일하는 PC가 있으면 곧 이어서 처리합니다.", en="If a PC is at work, it takes them up shortly.")
SWEPT_STOPPED: Final = Text(
    ko="작업이 멈춰 있어 아무도 처리하지 않습니다: {why} 멈춤을 풀면 이어집니다.",
    en="Work is stopped, so nobody takes them up: {why} It goes on when the stop is lifted.",
)
SWEPT_NOBODY: Final = Text(
    ko="지금 일하는 PC가 없습니다. 'onbam up'이나 'onbam agent run'으로 시작하면 처리합니다.",
    en="No PC is at work now. Start one with 'onbam up' or 'onbam agent run'.",
)

PAUSE: Final = Text(
    ko="이 PC를 멈춥니다. 다음 입력부터 아무것도 보내지 않습니다.", en="Pause this PC: from the next entry on nothing is sent."
)
RESUME: Final = Text(ko="멈춤을 풉니다.", en="Lift the pause.")
ALL_OPTION: Final = Text(ko="모든 PC.", en="Every PC.")
WHY_OPTION: Final = Text(ko="이유. 기록에 남습니다.", en="Why; it goes into the journal.")
NO_REASON: Final = Text(ko="이유를 적지 않음", en="no reason given")
PAUSED_ALL: Final = Text(
    ko="모든 PC를 멈췄습니다. 이미 보내는 중인 것만 끝납니다. 다시 시작: onbam resume --all",
    en="Every PC is paused; only what is on its way already ends. To go on: onbam resume --all",
)
PAUSED_HERE: Final = Text(
    ko="이 PC를 멈췄습니다. 이미 보내는 중인 것만 끝납니다. 다시 시작: onbam resume",
    en="This PC is paused; only what is on its way already ends. To go on: onbam resume",
)
RESUMED: Final = Text(ko="멈춤을 풀었습니다.", en="The pause is lifted.")
NOT_PAUSED: Final = Text(ko="멈춰 있지 않습니다.", en="Nothing was paused.")
NOT_LIFTED: Final = Text(ko="명령으로 걸어 둔 멈춤은 없습니다.", en="No pause of this sort was set by command.")
STILL_STOPPED: Final = Text(ko="아직 멈춰 있습니다: {why}", en="Still stopped: {why}")
LIFT_FILE: Final = Text(ko="→ 이 파일을 지우면 이어집니다: {file}", en="→ It goes on when this file is deleted: {file}")
LIFT_ALL: Final = Text(
    ko="→ 모든 PC의 멈춤을 풀려면: onbam resume --all", en="→ To lift the pause of every PC: onbam resume --all"
)
LIFT_HERE: Final = Text(ko="→ 이 PC의 멈춤을 풀려면: onbam resume", en="→ To lift the pause of this PC: onbam resume")
