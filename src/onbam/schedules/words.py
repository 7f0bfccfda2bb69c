"""What the schedules say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

BAD_TIME: Final = Text(ko="'{text}'은(는) 시각이 아닙니다.", en="'{text}' is not a time of day.")
BAD_TIME_HINT: Final = Text(ko="06:00처럼 적으십시오.", en="Write it as 06:00.")
BAD_HOURS: Final = Text(
    ko="여는 시각 {opens}이(가) 닫는 시각 {closes}보다 늦습니다.", en="The shop opens at {opens}, after it closes at {closes}."
)
BAD_HOURS_HINT: Final = Text(
    ko="schedules.opens를 schedules.closes보다 이르게 하십시오.", en="Let schedules.opens be earlier than schedules.closes."
)
BAD_WEEKDAY: Final = Text(ko="'{text}'은(는) 요일이 아닙니다.", en="'{text}' is not a weekday.")
BAD_WEEKDAY_HINT: Final = Text(ko="mon,tue,wed,thu,fri,sat,sun 가운데에서 적으십시오.", en="Use mon,tue,wed,thu,fri,sat,sun.")
EXCEPTION_KIND: Final = Text(
    ko="2026-02-16=closed, 2026-02-17=open, 2026-02-18=06:00-12:00 같은 날",
    en="a day, as in 2026-02-16=closed, 2026-02-17=open or 2026-02-18=06:00-12:00",
)
BAD_EXCEPTION: Final = Text(ko="'{text}'은(는) 예외로 쓸 수 없습니다.", en="'{text}' is no exception we understand.")
BAD_EXCEPTION_HINT: Final = Text(
    ko="2026-02-16=closed, 2026-02-17=open, 2026-02-18=06:00-12:00 처럼 적으십시오.",
    en="Write it as 2026-02-16=closed, 2026-02-17=open or 2026-02-18=06:00-12:00.",
)
