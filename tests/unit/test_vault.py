"""Secrets rest encrypted, are never listed with their values, and survive every change of key."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends import fail

from onbam.kernel import files
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import Damaged, Misconfigured, OnbamError, Refused, Transient
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Secret
from onbam.kernel.words import LANGS
from onbam.vault import cipher as cipher_module
from onbam.vault import keys as keys_module
from onbam.vault.cipher import Cipher, Key
from onbam.vault.keys import new_key_file
from onbam.vault.settings import VaultSettings
from onbam.vault.shelf import open_vault

OLD = "an old passphrase of the shop"
NEW = "a new passphrase of the shop"


class MemoryRing(KeyringBackend):
    """A key ring in memory."""

    priority = 1

    def __init__(self):
        self.held = {}

    def get_password(self, service, username):
        """One value."""
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        """Keep one."""
        self.held[service, username] = password

    def delete_password(self, service, username):
        """Forget one."""
        del self.held[service, username]


class SilentRing(MemoryRing):
    """A key ring that waits for somebody to unlock it."""

    def __init__(self):
        super().__init__()
        self.unlocked = threading.Event()

    def get_password(self, service, username):
        """Never, at night."""
        self.unlocked.wait()


@pytest.fixture
def ring():
    """The key ring of this test; the system's own is back afterwards."""
    before, held = keyring.get_keyring(), MemoryRing()
    keyring.set_keyring(held)
    yield held
    keyring.set_keyring(before)


def vault(home, **changes):
    return open_vault(VaultSettings(**changes), home, FakeClock())


# -- the cipher


@given(text=st.text(max_size=200), context=st.text(max_size=30))
def test_what_was_encrypted_comes_back(text, context):
    """And only under its own context."""
    cipher = Cipher([Key.new()])
    locked = cipher.encrypt(text, context)
    assert cipher.decrypt(locked, context) == text
    with pytest.raises(Damaged):
        cipher.decrypt(locked, context + "x")


def test_the_same_text_twice_looks_different():
    """Nobody can see that two sellers use one password."""
    cipher = Cipher([Key.new()])
    assert cipher.encrypt("a", "b") != cipher.encrypt("a", "b")


def test_every_changed_letter_is_noticed():
    """Or names a key nobody has."""
    cipher = Cipher([Key.new()])
    locked = cipher.encrypt("secret", "seller:17")
    for place in range(len(locked)):
        other = "B" if locked[place] == "A" else "A"
        with pytest.raises((Damaged, Misconfigured)):
            cipher.decrypt(locked[:place] + other + locked[place + 1 :], "seller:17")


@pytest.mark.parametrize(
    "text", ["", "plain", "onb1.12345678.", "onb1.12345678.AAAA", "onb2.12345678.AAAAAAAAAAAAAAAAAAAAAAAA"]
)
def test_a_foreign_text_is_not_opened(text):
    """It says that it is not ours."""
    with pytest.raises((Damaged, Misconfigured)):
        Cipher([Key.new()]).decrypt(text, "x")


def test_a_wrong_key_names_the_right_one():
    """So that a person can look for it."""
    first, second = Key.new(), Key.new()
    with pytest.raises(Misconfigured) as caught:
        Cipher([second]).decrypt(Cipher([first]).encrypt("a", "b"), "b")
    assert first.id in str(caught.value)
    assert second.id in str(caught.value)


def test_a_secret_that_cannot_be_opened_is_named_where_it_is_told():
    """Its name reaches whoever reads the log or a notice, with everything taken out that looks like a secret."""
    locked = Cipher([Key.new()], "keys").encrypt("night-desk", "secret:portal.password")
    with pytest.raises(Misconfigured) as failed:
        Cipher([Key.new()], "keys").decrypt(locked, "secret:portal.password")
    for lang in LANGS:
        assert Redactor().text(failed.value.message.to(lang)).startswith("portal.password")


def test_no_key_is_a_clear_error():
    """With the file to look for."""
    with pytest.raises(Misconfigured) as caught:
        Cipher([], "/shop/vault.keys").encrypt("a", "b")
    assert "/shop/vault.keys" in caught.value.hint.to("ko")


def test_texts_change_their_key_one_at_a_time():
    """Sellers need not register again: old texts open, new ones are under the new key, rotating twice changes nothing."""
    old, new = Key(OLD), Key(NEW)
    locked = Cipher([old]).encrypt("their key", "seller:17")
    both = Cipher([new, old])
    moved = both.rotate(locked, "seller:17")
    assert both.rotate(moved, "seller:17") == moved
    assert Cipher.key_of(moved) == new.id
    assert Cipher([new]).decrypt(moved, "seller:17") == "their key"


def test_one_passphrase_is_one_key_on_every_pc():
    """Nothing else has to be shared; hex and base64 of enough bytes are taken as they are."""
    assert Key(OLD).id == Key(f" {OLD}\n").id
    raw = bytes(range(32))
    assert len({Key(raw.hex()).id, Key(base64.b64encode(raw).decode()).id, Key(base64.urlsafe_b64encode(raw).decode()).id}) == 1
    assert "passphrase" not in repr(Key(OLD))


def test_a_short_key_is_refused():
    """With how to make a good one."""
    with pytest.raises(Misconfigured) as caught:
        Cipher([Key("hunter2")]).encrypt("a", "b")
    assert "new-key" in caught.value.hint.to("en")
    assert "hunter2" not in caught.value.to("en")


# -- the file


def test_a_secret_is_kept_listed_and_removed(tmp_path):
    """The first one makes the key; the list has names, places and times, never values."""
    v = vault(tmp_path)
    v.set("ONBAM_ECOUNT_PASSWORD", "pä$$word")
    assert vault(tmp_path).get("ONBAM_ECOUNT_PASSWORD") == "pä$$word"
    (kept,) = v.kept()
    assert (kept.name, kept.where, kept.key) == ("ONBAM_ECOUNT_PASSWORD", "file", v.cipher.current)
    assert "pä$$word" not in (tmp_path / "secrets.enc").read_text("utf-8")
    assert v.remove("ONBAM_ECOUNT_PASSWORD")
    assert not v.remove("ONBAM_ECOUNT_PASSWORD")
    assert v.kept() == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_the_files_are_the_owners_alone(tmp_path):
    """Key and secrets."""
    vault(tmp_path).set("A", "1")
    assert not files.open_to_others(tmp_path / "secrets.enc")
    assert not files.open_to_others(tmp_path / "vault.keys")


def test_a_given_key_makes_no_key_file(tmp_path):
    """`ENCRYPTION_KEY` is enough."""
    v = vault(tmp_path, encryption_key=Secret(OLD))
    v.set("A", "1")
    assert not (tmp_path / "vault.keys").exists()
    with pytest.raises(Misconfigured):
        vault(tmp_path, encryption_key=Secret(NEW)).get("A")


def test_a_passphrase_is_worked_out_once(tmp_path, monkeypatch):
    """It is slow on purpose; twenty secrets must not cost twenty times that at every start."""
    worked, real = [], cipher_module.hashlib.scrypt
    monkeypatch.setattr(cipher_module.hashlib, "scrypt", lambda *a, **k: worked.append(1) or real(*a, **k))
    v = vault(tmp_path, encryption_key=Secret(OLD))
    for n in range(20):
        v.set(f"S{n}", str(n))
    assert [v.get(f"S{n}") for n in range(20)] == [str(n) for n in range(20)]
    assert len(worked) == 1


def test_a_lost_key_is_never_replaced_silently(tmp_path):
    """A new key beside secrets of the old one would hide the loss."""
    vault(tmp_path).set("A", "1")
    (tmp_path / "vault.keys").unlink()
    with pytest.raises(Misconfigured):
        vault(tmp_path).set("B", "2")
    assert not (tmp_path / "vault.keys").exists()


def test_an_empty_value_is_refused(tmp_path):
    """It would be taken for a secret that is not set."""
    with pytest.raises(Refused):
        vault(tmp_path).set("A", "")


HALF = '{"format": 1, "shelf": "s", "secrets": {"A": {}}}'


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format": 1}', '{"format": 9, "secrets": {}}', HALF])
def test_a_damaged_file_is_not_overwritten(tmp_path, content):
    """It is named, with what to do; what can still be saved stays."""
    (tmp_path / "secrets.enc").write_text(content)
    with pytest.raises(OnbamError):
        vault(tmp_path).kept()
    with pytest.raises(OnbamError):
        vault(tmp_path).set("A", "1")
    assert (tmp_path / "secrets.enc").read_text() == content


def test_values_cannot_be_swapped(tmp_path):
    """A name is part of what is locked."""
    v = vault(tmp_path)
    v.set("A", "1")
    v.set("B", "2")
    content = json.loads((tmp_path / "secrets.enc").read_text())
    content["secrets"]["A"], content["secrets"]["B"] = content["secrets"]["B"], content["secrets"]["A"]
    (tmp_path / "secrets.enc").write_text(json.dumps(content))
    with pytest.raises(Damaged):
        v.get("A")


def test_the_settings_ask_the_shelf(tmp_path):
    """Only for what it holds, with the place."""
    vault(tmp_path).set("ONBAM_X_KEY", "1")
    ask = vault(tmp_path).shelf()
    assert ask("ONBAM_X_KEY") == ("1", "secrets.enc")
    assert ask("ONBAM_Y_KEY") is None
    assert open_vault(VaultSettings(), tmp_path / "nowhere", FakeClock()).shelf()("A") is None
    assert not (tmp_path / "nowhere").exists()


# -- changing the key


def test_a_change_of_key_keeps_every_secret(tmp_path):
    """The old key stays for backups until it is forgotten on purpose; other rooms' texts go along."""
    v = vault(tmp_path)
    v.set("A", "1")
    v.set("B", "2")
    old, sellers = v.cipher.current, [v.cipher.encrypt("their key", "seller:17")]

    def elsewhere(cipher):
        sellers[:] = [cipher.rotate(text, "seller:17") for text in sellers]
        return len(sellers)

    done = v.rotate((elsewhere,))
    assert (done.secrets, done.elsewhere, done.forgotten) == (2, 1, 0)
    assert done.key == v.cipher.current != old
    assert {kept.key for kept in v.kept()} == {done.key}
    assert (v.get("A"), v.get("B"), v.cipher.decrypt(sellers[0], "seller:17")) == ("1", "2", "their key")
    assert v.rotate((elsewhere,), forget=True).forgotten == 2
    assert v.cipher.decrypt(sellers[0], "seller:17") == "their key"


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_an_interrupted_change_loses_nothing(tmp_path, monkeypatch, stop_at):
    """Whichever write fails: everything stays readable, and the next run finishes."""
    v = vault(tmp_path)
    v.set("A", "1")
    v.set("B", "2")
    real, writes = keys_module.write_whole, []

    def write(path, content, *, private):
        writes.append(path)
        if len(writes) == stop_at:
            raise OSError(28, "No space left on device")
        real(path, content, private=private)

    monkeypatch.setattr(keys_module, "write_whole", write)
    if stop_at <= 2:
        with pytest.raises(Refused):
            v.rotate()
    monkeypatch.setattr(keys_module, "write_whole", real)
    assert (v.get("A"), v.get("B")) == ("1", "2")
    again = v.rotate(forget=True)
    assert {kept.key for kept in v.kept()} == {again.key}
    assert (v.get("A"), v.get("B")) == ("1", "2")


KILLED = """
import os, sys
from pathlib import Path
from onbam.kernel.clock import SystemClock
from onbam.vault import keys
from onbam.vault.settings import VaultSettings
from onbam.vault.shelf import open_vault
real, left = keys.write_whole, [int(sys.argv[2])]
def write(path, content, *, private):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), 9)
    real(path, content, private=private)
keys.write_whole = write
open_vault(VaultSettings(), Path(sys.argv[1]), SystemClock()).rotate()
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
@pytest.mark.parametrize("writes", [0, 1, 2])
def test_a_killed_change_loses_nothing(tmp_path, writes):
    """The process dies before its first, second and third write; its turn is free again at once."""
    v = open_vault(VaultSettings(), tmp_path, SystemClock())
    v.set("A", "1")
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(writes)], check=False, timeout=60)
    assert v.get("A") == "1"
    v.set("B", "2")
    assert v.rotate().secrets == 2
    assert (v.get("A"), v.get("B")) == ("1", "2")


def test_a_key_of_the_environment_is_changed_by_its_owner(tmp_path):
    """New key in, old key beside it, rotate, old key out: nobody registers again."""
    vault(tmp_path, encryption_key=Secret(OLD)).set("A", "1")
    with pytest.raises(Refused) as caught:
        vault(tmp_path, encryption_key=Secret(OLD)).rotate()
    assert "ONBAM_VAULT_OLD_KEYS" in caught.value.hint.to("en")
    both = vault(tmp_path, encryption_key=Secret(NEW), old_keys=Secret(f"{OLD},"))
    assert both.get("A") == "1"
    assert both.rotate().secrets == 1
    assert vault(tmp_path, encryption_key=Secret(NEW)).get("A") == "1"


def test_two_processes_take_turns(tmp_path):
    """Twenty secrets set at once from four threads with four vaults: none is lost."""

    def work(number):
        v = open_vault(VaultSettings(), tmp_path, SystemClock())
        for n in range(5):
            v.set(f"S{number}{n}", "x")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(vault(tmp_path).kept()) == 20


def test_a_new_key_file_is_never_written_over_an_old_one(tmp_path):
    """Its content works as `ENCRYPTION_KEY`."""
    new_key_file(tmp_path / "shop.key")
    assert len(Key((tmp_path / "shop.key").read_text()).bytes) == 32
    with pytest.raises(Refused):
        new_key_file(tmp_path / "shop.key")


# -- the key ring


def test_a_secret_in_the_key_ring(tmp_path, ring):
    """Only its name stands in the file; moving it to the file takes it out of the ring."""
    v = vault(tmp_path)
    v.set("A", "ringed-value", where="keyring")
    assert v.shelf()("A") == ("ringed-value", "keyring")
    assert "ringed-value" not in (tmp_path / "secrets.enc").read_text()
    assert not (tmp_path / "vault.keys").exists()
    v.set("A", "filed", where="file")
    assert ring.held == {}
    v.set("A", "x", where="keyring")
    assert v.remove("A")
    assert ring.held == {}


def test_two_shops_share_a_ring_and_not_a_secret(tmp_path, ring):
    """Each has a name of its own there."""
    for shop in ("a", "b"):
        vault(tmp_path / shop).set("A", shop, where="keyring")
    assert [vault(tmp_path / shop).get("A") for shop in ("a", "b")] == ["a", "b"]


def test_a_secret_gone_from_the_ring_is_an_error(tmp_path, ring):
    """Not an empty value."""
    v = vault(tmp_path)
    v.set("A", "x", where="keyring")
    ring.held.clear()
    with pytest.raises(Misconfigured):
        v.get("A")


def test_no_key_ring_is_a_clear_text(tmp_path, ring):
    """A server without a desktop has none; nothing is written down then."""
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(Misconfigured) as caught:
        vault(tmp_path).set("A", "x", where="keyring")
    assert "--in file" in caught.value.hint.to("ko")
    assert vault(tmp_path).kept() == []


def test_a_silent_key_ring_does_not_hold_us_up(tmp_path, ring):
    """A locked one waits for a person; we do not."""
    v = vault(tmp_path)
    v.set("A", "x", where="keyring")
    silent = SilentRing()
    keyring.set_keyring(silent)
    with pytest.raises(Transient):
        vault(tmp_path, keyring_limit_s=0.1).get("A")
    silent.unlocked.set()
