"""How the list of events tells what happened to machines, notices and people; orders are told in their own room's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from onbam.kernel.words import Text

LINES: Final[Mapping[str, Text]] = {
    "machine.joined": Text(ko="{pc}이(가) 일을 시작했습니다.", en="{pc} went to work."),
    "machine.left": Text(ko="{pc}을(를) 껐습니다.", en="{pc} was stopped."),
    "machine.dead": Text(ko="{pc}이(가) 응답하지 않습니다.", en="{pc} does not answer."),
    "machine.back": Text(ko="{pc}이(가) 다시 응답합니다.", en="{pc} answers again."),
    "notice.opened": Text(ko="알림: {why}", en="Notice: {why}"),
    "notice.resolved": Text(ko="알림이 해결되었습니다: {key}", en="A notice is resolved: {key}"),
    "orders.bulk": Text(ko="{who}이(가) 여러 주문을 한 번에 처리했습니다: {why}", en="{who} acted on many orders: {why}"),
    "pause.set": Text(ko="{who}이(가) 멈췄습니다: {why}", en="{who} stopped work: {why}"),
    "pause.lifted": Text(ko="{who}이(가) 다시 하게 했습니다: {why}", en="{who} let work go on: {why}"),
    "errand.asked": Text(ko="{who}이(가) {pc}에 요청했습니다: {do}.", en="{who} asked {pc}: {do}."),
    "errand.done": Text(ko="{pc}: {do} 됨.", en="{pc}: {do}, done."),
    "errand.failed": Text(ko="{pc}: {do} 안 됨. {pc} 화면에 까닭이 있습니다.", en="{pc}: {do} failed; its page says why."),
    "setting.changed": Text(ko="{who}이(가) 설정 {key}을(를) 바꿨습니다.", en="{who} changed the setting {key}."),
    "person.added": Text(ko="{who}이(가) 사용자 {key}을(를) 더했습니다.", en="{who} added the user {key}."),
    "person.changed": Text(ko="{who}이(가) 사용자 {key}을(를) 바꿨습니다.", en="{who} changed the user {key}."),
    "person.refused": Text(ko="'{key}'(으)로 로그인하지 못했습니다.", en="Somebody failed to log in as '{key}'."),
    "key.added": Text(ko="{who}이(가) API 열쇠를 만들었습니다.", en="{who} made an API key."),
    "key.revoked": Text(ko="{who}이(가) API 열쇠를 없앴습니다.", en="{who} revoked an API key."),
}
ORDER_LINE: Final = Text(ko="주문 {key}: {what}", en="Order {key}: {what}")
BY_LINK: Final = Text(ko="첫 로그인 링크", en="the first log-in link")
SOMEBODY: Final = Text(ko="누군가", en="somebody")
ONBAM: Final = Text(ko="온밤", en="Onbam")
