"""What the board says to people."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

STALE: Final = Text(
    ko="Google 시트가 {since}부터 갱신되지 않습니다: {what}",
    en="The Google Sheet has not been kept current since {since}: {what}",
)
NEVER: Final = Text(ko="아직 한 번도 읽지 못한 때", en="the start")
BOTH: Final = Text(
    ko="주문 {key}을(를) 예전 프로그램({other})과 온밤이 함께 처리하고 있습니다.",
    en="Order {key} is being worked on by an older program ({other}) and by Onbam.",
)
BOTH_ADVICE: Final = Text(
    ko="ERP에 전표가 하나만 있는지 확인하십시오. 예전 프로그램을 모두 끄면 다시 생기지 않습니다.",
    en="See that the ERP holds one slip only. Once every older program is switched off this cannot happen again.",
)
REFUSED: Final = Text(
    ko="시트에서 주문 {key}의 상태를 '{status}'(으)로 바꿀 수 없습니다. 행은 실제 상태로 되돌렸습니다.",
    en="The sheet's edit of order {key} to '{status}' was not possible; the row shows the truth again.",
)
REFUSED_ADVICE: Final = Text(
    ko="쓸 수 있는 값: failed, hold, waiting, cancelled, completed. 끝난 주문은 다시 열 수 없습니다.",
    en="Possible words: failed, hold, waiting, cancelled, completed. A completed order cannot be opened again.",
)
OLDER_UNSEEN: Final = Text(
    ko="예전 프로그램이 맡은 주문을 시트에서 확인할 수 없어 새 주문을 맡지 않습니다.",
    en="The sheet cannot be looked at for orders older programs hold, so no order is taken.",
)
OLDER_UNSEEN_HINT: Final = Text(
    ko="연결이 돌아오면 저절로 이어집니다. 예전 프로그램을 쓰는 PC가 더 없으면 claims.older_pcs = off로 두십시오.",
    en="Work goes on by itself once the connection is back. If no PC runs an older program any more, set claims.older_pcs = off.",
)
SHEET_UNSEEN: Final = Text(ko="시트를 볼 수 없었음", en="the sheet could not be looked at")
