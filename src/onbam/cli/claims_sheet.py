"""`onbam claims board|status|login`: the Google Sheet's side of the claims.

For: people who set a sheet up, wonder whether the lock is connected, or run the board by itself.
Promises: the same look as the check-up's; a login in a browser of this PC; one round of the board, or all of them until Ctrl-C.
Refuses: to show a token.
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from onbam.care.lock_words import MODES
from onbam.claims.connection import judge
from onbam.cli import claims_sheet_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, OnbamError, Refused

if TYPE_CHECKING:
    from onbam.bootstrap import Onbam
    from onbam.claims.board_service import BoardService, BoardState
    from onbam.claims.connection import Connection
    from onbam.connectors.sheets.credentials import Papers

LINK: Final = "https://docs.google.com/spreadsheets/d/{id}/edit"
LOGIN_LIMIT_S: Final = 300.0


# -- board ------------------------------------------------------------------------------------------------------------------


@command(say.BOARD, name="board")
@option("--once", text=say.ONCE_OPTION, is_flag=True)
@json_option
@pass_app
def board(app: App, once: bool) -> int:  # noqa: FBT001 -- click's signature
    """Keep the visible sheet current."""
    service = app.onbam.board_service
    if service is None:
        raise Refused(say.NO_BOARD, say.NO_BOARD_HINT)
    service.start()
    try:
        if once:
            with app.progress(say.ROUND, None):
                service.step(app.onbam.clock.now())
            app.emit(_round_data(service.state), lambda _: _draw_round(app, service.state))
            return EXIT_FAILED if service.state.problem is not None else EXIT_OK
        with contextlib.suppress(KeyboardInterrupt):
            _rounds(app, service)
    finally:
        service.stop()
    return EXIT_OK


def _rounds(app: App, service: BoardService) -> None:
    """Round after round; a line when something happened."""
    while True:
        wait_s = service.step(app.onbam.clock.now())
        seen = service.state.seen
        if service.state.problem is not None or (seen is not None and (seen.edits or seen.both or seen.written)):
            _draw_round(app, service.state)
        app.onbam.clock.wait(wait_s)


def _round_data(state: BoardState) -> dict[str, Any]:
    """A round for scripts."""
    seen = state.seen
    return {
        "at": state.at.isoformat() if state.at else None,
        "problem": state.problem.both() if state.problem else None,
        "watching": seen.watching if seen else None,
        "written": seen.written if seen else None,
        "edits": [{"order_id": edit.key, "status": edit.status} for edit in seen.edits] if seen else [],
        "refused": [{"order_id": edit.key, "status": edit.status} for edit in seen.refused] if seen else [],
        "older": [asdict(one) for one in seen.foreign] if seen else [],
        "both": [asdict(one) for one in seen.both] if seen else [],
    }


def _draw_round(app: App, state: BoardState) -> None:
    """A round for people."""
    if state.problem is not None:
        app.aside(state.problem)
        if state.hint is not None and state.hint.to("en"):
            app.aside(f"→ {app.words(state.hint)}")
        return
    seen = state.seen
    if seen is None:
        app.say(say.CROWDED)
    elif seen.watching:
        app.say(say.WATCHING)
    else:
        refused = {edit.key for edit in seen.refused}
        for edit in seen.edits:
            app.say((say.NOT_OBEYED if edit.key in refused else say.OBEYED)(key=edit.key, status=edit.status))
        for one in seen.both:
            app.say(say.BOTH(key=one.key, other=one.locked_by))
        app.say(say.ROUND_DONE(written=seen.written, older=len(seen.foreign)))


# -- status -----------------------------------------------------------------------------------------------------------------


@command(say.STATUS, name="status")
@json_option
@pass_app
def status(app: App) -> int:
    """Whether the lock is connected, and as what."""
    onbam = app.onbam
    data: dict[str, Any] = {**_mode(onbam), "connected": True, "state": "ok", "problem": None, "hint": None}
    with app.progress(say.LOOKING, None):
        own, found = _own_trouble(onbam), None
        if onbam.settings.sheets.spreadsheet_id:
            found = onbam.sheet_connection()
            data |= _sheet(onbam, found)
    verdict = judge(onbam.lock_standing, own, found)
    data |= {"connected": verdict.connected, "state": verdict.state}
    if verdict.error is not None:  # where a database decides, a sheet that is away may be worth a word only
        data |= {"problem": verdict.error.message.both(), "hint": verdict.error.hint.both()}
    app.emit(data, lambda _: _draw_status(app, data))
    return EXIT_FAILED if verdict.state == "bad" else EXIT_OK


def _mode(onbam: Onbam) -> dict[str, Any]:
    """How the shop has set it up."""
    chosen, standing = onbam.settings.claims, onbam.lock_standing
    has_sheet = standing.has_sheet
    return {
        "mode": standing.mode.value,
        "store": "sheets" if onbam.sheet_decides else "database",
        "lock": chosen.enabled,
        "only_pc": chosen.only_pc or None,
        "board": chosen.board != "off" and has_sheet,
        "older_pcs": chosen.older_pcs,
        "machine_id": onbam.machine_id,
        "locked_by": f"{onbam.host.name}_{onbam.host.ip}",
        "sheet": LINK.format(id=onbam.settings.sheets.spreadsheet_id) if has_sheet else None,
        "sheet_name": chosen.sheet_name if has_sheet else None,
    }


def _own_trouble(onbam: Onbam) -> OnbamError | None:
    """Whether what decides answers; and whether this PC may work at all."""
    from onbam.claims import lone

    why = onbam.lock_store_trouble(lambda: onbam.claims.now_ms())  # noqa: PLW0108 -- the store is opened inside
    if why is not None:
        return why
    try:
        return lone.refusal(onbam.settings.claims, onbam.fleet)
    except OnbamError as error:
        return error


def _sheet(onbam: Onbam, found: Connection) -> dict[str, Any]:
    """What the sheet says."""
    data: dict[str, Any] = {
        "obstacle": found.obstacle.value if found.obstacle else None,
        "account": found.papers.account if found.papers else None,
        "login": _login_data(found.papers) if found.papers else None,
        "open_to_anyone": found.open_to_anyone,
        "quota": None,
        "last_contact": None,
        "kept_by": None,
        "orders": None,
    }
    if found.connected:
        data |= {"quota": asdict(onbam.sheet.spare()), "last_contact": onbam.clock.now().isoformat()}
    if found.rows is not None:
        data |= {"kept_by": found.rows.kept_by or None, "orders": len(found.rows.places)}
    return data


def _login_data(papers: Papers) -> dict[str, Any]:
    return {
        "kind": papers.kind,
        "granted_at": papers.granted_at.isoformat() if papers.granted_at else None,
        "until": papers.refresh_until.isoformat() if papers.refresh_until else None,
    }


def _draw_status(app: App, data: dict[str, Any]) -> None:
    """The same for people."""
    word = say.DISCONNECTED if not data["connected"] else say.CONNECTED if data["state"] == "ok" else say.CONNECTED_BUT
    app.say(word(mode=MODES[data["mode"]]))
    if data["problem"] is not None:
        app.say(f"  {app.onbam.redactor.text(data['problem'][app.lang])}")
        app.say(f"  → {app.onbam.redactor.text(data['hint'][app.lang])}")
    app.say(say.THIS_PC(name=data["locked_by"], machine=data["machine_id"]))
    if data["sheet"] is None:
        return
    app.say(say.SHEET(link=data["sheet"], title=data["sheet_name"]))
    if data["account"]:
        app.say(say.ACCOUNT(account=data["account"]))
    if data["quota"] is not None:
        spare = data["quota"]
        app.say(
            say.QUOTA(reads=spare["reads"], of_reads=spare["of_reads"], writes=spare["writes"], of_writes=spare["of_writes"])
        )
    if data["orders"] is not None:
        app.say(say.ROWS(orders=data["orders"], keeper=data["kept_by"] or say.NOBODY))
    if data["open_to_anyone"]:
        app.say(say.OPEN)


# -- login ------------------------------------------------------------------------------------------------------------------


@command(say.LOGIN, name="login")
@option("--no-browser", text=say.NO_BROWSER_OPTION, is_flag=True)
@option("--limit", text=say.LIMIT_OPTION, type=click.FloatRange(1, 3600), default=LOGIN_LIMIT_S)
@json_option
@pass_app
def login(app: App, no_browser: bool, limit: float) -> int:  # noqa: FBT001 -- click's signature
    """A person's consent in the browser."""
    from onbam.connectors.sheets.login import Consent, log_in

    onbam = app.onbam
    chosen = onbam.settings.sheets
    token: Path = onbam.home / chosen.token_file
    how = Consent(onbam.home / chosen.credentials_file, token, chosen.drive_url, limit, open_browser=not no_browser)

    def show(url: str) -> None:
        app.aside(say.OPEN_THIS if no_browser else say.OPENING)
        app.aside(url)

    papers = log_in(how, onbam.clock, show)
    data: dict[str, Any] = {"token": str(token), "account": papers.account or None, **_login_data(papers), "problem": None}
    why: OnbamError | None = None
    if chosen.spreadsheet_id:
        why = onbam.sheet_connection().error
        data["problem"] = why.message.both() if why else None

    def draw(_: object) -> None:
        app.say(say.LOGGED_IN(account=papers.account or "?", file=token))
        if papers.refresh_until is not None:
            app.say(say.TESTING(until=papers.refresh_until.astimezone(onbam.zone).strftime("%Y-%m-%d %H:%M")))
        if papers.pickle is not None:
            app.say(say.PICKLE(file=papers.pickle.name))
        if why is not None:
            app.say(why.message)
            app.say(f"→ {app.words(why.hint)}")

    app.emit(data, draw)
    return EXIT_FAILED if why is not None else EXIT_OK
