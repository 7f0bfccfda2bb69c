"""Write the next step of the schema's history: `python scripts/new_migration.py add_things`.

For: whoever added or changed a room's `tables.py`.
Promises: the difference between the last step and the tables as they are declared now, as code to be read and corrected; the
number follows the last one.
Refuses: to guess what a renamed column was (it sees one gone and one new: write the rename by hand), to touch older steps.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from alembic.autogenerate import produce_migrations, render_python_code  # noqa: E402 -- after the path
from alembic.operations.ops import UpgradeOps  # noqa: E402
from alembic.runtime.migration import MigrationContext  # noqa: E402

from onbam.database import revisions  # noqa: E402
from onbam.database.engine import open_database  # noqa: E402
from onbam.database.migrate import upgrade  # noqa: E402
from onbam.kernel.clock import SystemClock  # noqa: E402
from support.schema import whole  # noqa: E402

FILE = '''"""{title}."""

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{number}"
down_revision = "{last}"


def upgrade() -> None:
    {code}
'''


def main(name: str) -> int:
    """Write one file."""
    if not re.fullmatch(r"[a-z][a-z0-9_]+", name):
        print("a name like add_things: small letters and underscores")
        return 2
    metadata = whole()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/now.db", clock=SystemClock())
        upgrade(database)
        with database.engine.connect() as connection:
            options = {"compare_type": True, "version_table": revisions.VERSION_TABLE, "target_metadata": metadata}
            context = MigrationContext.configure(connection, opts=options)
            found = produce_migrations(context, metadata)
        database.close()
    assert isinstance(found.upgrade_ops, UpgradeOps)
    if found.upgrade_ops.is_empty():
        print("nothing to write: the tables are what the last step makes of them")
        return 1
    last = revisions.known()[-1]
    number = f"{int(last) + 1:04}"
    code = render_python_code(found.upgrade_ops, render_as_batch=True)
    code = re.sub(r"^ *# ###.*$\n?", "", code, flags=re.MULTILINE).strip()
    imports = "from sqlalchemy.dialects import mysql\n" if "mysql." in code else ""
    path = revisions.STEPS / f"{number}_{name}.py"
    title = name.replace("_", " ").capitalize()
    path.write_text(FILE.format(title=title, imports=imports, number=number, last=last, code=code), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=False)
    print(f"{path}\nRead it, correct it, then: pytest tests/integration/test_database_migrate.py")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
