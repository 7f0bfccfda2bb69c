"""What reconciling with the ERP's own report says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

# -- why silence proves nothing ---------------------------------------------------------------------------------------------

NOT_PRINTED: Final = Text(
    ko="파일에 인쇄 시각이 없어, 보낸 뒤에 만든 것인지 알 수 없습니다",
    en="the file does not say when it was made, so it may be older than what was sent",
)
TOO_OLD: Final = Text(
    ko="파일은 {printed}에 만들어졌고, 보낸 것은 {until}까지 도착할 수 있었습니다. {again} 뒤에 다시 받으십시오",
    en="the file was made at {printed}, and what was sent could arrive until {until}; make it again after {again}",
)
NO_DAY: Final = Text(
    ko="전표의 날짜를 몰라, 파일에 있어야 하는지 알 수 없습니다",
    en="the day of the slip is not known, so it is not known whether it would be in the file",
)
NOT_COVERED: Final = Text(
    ko="파일은 {since} ~ {until}이고, 전표의 날짜는 {day}입니다",
    en="the file covers {since} to {until}, and the slip is of {day}",
)
NO_TITLE: Final = Text(ko="파일 제목에 조회 기간이 없습니다", en="the title of the file does not say which days it covers")
NO_WITNESS: Final = Text(
    ko="이미 완료된 우리 전표가 파일에 하나도 없어, 조건을 걸어 조회한 파일인지 알 수 없습니다",
    en="the file shows none of our completed slips, so it may have been filtered",
)
INCOMPLETE: Final = Text(
    ko="완료된 우리 전표 {count}건(예: {number})이 파일에 없습니다. 조건을 걸어 조회했거나 지워진 것입니다",
    en="{count} of our completed slips (as {number}) are not in the file: it was filtered, or they were deleted",
)
MENTIONED: Final = Text(
    ko="전표 {number}의 적요에 이 번호가 있지만, 그 전표는 다른 주문의 것입니다. ERP에서 보고 직접 정하십시오",
    en="slip {number} names it in a note, and is another order's: look at it in the ERP and settle it by hand",
)
STILL_UNDER_WAY: Final = Text(ko="보낸 것이 아직 도착할 수 있습니다", en="what was sent may still arrive")
CHANGED: Final = Text(ko="그사이 바뀌었습니다", en="it changed meanwhile")

# -- what is written down ---------------------------------------------------------------------------------------------------

FOUND: Final = Text(
    ko="ERP 구매현황({file})에 전표 {number}(으)로 있습니다", en="the ERP's report {file} shows it as slip {number}"
)
NOT_FOUND: Final = Text(
    ko="ERP 구매현황({file}, {since} ~ {until})에 없습니다", en="the ERP's report {file} ({since} to {until}) does not show it"
)
BY_HAND: Final = Text(
    ko="ERP 구매현황({file})에 전표 {number}(으)로 이미 있습니다",
    en="the ERP's report {file} already shows it, as slip {number}",
)
