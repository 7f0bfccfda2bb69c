"""What the settings say when something in them is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from onbam.kernel.words import Text

BAD_TOML: Final = Text(ko="{file} 파일을 읽을 수 없습니다: {what}.", en="{file} cannot be read: {what}.")
BAD_TOML_HINT: Final = Text(ko="그 줄을 고치십시오.", en="Mend that line.")
UNKNOWN: Final = Text(ko="{where}: '{name}'(이)라는 설정은 없습니다.", en="{where}: there is no setting '{name}'.")
NEAREST: Final = Text(ko="'{name}'을(를) 쓰려던 것입니까?", en="Did you mean '{name}'?")
NO_NEAREST: Final = Text(
    ko="'onbam config list'로 이름을 확인하십시오. 다른 프로그램의 값이면 onbam.toml의 [env] foreign = [\"{name}\"]에 적으십시오.",
    en="See 'onbam config list' for the names. If it belongs to another program, add [env] foreign = [\"{name}\"] to onbam.toml.",
)
TWICE: Final = Text(ko="같은 설정이 두 번 있습니다: {first}, {second}.", en="One setting is given twice: {first} and {second}.")
TWICE_HINT: Final = Text(ko="하나만 남기십시오. 정식 이름은 {name}입니다.", en="Keep one of them; its own name is {name}.")
BAD_MEMBER: Final = Text(
    ko="{where}: [{family}.{name}]은(는) 쓸 수 없는 이름입니다.", en="{where}: [{family}.{name}] is not a usable name."
)
BAD_MEMBER_HINT: Final = Text(
    ko="[{family}.my-robot]처럼 영어 소문자로 시작하고 소문자, 숫자, -, _만 쓰십시오 (32자까지).",
    en="Write it as in [{family}.my-robot]: lower-case letters, figures, - and _, a letter first, at most 32.",
)
SECRET_FILE: Final = Text(
    ko="{where}: 비밀 파일 {file}을(를) 읽을 수 없습니다 ({what}).",
    en="{where}: the secret's file {file} cannot be read ({what}).",
)
SECRET_FILE_HINT: Final = Text(ko="파일이 있고 읽을 수 있는지 확인하십시오.", en="Check that the file exists and may be read.")
OUT_OF_RANGE: Final = Text(
    ko="{where}: {name} = {value}은(는) 범위를 벗어났습니다.", en="{where}: {name} = {value} is out of range."
)
RANGE_HINT: Final = Text(
    ko="{low}에서 {high} 사이의 값을 쓰십시오 (기본값 {default}).", en="Use a value from {low} to {high} (default {default})."
)
WRONG_TYPE: Final = Text(
    ko="{where}: {name} = {value}은(는) 쓸 수 없는 값입니다.", en="{where}: {name} = {value} is not a usable value."
)
TYPE_HINT: Final = Text(ko="{kind} 값을 쓰십시오.", en="Use {kind}.")
NEAR_HINT: Final = Text(ko="'{name}'을(를) 쓰려던 것입니까? {kind} 값을 쓰십시오.", en="Did you mean '{name}'? Use {kind}.")
TROUBLE: Final = Text(ko="{where}: {what}", en="{where}: {what}")
KIND_LIST_OF: Final = Text(ko="쉼표로 나눈 목록, 하나하나는 {kind}", en="a list, separated by commas, of which each is {kind}")
KIND_CHOICE: Final = Text(ko="{choices} 중 하나의", en="one of {choices}")
KIND_LIST: Final = Text(ko="쉼표로 나눈 목록", en="a list, separated by commas")
KIND_TABLE: Final = Text(ko="이름 = 값의 표", en="a table of names and values")
KIND_TEXT: Final = Text(ko="글자", en="a text")
KINDS: Final[dict[Any, Text]] = {
    bool: Text(ko="true 또는 false", en="true or false"),
    int: Text(ko="정수", en="a whole number"),
    float: Text(ko="숫자", en="a number"),
    Path: Text(ko="파일 경로", en="a path"),
}
