"""Errands: what one PC is asked to do by a person at another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "errands",
        sa.Column("id", sa.String(length=191), nullable=False),
        sa.Column("machine_id", sa.String(length=191), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("asked_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text().with_variant(mysql.LONGTEXT(), "mysql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errands")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_index("ix_errands_machine", "errands", ["machine_id", "asked_at_ms"], unique=False)
    op.create_index("ix_errands_asked", "errands", ["asked_at_ms"], unique=False)
