"""What the order robot cannot work without, looked for before it begins.

For: `bootstrap`, before an agent is made.
Promises: every setting that is missing is named at once, of the supplier's site and of the ERP together, with where each goes.
Refuses: to try them: whether a password is right shows at the door.
"""

from __future__ import annotations

from onbam.connectors.ecount.settings import EcountSettings
from onbam.connectors.portal.settings import PortalSettings
from onbam.kernel.errors import Misconfigured
from onbam.kernel.settings import Secret
from onbam.orders import flow_words as say


def check_set(portal: PortalSettings, ecount: EcountSettings) -> None:
    """Raise `Misconfigured` with the names of all that is missing."""
    needed: dict[str, str | Secret] = {
        "portal.user": portal.user,
        "portal.password": portal.password,
        "ecount.company": ecount.company,
        "ecount.user": ecount.user,
        "ecount.api_key": ecount.api_key,
        "ecount.customer": ecount.customer,
        "ecount.warehouse": ecount.warehouse,
    }
    missing = [name for name, value in needed.items() if not value]
    if not missing:
        return
    secrets = " · ".join(f"onbam secret set {name}" for name in missing if isinstance(needed[name], Secret))
    plain = ", ".join(name for name in missing if not isinstance(needed[name], Secret))
    hint = say.UNSET_BOTH(names=plain, secrets=secrets) if plain and secrets else None
    if hint is None:
        hint = say.UNSET_SECRETS(secrets=secrets) if secrets else say.UNSET_PLAIN(names=plain)
    raise Misconfigured(say.UNSET(names=", ".join(missing)), hint)
