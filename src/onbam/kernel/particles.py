"""Korean particles that depend on the sound before them: `PC-A이(가)` becomes `PC-A가`.

For: every Korean text, after its values are filled in.
Promises: pure; letters, figures and Latin names by how they are read aloud; what cannot be known stays as it was written.
Refuses: to touch anything but a written choice of two particles.
"""

from __future__ import annotations

import re
from typing import Final

FIRST, LAST, FINALS = 0xAC00, 0xD7A3, 28
RIEUL: Final = 8
CHOICES: Final = {
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "은(는)": ("은", "는"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라": ("이라", "라"),
}
CLOSED: Final = frozenset("013678LMNRlmnr")
"""Read aloud they end in a consonant: 영, 일, 삼, 육, 칠, 팔, 엘, 엠, 엔, 알."""
LIQUID: Final = frozenset("178LRlr")
"""In ㄹ, after which it is `로`."""
NASAL: Final = "ng"
SILENT: Final = re.compile(r"[a-z]r$")
"""Spelt alone it is 알; at the end of a word nobody says it: user is 유저, folder is 폴더."""
PASSED: Final = "'\"’”)]」』"
"""Marks that are not read."""
_CHOICE: Final = re.compile("|".join(re.escape(choice) for choice in CHOICES))


def settled(text: str) -> str:
    """Each choice made."""
    return _CHOICE.sub(lambda found: _one(text[: found.start()], found[0]), text) if "(" in text else text


def _one(before: str, choice: str) -> str:
    word = before.rstrip(PASSED)
    last = word[-1:]
    if last and FIRST <= ord(last) <= LAST:
        final = (ord(last) - FIRST) % FINALS
        is_closed, is_liquid = final != 0, final == RIEUL
    elif last.isascii() and last.isalnum():
        is_said = SILENT.search(word) is None
        is_closed, is_liquid = is_said and (last in CLOSED or word.endswith(NASAL)), is_said and last in LIQUID
    else:
        return choice
    if choice == "(으)로" and is_liquid:
        return "로"
    return CHOICES[choice][0 if is_closed else 1]
