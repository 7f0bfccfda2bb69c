"""The page beside what was registered, in both languages."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

HEAD: Final = Text(
    ko="""
# 시작 등록

`onbam install`이 이 PC에 등록한 것입니다. 손으로 고칠 것은 없습니다. 다시 보려면 `onbam install --check`, 지우려면 `onbam uninstall`.

{made}

- 매일 {at}에 PC를 깨우고 지킴이가 일하고 있게 합니다. 그 시각에 지킴이가 스스로 새로 시작합니다.
- 실행되는 명령: `{command}`
- 폴더: `{home}`, 사용자: `{user}`""",
    en="""
# Start at boot

What `onbam install` has registered on this PC. Nothing has to be edited. Look again with `onbam install --check`, take it away with `onbam uninstall`.

{made}

- Every day at {at} the PC is woken and the guard made sure of; the guard renews itself at that time.
- The command that is run: `{command}`
- Folder: `{home}`, user: `{user}`""",
)

STEPS: Final = {
    "windows": Text(
        ko="""
## 눈으로 확인하기

1. 시작 메뉴에서 **작업 스케줄러**를 열고 왼쪽의 **작업 스케줄러 라이브러리**를 누릅니다. 위의 두 이름이 목록에 있고 상태가 **준비**여야 합니다.
2. 작업을 두 번 누릅니다. **트리거**: 하나는 매일 {at}, 하나는 시작할 때와 5분마다. **동작**: 위의 명령과 폴더.
3. **조건**: 첫 작업은 **이 작업을 실행하기 위해 절전 모드 종료**가 켜져 있고, 전원 조건은 모두 꺼져 있습니다.
4. **설정**: 실행 시간 제한이 없고, **예약된 시작 시간을 놓친 경우 가능한 대로 빨리 시작**이 켜져 있습니다.
5. 제어판 → 전원 옵션 → 고급 → 절전 → **절전 모드 해제 타이머 허용**을 사용으로 둡니다. 꺼진 PC는 깨어나지 않습니다.""",
        en="""
## See it

1. Open **Task Scheduler** from the start menu and click **Task Scheduler Library**: both names above are listed, their state is **Ready**.
2. Double-click a task. **Triggers**: one daily at {at}, one at the start and every five minutes. **Actions**: the command and folder above.
3. **Conditions**: for the first task **Wake the computer to run this task** is on; everything about power is off.
4. **Settings**: no time limit, and **Run task as soon as possible after a scheduled start is missed** is on.
5. Control Panel → Power Options → advanced → Sleep → **Allow wake timers** must be enabled. A PC that is switched off is not woken.""",
    ),
    "linux": Text(
        ko="""
## 눈으로 확인하기

`systemctl status onbam.service`와 `systemctl list-timers onbam-daily.timer` (사용자 설치라면 `systemctl --user …`). 서비스는 **active (running)**, 타이머는 다음 {at}을 보여야 합니다.""",
        en="""
## See it

`systemctl status onbam.service` and `systemctl list-timers onbam-daily.timer` (with `--user` for one person's installation): the service is **active (running)**, the timer names the next {at}.""",
    ),
    "macos": Text(
        ko="""
## 눈으로 확인하기

`launchctl print gui/$(id -u)/onbam.guard`의 **state = running** (시스템 설치라면 `system/onbam.guard`). {at}에는 꺼져 있을 때만 다시 시작합니다.""",
        en="""
## See it

`launchctl print gui/$(id -u)/onbam.guard` says **state = running** (`system/onbam.guard` for the whole machine). At {at} it is started again should it be down.""",
    ),
}

BY_HAND: Final = {
    "windows": Text(
        ko="""
## 손으로 시험하기

1. 관리자 명령 프롬프트에서 `schtasks /Run /TN "ERP 자동화 일일 재시작"`.
2. `onbam check --daily`: 프로세스 수 1, 하트비트 30분 이내, 작업 스케줄러 Ready.
3. `logs` 폴더에 오늘 날짜의 파일이 있습니다.""",
        en="""
## Try it by hand

1. In a prompt with all rights: `schtasks /Run /TN "ERP 자동화 일일 재시작"` (the task's Korean name).
2. `onbam check --daily`: one process, a beat within 30 minutes, the task Ready.
3. The folder `logs` holds a file of today.""",
    ),
    "linux": Text(
        ko="""
## 손으로 시험하기

`systemctl restart onbam.service`, 그다음 `onbam check --daily`. 재부팅한 뒤에도 같은 답이어야 합니다.""",
        en="""
## Try it by hand

`systemctl restart onbam.service`, then `onbam check --daily`; the same answer after a reboot.""",
    ),
    "macos": Text(
        ko="""
## 손으로 시험하기

`launchctl kickstart -k gui/$(id -u)/onbam.guard`, 그다음 `onbam check --daily`.""",
        en="""
## Try it by hand

`launchctl kickstart -k gui/$(id -u)/onbam.guard`, then `onbam check --daily`.""",
    ),
}

TROUBLE: Final = {
    "windows": Text(
        ko="""
## 시작되지 않았을 때

| 보이는 것 | 까닭 | 할 일 |
| --- | --- | --- |
| 목록에 이름이 없다 | 등록되지 않았다 | 관리자 권한으로 `onbam install` |
| 마지막 결과 0x41303 | 아직 실행된 적이 없다 | **실행**을 눌러 보십시오 |
| 마지막 결과 0x800710E0 | 조건이나 사용자 때문에 거절되었다 | 사용자가 `{user}`인지 보십시오 |
| 마지막 결과 0x2, 0x3 | 폴더를 옮겼다 | 옮긴 폴더에서 `onbam install` |
| {at}에 깨어나지 않는다 | 절전 모드 해제 타이머가 꺼져 있거나 PC가 꺼져 있었다 | 전원 옵션을 보십시오 |
| 브라우저가 보이지 않는다 | 로그온 없이 시작되어 세션 0에서 돈다 | `onbam install --user`와 자동 로그온 |""",
        en="""
## When it did not start

| what you see | why | what to do |
| --- | --- | --- |
| the names are not listed | nothing is registered | `onbam install` with administrator's rights |
| last result 0x41303 | it never ran yet | press **Run** |
| last result 0x800710E0 | refused for its conditions or user | see that the user is `{user}` |
| last result 0x2, 0x3 | the folder was moved | `onbam install` in the new folder |
| it does not wake at {at} | wake timers are off, or the PC was switched off | see the power options |
| the browser is not visible | started without a log-on, it runs in session 0 | `onbam install --user` and automatic log-on |""",
    ),
    "linux": Text(
        ko="""
## 시작되지 않았을 때

`journalctl -u onbam.service -n 50`. 종료 코드 78은 설정이 틀렸다는 뜻이며 다시 시작하지 않습니다: `onbam doctor`. 사용자 설치라면 `loginctl show-user {user} -p Linger`가 yes여야 합니다.""",
        en="""
## When it did not start

`journalctl -u onbam.service -n 50`. Exit code 78 means unusable settings and is not tried again: `onbam doctor`. For one person's installation `loginctl show-user {user} -p Linger` must say yes.""",
    ),
    "macos": Text(
        ko="""
## 시작되지 않았을 때

`logs/guard_launchd.log`를 보십시오. {at}에 Mac을 깨우려면 `sudo pmset repeat wake MTWRFSU {at}:00`.""",
        en="""
## When it did not start

See `logs/guard_launchd.log`. To wake the Mac at {at}: `sudo pmset repeat wake MTWRFSU {at}:00`.""",
    ),
}
