"""Google's own client library on the simulator.

For: proof that the simulator is not only our own misunderstanding: a library nobody here wrote speaks to it.
Promises: claims, reads, refusals and broken connections pass through google-api-python-client unchanged.
Refuses: the network: the library uses its static discovery document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httplib2
import pytest
from google.api_core.client_options import ClientOptions
from google.oauth2 import service_account
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from onbam_sims.sheets import auth
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator
from support.sheets_wire import append_request, metadata_request

LOCK = "processing_lock"
HEADER = ["order_id", "locked_by", "locked_at", "status", "machine_id", "notes"]


@pytest.fixture
def simulator() -> Iterator[SheetsSimulator]:
    with SheetsSimulator() as server:
        yield server


@pytest.fixture
def google(simulator: SheetsSimulator) -> Iterator[Any]:
    """The library, signed in with a service account's file."""
    signed_in = service_account.Credentials.from_service_account_info(simulator.service_account(), scopes=[auth.SHEETS_SCOPE])
    transport = AuthorizedHttp(signed_in, http=httplib2.Http(timeout=30))
    options = ClientOptions(api_endpoint=f"{simulator.url}/")
    with build("sheets", "v4", http=transport, static_discovery=True, client_options=options) as service:
        yield service.spreadsheets()


@pytest.fixture
def spreadsheet_id(simulator: SheetsSimulator) -> str:
    number = simulator.service.create("Orders", sheets=[LOCK])
    simulator.service.share(number, DEFAULT_ACCOUNT)
    return number


def test_googles_library_claims_and_loses(google: Any, spreadsheet_id: str) -> None:
    """The first claim is granted, the second is an HttpError with the text a claims store waits for."""
    body = {"requests": [metadata_request(7, "mine"), append_request(("order-1", "PC-A"))]}
    google.batchUpdate(spreadsheetId=spreadsheet_id, body=body).execute()
    with pytest.raises(HttpError) as refused:
        google.batchUpdate(spreadsheetId=spreadsheet_id, body=body).execute()
    assert refused.value.status_code == 400
    assert refused.value.reason.endswith("because developer metadata with that ID already exists.")
    found = google.developerMetadata().get(spreadsheetId=spreadsheet_id, metadataId=7).execute()
    assert found["metadataValue"] == "mine"
    wanted = {"dataFilters": [{"developerMetadataLookup": {"metadataId": 7}}]}
    matched = google.developerMetadata().search(spreadsheetId=spreadsheet_id, body=wanted).execute()
    assert len(matched["matchedDeveloperMetadata"]) == 1


def test_googles_library_reads_and_writes_values(google: Any, spreadsheet_id: str) -> None:
    """All the ways of values, with a quoted title in the path."""
    values = google.values()
    written = values.update(
        spreadsheetId=spreadsheet_id, range=f"'{LOCK}'!A1:F1", valueInputOption="RAW", body={"values": [HEADER]}
    ).execute()
    assert written["updatedRange"] == f"{LOCK}!A1:F1"
    appended = values.append(
        spreadsheetId=spreadsheet_id,
        range=f"{LOCK}!A1:F1",
        valueInputOption="RAW",
        insertDataOption="INSERT_ROWS",
        body={"values": [["007", "PC-A_10.0.0.1"]]},
    ).execute()
    assert (appended["tableRange"], appended["updates"]["updatedRange"]) == (f"{LOCK}!A1:F1", f"{LOCK}!A2:B2")
    got = values.batchGet(spreadsheetId=spreadsheet_id, ranges=[f"{LOCK}!A2:A", f"{LOCK}!B2:B"]).execute()
    assert [r["values"] for r in got["valueRanges"]] == [[["007"]], [["PC-A_10.0.0.1"]]]
    body = {"valueInputOption": "RAW", "data": [{"range": f"{LOCK}!D2", "values": [["failed"]]}]}
    assert values.batchUpdate(spreadsheetId=spreadsheet_id, body=body).execute()["totalUpdatedCells"] == 1
    cleared = values.clear(spreadsheetId=spreadsheet_id, range=f"{LOCK}!A2:F2", body={}).execute()
    assert cleared["clearedRange"] == f"{LOCK}!A2:F2"
    assert values.get(spreadsheetId=spreadsheet_id, range=LOCK).execute()["values"] == [HEADER]


def test_googles_library_folds_a_long_read_into_a_post(google: Any, spreadsheet_id: str) -> None:
    """Four hundred ranges make an address too long for a GET; the answer is the same."""
    ranges = [f"{LOCK}!A{row}:F{row}" for row in range(1, 401)]
    got = google.values().batchGet(spreadsheetId=spreadsheet_id, ranges=ranges).execute()
    assert [r["range"] for r in got["valueRanges"]] == ranges


def test_googles_library_creates_and_describes(google: Any, simulator: SheetsSimulator) -> None:
    """A new spreadsheet with a tab, described with a field mask."""
    made = google.create(body={"properties": {"title": "New"}, "sheets": [{"properties": {"title": LOCK}}]}).execute()
    shown = google.get(spreadsheetId=made["spreadsheetId"], fields="sheets.properties(title,gridProperties)").execute()
    assert shown == {"sheets": [{"properties": {"title": LOCK, "gridProperties": {"rowCount": 1000, "columnCount": 26}}}]}
    assert simulator.service.shelf(made["spreadsheetId"]).roles == {DEFAULT_ACCOUNT: "owner"}  # type: ignore[union-attr]


def test_googles_library_meets_an_expired_token(google: Any, simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """It refreshes by itself after a 401, and says so when it cannot."""
    google.get(spreadsheetId=spreadsheet_id).execute()
    simulator.office.expire_tokens()
    google.get(spreadsheetId=spreadsheet_id).execute()
    assert len(simulator.office.tokens) == 1


def test_googles_library_meets_a_lost_reply(google: Any, simulator: SheetsSimulator, spreadsheet_id: str) -> None:
    """Its transport sends the claim again by itself, and the second send is refused because of our own id."""
    # Whoever claims through this library has to read the id back before believing that somebody else was first.
    google.get(spreadsheetId=spreadsheet_id).execute()
    simulator.set_fault("reply_lost", count=1)
    body = {"requests": [metadata_request(7, "mine")]}
    with pytest.raises(HttpError) as refused:
        google.batchUpdate(spreadsheetId=spreadsheet_id, body=body).execute()
    assert refused.value.status_code == 400
    found = google.developerMetadata().get(spreadsheetId=spreadsheet_id, metadataId=7).execute()
    assert found["metadataValue"] == "mine"
