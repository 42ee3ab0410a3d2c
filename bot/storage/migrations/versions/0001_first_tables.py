"""Inbox, outbox, cards and portfolios."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("serial", BigInt, primary_key=True),
        sa.Column("bot_id", BigInt, nullable=False),
        sa.Column("update_id", BigInt, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("received_at", BigInt, nullable=False),
        sa.Column("leased_by", sa.Text),
        sa.Column("leased_until", BigInt),
        sa.Column("done_at", BigInt),
        sa.UniqueConstraint("bot_id", "update_id", name="inbox_update"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index(
        "inbox_waiting", "inbox", ["bot_id", "lane", "serial"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "outbox",
        sa.Column("id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("bot_id", BigInt, nullable=False),
        sa.Column("chat_id", BigInt, nullable=False),
        sa.Column("card_id", BigInt),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("expires_at", BigInt),
        sqlite_strict=True,
    )
    op.create_table(
        "cards",
        sa.Column("id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("bot_id", BigInt, nullable=False),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("chat_id", BigInt, nullable=False),
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("message_id", BigInt),
        sa.Column("updated_at", BigInt, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("cards_newest", "cards", ["bot_id", "chat_id", "owner_id", "updated_at"])
    op.create_index("cards_message", "cards", ["bot_id", "chat_id", "message_id"])
    op.create_table(
        "portfolios",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", BigInt, nullable=False),
        sa.UniqueConstraint("owner_id", "name", name="portfolios_name"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("portfolios", "cards", "outbox", "inbox"):
        op.drop_table(table)
