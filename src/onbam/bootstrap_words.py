"""What the composition root says when a part cannot be built."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NO_ZONE: Final = Text(ko="{where}: '{name}'이라는 시간대는 없습니다.", en="{where}: there is no time zone '{name}'.")
NO_ZONE_HINT: Final = Text(ko='예: app.time_zone = "Asia/Seoul"', en='As in app.time_zone = "Asia/Seoul"')
NO_SHEET: Final = Text(ko="Google 시트가 정해지지 않았습니다.", en="No Google Sheet is set.")
NO_SHEET_HINT: Final = Text(
    ko="GOOGLE_SHEET_ID에 시트 주소의 /d/ 뒤에 있는 ID를 적으십시오. 시트 없이 쓰려면 CLAIM_STORE=auto로 두십시오.",
    en="Put the id that stands after /d/ in the sheet's address into GOOGLE_SHEET_ID. To work without a sheet, leave CLAIM_STORE=auto.",
)
