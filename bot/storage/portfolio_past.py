"""The history of a portfolio, the links that give a copy of it, and everything at once: what is kept and forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from bot.storage.portfolio_rows import LostRace
from bot.storage.portfolios import (
    Census,
    ForgetPerson,
    Portfolio,
    Share,
    SharePortfolio,
    Step,
)
from bot.storage.tables import cards, outbox, person_settings, portfolio_steps, portfolios, shares


def steps(connection: Connection, owner_id: int, portfolio_id: int, *, last: int, count: int) -> tuple[Step, ...]:
    """The history of a portfolio of this person: `count` changes up to number `last`, and the one before them.

    Result: in order, oldest first.
    """
    rows = connection.execute(
        select(portfolio_steps)
        .where(
            portfolio_steps.c.portfolio_id == portfolio_id,
            portfolio_steps.c.owner_id == owner_id,
            portfolio_steps.c.number <= last,
            portfolio_steps.c.number >= last - count,
        )
        .order_by(portfolio_steps.c.number)
    )
    return tuple(
        Step(number=row.number, kind=row.kind, at=row.at, portfolio=Portfolio.model_validate_json(row.document))
        for row in rows
    )


def shared(connection: Connection, token: str) -> Share | None:
    """The link with that token, if nobody has ended it; whether it is still in time is for the reader to see."""
    row = connection.execute(select(shares).where(shares.c.token == token)).first()
    if row is None:
        return None
    portfolio = Portfolio.model_validate_json(row.document)
    return Share(
        token=row.token,
        owner_id=row.owner_id,
        portfolio_id=row.portfolio_id,
        shape=bool(row.shape),
        expires_at=row.expires_at,
        portfolio=portfolio,
    )


def shares_of(connection: Connection, owner_id: int) -> tuple[Share, ...]:
    """The links of a person, the one that ends first at first."""
    tokens = select(shares.c.token).where(shares.c.owner_id == owner_id).order_by(shares.c.expires_at)
    found = (shared(connection, token) for token in connection.scalars(tokens).all())
    return tuple(share for share in found if share is not None)


def share(connection: Connection, change: SharePortfolio, now: datetime) -> None:
    """Makes a link; those that have ended are cleared away. Errors: LostRace when the portfolio is not the owner's."""
    given = change.share
    connection.execute(delete(shares).where(shares.c.expires_at < now))
    theirs = select(portfolios.c.id).where(
        portfolios.c.owner_id == given.owner_id,
        portfolios.c.id == given.portfolio_id,
        portfolios.c.deleted_at.is_(None),
    )
    if connection.scalar(theirs) is None:
        raise LostRace
    connection.execute(
        shares.insert().values(
            token=given.token,
            owner_id=given.owner_id,
            portfolio_id=given.portfolio_id,
            shape=int(given.shape),
            expires_at=given.expires_at,
            document=given.portfolio.model_dump_json(),
        )
    )


def kept(connection: Connection, owner_id: int) -> Census:
    """How much is stored about a person, deleted portfolios that can still be restored included."""
    held = connection.execute(
        select(func.count(), func.coalesce(func.sum(portfolios.c.positions), 0)).where(
            portfolios.c.owner_id == owner_id
        )
    ).one()
    return Census(
        portfolios=held[0],
        positions=held[1],
        steps=connection.scalar(
            select(func.count()).where(portfolio_steps.c.owner_id == owner_id, portfolio_steps.c.number > 0)
        )
        or 0,
        shares=connection.scalar(select(func.count()).where(shares.c.owner_id == owner_id)) or 0,
        settings=connection.scalar(select(func.count()).where(person_settings.c.owner_id == owner_id)) or 0,
        cards=connection.scalar(select(func.count()).where(cards.c.owner_id == owner_id)) or 0,
    )


def forget(connection: Connection, change: ForgetPerson, _now: datetime) -> None:
    """Deletes everything that is kept about a person, what waits to be sent to them included.

    In a private chat the chat's id is the person's; elsewhere a letter is theirs where it shows a card of theirs.
    """
    own_cards = select(cards.c.id).where(cards.c.owner_id == change.owner_id)
    theirs = (outbox.c.chat_id == change.owner_id) | outbox.c.card_id.in_(own_cards)
    connection.execute(delete(outbox).where(theirs))
    for table in (shares, portfolio_steps, portfolios, cards, person_settings):
        connection.execute(delete(table).where(table.c.owner_id == change.owner_id))
