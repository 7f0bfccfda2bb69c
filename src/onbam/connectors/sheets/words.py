"""What the Google Sheets connector says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

UNREACHABLE: Final = Text(ko="Google Sheets에 연결할 수 없습니다 ({what}).", en="Google Sheets cannot be reached ({what}).")
UNREACHABLE_HINT: Final = Text(
    ko="인터넷 연결과 방화벽을 확인하십시오. 연결되면 저절로 이어집니다.",
    en="Check the internet connection and the firewall; work goes on by itself once it is back.",
)
REPLY_LOST: Final = Text(
    ko="Google Sheets에 쓴 결과를 받지 못했습니다 ({what}).", en="The answer to a write to Google Sheets was lost ({what})."
)
QUOTA: Final = Text(ko="Google Sheets의 분당 요청 한도를 다 썼습니다.", en="The Google Sheets quota of this minute is used up.")
QUOTA_HINT: Final = Text(
    ko="{wait:.0f}초 뒤에 이어집니다. PC마다 다른 서비스 계정을 쓰면 한도가 늘어납니다.",
    en="Work goes on in {wait:.0f} s. One service account per PC gives each its own quota.",
)
SERVER: Final = Text(ko="Google Sheets가 오류를 답했습니다 ({what}).", en="Google Sheets answered with an error ({what}).")
SERVER_HINT: Final = Text(ko="잠시 뒤 저절로 다시 시도합니다.", en="It is tried again by itself shortly.")
NOT_SHARED: Final = Text(
    ko="이 계정({account})은 스프레드시트를 열 수 없습니다.", en="This account ({account}) may not open the spreadsheet."
)
NOT_SHARED_HINT: Final = Text(
    ko="시트의 [공유]에서 {account}을(를) 편집자로 추가하십시오.", en="Share the sheet with {account} as an editor."
)
API_OFF: Final = Text(
    ko="Google Cloud 프로젝트에서 Google Sheets API가 꺼져 있습니다.",
    en="The Google Sheets API is switched off in the Google Cloud project.",
)
API_OFF_HINT: Final = Text(
    ko="Google Cloud 콘솔의 'API 및 서비스'에서 Google Sheets API를 사용 설정하십시오.",
    en="Enable the Google Sheets API under 'APIs & Services' in the Google Cloud console.",
)
REJECTED: Final = Text(ko="Google이 로그인을 거절했습니다 ({what}).", en="Google rejected the credentials ({what}).")
REJECTED_HINT: Final = Text(
    ko="서비스 계정 키가 삭제되었거나 토큰이 만료되었습니다. OAuth 앱이 '테스트' 상태이면 토큰은 7일 뒤 끊깁니다. 새 키를 넣거나 다시 로그인하십시오.",
    en="The key was deleted or the token expired; while an OAuth app is in 'Testing', its tokens end after 7 days. Put in a new key or log in again.",
)
NOT_FOUND: Final = Text(ko="스프레드시트 {id}이(가) 없습니다.", en="There is no spreadsheet {id}.")
NOT_FOUND_HINT: Final = Text(
    ko="주소의 /d/ 뒤에 있는 ID를 sheets.spreadsheet_id에 넣으십시오.",
    en="Put the id that stands after /d/ in the sheet's address into sheets.spreadsheet_id.",
)
BAD_REQUEST: Final = Text(ko="Google Sheets가 요청을 거절했습니다: {what}", en="Google Sheets refused the request: {what}")
BAD_ANSWER: Final = Text(ko="Google Sheets의 답을 이해할 수 없습니다.", en="The answer of Google Sheets cannot be understood.")
BAD_ANSWER_HINT: Final = Text(
    ko="회사 프록시나 로그인 페이지가 사이에 있는지 확인하십시오.",
    en="See whether a company proxy or a log-in page stands in between.",
)
NO_CREDENTIALS: Final = Text(
    ko="Google 자격 증명 파일 {file}이(가) 없습니다.", en="The Google credentials file {file} does not exist."
)
NO_CREDENTIALS_HINT: Final = Text(
    ko="Google Cloud에서 서비스 계정 키(JSON)를 내려받아 그 이름으로 저장하십시오. OAuth 클라이언트 파일이면 'onbam claims login'을 실행하십시오.",
    en="Download a service account key (JSON) from Google Cloud and save it under that name; with an OAuth client's file, run 'onbam claims login'.",
)
BAD_CREDENTIALS: Final = Text(
    ko="Google 자격 증명 파일 {file}을(를) 읽을 수 없습니다 ({what}).",
    en="The Google credentials file {file} cannot be read ({what}).",
)
PICKLE: Final = Text(
    ko="{file}은(는) 예전 프로그램의 토큰이며 열지 않습니다. 여는 것만으로 그 안의 코드가 실행되기 때문입니다.",
    en="{file} is an older program's token and is not opened: opening it would run code from inside it.",
)
PICKLE_HINT: Final = Text(
    ko="'onbam claims login'으로 다시 로그인하거나, 서비스 계정 키(JSON)를 쓰십시오. 그 파일은 지워도 됩니다.",
    en="Log in anew with 'onbam claims login', or use a service account key (JSON); that file may be deleted.",
)
NO_TOKEN: Final = Text(
    ko="Google에 아직 로그인하지 않았습니다 ({file}이(가) 없습니다).",
    en="Nobody has logged in to Google yet ({file} does not exist).",
)
NO_TOKEN_HINT: Final = Text(
    ko="'onbam claims login'을 실행하십시오. 브라우저에서 한 번 허락하면 됩니다.",
    en="Run 'onbam claims login': a browser asks for consent once.",
)
NO_TOKEN_PICKLE_HINT: Final = Text(
    ko="'onbam claims login'으로 다시 로그인하십시오. 예전 프로그램의 {file}은(는) 안에 든 코드가 실행될 수 있어 열지 않습니다.",
    en="Log in anew with 'onbam claims login'. The older program's {file} is not opened: opening it would run code from inside it.",
)

# -- logging in --------------------------------------------------------------------------------------------------------------
NOT_A_CLIENT: Final = Text(
    ko="{file}은(는) 로그인이 필요 없는 자격 증명입니다 ({kind}).", en="{file} needs no login: it is a {kind}."
)
NOT_A_CLIENT_HINT: Final = Text(
    ko="서비스 계정은 그대로 쓰면 됩니다. 시트를 {account}과(와) 공유하십시오.",
    en="A service account is used as it is. Share the sheet with {account}.",
)
LOGIN_LATE: Final = Text(
    ko="{limit:.0f}초 안에 브라우저에서 허락하지 않았습니다.", en="Nobody consented in the browser within {limit:.0f} s."
)
LOGIN_LATE_HINT: Final = Text(
    ko="다시 실행하고 브라우저에서 '허용'을 누르십시오. 이 PC의 브라우저여야 합니다.",
    en="Run it again and press 'Allow' in the browser; it must be a browser of this PC.",
)
LOGIN_REFUSED: Final = Text(
    ko="Google이 로그인을 마치지 않았습니다 ({what}).", en="Google did not complete the login ({what})."
)
LOGIN_REFUSED_HINT: Final = Text(
    ko="다시 실행하고 모든 권한에 체크한 뒤 '허용'을 누르십시오. 앱이 '테스트' 상태이면 이 계정이 테스트 사용자여야 합니다.",
    en="Run it again, tick every right and press 'Allow'. While the app is in 'Testing', this account must be one of its test users.",
)
NO_BROWSER: Final = Text(ko="이 PC에서 브라우저를 열 수 없습니다.", en="No browser can be opened on this PC.")
NO_BROWSER_HINT: Final = Text(
    ko="--no-browser를 붙이고, 나오는 주소를 이 PC의 브라우저에 붙여 넣으십시오.",
    en="Add --no-browser and paste the address it prints into a browser of this PC.",
)
LOGIN_DONE: Final = Text(
    ko="로그인했습니다. 이 창은 닫아도 됩니다.",
    en="You are logged in; this window may be closed.",
)
