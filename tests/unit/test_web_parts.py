"""The small parts of the desk: shipped files, form tokens, undo, the geometry of the strip."""

from __future__ import annotations

import gzip
import hashlib
import tomllib
from collections import Counter

import pytest

from onbam.claims.model import Item, State
from onbam.kernel.clock import FakeClock
from onbam.orders.desk_acts import DeskAct
from onbam.orders.why_figures import pc_of
from onbam.web import tokens
from onbam.web.assets import DESK, FOLDER, Assets
from onbam.web.entry import local_path
from onbam.web.strip import _path, _Scale
from onbam.web.undo import KEEP_S, Undos
from onbam.web.views.users import browser_said

WEIGHT_MAX = 80 * 1024
VENDOR = FOLDER / "vendor"


def test_what_others_wrote_is_shipped_as_it_came() -> None:
    """Each file has the sum, the version and the licence that are written beside it."""
    listed = tomllib.loads((VENDOR / "vendor.toml").read_text("utf-8"))
    names = {name for part in listed.values() for name in part["files"]}
    assert names == {path.name for path in VENDOR.iterdir() if path.suffix in (".js", ".css")}
    for name, part in listed.items():
        assert part["version"]
        assert part["licence"]
        assert (VENDOR / f"{name}.LICENSE").is_file()
        for file, digest in part["files"].items():
            assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest, file


def test_everything_a_browser_needs_is_light() -> None:
    """All scripts and styles together weigh at most 80 KB packed."""
    packed = [len(a.packed) for a in Assets().everything.values() if a.packed is not None and a.name.endswith((".js", ".css"))]
    assert sum(packed) <= WEIGHT_MAX


def test_a_file_is_served_under_its_contents_name() -> None:
    """The address holds the content's hash, and what is packed is the same file."""
    assets = Assets()
    asset = assets.named("onbam.css")
    assert assets.at(asset.path) is asset
    assert assets.at("/static/onbam.css") is None
    assert asset.packed is not None
    assert gzip.decompress(asset.packed) == asset.body


def test_the_script_is_one_file_of_its_parts_in_order() -> None:
    """What opens the stream stands after what it belongs to, and before what listens to it; no part is served alone."""
    script = Assets().named(DESK)
    places = [script.body.index((FOLDER / found).read_bytes()) for found in ("vendor/htmx.js", "vendor/hx-sse.js", "onbam.js")]
    assert places == sorted(places)
    assert script.packed is not None
    assert not {"htmx.js", "hx-sse.js", "onbam.js"} & set(Assets().everything)


def test_a_form_token_fits_its_session_and_looks_different_each_time() -> None:
    """Two tokens of one session differ and both fit; another session's, a cut one and nonsense do not."""
    one, two = tokens.form_token("a session"), tokens.form_token("a session")
    assert one != two
    assert tokens.fits("a session", one)
    assert tokens.fits("a session", two)
    assert not any(tokens.fits("a session", bad) for bad in (tokens.form_token("another"), one[:-8], "", "???"))


@pytest.mark.parametrize("given", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "", "/a\nb"])
def test_the_way_back_never_leads_elsewhere(given: str) -> None:
    """After the log-in a reader stays on this site."""
    assert local_path(given) == "/"


def test_an_undo_is_its_makers_once_and_not_for_long() -> None:
    """Another person, a second time, and a minute later get nothing; what touched the outside is never kept."""
    clock = FakeClock()
    undos = Undos(clock)
    waited = Item("order", "1", State.WAITING, due_at_ms=0, version=1)
    change = (waited, waited._replace(state=State.PARKED, version=2))
    name = undos.keep("person:kim", DeskAct.HOLD, [change], 1)
    assert undos.take(name, "person:lee") is None
    found = undos.take(name, "person:kim")
    assert found is not None
    assert found.act is DeskAct.UNHOLD
    assert undos.take(name, "person:kim") is None
    late = undos.keep("person:kim", DeskAct.HOLD, [change], 1)
    clock.advance(KEEP_S + 1)
    assert undos.take(late, "person:kim") is None
    assert undos.keep("person:kim", DeskAct.THERE, [change], 1) == ""


@pytest.mark.parametrize(
    "before",
    [
        Item("order", "1", State.PARKED, version=1, note="no code"),
        Item("order", "1", State.FAILED, due_at_ms=10**9, version=1),
        Item("order", "1", State.PROCESSING, version=1),
        Item("order", "1", State.WAITING, due_at_ms=10**9, version=1),
        Item("order", "1", State.WAITING, due_at_ms=0, version=7),
    ],
)
def test_what_no_command_restores_is_not_offered_to_be_undone(before: Item) -> None:
    """Parked, to be retried, in hand, waiting for later, or changed meanwhile: no undo, also not for the others with it."""
    waited = Item("order", "2", State.WAITING, due_at_ms=0, version=1)
    fine = (waited, waited._replace(state=State.CANCELLED, version=2))
    odd = (before, before._replace(state=State.CANCELLED, version=2))
    assert Undos(FakeClock()).keep("person:kim", DeskAct.CANCEL, [fine], 1)
    assert Undos(FakeClock()).keep("person:kim", DeskAct.CANCEL, [fine, odd], 1) == ""


def test_the_past_fills_the_strip_and_the_rest_of_the_day_is_pale() -> None:
    """Now stands where the pale part begins; the close of the day is the right edge."""
    hour = 3_600_000
    scale = _Scale(0, 14 * hour, 24 * hour)
    assert scale.x(0) == 0.0
    assert scale.x(14 * hour) == scale.past
    assert scale.x(24 * hour) == 100.0
    assert _Scale(0, 24 * hour, 24 * hour).past == 100.0


def test_more_work_is_a_higher_bar() -> None:
    """Bars grow with the work, and a single line of the journal is still seen."""
    scale = _Scale(0, 3_600_000, 3_600_000)
    bars = _path(dict(Counter({1: 1, 2: 10, 3: 100})), scale, 100)
    tops = [float(part.split("V")[1].split("h")[0]) for part in bars.split("M")[1:]]
    assert 90 > tops[0] > tops[1] > tops[2] == 0.0


def test_a_pc_is_called_as_people_call_it() -> None:
    """The address behind the name is left out, also when the name has a bar of its own."""
    assert [pc_of(h) for h in ("PC-A_192.168.1.100", "PC_B_10.0.0.1", "PC-C")] == ["PC-A", "PC_B", "PC-C"]


def test_a_pc_is_called_so_too_where_it_signed_for_another_one() -> None:
    """Who buries a silent PC signs with its process: nobody shall take that for one more PC."""
    assert [pc_of(h) for h in ("PC-A-7k2a/agent/9nvf_jv0", "MY_PC-7k2a/agent/x1")] == ["PC-A", "MY_PC"]


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML) Chrome/120 Safari/537.36 Edg/120",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1 Version/17 Safari/604.1", "Safari · iPhone"),
        ("curl/8.4", "curl/8.4"),
        ("", ""),
    ],
)
def test_a_session_is_named_as_people_call_their_browser(agent: str, said: str) -> None:
    """Browser and system in two words; what nobody knows stays as it calls itself."""
    assert browser_said(agent) == said
