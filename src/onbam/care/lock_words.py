"""What the check-up says about the lock between PCs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from onbam.claims.connection import Mode, Obstacle
from onbam.kernel.words import Text

MODES: Final = MappingProxyType(
    {
        Mode.SHEET: Text(ko="Google 시트가 정함", en="the Google Sheet decides"),
        Mode.MIRROR: Text(ko="데이터베이스가 정하고 시트는 보여 줌", en="the database decides, the sheet shows"),
        Mode.DATABASE: Text(ko="데이터베이스가 정함", en="the database decides"),
        Mode.OFF: Text(ko="락이 꺼져 있음: 이 PC만 일할 수 있음", en="the lock is off: nobody but this PC may work"),
    }
)
CONNECTED: Final = Text(
    ko="Lock manager: Connected ({mode}). 이 PC: {machine}", en="Lock manager: Connected ({mode}). This PC: {machine}"
)
BY_DATABASE: Final = Text(
    ko="Lock manager: 데이터베이스가 정합니다(시트 없음). 이 PC: {machine}",
    en="Lock manager: the database decides, there is no sheet. This PC: {machine}",
)
DISCONNECTED: Final = Text(
    ko="Lock manager: Disconnected ({mode}). 원인: {cause}. {what}",
    en="Lock manager: Disconnected ({mode}). Cause: {cause}. {what}",
)
DOWN: Final = Text(
    ko="Lock manager: Disconnected ({mode}). 원인: {what}", en="Lock manager: Disconnected ({mode}). Cause: {what}"
)
COLUMNS: Final = Text(ko="Lock manager: Connected, 그러나 {what}", en="Lock manager: Connected, but: {what}")
OTHER_FIX: Final = Text(
    ko="'onbam claims status'로 다시 보고, 계속되면 지원 꾸러미를 보내십시오.",
    en="Look again with 'onbam claims status'; if it stays, send a support bundle.",
)
OBSTACLES: Final = MappingProxyType(
    {
        Obstacle.CREDENTIALS: Text(ko="자격 증명 파일", en="the credentials file"),
        Obstacle.LOGIN: Text(ko="Google 로그인", en="the log-in to Google"),
        Obstacle.API: Text(ko="Google Sheets API가 꺼져 있음", en="the Google Sheets API is switched off"),
        Obstacle.INTERNET: Text(ko="인터넷 연결", en="the internet connection"),
        Obstacle.PERMISSION: Text(ko="시트의 공유 권한", en="the permission to open the sheet"),
        Obstacle.COLUMNS: Text(ko="시트의 열", en="the sheet's columns"),
        Obstacle.OTHER: Text(ko="Google의 답", en="Google's answer"),
    }
)
OFF: Final = Text(
    ko="분산 락이 꺼져 있습니다 (ENABLE_DISTRIBUTED_LOCK=false). 이 PC 말고는 아무도 일하면 안 됩니다.",
    en="The lock between PCs is off (ENABLE_DISTRIBUTED_LOCK=false): nobody but this PC may work.",
)
OFF_FIX: Final = Text(
    ko="임시 방법입니다. 원인을 고치는 대로 ENABLE_DISTRIBUTED_LOCK=true로 되돌리십시오.",
    en="It is meant for a while only; set ENABLE_DISTRIBUTED_LOCK=true again as soon as the cause is mended.",
)
WAS_OFF: Final = Text(
    ko="락 없이 끝낸 주문을 아직 시트에 알리지 않았습니다.",
    en="What was completed without the lock has not been told to the sheet yet.",
)
WAS_OFF_FIX: Final = Text(
    ko="온밤을 시작하면 저절로 알립니다. 그 전에는 다른 PC를 켜지 마십시오.",
    en="Starting Onbam does it by itself; leave the other PCs off until then.",
)
OPEN: Final = Text(
    ko="링크가 있는 사람은 누구나 락 시트를 열 수 있습니다.", en="Everybody who has the link may open the lock sheet."
)
OPEN_FIX: Final = Text(
    ko="시트의 [공유]에서 '일반 액세스'를 '제한됨'으로 바꾸고, 직원과 온밤 계정만 추가하십시오.",
    en="In the sheet's Share dialogue set 'General access' to 'Restricted' and add your staff and Onbam's account only.",
)
CLOSED: Final = Text(ko="락 시트는 추가된 사람만 열 수 있습니다.", en="Only people who were added may open the lock sheet.")
SHARING_UNKNOWN: Final = Text(
    ko="이 계정으로는 시트를 누구와 공유했는지 알 수 없습니다.", en="This account cannot see with whom the sheet is shared."
)
SERVICE: Final = Text(
    ko="Google 로그인: 서비스 계정 {account} (만료 없음)",
    en="Google log-in: the service account {account}, which does not expire",
)
LASTING: Final = Text(
    ko="Google 로그인: {account}, {days}일 전에 허락", en="Google log-in: {account}, consented {days} days ago"
)
YOUNG: Final = Text(
    ko="Google 로그인: {account}, {days}일 전에 허락. OAuth 앱이 '테스트' 상태이면 7일째에 끊깁니다.",
    en="Google log-in: {account}, consented {days} days ago. While the OAuth app is in 'Testing', it ends on the seventh day.",
)
YOUNG_FIX: Final = Text(
    ko="Google Cloud의 'OAuth 동의 화면'에서 앱을 '게시'했는지 확인하십시오. 서비스 계정은 끊기지 않습니다.",
    en="See in Google Cloud's 'OAuth consent screen' that the app is published. A service account never ends.",
)
TESTING: Final = Text(
    ko="Google 로그인({account})이 {until}에 끊깁니다. OAuth 앱이 '테스트' 상태입니다. 그때 모든 PC의 락이 한꺼번에 끊깁니다.",
    en="The Google log-in ({account}) ends at {until}: the OAuth app is in 'Testing'. Every PC will lose the lock at that moment.",
)
TESTING_FIX: Final = Text(
    ko="Google Cloud에서 앱을 '게시'한 뒤 'onbam claims login'으로 다시 로그인하거나, 서비스 계정으로 바꾸십시오.",
    en="Publish the app in Google Cloud and log in again with 'onbam claims login', or use a service account.",
)
AGE_UNKNOWN: Final = Text(
    ko="Google 로그인: {account}. 언제 허락했는지 알 수 없어 언제 끊길지도 모릅니다.",
    en="Google log-in: {account}. When it was given is not known, so neither is when it ends.",
)
PICKLE: Final = Text(
    ko="예전 프로그램의 토큰 {file}이(가) 남아 있습니다. 온밤은 열지 않습니다.",
    en="An older program's token, {file}, is still there. Onbam does not open it.",
)
PICKLE_FIX: Final = Text(
    ko="예전 프로그램을 더 쓰지 않으면 지우십시오. Google 계정에 들어갈 수 있는 파일입니다.",
    en="Delete it once the older program is not used any more: it opens the Google account.",
)
OLDER: Final = Text(
    ko="예전 프로그램이 아직 이 시트를 쓰고 있습니다: {names}", en="Older programs still work on this sheet: {names}"
)
OLDER_FIX: Final = Text(
    ko="온밤이 그 주문을 건드리지 않습니다. 옮기기를 마치면 그 PC의 예전 프로그램을 끄십시오.",
    en="Onbam leaves their orders alone. Switch the older program off on those PCs when the move is done.",
)
