"""What the administrators of a group set for it, where it went, and since when the bot is not in it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "group_settings",
        sa.Column("bot_id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("chat_id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", BigInt, nullable=False),
        sa.Column("moved_to", BigInt),
        sa.Column("left_at", BigInt),
        sqlite_strict=True,
    )
    op.create_index("group_settings_left", "group_settings", ["left_at"])


def downgrade() -> None:
    op.drop_table("group_settings")
