"""What a saved account is worth looking at: every position's figures, and the account's own."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from bot.rendering.venues import title_of
from bot.rendering.views import HeldView, LegView, PortfolioView, PriceView, Reference, Total
from bot.services.accounts import examined
from bot.services.backing import backing_of
from bot.services.checking import figures, market_of, tier_date, unit_of
from bot.services.saved import main_asset, name_of, settle_of, terms_of, wallet_of
from bot.services.symbols import tick_of
from bot.storage.portfolios import MOST_POSITIONS, NEARLY_FULL_OF_POSITIONS, Mark, Portfolio, SavedPosition
from margin_engine import Book, Evaluation, evaluate


def look_at(portfolio: Portfolio, *, now: datetime, book: Book | None = None) -> PortfolioView:
    """The portfolio as its card shows it at the time `now`, the position that goes first at the top.

    Arguments: book, where the portfolio came from one that says more than it.
    """
    evaluation, trouble = (evaluate(book, explain=False), None) if book is not None else examined(portfolio)
    has_cross = any(position.margin_mode == "cross" for position in portfolio.positions)
    held = [
        _held(position, portfolio, evaluation, number, now=now)
        for number, position in enumerate(portfolio.positions, start=1)
    ]
    return PortfolioView(
        held=tuple(sorted(held, key=_nearness)),
        wallet=wallet_of(portfolio),
        market=market_of(evaluation) if evaluation and has_cross else None,
        trouble=trouble,
        prices=tuple(_price(name_of(portfolio, symbol), mark, now=now) for symbol, mark in portfolio.marks.items()),
        tiers=tier_date(evaluation.tiers_as_of, now=now) if evaluation else None,
        name=portfolio.name,
        venue=title_of(portfolio.venue),
        settle=main_asset(portfolio),
        wallets=tuple(portfolio.wallet.items()),
        most=MOST_POSITIONS if len(held) >= NEARLY_FULL_OF_POSITIONS else None,
        multi=portfolio.asset_mode == "multi",
        backing=backing_of(portfolio, now=now) if portfolio.asset_mode == "multi" else (),
        totals=_totals(portfolio, evaluation) if evaluation else (),
    )


def _totals(portfolio: Portfolio, evaluation: Evaluation) -> tuple[Total, ...]:
    """Unrealised gains and margin in use by settle asset, and what the cross pool has free."""
    assets = {each.id: settle_of(portfolio, each.symbol) for each in portfolio.positions}
    found = []
    for asset in dict.fromkeys(assets.values()):
        own = [each for each in evaluation.positions if assets.get(each.id) == asset]
        pool = next((each for each in evaluation.pools if each.id == f"cross:{asset}"), None)
        found.append(
            Total(
                asset=asset,
                gain=sum((each.unrealised_pnl for each in own), Decimal(0)),
                margin=sum((each.initial_margin for each in own), Decimal(0)),
                free=pool.available_balance if pool is not None and asset in portfolio.wallet else None,
            )
        )
    return tuple(found)


def _nearness(held: HeldView) -> Decimal:
    return held.figures.nearness if held.figures is not None else Decimal(0)


def _price(name: str, mark: Mark, *, now: datetime) -> PriceView:
    return PriceView(coin=name, price=mark.price, age=now - mark.given_at if mark.source == "given" else None)


def _held(
    saved: SavedPosition, portfolio: Portfolio, evaluation: Evaluation | None, number: int, *, now: datetime
) -> HeldView:
    leg = leg_view(saved, portfolio, now=now)
    assert leg.reference is not None
    found = figures(evaluation, saved.id, leg.reference.price, quantity=saved.quantity) if evaluation else None
    return HeldView(id=saved.id, leg=leg, figures=found, place=number)


def leg_view(saved: SavedPosition, portfolio: Portfolio, *, now: datetime) -> LegView:
    """A saved position as it is shown; distances are measured from the price that was given, else from its entry."""
    mark = portfolio.marks.get(saved.symbol)
    given = mark if mark is not None and mark.source == "given" else None
    reference = Reference(price=given.price, age=now - given.given_at) if given else Reference(price=saved.entry_price)
    return LegView(
        coin=name_of(portfolio, saved.symbol),
        side=saved.side,
        quantity=saved.quantity,
        entry=saved.entry_price,
        leverage=saved.leverage,
        mode=saved.margin_mode,
        tick=tick_of(saved.symbol, portfolio.venue),
        reference=reference,
        unit=unit_of(terms_of(portfolio, saved.symbol)),
        settle=settle_of(portfolio, saved.symbol),
    )
