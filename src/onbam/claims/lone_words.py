"""What is said about working without the lock."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

ANOTHER: Final = Text(
    ko="CLAIMS의 only_pc 설정이 '{named}'이므로 이 PC({machine})는 주문을 맡지 않습니다.",
    en="The setting claims.only_pc names '{named}', so this PC ({machine}) takes no orders.",
)
ANOTHER_HINT: Final = Text(
    ko="여러 대로 다시 일하려면 모든 PC에서 claims.only_pc를 비우고 ENABLE_DISTRIBUTED_LOCK=true로 두십시오.",
    en="To work with several PCs again, empty claims.only_pc on all of them and set ENABLE_DISTRIBUTED_LOCK=true.",
)
ALIVE: Final = Text(
    ko="ENABLE_DISTRIBUTED_LOCK=false인데 다른 PC가 일하고 있습니다: {others}.",
    en="ENABLE_DISTRIBUTED_LOCK=false, and other PCs are at work: {others}.",
)
ALIVE_HINT: Final = Text(
    ko="다른 PC의 온밤을 먼저 끄거나, ENABLE_DISTRIBUTED_LOCK=true로 되돌리십시오.",
    en="Stop Onbam on the other PCs first, or set ENABLE_DISTRIBUTED_LOCK=true again.",
)
FLEET: Final = Text(
    ko="ENABLE_DISTRIBUTED_LOCK=false는 PC가 한 대일 때만 됩니다. 이 가게에는 다른 PC가 있습니다: {others}.",
    en="ENABLE_DISTRIBUTED_LOCK=false is for a single PC; this shop has others: {others}.",
)
SHARED: Final = Text(
    ko="ENABLE_DISTRIBUTED_LOCK=false는 PC가 한 대일 때만 됩니다. 설정(sheets.machines)으로는 PC {count}대가 시트를 함께 씁니다.",
    en="ENABLE_DISTRIBUTED_LOCK=false is for a single PC; by the setting sheets.machines, {count} PCs share the sheet.",
)
FLEET_HINT: Final = Text(
    ko="잠시 한 대로만 일하려면 모든 PC의 .env에 ONBAM_CLAIMS_ONLY_PC={machine}을(를) 적고 다른 PC는 끄십시오. 아니면 true로 되돌리십시오.",
    en="To work on one PC for a while, write ONBAM_CLAIMS_ONLY_PC={machine} into the .env of every PC and switch the others off; else set it to true again.",
)
