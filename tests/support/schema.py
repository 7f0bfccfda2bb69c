"""The schema as the rooms declare it, all of them together.

For: the test that holds the migrations against it, and `scripts/new_migration.py`.
Promises: every `tables.py` of the product is found by being there.
Refuses: a list somebody has to keep.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from sqlalchemy import MetaData

import onbam
from onbam.database.schema import mark_for_mysql, metadata

PRODUCT = Path(str(onbam.__file__)).parent


def whole() -> MetaData:
    """Every room's tables, marked as they are when they are made."""
    for path in sorted(PRODUCT.rglob("tables.py")):
        importlib.import_module(".".join(("onbam", *path.relative_to(PRODUCT).with_suffix("").parts)))
    mark_for_mysql(metadata, None, tables=metadata.tables.values())
    return metadata
