"""What is said of another PC that does not speak."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

SILENT: Final = Text(ko="{pc}이(가) {at}부터 응답하지 않습니다.", en="{pc} has not answered since {at}.")
SILENT_ADVICE: Final = Text(
    ko="전원, 네트워크, 절전 모드를 보십시오. 그 PC가 맡았던 주문은 다른 PC가 이어받습니다. 돌아오면 이 알림은 저절로 닫힙니다.",
    en="See to its power, network and sleep mode. Its orders are taken over by the others. This notice closes by itself when it is back.",
)
STOPPED: Final = Text(
    ko="{pc}이(가) {at}에 종료된 뒤 돌아오지 않았습니다.", en="{pc} was stopped at {at} and has not come back."
)
STOPPED_ADVICE: Final = Text(
    ko="업데이트로 다시 켜지는 중이거나 사람이 끈 것입니다. 일부러 껐다면 'onbam notices snooze'로 미루십시오.",
    en="It restarts for updates, or somebody switched it off. If that was on purpose, put this off with 'onbam notices snooze'.",
)
SPEAKS_AGAIN: Final = Text(ko="다시 신호를 보냄", en="it speaks again")
