"""What the commands around the agent say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

AGENT: Final = Text(
    ko="작업 프로그램: 원장에서 주문을 찾아 ERP에 입력합니다",
    en="The agent: finds orders in the ledger and enters them in the ERP",
)
RUN: Final = Text(
    ko="이 PC에서 일을 시작합니다. Ctrl-C로 끝내면 맡은 주문을 돌려놓습니다",
    en="Work on this PC. Ctrl-C ends it, and what it holds is handed back",
)
ONCE_OPTION: Final = Text(
    ko="원장을 한 번 살펴보고, 지금 할 일을 마치면 끝냅니다", en="Look at the ledger once, do what there is to do now, and end"
)
NAME_OPTION: Final = Text(ko="이 PC의 이름 (PC-A처럼)", en="What people call this PC, as in PC-A")
RUNS: Final = Text(
    ko="{name}: 일을 시작했습니다. 끝내려면 Ctrl-C를 누르십시오.", en="{name} is at work. Press Ctrl-C to end it."
)
ENDED: Final = Text(
    ko="{name}: 끝났습니다. 입력 {success}건, 실패 {failure}건, 취소 {cancellations}건.",
    en="{name} has ended: {success} entered, {failure} failed, {cancellations} cancelled.",
)
STILL: Final = Text(
    ko="아직 끝나지 않은 일이 있습니다. 맡은 주문은 시간이 지나면 저절로 정리됩니다.",
    en="Something has not ended yet; what is held settles by itself.",
)

SWEEP: Final = Text(ko="지금 원장을 살펴봅니다", en="Look at the supplier's ledger now")
SWEPT: Final = Text(
    ko="원장에서 주문 {seen}건을 보았습니다. 새 주문 {new}건, 취소 {cancelled}건, 확인할 것 {for_person}건.",
    en="Saw {seen} orders in the ledger: {new} new, {cancelled} cancelled, {for_person} for a person.",
)
SWEPT_UNREAD: Final = Text(ko="읽을 수 없는 줄이 {unread}개 있습니다.", en="{unread} rows could not be read.")
SWEPT_NEXT: Final = Text(ko="일하는 PC가 곧 이어서 처리합니다.", en="The PCs at work take them up shortly.")

PAUSE: Final = Text(
    ko="이 PC를 멈춥니다. 다음 입력부터 아무것도 보내지 않습니다", en="Pause this PC: from the next entry on nothing is sent"
)
RESUME: Final = Text(ko="멈춤을 풉니다", en="Lift the pause")
ALL_OPTION: Final = Text(ko="모든 PC", en="Every PC")
WHY_OPTION: Final = Text(ko="이유. 기록에 남습니다", en="Why; it goes into the journal")
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
STILL_STOPPED: Final = Text(ko="아직 멈춰 있습니다: {why}", en="Still stopped: {why}")
