"""Google Sheets on a loopback port: the service, its consent page, its token endpoint and three questions to Drive.

For: clients over HTTP, in tests, in the demo and by hand (`python -m onbam_sims.sheets`).
Promises: a thin shell: bytes to JSON, a bearer token to an account, and back; all behaviour is `SheetsService`. Credential
files for its own endpoint, people's hands and sharing are at `/_sim/…`.
Refuses: requests without a valid token (401), JSON it cannot read (400).
"""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlencode

from onbam_sims.server import Request, Response, Simulator, spoken
from onbam_sims.sheets import auth, drive
from onbam_sims.sheets.quota import Limits
from onbam_sims.sheets.refusal import Dropped, Refusal, Unfit, invalid, out_of_scope, unauthenticated
from onbam_sims.sheets.service import DEFAULT_HANDS, DEFAULT_PROJECT, FAULTS, SheetsService
from onbam_sims.sheets.shelf import Shelf

AUTH_FAULTS = {
    "invalid_grant": "The token endpoint refuses: `description` is the reason, else the token was expired or revoked.",
    "token_endpoint_down": "The token endpoint answers 503.",
    "consent_denied": "The person says no on the consent page.",
}
DEFAULT_ACCOUNT = f"onbam@{DEFAULT_PROJECT}.iam.gserviceaccount.com"
DEFAULT_PERSON = "person@example.com"


class SheetsSimulator(Simulator):
    """The server. `service` is the world behind it, `office` hands out tokens."""

    NAME: ClassVar[str] = "sheets"
    FAULTS: ClassVar[dict[str, str]] = {**FAULTS, **AUTH_FAULTS}

    def __init__(
        self,
        *,
        seed: int = 0,
        now: Callable[[], float] = time.time,
        limits: Limits | None = None,
        latency_s: float = 0.0,
    ) -> None:
        super().__init__(seed=seed, now=now)
        self.service = SheetsService(
            seed=seed, now=now, pause=self.pause, limits=limits, faults=self.faults, latency_s=latency_s
        )
        self.office = auth.Office(now=now, chance=random.Random(seed + 1))
        self.route("POST", r"/token", self._token)
        self.route("GET", r"/o/oauth2/auth", self._consent)
        for method in ("GET", "POST", "PUT"):
            self.route(method, r"/v4/.*", self._sheets)
        self.route("GET", r"/drive/v3/files/([^/]+)/permissions", lambda request: self._drive(request, drive.permissions))
        self.route("GET", r"/drive/v3/about", self._about)
        self.route("GET", r"/drive/v3/files/([^/]+)", lambda request: self._drive(request, drive.file))
        self.route("GET", r"/_sim/service-account\.json", self._service_account)
        self.route("GET", r"/_sim/authorized-user\.json", self._authorized_user)
        self.route("GET", r"/_sim/client-secret\.json", lambda _: Response.of_json(self.client_secret()))
        self.route("POST", r"/_sim/person", self._person)
        self.route("POST", r"/_sim/spreadsheets", self._new_spreadsheet)
        self.route("POST", r"/_sim/share", self._share)
        self.route("POST", r"/_sim/tokens", self._tokens)

    # -- for tests, the demo and the command line ---------------------------------------------------------------------------

    @property
    def token_uri(self) -> str:
        """Where this simulator's tokens come from."""
        return f"{self.url}/token"

    def service_account(self, email: str = DEFAULT_ACCOUNT, project: str = DEFAULT_PROJECT) -> dict[str, str]:
        """A service account's JSON file for this simulator."""
        with self.lock:
            return self.office.service_account(email, project, self.token_uri)

    def authorized_user(self, email: str = DEFAULT_PERSON, project: str = DEFAULT_PROJECT) -> dict[str, str]:
        """A person's token file for this simulator; consent is given by asking."""
        with self.lock:
            return self.office.authorized_user(email, project, self.token_uri)

    def client_secret(self, project: str = DEFAULT_PROJECT) -> dict[str, Any]:
        """An installed app's file, whose consent page says yes for whoever opens it (`?as=address` says who)."""
        return self.office.client_secret(project, f"{self.url}/o/oauth2/auth", self.token_uri)

    def access_token(self, email: str = DEFAULT_ACCOUNT, *, project: str = DEFAULT_PROJECT) -> str:
        """An access token for Sheets without an exchange."""
        with self.lock:
            return self.office.issue(email, project=project)

    def state(self) -> dict[str, Any]:
        """The truth: grids, metadata and what was called."""
        with self.lock:
            accounts = [{"email": a.email, "project": a.project, "revoked": a.revoked} for a in self.office.accounts.values()]
        return {**super().state(), **self.service.state(), "accounts": accounts}

    # -- Google -------------------------------------------------------------------------------------------------------------

    def _sheets(self, request: Request) -> Response:
        verb, parameters, content = _unfolded(request)
        try:
            token = self._holder(request)
            _check_scope(token, writing=verb != "GET" and not _only_reads(request.path))
            body = _read_json(content)
        except Refusal as reason:
            return _refused(reason)
        query = {name: values if len(values) > 1 or name == "ranges" else values[0] for name, values in parameters.items()}
        account = token.account
        try:
            status, answer = self.service.handle(verb, request.path, query, body, user=account.email, project=account.project)
        except Dropped:
            return Response(drop=True)
        return Response.of_json(answer, status)

    def _holder(self, request: Request) -> auth.Token:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not given:
            raise unauthenticated(given=False)
        with self.lock:
            token = self.office.holder(given.strip())
        if token is None:
            raise unauthenticated(given=True)
        return token

    def _token(self, request: Request) -> Response:
        if self.fault("token_endpoint_down"):
            return Response.of_json({"error": "temporarily_unavailable", "error_description": "Try again later."}, 503)
        if fault := self.fault("invalid_grant"):
            description = fault.get("description", "Token has been expired or revoked.")
            return Response.of_json({"error": "invalid_grant", "error_description": description}, 400)
        try:
            with self.lock:
                return Response.of_json(self.office.grant(_with_client(request), self.token_uri))
        except auth.Denied as reason:
            return Response.of_json(reason.body(), reason.status)

    def _consent(self, request: Request) -> Response:
        """The consent page: opening it is saying yes, unless the fault `consent_denied` says no."""
        form = {name: values[0] for name, values in request.query.items()}
        back = {"state": form.get("state", "")}
        if self.fault("consent_denied"):
            back |= {"error": "access_denied"}
        else:
            try:
                with self.lock:
                    back |= {"code": self.office.consent(form, form.get("as", DEFAULT_PERSON), DEFAULT_PROJECT)}
            except auth.Denied as reason:
                return Response.of_json(reason.body(), reason.status)
            back |= {"scope": form["scope"]}
        return Response(302, headers={"Location": f"{form.get('redirect_uri', '')}?{urlencode(back)}"})

    def _about(self, request: Request) -> Response:
        try:
            return Response.of_json(drive.about(self._holder(request).account.email))
        except Refusal as reason:
            return _refused(reason)

    def _drive(self, request: Request, question: Callable[[str, Shelf | None, str, str], dict[str, Any]]) -> Response:
        file_id = request.match[1]
        try:
            token = self._holder(request)
            if not token.scopes & auth.PERMISSION_SCOPES:
                raise drive.out_of_scope()
            shelf = self.service.shelf(file_id)
            return Response.of_json(question(file_id, shelf, token.account.email, request.first("fields")))
        except drive.DriveRefusal as reason:
            return Response.of_json(reason.body(), reason.code)
        except Refusal as reason:
            return _refused(reason)

    def not_found(self, path: str) -> Response:
        """Google's 404."""
        return Response.of_json(
            Refusal(404, "NOT_FOUND", f"The requested URL {path} was not found on this server.").body(), 404
        )

    # -- the simulator's own --------------------------------------------------------------------------------------------------

    def _service_account(self, request: Request) -> Response:
        email = request.first("email", DEFAULT_ACCOUNT)
        return Response.of_json(self.service_account(email, request.first("project", DEFAULT_PROJECT)))

    def _authorized_user(self, request: Request) -> Response:
        email = request.first("email", DEFAULT_PERSON)
        return Response.of_json(self.authorized_user(email, request.first("project", DEFAULT_PROJECT)))

    def _person(self, request: Request) -> Response:
        """`{"spreadsheetId": …, "do": "sort", "who": address, …the hand's own arguments}`."""

        def act(how: dict[str, Any]) -> None:
            hands = self.service.person(how.pop("spreadsheetId"), how.pop("who", DEFAULT_HANDS))
            hands.do(how.pop("do"), **how)

        return self._obeyed(request, act)

    def _new_spreadsheet(self, request: Request) -> Response:
        """`{"title", "sheets": […], "share": [addresses]}` answers `{"spreadsheetId"}`."""

        def make(how: dict[str, Any]) -> dict[str, Any]:
            shared = how.pop("share", [])
            number = self.service.create(**how)
            for who in shared:
                self.service.share(number, who)
            return {"spreadsheetId": number}

        return self._obeyed(request, make)

    def _share(self, request: Request) -> Response:
        """`{"spreadsheetId", "user", "role"}`; `anyone` is everybody with the link, the role `null` takes access away."""

        def share(how: dict[str, Any]) -> None:
            if how.get("role", "writer") is None:
                self.service.unshare(how["spreadsheetId"], how["user"])
            else:
                self.service.share(how["spreadsheetId"], how["user"], how.get("role", "writer"))

        return self._obeyed(request, share)

    def _tokens(self, request: Request) -> Response:
        """`{"expire": true}`, `{"revoke": address}`, `{"testing_mode": bool}`, `{"access_token_s": seconds}`."""

        def act(how: dict[str, Any]) -> None:
            with self.lock:
                if how.get("expire"):
                    self.office.expire_tokens()
                if "revoke" in how:
                    self.office.revoke(how["revoke"])
                self.office.testing_mode = bool(how.get("testing_mode", self.office.testing_mode))
                self.office.access_token_s = float(how.get("access_token_s", self.office.access_token_s))

        return self._obeyed(request, act)

    def _obeyed(self, request: Request, act: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Response:
        try:
            how = request.json()
            if not isinstance(how, dict):
                raise TypeError("the body must be a JSON object")  # noqa: TRY301 -- answered two lines below
            return Response.of_json(act(how) or {"done": True})
        except (ValueError, TypeError, KeyError, Unfit, Refusal) as reason:
            return Response.of_json({"error": spoken(reason)}, 400)


def _unfolded(request: Request) -> tuple[str, Mapping[str, list[str]], bytes]:
    """Verb, query and body; Google's libraries send a GET whose address grew too long as a POST with the query in the body."""
    if request.method == "POST" and request.headers.get("x-http-method-override") == "GET":
        return "GET", {**request.query, **parse_qs(request.body.decode(), keep_blank_values=True)}, b""
    return request.method, request.query, request.body


def _with_client(request: Request) -> dict[str, str]:
    """The form with the client's name and secret, which may also come as basic authentication."""
    form = dict(request.form())
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind == "Basic":
        name, _, secret = base64.b64decode(given).decode("utf-8", "replace").partition(":")
        form = {"client_id": unquote(name), "client_secret": unquote(secret), **form}
    return form


def _refused(reason: Refusal) -> Response:
    headers = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'} if reason.code == 401 else {}
    return Response.of_json(reason.body(), reason.code, headers)


def _read_json(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        shown = body[:40].decode("utf-8", "replace")
        raise invalid(f"Invalid JSON payload received. Unexpected token.\n{shown}\n^") from None


def _only_reads(path: str) -> bool:
    return path.endswith((":search", ":getByDataFilter", ":batchGetByDataFilter"))


def _check_scope(token: auth.Token, *, writing: bool) -> None:
    if not token.scopes & (auth.WRITING_SCOPES if writing else auth.READING_SCOPES):
        raise out_of_scope()
