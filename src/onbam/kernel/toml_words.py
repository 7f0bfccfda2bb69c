"""What is wrong with the writing of a TOML file, in the reader's language.

For: whoever reads `onbam.toml`; the library's own words are English.
Promises: line and column first, then what was met and, where it is known what people mean, how to write it; words nobody knew
of are quoted as they came.
Refuses: to guess what was meant where the library does not say.
"""

from __future__ import annotations

import re
from typing import Final

from onbam.kernel.words import Said, Text, plain

AT: Final = Text(ko="{line}번째 줄 {column}번째 글자: {what}", en="line {line}, column {column}: {what}")
AT_END: Final = Text(ko="파일의 끝: {what}", en="at the end of the file: {what}")
_PLACE: Final = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)\Z", re.DOTALL)

_BACKSLASH: Final = Text(
    ko="큰따옴표 안의 \\는 \\\\로 쓰거나, 값을 작은따옴표로 감싸야 합니다 (예: 'C:\\robot')",
    en="inside double quotes write \\\\ for \\, or put the value in single quotes, as in 'C:\\robot'",
)
_TWICE: Final = Text(ko="{name}이(가) 두 번 있습니다", en="{name} is given twice")
_MISSING: Final = Text(ko="{name}이(가) 빠졌습니다", en="{name} is missing")
_ODD: Final = Text(ko="쓸 수 없는 글자 {name}", en="the character {name} cannot stand here")
_KNOWN: Final[tuple[tuple[re.Pattern[str], Text], ...]] = tuple(
    (re.compile(rf"(?:{pattern})\Z", re.DOTALL), text)
    for pattern, text in (
        (
            "Invalid value",
            Text(
                ko="값을 알아볼 수 없습니다. 글자 값은 따옴표로 감싸고, true와 false는 소문자로 씁니다",
                en="the value cannot be understood; texts stand in quotes, true and false in small letters",
            ),
        ),
        (
            "Invalid statement|Invalid initial character for a key part|Invalid key",
            Text(
                ko="이름 = 값의 꼴이 아닙니다. 이름은 영어로 쓰고, 설명은 #으로 시작합니다",
                en="this is not of the form name = value; names are English, remarks begin with #",
            ),
        ),
        (
            "Expected '=' after a key in a key/value pair",
            Text(ko="이름 뒤에 =이 없습니다", en="there is no = after the name"),
        ),
        (
            "Expected newline or end of document after a statement",
            Text(
                ko="값이 끝난 뒤에 다른 것이 더 있습니다. 한 줄에 하나만 쓰고, 설명은 #으로 시작합니다",
                en="something follows the value; write one on a line, and begin remarks with #",
            ),
        ),
        (r"Expected '(?P<name>\]\]?)' at the end of an? \w+ declaration", _MISSING),
        (r"Expected (?P<name>.+)", _MISSING),
        (r"Cannot (?:declare|redefine namespace|mutate immutable namespace) (?P<name>.+?)(?: twice)?", _TWICE),
        (r"Duplicate inline table key (?P<name>.+)", _TWICE),
        ("Cannot overwrite a value", Text(ko="같은 이름이 두 번 있습니다", en="one name is given twice")),
        (r"Unescaped '\\' in a string|Invalid hex value|Escaped character is not a Unicode scalar value", _BACKSLASH),
        (
            r"Unterminated string|Illegal character '\\[nr]'",
            Text(ko="닫는 따옴표가 없습니다", en="the closing quote is missing"),
        ),
        ("Unclosed array", Text(ko="목록을 닫는 ]가 없습니다", en="the ] that ends the list is missing")),
        ("Unclosed inline table", Text(ko="표를 닫는 }}가 없습니다", en="the }} that ends the table is missing")),
        ("Invalid date or datetime", Text(ko="날짜나 시각이 아닙니다", en="this is no date or time")),
        (r"(?:Illegal|Found invalid) character (?P<name>.+)", _ODD),
    )
)


def what_of(error: Exception) -> Said:
    """The library's sentence in words of ours."""
    place = _PLACE.match(str(error))
    if place is None:
        return plain(str(error) or type(error).__name__)()
    what = _in_words(place["what"])
    return AT_END(what=what) if place["line"] is None else AT(line=place["line"], column=place["column"], what=what)


def _in_words(what: str) -> Said:
    for pattern, text in _KNOWN:
        if found := pattern.match(what):
            return text(**{name: _name(value) for name, value in found.groupdict().items()})
    return plain(what)()


def _name(value: str) -> str:
    """A key of several parts comes as Python writes it: ('process', 'robot')."""
    parts = re.findall(r"'([^']*)'", value)
    return ".".join(parts) if value.startswith("(") and parts else value
