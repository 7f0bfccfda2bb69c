"""What the database room says to people."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

# -- the address ---------------------------------------------------------------------------------------------------------
BAD_URL: Final = Text(
    ko="데이터베이스 주소(database.url)를 읽을 수 없습니다.", en="The database address (database.url) cannot be read."
)
BAD_URL_HINT: Final = Text(
    ko="sqlite:///C:/폴더/onbam.db 또는 postgresql://이름:암호@서버/데이터베이스 형식으로 쓰십시오. 암호의 특수 문자는 %40처럼 바꿔 적습니다.",
    en="Write it like sqlite:///C:/folder/onbam.db or postgresql://name:password@server/database; escape special letters of the password (@ is %40).",
)
UNKNOWN_KIND: Final = Text(ko="이 종류의 데이터베이스는 지원하지 않습니다.", en="This kind of database is not supported.")
UNKNOWN_KIND_HINT: Final = Text(
    ko="database.url을 sqlite, postgresql, mysql(mariadb) 중 하나로 시작하십시오.",
    en="Begin database.url with sqlite, postgresql or mysql (mariadb).",
)
NO_DRIVER: Final = Text(
    ko="{kind}에 연결하려면 추가 구성 요소 '{extra}'이(가) 필요합니다.", en="Connecting to {kind} needs the extra '{extra}'."
)
NO_DRIVER_HINT: Final = Text(
    ko='설치하십시오: pip install "onbam[{extra}]". run.py로 시작하면 저절로 설치됩니다.',
    en='Install it: pip install "onbam[{extra}]"; run.py does it by itself.',
)
NO_FOLDER: Final = Text(ko="데이터베이스 폴더 {folder}이(가) 없습니다.", en="The database's folder {folder} does not exist.")
NO_FOLDER_HINT: Final = Text(
    ko="디스크가 연결되어 있는지, 주소가 맞는지 확인하십시오. 새 폴더라면 먼저 만드십시오. 빈 데이터베이스를 엉뚱한 곳에 만들지 않으려고 멈췄습니다.",
    en="Check that the disk is there and the address is right; make the folder first if it is new. Onbam stopped rather than start an empty database in the wrong place.",
)
ON_SHARE: Final = Text(
    ko="SQLite 파일 {path}이(가) 네트워크 공유({fs}) 위에 있습니다. 그곳에서는 잠금을 믿을 수 없어 데이터가 깨질 수 있습니다.",
    en="The SQLite file {path} is on a network share ({fs}), where locks cannot be trusted and data can be damaged.",
)
ON_SHARE_HINT: Final = Text(
    ko="이 PC의 디스크를 쓰십시오. 여러 PC가 함께 쓰려면 PostgreSQL이나 MySQL 서버를 쓰십시오.",
    en="Use a disk of this PC. For several PCs together use a PostgreSQL or MySQL server.",
)
OLD_SERVER: Final = Text(
    ko="{kind} {version}은(는) 너무 오래되었습니다. {least} 이상이 필요합니다.",
    en="{kind} {version} is too old; {least} or newer is needed.",
)
OLD_SERVER_HINT: Final = Text(ko="그것을 새 버전으로 올리십시오.", en="Upgrade it.")
NOT_UTF8: Final = Text(
    ko="데이터베이스의 문자 집합이 {encoding}이라 한글과 이모지를 잃을 수 있습니다.",
    en="The database's encoding is {encoding}, which would lose Korean letters or emoji.",
)
NOT_UTF8_HINT: Final = Text(
    ko="UTF-8 데이터베이스를 만드십시오 (PostgreSQL: ENCODING 'UTF8').",
    en="Make the database in UTF-8 (PostgreSQL: ENCODING 'UTF8').",
)

# -- trouble while working -------------------------------------------------------------------------------------------------
BUSY: Final = Text(ko="데이터베이스가 바쁩니다.", en="The database is busy.")
BUSY_HINT: Final = Text(
    ko="잠시 뒤 저절로 다시 시도합니다. 계속되면 오래 걸리는 작업이나 백업 프로그램이 잡고 있는지 보십시오.",
    en="It is tried again shortly. If it stays, see whether a long job or a backup program holds it.",
)
NO_CONNECTION: Final = Text(ko="데이터베이스 연결이 모두 쓰이고 있습니다.", en="All database connections are in use.")
NO_CONNECTION_HINT: Final = Text(
    ko="잠시 뒤 다시 시도합니다. 계속되면 database.pool_size를 늘리십시오.",
    en="It is tried again shortly. If it stays, raise database.pool_size.",
)
LOST: Final = Text(ko="데이터베이스 서버에 연결할 수 없습니다.", en="The database server cannot be reached.")
LOST_HINT: Final = Text(
    ko="서버와 네트워크를 확인하십시오. 돌아오면 저절로 이어집니다.",
    en="Check the server and the network; work goes on by itself once it is back.",
)
COMMIT_UNKNOWN: Final = Text(
    ko="저장하는 순간 연결이 끊겨 저장되었는지 알 수 없습니다.",
    en="The connection broke while saving; it is not known whether the change was kept.",
)
COMMIT_UNKNOWN_HINT: Final = Text(
    ko="다시 읽어 확인한 뒤 이어집니다. 같은 변경을 다시 해도 조건이 맞지 않아 두 번 저장되지 않습니다.",
    en="It is read again before going on; the same change repeats its condition, so it is not made twice.",
)
TOO_SLOW: Final = Text(
    ko="데이터베이스 문장이 제한 시간을 넘겨 멈췄습니다.", en="A database statement ran over its time limit and was stopped."
)
TOO_SLOW_HINT: Final = Text(
    ko="다시 시도합니다. 계속되면 서버의 부하를 보거나 database.statement_timeout_s를 늘리십시오.",
    en="It is tried again. If it stays, look at the server's load or raise database.statement_timeout_s.",
)
FULL: Final = Text(ko="디스크가 가득 차 저장할 수 없습니다.", en="The disk is full; nothing more can be saved.")
FULL_HINT: Final = Text(
    ko="디스크를 비우십시오. 이미 저장된 것은 그대로이며, 비우면 저절로 이어집니다.",
    en="Free some disk space. What was saved is intact, and work goes on by itself afterwards.",
)
READ_ONLY: Final = Text(ko="데이터베이스에 쓸 수 없습니다 (읽기 전용).", en="The database cannot be written (read-only).")
READ_ONLY_HINT: Final = Text(
    ko="파일과 폴더의 쓰기 권한, 디스크의 읽기 전용 여부를 확인하십시오.",
    en="Check the write permission of the file and its folder, and whether the disk is mounted read-only.",
)
STANDBY: Final = Text(
    ko="데이터베이스 서버가 읽기 전용입니다 (대기 서버이거나 점검 중).",
    en="The database server is read-only (a standby, or in maintenance).",
)
STANDBY_HINT: Final = Text(
    ko="주 서버의 주소인지 확인하십시오. 전환 중이라면 곧 이어집니다.",
    en="Check that the address is the primary's; during a switch-over it goes on by itself.",
)
CANNOT_OPEN: Final = Text(ko="데이터베이스 파일을 열 수 없습니다.", en="The database file cannot be opened.")
CANNOT_OPEN_HINT: Final = Text(
    ko="경로와 권한, 디스크 연결을 확인하십시오.", en="Check the path, its permissions and that the disk is there."
)
DAMAGED: Final = Text(ko="데이터베이스가 손상되었습니다.", en="The database is damaged.")
DAMAGED_HINT: Final = Text(
    ko="모두 멈추고 파일(-wal, -shm 포함)을 그대로 복사해 두십시오. 그다음 최근 백업으로 되돌리십시오 (docs/explanation/database.md).",
    en="Stop everything and copy the files as they are (with -wal and -shm), then restore the latest backup (docs/explanation/database.md).",
)
DISK_TROUBLE: Final = Text(ko="디스크 읽기·쓰기에 실패했습니다 ({code}).", en="Reading or writing the disk failed ({code}).")
DISK_TROUBLE_HINT: Final = Text(
    ko="디스크 상태를 검사하고 데이터 폴더를 복사해 두십시오.",
    en="Check the disk's health and copy the data folder somewhere safe.",
)
LOGIN: Final = Text(ko="데이터베이스 서버가 로그인을 거절했습니다.", en="The database server refused the login.")
LOGIN_HINT: Final = Text(ko="database.url의 이름과 암호를 확인하십시오.", en="Check the name and password in database.url.")
NO_RIGHT: Final = Text(ko="데이터베이스 계정의 권한이 부족합니다.", en="The database account lacks a right.")
NO_RIGHT_HINT: Final = Text(
    ko="그 데이터베이스에서 테이블을 만들고 읽고 쓸 권한을 주십시오.",
    en="Grant it the right to create, read and write tables in that database.",
)
NO_DATABASE: Final = Text(ko="서버에 그 이름의 데이터베이스가 없습니다.", en="The server has no database of that name.")
NO_DATABASE_HINT: Final = Text(
    ko="서버에서 먼저 만들거나 database.url의 이름을 고치십시오.",
    en="Create it on the server first, or mend the name in database.url.",
)
