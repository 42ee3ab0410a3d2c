"""People whom an admin has blocked."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "blocked",
        sa.Column("bot_id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("person_id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("blocked_at", BigInt, nullable=False),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("blocked")
