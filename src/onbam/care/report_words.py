"""What the weekly and monthly report says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

HEAD: Final = Text(ko="{first} ~ {last} 안정성 보고", en="Stability from {first} to {last}")
DUPLICATES: Final = Text(
    ko="중복 프로세스 {count}건 (목표 0건, 동시에 최대 {most}개)",
    en="{count} duplicate processes (target 0; at most {most} at once)",
)
HANGS: Final = Text(ko="프로세스 정지 {count}번", en="{count} hangs")
CRASHES: Final = Text(ko="비정상 종료 {count}번", en="{count} crashes")
MISCONFIGURED: Final = Text(
    ko="설정이 맞지 않아 끝남 {count}번 (고칠 때까지 일부러 쉽니다)",
    en="{count} ends over wrong settings (down on purpose until they are corrected)",
)
RENEWED: Final = Text(ko="일일 재시작 성공 {good}/{days}", en="daily renewal {good}/{days}")
RENEWED_MISSED: Final = Text(ko="  빠진 날: {days}", en="  days without: {days}")
BEATS_OK: Final = Text(
    ko="하트비트 주기 정상 (업무 시간 중 가장 긴 침묵 {longest})",
    en="heartbeat regular (longest silence in business hours {longest})",
)
BEATS_ODD: Final = Text(
    ko="하트비트 주기 이상 {count}번 (업무 시간 중 가장 긴 침묵 {longest}, 한도 {limit})",
    en="heartbeat irregular {count}× (longest silence in business hours {longest}, limit {limit})",
)
BEATS_NONE: Final = Text(ko="하트비트 주기: 이 동안의 로그가 없습니다.", en="heartbeat: there are no logs of this time.")
LOGS: Final = Text(ko="로그 파일 일일 갱신 {good}/{days}", en="a log file of its own on {good}/{days} days")
RECOVERY: Final = Text(
    ko="복구 {count}번: 중간값 {median}, 가장 길게 {worst} (이전 최대 20시간, 목표 60초)",
    en="{count} recoveries: median {median}, worst {worst} (formerly up to 20 hours; target 60 s)",
)
NO_RECOVERY: Final = Text(ko="복구할 일이 없었습니다.", en="Nothing had to be recovered.")
NOT_RECOVERED: Final = Text(ko="  아직 돌아오지 않음: {names}", en="  not back yet: {names}")
LONGEST: Final = Text(
    ko="가장 긴 정지 {longest} ({what}, {at}); 업무 시간 중 정지 합계 {total}",
    en="longest stop {longest} ({what}, {at}); {total} of stops in business hours in all",
)
NO_STOP: Final = Text(ko="정지한 때가 없었습니다.", en="Nothing stopped.")
STILL: Final = Text(ko="아직", en="not over")
PEOPLE: Final = Text(
    ko="수동 개입 {count}번 (이전 주 1~2회, 목표 월 0~1회)",
    en="{count} manual interventions (formerly 1 to 2 a week; target 0 to 1 a month)",
)
PEOPLE_LINE: Final = Text(ko="  {at} {who}: {what} {why}", en="  {at} {who}: {what} {why}")
ORDERS: Final = Text(ko="사람이 정한 주문 {count}건", en="{count} decisions on orders by people")
SLEPT: Final = Text(ko="PC가 {count}번 잠들었습니다 (모두 {total}).", en="The PC slept {count}× ({total} in all).")
DRILLS: Final = Text(
    ko="훈련 {count}번, 목표를 지킨 것 {held}번 (따로 셉니다)",
    en="{count} drills, {held} of them within their target (counted apart)",
)
DRILL_LINE: Final = Text(
    ko="  {kind}: 중간값 {median}초, 가장 길게 {worst}초 (목표 {target:g}초, {count}번)",
    en="  {kind}: median {median} s, worst {worst} s (target {target:g} s, {count}×)",
)
LEARNED: Final = Text(ko="배운 한도: {steps}", en="Learned limits: {steps}")
DETAIL: Final = Text(ko="{at} {what}: {text}", en="{at} {what}: {text}")
PARTLY: Final = Text(ko="기록은 {since}부터 있습니다.", en="The record begins at {since}.")
VERDICT: Final = {
    "good": Text(ko="약속대로입니다.", en="As promised."),
    "look": Text(ko="살펴볼 것이 있습니다.", en="There is something to look at."),
}
