"""What `onbam simulate` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

SIMULATE: Final = Text(
    ko="고장 난 하루를 수천 번 살아 봅니다: 어떤 주문도 두 번 처리되지 않는지 확인합니다.",
    en="Live through thousands of bad days and check that no order is ever processed twice.",
)
SEEDS: Final = Text(ko="몇 가지 하루를 살아 볼지.", en="How many histories.")
FIRST: Final = Text(ko="첫 번째 씨앗 번호.", en="The first seed.")
SEED: Final = Text(ko="이 씨앗 하나만, 그 이야기와 함께.", en="Only this seed, with its story.")
STORE: Final = Text(ko="어느 저장소로 (memory, sqlite, sheets).", en="On which store (memory, sqlite, sheets).")
FLOW: Final = Text(
    ko="무엇이 도는지: toy 최소한의 흐름, orders 주문 로봇 그대로.",
    en="What runs: toy, the least the protocol asks; orders, the order robot itself.",
)
FAULTS: Final = Text(
    ko="이 고장만, 쉼표로 구분 (없는 이름을 쓰면 모두 보여 줍니다).",
    en="Only these faults, separated by commas (a name that is none lists them all).",
)
AGENTS: Final = Text(ko="PC 수. 없으면 씨앗마다 2~4대.", en="Number of PCs; without it, 2 to 4 by seed.")
WITHOUT: Final = Text(ko="보호 하나를 빼고: 심판이 알아채는지 보려고.", en="Without one protection, to see the judges notice.")
JOBS: Final = Text(ko="동시에 쓸 프로세스 수. 답은 같습니다.", en="How many processes at a time; the answer is the same.")
KEEP: Final = Text(ko="규칙이 깨진 씨앗을 적어 둘 파일.", en="File that keeps the seeds that broke a rule.")
NO_FAULT: Final = Text(ko="'{name}'(이)라는 고장은 없습니다.", en="There is no fault '{name}'.")
NO_FAULT_HINT: Final = Text(ko="있는 것: {names}", en="There are: {names}")
RUNNING: Final = Text(ko="하루하루", en="histories")
WHAT: Final = Text(ko="무엇", en="what")
FIGURE: Final = Text(ko="값", en="figure")
HISTORIES: Final = Text(ko="살아 본 하루", en="histories")
CALLS: Final = Text(ko="부른 횟수", en="calls")
STEPS: Final = Text(ko="전환 횟수", en="steps")
HOURS: Final = Text(ko="가상의 시간", en="virtual hours")
SECONDS: Final = Text(ko="실제 초", en="real seconds")
SPEED: Final = Text(ko="초당 하루", en="histories per second")
HAPPENED: Final = Text(ko="일어난 고장", en="faults that struck")
SLIPS: Final = Text(ko="만들어진 전표", en="slips made")
ENDED: Final = Text(ko="주문의 끝", en="how orders ended")
BROKEN: Final = Text(ko="깨진 규칙", en="broken rules")
ALL_HELD: Final = Text(ko="모든 규칙이 지켜졌습니다.", en="Every rule held.")
NOT_HELD: Final = Text(ko="{count}개의 씨앗에서 규칙이 깨졌습니다: {seeds}", en="{count} seeds broke a rule: {seeds}")
KEPT: Final = Text(ko="{path}에 적어 두었습니다.", en="Kept in {path}.")
