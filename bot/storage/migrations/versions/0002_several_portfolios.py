"""Several portfolios per person, one of them open; their history; links that give a copy.

What was saved stays: each account becomes the open portfolio of its owner, its history beginning as it is.
"""

import json

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer, "sqlite")
BATCH = 500


def upgrade() -> None:
    # Made anew rather than altered: SQLite cannot drop the constraint on names that deleted portfolios must not keep.
    op.rename_table("portfolios", "portfolios_0001")
    _make_portfolios()
    _make_steps()
    _make_shares()
    _carry_over()
    op.drop_table("portfolios_0001")
    living = sa.text("deleted_at IS NULL")
    op.create_index(
        "portfolios_living_name",
        "portfolios",
        ["owner_id", "name"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )
    op.create_index("portfolios_owner", "portfolios", ["owner_id"])
    op.create_index("portfolios_deleted", "portfolios", ["deleted_at"])


def _make_portfolios() -> None:
    op.create_table(
        "portfolios",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("positions", sa.Integer, nullable=False),
        sa.Column("opened", BigInt, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("newest", sa.Integer, nullable=False),
        sa.Column("updated_at", BigInt, nullable=False),
        sa.Column("deleted_at", BigInt),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def _make_steps() -> None:
    op.create_table(
        "portfolio_steps",
        sa.Column("portfolio_id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", BigInt, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("portfolio_steps_owner", "portfolio_steps", ["owner_id"])


def _make_shares() -> None:
    op.create_table(
        "shares",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("portfolio_id", BigInt, nullable=False),
        sa.Column("shape", sa.Integer, nullable=False),
        sa.Column("expires_at", BigInt, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("shares_owner", "shares", ["owner_id"])


def _carry_over() -> None:
    connection = op.get_bind()
    last = 0
    read = sa.text("SELECT * FROM portfolios_0001 WHERE id > :last ORDER BY id LIMIT :most")
    keep = sa.text(
        "INSERT INTO portfolios (owner_id, name, document, version, positions, opened, step, newest, updated_at) "
        "VALUES (:owner_id, :name, :document, :version, :positions, 1, 0, 0, :updated_at)"
    )
    while rows := connection.execute(read, {"last": last, "most": BATCH}).mappings().all():
        last = rows[-1]["id"]
        connection.execute(
            keep,
            [
                {
                    "owner_id": row["owner_id"],
                    "name": row["name"],
                    "document": row["document"],
                    "version": row["version"],
                    "positions": len(json.loads(row["document"]).get("positions", ())),
                    "updated_at": row["updated_at"],
                }
                for row in rows
            ],
        )
    connection.execute(
        sa.text(
            "INSERT INTO portfolio_steps (portfolio_id, number, owner_id, kind, at, document) "
            "SELECT id, 0, owner_id, 'kept', updated_at, document FROM portfolios"
        )
    )


def downgrade() -> None:
    raise CommandError("a person's further portfolios would be lost; restore a backup instead")
