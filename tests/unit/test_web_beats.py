"""The bars of a PC's last beats, as they are drawn."""

from __future__ import annotations

from onbam.claims.beats import BEATS, Beats
from onbam.claims.machines import seated
from onbam.web.views.fleet import drawn_beats
from support.claim_stands import A_AGAIN, A

SECOND_MS = 1_000
PROMISE_MS = 20 * SECOND_MS


def bars(beats: Beats) -> dict[str, int]:
    """How many of each kind are drawn: one that was missed is two pieces."""
    return {kind: path.count("M") for kind, path in drawn_beats(beats)}


def test_each_kind_is_one_path_and_all_bars_are_sixty() -> None:
    """Fifty PCs have three thousand bars; what is not known yet is pale, and stands before what is."""
    drawn = drawn_beats(Beats("|..!x."))
    assert bars(Beats("|..!x.")) == {"unseen": BEATS - 6, "new": 1, "": 3, "late": 1, "missed": 1}
    assert len({shape for _, path in drawn for shape in [path.partition(" ")[2].partition("M")[0]]}) == len(drawn)
    assert dict(drawn)["new"].startswith(f"M{4 * (BEATS - 6)} ")
    assert bars(Beats()) == {"unseen": BEATS}
    assert bars(Beats("..~_.")) == {"unseen": BEATS - 3, "": 3}


def test_a_silent_pc_loses_its_bars_one_by_one() -> None:
    """Nobody writes anything, and the last good bar moves out to the left."""
    peer = seated(A, "1", 1, 0, PROMISE_MS)
    for at_s in range(5, 400, 5):
        peer = peer.beaten(at_s * SECOND_MS, PROMISE_MS)
    assert bars(peer.beats(peer.beat_at_ms + 19 * SECOND_MS)) == {"": BEATS}
    assert bars(peer.beats(peer.beat_at_ms + 60 * SECOND_MS)) == {"": BEATS - 8, "missed": 8}
    assert bars(peer.beats(peer.beat_at_ms + 3_600 * SECOND_MS)) == {"missed": BEATS}


def test_a_new_process_is_seen_among_the_bars_of_the_old_one() -> None:
    """A restart takes no history away."""
    peer = seated(A, "1", 1, 0, PROMISE_MS).beaten(5 * SECOND_MS, PROMISE_MS)
    fresh = seated(A_AGAIN, "1", 2, 10 * SECOND_MS, PROMISE_MS, peer).beaten(15 * SECOND_MS, PROMISE_MS)
    assert bars(fresh.beats(16 * SECOND_MS)) == {"unseen": BEATS - 4, "new": 2, "": 2}
