"""The ledger of acts that must not happen twice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "effects",
        sa.Column("key", sa.String(length=191), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=191), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("payload_hash", sa.String(length=128), nullable=False),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("nonce", sa.String(length=160), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("deadline_ms", sa.BigInteger(), nullable=False),
        sa.Column("told_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(length=2000), nullable=False),
        sa.Column("evidence", sa.Text().with_variant(mysql.LONGTEXT(), "mysql"), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("verdict_by", sa.String(length=120), nullable=False),
        sa.Column("verdict_why", sa.String(length=500), nullable=False),
        sa.Column("verdict_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_effects")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_index("ix_effects_item", "effects", ["kind", "item", "at_ms"], unique=False)
    op.create_index("ix_effects_doubtful", "effects", ["doubtful", "at_ms"], unique=False)
