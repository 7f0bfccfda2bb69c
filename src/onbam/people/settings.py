"""Settings of the desk's door: where it listens and how people come in."""

from __future__ import annotations

from dataclasses import dataclass

from onbam.kernel.forms import ADDRESS_OR_NONE, HOST, NETWORK
from onbam.kernel.settings import setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The dashboard's door."""

    host: str = setting(
        "127.0.0.1",
        Text(
            ko="대시보드가 듣는 주소. 0.0.0.0으로 두면 같은 네트워크의 PC와 휴대폰에서도 열립니다",
            en="Address the dashboard listens on; 0.0.0.0 opens it to other PCs and phones on the network",
        ),
        form=HOST,
    )
    port: int = setting(5080, Text(ko="대시보드의 포트", en="The dashboard's port"), env="WEB_PORT", ge=1, le=65535)
    names: tuple[str, ...] = setting(
        (),
        Text(
            ko="대시보드를 부르는 다른 이름들 (쉼표로 나눔). 이 밖의 이름으로 온 요청은 받지 않습니다",
            en="Further names the dashboard is called by; a request under any other name is refused",
        ),
    )
    public_url: str = setting(
        "",
        Text(
            ko="앞에 HTTPS를 세웠다면 그 주소 (예: https://desk.example.com)",
            en="Its address when HTTPS stands in front, as in https://desk.example.com",
        ),
        form=ADDRESS_OR_NONE,
    )
    proxies: tuple[str, ...] = setting(
        (),
        Text(
            ko="앞에 선 프록시의 주소나 대역 (예: 127.0.0.1, 10.0.0.0/24). 이들이 전하는 X-Forwarded-For만 믿습니다",
            en="Addresses of the proxies in front, as in 127.0.0.1, 10.0.0.0/24; only their X-Forwarded-For is believed",
        ),
        form=NETWORK,
    )
    session_hours: float = setting(
        12.0, Text(ko="로그인이 유지되는 시간(시간)", en="Hours a log-in lasts without being used"), ge=0.25, le=720
    )
    tries: int = setting(5, Text(ko="잠시 막기 전까지 틀릴 수 있는 횟수", en="Wrong passwords before a pause"), ge=1, le=100)
    pause_s: float = setting(
        60.0,
        Text(ko="너무 여러 번 틀렸을 때 기다리는 시간(초)", en="Seconds of that pause; it doubles each time"),
        ge=1,
        le=3600,
    )
