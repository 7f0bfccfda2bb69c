"""Evidence, in memory and on each database: the same claims for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from onbam.database.engine import Database
from onbam.database.schema import metadata
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Damaged, Refused
from onbam.orders.evidence import BODY_MAX, DOCUMENT, FORM, HTML, JSON, Evidence, Part, Piece
from onbam.orders.model import order_ref
from onbam.orders.stores import evidence_sql
from onbam.orders.stores.evidence_memory import MemoryEvidence
from onbam.orders.stores.evidence_sql import SqlEvidence
from onbam.orders.tables import order_blobs, order_pieces
from support.databases import KINDS

REF = order_ref("2601050229")
OTHER = order_ref("2601050194")
Keep = Callable[..., Piece]


@pytest.fixture(params=[pytest.param("memory"), *KINDS])
def evidence(request: pytest.FixtureRequest) -> Evidence:
    """An empty store of each kind."""
    if request.param == "memory":
        return MemoryEvidence(FakeClock())
    database: Database = request.getfixturevalue(f"{request.param}_database")
    metadata.create_all(database.engine, tables=[order_blobs, order_pieces])
    return SqlEvidence(database)


def kept(evidence: Evidence, body: bytes, *, token: int = 1, step: str = DOCUMENT, name: str = "2601050229.html") -> Piece:
    """A piece of the first order."""
    return evidence.keep(
        REF, token=token, attempt=token, step=step, name=name, media=HTML, body=body, by="agent:PC-A_192.168.1.100"
    )


def test_what_is_kept_is_read_back_byte_for_byte(evidence: Evidence) -> None:
    """Bytes that are no text, also none at all, come back as they were."""
    for body in (b"\xb0\xc5\xb7\xa1\x00\xff", b"", "거래명세서".encode() * 50_000):
        piece = kept(evidence, body)
        assert (evidence.read(piece), piece.size) == (body, len(body))


def test_keeping_the_same_again_changes_nothing(evidence: Evidence) -> None:
    """A step that is repeated under one lease leaves one piece."""
    first = kept(evidence, b"page")
    assert kept(evidence, b"page") == first
    assert evidence.of(REF) == [first]


def test_each_attempt_has_its_own_pieces_in_order(evidence: Evidence) -> None:
    """The newest of a step is the one that counts; older ones stay."""
    pieces = [kept(evidence, b"page"), kept(evidence, b"{}", step=FORM), kept(evidence, b"page", token=2), kept(evidence, b"2")]
    assert evidence.of(REF) == pieces
    assert evidence.last(REF, DOCUMENT) == pieces[3]
    assert evidence.last(REF, FORM) == pieces[1]
    assert (evidence.last(OTHER, DOCUMENT), evidence.of(OTHER)) == (None, [])


def test_another_order_with_the_same_bytes_has_a_piece_of_its_own(evidence: Evidence) -> None:
    """Bytes are shared, pieces are not."""
    mine = kept(evidence, b"same")
    theirs = evidence.keep(OTHER, token=1, attempt=1, step=DOCUMENT, name="x", media=HTML, body=b"same", by="agent:PC-B")
    assert (mine.sha256, evidence.read(theirs)) == (theirs.sha256, b"same")
    assert (evidence.of(REF), evidence.of(OTHER)) == ([mine], [theirs])


def test_what_is_too_large_is_refused(evidence: Evidence) -> None:
    """A page beyond the limit is not kept, and nothing half of it."""
    with pytest.raises(Refused, match="too large"):
        kept(evidence, bytes(BODY_MAX + 1))
    assert evidence.of(REF) == []


def test_evidence_that_was_changed_is_damaged(sqlite_database: Database) -> None:
    """Bytes that do not fit their fingerprint, or are gone, are never handed out as evidence."""
    metadata.create_all(sqlite_database.engine, tables=[order_blobs, order_pieces])
    evidence = SqlEvidence(sqlite_database)
    piece = kept(evidence, b"the paper as it came")
    for change in (sa.update(order_blobs).values(packed=b"something else"), sa.delete(order_blobs)):
        with sqlite_database.write() as connection:
            connection.execute(change)
        with pytest.raises(Damaged):
            evidence.read(piece)


def test_several_are_kept_together_and_only_what_is_new(evidence: Evidence) -> None:
    """A flow keeps what it has at once; said again with one more, only that one is added."""
    parts = [Part(DOCUMENT, "x.html", HTML, b"page"), Part(FORM, "form.json", JSON, b"{}")]
    first = evidence.keep_all(REF, parts, token=3, attempt=2, by="agent:PC-B")
    again = evidence.keep_all(REF, [*parts, Part(FORM, "form.json", JSON, b"page")], token=3, attempt=2, by="agent:PC-B")
    assert list(again[:2]) == list(first)
    assert evidence.of(REF) == list(again)
    assert [evidence.read(piece) for piece in again] == [b"page", b"{}", b"page"]


def test_items_whose_evidence_is_old_are_told_the_oldest_first(evidence: Evidence) -> None:
    """By their newest piece, a page at a time; what is newer than asked for is not told."""
    refs = [order_ref(f"26010502{n:02}") for n in range(5)]
    for ref in refs:
        evidence.keep(ref, token=1, attempt=1, step=DOCUMENT, name="x", media=HTML, body=ref.key.encode(), by="agent:PC-A")
    newest_ms = max(piece.at_ms for ref in refs for piece in evidence.of(ref))
    assert evidence.old(min(piece.at_ms for ref in refs for piece in evidence.of(ref)), limit=10) == ([], "")
    found, after = evidence.old(newest_ms + 1, limit=3)
    rest, end = evidence.old(newest_ms + 1, limit=3, after=after)
    assert ([*found, *rest], end) == (refs, "")


def test_what_is_forgotten_is_gone_but_for_bytes_that_others_show(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only bytes nobody shows any more become free; how many is answered."""
    monkeypatch.setattr(evidence_sql, "REST_MS", -1000)
    kept(evidence, b"shared" * 50)
    alone = kept(evidence, b"alone" * 50, step=FORM)
    theirs = evidence.keep(OTHER, token=1, attempt=1, step=DOCUMENT, name="x", media=HTML, body=b"shared" * 50, by="agent:PC-B")
    before = evidence.size()
    freed = evidence.forget([REF])
    assert freed > 0
    assert evidence.size() == before - freed
    assert evidence.of(REF) == []
    assert evidence.read(theirs) == b"shared" * 50
    with pytest.raises(Damaged):
        evidence.read(alone)
    assert evidence.read(kept(evidence, b"alone" * 50, step=FORM)) == b"alone" * 50, "it may come back"


def test_bytes_that_were_just_kept_stay(evidence: Evidence) -> None:
    """In a database another PC may be about to show them: making room is never faster than keeping."""
    kept(evidence, b"page")
    alone = isinstance(evidence, MemoryEvidence)
    assert (evidence.forget([REF]) > 0) is alone
    assert (evidence.size() == 0) is alone
