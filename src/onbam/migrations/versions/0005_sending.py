"""How long a call that was allowed may take, beside until when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("items", sa.Column("sending_ms", sa.BigInteger(), server_default="0", nullable=False))
