"""What an update says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

STEPS: Final = {
    "look": Text(ko="새 버전 살펴보기: {detail}", en="looking at the new version: {detail}"),
    "drain": Text(ko="하던 일을 마치고 멈추기", en="finishing what is held, and stopping"),
    "backup": Text(ko="백업: {detail}", en="backup: {detail}"),
    "install": Text(ko="새 버전 설치: {detail}", en="installing: {detail}"),
    "migrate": Text(ko="데이터베이스 맞추기: {detail}", en="bringing the database up to date: {detail}"),
    "start": Text(ko="다시 시작하기", en="starting again"),
    "health": Text(ko="제대로 도는지 보기", en="seeing whether it works"),
    "back": Text(ko="되돌리기: {detail}", en="going back: {detail}"),
}
DONE: Final = Text(
    ko="{before}에서 {after}(으)로 바꾸었습니다 ({seconds:.0f}초).", en="Updated from {before} to {after} ({seconds:.0f} s)."
)
SAME: Final = Text(ko="이미 {version}입니다.", en="It is {version} already.")
STEP_OK: Final = Text(ko="[{at}] {what}: 됨 ({seconds:.1f}초)", en="[{at}] {what}: done ({seconds:.1f} s)")
STEP_FAILED: Final = Text(ko="[{at}] {what}: 안 됨. {why}", en="[{at}] {what}: failed. {why}")

FAILED: Final = Text(
    ko="'{step}'에서 실패하여 {before}(으)로 되돌렸습니다: {why}", en="It failed at '{step}' and went back to {before}: {why}"
)
FAILED_HINT: Final = Text(
    ko="전과 같이 돕니다. 까닭을 고친 뒤 다시 하십시오.", en="It runs as before. Mend the reason, then try again."
)
STUCK: Final = Text(
    ko="'{step}'에서 실패했고 되돌리지도 못했습니다: {why}", en="It failed at '{step}', and going back failed too: {why}"
)
STUCK_HINT: Final = Text(
    ko="프로그램 사본: {copy}. 백업: {backup}. 'onbam doctor'를 보고, 그래도 안 되면 'onbam support bundle'을 보내 주십시오.",
    en="Copy of the program: {copy}. Backup: {backup}. See 'onbam doctor'; if that does not help, send an 'onbam support bundle'.",
)
SERVER_CHANGED: Final = Text(
    ko="서버 데이터베이스의 구조가 이미 바뀌어 저절로 되돌릴 수 없습니다. 백업: {backup}",
    en="the schema on the database server has changed already and is not taken back by itself; backup: {backup}",
)
NOTICE: Final = Text(ko="업데이트에 실패했습니다 ({before} → {after})", en="The update failed ({before} → {after})")
NOTICE_BACK: Final = Text(
    ko="'{step}'에서 실패하여 전 버전으로 돕니다: {why}", en="It failed at '{step}'; the earlier version runs: {why}"
)
NOTICE_STUCK: Final = Text(
    ko="'{step}'에서 실패했고 되돌리지 못했습니다: {why}", en="It failed at '{step}' and could not go back: {why}"
)

FROM_SOURCE: Final = Text(
    ko="이 온밤은 소스 폴더({folder})에서 바로 돕니다.", en="This Onbam runs straight from its source folder ({folder})."
)
FROM_SOURCE_HINT: Final = Text(
    ko="'onbam down' 뒤 그 폴더를 새 것으로 바꾸고(git pull), 'python run.py up'으로 시작하십시오.",
    en="Do 'onbam down', bring that folder up to date (git pull), and start with 'python run.py up'.",
)
NO_WHEEL: Final = Text(ko="{path}은(는) 온밤의 설치 파일(.whl)이 아닙니다.", en="{path} is no wheel of Onbam.")
NO_WHEEL_HINT: Final = Text(
    ko="onbam-1.2.3-py3-none-any.whl 같은 파일을 주십시오.", en="Give a file like onbam-1.2.3-py3-none-any.whl."
)
OLDER: Final = Text(
    ko="{after}은(는) 지금의 {before}보다 오래되었습니다.", en="{after} is older than {before}, which runs now."
)
OLDER_HINT: Final = Text(
    ko="데이터베이스는 뒤로 가지 않습니다. 되돌리려면 백업에서 복원하십시오.",
    en="A database does not go back; to return, restore a backup.",
)
NO_INSTALLER: Final = Text(ko="이 파이썬에는 pip도 uv도 없습니다.", en="This Python has neither pip nor uv.")
NO_INSTALLER_HINT: Final = Text(ko="'python -m ensurepip'을 실행하십시오.", en="Run 'python -m ensurepip'.")
NOT_INSTALLED: Final = Text(ko="설치하지 못했습니다: {what}", en="It could not be installed: {what}")
WRONG_VERSION: Final = Text(
    ko="설치된 것이 {found}입니다. {wanted}이어야 합니다.", en="What was installed is {found}; it should be {wanted}."
)
NOT_DRAINED: Final = Text(ko="{limit:.0f}초 안에 멈추지 않았습니다", en="it did not stop within {limit:.0f} s")
NOT_STARTED: Final = Text(ko="다시 시작하지 못했습니다: {what}", en="it did not start again: {what}")
NOT_WELL: Final = Text(ko="제대로 돌지 않습니다: {what}", en="it does not work as it should: {what}")
NOT_MIGRATED: Final = Text(
    ko="데이터베이스를 맞추지 못했습니다: {what}", en="the database could not be brought up to date: {what}"
)
