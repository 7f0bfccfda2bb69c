"""How an act answers: a sentence in the page it came from, or that page again.

For: every act.
Promises: with the page's script the sheet closes and the sentence is said aloud; without it the reader comes back to a page.
Refuses: to stay silent.
"""

from __future__ import annotations

import json

from fastapi.responses import RedirectResponse, Response

from onbam.kernel.words import Said
from onbam.web.entry import Ask, local_path


def said(ask: Ask, text: Said, *, to: str = "/", undo: str = "", undo_text: Said | None = None) -> Response:
    """Done, and this is how it stands."""
    if not ask.partial:
        return RedirectResponse(local_path(to), 303)
    detail = {"text": text.to(ask.lang)}
    if undo and undo_text is not None:
        detail |= {"undo": undo, "undo_text": undo_text.to(ask.lang)}
    # Headers are Latin-1: everything else is written as escapes, which JSON understands.
    return Response(status_code=204, headers={"hx-trigger": json.dumps({"onbam:said": detail})})
