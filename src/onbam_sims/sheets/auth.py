"""Google's token endpoint: a service account's signed assertion, or a person's consent or refresh token, for an access token.

For: clients that use Google's own credential files; the simulator hands such files out and believes nobody else.
Promises: the assertion's RS256 signature is really verified, its times are checked against the simulator's clock (a PC whose
clock is wrong fails here, as with Google), access tokens expire, a code of a person's consent is good once and for the client
that proves it asked (PKCE), and a refresh token of an app in testing mode dies after seven days.
Refuses: in the OAuth shape, `{"error", "error_description"}`, with Google's words.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ACCESS_TOKEN_S = 3599
ASSERTION_LIMIT_S = 3600
CLOCK_SKEW_S = 300
"""How far a client's clock may be off before Google calls its assertion unreasonable."""
TESTING_REFRESH_S = 7 * 86_400
"""How long a refresh token lives while the consent screen is in testing."""
KEY_BITS = 2048

SHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
SHEETS_READ_SCOPE = "https://www.googleapis.com/auth/spreadsheets.readonly"
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive"
DRIVE_FILE_SCOPE = "https://www.googleapis.com/auth/drive.file"
DRIVE_READ_SCOPE = "https://www.googleapis.com/auth/drive.readonly"
DRIVE_METADATA_SCOPE = "https://www.googleapis.com/auth/drive.metadata.readonly"
KNOWN_SCOPES = frozenset(
    {SHEETS_SCOPE, SHEETS_READ_SCOPE, DRIVE_SCOPE, DRIVE_FILE_SCOPE, DRIVE_READ_SCOPE, DRIVE_METADATA_SCOPE, "openid"}
    | {f"https://www.googleapis.com/auth/userinfo.{part}" for part in ("email", "profile")}
)
WRITING_SCOPES = frozenset({SHEETS_SCOPE, DRIVE_SCOPE, DRIVE_FILE_SCOPE})
READING_SCOPES = WRITING_SCOPES | {SHEETS_READ_SCOPE, DRIVE_READ_SCOPE}
PERMISSION_SCOPES = frozenset({DRIVE_SCOPE, DRIVE_FILE_SCOPE, DRIVE_READ_SCOPE, DRIVE_METADATA_SCOPE})

GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 -- an address
"""The audience Google's own library writes into every assertion, wherever the token address of the credential file points."""
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT_ID = "100200300400-simulated.apps.googleusercontent.com"
CLIENT_SECRET = "GOCSPX-simulated"  # noqa: S105 -- nothing real is behind it


@dataclass(slots=True)
class Account:
    """Somebody with an address: a service account, or a person who gave consent."""

    email: str
    project: str
    service: bool
    revoked: bool = False
    key_deleted: bool = False
    """The account exists, but its key was deleted in the console: `Invalid JWT Signature.`"""
    refresh_token: str = ""
    consented_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Token:
    """An access token that was handed out."""

    account: Account
    scopes: frozenset[str]
    expires_at: float


@dataclass(frozen=True, slots=True)
class Consent:
    """A person said yes on the consent page: what the code stands for."""

    account: Account
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str


class Denied(Exception):
    """No token: the OAuth error and its description."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status

    def body(self) -> dict[str, str]:
        """The answer as JSON data."""
        return {"error": self.error, "error_description": str(self)}


@dataclass
class Office:
    """Knows the accounts, hands out tokens, and knows whose a token is."""

    now: Callable[[], float]
    chance: random.Random
    access_token_s: float = ACCESS_TOKEN_S
    testing_mode: bool = False
    """The consent screen is External + Testing: refresh tokens die after seven days."""
    accounts: dict[str, Account] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, Consent] = field(default_factory=dict)

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        """One key for all accounts: making one takes a tenth of a second, telling accounts apart is the address's work."""
        return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)

    @cached_property
    def key_id(self) -> str:
        """The id of that key, as it stands in a credential file."""
        return f"{self.chance.getrandbits(160):040x}"

    # -- accounts -----------------------------------------------------------------------------------------------------------

    def account(self, email: str, *, project: str, service: bool) -> Account:
        """The account of an address, made when there is none."""
        known = self.accounts.get(email)
        if known is None:
            known = self.accounts[email] = Account(email, project, service)
        return known

    def service_account(self, email: str, project: str, token_uri: str) -> dict[str, str]:
        """A service account's JSON file, as the console offers it for download."""
        self.account(email, project=project, service=True)
        key = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        return {
            "type": "service_account",
            "project_id": project,
            "private_key_id": self.key_id,
            "private_key": key,
            "client_email": email,
            "client_id": str(10**20 + self.chance.randrange(10**20)),
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "universe_domain": "googleapis.com",
        }

    def authorized_user(self, email: str, project: str, token_uri: str) -> dict[str, str]:
        """A person's token file, as an installed app keeps it after consent (which is given here and now)."""
        account = self.account(email, project=project, service=False)
        account.refresh_token = f"1//{self.chance.getrandbits(256):064x}"
        account.consented_at = self.now()
        account.revoked = False
        return {
            "type": "authorized_user",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": account.refresh_token,
            "token_uri": token_uri,
        }

    @staticmethod
    def client_secret(project: str, auth_uri: str, token_uri: str) -> dict[str, Any]:
        """An installed app's file, as the console offers it for download."""
        client = {"client_id": CLIENT_ID, "project_id": project, "auth_uri": auth_uri, "token_uri": token_uri}
        return {"installed": {**client, "client_secret": CLIENT_SECRET, "redirect_uris": ["http://localhost"]}}

    def consent(self, form: Mapping[str, str], email: str, project: str) -> str:
        """A person says yes to what an app asks for: the code it gets. Raises `Denied` for what Google would not show."""
        scopes = frozenset(form.get("scope", "").split())
        if form.get("client_id") != CLIENT_ID or form.get("response_type") != "code":
            raise Denied("invalid_client", "The OAuth client was not found.", 401)
        if not scopes or scopes - KNOWN_SCOPES:
            raise Denied("invalid_scope", "Some requested scopes were invalid.")
        if not form.get("redirect_uri", "").startswith(("http://127.0.0.1", "http://localhost")):
            raise Denied("redirect_uri_mismatch", "You can't sign in because this app sent an invalid request.")
        challenge = form.get("code_challenge", "") if form.get("code_challenge_method") == "S256" else ""
        code = f"4/{self.chance.getrandbits(256):064x}"
        account = self.account(email, project=project, service=False)
        self.codes[code] = Consent(account, scopes, form["redirect_uri"], challenge)
        return code

    def revoke(self, email: str) -> None:
        """Take an account's access back: its tokens are worth nothing, and it gets no new ones."""
        self.accounts[email].revoked = True
        self.tokens = {text: token for text, token in self.tokens.items() if token.account.email != email}

    def expire_tokens(self) -> None:
        """Every access token that was handed out is worth nothing from now on."""
        self.tokens.clear()

    def issue(self, email: str, scopes: frozenset[str] = frozenset({SHEETS_SCOPE}), *, project: str = "") -> str:
        """An access token without an exchange, for tests about something else."""
        account = self.accounts.get(email) or self.account(email, project=project, service=True)
        return self._hand_out(account, scopes)["access_token"]  # type: ignore[no-any-return]

    def holder(self, token: str) -> Token | None:
        """Whose token this is; nothing when it is unknown or expired."""
        found = self.tokens.get(token)
        return found if found is not None and self.now() < found.expires_at else None

    # -- the endpoint -------------------------------------------------------------------------------------------------------

    def grant(self, form: Mapping[str, str], token_uri: str) -> dict[str, Any]:
        """`POST /token`; raises `Denied`."""
        kind = form.get("grant_type", "")
        if kind == JWT_GRANT:
            account, scopes = self._by_assertion(form.get("assertion", ""), token_uri)
        elif kind == "refresh_token":
            account, scopes = self._by_refresh_token(form)
        elif kind == "authorization_code":
            return self._by_code(form)
        else:
            raise Denied("unsupported_grant_type", f"Invalid grant_type: {kind}")
        return self._hand_out(account, scopes)

    def _hand_out(self, account: Account, scopes: frozenset[str]) -> dict[str, Any]:
        text = f"ya29.sim-{self.chance.getrandbits(192):048x}"
        self.tokens[text] = Token(account, scopes, self.now() + self.access_token_s)
        answer = {"access_token": text, "expires_in": int(self.access_token_s), "token_type": "Bearer"}
        return answer if account.service else {**answer, "scope": " ".join(sorted(scopes))}

    def _by_code(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The code of a consent for a first token, refresh token included; while in testing its remaining life too."""
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            raise Denied("invalid_client", "The OAuth client was not found.", 401)
        found = self.codes.pop(form.get("code", ""), None)
        if found is None:
            raise Denied("invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != found.redirect_uri:
            raise Denied("redirect_uri_mismatch", "Bad Request")
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if found.challenge and proof != found.challenge:
            raise Denied("invalid_grant", "Invalid code verifier.")
        account = found.account
        account.refresh_token = f"1//{self.chance.getrandbits(256):064x}"
        account.consented_at = self.now()
        account.revoked = False
        answer = {**self._hand_out(account, found.scopes), "refresh_token": account.refresh_token}
        return {**answer, "refresh_token_expires_in": TESTING_REFRESH_S - 1} if self.testing_mode else answer

    def _by_refresh_token(self, form: Mapping[str, str]) -> tuple[Account, frozenset[str]]:
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            raise Denied("invalid_client", "The OAuth client was not found.", 401)
        given = form.get("refresh_token", "")
        account = next((a for a in self.accounts.values() if given and a.refresh_token == given), None)
        if account is None:
            raise Denied("invalid_grant", "Bad Request")
        too_old = self.testing_mode and self.now() - account.consented_at >= TESTING_REFRESH_S
        if account.revoked or too_old:
            raise Denied("invalid_grant", "Token has been expired or revoked.")
        return account, frozenset(form.get("scope", SHEETS_SCOPE).split())

    def _by_assertion(self, assertion: str, token_uri: str) -> tuple[Account, frozenset[str]]:
        header, claims, signed, signature = _read_assertion(assertion)
        account = self.accounts.get(str(claims.get("iss")))
        if account is None or not account.service or account.revoked:
            raise Denied("invalid_grant", "Invalid grant: account not found")
        if header.get("alg") != "RS256" or account.key_deleted or header.get("kid", self.key_id) != self.key_id:
            raise Denied("invalid_grant", "Invalid JWT Signature.")
        try:
            self._key.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise Denied("invalid_grant", "Invalid JWT Signature.") from None
        self._check_times(claims)
        if claims.get("aud") not in (token_uri, GOOGLE_TOKEN_URI):
            raise Denied("invalid_grant", f"Invalid JWT: Failed audience check. The right audience is {GOOGLE_TOKEN_URI}")
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes or scopes - KNOWN_SCOPES:
            raise Denied("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return account, scopes

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now, issued, expires = self.now(), claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise Denied("invalid_grant", "Invalid JWT: iat and exp must be set.")
        in_time = issued - CLOCK_SKEW_S <= now < expires + CLOCK_SKEW_S
        if not in_time or expires - issued > ASSERTION_LIMIT_S:
            raise Denied(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                "Check your iat and exp values in the JWT claim.",
            )


def _read_assertion(assertion: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """A JWT as (header, claims, what was signed, the signature)."""
    parts = assertion.split(".")
    try:
        header, claims = (json.loads(_unpacked(part)) for part in parts[:2])
        signature = _unpacked(parts[2])
    except (ValueError, IndexError):
        raise Denied("invalid_request", "Bad Request") from None
    if len(parts) != 3 or not isinstance(header, dict) or not isinstance(claims, dict):
        raise Denied("invalid_request", "Bad Request")
    return header, claims, f"{parts[0]}.{parts[1]}".encode(), signature


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
