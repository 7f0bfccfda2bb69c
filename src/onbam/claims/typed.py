"""What a person or a script typed, as the name of an item.

For: `onbam claims show|release|hold|cancel`, older scripts' lock manager.
Promises: spaces around it do not matter; what cannot be a name is refused in words, for nobody's typing is a bug of ours.
Refuses: to know whether there is such an item.
"""

from __future__ import annotations

from onbam.claims import words as say
from onbam.claims.model import KEY_MAX, Ref
from onbam.kernel.errors import Refused


def typed_ref(kind: str, key: str) -> Ref:
    """The item meant."""
    name = key.strip()
    if not 0 < len(name) <= KEY_MAX:
        raise Refused(say.BAD_KEY(most=KEY_MAX), say.BAD_KEY_HINT)
    return Ref(kind, name)
