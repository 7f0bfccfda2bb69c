"""The programming interface under strange questions: whatever is sent, no answer is a crash, and the description is whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from onbam.people.model import Scope
from onbam.web.api.docs import routes
from onbam.web.api_words import DESCRIBED
from support.desk_door import Desk, desk
from support.stage import Stage, pc, people, stage

EXAMPLES = 6


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A shop with a few orders."""
    made = stage(tmp_path_factory.mktemp("api"))
    people(made)
    made.at(9)
    a = pc("A", 1)
    made.join(a, due_s=10**6)
    orders = [made.order() for _ in range(4)]
    made.found(*orders)
    made.entered(a, orders[0])
    made.doubt(a, orders[1])
    with desk(made) as opened:
        yield opened
    made.onbam.close()


def key(told: Stage) -> dict[str, str]:
    """A key that may do everything."""
    kim = told.onbam.people.named("kim")
    assert kim is not None
    return {"authorization": f"Bearer {told.onbam.people.add_key('all', Scope.ADMIN, kim)[1]}"}


def test_strange_questions_are_no_crash(door: Desk) -> None:
    """For every path of the description: drawn parameters and bodies are answered, and never with a 500."""
    headers = key(door.stage)
    schema = schemathesis.openapi.from_dict(door.app.openapi())
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            if "wait_s" in (case.query or {}):
                case.query["wait_s"] = 0
            call = case.as_transport_kwargs()
            answer = door.nobody.request(
                call["method"],
                call["url"],
                params=call.get("params"),
                json=call.get("json"),
                headers=headers,
            )
            assert answer.status_code < 500, (call, answer.text[:500])
            assert answer.headers["content-type"].startswith(("application/json", "text/csv", "text/html", "text/plain"))

        ask()
    assert asked > 100


def test_the_description_is_whole_and_has_a_page(door: Desk) -> None:
    """Every route says what it does, stands under a heading, and is on the page."""
    described = list(routes(door.app.openapi()))
    assert [one["path"] for one in described if not one["text"] or one["tag"] == "other"] == []
    html = door.as_("park").get("/api/docs")
    assert [one["path"] for one in described if one["path"] not in html] == []
    assert door.nobody.get("/api/docs").status_code == 401


def test_the_description_is_told_in_korean_too(door: Desk) -> None:
    """Every route and every field of the interface says in both languages what it means."""
    told = list(routes(door.app.openapi()))
    texts = [one["text"] for one in told]
    texts += [p["description"] for one in told for p in one["params"] if p.get("description")]
    texts += [f["description"] for one in told for f in one["fields"].values() if f.get("description")]
    assert sorted({text for text in texts if " ".join(text.split()) not in DESCRIBED}) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/api/orders/x/acts/hold"), ("post", "/api/people"), ("patch", "/api/people/kim"), ("delete", "/api/keys/x")],
)
def test_a_browsers_session_needs_its_form_token_here_too(door: Desk, method: str, path: str) -> None:
    """Another site cannot make a logged-in browser act through the interface."""
    client = door.as_("kim").client
    answer = client.request(method, path, json={"reason": "x", "name": "x", "role": "viewer"} if method != "delete" else None)
    assert answer.status_code in (403, 422)
    if method == "delete":
        assert answer.status_code == 403


def test_everything_a_page_does_programs_can_do(door: Desk) -> None:
    """An order is parked, let go, entered by hand; a PC is stopped and let go on; somebody is added, changed, given a key."""
    headers, told = key(door.stage), door.stage
    number = told.found(told.order())[0].key
    post = lambda path, **body: door.nobody.post(path, headers=headers, json=body)  # noqa: E731 -- a short word for a long call
    assert post(f"/api/orders/{number}/acts/hold", reason="x").json()["order"]["state"] == "parked"
    assert post(f"/api/orders/{number}/acts/unhold", reason="x").json()["order"]["state"] == "waiting"
    unsure = post(f"/api/orders/{number}/acts/there", reason="by hand", receipt="20260113-9")
    assert (unsure.status_code, unsure.json()["error"]["kind"]) == (422, "Unsure")
    done = post(f"/api/orders/{number}/acts/there", reason="by hand", receipt="20260113-9", sure=True).json()["order"]
    assert (done["state"], done["receipt"]) == ("completed", "20260113-9")
    assert post(f"/api/orders/{number}/acts/retry", reason="x").status_code == 422
    shown = post("/api/orders-in-bulk/hold/preview", state="waiting").json()
    assert shown["matching"] == len(shown["possible"])
    held = post("/api/orders-in-bulk/hold", state="waiting", reason="x", expected=len(shown["possible"])).json()
    assert held["done"] == shown["possible"]
    assert post("/api/machines/all/pause", reason="x").status_code == 200
    assert door.nobody.get("/api/today", headers=headers).json()["stopped"] is not None
    assert post("/api/machines/all/resume", reason="x").status_code == 200
    assert "/enter/" in post("/api/people", name="neu", role="viewer").json()["link"]
    changed = door.nobody.patch("/api/people/neu", headers=headers, json={"role": "operator"}).json()["person"]
    assert changed["role"] == "operator"
    made = post("/api/keys", name="one", scope="read").json()
    assert made["secret"].startswith("onbam_")
    assert door.nobody.delete(f"/api/keys/{made['key']['id']}", headers=headers).json() == {"revoked": True}


def test_history_counts_days(door: Desk) -> None:
    """The chart's figures are those of the journal, and a day that is over is not counted twice."""
    days = door.nobody.get("/api/history?days=3", headers=key(door.stage)).json()["days"]
    assert len(days) == 3
    assert days[-1]["completed"] >= 1
    assert door.nobody.get("/api/history?days=3", headers=key(door.stage)).json()["days"][:2] == days[:2]
