"""What the import of older history files says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

MISSING: Final = Text(ko="이력 파일 {file}이(가) 없습니다.", en="The history file {file} does not exist.")
MISSING_HINT: Final = Text(
    ko="예전 프로그램 폴더에서 찾아 경로를 적으십시오.", en="Find it in the older program's folder and give its path."
)
NOT_JSON: Final = Text(ko="{file}은(는) JSON 파일이 아닙니다.", en="{file} is not a JSON file.")
NOT_JSON_HINT: Final = Text(
    ko="파일이 깨졌다면 백업에서 가져오십시오. 아무것도 바꾸지 않았습니다.",
    en="If it is broken, take it from a backup. Nothing was changed.",
)
STRANGE: Final = Text(ko="{file}의 내용을 이해할 수 없습니다.", en="The content of {file} cannot be understood.")
STRANGE_HINT: Final = Text(
    ko="주문번호 목록이거나 주문번호마다 기록이 있는 파일이어야 합니다.",
    en="It must be a list of order numbers, or a record for each number.",
)
UNREADABLE: Final = Text(ko="{file}을(를) 읽을 수 없습니다 ({what}).", en="{file} cannot be read ({what}).")
NO_NUMBER: Final = Text(ko="주문번호가 아님", en="no order number")
UNKNOWN_STATUS: Final = Text(ko="모르는 상태 {status}", en="unknown status {status}")
NOT_COMPLETED: Final = Text(ko="끝나지 않음 ({status})", en="not completed ({status})")
CONTRADICTION: Final = Text(
    ko="{why}. 그러나 {other}에는 끝난 것으로 되어 있어 끝난 주문으로 기억합니다. ERP에서 전표를 확인하십시오",
    en="{why}, but completed in {other}: it is remembered as completed. Look for its slip in the ERP",
)
