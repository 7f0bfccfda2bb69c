"""What `onbam incidents`, `check`, `report` and `timeline` say in their help."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

INCIDENTS: Final = Text(ko="멈춰 선 프로그램의 근거를 봅니다.", en="See the evidence of programs that stood still.")
SHOW: Final = Text(ko="사고 하나를 모두 보여 줍니다.", en="Show one incident whole.")
LIST: Final = Text(ko="사고 목록.", en="List the incidents.")
CHECK: Final = Text(
    ko="아침마다 보는 것: 프로세스, 하트비트, 작업 스케줄러, 로그, 락.",
    en="The morning's look: processes, heartbeat, task scheduler, log, lock.",
)
DAILY_OPTION: Final = Text(
    ko="daily_check.ps1의 세 줄과 점검 목록 (기본).", en="The three lines of daily_check.ps1 and the checklist (the default)."
)
REPORT: Final = Text(ko="한 주나 한 달이 어땠는지 숫자로 봅니다.", en="See in figures how a week or a month went.")
WEEK_OPTION: Final = Text(ko="지난 7일 (기본).", en="The last 7 days (the default).")
MONTH_OPTION: Final = Text(ko="지난 30일.", en="The last 30 days.")
UNTIL_OPTION: Final = Text(ko="이 날까지 (YYYY-MM-DD), 기본은 오늘.", en="Up to this day (YYYY-MM-DD); today by default.")
TIMELINE: Final = Text(
    ko="어느 날 무엇이 일했고, 무엇이 멈췄고, 어디가 비었는지 봅니다.",
    en="See what ran on a day, what stopped, and the hole between.",
)
DATE_OPTION: Final = Text(ko="날짜 (YYYY-MM-DD), 기본은 오늘.", en="The day (YYYY-MM-DD); today by default.")
DAYS_OPTION: Final = Text(ko="며칠을 볼지.", en="How many days.")
GAP_OPTION: Final = Text(ko="몇 분 넘게 조용하면 멈춘 것으로 볼지.", en="Minutes of silence that count as a stop.")
LOGS_OPTION: Final = Text(ko="다른 로봇의 로그 폴더나 파일을 봅니다.", en="Read another robot's log folder or file.")
BAD_DATE: Final = Text(
    ko="'{text}'은(는) 날짜가 아닙니다. 2026-01-13처럼 쓰십시오.", en="'{text}' is no date; write it as 2026-01-13."
)
ONE_LENGTH: Final = Text(ko="--week와 --month 가운데 하나만 쓰십시오.", en="Use --week or --month, not both.")
