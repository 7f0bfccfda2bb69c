"""What starting at boot says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

BAD_PATH: Final = Text(
    ko="{path}에 운영체제가 잘못 읽을 수 있는 글자가 있습니다.", en="{path} holds letters the operating system could misread."
)
BAD_PATH_HINT: Final = Text(
    ko="따옴표, <, >, |, 줄바꿈이 없는 폴더로 옮기십시오.",
    en="Move it to a folder without quotation marks, <, >, | and line breaks.",
)
DAILY_ABOUT: Final = Text(
    ko="온밤: PC를 깨우고, 매일 아침 지킴이가 일하고 있게 합니다.",
    en="Onbam: wakes the PC and makes sure every morning that the guard works.",
)
KEEP_ABOUT: Final = Text(
    ko="온밤: 시작할 때와 5분마다 지킴이가 일하고 있게 합니다.",
    en="Onbam: makes sure at the start and every five minutes that the guard works.",
)

TOOL_FAILED: Final = Text(ko="'{tool}'이(가) 거절했습니다: {what}", en="'{tool}' refused: {what}")
TOOL_MISSING: Final = Text(ko="'{tool}'을(를) 이 PC에서 찾을 수 없습니다.", en="'{tool}' is not on this PC.")
TOOL_SLOW: Final = Text(
    ko="'{tool}'이(가) {limit:g}초 안에 답하지 않았습니다.", en="'{tool}' gave no answer within {limit:g} s."
)
TOOL_HINT: Final = Text(
    ko="'onbam install --dry-run'으로 무엇을 하려는지 보십시오.", en="See what would be done with 'onbam install --dry-run'."
)
ADMIN_HINT: Final = Text(
    ko="관리자 권한으로 다시 하거나, 로그온한 사용자로만 시작하려면 --user를 쓰십시오.",
    en="Do it again with administrator's rights, or use --user to start only when you are logged on.",
)
NO_SYSTEMD: Final = Text(ko="이 시스템은 systemd로 시작되지 않았습니다.", en="This system was not booted with systemd.")
NO_SYSTEMD_HINT: Final = Text(
    ko="이 시스템이 쓰는 시작 방식에 다음 명령을 넣으십시오: {command}",
    en="Give this command to whatever starts programs here: {command}",
)
NOT_WRITABLE: Final = Text(ko="{path}에 쓸 수 없습니다 ({what}).", en="{path} cannot be written ({what}).")
INVALID: Final = Text(
    ko="'{name}'을(를) 만들었지만 규칙에 맞지 않습니다: {what}", en="'{name}' was made and breaks the rules: {what}"
)
INVALID_HINT: Final = Text(
    ko="고장입니다. 'onbam support bundle'로 알려 주십시오.",
    en="This is a fault of Onbam; report it with 'onbam support bundle'.",
)

SESSION_0: Final = Text(
    ko="로그온 없이 시작되는 프로그램은 화면이 없는 세션 0에서 돕니다. 화면에 보이는 브라우저를 다룰 수 없고, 원격 데스크톱을 닫거나 잠가도 마찬가지입니다. 보이는 브라우저를 쓴다면 --user로 설치하고 자동 로그온을 켜십시오.",
    en="A program started without a log-on runs in session 0, which has no screen: it cannot drive a visible browser, nor can one whose remote desktop was closed. If yours must be visible, install with --user and switch automatic log-on on.",
)
NO_KEYRING: Final = Text(
    ko="로그온 없이는 Windows의 열쇠고리와 네트워크 드라이브도 열리지 않습니다. 비밀은 암호화 파일에 두십시오 (onbam secret).",
    en="Without a log-on the key ring of Windows and network drives stay closed too: keep secrets in the encrypted file (onbam secret).",
)
LOG_ON_NEEDED: Final = Text(
    ko="이 설치는 {user}이(가) 로그온해야 시작됩니다. 다시 켜진 뒤에도 돌게 하려면 자동 로그온을 켜십시오.",
    en="This installation starts when {user} logs on; switch automatic log-on on, so that it also runs after a reboot.",
)
NO_WAKE: Final = Text(
    ko="사용자 설치는 잠든 PC를 깨우지 못합니다. 밤에 잠들지 않게 하십시오.",
    en="An installation for one user cannot wake a sleeping PC: do not let it sleep at night.",
)
UNKNOWN_SYSTEM: Final = Text(
    ko="'{name}'에서 시작을 등록하는 방법을 모릅니다.", en="How programs are started on '{name}' is not known here."
)
UNKNOWN_SYSTEM_HINT: Final = Text(
    ko="켜질 때 'onbam up --foreground'가 실행되게 하십시오.", en="Let it run 'onbam up --foreground' when it starts."
)

BOOT_OK: Final = Text(ko="{piece}: 등록됨 ({says}).", en="{piece}: registered ({says}).")
BOOT_MISSING: Final = Text(ko="{piece}: 등록되지 않았습니다.", en="{piece}: not registered.")
BOOT_MISSING_FIX: Final = Text(ko="'onbam install'을 실행하십시오.", en="Run 'onbam install'.")
BOOT_DIFFERENT: Final = Text(
    ko="{piece}: 등록된 내용이 다릅니다 ({lines}곳).", en="{piece}: what is registered differs (in {lines} places)."
)
BOOT_DIFFERENT_FIX: Final = Text(
    ko="'onbam install'이 차이를 보여 주고 바로잡습니다.", en="'onbam install' shows the difference and puts it right."
)
BOOT_IDLE: Final = Text(
    ko="{piece}: 등록되었지만 켜져 있지 않습니다 ({says}).", en="{piece}: registered, but not switched on ({says})."
)
