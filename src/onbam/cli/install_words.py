"""What `onbam install` and `onbam uninstall` say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

INSTALL: Final = Text(
    ko="PC가 켜질 때와 매일 아침 온밤이 시작되게 등록합니다.",
    en="Have Onbam started when the PC starts, and made sure of every morning.",
)
UNINSTALL: Final = Text(
    ko="등록한 것을 지웁니다. 설정과 데이터는 남습니다.", en="Take that away again; settings and data stay."
)
USER_OPTION: Final = Text(
    ko="이 사용자가 로그온할 때 (화면이 보이는 브라우저에 필요).", en="When this user logs on (needed for a visible browser)."
)
SYSTEM_OPTION: Final = Text(
    ko="누가 로그온하지 않아도, PC가 켜질 때 (관리자 권한).",
    en="When the PC starts, whoever is logged on or nobody (administrator's rights).",
)
DRY_OPTION: Final = Text(ko="무엇을 등록할지 보여 주기만 합니다.", en="Only show what would be registered.")
CHECK_OPTION: Final = Text(ko="등록된 것이 맞는지 봅니다.", en="See whether what is registered is right.")
YES_OPTION: Final = Text(ko="차이를 묻지 않고 바꿉니다.", en="Change differences without asking.")
FOR_OPTION: Final = Text(ko="다른 시스템의 것을 봅니다 (--dry-run과 함께).", en="See another system's (with --dry-run).")
ONE_WAY: Final = Text(ko="--user와 --system 가운데 하나만 쓰십시오.", en="Use --user or --system, not both.")
FOR_DRY: Final = Text(ko="--for는 --dry-run과 함께만 쓸 수 있습니다.", en="--for goes with --dry-run only.")

CHANGES: Final = {
    "new": Text(ko="새로 등록: {name}", en="to be registered: {name}"),
    "same": Text(ko="그대로: {name}", en="as it should be: {name}"),
    "different": Text(ko="다름: {name}", en="different: {name}"),
}
ASK: Final = Text(ko="이렇게 바꿀까요?", en="Change it so?")
NOT_ASKED: Final = Text(ko="이미 등록된 것과 다릅니다.", en="What is registered differs.")
NOT_ASKED_HINT: Final = Text(
    ko="차이를 보고, 맞으면 --yes를 붙이십시오.", en="Look at the difference; if it is right, add --yes."
)
LEFT: Final = Text(ko="바꾸지 않았습니다.", en="Nothing was changed.")
DONE: Final = Text(ko="등록했습니다: {names}.", en="Registered: {names}.")
NOTHING_TO_DO: Final = Text(ko="이미 모두 등록되어 있습니다.", en="Everything is registered already.")
GUIDE: Final = Text(ko="무엇이 어디에 등록되었는지: {path}", en="What was registered and where: {path}")
REMOVED: Final = Text(ko="지웠습니다: {names}.", en="Taken away: {names}.")
NOTHING_THERE: Final = Text(ko="등록된 것이 없습니다.", en="Nothing was registered.")
