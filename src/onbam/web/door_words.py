"""What the door says: coming in, the first administrator, one's own account."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

LOGIN: Final = Text(ko="로그인", en="Log in")
NAME: Final = Text(ko="이름", en="Name")
PASSWORD: Final = Text(ko="비밀번호", en="Password")
PASSWORD_AGAIN: Final = Text(ko="비밀번호 한 번 더", en="Password once more")
PASSWORD_NEW: Final = Text(ko="새 비밀번호", en="New password")
PASSWORD_NOW: Final = Text(ko="지금 비밀번호", en="Present password")
PASSWORD_NOTE: Final = Text(ko="10자 이상. 짧은 문장이 가장 좋습니다.", en="At least 10 letters. A short sentence is best.")
ENTER: Final = Text(ko="들어가기", en="Come in")
WRONG: Final = Text(ko="이름이나 비밀번호가 맞지 않습니다.", en="Name or password is wrong.")
WAIT: Final = Text(ko="여러 번 틀렸습니다. {n}초 뒤에 다시 하십시오.", en="Wrong too often. Try again in {n} seconds.")
FORGOTTEN: Final = Text(
    ko="비밀번호를 잊었다면 온밤이 있는 PC에서 'onbam web link 이름'을 실행하십시오. 한 번 쓰는 링크가 나옵니다.",
    en="Forgotten? Run 'onbam web link NAME' on the PC Onbam runs on: it prints a link that works once.",
)
FIRST: Final = Text(ko="첫 관리자 만들기", en="Make the first administrator")
FIRST_TEXT: Final = Text(
    ko="이 링크는 온밤을 시작한 PC의 화면에만 나타났습니다. 관리자의 이름과 비밀번호를 정하십시오.",
    en="This link was shown only on the screen of the PC that started Onbam. Choose the administrator's name and password.",
)
NOBODY: Final = Text(ko="아직 관리자가 없습니다.", en="There is no administrator yet.")
NOBODY_TEXT: Final = Text(
    ko="온밤을 시작한 PC의 화면에 나온 링크를 여십시오. 보이지 않으면 'onbam web link'를 실행하십시오.",
    en="Open the link shown on the screen of the PC that started Onbam; if it is gone, run 'onbam web link' there.",
)
CHOOSE: Final = Text(ko="비밀번호 정하기", en="Choose a password")
CHOOSE_TEXT: Final = Text(ko="{name} 님, 새 비밀번호를 정하십시오.", en="{name}, choose a new password.")
DIFFERENT: Final = Text(ko="두 비밀번호가 서로 다릅니다.", en="The two passwords differ.")
SAVE: Final = Text(ko="저장", en="Save")
CHANGED: Final = Text(ko="비밀번호를 바꿨습니다. 다시 로그인하십시오.", en="The password is changed. Log in again.")
SESSIONS: Final = Text(ko="로그인된 곳", en="Where you are logged in")
THIS_ONE: Final = Text(ko="지금 여기", en="here")
END: Final = Text(ko="끝내기", en="End it")
ENDED: Final = Text(ko="그 로그인을 끝냈습니다.", en="That log-in is ended.")
CHANGE_PASSWORD: Final = Text(ko="비밀번호 바꾸기", en="Change the password")
SELLER: Final = Text(ko="상품 화면은 아직 없습니다.", en="The pages of products are not there yet.")
BAD_PROXY: Final = Text(
    ko="web.proxies에 주소나 대역이 아닌 것이 있습니다: {value}", en="web.proxies names no address or network: {value}"
)
BAD_PROXY_HINT: Final = Text(
    ko="프록시의 IP 주소나 대역을 적으십시오 (예: 127.0.0.1, 10.0.0.0/24).",
    en="Write the proxy's IP address or network, as in 127.0.0.1 or 10.0.0.0/24.",
)
