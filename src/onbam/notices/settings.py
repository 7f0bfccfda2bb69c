"""Settings of the channels that carry notices outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from onbam.kernel.forms import ADDRESS_OR_NONE, STRETCH_OR_NONE, TIME_OR_NONE, one_of
from onbam.kernel.settings import Secret, setting
from onbam.kernel.words import Text

Floor = Literal["info", "warn", "urgent", "off"]


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """Who is told, about what, and when not."""

    mail_host: str = setting(
        "", Text(ko="메일을 보낼 SMTP 서버. 비우면 메일을 보내지 않습니다", en="SMTP server for mail; empty sends none")
    )
    mail_port: int = setting(
        0, Text(ko="SMTP 포트. 0은 보안 방식에 따름", en="Its port; 0 follows mail_security"), ge=0, le=65_535
    )
    mail_security: Literal["starttls", "ssl", "none"] = setting(
        "starttls",
        Text(ko="SMTP 보안: starttls(587), ssl(465), none(25)", en="How it is secured: starttls (587), ssl (465), none (25)"),
    )
    mail_user: str = setting("", Text(ko="SMTP 사용자", en="SMTP user"))
    mail_password: Secret = setting(Secret(""), Text(ko="SMTP 암호 (앱 비밀번호)", en="SMTP password (an app password)"))
    mail_from: str = setting("", Text(ko="보내는 주소. 비우면 mail_user", en="Sender's address; empty means mail_user"))
    mail_to: tuple[str, ...] = setting(
        (), Text(ko="받는 주소들 (쉼표로 나눔)", en="Addresses to write to, separated by commas")
    )
    mail_floor: Floor = setting("warn", Text(ko="메일로 보내는 가장 낮은 심각도", en="Least severity that is mailed"))
    chat_url: Secret = setting(
        Secret(""),
        Text(
            ko="대화방 웹훅: Apprise 주소 (slack://…, discord://…, tgram://…, json://…). 여럿이면 빈칸으로 나눔",
            en="Chat room as an Apprise address (slack://…, discord://…, tgram://…, json://…); several separated by spaces",
        ),
    )
    chat_floor: Floor = setting(
        "warn", Text(ko="대화방에 보내는 가장 낮은 심각도", en="Least severity that goes to the chat room")
    )
    phone_url: Secret = setting(
        Secret(""),
        Text(
            ko="휴대전화: Apprise 주소 (ntfy://…, pover://…, gotify://…). 여럿이면 빈칸으로 나눔",
            en="Phone as an Apprise address (ntfy://…, pover://…, gotify://…); several separated by spaces",
        ),
    )
    phone_floor: Floor = setting(
        "urgent", Text(ko="휴대전화로 보내는 가장 낮은 심각도", en="Least severity that goes to the phone")
    )
    quiet: str = setting(
        "22:00-06:00",
        Text(
            ko="조용한 시간. 급하지 않은 알림은 끝날 때까지 기다립니다. 비우면 없음",
            en="Quiet hours; what is not urgent waits until they end. Empty means none",
        ),
        form=STRETCH_OR_NONE,
    )
    digest_at: str = setting(
        "08:00",
        Text(ko="하루 요약을 보내는 시각. 비우면 보내지 않음", en="When the daily digest goes out; empty means never"),
        form=TIME_OR_NONE,
    )
    digest_to: tuple[str, ...] = setting(
        ("mail",),
        Text(ko="하루 요약을 받는 통로 (mail, chat, phone)", en="Channels that get the digest (mail, chat, phone)"),
        form=one_of("mail", "chat", "phone"),
    )
    tell_resolved: bool = setting(
        True, Text(ko="알린 일이 해결되면 그것도 알립니다", en="Whether it is told too when what was told is over")
    )
    again_minutes: float = setting(
        30.0,
        Text(ko="같은 원인이 되풀이될 때 다시 알리기까지의 시간(분)", en="Minutes before a cause that came back is told again"),
        ge=0,
        le=10_080,
    )
    remind_hours: float = setting(
        0.0,
        Text(
            ko="급한데 아무도 보지 않은 알림을 다시 보내는 간격(시간). 0은 한 번만",
            en="Hours after which an urgent notice nobody has seen is sent again; 0 means once only",
        ),
        ge=0,
        le=168,
    )
    bundle_over: int = setting(
        5,
        Text(ko="이보다 많은 알림이 밀리면 한 통으로 묶습니다", en="More waiting notices than this go out as one message"),
        ge=1,
        le=500,
    )
    timeout_s: float = setting(
        20.0, Text(ko="통로 하나를 기다리는 한도(초)", en="Seconds to wait for one channel"), ge=1, le=120
    )
    give_up_hours: float = setting(
        24.0,
        Text(ko="보내지 못한 알림을 이만큼 뒤에는 포기합니다(시간)", en="Hours after which an undelivered notice is given up"),
        ge=1,
        le=720,
    )
    link_base: str = setting(
        "",
        Text(
            ko="알림에 붙일 대시보드 주소, 예: http://192.168.0.10:5080",
            en="Dashboard's address for links in notices, as http://192.168.0.10:5080",
        ),
        form=ADDRESS_OR_NONE,
    )
    deadman_url: Secret = setting(
        Secret(""),
        Text(
            ko="살아 있음을 알릴 바깥 주소 (healthchecks 방식). 신호가 끊기면 그쪽이 알립니다",
            en="Outside address that hears a ping while all is well (healthchecks style) and tells people when it stops",
        ),
        form=ADDRESS_OR_NONE,
    )
    deadman_minutes: float = setting(5.0, Text(ko="그 신호의 간격(분)", en="Minutes between two pings"), ge=0.1, le=1_440)
