"""Money in and out of a saved account: "deposit 500", "withdraw 200", "wallet 12k", also in coins."""

from __future__ import annotations

from decimal import Decimal

from bot.rendering.views import Note
from bot.services.accounts import account_book, examined, lacks_wallet
from bot.services.saved import main_asset
from bot.storage.portfolios import Portfolio
from bot.understanding.portfolio_words import Spoken
from margin_engine import EngineError, Withdraw, apply


def with_money(portfolio: Portfolio, spoken: Spoken) -> tuple[Portfolio | None, Note]:
    """The portfolio after the order, and what happened; None and why not, where it cannot be.

    A withdrawal takes at most what is available: a profit that is not realised stays.
    """
    asset, amount = spoken.asset or main_asset(portfolio), spoken.amount or Decimal(0)
    told = portfolio.wallet.get(asset)
    facts: dict[str, object] = {"wallet": amount, "asset": asset}
    if spoken.kind == "wallet":
        return _checked(portfolio, asset, amount, Note(name="wallet_set", facts=facts))
    if told is None and (spoken.kind == "withdraw" or portfolio.positions):
        return None, Note(name="wallet_unknown", facts={"asset": asset})
    if spoken.kind == "deposit":
        facts = {"amount": amount, "asset": asset, "wallet": amount + (told or Decimal(0))}
        return _checked(portfolio, asset, amount + (told or Decimal(0)), Note(name="deposited", facts=facts))
    after = (told or Decimal(0)) - amount
    available = _available(portfolio, asset, amount)
    if after < 0 or not available:
        return None, Note(name="not_available", facts=facts)
    facts = {"amount": amount, "asset": asset, "wallet": after}
    return _checked(portfolio, asset, after, Note(name="withdrawn", facts=facts))


def _available(portfolio: Portfolio, asset: str, amount: Decimal) -> bool:
    """Whether the engine lets that much go; an account that cannot be worked out holds nothing back."""
    if not portfolio.positions or lacks_wallet(portfolio):
        return True
    try:
        apply(account_book(portfolio), [Withdraw(asset=asset, amount=amount)])
    except EngineError:
        return False
    return True


def _checked(portfolio: Portfolio, asset: str, balance: Decimal, done: Note) -> tuple[Portfolio | None, Note]:
    changed = portfolio.model_copy(update={"wallet": {**portfolio.wallet, asset: balance}})
    _, before = examined(portfolio)
    _, trouble = examined(changed) if changed.positions else (None, None)
    if trouble is not None and before is None:
        return None, trouble
    return changed, done
