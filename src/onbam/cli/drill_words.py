"""What `onbam drill` says in its help."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

DRILL: Final = Text(
    ko="사고를 일부러 내고, 얼마 만에 다시 일하는지 잽니다.",
    en="Cause an accident on purpose and measure how soon everything works again.",
)
LIST: Final = Text(ko="지난 훈련을 목표와 함께 봅니다.", en="See past drills beside their targets.")
DAYS_OPTION: Final = Text(ko="며칠 전까지 볼지.", en="How many days back.")
PROGRAM_OPTION: Final = Text(ko="누구에게 할지. 기본은 주 프로그램.", en="To whom; the main program by default.")
SECONDS_OPTION: Final = Text(ko="사고가 몇 초 이어질지 (길어야 20초).", en="How long the trouble lasts, 20 s at most.")
YES_OPTION: Final = Text(ko="묻지 않고 합니다.", en="Do it without asking.")
FORCE_OPTION: Final = Text(
    ko="업무 시간에도, 일하는 중에도 합니다.", en="Also in business hours, also in the middle of something."
)
ASK: Final = Text(ko="{what} {name}에게 지금 할까요?", en="{what} Do it to {name} now?")
NOT_ASKED: Final = Text(ko="물어볼 사람이 없습니다.", en="There is nobody to ask.")
NOT_ASKED_HINT: Final = Text(ko="그대로 하려면 --yes를 쓰십시오.", en="Use --yes to do it.")
LEFT: Final = Text(ko="아무것도 하지 않았습니다.", en="Nothing was done.")
