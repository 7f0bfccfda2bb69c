"""The Sheets simulator's doors: tokens, scopes, sharing.

For: the connector's promise to say which of "no token", "dead token", "wrong scope", "not shared" it met.
Promises: the official auth library exchanges the credential files the simulator hands out; assertions are signed for real.
Refuses: to trust a signature it did not check.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import credentials, service_account

from onbam_sims.sheets import auth
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator
from support.hands import Hands
from support.sheets_wire import Wire, message

LOCK = "processing_lock"
DAY_S = 86_400


@pytest.fixture
def clock() -> Hands:
    # The official library signs with the machine's clock, so the simulator's starts there.
    return Hands(time.time())


@pytest.fixture
def simulator(clock: Hands) -> Iterator[SheetsSimulator]:
    with SheetsSimulator(now=clock) as server:
        yield server


@pytest.fixture
def spreadsheet_id(simulator: SheetsSimulator) -> str:
    return simulator.service.create("Orders", sheets=[LOCK])


def bearing(simulator: SheetsSimulator, spreadsheet_id: str, token: str) -> Wire:
    """A wire with a token of one's own."""
    return Wire(simulator, spreadsheet_id, headers={"Authorization": f"Bearer {token}"})


def ask(simulator: SheetsSimulator, **form: str) -> tuple[int, dict[str, Any]]:
    """A request to the token endpoint."""
    answer = requests.post(simulator.token_uri, data=form, timeout=30)
    return answer.status_code, answer.json()


def refreshed(simulator: SheetsSimulator, person: dict[str, str], **more: str) -> tuple[int, dict[str, Any]]:
    """An exchange of a person's refresh token."""
    form = {name: person[name] for name in ("client_id", "client_secret", "refresh_token")}
    return ask(simulator, grant_type="refresh_token", **form | more)


def assertion(file: dict[str, str], claims: dict[str, Any], *, key: Any = None, alg: str = "RS256") -> str:
    """A signed assertion, made by hand."""
    header = {"alg": alg, "typ": "JWT", "kid": file["private_key_id"]}
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
    private = key or serialization.load_pem_private_key(file["private_key"].encode(), None)
    signature = private.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def claims_of(file: dict[str, str], now: float, **more: Any) -> dict[str, Any]:
    """What a good assertion says."""
    times = {"iat": int(now), "exp": int(now) + 3600}
    return {"iss": file["client_email"], "scope": auth.SHEETS_SCOPE, "aud": file["token_uri"], **times, **more}


# -- the official library ---------------------------------------------------------------------------------------------


def test_the_official_library_signs_in_as_a_service_account(simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """The file handed out is one google-auth takes; its token opens the spreadsheet once that is shared."""
    file = simulator.service_account()
    signed_in = service_account.Credentials.from_service_account_info(file, scopes=[auth.SHEETS_SCOPE])
    signed_in.refresh(Request())
    wire = bearing(simulator, spreadsheet_id, signed_in.token)
    assert message(wire.call("GET", f"/values/{LOCK}")) == "The caller does not have permission"
    simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT)
    assert wire.values(LOCK) == []


def test_the_official_library_refreshes_a_persons_token(simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """A person's refresh token gives an access token with the scopes asked for."""
    person = simulator.authorized_user("kim@example.com")
    simulator.service.share(spreadsheet_id, "kim@example.com")
    signed_in = credentials.Credentials(
        None,
        refresh_token=person["refresh_token"],
        token_uri=person["token_uri"],
        client_id=person["client_id"],
        client_secret=person["client_secret"],
        scopes=[auth.SHEETS_SCOPE],
    )
    signed_in.refresh(Request())
    assert bearing(simulator, spreadsheet_id, signed_in.token).values(LOCK) == []


def test_a_revoked_account_is_an_error_of_the_library(simulator: SheetsSimulator) -> None:
    """What the connector will meet: RefreshError with invalid_grant."""
    signed_in = service_account.Credentials.from_service_account_info(simulator.service_account(), scopes=[auth.SHEETS_SCOPE])
    simulator.office.revoke(DEFAULT_ACCOUNT)
    with pytest.raises(RefreshError, match="invalid_grant"):
        signed_in.refresh(Request())


# -- assertions -------------------------------------------------------------------------------------------------------


def granted(simulator: SheetsSimulator, text: str) -> tuple[int, dict[str, Any]]:
    """An exchange of an assertion."""
    return ask(simulator, grant_type=auth.JWT_GRANT, assertion=text)


def test_a_good_assertion_is_granted(simulator: SheetsSimulator, clock: Hands) -> None:
    """An access token for an hour."""
    file = simulator.service_account()
    status, answer = granted(simulator, assertion(file, claims_of(file, clock())))
    assert status == 200
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3599)


@pytest.mark.parametrize(
    ("change", "description"),
    [
        ({"iss": "nobody@example.com"}, "Invalid grant: account not found"),
        ({"iat": 0}, "Invalid JWT: Token must be a short-lived token"),
        ({"exp": 2**40}, "Invalid JWT: Token must be a short-lived token"),
        ({"exp": None}, "Invalid JWT: iat and exp must be set."),
        ({"aud": "https://example.com/token"}, "Invalid JWT: Failed audience check."),
        ({"scope": ""}, "Invalid OAuth scope or ID token audience provided."),
        ({"scope": "everything"}, "Invalid OAuth scope or ID token audience provided."),
    ],
)
def test_a_wrong_assertion_is_refused(
    simulator: SheetsSimulator, clock: Hands, change: dict[str, Any], description: str
) -> None:
    """Each claim counts."""
    file = simulator.service_account()
    status, answer = granted(simulator, assertion(file, claims_of(file, clock(), **change)))
    assert status == 400
    assert answer["error_description"].startswith(description)


@pytest.mark.parametrize(("off_s", "status"), [(-240, 200), (240, 200), (400, 400), (-2 * 3600, 400)])
def test_a_pc_with_a_wrong_clock_gets_no_token(simulator: SheetsSimulator, clock: Hands, off_s: int, status: int) -> None:
    """A few minutes are forgiven, more are not."""
    file = simulator.service_account()
    assert granted(simulator, assertion(file, claims_of(file, clock() + off_s)))[0] == status


def test_another_key_signs_nothing(simulator: SheetsSimulator, clock: Hands) -> None:
    """The signature is really checked, and so is the algorithm."""
    file = simulator.service_account()
    claims = claims_of(file, clock())
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for text in (assertion(file, claims, key=stranger), assertion(file, claims, alg="none")):
        assert granted(simulator, text)[1] == {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    good = assertion(file, claims)
    head, _, signature = good.split(".")
    forged = base64.urlsafe_b64encode(json.dumps(claims | {"scope": auth.DRIVE_SCOPE}).encode()).decode().rstrip("=")
    assert granted(simulator, f"{head}.{forged}.{signature}")[1]["error_description"] == "Invalid JWT Signature."
    assert granted(simulator, good)[0] == 200
    simulator.office.accounts[DEFAULT_ACCOUNT].key_deleted = True
    assert granted(simulator, good)[1]["error_description"] == "Invalid JWT Signature."


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "e30.e30.x.y", "W10.e30.eA"])
def test_what_is_no_assertion_is_refused(simulator: SheetsSimulator, text: str) -> None:
    """Nonsense is 400, not a broken server."""
    assert granted(simulator, text)[0] == 400


# -- refresh tokens ---------------------------------------------------------------------------------------------------


def test_in_testing_mode_a_refresh_token_lives_seven_days(simulator: SheetsSimulator, clock: Hands) -> None:
    """On the seventh day every PC loses access at once; consent given again helps; a published app is not touched."""
    simulator.office.testing_mode = True
    person = simulator.authorized_user()
    clock.at += 7 * DAY_S - 1
    assert refreshed(simulator, person)[0] == 200
    clock.at += 1
    assert refreshed(simulator, person)[1] == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }
    assert refreshed(simulator, simulator.authorized_user())[0] == 200
    assert refreshed(simulator, person)[1]["error_description"] == "Bad Request"
    published = simulator.authorized_user()
    simulator.office.testing_mode = False
    clock.at += 30 * DAY_S
    assert refreshed(simulator, published)[0] == 200


def test_a_revoked_or_unknown_refresh_token_is_refused(simulator: SheetsSimulator) -> None:
    """With the OAuth errors a person can be helped with."""
    person = simulator.authorized_user("kim@example.com")
    assert refreshed(simulator, person, client_secret="wrong")[1]["error"] == "invalid_client"
    assert refreshed(simulator, person, refresh_token="other")[1]["error"] == "invalid_grant"
    simulator.office.revoke("kim@example.com")
    assert refreshed(simulator, person)[1]["error_description"] == "Token has been expired or revoked."
    assert ask(simulator, grant_type="password")[1]["error"] == "unsupported_grant_type"


# -- access tokens ----------------------------------------------------------------------------------------------------


def test_access_tokens_expire(simulator: SheetsSimulator, spreadsheet_id: str, clock: Hands) -> None:
    """After their time, or all at once when told so."""
    simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT)
    wire = Wire(simulator, spreadsheet_id)
    clock.at += auth.ACCESS_TOKEN_S - 1
    assert wire.values(LOCK) == []
    clock.at += 1
    answer = wire.call("GET", f"/values/{LOCK}")
    assert answer[0] == 401
    assert message(answer).startswith("Request had invalid authentication credentials.")
    wire = Wire(simulator, spreadsheet_id)
    wire.raw("POST", "/_sim/tokens", b'{"expire": true, "access_token_s": 10}')
    assert wire.call("GET", f"/values/{LOCK}")[0] == 401
    wire = Wire(simulator, spreadsheet_id)
    clock.at += 10
    assert wire.call("GET", f"/values/{LOCK}")[0] == 401


def test_without_a_token_nothing_is_served(simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """Missing and worthless are two texts."""
    anyone = Wire(simulator, spreadsheet_id, headers={"X-Nothing": "1"})
    answer = anyone.call("GET", "")
    assert (answer[0], answer[1]["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert message(answer).startswith("Request is missing required authentication credential.")
    answer = bearing(simulator, spreadsheet_id, "ya29.made-up").call("GET", "")
    assert message(answer).startswith("Request had invalid authentication credentials.")


def test_scopes_are_kept(simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """A read-only token reads and searches, and does not write; a Drive metadata token does neither."""
    simulator.service.share(spreadsheet_id, "me@example.com")
    reading = bearing(simulator, spreadsheet_id, simulator.office.issue("me@example.com", frozenset({auth.SHEETS_READ_SCOPE})))
    assert reading.values(LOCK) == []
    assert reading.search(metadataId=1) == []
    answer = reading.put(f"{LOCK}!A1", [["x"]])
    assert message(answer) == "Request had insufficient authentication scopes."
    assert answer[1]["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    blind = bearing(simulator, spreadsheet_id, simulator.office.issue("me@example.com", frozenset({auth.DRIVE_METADATA_SCOPE})))
    assert blind.call("GET", "")[0] == 403


def test_a_reader_reads_and_does_not_write(simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """Sharing for reading is not sharing for writing; taking it away ends both."""
    simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT, "reader")
    wire = Wire(simulator, spreadsheet_id)
    assert wire.values(LOCK) == []
    answer = wire.put(f"{LOCK}!A1", [["x"]])
    assert (answer[0], message(answer)) == (403, "The caller does not have permission")
    simulator.service.unshare(spreadsheet_id, DEFAULT_ACCOUNT)
    assert wire.call("GET", "")[0] == 403


# -- Drive ------------------------------------------------------------------------------------------------------------


def permissions(simulator: SheetsSimulator, file_id: str, *scopes: str, **query: str) -> tuple[int, dict[str, Any]]:
    """The permissions of a file, asked with a token of those scopes."""
    token = simulator.office.issue(DEFAULT_ACCOUNT, frozenset(scopes or {auth.DRIVE_METADATA_SCOPE}))
    path = f"/drive/v3/files/{file_id}/permissions" + (f"?{urlencode(query)}" if query else "")
    answer = requests.get(simulator.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    return answer.status_code, answer.json()


def test_a_sheet_open_to_everybody_with_the_link_is_seen(simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """The doctor's question; addresses come only when asked for."""
    simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT)
    _, answer = permissions(simulator, spreadsheet_id)
    assert [(p["type"], p["role"]) for p in answer["permissions"]] == [("user", "owner"), ("user", "writer")]
    assert "emailAddress" not in answer["permissions"][0]
    simulator.service.share(spreadsheet_id, "anyone", "writer")
    _, answer = permissions(simulator, spreadsheet_id, fields="permissions(id,type,emailAddress)")
    assert answer["permissions"][-1] == {"id": "anyoneWithLink", "type": "anyone"}
    assert answer["permissions"][1]["emailAddress"] == DEFAULT_ACCOUNT


def test_drive_refuses_in_its_own_shape(simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """Wrong scope, unknown or unshared file, and a reader, each with its reason."""
    asked = permissions(simulator, spreadsheet_id, auth.SHEETS_SCOPE)
    assert (asked[0], asked[1]["error"]["errors"][0]["reason"]) == (403, "insufficientPermissions")
    for file_id in ("nothing", spreadsheet_id):
        asked = permissions(simulator, file_id)
        assert (asked[0], asked[1]["error"]["message"]) == (404, f"File not found: {file_id}.")
    simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT, "reader")
    asked = permissions(simulator, spreadsheet_id)
    assert (asked[0], asked[1]["error"]["errors"][0]["reason"]) == (403, "insufficientFilePermissions")
    assert requests.get(f"{simulator.url}/drive/v3/files/{spreadsheet_id}/permissions", timeout=30).status_code == 401


def test_credential_files_are_at_the_simulators_own_address(simulator: SheetsSimulator) -> None:
    """A script fetches them without knowing Python."""
    file = requests.get(f"{simulator.url}/_sim/service-account.json", params={"email": "a@b.c"}, timeout=30).json()
    assert (file["type"], file["client_email"], file["token_uri"]) == ("service_account", "a@b.c", simulator.token_uri)
    person = requests.get(f"{simulator.url}/_sim/authorized-user.json", timeout=30).json()
    assert refreshed(simulator, person)[0] == 200
