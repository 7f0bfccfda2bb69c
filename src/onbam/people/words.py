"""What the door says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text
from onbam.people.model import Role, Scope

ROLES: Final = {
    Role.ADMIN: Text(ko="관리자", en="administrator"),
    Role.OPERATOR: Text(ko="담당자", en="operator"),
    Role.VIEWER: Text(ko="보기 전용", en="viewer"),
    Role.SELLER: Text(ko="판매자", en="seller"),
}
ROLE_MEANS: Final = {
    Role.ADMIN: Text(ko="모든 것: 사용자와 설정까지", en="Everything, users and settings included"),
    Role.OPERATOR: Text(ko="주문을 처리하고 PC를 멈추거나 다시 시작", en="Decides about orders, pauses and restarts PCs"),
    Role.VIEWER: Text(ko="보기만 하고 바꾸지 않음", en="Looks and changes nothing"),
    Role.SELLER: Text(ko="자기 상품만 보고 동기화", en="Sees and synchronises their own products only"),
}
SCOPES: Final = {
    Scope.READ: Text(ko="읽기", en="read"),
    Scope.ACT: Text(ko="읽기와 처리", en="read and act"),
    Scope.ADMIN: Text(ko="모든 것", en="everything"),
}
NAME_TAKEN: Final = Text(ko="'{name}'(이)라는 사용자가 이미 있습니다.", en="There is already a user '{name}'.")
NAME_TAKEN_HINT: Final = Text(ko="다른 이름을 쓰십시오.", en="Choose another name.")
NAME_BAD: Final = Text(ko="'{name}'은(는) 사용자 이름으로 쓸 수 없습니다.", en="'{name}' cannot be used as a user's name.")
NAME_BAD_HINT: Final = Text(
    ko="글자, 숫자, 점, 하이픈으로 40자까지, 빈칸 없이 적으십시오.",
    en="Use letters, digits, dot and dash, at most 40, without spaces.",
)
PASSWORD_EASY: Final = Text(ko="비밀번호가 너무 쉽습니다.", en="That password is too easy.")
PASSWORD_EASY_HINT: Final = Text(
    ko="10자 이상으로, 이름이나 1234567890 같은 것이 아니게 정하십시오. 짧은 문장이 가장 좋습니다.",
    en="At least 10 letters, not your name and not 1234567890. A short sentence is best.",
)
UNKNOWN: Final = Text(ko="'{name}'(이)라는 사용자가 없습니다.", en="There is no user '{name}'.")
UNKNOWN_HINT: Final = Text(ko="'onbam web user list'로 이름을 확인하십시오.", en="See 'onbam web user list' for the names.")
LAST_ADMIN: Final = Text(ko="마지막 관리자입니다.", en="This is the last administrator.")
LAST_ADMIN_HINT: Final = Text(ko="먼저 다른 관리자를 만드십시오.", en="Make another administrator first.")
LINK_GONE: Final = Text(ko="이 링크는 이미 쓰였거나 시간이 지났습니다.", en="This link was used already, or its time is over.")
LINK_GONE_HINT: Final = Text(
    ko="Onbam이 있는 PC에서 'onbam web link'로 새 링크를 만드십시오.",
    en="Make a new one with 'onbam web link' on the PC Onbam runs on.",
)
TOO_MANY_VIEWS: Final = Text(ko="보관한 보기가 너무 많습니다 (한도 {limit}).", en="Too many saved views (limit {limit}).")
TOO_MANY_VIEWS_HINT: Final = Text(ko="쓰지 않는 것을 지우십시오.", en="Remove one you do not use.")
