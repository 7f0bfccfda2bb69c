"""What `onbam web` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

WEB: Final = Text(ko="대시보드를 열고, 누가 들어올지 정합니다.", en="Run the dashboard, and say who may come in.")
RUN: Final = Text(
    ko="대시보드를 켭니다.\n\n기본은 이 PC에서만 열립니다 (127.0.0.1:5080). Ctrl-C로 끝냅니다.",
    en="Run the dashboard.\n\nBy default it opens on this PC only (127.0.0.1:5080). Ctrl-C ends it.",
)
HOST_OPTION: Final = Text(ko="듣는 주소 (기본값은 설정 web.host).", en="Address to listen on (web.host by default).")
PORT_OPTION: Final = Text(
    ko="포트 (기본값은 설정 web.port, 0은 빈 포트).", en="Port (web.port by default; 0 takes a free one)."
)
OPEN_OPTION: Final = Text(ko="브라우저도 엽니다.", en="Open a browser too.")
LISTENING: Final = Text(ko="대시보드: {address}", en="The dashboard: {address}")
FIRST: Final = Text(
    ko="첫 관리자를 만드는 링크 (한 번만, 30분 동안): {address}",
    en="Link to make the first administrator (once, within 30 minutes): {address}",
)
NOBODY_CAN_COME_IN: Final = Text(
    ko="아직 들어올 사람이 없습니다. 첫 관리자를 만들 링크는 터미널에서: onbam web link",
    en="Nobody can come in yet. For a link that makes the first administrator, at a terminal: onbam web link",
)
ON_THE_LAN: Final = Text(
    ko="같은 네트워크에서도 열립니다. 비밀번호가 평문으로 오가지 않게 앞에 HTTPS를 세우고 web.public_url에 주소를 적으십시오.",
    en="It opens from the network too. Put HTTPS in front, so that no password travels in the clear, and write its address into web.public_url.",
)
STOPPED: Final = Text(ko="대시보드를 껐습니다.", en="The dashboard has stopped.")
LINK: Final = Text(
    ko="한 번 쓰는 로그인 링크를 만듭니다. 이름이 없으면 첫 관리자를 만드는 링크입니다.",
    en="Make a log-in link that works once; without a name, one to make the first administrator.",
)
LINK_IS: Final = Text(ko="한 번만, 30분 동안 열립니다: {address}", en="It opens once, within 30 minutes: {address}")
LINK_NOT_FIRST: Final = Text(ko="관리자가 이미 있습니다.", en="There is an administrator already.")
LINK_NOT_FIRST_HINT: Final = Text(
    ko="들어올 사람의 이름을 쓰십시오: onbam web link 이름", en="Name who shall come in: onbam web link NAME"
)
USER: Final = Text(ko="사용자를 보고 더하고 바꿉니다.", en="See, add and change users.")
USER_ADD: Final = Text(
    ko="사용자를 더하고, 비밀번호를 정할 링크를 보여 줍니다.", en="Add a user and show the link to choose a password."
)
USER_LIST: Final = Text(ko="사용자를 보여 줍니다.", en="List the users.")
USER_ROLE: Final = Text(ko="사용자의 역할을 바꿉니다.", en="Change a user's role.")
USER_DISABLE: Final = Text(
    ko="사용자를 막습니다. 로그인된 곳도 바로 끝납니다.", en="Shut a user out; their log-ins end at once."
)
USER_ENABLE: Final = Text(ko="막은 사용자를 다시 들입니다.", en="Let a user in again.")
ROLE_OPTION: Final = Text(ko="역할 (admin, operator, viewer, seller).", en="Role (admin, operator, viewer, seller).")
SHOWN_OPTION: Final = Text(ko="화면에 보이는 이름.", en="The name others see.")
ADDED: Final = Text(ko="{name} 님을 더했습니다 ({role}).", en="{name} is added ({role}).")
CHANGED: Final = Text(ko="{name}: {role}", en="{name}: {role}")
DISABLED: Final = Text(ko="{name} 님을 막았습니다.", en="{name} is shut out.")
ENABLED: Final = Text(ko="{name} 님이 다시 들어올 수 있습니다.", en="{name} may come in again.")
NAME: Final = Text(ko="이름", en="name")
SHOWN: Final = Text(ko="보이는 이름", en="shown as")
ROLE: Final = Text(ko="역할", en="role")
SEEN: Final = Text(ko="마지막 로그인", en="last log-in")
OUT: Final = Text(ko="막힘", en="shut out")
NEVER: Final = Text(ko="아직 없음", en="never")
NOBODY: Final = Text(
    ko="아직 사용자가 없습니다. 첫 관리자는 'onbam web link'의 링크로 만듭니다.",
    en="There are no users yet. The link of 'onbam web link' makes the first administrator.",
)
