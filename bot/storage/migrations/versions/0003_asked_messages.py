"""The message that a card answers, so that an edit of it changes the card."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("cards", sa.Column("asked", BigInt))
    op.create_index("cards_asked", "cards", ["bot_id", "chat_id", "asked"])


def downgrade() -> None:
    op.drop_index("cards_asked", "cards")
    op.drop_column("cards", "asked")
