"""What `onbam config`, `secret`, `doctor`, `support` and `init` say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

# -- config
CONFIG_SHOW: Final = Text(
    ko="모든 설정의 값과 출처를 보여 줍니다. 비밀은 가립니다.",
    en="Show every setting with its value and where it came from; secrets masked.",
)
CONFIG_LIST: Final = Text(
    ko="모든 설정의 이름, 종류, 기본값, 설명을 보여 줍니다.", en="List every setting with its names, kind, default and meaning."
)
CONFIG_PATH: Final = Text(ko="어느 폴더와 파일을 쓰는지 보여 줍니다.", en="Show which folders and files are used.")
CHANGED_OPTION: Final = Text(ko="기본값과 다른 것만.", en="Only what is not at its default.")
NOTHING: Final = Text(ko="해당하는 설정이 없습니다.", en="No setting matches.")
NO_SETTING: Final = Text(ko="이름에 '{name}'이(가) 든 설정은 없습니다.", en="There is no setting with '{name}' in its name.")
NO_SETTING_HINT: Final = Text(ko="'onbam config list'로 이름을 보십시오.", en="See 'onbam config list' for the names.")
COL_NAME: Final = Text(ko="이름", en="Name")
COL_VALUE: Final = Text(ko="값", en="Value")
COL_FROM: Final = Text(ko="출처", en="From")
FROM_DEFAULT: Final = Text(ko="기본값", en="default")
PATHS: Final = {
    "home": Text(ko="홈 폴더", en="home"),
    "data": Text(ko="데이터", en="data"),
    "logs": Text(ko="로그", en="logs"),
    "files": Text(ko="설정 파일", en="settings files"),
}
READ: Final = Text(ko="있음", en="read")
ABSENT: Final = Text(ko="없음", en="not there")

# -- secret
SECRET_SET: Final = Text(
    ko="비밀을 넣습니다. 값은 화면에 보이지 않게 입력하거나 표준 입력으로 줍니다 (명령 줄에 쓰지 않습니다).",
    en="Keep a secret. Its value is typed unseen or comes from standard input, never from the command line.",
)
SECRET_LIST: Final = Text(
    ko="어떤 비밀이 어디에 언제부터 있는지 보여 줍니다 (값은 아님).",
    en="List which secrets there are, where, and since when; never a value.",
)
SECRET_REMOVE: Final = Text(ko="비밀을 지웁니다.", en="Forget a secret.")
SECRET_ROTATE: Final = Text(
    ko="새 열쇠로 모두 다시 잠급니다. 아무도 다시 등록할 필요가 없습니다.\n\n중단되면 다시 실행하면 됩니다.",
    en="Lock everything again with a new key; nobody has to register again.\n\nIf it is interrupted, run it again.",
)
SECRET_NEW_KEY: Final = Text(
    ko="새 열쇠가 든 파일을 만듭니다 (ENCRYPTION_KEY_FILE로 알려 주십시오).",
    en="Make a file with a new key, to be named by ENCRYPTION_KEY_FILE.",
)
IN_OPTION: Final = Text(
    ko="file: 암호화한 파일, keyring: 운영 체제의 열쇠고리.",
    en="file: the encrypted file; keyring: the operating system's key ring.",
)
FORGET_OPTION: Final = Text(
    ko="이전 열쇠를 잊습니다. 예전 백업은 열 수 없게 됩니다.",
    en="Forget the earlier keys; older backups can then not be opened.",
)
VALUE_PROMPT: Final = Text(ko="{name}의 값", en="Value of {name}")
VALUE_AGAIN: Final = Text(ko="한 번 더", en="Once more")
NOT_THE_SAME: Final = Text(ko="두 번의 입력이 다릅니다.", en="The two were not the same.")
NOT_THE_SAME_HINT: Final = Text(ko="다시 하십시오.", en="Try again.")
KEPT: Final = Text(ko="{name}: {where}에 두었습니다.", en="{name}: kept in {where}.")
STILL_GIVEN: Final = Text(
    ko="{where}의 값이 먼저입니다. 넣은 비밀을 쓰려면 그 줄을 지우십시오.",
    en="{where} still wins. Take that line out to use the secret kept now.",
)
REMOVED: Final = Text(ko="{name}: 지웠습니다.", en="{name}: forgotten.")
NOT_KEPT: Final = Text(ko="{name}(이)라는 비밀은 없습니다.", en="No secret {name} is kept.")
NOT_KEPT_HINT: Final = Text(ko="'onbam secret list'를 보십시오.", en="See 'onbam secret list'.")
NONE_KEPT: Final = Text(ko="아직 넣은 비밀이 없습니다.", en="No secret is kept yet.")
COL_WHERE: Final = Text(ko="곳", en="Where")
COL_SINCE: Final = Text(ko="넣은 때", en="Since")
COL_AGE: Final = Text(ko="나이", en="Age")
COL_KEY: Final = Text(ko="열쇠", en="Key")
AGE: Final = Text(ko="{days}일", en="{days} d")
WHERE: Final = {"file": Text(ko="암호화한 파일", en="encrypted file"), "keyring": Text(ko="열쇠고리", en="key ring")}
ROTATED: Final = Text(
    ko="새 열쇠 {key}: 비밀 {secrets}개, 다른 곳의 {elsewhere}개를 다시 잠갔습니다.",
    en="New key {key}: {secrets} secrets and {elsewhere} texts elsewhere are locked with it.",
)
FORGOTTEN: Final = Text(ko="이전 열쇠 {count}개를 잊었습니다.", en="{count} earlier keys forgotten.")
KEY_MADE: Final = Text(
    ko="{file}을(를) 만들었습니다. .env에 ENCRYPTION_KEY_FILE={file}을(를) 적고, 사본을 다른 곳에 보관하십시오.",
    en="Made {file}. Put ENCRYPTION_KEY_FILE={file} into .env, and keep a copy somewhere else.",
)

# -- doctor
STATE: Final = {"ok": Text(ko="정상", en="ok"), "warn": Text(ko="주의", en="warn"), "bad": Text(ko="이상", en="bad")}
SUM: Final = {
    "ok": Text(ko="모두 정상입니다.", en="All is well."),
    "warn": Text(ko="돌아갑니다. 주의할 것이 {count}가지 있습니다.", en="It works; {count} things to know."),
    "bad": Text(ko="고쳐야 할 것이 {count}가지 있습니다.", en="{count} things need mending."),
}
SUM_ONE: Final = {
    "ok": SUM["ok"],
    "warn": Text(ko="돌아갑니다. 주의할 것이 1가지 있습니다.", en="It works; one thing to know."),
    "bad": Text(ko="고쳐야 할 것이 1가지 있습니다.", en="One thing needs mending."),
}
CHECKING: Final = Text(ko="점검하는 중", en="Looking")

# -- support
SUPPORT_BUNDLE: Final = Text(
    ko="지원에 보낼 꾸러미(로그, 설정, 점검)를 만듭니다. 비밀은 가립니다.",
    en="Make a bundle for support: logs, settings, check-up; secrets masked.",
)
TO_OPTION: Final = Text(ko="꾸러미 파일 (기본: 홈 폴더).", en="The bundle's file; the home folder when not given.")
PACKING: Final = Text(ko="꾸러미를 만드는 중", en="Packing")
BUNDLED: Final = Text(ko="{file} ({kib:.0f} KB, 파일 {count}개)", en="{file} ({kib:.0f} KB, {count} files)")
LEFT_OUT: Final = Text(
    ko="오래된 로그 {count}개는 자리가 없어 뺐습니다.", en="{count} older logs were left out for want of room."
)

# -- init
ANSWER_OPTION: Final = Text(ko="질문의 답, 예: --answer pcs=one.", en="An answer, as --answer pcs=one.")
YES_OPTION: Final = Text(ko="묻지 않고 나머지는 기본값으로 합니다.", en="Ask nothing; defaults for the rest.")
HOME_IS: Final = Text(
    ko="설정을 두는 곳: {home} (다른 곳은 'onbam --home 폴더 init')",
    en="Settings go to {home} (elsewhere: 'onbam --home FOLDER init').",
)
BAD_ANSWER: Final = Text(ko="--answer 뒤에는 질문=답을 쓰십시오.", en="Write question=answer after --answer.")
WRITE_THIS: Final = Text(ko="이렇게 쓸까요?", en="Write this?")
NOTHING_TO_WRITE: Final = Text(ko="바꿀 것이 없습니다.", en="Nothing to change.")
WRITTEN: Final = Text(ko="썼습니다: {file}", en="Written: {file}")
PRESENT: Final = Text(ko="이미 정한 값은 그대로 둡니다: {names}", en="Already decided, and kept: {names}")
NOT_WRITTEN: Final = Text(ko="아무것도 쓰지 않았습니다.", en="Nothing was written.")
NO_TERMINAL: Final = Text(ko="물어볼 터미널이 없습니다.", en="There is no terminal to ask on.")
NO_TERMINAL_HINT: Final = Text(
    ko="--answer로 답을 주고 --yes를 붙이십시오.", en="Give the answers with --answer, and add --yes."
)
NEXT: Final = Text(
    ko="다음: 'onbam doctor'로 확인하고, 비밀은 'onbam secret set'으로 넣으십시오.",
    en="Next: look with 'onbam doctor', and enter secrets with 'onbam secret set'.",
)
NEXT_HOME: Final = Text(
    ko='이 폴더는 --home을 붙여 부를 때만 쓰입니다: onbam --home "{home}" doctor',
    en='This folder is used only when it is named with --home: onbam --home "{home}" doctor',
)
