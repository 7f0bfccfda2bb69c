"""What `onbam notices` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NOTICES: Final = Text(
    ko="사람이 알아야 할 것을 보고, 알리는 통로를 시험합니다.", en="See what a person must know, and test the ways it is told."
)
LIST: Final = Text(ko="열린 알림을 보여 줍니다.", en="Show the open notices.")
PAST_OPTION: Final = Text(ko="해결된 알림을 보여 줍니다.", en="Show the resolved ones instead.")
SNOOZE: Final = Text(ko="얼마 동안 바깥에 알리지 않습니다.", en="Tell nobody outside for a while.")
FOR_OPTION: Final = Text(ko="얼마 동안: 30m, 2h, 1d.", en="For how long: 30m, 2h, 1d.")
RESOLVE: Final = Text(
    ko="원인이 없어졌다고 표시합니다. 아직 있으면 다시 열립니다.",
    en="Say that the cause is gone; if it is not, it opens again.",
)
TEST: Final = Text(
    ko="통로(mail, chat, phone)에 시험 알림을 보냅니다.", en="Send a test notice through a channel (mail, chat, phone)."
)
CARRY: Final = Text(
    ko="지킴이가 알린 것을 알림함에 넣고 바깥으로 보냅니다 (도는 프로그램이 없으면 지킴이가 부릅니다).",
    en="Take what the guard told into the inbox and send it out (the guard calls this where no program runs that does).",
)
CARRIED: Final = Text(ko="모두 전했습니다.", en="Everything was carried.")
CARRIED_NOT: Final = Text(
    ko="알림함에 넣었습니다. 바깥으로 보낼 것 {count}건이 아직 기다립니다.",
    en="It is in the inbox; {count} letters still wait to go out.",
)
CHANNELS: Final = Text(ko="통로와 그 상태를 보여 줍니다.", en="Show the channels and how they are.")
LETTERS: Final = Text(ko="바깥으로 나간 것과 기다리는 것을 보여 줍니다.", en="Show what went out and what waits.")
LIMIT_OPTION: Final = Text(ko="몇 건까지.", en="How many at most.")

NONE_OPEN: Final = Text(ko="열린 알림이 없습니다.", en="No notice is open.")
NONE_PAST: Final = Text(ko="해결된 알림이 없습니다.", en="No notice was resolved yet.")
UNKNOWN: Final = Text(ko="'{key}'라는 열린 알림이 없습니다.", en="There is no open notice '{key}'.")
UNKNOWN_HINT: Final = Text(
    ko="'onbam notices list'에 나오는 이름이나 번호를 쓰십시오.", en="Use a name or number from 'onbam notices list'."
)
REASON_NEEDED: Final = Text(ko="까닭이 필요합니다.", en="A reason is needed.")
REASON_HINT: Final = Text(ko='--reason "…"을 붙이십시오. 기록에 남습니다.', en='Add --reason "…"; it is kept in the journal.')
BAD_TIME: Final = Text(
    ko="'{text}'은(는) 길이가 아닙니다. 30m, 2h, 1d처럼 쓰십시오.", en="'{text}' is no length of time; write 30m, 2h or 1d."
)
SNOOZED: Final = Text(ko="{key}: {until}까지 바깥에 알리지 않습니다.", en="{key}: nobody outside is told until {until}.")
RESOLVED: Final = Text(ko="{key}: 해결됨으로 표시했습니다.", en="{key}: marked as resolved.")
SNOOZED_MARK: Final = Text(ko="({until}까지 미룸)", en="(snoozed until {until})")
MET: Final = Text(
    ko="#{number} {key} · {count}번 · 처음 {first} · 마지막 {last}",
    en="#{number} {key} · times: {count} · first {first} · last {last}",
)
OVER: Final = Text(ko="해결 {at}: {who}, {why}", en="resolved {at}: {who}, {why}")

NO_CHANNEL: Final = Text(ko="'{name}'(이)라는 통로가 설정되어 있지 않습니다.", en="No channel '{name}' is set up.")
NO_CHANNEL_HINT: Final = Text(
    ko="설정된 통로: {names}. 메일은 notices.mail_host와 notices.mail_to, 대화방은 notices.chat_url, 휴대전화는 notices.phone_url.",
    en="Set up: {names}. Mail needs notices.mail_host and notices.mail_to, a chat room notices.chat_url, a phone notices.phone_url.",
)
NONE: Final = Text(ko="없음", en="none")
TESTING: Final = Text(ko="보내는 중", en="Sending")
TESTED_OK: Final = Text(ko="{name}: 보냈습니다.", en="{name}: sent.")
TESTED_BAD: Final = Text(ko="{name}: 보내지 못했습니다. {why}", en="{name}: not sent. {why}")
NO_CHANNELS: Final = Text(
    ko="설정된 통로가 없습니다. 알림은 대시보드에만 보입니다. 메일은 notices.mail_host와 notices.mail_to를 적고, 대화방은 'onbam secret set notices.chat_url'로 정한 뒤 'onbam notices test mail'로 시험하십시오.",
    en="No channel is set up; notices show on the dashboard only. For mail set notices.mail_host and notices.mail_to, for a chat room 'onbam secret set notices.chat_url'; then try it with 'onbam notices test mail'.",
)
NO_LETTERS: Final = Text(
    ko="아직 바깥으로 나간 알림이 없습니다. 통로는 'onbam notices channels'가 보여 줍니다.",
    en="No notice was sent outside yet. 'onbam notices channels' shows where to.",
)
COLUMNS: Final = {
    "name": Text(ko="통로", en="channel"),
    "floor": Text(ko="심각도", en="from"),
    "state": Text(ko="상태", en="state"),
    "ok": Text(ko="마지막 성공", en="last success"),
    "why": Text(ko="까닭", en="reason"),
    "at": Text(ko="시각", en="time"),
    "about": Text(ko="무엇", en="about"),
    "tries": Text(ko="시도", en="tries"),
}
CHANNEL_STATES: Final = {
    "new": Text(ko="아직 쓰지 않음", en="not used yet"),
    "well": Text(ko="일함", en="works"),
    "failing": Text(ko="다시 시도 중", en="trying again"),
    "stopped": Text(ko="멈춤: 설정을 고치십시오", en="stopped: mend its settings"),
}
LETTER_STATES: Final = {  # by their values: importing the letters here would be paid by every `onbam --help`
    "due": Text(ko="기다림", en="waits"),
    "sent": Text(ko="보냄", en="sent"),
    "dropped": Text(ko="필요 없어짐", en="not needed any more"),
    "refused": Text(ko="거절됨", en="refused"),
    "given_up": Text(ko="포기함", en="given up"),
}
