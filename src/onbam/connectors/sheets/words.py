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
    ko="Google Cloud에서 서비스 계정 키(JSON)를 내려받아 그 이름으로 저장하십시오.",
    en="Download a service account key (JSON) from Google Cloud and save it under that name.",
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
    ko="Google Cloud에서 서비스 계정 키(JSON)를 내려받아 대신 쓰십시오.",
    en="Download a service account key (JSON) from Google Cloud and use it instead.",
)
