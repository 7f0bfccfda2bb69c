"""`onbam orders …`: the table of its commands.

For: people at a terminal, and scripts.
Promises: a command is imported when it is called.
Refuses: everything else; see the modules it names.
"""

from __future__ import annotations

from typing import Final

from onbam.cli import orders_desk_words as desk
from onbam.cli import orders_words as say
from onbam.cli import words
from onbam.cli.frame import Entry, Group

_DESK: Final = "onbam.cli.orders_desk"
_ERP: Final = "onbam.cli.orders_erp"
_DOCUMENTS: Final = "onbam.cli.orders_documents"
TABLE: Final = {
    "list": Entry(_DESK, "list_", desk.LIST),
    "show": Entry(_DESK, "show", desk.SHOW),
    "retry": Entry(_DESK, "retry", desk.RETRY),
    "hold": Entry(_DESK, "hold", desk.HOLD),
    "unhold": Entry(_DESK, "unhold", desk.UNHOLD),
    "cancel": Entry(_DESK, "cancel", desk.CANCEL),
    "resolve": Entry(_ERP, "resolve", desk.RESOLVE),
    "reconcile": Entry(_ERP, "reconcile", desk.RECONCILE),
    "paste": Entry(_ERP, "paste", desk.PASTE),
    "read": Entry(_DOCUMENTS, "read", say.READ),
    "codes": Entry(_DOCUMENTS, "codes", say.CODES),
}
orders: Final = Group("orders", text=words.ORDERS, table=TABLE)
