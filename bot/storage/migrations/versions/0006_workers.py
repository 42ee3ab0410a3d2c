"""Workers that share a database: who is alive, whose letters are whose; the order of a person by update id."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WAITING = sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("alive_until", BigInt, nullable=False),
        sqlite_strict=True,
    )
    # Leases now hold as long as their worker lives. Those of the earlier version are of processes that have ended.
    op.execute("UPDATE inbox SET leased_by = NULL")
    op.drop_column("inbox", "leased_until")
    _index("update_id")
    op.add_column("outbox", sa.Column("leased_by", sa.Text))
    op.add_column("outbox", sa.Column("written_at", BigInt, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("outbox", "written_at")
    op.drop_column("outbox", "leased_by")
    _index("serial")
    op.add_column("inbox", sa.Column("leased_until", BigInt))
    op.execute("UPDATE inbox SET leased_by = NULL")
    op.drop_table("workers")


def _index(order: str) -> None:
    op.drop_index("inbox_waiting", "inbox")
    op.create_index("inbox_waiting", "inbox", ["bot_id", "lane", order], sqlite_where=WAITING, postgresql_where=WAITING)
