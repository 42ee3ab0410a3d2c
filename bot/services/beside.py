"""The saved account beside a trade: which positions share the cross pool with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.rendering.views import Note
from bot.services.funds import Funds, settles_of
from bot.services.question import Question
from bot.services.readiness import Ready, listing_for
from bot.services.saved import engine_position, saved_tiers, settle_of, wallet_of
from bot.services.saved_terms import rules_of, table_of
from bot.storage.portfolios import Portfolio, SavedPosition
from margin_engine import Collateral, Position, Rules, TierTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's portfolio as one card sees it; `own_ids` begins the ids of the positions that were saved from the
    card itself, which are the trade and not beside it."""

    portfolio: Portfolio
    own_ids: str = ""

    @property
    def others(self) -> tuple[SavedPosition, ...]:
        """The saved positions besides the card's own."""
        own = self.own_ids
        return tuple(each for each in self.portfolio.positions if not (own and each.id.startswith(own)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a trade. instead: saved cross positions whose place the trade takes, because an account holds
    one cross position of a symbol and side; uncounted: how many saved positions the answer leaves out; elsewhere: that
    they are at another venue or settled in another asset. tiers: of saved positions, where they are not the venue's.
    funds, rules, betas: the account's own, where all of its assets back the trade, too."""

    positions: tuple[Position, ...] = ()
    instead: tuple[SavedPosition, ...] = ()
    uncounted: int = 0
    elsewhere: bool = False
    tiers: Mapping[str, TierTable] = field(default_factory=dict)
    funds: Funds | None = None
    rules: Rules | None = None
    betas: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def counted(self) -> bool:
        """Whether the cross half is the saved account's."""
        return bool(self.positions or self.instead)


ALONE = Beside()


def with_saved_wallet(question: Question, account: Account) -> Question:
    """The question with the portfolio's wallet as it is now: of the same venue, in the asset that its trade is settled
    in; None where the portfolio has none of that kind, 0 where other assets of it back the trade."""
    listing = next((found for leg in question.legs if (found := listing_for(question, leg)) is not None), None)
    portfolio = account.portfolio
    asset = listing.settle if listing is not None else None
    wallet = wallet_of(portfolio, asset) if portfolio.venue == question.rules else None
    if wallet is None and _is_pooled(portfolio, question) and portfolio.wallet:
        wallet = Decimal(0)
    return question.model_copy(update={"wallet": wallet, "wallet_asset": asset})


def beside(question: Question, legs: Sequence[Ready], account: Account | None) -> Beside:
    """The saved positions in the trade's cross half: all of them when the wallet is the portfolio's, else none.

    A wallet that was said for the trade may be another account's, so nothing saved is put into it. Nor does a pool hold
    positions of another venue, or of another settle asset unless all assets back it. The prices are the portfolio's,
    except for the trade's own symbols: a symbol has one price now.
    """
    if account is None or question.wallet is None:
        return ALONE
    portfolio, settles, others = account.portfolio, settles_of(legs), account.others
    own = question.wallet_from == "portfolio"
    pooled = own and _is_pooled(portfolio, question)
    if not others and not pooled:
        return ALONE
    same = portfolio.venue == question.rules
    near = [each for each in others if pooled or (same and settle_of(portfolio, each.symbol) in settles)]
    if not pooled and (not own or not near):
        return Beside(uncounted=len(others), elsewhere=not near)
    places = {(ready.listing.symbol, ready.side) for ready in legs}
    instead = [each for each in near if each.margin_mode == "cross" and (each.symbol, each.side) in places]
    prices = {symbol: mark.price for symbol, mark in portfolio.marks.items()}
    prices |= {ready.listing.symbol: ready.mark for ready in legs}
    stated = {symbol: table_of(rungs) for symbol, rungs in portfolio.tiers.items()} if pooled else {}
    return Beside(
        positions=tuple(
            engine_position(each, prices.get(each.symbol), identity=f"s{number}")
            for number, each in enumerate(near, start=1)
            if each not in instead
        ),
        instead=tuple(instead),
        tiers=saved_tiers(near) | stated,
        funds=_funds(portfolio, question, legs) if pooled else None,
        rules=rules_of(portfolio.rules) if pooled and portfolio.rules is not None else None,
        betas=portfolio.betas if pooled else {},
    )


def _is_pooled(portfolio: Portfolio, question: Question) -> bool:
    """Whether all assets of the account back a trade like this."""
    return portfolio.venue == question.rules and portfolio.asset_mode == "multi"


def _funds(portfolio: Portfolio, question: Question, legs: Sequence[Ready]) -> Funds:
    """Every asset of the account; a price that was given with the trade is that of the coin as collateral, too."""
    given = {asset: question.prices[asset].price for asset in portfolio.collateral if asset in question.prices}
    collateral = {
        asset: Collateral(price=given.get(asset, held.price), haircut=held.haircut)
        for asset, held in portfolio.collateral.items()
    }
    notes = [
        Note(
            name="collateral_saved",
            facts={"unit": asset, "price": held.price, "percent": (1 - held.haircut) * 100},
        )
        for asset, held in collateral.items()
        if portfolio.wallet.get(asset)
    ]
    wallet = dict.fromkeys(settles_of(legs), Decimal(0)) | portfolio.wallet
    return Funds(wallet=wallet, pooled=True, collateral=collateral, notes=tuple(notes))
