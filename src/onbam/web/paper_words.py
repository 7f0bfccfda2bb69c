"""What is said about a piece of evidence that is too long to be shown whole."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

CUT: Final = Text(
    ko="너무 길어 처음 {shown} KB만 보입니다 (모두 {whole} KB). 전체는 그대로 보관되어 있습니다.",
    en="Too long: only the first {shown} KB of {whole} KB are shown. The whole of it is kept.",
)
