"""The last beats of each seat, in its row."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("machines", sa.Column("marks", sa.String(length=60), server_default="", nullable=False))
    op.add_column("machines", sa.Column("marks_at_ms", sa.BigInteger(), server_default="0", nullable=False))
