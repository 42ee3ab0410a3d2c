"""Pictures that Telegram has, by their content."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("bot_id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("file_id", sa.Text, nullable=False),
        sa.Column("kept_at", BigInt, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("pictures_oldest", "pictures", ["bot_id", "kept_at"])


def downgrade() -> None:
    op.drop_table("pictures")
