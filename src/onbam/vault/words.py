"""What the vault says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NO_KEY: Final = Text(ko="비밀을 여는 열쇠가 없습니다.", en="There is no key to open the secrets with.")
NO_KEY_HINT: Final = Text(
    ko="ENCRYPTION_KEY(또는 ENCRYPTION_KEY_FILE)를 주거나 열쇠 파일 {file}을(를) 제자리에 두십시오.",
    en="Give ENCRYPTION_KEY (or ENCRYPTION_KEY_FILE), or put the key file {file} back in its place.",
)
WRONG_KEY: Final = Text(
    ko="{what}은(는) 열쇠 {needed}(으)로 암호화했는데, 지금 가진 열쇠는 {held}입니다.",
    en="{what} was encrypted with key {needed}; the keys at hand are {held}.",
)
WRONG_KEY_HINT: Final = Text(
    ko="데이터베이스나 시트를 함께 쓰는 PC는 모두 같은 열쇠를 써야 합니다: 처음 PC의 vault.keys와 secrets.enc(또는 ENCRYPTION_KEY)를 이 PC의 홈 폴더에 복사하십시오. PC가 하나면 그때의 열쇠를 ONBAM_VAULT_OLD_KEYS로 주거나 'onbam secret set'으로 다시 넣으십시오.",
    en="PCs that share a database or a sheet need the same key: copy vault.keys and secrets.enc (or ENCRYPTION_KEY) from the first PC into this one's home folder. On one PC give the key of that time as ONBAM_VAULT_OLD_KEYS, or enter the secret again with 'onbam secret set'.",
)
TAMPERED: Final = Text(
    ko="{what}의 암호문이 바뀌었거나 다른 곳에서 옮겨 왔습니다.",
    en="The encrypted text of {what} was changed, or moved here from elsewhere.",
)
TAMPERED_HINT: Final = Text(
    ko="백업에서 되살리거나 'onbam secret set'으로 다시 넣으십시오.",
    en="Restore it from a backup, or enter it again with 'onbam secret set'.",
)
NOT_OURS: Final = Text(ko="{what}은(는) 온밤의 암호문이 아닙니다.", en="{what} is not one of Onbam's encrypted texts.")
WEAK_KEY: Final = Text(
    ko="열쇠가 너무 짧습니다 ({length}자; {least}자 이상).",
    en="The key is too short ({length} letters; {least} or more are needed).",
)
WEAK_KEY_HINT: Final = Text(
    ko="'onbam secret new-key 파일'로 만들어 ENCRYPTION_KEY_FILE로 알려 주십시오.",
    en="Make one with 'onbam secret new-key FILE' and name it with ENCRYPTION_KEY_FILE.",
)
DAMAGED_FILE: Final = Text(ko="{file} 파일이 깨졌습니다 ({what}).", en="{file} is damaged ({what}).")
DAMAGED_FILE_HINT: Final = Text(
    ko="백업에서 되살리거나, 파일을 치우고 비밀을 다시 넣으십시오.",
    en="Restore it from a backup, or move it away and enter the secrets again.",
)
NEWER_FILE: Final = Text(
    ko="{file}은(는) 더 새로운 온밤이 쓴 파일입니다 (형식 {format}).",
    en="{file} was written by a newer Onbam (format {format}).",
)
NEWER_FILE_HINT: Final = Text(ko="온밤을 최신으로 올리십시오.", en="Update Onbam.")
CANNOT_WRITE: Final = Text(ko="{file}에 쓸 수 없습니다 ({what}).", en="{file} cannot be written ({what}).")
CANNOT_WRITE_HINT: Final = Text(
    ko="폴더의 권한과 디스크 여유를 확인하십시오. 예전 내용은 그대로입니다.",
    en="Check the folder's rights and the free space. The old content stands.",
)
EXISTS: Final = Text(ko="{file}이(가) 이미 있습니다.", en="{file} exists already.")
EXISTS_HINT: Final = Text(
    ko="열쇠를 덮어쓰면 그것으로 잠근 것을 잃습니다. 다른 이름을 쓰십시오.",
    en="A key that is overwritten takes with it whatever it locked. Use another name.",
)
NO_RING: Final = Text(
    ko="이 PC에는 쓸 수 있는 열쇠고리(Windows 자격 증명, macOS 키체인, Secret Service)가 없습니다.",
    en="This PC has no usable key ring (Windows Credential Manager, macOS Keychain, Secret Service).",
)
NO_RING_HINT: Final = Text(ko="'--in file'로 암호화한 파일에 두십시오.", en="Keep it in the encrypted file with '--in file'.")
RING_SILENT: Final = Text(
    ko="열쇠고리가 {limit:g}초 안에 대답하지 않았습니다.", en="The key ring did not answer within {limit:g} s."
)
RING_SILENT_HINT: Final = Text(
    ko="열쇠고리를 풀어 두거나 '--in file'을 쓰십시오. 밤에는 아무도 암호를 넣어 줄 수 없습니다.",
    en="Unlock the key ring, or use '--in file': at night nobody is there to type its password.",
)
RING_FAILED: Final = Text(ko="열쇠고리가 거절했습니다 ({what}).", en="The key ring refused ({what}).")
RING_LOST: Final = Text(
    ko="{name}이(가) 열쇠고리에 없습니다. 다른 사용자로 실행했거나 지워졌습니다.",
    en="{name} is not in the key ring: it was removed, or this is another user.",
)
RING_LOST_HINT: Final = Text(
    ko="'onbam secret set {name}'으로 다시 넣으십시오.", en="Enter it again with 'onbam secret set {name}'."
)
EMPTY: Final = Text(ko="빈 값은 비밀이 아닙니다.", en="An empty value is not a secret.")
EMPTY_HINT: Final = Text(ko="지우려면 'onbam secret remove {name}'.", en="To take it away: 'onbam secret remove {name}'.")
SAME_KEY: Final = Text(
    ko="모든 비밀이 이미 지금의 ENCRYPTION_KEY({key})로 잠겨 있습니다.",
    en="Every secret is already locked with the present ENCRYPTION_KEY ({key}).",
)
SAME_KEY_HINT: Final = Text(
    ko="새 열쇠를 ENCRYPTION_KEY로, 지금 열쇠를 ONBAM_VAULT_OLD_KEYS로 옮긴 뒤 다시 하십시오.",
    en="Put the new key into ENCRYPTION_KEY and the present one into ONBAM_VAULT_OLD_KEYS, then run this again.",
)
