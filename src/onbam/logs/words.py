"""What the log itself says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

LOST: Final = Text(
    ko="로그 {count}줄을 쓰지 못했습니다 (디스크가 가득 찼거나 폴더에 쓸 수 없음)",
    en="{count} log lines could not be written (disk full, or the folder not writable)",
)
UNCAUGHT: Final = Text(ko="예상하지 못한 오류로 멈췄습니다", en="stopped by an error nobody foresaw")
SERVICE_BUG: Final = Text(ko="{service}: 프로그램 오류", en="{service}: a bug")
UPLOAD_BEGINS: Final = Text(ko="업로드 시작", en="upload begins")
UPLOAD_ENDS: Final = Text(ko="업로드 끝", en="upload ends")
UPLOAD_FAILS: Final = Text(ko="업로드 실패: {kind}: {what}", en="upload failed: {kind}: {what}")
UPLOAD_UNKNOWN: Final = Text(ko="알 수 없음: {what} 까닭: {why}", en="unknown: {what} The cause: {why}")
UPLOAD_CUT: Final = Text(
    ko="(이 파일의 한도에 닿아 이후는 기록하지 않습니다)", en="(the limit of this file is reached; the rest is not written)"
)
TOO_TIGHT: Final = Text(
    ko="logs.total_mb = {total}은(는) logs.file_mb = {file}의 {times}배보다 작습니다.",
    en="logs.total_mb = {total} is less than {times} times logs.file_mb = {file}.",
)
TOO_TIGHT_HINT: Final = Text(
    ko="logs.total_mb를 {least} 이상으로 하거나 logs.file_mb를 줄이십시오.",
    en="Set logs.total_mb to {least} or more, or make logs.file_mb smaller.",
)
