"""Settings: one tree, every source, and errors that name the place and the fix."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from onbam.bootstrap import Settings
from onbam.guard.settings import read_share
from onbam.kernel.errors import Misconfigured
from onbam.kernel.home import find_home, user_folder, user_name
from onbam.kernel.settings import Loaded, Secret, known, load, setting
from onbam.kernel.words import Text

HELP = Text(ko="설명", en="help")


@dataclass(frozen=True, slots=True)
class Lock:
    """A room's settings."""

    enabled: bool = setting(True, HELP, env="ENABLE_DISTRIBUTED_LOCK")
    timeout_s: int = setting(1800, HELP, env="LOCK_TIMEOUT_SEC", ge=10, le=86_400)
    check_s: float = setting(60.0, HELP, env="SCHEDULER_CHECK_INTERVAL", env_scale=0.001)
    store: Literal["auto", "sheets"] = setting("auto", HELP)
    names: tuple[str, ...] = setting((), HELP)
    secret: Secret | None = setting(None, HELP, env="NAVER_CLIENT_SECRET")


@dataclass(frozen=True)
class Tree:
    """The whole of it."""

    lock: Lock = field(default_factory=Lock)


def read(home: Path, environ: dict[str, str] | None = None, flags: dict[str, str] | None = None) -> Loaded[Tree]:
    """Load the tree of this test."""
    return load(Tree, home, environ or {}, flags)


def test_defaults_hold_where_nothing_is_said(tmp_path: Path) -> None:
    """An empty folder gives the defaults, and says so."""
    loaded = read(tmp_path)
    assert loaded.tree == Tree()
    assert {origin.kind for origin in loaded.origins.values()} == {"default"}


def test_each_source_beats_the_one_before(tmp_path: Path) -> None:
    """Defaults < onbam.toml < .env < .env.local < environment < flags."""
    expected = 1800
    assert read(tmp_path).tree.lock.timeout_s == expected
    (tmp_path / "onbam.toml").write_text("[lock]\ntimeout_s = 11\n")
    assert read(tmp_path).tree.lock.timeout_s == 11
    (tmp_path / ".env").write_text("LOCK_TIMEOUT_SEC=12\n")
    assert read(tmp_path).tree.lock.timeout_s == 12
    (tmp_path / ".env.local").write_text("LOCK_TIMEOUT_SEC=13\n")
    assert read(tmp_path).tree.lock.timeout_s == 13
    environ = {"LOCK_TIMEOUT_SEC": "14"}
    assert read(tmp_path, environ).tree.lock.timeout_s == 14
    loaded = read(tmp_path, environ, {"lock.timeout_s": "15"})
    assert loaded.tree.lock.timeout_s == 15
    assert loaded.origins["lock.timeout_s"].where == "--set lock.timeout_s"


def test_the_shops_old_names_and_milliseconds_work(tmp_path: Path) -> None:
    """The names people already have keep their meaning and their unit."""
    (tmp_path / ".env").write_text("ENABLE_DISTRIBUTED_LOCK=false\nSCHEDULER_CHECK_INTERVAL=120000\n")
    lock = read(tmp_path).tree.lock
    assert (lock.enabled, lock.check_s) == (False, 120.0)


@pytest.mark.parametrize("text", ["$2a$04$wXyZ.${HOME}$(id)", "a b\\n", "p#w", "x=y=z"])
def test_a_value_in_env_is_read_to_the_letter(tmp_path: Path, text: str) -> None:
    """A Naver secret begins `$2a$`: nothing in a value is expanded or cut."""
    (tmp_path / ".env").write_text(f"NAVER_CLIENT_SECRET={text}\n")
    secret = read(tmp_path).tree.lock.secret
    assert secret is not None
    assert secret.reveal() == text


@pytest.mark.parametrize(
    "line", ["LOCK_TIMEOUT_SEC='60' # 설명", "export LOCK_TIMEOUT_SEC=60", " LOCK_TIMEOUT_SEC = 60   # 설명"]
)
def test_the_usual_spellings_of_env_are_understood(tmp_path: Path, line: str) -> None:
    """Quotes, export and remarks are what people write."""
    (tmp_path / ".env").write_text(line + "\n", encoding="utf-8")
    assert read(tmp_path).tree.lock.timeout_s == 60


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_files_saved_by_korean_windows_are_read(tmp_path: Path, encoding: str) -> None:
    """Notepad's encodings do not matter."""
    (tmp_path / ".env").write_bytes("# 잠금 설정\nLOCK_TIMEOUT_SEC=60\n".encode(encoding))
    assert read(tmp_path).tree.lock.timeout_s == 60


BAD = [
    (".env", "\nLOCK_TIMEOUT_SECS=60", ".env:2", "LOCK_TIMEOUT_SEC"),
    (".env", "LOCK_TIMEOUT_SEC=soon", ".env:1", "whole number"),
    (".env", "LOCK_TIMEOUT_SEC=5", ".env:1", "from 10 to 86400"),
    (".env", "ENABLE_DISTRIBUTED_LOCK=maybe", ".env:1", "true or false"),
    (".env", "what is this", "Line 1", "NAME=value"),
    (".env", "LOCK_TIMEOUT_SEC=60\nONBAM_LOCK_TIMEOUT_S=70", ".env:2", "ONBAM_LOCK_TIMEOUT_S"),
    ("onbam.toml", "[lock]\n\ntimeot_s = 60", "onbam.toml:3", "lock.timeout_s"),
    ("onbam.toml", "[lok]\ntimeout_s = 60", "onbam.toml:1", "lock"),
    ("onbam.toml", "[lock]\ntimeout_s = true", "onbam.toml:2", "whole number"),
    ("onbam.toml", '[lock]\nstore = "redis"', "onbam.toml:2", "auto, sheets"),
    ("onbam.toml", "[lock\n", "onbam.toml", "Mend that line"),
]


@pytest.mark.parametrize(("file", "text", "place", "fix"), BAD)
def test_a_mistake_names_its_place_and_the_fix(tmp_path: Path, file: str, text: str, place: str, fix: str) -> None:
    """File, line, nearest known name or the kind of value wanted; exit code 78."""
    (tmp_path / file).write_text(text)
    with pytest.raises(Misconfigured) as caught:
        read(tmp_path)
    said = caught.value.to("en")
    assert place in said
    assert fix in said
    assert caught.value.exit_code == 78
    assert caught.value.to("ko") != said


SLIPS = [
    ("[lock\n", "1번째 줄 6번째 글자", "]이(가) 빠졌"),
    ("[[lock]\n", "1번째 줄", "]]이(가) 빠졌"),
    ("[lock]\nstore = auto", "2번째 줄 9번째 글자", "따옴표로 감싸고"),
    ('[lock]\nstore = "auto', "파일의 끝", "닫는 따옴표"),
    ('[lock]\nstore = "auto\nx = 1', "2번째 줄", "닫는 따옴표"),
    ('[lock]\nstore = "C:\\UserData"', "2번째 줄", r"큰따옴표 안의 \는 \\로"),
    ('[lock]\nstore = "C:\\onbam"', "2번째 줄", r"'C:\robot'"),
    ('[lock]\nstore: "auto"', "2번째 줄", "=이 없습니다"),
    ('[lock]\nstore = "auto" 값', "2번째 줄", "다른 것이 더"),
    ("[lock]\n[lock]", "2번째 줄", "두 번"),
    ("[a.b]\n[a.b]", "2번째 줄", "a.b"),
    ("a.b = 1\n[a.b]", "2번째 줄", "두 번"),
    ("a = 1\na = 2\n", "2번째 줄", "두 번"),
    ("a = {b = 1, b = 2}", "1번째 줄", "두 번"),
    ("a = {b = 1\n", "1번째 줄", "닫는 }가"),
    ("a = [1, 2", "파일의 끝", "닫는 ]가"),
    ("a = 2026-02-31", "1번째 줄", "날짜"),
    ("이름 = 1", "1번째 줄", "이름은 영어로"),
    ('a = "\x00"', "1번째 줄", "쓸 수 없는 글자"),
    (f"a = {'9' * 5_000}", "onbam.toml", ""),
    (f"a = {'[' * 5_000}", "onbam.toml", ""),
]


@pytest.mark.parametrize(("text", "place", "what"), SLIPS, ids=range(len(SLIPS)))
def test_a_slip_in_the_writing_is_told_in_the_readers_language(tmp_path: Path, text: str, place: str, what: str) -> None:
    """Line, column and what to write; no English word of the library stands in a Korean sentence."""
    (tmp_path / "onbam.toml").write_text(text, "utf-8")
    with pytest.raises(Misconfigured) as caught:
        read(tmp_path)
    said = caught.value.to("ko")
    assert place in said
    assert what in said
    english = re.findall(r"[A-Za-z]{2,}", said.partition("읽을 수 없습니다")[2])
    assert not what or set(english) <= {"true", "false", "robot", "lock", "x00"}


@pytest.mark.parametrize("name", ["onbam.toml", ".env"])
@pytest.mark.parametrize("asked", ["stat", "read_bytes"])
def test_a_file_this_user_may_not_read_is_named_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, asked: str
) -> None:
    """Another user's file, or a folder closed to this one: a sentence, and never the defaults as if nothing were set."""
    (tmp_path / name).write_text("", "utf-8")
    real = getattr(Path, asked)

    def closed(self: Path, **how: bool) -> object:
        if self.name == name:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self, **how)

    monkeypatch.setattr(Path, asked, closed)
    with pytest.raises(Misconfigured) as caught:
        read(tmp_path)
    assert str(tmp_path / name) in caught.value.to("en")
    assert "--home" in caught.value.to("ko")


def test_a_folder_one_may_not_look_into_is_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who stands in another user's folder works with their own."""
    monkeypatch.setattr(os, "stat", refused)
    assert find_home({}, tmp_path) == user_folder({})


def refused(path: object, **_: object) -> object:
    """A system that lets nobody look."""
    raise PermissionError(errno.EACCES, "Permission denied", str(path))


def test_an_unknown_onbam_name_in_the_environment_is_refused(tmp_path: Path) -> None:
    """A mistyped ONBAM_ variable is not silently ignored; other programs' variables are."""
    with pytest.raises(Misconfigured, match="ONBAM_LOCK_TIMOUT_S"):
        read(tmp_path, {"ONBAM_LOCK_TIMOUT_S": "60"})
    assert read(tmp_path, {"PATH": "/bin", "ONBAM_HOME": "/x"}).tree == Tree()


def test_names_of_other_programs_in_env_can_be_declared(tmp_path: Path) -> None:
    """A .env shared with another program keeps working once its names are declared."""
    (tmp_path / ".env").write_text("ERP_ID=kim\nERP_PW=x\n")
    with pytest.raises(Misconfigured, match="ERP_ID"):
        read(tmp_path)
    (tmp_path / "onbam.toml").write_text('[env]\nforeign = ["ERP_*"]\n')
    assert read(tmp_path).tree == Tree()


def test_a_secret_may_come_from_a_file_or_a_shelf(tmp_path: Path) -> None:
    """NAME_FILE names a file; the shelf (keyring, encrypted file) is asked last."""
    (tmp_path / "naver.txt").write_text("$2a$file\n")
    loaded = read(tmp_path, {"NAVER_CLIENT_SECRET_FILE": "naver.txt"})
    assert loaded.tree.lock.secret == Secret("$2a$file")
    shelf = load(Tree, tmp_path, {}, shelf=lambda name: ("from shelf", "keyring") if name == "ONBAM_LOCK_SECRET" else None)
    assert shelf.tree.lock.secret == Secret("from shelf")
    assert shelf.origins["lock.secret"].where == "keyring"
    with pytest.raises(Misconfigured, match=r"missing\.txt"):
        read(tmp_path, {"NAVER_CLIENT_SECRET_FILE": "missing.txt"})


def test_a_secret_does_not_show_itself() -> None:
    """Neither printing nor formatting a secret, nor an error about it, shows its value."""
    secret = Secret("canary-value")
    shown = f"{secret} {secret!r} {[secret]} {Lock(secret=secret)}"
    assert "canary" not in shown
    assert secret.reveal() == "canary-value"


def test_every_setting_of_the_product_declares_itself_in_both_languages() -> None:
    """Help exists for all of them, and no two answer to one name."""
    from onbam.bootstrap import Settings

    items = known(Settings)
    names = [variable for item in items for variable, _ in item.variables()]
    assert len(names) == len(set(names))
    assert all(item.meta.help.ko and item.meta.help.en for item in items)
    for old in ("SCHEDULER_CHECK_INTERVAL", "SCHEDULER_MAX_CONCURRENT", "SCHEDULER_ENABLED", "HISTORY_FILE"):
        assert old in names


WRONG_FORMS = [
    ("notices", 'quiet = "abc"', "notices.quiet = 'abc'", "22:00-06:00"),
    ("notices", 'digest_at = "99:99"', "'99:99'", "06:00"),
    ("notices", 'digest_to = "mail, mial"', "'mial'", "Did you mean 'mail'?"),
    ("notices", 'deadman_url = "foo"', "'•••'", "http:// or https://"),
    ("notices", 'link_base = "192.168.0.10:5080"', "'192.168.0.10:5080'", "http:// or https://"),
    ("schedules", 'opens = "9"', "schedules.opens = '9'", "06:00"),
    ("schedules", 'weekdays = ["mon", "foo"]', "'foo'", "mon, tue"),
    ("schedules", 'weekdays = "mon, wde"', "'wde'", "Did you mean 'wed'?"),
    ("schedules", 'exceptions = "2026-02-30=closed"', "2026-02-30", "2026-02-16=closed"),
    ("schedules", 'opens = "19:00"', "The shop opens at 19:00", "earlier"),
    ("guard", 'main = "nosuch"', "guard.main = 'nosuch'", "agent"),
    ("guard", 'main = "agnet"', "'agnet'", "Did you mean 'agent'?"),
    ("web", 'host = "999.1.1.1"', "'999.1.1.1'", "127.0.0.1"),
    ("web", 'proxies = "10.0.0.0/24, proxy"', "'proxy'", "10.0.0.0/24"),
    ("portal", 'url = "foo"', "portal.url = 'foo'", "http:// or https://"),
]


@pytest.mark.parametrize(("section", "line", "said", "fix"), WRONG_FORMS)
def test_a_value_of_the_wrong_form_is_told_before_anything_starts(
    tmp_path: Path, section: str, line: str, said: str, fix: str
) -> None:
    """Times, weekdays, addresses and names: with file, line and the right form, and not by the program that dies of it."""
    (tmp_path / "onbam.toml").write_text(f"[{section}]\n{line}\n")
    with pytest.raises(Misconfigured) as caught:
        load(Settings, tmp_path, {})
    assert str(caught.value.message).startswith("onbam.toml:2: ")
    assert said.replace("'•••'", "•••") in str(caught.value.message)
    assert fix in str(caught.value.hint)


def test_the_right_forms_are_taken(tmp_path: Path) -> None:
    """What the documentation shows, and what was allowed to be empty."""
    (tmp_path / "onbam.toml").write_text(
        '[notices]\nquiet = ""\ndigest_at = ""\ndigest_to = []\nlink_base = "http://[::1]:5080"\n'
        '[schedules]\nweekdays = ["Monday", "fri"]\nexceptions = ["2026-02-16=closed", "2026-02-18=06:00-12:00"]\n'
        '[web]\nhost = "pc-a.local"\nproxies = ["127.0.0.1", "10.0.0.0/24"]\n'
        '[guard]\nmain = "my-robot"\n[process.my-robot]\ncommand = "x"\n'
    )
    assert load(Settings, tmp_path, {}).tree.web.host == "pc-a.local"


def test_the_guard_starts_beside_wrong_sections_of_others(tmp_path: Path) -> None:
    """It reads its own share; whoever needs the rest is told."""
    (tmp_path / "onbam.toml").write_text('[notices]\nquiet = "abc"\n[guard]\nrun = []\n')
    assert read_share(tmp_path, {}, {}).tree.guard.run == ()


def test_who_is_logged_on_is_known_without_a_variable() -> None:
    """A service has neither USER nor USERNAME, and the system knows all the same."""
    assert user_name({"USERNAME": "kim", "USER": "lee"}) == "kim"
    assert user_name({"USER": "lee"}) == "lee"
    assert user_name({}) not in ("", "unknown")
