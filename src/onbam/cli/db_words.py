"""What `onbam db` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

STATUS: Final = Text(
    ko="데이터베이스가 어디에 있고 어떤 상태인지 보여 줍니다.", en="Show where the database is and how it stands."
)
UPGRADE: Final = Text(
    ko="스키마를 지금 최신으로 올립니다. 시작할 때도 저절로 합니다.",
    en="Bring the schema up to date now; every start does it by itself.",
)
BACKUP: Final = Text(ko="지금 전체 백업을 만듭니다.", en="Make a copy of everything now.")
RESTORE: Final = Text(
    ko="백업을 비어 있는 데이터베이스에 되돌립니다.\n\n데이터베이스 파일이 손상되었거나 비어 있으면 지우지 않고 옆에 둔 뒤 되돌립니다. 먼저 'onbam down'으로 멈추십시오.",
    en="Put a copy back into an empty database.\n\nA database file that is damaged or emptied is put aside first and kept. Stop everything with 'onbam down' before.",
)
PUT_ASIDE: Final = Text(ko="손상된 파일은 여기에 두었습니다: {path}", en="The damaged file is kept here: {path}")
MOVE: Final = Text(
    ko="모든 것을 다른 데이터베이스로 옮깁니다.\n\nPC 한 대(SQLite)에서 여러 대(PostgreSQL)로, 또는 그 반대로. 옮긴 것을 증명한 뒤에만 넘어갑니다.",
    en="Move everything into another database.\n\nFrom one PC (SQLite) to many (PostgreSQL), or back. What was moved is proven before the old place is left.",
)
TO_OPTION: Final = Text(ko="백업을 둘 폴더.", en="The folder for the copy.")
WHERE: Final = Text(ko="데이터베이스: {address} ({server})", en="Database: {address} ({server})")
SCHEMA: Final = Text(ko="스키마: {revision}", en="Schema: {revision}")
NO_SCHEMA: Final = Text(ko="스키마: 아직 없음 (처음 시작할 때 만듭니다)", en="Schema: none yet (the first start makes it)")
OLD_SCHEMA: Final = Text(
    ko="스키마: {revision} (다음 시작이 {head}(으)로 올립니다)", en="Schema: {revision} (the next start brings it to {head})"
)
OURS: Final = Text(ko="내장 PostgreSQL: {folder} (프로세스 {pid})", en="Our own PostgreSQL: {folder} (process {pid})")
INSTALLATION: Final = Text(ko="설치 번호: {id} (만든 버전 {by})", en="Installation: {id} (made by version {by})")
FREE: Final = Text(ko="남은 공간: {free} MiB ({file_system})", en="Free space: {free} MiB ({file_system})")
DAMAGE: Final = Text(
    ko="손상되었습니다: {what}. 모두 멈추고 파일을 그대로 복사해 두십시오.",
    en="It is damaged: {what}. Stop everything and copy the files as they are.",
)
UNSAFE: Final = Text(
    ko="주의: 서버 설정 {setting} 때문에 정전 때 기록을 잃을 수 있습니다.",
    en="Careful: the server's {setting} lets a power cut take committed rows.",
)
LOOKING: Final = Text(ko="데이터베이스를 살펴보는 중", en="looking through the database")
STOP: Final = Text(
    ko="내장 PostgreSQL을 끕니다. 다음 명령이 다시 켭니다.",
    en="Stop our own PostgreSQL; the next command that needs it starts it again.",
)
STOPPING: Final = Text(ko="끄는 중", en="stopping")
STOPPED: Final = Text(ko="내장 PostgreSQL을 껐습니다 ({folder}).", en="Our own PostgreSQL is stopped ({folder}).")
NOT_STOPPED: Final = Text(
    ko="내장 PostgreSQL이 제때 꺼지지 않았습니다 ({folder}).", en="Our own PostgreSQL did not stop in time ({folder})."
)
NOT_OURS: Final = Text(
    ko="이 가게는 내장 PostgreSQL을 쓰지 않습니다.", en="This shop does not use our own PostgreSQL: there is nothing to stop."
)
NOT_OURS_HINT: Final = Text(
    ko="내장 PostgreSQL은 ONBAM_DATABASE_URL=embedded일 때만 있습니다.",
    en="There is one with ONBAM_DATABASE_URL=embedded only.",
)
SIZE: Final = Text(ko="크기: {size} KiB", en="Size: {size} KiB")
LAST_COPY: Final = Text(ko="마지막 백업: {path}", en="Last copy: {path}")
NO_COPY: Final = Text(
    ko="백업이 없습니다. 'onbam db backup'으로 만드십시오.", en="There is no copy yet; make one with 'onbam db backup'."
)
MADE: Final = Text(ko="스키마 {after}을(를) 새로 만들었습니다.", en="The schema {after} was made.")
UPGRADED: Final = Text(ko="스키마를 {before}에서 {after}(으)로 올렸습니다.", en="The schema went from {before} to {after}.")
UP_TO_DATE: Final = Text(ko="스키마가 이미 최신입니다 ({after}).", en="The schema is up to date ({after}).")
COPIED: Final = Text(ko="백업했습니다: {path} ({size} KiB)", en="Copied: {path} ({size} KiB)")
RESTORED: Final = Text(ko="{rows}행을 {address}에 되돌렸습니다.", en="{rows} rows put back into {address}.")
RESTORED_NEXT: Final = Text(
    ko="백업 뒤에 입력된 주문은 여기에 없습니다. 두 번 입력되지 않도록 모든 PC를 멈췄습니다. 'onbam sweep'으로 원장을 보고, ERP에서 구매현황을 "
    "내보내 'onbam orders reconcile 파일'로 대조한 뒤 'onbam resume --all'로 다시 시작하십시오.",
    en="What was entered after this copy was made is not in it, so every PC is paused. Look at the ledger with 'onbam sweep', export "
    "the purchases from the ERP and run 'onbam orders reconcile FILE', then 'onbam resume --all'.",
)
MOVED: Final = Text(ko="{rows}행을 {target}(으)로 옮기고 확인했습니다.", en="{rows} rows moved to {target} and proven.")
MOVED_NEXT: Final = Text(
    ko="이제 모든 PC의 ONBAM_DATABASE_URL을 새 주소로 바꾸고 다시 시작하십시오. 예전 자리는 닫혔습니다.",
    en="Now put the new address into ONBAM_DATABASE_URL on every PC and start again. The old place is closed.",
)
REOPEN: Final = Text(
    ko="옮기기 전의 데이터베이스를 다시 엽니다.\n\n새 자리에 그 뒤로 쓴 것은 돌아오지 않습니다.",
    en="Open the database again that was moved away from.\n\nWhat was written in the new place since does not come back.",
)
REOPENED: Final = Text(ko="{address}을(를) 다시 열었습니다 (표 {tables}개).", en="{address} is open again ({tables} tables).")
COPYING: Final = Text(ko="복사하는 중", en="copying")
