"""What a timeline says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

DAY: Final = Text(ko="{first}부터 {last}까지, 기록 {marks}줄", en="{first} to {last}, {marks} lines")
NOTHING: Final = Text(ko="이 동안의 기록이 없습니다.", en="Nothing was written in this time.")
RAN: Final = Text(ko="일한 것", en="What ran")
HOLES: Final = Text(ko="멈춘 곳", en="What stopped")
NO_HOLES: Final = Text(ko="{gap}분 넘게 조용한 때가 없었습니다.", en="Nothing was silent for more than {gap} minutes.")
HOLE: Final = Text(
    ko="{begins} ~ {ends}: {lasted} 동안 기록 없음 (업무 시간 {open})",
    en="{begins} to {ends}: nothing written for {lasted} ({open} of it in business hours)",
)
STILL: Final = Text(ko="(아직)", en="(still)")
BEFORE: Final = Text(ko="마지막 줄: {text}", en="last line before: {text}")
AFTER: Final = Text(ko="다음 줄: {text}", en="first line after: {text}")
TOGETHER: Final = Text(
    ko="{at}: 프로세스 {count}개가 함께 썼습니다 (PID {pids})", en="{at}: {count} processes wrote side by side (PIDs {pids})"
)
LATE: Final = Text(
    ko="{file}: {day}의 파일에 {until}까지 {lines}줄을 더 썼습니다 (날짜가 바뀌어도 재시작되지 않음)",
    en="{file}: the file of {day} was written until {until} ({lines} lines): no restart when the date changed",
)
ERRORS: Final = Text(ko="오류 {count}건", en="{count} errors")
UNREADABLE: Final = Text(ko="읽지 못한 파일: {what}", en="could not be read: {what}")
CUT: Final = Text(ko="줄이 너무 많아 {count}줄까지만 읽었습니다.", en="Too many lines: only {count} were read.")
PROGRAM: Final = Text(ko="프로그램", en="program")
FIRST: Final = Text(ko="처음", en="first")
LAST: Final = Text(ko="마지막", en="last")
LINES: Final = Text(ko="줄", en="lines")
WRONG: Final = Text(ko="오류", en="errors")
PIDS: Final = Text(ko="프로세스 번호 (PID)", en="PIDs")
