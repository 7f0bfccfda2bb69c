"""The commands of care: the same facts for people and scripts, secrets in and never out."""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from onbam.bootstrap import Onbam
from onbam.cli.main import run
from onbam.kernel.settings import known
from onbam.kernel.words import plain
from onbam.notices.model import Cause, Severity
from onbam.orders.health import STOPPED

URL = "mysql://u:hunter2hunter2@h/d"


@pytest.fixture
def onbam(tmp_path, monkeypatch, capsys):
    """Give command lines to a fresh home; answers code, output, errors."""
    for name in [name for name in os.environ if name.startswith("ONBAM_")]:
        monkeypatch.delenv(name)

    def go(*command, typed="", lang="en", home=tmp_path):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = run(["--home", str(home), "--lang", lang, *command])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def test_show_tells_where_each_value_came_from(onbam, tmp_path):
    """Both forms; a part of a name narrows it, `--changed` leaves the defaults out."""
    (tmp_path / ".env").write_text("LOCK_TIMEOUT_SEC=900\n")
    code, out, _ = onbam("config", "show", "--json", "--changed")
    assert code == 0
    assert json.loads(out) == [{"name": "claims.timeout_s", "value": 900, "origin": "file", "where": ".env:1", "masked": False}]
    _, table, _ = onbam("config", "show", "claims.")
    assert "claims.timeout_s" in table
    assert ".env:1" in table
    assert "app.language" not in table
    code, _, err = onbam("config", "show", "nothing-like-this")
    assert (code, "There is no setting with 'nothing-like-this'" in err) == (1, True)


def test_list_names_every_setting(onbam):
    """With its variables, kind, default and meaning; no default of a secret."""
    from onbam.bootstrap import Settings

    _, out, _ = onbam("config", "list", "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert set(rows) == {item.dotted for item in known(Settings)}
    assert rows["claims.timeout_s"]["alias"] == "LOCK_TIMEOUT_SEC"
    assert rows["database.url"]["default"] == ""
    assert rows["database.url"]["masked"] is True
    _, table, _ = onbam("config", "list", "timeout_s", lang="ko")
    assert "한 주문을 맡을 수 있는" in table.replace("\n", " ")


def test_path_names_the_places(onbam, tmp_path):
    """Which files are there and which are not; nothing is made by looking."""
    (tmp_path / ".env").write_text("")
    places = json.loads(onbam("config", "path", "--json")[1])
    assert places["home"] == str(tmp_path)
    assert places["files"] == {"onbam.toml": False, ".env": True, ".env.local": False}
    assert str(tmp_path / "logs") in onbam("config", "path")[1]
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


@pytest.mark.parametrize("name", ["database.url", "ONBAM_DATABASE_URL", "onbam_database_url"])
def test_a_secret_goes_in_and_is_used(onbam, tmp_path, name):
    """Under any of its names; it is listed without its value, used by the settings, and forgotten again."""
    assert onbam("secret", "set", name, typed=f"{URL}\n")[0] == 0
    _, out, _ = onbam("secret", "list", "--json")
    (row,) = json.loads(out)
    assert (row["name"], row["where"], row["age_days"]) == ("ONBAM_DATABASE_URL", "file", 0)
    assert "ONBAM_DATABASE_URL" in onbam("secret", "list")[1]
    assert Onbam(tmp_path, {}).settings.database.url.reveal() == URL
    (shown,) = json.loads(onbam("config", "show", "database.url", "--json")[1])
    assert (shown["value"], shown["origin"], shown["where"]) == ("•••", "secret", "secrets.enc")
    assert onbam("secret", "remove", name)[0] == 0
    assert onbam("secret", "remove", name)[0] == 1
    assert "No secret is kept yet" in onbam("secret", "list")[1]


def test_a_value_that_stands_elsewhere_still_wins_and_it_is_said(onbam, tmp_path):
    """Or a person would wonder why the new secret does nothing."""
    (tmp_path / ".env").write_text(f"ONBAM_DATABASE_URL={URL}\n")
    _, _, err = onbam("secret", "set", "database.url", typed="mysql://u:other@h/d")
    assert ".env:1 still wins" in err


@pytest.mark.parametrize(
    ("name", "meant"), [("databse.url", "database.url"), ("claims.timeout_s", "ONBAM_CLAIMS_TIMEOUT_S"), ("ENCRYPTION_KEY", "")]
)
def test_only_secret_settings_are_kept(onbam, name, meant):
    """A wrong name gets the nearest one; the vault's own key cannot rest in the vault."""
    code, _, err = onbam("secret", "set", name, typed="x")
    assert code == 1
    assert meant in err


def test_a_wrong_key_can_be_mended_from_the_command_line(onbam, tmp_path, monkeypatch):
    """Settings that cannot be opened do not lock a person out of the secrets."""
    onbam("secret", "set", "database.url", typed=URL)
    (tmp_path / "vault.keys").rename(tmp_path / "elsewhere")
    assert onbam("config", "show")[0] == 78
    assert onbam("secret", "list")[0] == 0
    assert onbam("doctor")[0] == 1
    assert onbam("support", "bundle")[0] == 0
    assert onbam("secret", "remove", "ONBAM_DATABASE_URL")[0] == 0
    assert onbam("config", "show")[0] == 0


def test_the_key_is_changed_by_one_command(onbam, tmp_path):
    """And a key file for `ENCRYPTION_KEY_FILE` by another; neither shows the key."""
    onbam("secret", "set", "ecount.api_key", typed=URL)
    before = (tmp_path / "vault.keys").read_text()
    done = json.loads(onbam("secret", "rotate", "--json")[1])
    assert done["secrets"] == 1
    assert before != (tmp_path / "vault.keys").read_text()
    assert "earlier keys forgotten" in onbam("secret", "rotate", "--forget")[1]
    _, out, err = onbam("secret", "new-key", "shop.key")
    assert (tmp_path / "shop.key").read_text().strip() not in out + err
    assert onbam("secret", "new-key", "shop.key")[0] == 1
    (tmp_path / ".env").write_text("ENCRYPTION_KEY_FILE=shop.key\n")
    assert onbam("secret", "rotate")[0] == 0
    (tmp_path / "vault.keys").unlink()
    assert Onbam(tmp_path, {}).settings.ecount.api_key.reveal() == URL


def test_doctor_works_with_unreadable_settings(onbam, tmp_path):
    """It names the file, the line and the fix, in the reader's language, and ends with 1."""
    (tmp_path / ".env").write_text("LOCK_TIMOUT_SEC=1\n")
    code, out, _ = onbam("doctor", "--json")
    assert code == 1
    found = {row["name"]: row for row in json.loads(out)["findings"]}
    assert found["settings"]["state"] == "bad"
    assert ".env:1" in found["settings"]["text"]["en"]
    assert "LOCK_TIMEOUT_SEC" in found["settings"]["fix"]["ko"]
    assert found["python"]["state"] == "ok"
    assert "이상" in onbam("doctor", lang="ko")[1]


def test_doctor_makes_nothing(onbam, tmp_path):
    """Looking at a fresh home leaves it as it was."""
    code, out, _ = onbam("doctor", "--json")
    names = [row["name"] for row in json.loads(out)["findings"]]
    assert {
        "settings",
        "python",
        "sqlite",
        "disk",
        "zone",
        "database",
        "clock",
        "folder",
        "vault",
        "port",
        "boot",
        "leftovers",
    } <= set(names)
    assert code == int(json.loads(out)["state"] == "bad")
    assert list(tmp_path.iterdir()) == []


def test_doctor_looks_at_the_database(onbam, tmp_path):
    """One that opens is ok, one that cannot be reached is bad and does not hide the rest."""
    (tmp_path / "data").mkdir()
    with Onbam(tmp_path, {}) as there, there.database.read():
        pass
    assert _state(onbam, "database") == "ok"
    (tmp_path / ".env").write_text("ONBAM_DATABASE_URL=postgresql://u:p@127.0.0.1:9/d\n")
    assert _state(onbam, "database") == "bad"


def _state(onbam, name):
    return {row["name"]: row["state"] for row in json.loads(onbam("doctor", "--json")[1])["findings"]}[name]


def test_a_bundle_goes_where_it_is_sent(onbam, tmp_path):
    """With its name, size and contents as the answer."""
    made = json.loads(onbam("support", "bundle", "--to", str(tmp_path / "x" / "for-support.zip"), "--json")[1])
    assert made["path"] == str(tmp_path / "x" / "for-support.zip")
    assert "doctor.json" in made["members"]
    assert "for-support.zip" in onbam("support", "bundle", "--to", str(tmp_path / "for-support.zip"), lang="ko")[1]


def test_an_update_that_cannot_begin_says_why_once(onbam, monkeypatch):
    """Nothing was done, so there is no step to tell of: the sentence stands there one time, with what to do."""
    from onbam.care.update_program import InstalledProgram
    from onbam.kernel.errors import Refused

    def refuse(_):
        raise Refused(plain("It runs from its source folder."), plain("Use git pull."))

    monkeypatch.setattr(InstalledProgram, "version", lambda _: "1.0")
    monkeypatch.setattr(InstalledProgram, "wanted", refuse)
    code, out, err = onbam("update")
    assert (code, out, err.count("It runs from its source folder.")) == (1, "", 1)
    assert "git pull" in err


def test_init_writes_once(onbam, tmp_path):
    """From a script: the choice and its reason, what was written, and the second time nothing."""
    code, out, err = onbam("init", "--answer", "pcs=one", "--answer", "language=ko", "--yes", "--json")
    assert code == 0
    done = json.loads(out)
    assert done["store"] == "local"
    assert "V8.1" in done["why"][0]["ko"]
    assert {path.rpartition(os.sep)[2] for path in done["written"]} == {".env", ".env.example", ".gitignore"}
    assert "+CLAIM_STORE=auto" in err
    assert json.loads(onbam("init", "--answer", "pcs=one", "--yes", "--json")[1])["written"] == []
    assert Onbam(tmp_path, {}).settings.app.language == "ko"


def test_a_setting_that_is_no_secret_is_sent_to_where_it_stands(onbam):
    """Not to a secret of a like name."""
    code, _, err = onbam("secret", "set", "portal.url", typed="http://x\n")
    assert (code, "portal.url is no secret" in err, "ONBAM_PORTAL_URL=" in err) == (1, True, True)
    assert "portal.password" in onbam("secret", "set", "portal.pasword", typed="x\n")[2]


def test_a_shop_that_is_found_only_by_its_name_says_how_to_call_it(onbam, tmp_path, monkeypatch):
    """`run.py` names its own folder; whoever stands in the new one needs nothing more where nothing names another."""
    where = ("init", "--yes", "--answer", "language=en")
    monkeypatch.chdir(tmp_path)
    assert "--home" not in onbam(*where)[1]
    monkeypatch.setenv("ONBAM_HOME", str(tmp_path / "program"))
    assert f'--home "{tmp_path / "b"}"' in onbam(*where, home=tmp_path / "b")[1]


def test_init_asks_only_where_somebody_can_answer(onbam):
    """In a script without `--yes` it says how to answer."""
    code, _, err = onbam("init")
    assert code == 1
    assert "--yes" in err
    assert onbam("init", "--answer", "pcs")[0] == 2
    assert onbam("init", "--yes", "--answer", "pcs=several")[0] == 1


def findings(onbam):
    """The check-up's lines by name."""
    return {row["name"]: row for row in json.loads(onbam("doctor", "--json")[1])["findings"]}


READY = (
    '[portal]\nuser = "u"\npassword = "p"\n'
    '[ecount]\ncompany = "c"\nuser = "u"\napi_key = "k"\ncustomer = "00001"\nwarehouse = "100"\n'
)


def test_a_robot_that_could_not_start_is_red_before_anybody_starts_it(onbam, tmp_path):
    """Everything the agent lacks at once, as `onbam agent run` will say; nothing on a PC that runs none."""
    found = findings(onbam)["robots"]
    assert found["state"] == "bad"
    for name in ("portal.user", "portal.password", "ecount.api_key", "ecount.customer", "ecount.warehouse"):
        assert name in found["text"]["en"]
    assert onbam("doctor")[0] == 1
    (tmp_path / "onbam.toml").write_text('[guard]\nrun = ["web"]\n')
    assert findings(onbam)["robots"]["state"] == "ok"
    (tmp_path / "onbam.toml").write_text(READY)
    assert findings(onbam)["robots"]["state"] == "ok"


def test_a_log_in_the_site_refuses_is_red_as_long_as_it_does(onbam, tmp_path):
    """The notice the robot opened speaks in the check-up too."""
    (tmp_path / "onbam.toml").write_text(READY)
    key = f"{STOPPED}portal"
    with Onbam(tmp_path, {}) as shop:
        said = plain("the portal says no")()
        shop.notices.open(Cause(key, Severity.URGENT, said, plain("mend the password")()))
    line = findings(onbam)["robots.refused"]
    assert (line["state"], line["text"]["en"], line["fix"]["ko"]) == ("bad", "the portal says no", "mend the password")
    with Onbam(tmp_path, {}) as shop:
        shop.notices.resolve(key, who="test", why="mended")
    assert "robots.refused" not in findings(onbam)


def test_what_is_not_at_its_default_may_be_nothing(onbam):
    """A part there is, of which nothing was changed, is no mistake."""
    code, out, _ = onbam("config", "show", "database", "--changed")
    assert (code, "No setting matches" in out) == (0, True)
    assert onbam("config", "show", "database")[0] == 0


def test_the_list_of_secrets_is_told_in_the_shops_time(onbam, tmp_path, monkeypatch):
    """Half past three in the afternoon in Seoul, not half past six."""
    onbam("secret", "set", "database.url", typed=URL)
    (tmp_path / "onbam.toml").write_text('[app]\ntime_zone = "Asia/Seoul"\n')
    (kept,) = json.loads(onbam("secret", "list", "--json")[1])
    there = datetime.fromisoformat(kept["set_at"]).astimezone(ZoneInfo("Asia/Seoul"))
    assert f"{there:%Y-%m-%d %H:%M}" in onbam("secret", "list")[1]


def test_only_a_new_shop_is_given_a_first_day(onbam, tmp_path):
    """One that has settings already goes on with all its orders, unless somebody names a day; a day that stands there stays."""
    (tmp_path / ".env").write_text("LOCK_TIMEOUT_SEC=900\n")
    assert onbam("init", "--yes")[0] == 0
    assert Onbam(tmp_path, {}).settings.portal.first_day == ""
    assert onbam("init", "--yes", "--answer", "first_day=2026-02-02")[0] == 0
    assert onbam("init", "--yes", "--answer", "first_day=2026-03-03")[0] == 0
    assert Onbam(tmp_path, {}).settings.portal.first_day == "2026-02-02"
    fresh = tmp_path / "fresh"
    assert onbam("init", "--yes", home=fresh)[0] == 0
    assert (
        Onbam(fresh, {}).settings.portal.first_day
        == f"{Onbam(fresh, {}).clock.now().astimezone(ZoneInfo('Asia/Seoul')):%Y-%m-%d}"
    )
    code, _, err = onbam("init", "--yes", "--answer", "first_day=monday", home=tmp_path / "other")
    assert (code, "today" in err) == (1, True)


def test_init_goes_on_in_the_language_that_was_chosen(tmp_path, capsys, monkeypatch):
    """From that answer on; a language of the call itself stays."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert run(["--home", str(tmp_path / "a"), "init", "--yes", "--answer", "language=ko"]) == 0
    assert "다음: 'onbam doctor'" in capsys.readouterr().out
    assert run(["--home", str(tmp_path / "b"), "--lang", "en", "init", "--yes", "--answer", "language=ko"]) == 0
    assert "Next: look with 'onbam doctor'" in capsys.readouterr().out


def test_mail_without_a_sender_says_which_setting_is_missing(onbam, tmp_path):
    """Instead of an address nobody wrote."""
    (tmp_path / "onbam.toml").write_text('[notices]\nmail_host = "mail.example.com"\nmail_to = "kim@example.com"\n')
    code, out, _ = onbam("notices", "test", "mail")
    assert (code, "notices.mail_from" in out) == (1, True)


def test_one_thing_is_one_thing(onbam, tmp_path):
    """The sum of the check-up is a sentence for one as for many."""
    (tmp_path / ".env").write_text("LOCK_TIMOUT_SEC=1\n")
    assert "One thing needs mending." in onbam("doctor")[1]
