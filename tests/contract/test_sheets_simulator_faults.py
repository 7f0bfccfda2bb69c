"""The Sheets simulator when it misbehaves: each switch, over HTTP where the wire matters.

For: knowing that each way of going wrong really goes wrong, and that nothing does before it is switched on.
Promises: every declared fault has a test here that carries its name.
Refuses: to wait: the clock is turned by hand, pauses are counted.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from onbam_sims.sheets import FAULTS, UNLIMITED, Dropped, SheetsService
from onbam_sims.sheets.simulator import AUTH_FAULTS, DEFAULT_ACCOUNT, SheetsSimulator
from support.hands import Hands
from support.sheets_wire import Wire, append_request, message, metadata_request

LOCK = "processing_lock"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def simulator(clock: Hands) -> Iterator[SheetsSimulator]:
    with SheetsSimulator(now=clock, limits=UNLIMITED, seed=3) as server:
        yield server


@pytest.fixture
def wire(simulator: SheetsSimulator) -> Wire:
    spreadsheet_id = simulator.service.create("Orders", sheets=[LOCK])
    simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT)
    return Wire(simulator, spreadsheet_id)


def truth(wire: Wire) -> list[list[str]]:
    """What really stands in the sheet."""
    return wire.simulator.service.rows(wire.spreadsheet_id, LOCK)


def claim(wire: Wire, nonce: str) -> int:
    """A claim of id 7 with a row; the status."""
    return wire.batch(metadata_request(7, nonce), append_request(("order-1", nonce)))[0]


def test_every_fault_has_a_test() -> None:
    """A switch nobody tries is a switch that does nothing."""
    names = [name for name in vars(sys.modules[__name__]) if name.startswith("test_")]
    assert [fault for fault in {**FAULTS, **AUTH_FAULTS} if not any(fault in name for name in names)] == []


# -- races ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variant", "entries"),
    [
        ("duplicated", [(7, "first"), (7, "second")]),
        ("dropped", [(7, "first")]),
        ("replaced", [(7, "second")]),
    ],
)
def test_race_merge_lets_two_overlapping_claims_through(wire: Wire, variant: str, entries: list[tuple[int, str]]) -> None:
    """Both callers are told 200 and both rows are there; only a look at the metadata shows what became of the id."""
    wire.simulator.set_fault("race_merge", variant=variant, window=1.0)
    assert [claim(wire, "first"), claim(wire, "second")] == [200, 200]
    assert [(e["metadataId"], e["metadataValue"]) for e in wire.search()] == entries
    assert truth(wire) == [["order-1", "first"], ["order-1", "second"]]
    assert wire.call("GET", "/developerMetadata/7")[1]["metadataValue"] == entries[0][1]


def test_race_merge_can_rename_the_second(wire: Wire) -> None:
    """The second entry ends under another id, though its caller was told 7."""
    wire.simulator.set_fault("race_merge", variant="renamed")
    claim(wire, "first")
    _, answer = wire.batch(metadata_request(7, "second"))
    assert answer["replies"][0]["createDeveloperMetadata"]["developerMetadata"]["metadataId"] == 7
    assert [e["metadataValue"] for e in wire.search(metadataId=7)] == ["first"]
    assert {e["metadataValue"] for e in wire.search()} == {"first", "second"}


def test_race_merge_needs_an_overlap(wire: Wire, clock: Hands) -> None:
    """A claim that comes after the window is refused as ever, and does not use the switch up."""
    wire.simulator.set_fault("race_merge", window=1.0, count=1)
    claim(wire, "first")
    clock.at += 1.5
    assert claim(wire, "late") == 400
    assert wire.simulator.describe_faults()["on"]["race_merge"]["fired"] == 0


def test_race_merge_of_tabs_and_names_leaves_conflict_copies(wire: Wire) -> None:
    """The second of two overlapping tabs or named ranges carries a `_conflict` name; its caller was told otherwise."""
    wire.simulator.set_fault("race_merge")
    name = {"addNamedRange": {"namedRange": {"name": "c_1", "range": {"sheetId": 0}}}}
    for _ in range(2):
        status, answer = wire.batch({"addSheet": {"properties": {"title": "ledger"}}}, name)
        assert status == 200
        assert answer["replies"][0]["addSheet"]["properties"]["title"] == "ledger"
        assert answer["replies"][1]["addNamedRange"]["namedRange"]["name"] == "c_1"
    _, answer = wire.call("GET", "")
    titles = [s["properties"]["title"] for s in answer["sheets"]]
    names = [n["name"] for n in answer["namedRanges"]]
    assert titles[:2] == [LOCK, "ledger"]
    assert titles[2].startswith("ledger_conflict")
    assert (names[0], names[1].startswith("c_1_conflict")) == ("c_1", True)


@pytest.mark.parametrize(("variant", "left"), [("dropped", ["a"]), ("replaced", ["b"])])
def test_race_merge_of_one_named_range_id(wire: Wire, variant: str, left: list[str]) -> None:
    """An id of a named range can be lost in the same ways."""
    wire.simulator.set_fault("race_merge", variant=variant)
    for name in ("a", "b"):
        added = {"namedRange": {"name": name, "namedRangeId": "claim", "range": {"sheetId": 0}}}
        assert wire.batch({"addNamedRange": added})[0] == 200
    assert [n["name"] for n in wire.call("GET", "")[1]["namedRanges"]] == left


def test_race_merge_draws_its_variant_from_the_seed() -> None:
    """`random` takes each variant sometimes, and the same seed takes the same."""

    def outcome(seed: int) -> list[int]:
        service = SheetsService(seed=seed, now=lambda: 5.0, limits=UNLIMITED)
        spreadsheet_id = service.create(owner="me")
        service.faults.set("race_merge", variant="random")
        path = f"/v4/spreadsheets/{spreadsheet_id}:batchUpdate"
        for number in range(1, 30):
            for nonce in ("x", "y"):
                assert service.handle("POST", path, None, {"requests": [metadata_request(number, nonce)]}, user="me")[0] == 200
        return [len(service.book(spreadsheet_id).metadata.get(number, ())) for number in range(1, 30)]

    assert outcome(1) == outcome(1)
    assert set(outcome(1)) == {1, 2}


def test_stale_validation_refuses_what_was_just_deleted(wire: Wire, clock: Hands) -> None:
    """An id deleted a moment ago is still taken; a while later it is free."""
    claim(wire, "first")
    wire.simulator.set_fault("stale_validation", seconds=2.0)
    wire.batch({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 7}}}})
    assert claim(wire, "second") == 400
    clock.at += 3
    assert claim(wire, "second") == 200


def test_append_collision_writes_two_appends_into_one_row(wire: Wire, clock: Hands) -> None:
    """Overwriting appends that overlap lose a row; inserting ones never do."""
    wire.put(f"{LOCK}!A1", [["id"]])
    wire.simulator.set_fault("append_collision", window=1.0)
    for name in ("a", "b"):
        assert wire.append(f"{LOCK}!A1", [name])[1]["updates"]["updatedRange"] == f"{LOCK}!A2"
    assert truth(wire) == [["id"], ["b"]]
    wire.append(f"{LOCK}!A1", ["c"], insertDataOption="INSERT_ROWS")
    clock.at += 2
    wire.append(f"{LOCK}!A1", ["d"])
    assert truth(wire) == [["id"], ["b"], ["c"], ["d"]]


def test_append_collision_reaches_append_cells_only_when_told(wire: Wire) -> None:
    """`appendCells` is spared unless the switch names it."""
    wire.simulator.set_fault("append_collision")
    wire.batch(append_request(("a",)))
    wire.batch(append_request(("b",)))
    assert truth(wire) == [["a"], ["b"]]
    wire.simulator.set_fault("append_collision", append_cells=True)
    wire.batch(append_request(("c",)))
    assert truth(wire) == [["a"], ["c"]]


# -- the connection ---------------------------------------------------------------------------------------------------


def test_reply_lost_commits_and_says_nothing(wire: Wire) -> None:
    """The write is there, the connection just ends; reads are answered."""
    wire.simulator.set_fault("reply_lost", count=1)
    assert truth(wire) == []
    assert wire.values(LOCK) == []
    with pytest.raises(http.client.RemoteDisconnected):
        claim(wire, "mine")
    assert truth(wire) == [["order-1", "mine"]]
    assert [e["metadataValue"] for e in wire.search(metadataId=7)] == ["mine"]


def test_reply_lost_of_a_refused_write_is_a_refusal(wire: Wire) -> None:
    """Only a committed write loses its reply."""
    claim(wire, "first")
    wire.simulator.set_fault("reply_lost")
    assert claim(wire, "second") == 400


def test_request_lost_does_nothing(wire: Wire) -> None:
    """The connection ends before anything was done, reads too."""
    wire.simulator.set_fault("request_lost", count=2)
    with pytest.raises(http.client.RemoteDisconnected):
        claim(wire, "mine")
    with pytest.raises(http.client.RemoteDisconnected):
        wire.values(LOCK)
    assert truth(wire) == []
    assert claim(wire, "mine") == 200


def test_late_write_lands_after_the_caller_gave_up(wire: Wire, clock: Hands) -> None:
    """Nothing is there when the caller looks, and five seconds later it is; another may have been quicker."""
    wire.simulator.set_fault("late_write", seconds=5.0, count=1)
    with pytest.raises(http.client.RemoteDisconnected):
        wire.batch(append_request(("late",)))
    assert wire.values(LOCK) == []
    assert wire.batch(append_request(("quick",)))[0] == 200
    clock.at += 4.9
    assert wire.values(LOCK) == [["quick"]]
    clock.at += 0.1
    assert wire.values(LOCK) == [["quick"], ["late"]]


def test_late_write_that_is_refused_leaves_no_trace(wire: Wire, clock: Hands) -> None:
    """The id was taken meanwhile: the late batch is undone as a whole and nobody hears of it."""
    wire.simulator.set_fault("late_write", seconds=5.0, count=1)
    with pytest.raises(http.client.RemoteDisconnected):
        claim(wire, "late")
    claim(wire, "quick")
    clock.at += 6
    assert truth(wire) == [["order-1", "quick"]]


def test_late_write_is_done_only_while_its_caller_may_write(wire: Wire, clock: Hands) -> None:
    """Access taken away on the way stops it."""
    wire.simulator.set_fault("late_write", seconds=5.0, count=1)
    with pytest.raises(http.client.RemoteDisconnected):
        claim(wire, "late")
    wire.simulator.service.share(wire.spreadsheet_id, DEFAULT_ACCOUNT, "reader")
    clock.at += 6
    assert truth(wire) == []


def test_a_dropped_connection_tells_the_simulation_the_truth() -> None:
    """In the process the exception knows what the caller cannot."""
    service = SheetsService(now=lambda: 0.0)
    spreadsheet_id = service.create(owner="me")
    path = f"/v4/spreadsheets/{spreadsheet_id}:batchUpdate"
    for name, committed in (("reply_lost", True), ("request_lost", False), ("late_write", False)):
        service.faults.clear()
        service.faults.set(name)
        with pytest.raises(Dropped) as dropped:
            service.handle("POST", path, None, {"requests": [append_request(("x",))]}, user="me")
        assert (dropped.value.committed, dropped.value.reason) == (committed, name)
    assert service.late_writes == 1


# -- answers ----------------------------------------------------------------------------------------------------------


def test_rate_limited_is_googles_429(wire: Wire) -> None:
    """The same answer as a quota that is really used up, in reads and writes."""
    wire.simulator.set_fault("rate_limited", count=2)
    answer = wire.batch(append_request(("x",)))
    assert answer[0] == 429
    assert answer[1]["error"]["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert message(wire.call("GET", f"/values/{LOCK}")).startswith("Quota exceeded for quota metric 'Read requests'")
    assert wire.batch(append_request(("x",)))[0] == 200


@pytest.mark.parametrize(("status", "name"), [(500, "INTERNAL"), (503, "UNAVAILABLE")])
def test_server_error_before_the_commit(wire: Wire, status: int, name: str) -> None:
    """Nothing was done."""
    wire.simulator.set_fault("server_error", status=status, count=1)
    answer = wire.batch(append_request(("x",)))
    assert (answer[0], answer[1]["error"]["status"]) == (status, name)
    assert truth(wire) == []


def test_server_error_after_the_commit(wire: Wire) -> None:
    """The same answer, and the row is there: a 5xx on a write says nothing."""
    wire.simulator.set_fault("server_error", status=503, when="after", count=1)
    assert wire.batch(append_request(("x",)))[0] == 503
    assert truth(wire) == [["x"]]


def test_token_expired_is_401(wire: Wire) -> None:
    """In the middle of a run the token is worth nothing; the next request is served again."""
    wire.simulator.set_fault("token_expired", count=1)
    answer = wire.batch(append_request(("x",)))
    assert (answer[0], answer[1]["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert wire.batch(append_request(("x",)))[0] == 200


def test_a_fault_can_be_meant_for_one_kind_of_call(wire: Wire) -> None:
    """For writes only, for one method only; what it is not meant for does not use it up."""
    wire.simulator.set_fault("server_error", on="writes", count=1)
    assert wire.values(LOCK) == []
    assert wire.batch(append_request(("x",)))[0] == 503
    wire.simulator.set_fault("server_error", method="developerMetadata.search", count=1)
    assert wire.batch(append_request(("x",)))[0] == 200
    assert wire.call("POST", "/developerMetadata:search", {"dataFilters": [{"a1Range": LOCK}]})[0] == 503


# -- time -------------------------------------------------------------------------------------------------------------


def test_stale_reads_answer_the_past(wire: Wire, clock: Hands) -> None:
    """Reads see the state of some seconds ago, in values and metadata alike; writes see the present."""
    wire.simulator.set_fault("stale_reads", seconds=5.0)
    claim(wire, "mine")
    assert wire.values(LOCK) == []
    assert wire.search(metadataId=7) == []
    assert claim(wire, "mine") == 400
    clock.at += 3
    wire.batch(append_request(("later",)))
    clock.at += 2.5
    assert wire.values(LOCK) == [["order-1", "mine"]]
    clock.at += 2.5
    assert wire.values(LOCK) == [["order-1", "mine"], ["later"]]


def test_stale_reads_walk_through_every_state(wire: Wire, clock: Hands) -> None:
    """At each moment the answer is exactly the state of that long ago."""
    wire.simulator.set_fault("stale_reads", seconds=3.0)
    for count in range(8):
        assert len(wire.values(LOCK)) == max(0, count - 2)
        wire.batch(append_request(("x",)))
        clock.at += 1.0


def test_stale_reads_keep_only_the_past_they_need(wire: Wire, clock: Hands) -> None:
    """A long run does not collect states."""
    wire.simulator.set_fault("stale_reads", seconds=2.0)
    for _ in range(50):
        wire.batch(append_request(("x",)))
        clock.at += 1
    shelf = wire.simulator.service.shelf(wire.spreadsheet_id)
    assert shelf is not None
    assert len(shelf._past) <= 3
    wire.simulator.clear_faults()
    wire.batch(append_request(("x",)))
    assert not shelf._past


def test_slow_waits_on_the_side_it_is_told(wire: Wire, clock: Hands) -> None:
    """Before the commit nothing is there while it waits, after the commit everything is; waiting is the simulator's own."""
    seen: list[tuple[float, int]] = []
    wire.simulator.service.pause = lambda seconds: seen.append((seconds, len(truth(wire))))
    wire.simulator.set_fault("slow", seconds=7.0)
    wire.batch(append_request(("x",)))
    wire.simulator.set_fault("slow", seconds=8.0, when="after")
    wire.batch(append_request(("x",)))
    assert seen == [(7.0, 0), (8.0, 2)]


def test_latency_lies_on_both_sides_of_the_commit(wire: Wire) -> None:
    """Half on the way there, half on the way back."""
    seen: list[tuple[float, int]] = []
    wire.simulator.service.pause = lambda seconds: seen.append((seconds, len(truth(wire))))
    wire.simulator.service.latency_s = 0.5
    wire.batch(append_request(("x",)))
    assert seen == [(0.25, 0), (0.25, 1)]


# -- many at once ---------------------------------------------------------------------------------------------------------


def test_of_callers_at_the_same_moment_exactly_one_claims(wire: Wire) -> None:
    """Four threads, forty ids, one barrier each: one 200 an id, one row an id, and the row is the winner's."""
    callers, ids = 4, range(1, 41)
    start = threading.Barrier(callers)

    def race(name: str) -> list[int]:
        won = []
        for number in ids:
            start.wait(30)
            if wire.batch(metadata_request(number, name), append_request((str(number), name)))[0] == 200:
                won.append(number)
        return won

    with ThreadPoolExecutor(callers) as threads:
        won = list(threads.map(race, [f"pc{n}" for n in range(callers)]))
    assert sorted(number for mine in won for number in mine) == list(ids)
    assert truth(wire) == [[str(number), next(f"pc{n}" for n in range(callers) if number in won[n])] for number in ids]


# -- the token endpoint -----------------------------------------------------------------------------------------------


def test_invalid_grant_and_token_endpoint_down_refuse_tokens(wire: Wire) -> None:
    """Both in the shape of OAuth, not of the API."""
    wire.simulator.set_fault("invalid_grant", count=1)
    status, answer = wire.raw("POST", "/token", b"grant_type=refresh_token")
    assert (status, answer) == (400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
    wire.simulator.set_fault("token_endpoint_down", count=1)
    assert wire.raw("POST", "/token", b"grant_type=refresh_token")[0] == 503


# -- the switchboard --------------------------------------------------------------------------------------------------


def test_api_disabled_is_a_403_that_names_the_page_to_enable_it(wire: Wire) -> None:
    """Nobody switched the Sheets API on in the caller's project."""
    wire.simulator.set_fault("api_disabled")
    status, answer = wire.call("GET", f"/values/{LOCK}")
    assert (status, answer["error"]["status"]) == (403, "PERMISSION_DENIED")
    assert "sheets.googleapis.com" in answer["error"]["message"]


def test_consent_denied_comes_back_without_a_code(wire: Wire) -> None:
    """The person said no: the browser is sent back with an error, and the same state."""
    wire.simulator.set_fault("consent_denied")
    host = wire.simulator.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", "/o/oauth2/auth?state=abc&redirect_uri=http://localhost:1/")
    answer = connection.getresponse()
    connection.close()
    assert (answer.status, answer.getheader("Location")) == (302, "http://localhost:1/?state=abc&error=access_denied")


def test_faults_are_switched_over_http(wire: Wire) -> None:
    """What is on and how often it struck can be read; a name nobody knows is refused with the known ones."""
    wire.raw("POST", "/_sim/faults", json.dumps({"rate_limited": {"count": 1, "on": "writes"}}).encode())
    assert wire.batch(append_request(("x",)))[0] == 429
    _, answer = wire.raw("GET", "/_sim/faults")
    assert answer["on"] == {"rate_limited": {"rate": 1.0, "count": 1, "fired": 1, "on": "writes"}}
    status, answer = wire.raw("POST", "/_sim/faults", b'{"gremlins": {}}')
    assert (status, set(answer["known"])) == (400, set(FAULTS) | set(AUTH_FAULTS))
    wire.raw("POST", "/_sim/faults", b"{}")
    assert wire.raw("GET", "/_sim/faults")[1]["on"] == {}


def test_one_seed_misbehaves_in_one_way() -> None:
    """A rate draws from the seed: the same seed refuses the same requests, another seed others."""

    def refused(seed: int) -> list[int]:
        service = SheetsService(seed=seed, now=lambda: 0.0, limits=UNLIMITED)
        path = f"/v4/spreadsheets/{service.create(owner='me')}/values/A1"
        service.faults.set("server_error", rate=0.3)
        return [service.handle("GET", path, user="me")[0] for _ in range(40)]

    assert refused(1) == refused(1)
    assert refused(1) != refused(2)
    assert set(refused(1)) == {200, 503}
