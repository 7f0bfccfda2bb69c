"""What the benchmark `recovery` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

RECOVERY: Final = Text(
    ko="회복: 죽거나 멈춘 프로그램, 죽은 지킴이, 일일 재시작, supervisord, circus, PM2 옆에서",
    en="Recovery: programs that crash or hang, a killed guard, the daily renewal, beside supervisord, circus and PM2",
)
CRASH: Final = Text(
    ko="kill -9부터 새 프로세스가 일할 때까지 (첫 번째)", en="From kill -9 until a new process works (the first time)"
)
HANG: Final = Text(
    ko="2초를 약속한 단계가 멈춘 때부터 새 프로세스가 일할 때까지",
    en="From a hang in a step that promised 2 s until a new process works",
)
HANG_DEFAULT: Final = Text(
    ko="약속을 정하지 않은 단계가 멈춘 때부터 새 프로세스가 일할 때까지",
    en="From a hang in a step with the default promise until a new process works",
)
GUARD_KILLED: Final = Text(
    ko="지킴이를 kill -9한 때부터 새 지킴이가 같은 프로그램을 맡을 때까지",
    en="From kill -9 of the guard until a new one has the same programs in its care",
)
GAP: Final = Text(
    ko="프로그램을 새 프로세스로 바꾸는 동안 아무도 일하지 않은 가장 긴 시간",
    en="The longest time nothing worked while a program was replaced by a fresh process",
)
GAP_TWO: Final = Text(
    ko="둘 가운데 하나씩 바꾸는 동안 아무도 일하지 않은 가장 긴 시간",
    en="The same with two programs of a kind, replaced one after the other",
)
SAME_PC: Final = Text(
    ko="주문을 든 프로그램을 kill -9한 때부터 같은 PC의 새 프로그램이 그 주문을 들 때까지",
    en="From kill -9 of a program that holds an order until its successor on the PC holds it",
)
OTHER_PC: Final = Text(
    ko="주문을 든 PC가 말없이 사라진 때부터 다른 PC가 그 주문을 들 때까지",
    en="From the silent death of a PC that holds an order until another PC holds it",
)
ENSURE: Final = Text(ko="잘 도는 지킴이 옆의 'onbam ensure'", en="'onbam ensure' beside a healthy guard")
MISTAKES: Final = Text(
    ko="단계가 5배 느려진 {minutes:.0f}분 동안 잘못 끝낸 프로그램 수",
    en="Healthy programs ended by mistake in {minutes:.0f} min with steps 5 times slower",
)
MEMORY: Final = Text(ko="프로그램 4개를 지키며 쉬는 감시 프로세스의 메모리", en="Memory of the idle guard with four programs")
IDLE: Final = Text(
    ko="프로그램 4개를 지키며 쉬는 1분 동안 쓴 CPU 시간", en="CPU time of the idle guard in a minute, with four programs"
)
NO_HANG: Final = Text(
    ko="멈춘 프로그램을 알아차리는 일은 비교 대상 어느 것도 하지 않습니다 (그대로 둡니다).",
    en="None of the peers notices a program that hangs; it would stay so.",
)
NO_PEER: Final = Text(ko="{name}은(는) 설치되어 있지 않아 재지 않았습니다.", en="{name} is not installed and was not measured.")
IN_VAIN: Final = Text(ko="헛되이 기다렸습니다: {what}", en="Waited in vain: {what}")
