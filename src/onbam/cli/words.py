"""What the command line itself says; each group of commands has its own words beside it."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

ONBAM: Final = Text(
    ko="온밤: 작은 회사의 사무 자동화를 밤새 지킵니다. 모든 주문은 정확히 한 번.",
    en="Onbam keeps a small company's back office running all night. Every order exactly once.",
)
USAGE: Final = Text(ko="사용법", en="Usage")
HEADINGS: Final = {
    "Options": Text(ko="옵션", en="Options"),
    "Commands": Text(ko="명령", en="Commands"),
    "Positional arguments": Text(ko="인수", en="Positional arguments"),
}
HELP_OPTION: Final = Text(ko="이 도움말을 보여 줍니다.", en="Show this help.")
JSON_OPTION: Final = Text(ko="스크립트용 JSON으로 답합니다.", en="Answer as JSON, for scripts.")
REASON_OPTION: Final = Text(ko="이 일을 하는 까닭 (기록에 남습니다).", en="Why you do this; it is kept in the journal.")
HOME_OPTION: Final = Text(ko="설정과 데이터가 있는 폴더.", en="The folder that holds settings and data.")
LANG_OPTION: Final = Text(ko="이 명령의 언어 (ko, en).", en="Language of this call (ko, en).")
SET_OPTION: Final = Text(
    ko="이번 한 번만 쓰는 설정, 예: --set app.language=ko.", en="A setting for this call only, as in --set app.language=ko."
)
COLOR_OPTION: Final = Text(ko="색을 쓰지 않습니다.", en="Use no colour.")
VERSION_OPTION: Final = Text(ko="버전을 보여 줍니다.", en="Show the version.")
BAD_SET: Final = Text(ko="--set 뒤에는 이름=값을 쓰십시오.", en="Write name=value after --set.")
NO_COMMAND: Final = Text(ko="'{name}'(이)라는 명령은 없습니다.", en="There is no command '{name}'.")
NO_HOME: Final = Text(ko="{home} 폴더가 없습니다.", en="There is no folder {home}.")
NO_HOME_HINT: Final = Text(
    ko='--home의 경로를 확인하십시오. 새 가게라면: onbam --home "{home}" init',
    en='Check the path behind --home. For a new shop: onbam --home "{home}" init',
)
FILE_HOME: Final = Text(ko="{home}은(는) 폴더가 아니라 파일입니다.", en="{home} is a file and no folder.")
FILE_HOME_HINT: Final = Text(
    ko='가게의 폴더를 지정하십시오(--home 또는 ONBAM_HOME). 그 파일이 있는 폴더라면: --home "{folder}"',
    en='Name the shop\'s folder (with --home or ONBAM_HOME). The folder that file lies in: --home "{folder}"',
)
NO_OPTION: Final = Text(ko="'{name}'(이)라는 옵션은 없습니다.", en="There is no option '{name}'.")
MISSING: Final = Text(ko="'{name}' 값이 필요합니다.", en="'{name}' is needed.")
BAD_VALUE: Final = Text(ko="'{name}' 값이 올바르지 않습니다: {what}", en="The value of '{name}' is not usable: {what}")
WRONG_USAGE: Final = Text(ko="사용법이 올바르지 않습니다: {what}", en="Wrong usage: {what}")
WANTS_ONE_OF: Final = Text(ko="{choices} 중 하나여야 합니다.", en="it must be one of {choices}.")
WANTS_WHOLE: Final = Text(ko="정수여야 합니다.", en="it must be a whole number.")
WANTS_NUMBER: Final = Text(ko="숫자여야 합니다.", en="it must be a number.")
WANTS_RANGE: Final = Text(ko="{kind} {low}에서 {high} 사이.", en="{kind} From {low} to {high}.")
WANTS_PATH: Final = Text(
    ko="그런 파일이나 폴더가 없거나 쓸 수 없습니다.", en="there is no such file or folder, or it cannot be used."
)
TOO_MANY: Final = Text(ko="더 쓴 것이 있습니다: {names}", en="There is more than the command takes: {names}")
NEEDS_VALUE: Final = Text(ko="'{name}' 뒤에 값을 쓰십시오.", en="Write a value after '{name}'.")
TAKES_NO_VALUE: Final = Text(ko="'{name}'에는 값을 쓰지 않습니다.", en="'{name}' takes no value.")
DID_YOU_MEAN: Final = Text(ko="'{name}'을(를) 쓰려던 것입니까?", en="Did you mean '{name}'?")
BEFORE_COMMAND: Final = Text(
    ko="'{name}'은(는) 명령 앞에 쓰십시오: onbam {form} {command}",
    en="'{name}' stands before the command: onbam {form} {command}",
)
SEE_HELP: Final = Text(ko="'{command} --help'를 보십시오.", en="See '{command} --help'.")
DISK_FULL: Final = Text(
    ko="디스크에 자리가 없습니다. 비우고 다시 실행하십시오.", en="The disk is full. Make room and run it again."
)
STOPPED: Final = Text(ko="이 명령을 중단했습니다.", en="This command was interrupted.")

COMPLETION: Final = Text(
    ko="셸 자동 완성을 켜는 줄을 보여 줍니다 (bash, zsh, fish, powershell).",
    en="Show the lines that switch on shell completion (bash, zsh, fish, powershell).",
)
CLAIMS: Final = Text(ko="누가 어떤 주문을 맡고 있는지 보고 다룹니다.", en="See and steer who works on which order.")
ORDERS: Final = Text(
    ko="주문을 찾고, 살피고, 다룹니다. 문서를 읽고 품목코드를 가르칩니다.",
    en="Find orders, look after them, read their documents, teach product codes.",
)
CONFIG: Final = Text(ko="설정의 값과 출처를 봅니다.", en="See settings and where they come from.")
SECRET: Final = Text(ko="비밀을 넣고, 보고, 열쇠를 바꿉니다.", en="Keep secrets and change their key.")
DOCTOR: Final = Text(
    ko="이 PC와 설정을 점검하고 고칠 방법을 알려 줍니다.",
    en="Check this PC and its settings, and say how to mend what is wrong.",
)
SUPPORT: Final = Text(ko="도움을 청할 때 보낼 것을 만듭니다.", en="Make what to send when you ask for help.")
INIT: Final = Text(
    ko="몇 가지를 묻고 첫 설정(.env, .gitignore)을 씁니다.",
    en="Ask a few questions and write the first settings (.env, .gitignore).",
)
DEMO: Final = Text(ko="온밤이 약속을 지키는 것을 이 PC에서 보여 줍니다.", en="See Onbam keep its promises on this PC.")
DB: Final = Text(ko="데이터베이스를 보고, 백업하고, 옮깁니다.", en="See, copy and move the database.")
MACHINES: Final = Text(ko="이 PC와 함께 일하는 PC들을 보여 줍니다.", en="Show this PC and the PCs that work with it.")
