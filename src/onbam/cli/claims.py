"""`onbam claims …`: who works on which order, and a person's word about it.

For: people at a terminal, and scripts.
Promises: the same acts as the pages and the sheet; each with a reason, kept in the journal; the same answer as JSON.
Refuses: to decide: the store does.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onbam.claims.asks import Command as Ask
from onbam.claims.asks import NotAllowed
from onbam.claims.model import Act, Item, Ref, State
from onbam.claims.ports import PAGE_MAX, ClaimStore, Filter
from onbam.claims.typed import typed_ref
from onbam.cli import care_words, words
from onbam.cli import claims_words as say
from onbam.cli.app import App
from onbam.cli.claims_sheet import board, login, status
from onbam.cli.frame import command, group, json_option, option, pass_app, reason_option
from onbam.journal.model import Entry, Line, told
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Refused
from onbam.kernel.words import heard

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.claims.selftest import Checked

KIND = "order"
WATCH_S = 1.0
STORY_MAX = 5000
"""Lines of a story."""


@group(words.CLAIMS, name="claims")
def claims() -> None:
    """Hold the commands below."""


@command(say.LIST, name="list")
@option("--state", "states", text=say.STATE_OPTION, multiple=True, type=click.Choice([s.value for s in State]))
@option("--limit", text=say.LIMIT_OPTION, type=click.IntRange(1, PAGE_MAX), default=100)
@json_option
@pass_app
def list_(app: App, states: tuple[str, ...], limit: int) -> None:
    """Show a page of items."""
    store = app.onbam.claims
    page = store.find(Filter(kinds=(KIND,), states=[State(s) for s in states]), limit=limit)
    now_ms = store.now_ms()

    def show(console: Console) -> None:
        if page.items:
            console.print(_table(app, page.items, now_ms))
        else:
            app.say(say.EMPTY)

    app.emit([as_json(item, now_ms) for item in page.items], show)


@command(say.SHOW, name="show")
@click.argument("key")
@json_option
@pass_app
def show(app: App, key: str) -> None:
    """Show one item and its story."""
    store = app.onbam.claims
    ref = typed_ref(KIND, key)
    item = store.get([ref])[0]
    if item is None:
        raise Refused(say.UNKNOWN(key=key), say.UNKNOWN_HINT)
    now_ms = store.now_ms()
    story = _story(app, ref)

    def draw(console: Console) -> None:
        console.print(_table(app, [item], now_ms))
        for entry in story:
            said = " ".join(filter(None, [entry.line.what.removeprefix("item."), app.words(heard(entry.line.why))]))
            console.print(f"  {_local(app, entry.at_ms)}  {entry.line.who}  {said}", markup=False)

    lines = [{"at_ms": one.at_ms, "what": one.line.what, "who": one.line.who, **told(one.line)} for one in story]
    app.emit({**as_json(item, now_ms), "story": lines}, draw)


def _story(app: App, ref: Ref) -> Sequence[Entry]:
    """What was done to an item, in order; where a sheet decides, from the log that the PCs share."""
    if app.onbam.sheet_decides:
        entries = app.onbam.claims.changes(0, limit=STORY_MAX).entries
        return [entry for entry in entries if (entry.line.kind, entry.line.key) == (ref.kind, ref.key)]
    told = reversed(app.onbam.journal.about(ref.kind, ref.key, STORY_MAX))
    return [entry for entry in told if entry.line.what.startswith("item.")]


def _person(app: App, key: str, act: Act, reason: str) -> None:
    """A person's word about one item."""
    _insist(reason)
    ref, store = typed_ref(KIND, key), app.onbam.claims
    answer = store.override([Ask(ref, act, app.onbam.person, reason)])[0]
    if isinstance(answer, NotAllowed):
        raise Refused(say.NOT_ALLOWED(key=key, why=say.WHY[answer.why]), say.UNKNOWN_HINT if answer.item is None else "")
    item = answer
    app.emit(as_json(item, store.now_ms()), lambda _: app.say(say.DONE(key=key, state=say.STATE_NAMES[item.state])))


def _insist(reason: str) -> None:
    """A person's act has a reason."""
    if not reason.strip():
        raise Refused(say.REASON_NEEDED, say.REASON_HINT)


@command(say.RELEASE, name="release")
@click.argument("key")
@reason_option
@json_option
@pass_app
def release(app: App, key: str, reason: str) -> None:
    """Make an item waiting again."""
    _person(app, key, Act.RELEASE, reason)


@command(say.HOLD, name="hold")
@click.argument("key")
@reason_option
@json_option
@pass_app
def hold(app: App, key: str, reason: str) -> None:
    """Park an item."""
    _person(app, key, Act.HOLD, reason)


@command(say.CANCEL, name="cancel")
@click.argument("key")
@reason_option
@json_option
@pass_app
def cancel(app: App, key: str, reason: str) -> None:
    """Cancel an item."""
    _person(app, key, Act.CANCEL, reason)


@command(say.CLEANUP, name="cleanup")
@option("--max-age-days", text=say.DAYS_OPTION, type=click.FloatRange(min=0), default=None)
@reason_option
@json_option
@pass_app
def cleanup(app: App, max_age_days: float | None, reason: str) -> None:
    """Remove old rows; the store tells how many, and the line beside it who wanted it and why."""
    _insist(reason)
    onbam = app.onbam
    days = onbam.settings.claims.cleanup_days if max_age_days is None else max_age_days
    removed = onbam.claims.cleanup(days)
    onbam.journal.append([Line("claims.cleanup", "item", "*", onbam.person, reason, {"rows": removed, "max_age_days": days})])
    app.emit({"removed": removed, "max_age_days": days}, lambda _: app.say(say.CLEANED(n=removed)))


@command(say.WATCH, name="watch")
@json_option
@pass_app
def watch(app: App) -> None:
    """Follow the changes; for a script one JSON object a line."""
    store = app.onbam.claims
    position = _end(store)
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            stretch = store.changes(position)
            for entry in stretch.entries:
                app.say(_change_json(entry) if app.as_json else _change(app, entry))
            position = stretch.position
            if not stretch.entries:
                app.onbam.clock.wait(WATCH_S)


def _change(app: App, entry: Entry) -> str:
    """One change, for people."""
    what = entry.line.what.removeprefix("item.")
    why = app.words(heard(entry.line.why))
    return f"{_local(app, entry.at_ms)}  {entry.line.key}  {what}  {entry.line.who}  {why}".rstrip()


def _change_json(entry: Entry) -> str:
    """The same, for scripts."""
    line = entry.line
    change = {"at_ms": entry.at_ms, "key": line.key, "what": line.what, "who": line.who, **told(line)}
    return json.dumps(change, ensure_ascii=False)


def _end(store: ClaimStore) -> int:
    """The position of the newest line: what happened before is history."""
    position = 0
    while (stretch := store.changes(position, limit=PAGE_MAX)).position > position:
        position = stretch.position
    return position


@command(say.SELFTEST, name="selftest")
@option("--store", "which", text=say.STORE_OPTION, type=click.Choice(["database", "sheets", "sheet"]), default=None)
@json_option
@pass_app
def selftest(app: App, which: str | None) -> int:
    """Hold the store to its promises."""
    from onbam.claims.selftest import SelfTest
    from onbam.kernel.ids import new_id

    onbam = app.onbam
    results = []
    place = "sheet" if which in ("sheet", "sheets") else which or ""  # the settings say `sheets`; it was `sheet` here once
    if place == "sheet" or (not place and onbam.sheet_decides):
        app.aside(say.SHEET_TAKES_TIME)
    test = SelfTest(lambda terms: onbam.open_claims(terms, place), onbam.clock, new_id(onbam.clock, onbam.chance))
    with app.progress(care_words.CHECKING, None):  # it waits for leases to end
        for check in test.run():
            results.append(check)
            if not app.as_json:
                draw_check(app, check)
    if app.as_json:
        app.emit(as_checks(app, results), lambda _: None)
    return EXIT_OK if all(check.passed for check in results) else EXIT_FAILED


@command(say.IMPORT, name="import-history")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@pass_app
def import_history(app: App, files: tuple[Path, ...]) -> None:
    """Take over what older programs completed."""
    from onbam.claims.history import import_history as take_over

    report = take_over(app.onbam.claims, files, KIND, app.onbam.zone)
    data = {
        "files": report.files,
        "read": report.read,
        "new": report.new,
        "known": report.known,
        "skipped": [{"file": s.file, "entry": s.entry, "why": app.words(s.why)} for s in report.skipped],
        "conflicts": [item.key for item in report.conflicts],
        "contradictions": [{"file": s.file, "entry": s.entry, "why": app.words(s.why)} for s in report.contradictions],
    }

    def draw(_: Console) -> None:
        counts = {"read": report.read, "new": report.new, "known": report.known}
        conflicts = len(report.conflicts) + len(report.contradictions)
        app.say(say.IMPORTED(files=", ".join(report.files), skipped=len(report.skipped), conflicts=conflicts, **counts))
        for one in (*report.skipped, *report.contradictions):
            app.say(f"  {one.file}: {one.entry}: {app.words(one.why)}")
        for item in report.conflicts:
            app.say(say.CONFLICT(key=item.key, state=say.STATE_NAMES[item.state]))

    app.emit(data, draw)


for one in (list_, show, release, hold, cancel, cleanup, watch, selftest, import_history, board, status, login):
    claims.add_command(one)


def draw_check(app: App, check: Checked) -> None:
    """One line of a self-test, as soon as it is known."""
    color, mark = ("green", say.PASSED) if check.passed else ("red", say.FAILED)
    app.out.print(f"  [{color}]{app.words(mark)}[/]", end="  ")
    why = f" – {app.words(check.why)}" if check.why else ""
    app.out.print(f"{app.words(check.text)}{why}", markup=False)


def as_checks(app: App, checks: Sequence[Checked]) -> list[dict[str, Any]]:
    """A self-test for scripts."""
    return [
        {"check": c.name, "passed": c.passed, "text": app.words(c.text), "why": app.words(c.why) if c.why else ""}
        for c in checks
    ]


def as_json(item: Item, now_ms: int) -> dict[str, Any]:
    """An item for scripts."""
    return {
        "order_id": item.key,
        "state": item.state.value,
        "phase": item.phase.value if item.phase else None,
        "locked_by": item.holder,
        "machine_id": item.machine_id,
        "token": item.token,
        "attempt": item.attempt,
        "claimed_at_ms": item.claimed_at_ms,
        "lease_left_s": None if item.expires_at_ms is None else round(max(0, item.expires_at_ms - now_ms) / 1000, 1),
        "step": item.step,
        "notes": str(heard(item.note)),
        "receipt": item.receipt,
        "changed_at_ms": item.changed_at_ms,
    }


def _table(app: App, items: Any, now_ms: int) -> Any:
    """Items for people."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in (say.KEY, say.STATE, say.HOLDER, say.SINCE, say.LEFT, say.NOTE):
        table.add_column(app.words(heading), no_wrap=heading is not say.NOTE, overflow="fold")
    for item in items:
        left = "" if item.expires_at_ms is None else f"{max(0, item.expires_at_ms - now_ms) // 1000} s"
        table.add_row(
            item.key,
            app.words(say.STATE_NAMES[item.state]),
            item.holder,
            _local(app, item.changed_at_ms),
            left,
            app.words(heard(item.note)),
        )
    return table


def _local(app: App, at_ms: int) -> str:
    """A time as the shop reads it."""
    return datetime.fromtimestamp(at_ms / 1000, app.onbam.zone).strftime("%m-%d %H:%M:%S")
