"""Cards whose messages were sent through inline mode, by Telegram's id of those."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cards", sa.Column("inline_message_id", sa.Text))
    op.create_index("cards_inline", "cards", ["bot_id", "inline_message_id"])


def downgrade() -> None:
    op.drop_index("cards_inline", "cards")
    op.drop_column("cards", "inline_message_id")
