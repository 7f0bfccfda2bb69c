"""How a request ends badly: refused with Google's body, or without any answer.

For: every module of this simulator; the texts are the contract a client has to live with.
Promises: one shape, `{"error": {"code", "message", "status", "details"?}}`, whatever refused; a `Dropped` says whether the
write had been applied, so that a test can tell what the client cannot know.
Refuses: to invent kinder texts where Google's own are known.
"""

from __future__ import annotations

from typing import Any

BAD_REQUEST_TYPE = "type.googleapis.com/google.rpc.BadRequest"


class Refusal(Exception):
    """An answer that is not 200."""

    def __init__(self, code: int, status: str, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        """The answer as JSON data."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


class Unfit(Exception):
    """One request of a batch cannot be done; the batch adds which one and becomes a `Refusal`."""


class Dropped(Exception):
    """The connection breaks without an answer. `committed` is the truth the caller is not told."""

    def __init__(self, *, committed: bool, reason: str) -> None:
        super().__init__(reason)
        self.committed = committed
        self.reason = reason


def invalid(message: str) -> Refusal:
    """400 INVALID_ARGUMENT."""
    return Refusal(400, "INVALID_ARGUMENT", message)


def malformed(problems: list[tuple[str, str]]) -> Refusal:
    """400 for a request that does not fit its schema: all problems at once, as (field, description)."""
    violations = [{"field": field, "description": text} if field else {"description": text} for field, text in problems]
    text = "\n".join(text for _, text in problems)
    return Refusal(400, "INVALID_ARGUMENT", text, [{"@type": BAD_REQUEST_TYPE, "fieldViolations": violations}])


def not_simulated(what: str) -> Refusal:
    """501: Google can do this, the simulator cannot. It says so instead of guessing."""
    return Refusal(501, "UNIMPLEMENTED", f"The simulator does not do {what}; Google does.")


def not_found(message: str = "Requested entity was not found.") -> Refusal:
    """404."""
    return Refusal(404, "NOT_FOUND", message)


def api_disabled(project_number: int) -> Refusal:
    """403: nobody switched the API on in the caller's project."""
    page = f"https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project={project_number}"
    return Refusal(
        403,
        "PERMISSION_DENIED",
        f"Google Sheets API has not been used in project {project_number} before or it is disabled. Enable it by visiting "
        f"{page} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems "
        "and retry.",
    )


def forbidden() -> Refusal:
    """403: the spreadsheet exists but is not shared with the caller, or only for reading."""
    return Refusal(403, "PERMISSION_DENIED", "The caller does not have permission")


def out_of_scope() -> Refusal:
    """403: the token was issued for something else."""
    reason = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com"},
    }
    return Refusal(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.", [reason])


def unauthenticated(*, given: bool) -> Refusal:
    """401: a token that is worth nothing (any more), or none at all; Google words the two differently."""
    start = (
        "Request had invalid authentication credentials." if given else "Request is missing required authentication credential."
    )
    return Refusal(
        401,
        "UNAUTHENTICATED",
        f"{start} Expected OAuth 2 access token, login cookie or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )


def quota_exceeded(metric: str, limit_name: str, limit: str, value: int, project_number: int) -> Refusal:
    """429, with the text and the details a real project was answered."""
    details: list[dict[str, Any]] = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": {
                "quota_location": "global",
                "service": "sheets.googleapis.com",
                "quota_limit": limit,
                "quota_limit_value": str(value),
                "consumer": f"projects/{project_number}",
                "quota_metric": f"sheets.googleapis.com/{metric.lower().replace(' ', '_')}",
            },
        },
        {
            "@type": "type.googleapis.com/google.rpc.Help",
            "links": [
                {
                    "description": "Request a higher quota limit.",
                    "url": "https://cloud.google.com/docs/quota#requesting_higher_quota",
                }
            ],
        },
    ]
    message = (
        f"Quota exceeded for quota metric '{metric}' and limit '{limit_name}' of service 'sheets.googleapis.com' "
        f"for consumer 'project_number:{project_number}'."
    )
    return Refusal(429, "RESOURCE_EXHAUSTED", message, details)


def server_error(code: int) -> Refusal:
    """500 or 503: Google's own trouble."""
    if code == 503:
        return Refusal(503, "UNAVAILABLE", "The service is currently unavailable.")
    return Refusal(code, "INTERNAL", "Internal error encountered.")
