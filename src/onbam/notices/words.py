"""What the notices and their channels say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text
from onbam.notices.model import Severity

SEVERITY: Final = {
    Severity.URGENT: Text(ko="급함", en="urgent"),
    Severity.WARN: Text(ko="주의", en="warning"),
    Severity.INFO: Text(ko="참고", en="for your information"),
}
MET_ONCE: Final = Text(ko="{severity} · {first}", en="{severity} · {first}")
MET_OFTEN: Final = Text(
    ko="{severity} · {count}번 · 처음 {first}, 마지막 {last}", en="{severity} · times: {count} · first {first}, last {last}"
)
RESOLVED: Final = Text(ko="해결됨: {title}", en="Resolved: {title}")
RESOLVED_BODY: Final = Text(ko="{lasted} 동안 이어졌습니다 ({count}번). {why}", en="It lasted {lasted} (times: {count}). {why}")
BUNDLE: Final = Text(ko="알림 {count}건", en="{count} notices")
BUNDLE_MORE: Final = Text(ko="그 밖에 {count}건", en="and {count} more")
DIGEST: Final = Text(ko="온밤 하루 요약 {day}", en="Onbam's digest of {day}")
DIGEST_OPEN: Final = Text(ko="지금 열린 알림 {count}건", en="{count} open notices")
DIGEST_CALM: Final = Text(ko="열린 알림이 없습니다.", en="No notice is open.")
DIGEST_OVER: Final = Text(ko="지난 하루에 해결된 알림 {count}건", en="{count} notices resolved since yesterday")
TEST_TITLE: Final = Text(ko="온밤 시험 알림", en="Onbam's test notice")
TEST_BODY: Final = Text(
    ko="{machine}에서 {at}에 보냈습니다. 이 알림이 보이면 통로가 일합니다.",
    en="Sent from {machine} at {at}. If you can read this, the channel works.",
)
NO_SENDER: Final = Text(
    ko="보내는 주소가 없습니다. notices.mail_from 또는 notices.mail_user를 적으십시오",
    en="there is no sender's address: set notices.mail_from, or notices.mail_user",
)
BAD_ADDRESS: Final = Text(
    ko="쓸 수 없는 주소입니다. [notices]에서 이 통로의 주소들(mail_host, mail_from, mail_to, chat_url, phone_url)을 확인하십시오",
    en="this address cannot be used: look at those of this channel in [notices] (mail_host, mail_from, mail_to, chat_url, phone_url)",
)
NO_ANSWER: Final = Text(ko="{seconds:g}초 안에 답이 없었습니다", en="no answer within {seconds:g} s")

CHANNEL_FAILS: Final = Text(ko="알림을 {channel}(으)로 보내지 못하고 있습니다.", en="Notices do not get through to {channel}.")
CHANNEL_FAILS_ADVICE: Final = Text(
    ko="까닭: {why}. 저절로 다시 시도합니다. 고친 뒤 'onbam notices test {group}'으로 확인하십시오.",
    en="Reason: {why}. It is tried again by itself. After mending it, see with 'onbam notices test {group}'.",
)
CHANNEL_STOPPED_ADVICE: Final = Text(
    ko="까닭: {why}. 설정을 고칠 때까지 다시 시도하지 않습니다. 고친 뒤 'onbam notices test {group}'으로 확인하십시오.",
    en="Reason: {why}. It is not tried again until its settings change. Then see with 'onbam notices test {group}'.",
)

BAD_QUIET: Final = Text(
    ko="notices.quiet = '{text}'은(는) 시간대가 아닙니다.", en="notices.quiet = '{text}' is no stretch of time."
)
BAD_QUIET_HINT: Final = Text(ko="22:00-06:00처럼 적거나 비우십시오.", en="Write it as 22:00-06:00, or leave it empty.")
BAD_DIGEST: Final = Text(
    ko="notices.digest_at = '{text}'은(는) 시각이 아닙니다.", en="notices.digest_at = '{text}' is no time of day."
)
BAD_DIGEST_HINT: Final = Text(ko="08:00처럼 적거나 비우십시오.", en="Write it as 08:00, or leave it empty.")
