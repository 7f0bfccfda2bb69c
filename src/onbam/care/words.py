"""What the check-up, the bundle and the first settings say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

# -- any check
CHECK_HUNG: Final = Text(ko="{limit:g}초 안에 대답이 없습니다.", en="No answer within {limit:g} s.")
CHECK_HUNG_FIX: Final = Text(
    ko="이 부분이 멈춰 있습니다. 네트워크나 디스크를 보고, 느린 곳이면 care.check_limit_s를 늘리십시오.",
    en="This part hangs. Look at the network or the disk; where it is only slow, raise care.check_limit_s.",
)
CHECK_FAILED: Final = Text(ko="점검하지 못했습니다 ({what}).", en="Could not be checked ({what}).")
CHECK_FAILED_FIX: Final = Text(
    ko="'onbam support bundle'로 꾸러미를 만들어 지원에 보내십시오.",
    en="Make a bundle with 'onbam support bundle' and send it to support.",
)
SETTINGS_OK: Final = Text(ko="설정 {count}개를 읽었습니다 ({home}).", en="{count} settings read from {home}.")

# -- this PC
PYTHON_OK: Final = Text(ko="파이썬 {version}, 64비트.", en="Python {version}, 64-bit.")
PYTHON_OLD: Final = Text(ko="파이썬 {version}은(는) 너무 오래되었습니다.", en="Python {version} is too old.")
PYTHON_FIX: Final = Text(ko="파이썬 3.11 이상(64비트)을 설치하십시오.", en="Install Python 3.11 or newer, 64-bit.")
PYTHON_32: Final = Text(ko="파이썬 {version}이 32비트입니다.", en="Python {version} is 32-bit.")
PYTHON_32_FIX: Final = Text(
    ko="64비트 파이썬을 설치하십시오. 큰 파일에서 메모리가 모자라게 됩니다.",
    en="Install the 64-bit one: large files run out of memory.",
)
SQLITE_OK: Final = Text(ko="SQLite {version}.", en="SQLite {version}.")
SQLITE_OLD: Final = Text(ko="SQLite {version}은(는) 너무 오래되었습니다.", en="SQLite {version} is too old.")
DISK_OK: Final = Text(ko="{folder}: 여유 {free:,} MB.", en="{folder}: {free:,} MB free.")
DISK_LOW: Final = Text(
    ko="{folder}: 여유가 {free:,} MB뿐입니다 (한도 {limit:,} MB).", en="{folder}: only {free:,} MB free (limit {limit:,} MB)."
)
DISK_FULL: Final = Text(
    ko="{folder}: 여유 {free:,} MB로 한도 {limit:,} MB보다 적습니다.",
    en="{folder}: {free:,} MB free, less than the limit of {limit:,} MB.",
)
DISK_FIX: Final = Text(
    ko="디스크를 비우거나 app.data를 다른 디스크로 옮기십시오.", en="Free some space, or move app.data to another disk."
)
ZONE_OK: Final = Text(ko="시간대 {zone} ({there}).", en="Time zone {zone} ({there}).")
ZONE_OTHER: Final = Text(
    ko="이 PC의 시간대({here})가 가게의 시간대 {zone}({there})와 다릅니다.",
    en="This PC's time zone ({here}) is not the shop's, {zone} ({there}).",
)
ZONE_OTHER_FIX: Final = Text(
    ko="이 PC의 '날짜 및 시간' 설정에서 시간대를 맞추거나 app.time_zone을 고치십시오.",
    en="Set the time zone in the system's date and time, or mend app.time_zone.",
)
ZONE_UNKNOWN: Final = Text(ko="'{zone}'(이)라는 시간대를 찾을 수 없습니다.", en="There is no time zone '{zone}'.")
ZONE_UNKNOWN_FIX: Final = Text(
    ko="app.time_zone의 철자를 보십시오 (예: Asia/Seoul). 맞다면 tzdata가 빠졌으니 다시 설치하십시오.",
    en="Check the spelling of app.time_zone, as Asia/Seoul. If it is right, tzdata is missing: install again.",
)

# -- the clock
WHOM: Final = {
    "database": Text(ko="데이터베이스 서버", en="the database server"),
    "web": Text(ko="웹 서버", en="the web server"),
}
CLOCK_OK: Final = Text(ko="시계가 {whom}와 {off}초 차이입니다 (±{unsure}).", en="The clock is {off} s off {whom} (±{unsure}).")
CLOCK_OFF: Final = Text(
    ko="시계가 {whom}와 {off}초 어긋났습니다 (한도 {limit:g}초).", en="The clock is {off} s off {whom} (limit {limit:g} s)."
)
CLOCK_FIX: Final = Text(
    ko="이 PC의 '날짜 및 시간' 설정에서 인터넷 시간과 맞추십시오 ('지금 동기화').",
    en="Let the system set its clock from the internet ('Sync now').",
)
CLOCK_ALONE: Final = Text(
    ko="시계를 견줄 곳이 없어 맞는지 알 수 없습니다.", en="Nothing to compare the clock with: whether it is right is unknown."
)
CLOCK_ALONE_FIX: Final = Text(
    ko='인터넷이 되면 care.clock_url = "https://www.google.com"처럼 적으십시오.',
    en='With internet, set care.clock_url, as "https://www.google.com".',
)
CLOCK_UNKNOWN: Final = Text(
    ko="웹 서버에 시각을 묻지 못했습니다 ({what}). 시계가 맞는지 알 수 없습니다.",
    en="The web server could not be asked for the time ({what}): whether the clock is right is unknown.",
)
CLOCK_UNKNOWN_FIX: Final = Text(
    ko="인터넷 연결과 care.clock_url을 확인하십시오.", en="Check the internet connection and care.clock_url."
)
CLOCK_URL: Final = Text(
    ko="care.clock_url = {url}은(는) 웹 주소가 아닙니다.", en="care.clock_url = {url} is not a web address."
)
CLOCK_URL_FIX: Final = Text(ko="https://로 시작하는 주소를 쓰십시오.", en="Write an address that begins with https://.")

# -- ports
PORT_FREE: Final = Text(ko="포트 {port}이(가) 비어 있습니다.", en="Port {port} is free.")
PORT_OURS: Final = Text(
    ko="포트 {port}에서 온밤 화면이 돌고 있습니다 (PID {pid}).", en="Onbam's own dashboard runs on port {port} (PID {pid})."
)
PORT_TAKEN: Final = Text(
    ko="포트 {port}을(를) {program} (PID {pid})이(가) 쓰고 있습니다.", en="Port {port} is taken by {program} (PID {pid})."
)
PORT_FIX: Final = Text(
    ko="그 프로그램을 끝내거나 온밤의 포트를 바꾸십시오.", en="End that program, or choose another port for Onbam."
)
PORT_TAKEN_UNKNOWN: Final = Text(
    ko="포트 {port}을(를) 누군가 쓰고 있는데, 시스템이 누구인지 알려 주지 않습니다.",
    en="Port {port} is taken; the system does not tell by whom.",
)
PORT_UNKNOWN_FIX: Final = Text(
    ko="관리자 권한으로 'onbam doctor'를 다시 하거나 다른 포트를 쓰십시오.",
    en="Run 'onbam doctor' as administrator, or choose another port.",
)

# -- files
FOLDER_OK: Final = Text(ko="{folder} 폴더에 쓸 수 있습니다.", en="The folder {folder} can be written.")
FOLDER_CLOSED: Final = Text(ko="{folder} 폴더에 쓸 수 없습니다.", en="The folder {folder} cannot be written.")
FOLDER_FIX: Final = Text(ko="폴더의 권한을 고치거나 다른 폴더를 쓰십시오.", en="Mend the folder's rights, or use another one.")
RIGHTS_LOOKED: Final = Text(ko="비밀 파일 {count}개의 권한을 보았습니다.", en="Looked at the rights of {count} secret files.")
RIGHTS_OPEN: Final = Text(
    ko="{file}을(를) 이 PC의 다른 사용자도 읽을 수 있습니다.", en="Other users of this PC can read {file}."
)
RIGHTS_FIX: Final = Text(ko="이렇게 하십시오: {command}", en="Run: {command}")
RIGHTS_UNKNOWN: Final = Text(ko="{file}의 권한을 볼 수 없습니다 ({what}).", en="The rights of {file} cannot be read ({what}).")
RIGHTS_UNKNOWN_FIX: Final = Text(ko="온밤과 같은 사용자로 다시 하십시오.", en="Run this again as the user Onbam runs as.")
LEFTOVERS: Final = Text(ko="중단된 쓰기가 남긴 파일 {count}개: {names}", en="{count} files left by interrupted writes: {names}")
LEFTOVERS_FIX: Final = Text(
    ko="지워도 됩니다. 원래 파일은 온전합니다.", en="They may be deleted; the files themselves are whole."
)
NO_LEFTOVERS: Final = Text(ko="중단된 쓰기가 남긴 것이 없습니다.", en="No interrupted write left anything.")
VAULT_OK: Final = Text(ko="비밀을 모두 지금의 열쇠로 열 수 있습니다.", en="Every secret is under the present key.")
VAULT_UNFINISHED: Final = Text(
    ko="비밀 {count}개가 아직 이전 열쇠로 잠겨 있습니다.", en="{count} secrets are still locked with an earlier key."
)
VAULT_FIX: Final = Text(ko="'onbam secret rotate'로 마치십시오.", en="Finish with 'onbam secret rotate'.")
BOOT_NOTHING: Final = Text(
    ko="PC가 다시 켜져도 온밤은 시작되지 않습니다: 등록된 것이 없습니다.",
    en="Onbam does not start by itself when the PC does: nothing is registered.",
)
BOOT_NOTHING_FIX: Final = Text(
    ko="'onbam install'을 실행하십시오. 무엇을 하는지는 --dry-run이 보여 줍니다.",
    en="Run 'onbam install'; --dry-run shows what it would do.",
)

# -- the bundle
BUNDLE_LEAK: Final = Text(
    ko="꾸러미에 비밀로 보이는 것이 남아 있어 지웠습니다 ({member}).",
    en="The bundle still held something that looks secret and was deleted ({member}).",
)
BUNDLE_LEAK_HINT: Final = Text(
    ko="그 로그 파일을 지원 담당자와 함께 보십시오. 꾸러미는 보내지 마십시오.",
    en="Look at that log file together with support; nothing has been sent.",
)
BUNDLE_FAILED: Final = Text(ko="{file}에 쓸 수 없습니다 ({what}).", en="{file} cannot be written ({what}).")
BUNDLE_FAILED_HINT: Final = Text(ko="--to로 쓸 수 있는 곳을 지정하십시오.", en="Name a place that can be written with --to.")
BUNDLE_README: Final = Text(
    ko="온밤 지원 꾸러미. 비밀은 ••• 로 가렸습니다.\n계정 파일(.env), 열쇠, Google·이카운트 파일, 처리 이력은 들어 있지 않습니다.\n"
    "보내기 전에 열어 보셔도 됩니다. 무엇이 담겼는지는 contents.json에 있습니다.\n",
    en="Onbam support bundle. Secrets are shown as •••.\nThe account file (.env), keys, Google and Ecount files and the order history are not in it.\n"
    "Open it before you send it if you like; contents.json lists what it holds.\n",
)

# -- secrets
NO_SECRET_SETTING: Final = Text(ko="'{name}'(이)라는 비밀 설정은 없습니다.", en="There is no secret setting '{name}'.")
NO_SECRET_SETTING_HINT: Final = Text(ko="이것을 뜻했습니까: {names}", en="Did you mean: {names}")
NOT_SECRET: Final = Text(ko="{name}은(는) 비밀이 아닙니다.", en="{name} is no secret.")
NOT_SECRET_HINT: Final = Text(
    ko=".env에 {variable}=… 한 줄로, 또는 onbam.toml에 적으십시오. 지금 값은 'onbam config show {name}'이 보여 줍니다.",
    en="Write it into .env as {variable}=…, or into onbam.toml. 'onbam config show {name}' shows what it is now.",
)
ROBOTS_OK: Final = Text(
    ko="이 PC에서 도는 프로그램: {names}. 설정이 다 있습니다.", en="This PC runs {names}; their settings are there."
)
NO_ROBOTS: Final = Text(
    ko="이 PC에서 돌게 한 온밤의 프로그램이 없습니다.", en="No program of Onbam's is set to run on this PC."
)
