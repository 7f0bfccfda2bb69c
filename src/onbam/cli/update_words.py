"""What `onbam update` says in its help."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

UPDATE: Final = Text(
    ko="온밤을 새 버전으로 바꿉니다. 안 되면 저절로 되돌립니다.",
    en="Bring Onbam to another version; what does not work is taken back by itself.",
)
TO_OPTION: Final = Text(ko="이 버전으로 (기본은 가장 새 것).", en="To this version (the newest by default).")
FROM_OPTION: Final = Text(ko="이 설치 파일(.whl)로.", en="From this wheel.")
ONE_SOURCE: Final = Text(ko="--to와 --from 가운데 하나만 쓰십시오.", en="Use --to or --from, not both.")
