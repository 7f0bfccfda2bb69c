"""Why a PC is as it is, in words."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

WHY: Final = {
    "busy": Text(
        ko="주문 {held}건을 맡고 있고, {beat} 전에 신호를 보냈습니다.",
        en="Orders in its hands: {held}. It gave a sign {beat} ago.",
    ),
    "alive": Text(ko="맡은 주문은 없지만 {beat} 전에 신호를 보냈습니다.", en="It holds no order, and gave a sign {beat} ago."),
    "late": Text(
        ko="{due}까지 신호를 보내겠다고 했는데 아직 없습니다. 마지막 신호는 {beat} 전입니다.",
        en="It promised a sign by {due} and none has come; the last one is {beat} old.",
    ),
    "dead": Text(
        ko="약속한 신호가 오지 않아 다른 PC가 응답 없음으로 표시했습니다. 마지막 신호는 {beat} 전입니다.",
        en="The sign it promised did not come, so another PC marked it as gone; the last sign is {beat} old.",
    ),
    "stopped": Text(ko="{beat} 전에 인사하고 꺼졌습니다.", en="It said goodbye {beat} ago."),
}
WHY_NEXT: Final = {
    "busy": Text(ko="다음 신호는 {due}까지 약속되어 있습니다.", en="The next sign is promised by {due}."),
    "alive": Text(ko="차례가 된 주문을 곧바로 맡습니다.", en="It takes the next order that is due."),
    "late": Text(
        ko="조금 더 늦으면 응답 없음이 되고, 맡은 주문은 다른 PC가 이어받습니다.",
        en="A little later it counts as gone, and another PC takes over what it holds.",
    ),
    "dead": Text(
        ko="맡았던 주문은 다른 PC가 이어받습니다. 다시 켜지면 저절로 돌아옵니다.",
        en="Another PC takes over what it held. Should it start again, it comes back by itself.",
    ),
    "stopped": Text(ko="그 PC에서 'onbam up'을 실행하면 돌아옵니다.", en="It comes back with 'onbam up' on that PC."),
}
WHY_PAUSED: Final = Text(ko="{who}이(가) 멈춰 두었습니다: {why}", en="{who} stopped its work: {why}")
WHY_FILE_NEXT: Final = Text(ko="그 파일을 지우면 다시 일합니다.", en="It works again once that file is deleted.")
WHY_PAUSED_NEXT: Final = Text(
    ko="사람이 풀어 줄 때까지 새 주문을 보내지 않습니다.",
    en="It sends nothing new until somebody lets it work again.",
)
