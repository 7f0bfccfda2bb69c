"""What changing a setting says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NOT_HERE: Final = Text(ko="{name}은(는) 화면에서 바꿀 수 없습니다.", en="{name} cannot be changed on a page.")
NOT_HERE_HINT: Final = Text(
    ko="onbam.toml이나 .env에서 바꾸고 프로그램을 다시 시작하십시오.",
    en="Change it in onbam.toml or .env and restart the programs.",
)
BLOCKED: Final = Text(ko="{name}은(는) {where}에서 정해져 있습니다.", en="{name} is set in {where}.")
BLOCKED_HINT: Final = Text(
    ko="그곳이 onbam.toml보다 앞섭니다. {where}에서 고치십시오.", en="That place wins over onbam.toml. Change it in {where}."
)
MOVED: Final = Text(ko="그 사이에 {name}이(가) {now}(으)로 바뀌었습니다.", en="Meanwhile {name} became {now}.")
MOVED_HINT: Final = Text(ko="화면을 새로 고친 뒤 다시 정하십시오.", en="Load the page again, then decide.")
ODD_LETTERS: Final = Text(ko="{name}에 쓸 수 없는 글자가 있습니다.", en="The value of {name} has letters that cannot be used.")
LONG: Final = Text(
    ko="{name}은(는) {file} {line}째 줄에 여러 줄로 적혀 있습니다.", en="{name} is written over several lines at {file}:{line}."
)
LONG_HINT: Final = Text(ko="그 파일에서 직접 고치십시오.", en="Change it in the file itself.")
ODD_FILE: Final = Text(
    ko="{file}을(를) 그대로 두었습니다: 안전하게 고칠 수 없는 모양입니다.",
    en="{file} was left as it is: it cannot be changed safely.",
)
