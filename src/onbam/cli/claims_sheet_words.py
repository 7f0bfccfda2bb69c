"""What `onbam claims board|status|login` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

BOARD: Final = Text(
    ko="락 시트를 최신으로 맞춥니다. Ctrl-C로 끝냅니다.\n\n작업 프로그램이 스스로 하므로, 이것만 따로 돌릴 때 씁니다. 사람이 고친 상태는 명령으로 받아들입니다.",
    en="Keep the lock sheet current. Ctrl-C ends it.\n\nThe agent does it by itself; this runs the board alone. What people change in it is obeyed.",
)
ONCE_OPTION: Final = Text(ko="한 번만 맞추고 끝냅니다.", en="One round, then end.")
NO_BOARD: Final = Text(ko="락 시트를 쓰지 않도록 설정되어 있습니다.", en="No lock sheet is kept in this shop.")
NO_BOARD_HINT: Final = Text(
    ko="GOOGLE_SHEET_ID를 적고 claims.board를 auto나 on으로 두십시오.",
    en="Set GOOGLE_SHEET_ID, and claims.board to auto or on.",
)
ROUND: Final = Text(ko="시트를 맞추는 중", en="bringing the sheet up to date")
CROWDED: Final = Text(
    ko="이번 분의 Google 요청 한도를 다른 일에 씁니다. 곧 다시 합니다.",
    en="This minute's Google quota is needed for other things; it is tried again shortly.",
)
WATCHING: Final = Text(ko="다른 PC가 시트를 맞추고 있습니다.", en="Another PC keeps the sheet.")
OBEYED: Final = Text(
    ko="주문 {key}: 시트에서 {status}(으)로 바꾼 것을 따랐습니다.", en="Order {key}: the edit to {status} was obeyed."
)
NOT_OBEYED: Final = Text(
    ko="주문 {key}: 시트의 {status}은(는) 지금 할 수 없어 되돌렸습니다.",
    en="Order {key}: the edit to {status} is not possible now and was taken back.",
)
BOTH: Final = Text(
    ko="주의: 주문 {key}을(를) 예전 프로그램({other})도 처리하고 있습니다. ERP의 전표를 확인하십시오.",
    en="Careful: an older program ({other}) works on order {key} as well. Check its slips in the ERP.",
)
ROUND_DONE: Final = Text(
    ko="시트를 맞췄습니다. 바꾼 곳 {written}, 예전 프로그램이 맡은 주문 {older}건.",
    en="The sheet is up to date. Changes: {written}; orders held by older programs: {older}.",
)

STATUS: Final = Text(
    ko="락이 연결되어 있는지, 무엇으로 정하는지 보여 줍니다.", en="Show whether the lock is connected, and what decides."
)
LOOKING: Final = Text(ko="연결을 확인하는 중", en="looking at the connection")
CONNECTED: Final = Text(ko="락(Lock manager): Connected ({mode})", en="Lock manager: Connected ({mode})")
DISCONNECTED: Final = Text(ko="락(Lock manager): Disconnected ({mode})", en="Lock manager: Disconnected ({mode})")
CONNECTED_BUT: Final = Text(ko="락(Lock manager): Connected, 그러나 ({mode})", en="Lock manager: Connected, but ({mode})")
THIS_PC: Final = Text(ko="이 PC: {name} ({machine})", en="This PC: {name} ({machine})")
SHEET: Final = Text(ko="시트: {link} ({title})", en="Sheet: {link} ({title})")
ACCOUNT: Final = Text(ko="Google 계정: {account}", en="Google account: {account}")
QUOTA: Final = Text(
    ko="이번 분에 남은 요청: 읽기 {reads}/{of_reads}, 쓰기 {writes}/{of_writes}",
    en="Requests left this minute: {reads} of {of_reads} reads, {writes} of {of_writes} writes",
)
ROWS: Final = Text(ko="시트의 주문 {orders}건, 맞추는 PC: {keeper}", en="{orders} orders on the sheet, kept by: {keeper}")
NOBODY: Final = Text(ko="없음", en="nobody")
OPEN: Final = Text(
    ko="주의: 링크가 있는 사람은 누구나 이 시트를 열 수 있습니다.",
    en="Careful: everybody who has the link may open this sheet.",
)

LOGIN: Final = Text(
    ko="브라우저에서 Google에 로그인합니다.\n\nOAuth 클라이언트 파일(google_oauth_credentials.json)을 쓸 때 PC마다 한 번 합니다. 서비스 계정에는 필요 없습니다.",
    en="Log in to Google in the browser.\n\nOnce on each PC, where an OAuth client file (google_oauth_credentials.json) is used. A service account needs no login.",
)
NO_BROWSER_OPTION: Final = Text(
    ko="브라우저를 열지 않고 주소만 보여 줍니다.", en="Open no browser, only show the address to open on this PC."
)
LIMIT_OPTION: Final = Text(ko="허락을 기다리는 시간(초).", en="Seconds to wait for the consent.")
OPENING: Final = Text(
    ko="브라우저를 엽니다. 열리지 않으면 이 주소를 여십시오:", en="Opening the browser. If it does not open, open this address:"
)
OPEN_THIS: Final = Text(ko="이 PC의 브라우저에서 이 주소를 여십시오:", en="Open this address in a browser of this PC:")
LOGGED_IN: Final = Text(ko="{account}(으)로 로그인했습니다. 토큰: {file}", en="Logged in as {account}. Token: {file}")
TESTING: Final = Text(
    ko="주의: OAuth 앱이 '테스트' 상태라 {until}에 끊깁니다. Google Cloud에서 앱을 게시하거나 서비스 계정을 쓰십시오.",
    en="Careful: the OAuth app is in 'Testing', so this ends at {until}. Publish the app in Google Cloud, or use a service account.",
)
PICKLE: Final = Text(
    ko="예전 프로그램의 {file}은(는) 쓰지 않습니다. 예전 프로그램을 끈 뒤 지우십시오.",
    en="The older program's {file} is not used; delete it once that program is off.",
)
