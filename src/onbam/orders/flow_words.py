"""What the flow of an order tells people."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

EVIDENCE_LARGE: Final = Text(
    ko="{item}: 근거 자료가 너무 큽니다 ({size}바이트, 최대 {limit}바이트).",
    en="{item}: a piece of evidence is too large ({size} bytes, at most {limit}).",
)
EVIDENCE_LARGE_HINT: Final = Text(
    ko="공급처 화면이 바뀌었는지 확인해 주십시오.",
    en="Check whether the supplier's page has changed.",
)
EVIDENCE_DAMAGED: Final = Text(
    ko="{item}: 보관한 근거 {name}이(가) 보관할 때와 다릅니다.",
    en="{item}: the kept evidence {name} is not what was kept.",
)
EVIDENCE_DAMAGED_HINT: Final = Text(
    ko="데이터베이스가 손상되었을 수 있습니다. 'onbam db status'로 확인하고 백업에서 되살리십시오.",
    en="The database may be damaged: look with 'onbam db status', and restore a backup if it is.",
)
