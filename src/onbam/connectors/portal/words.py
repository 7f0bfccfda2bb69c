"""What the portal connector says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NO_ACCOUNT: Final = Text(
    ko="공급처 사이트의 설정이 빠졌습니다: {names}.",
    en="Settings for the supplier's site are missing: {names}.",
)
NO_ACCOUNT_HINT: Final = Text(
    ko="onbam.toml의 [portal]에 user를 넣고, 비밀번호는 'onbam secret set portal.password'로 넣으십시오.",
    en="Put user under [portal] in onbam.toml, and the password in with 'onbam secret set portal.password'.",
)
BAD_URL: Final = Text(
    ko="공급처 사이트 주소(portal.url)가 인터넷 주소가 아닙니다: '{url}'.",
    en="The address of the supplier's site (portal.url) is no address: '{url}'.",
)
BAD_URL_HINT: Final = Text(
    ko="http:// 또는 https://로 시작하는 주소를 portal.url에 넣으십시오. 예: http://door.yl.co.kr",
    en="Set portal.url to an address that begins with http:// or https://, as http://door.yl.co.kr.",
)
UNREACHABLE: Final = Text(
    ko="공급처 사이트에 연결할 수 없습니다 ({what}).", en="The supplier's site cannot be reached ({what})."
)
UNREACHABLE_HINT: Final = Text(
    ko="인터넷 연결을 확인하십시오. 연결되면 저절로 이어집니다.",
    en="Check the internet connection; work goes on by itself once it is back.",
)
TOO_SLOW: Final = Text(
    ko="공급처 사이트가 {limit:g}초 안에 답하지 않았습니다.", en="The supplier's site did not answer within {limit:g} s."
)
TOO_SLOW_HINT: Final = Text(ko="잠시 뒤 저절로 다시 시도합니다.", en="It is tried again by itself shortly.")
SERVER: Final = Text(
    ko="공급처 사이트가 오류를 답했습니다 ({status}).", en="The supplier's site answered with an error ({status})."
)
CUT_SHORT: Final = Text(ko="공급처 사이트의 화면이 중간에 끊겼습니다.", en="A page of the supplier's site ended in the middle.")
CERTIFICATE: Final = Text(
    ko="공급처 사이트의 인증서가 올바르지 않습니다.", en="The certificate of the supplier's site is not valid."
)
CERTIFICATE_HINT: Final = Text(
    ko="PC의 날짜와 주소(portal.url)를 확인하십시오. 맞다면 공급처에 문의하십시오. 고쳐진 뒤 'onbam agent relogin'을 실행하면 이어집니다.",
    en="Check this PC's date and the address (portal.url); if both are right, ask the supplier. Once it is mended, 'onbam agent relogin' lets work go on.",
)
BLOCKED: Final = Text(ko="공급처 사이트가 접속을 거절했습니다 ({status}).", en="The supplier's site refused us ({status}).")
BLOCKED_HINT: Final = Text(
    ko="브라우저로 로그인해 보고, 되지 않으면 공급처에 문의하십시오. 풀린 뒤 'onbam agent relogin'을 실행하면 이어집니다.",
    en="Try to log in with a browser; if that fails too, ask the supplier. Once it works there, 'onbam agent relogin' lets work go on.",
)
GONE: Final = Text(
    ko="공급처 사이트에 {path} 화면이 없습니다 ({status}).", en="The supplier's site has no page {path} ({status})."
)
CHANGED_HINT: Final = Text(
    ko="사이트가 바뀐 것 같습니다. 화면을 증거로 보관했습니다. 브라우저로 확인한 뒤 설정의 경로를 고치거나 알려 주십시오.",
    en="The site seems to have changed. The page was kept as evidence; look with a browser, then correct the paths or tell us.",
)
ELSEWHERE: Final = Text(
    ko="공급처 사이트가 다른 주소로 보냈습니다 ({host}).", en="The supplier's site sent us to another address ({host})."
)
TOO_LARGE: Final = Text(
    ko="공급처 사이트의 화면이 너무 큽니다 ({limit:g}MB 초과).",
    en="A page of the supplier's site is too large (over {limit:g} MB).",
)
UNREADABLE: Final = Text(
    ko="화면의 글자를 읽을 수 없습니다. 알려진 인코딩이 아닙니다.",
    en="The page cannot be read: its bytes are in no encoding we know.",
)
NO_LOGIN_FORM: Final = Text(ko="로그인 화면에서 입력란을 찾을 수 없습니다.", en="The log-in page has no form we understand.")
REJECTED: Final = Text(
    ko="공급처 사이트가 로그인을 거절했습니다: {said}", en="The supplier's site rejected the log-in. It said: '{said}'"
)
REJECTED_HINT: Final = Text(
    ko="portal.user를 확인하고 'onbam secret set portal.password'로 비밀번호를 다시 넣은 뒤 'onbam restart agent'를 실행하십시오. 여러 번 틀리면 계정이 잠기므로 스스로 다시 시도하지 않습니다.",
    en="Check portal.user, enter the password again (onbam secret set portal.password) and run 'onbam restart agent'. It is not tried again by itself, because the account would be locked.",
)
NOTHING_SAID: Final = Text(ko="이유 없음", en="no reason given")
LOGGED_OUT: Final = Text(ko="로그인한 직후에 다시 로그아웃되었습니다.", en="The session ended right after logging in.")
LOGGED_OUT_HINT: Final = Text(
    ko="같은 아이디로 다른 PC나 브라우저가 로그인해 있는지 확인하십시오.",
    en="See whether another PC or a browser is logged in with the same user name.",
)
NO_SEARCH_FORM: Final = Text(
    ko="원장조회 화면에서 기간과 구분을 고르는 칸을 찾을 수 없습니다.",
    en="The ledger page has no fields for days and kind that we understand.",
)
NO_LEDGER: Final = Text(
    ko="원장조회 화면에서 주문 목록을 찾을 수 없습니다.", en="The ledger page has no list of orders that we understand."
)
NO_PAGING: Final = Text(
    ko="원장조회의 다음 쪽을 여는 방법을 알 수 없습니다.", en="The next page of the ledger cannot be opened."
)
TOO_MANY_PAGES: Final = Text(ko="원장조회가 {most}쪽을 넘습니다.", en="The ledger has more than {most} pages.")
TOO_MANY_PAGES_HINT: Final = Text(ko="기간을 줄이십시오.", en="Ask for fewer days.")
NO_DOCUMENT: Final = Text(
    ko="주문 {number}의 거래명세서가 없다고 합니다.", en="The supplier's site has no document for order {number}."
)
NO_DOCUMENT_HINT: Final = Text(
    ko="브라우저에서 그 주문을 열어 보십시오. 삭제된 주문일 수 있습니다.",
    en="Open the order in a browser; it may have been deleted.",
)
NOT_A_DOCUMENT: Final = Text(
    ko="주문 {number}의 화면이 우리가 아는 거래명세서가 아닙니다.", en="The page of order {number} is not a document we know."
)
OTHER_ORDER: Final = Text(
    ko="주문 {number}을(를) 열었는데 {others}의 문서가 왔습니다.",
    en="Order {number} was opened, and the document of {others} came.",
)
OTHER_ORDER_HINT: Final = Text(
    ko="입력하지 않았습니다. 브라우저에서 그 주문을 확인하십시오.", en="Nothing was entered. Look at the order in a browser."
)
