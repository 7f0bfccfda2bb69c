"""Encrypts short texts so that each says which key it needs, and can only be read where it belongs.

For: the secrets file, sellers' credentials, the shared ERP session.
Promises: AES-256-GCM with a fresh nonce; the context (`seller:17:client_secret`) is part of what is checked, so a text copied
to another row does not open; the key's id stands in the text, so keys change one text at a time, without a pause.
Refuses: to open with a wrong key (`Misconfigured`, names the key it needs) or what was changed (`Damaged`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from onbam.kernel.chance import secret_bytes
from onbam.kernel.errors import Damaged, Misconfigured
from onbam.vault import words as say

SCHEME: Final = "onb1"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
ID_LETTERS: Final = 8
SHORTEST_PASSPHRASE: Final = 16
SCRYPT_COST: Final = 2**15
_SALT: Final = b"onbam vault key"
"""Fixed on purpose: every PC of a fleet must make the same key of the same ENCRYPTION_KEY, with nothing else to share."""
_TEXT: Final = re.compile(rf"{SCHEME}\.([0-9a-f]{{{ID_LETTERS}}})\.([A-Za-z0-9_-]+)\Z")


@dataclass(frozen=True)
class Key:
    """One key, made of the text a person or a file gave."""

    text: str = field(repr=False)

    @cached_property
    def bytes(self) -> bytes:
        """The key itself: as given when it is one already, else derived slowly from a passphrase."""
        text = self.text.strip()
        raw = _decoded(text)
        if raw is not None:
            return hashlib.sha256(_SALT + raw).digest()
        if len(text) < SHORTEST_PASSPHRASE:
            raise Misconfigured(say.WEAK_KEY(length=len(text), least=SHORTEST_PASSPHRASE), say.WEAK_KEY_HINT)
        return hashlib.scrypt(text.encode(), salt=_SALT, n=SCRYPT_COST, r=8, p=1, maxmem=2**26, dklen=KEY_BYTES)

    @cached_property
    def id(self) -> str:
        """Names the key without telling it."""
        return hashlib.sha256(b"onbam key id" + self.bytes).hexdigest()[:ID_LETTERS]

    @classmethod
    def new(cls) -> Key:
        """A key nobody has."""
        return cls(base64.urlsafe_b64encode(secret_bytes(KEY_BYTES)).decode())


def _decoded(text: str) -> bytes | None:
    """Thirty-two bytes or more in hex or base64; none when it is a passphrase."""
    if re.fullmatch(r"(?:[0-9a-fA-F]{2}){32,}", text):
        return bytes.fromhex(text)
    try:
        raw = base64.b64decode(text.translate(str.maketrans("-_", "+/")) + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) >= KEY_BYTES else None


class Cipher:
    """Encrypts under the first key, decrypts under any."""

    def __init__(self, keys: Sequence[Key], where: str = "vault.keys") -> None:
        """`where` is the key file to name when there is no key."""
        self._keys = tuple(keys)
        self._where = where

    @property
    def current(self) -> str:
        """The id of the key new texts get."""
        return self._first().id

    def encrypt(self, plaintext: str, context: str) -> str:
        """The text, locked; the same text twice gives two different ones."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, nonce = self._first(), secret_bytes(NONCE_BYTES)
        sealed = AESGCM(key.bytes).encrypt(nonce, plaintext.encode(), _bound(key.id, context))
        return f"{SCHEME}.{key.id}.{_plain_base64(nonce + sealed)}"

    def decrypt(self, text: str, context: str) -> str:
        """The text, opened."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key_id, raw = _taken_apart(text, context)
        key = self._key(key_id, context)
        try:
            return AESGCM(key.bytes).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(key_id, context)).decode()
        except InvalidTag:
            raise Damaged(say.TAMPERED(what=_called(context)), say.TAMPERED_HINT) from None

    def rotate(self, text: str, context: str) -> str:
        """The same secret under the current key; the very same text when it is already."""
        return text if self.key_of(text) == self.current else self.encrypt(self.decrypt(text, context), context)

    @staticmethod
    def key_of(text: str) -> str:
        """The id of the key a text needs."""
        return _taken_apart(text, "text")[0]

    def _first(self) -> Key:
        if not self._keys:
            raise Misconfigured(say.NO_KEY, say.NO_KEY_HINT(file=self._where))
        return self._keys[0]

    def _key(self, key_id: str, what: str) -> Key:
        self._first()
        for key in self._keys:
            if key.id == key_id:
                return key
        held = ", ".join(key.id for key in self._keys)
        raise Misconfigured(say.WRONG_KEY(what=_called(what), needed=key_id, held=held), say.WRONG_KEY_HINT)


def _called(context: str) -> str:
    """What people know it by; what stands behind 'secret:' anywhere is taken for a secret itself and never shown."""
    return context.removeprefix("secret:")


def _bound(key_id: str, context: str) -> bytes:
    return f"{SCHEME}:{key_id}:{context}".encode()


def _plain_base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _taken_apart(text: str, what: str) -> tuple[str, bytes]:
    match = _TEXT.match(text)
    if match is None:
        raise Damaged(say.NOT_OURS(what=_called(what)), say.TAMPERED_HINT)
    raw = base64.urlsafe_b64decode(match[2] + "=" * (-len(match[2]) % 4))
    if len(raw) <= NONCE_BYTES or _plain_base64(raw) != match[2]:  # one secret, one text: the spare bits of the last letter too
        raise Damaged(say.NOT_OURS(what=_called(what)), say.TAMPERED_HINT)
    return match[1], raw
