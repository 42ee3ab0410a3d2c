"""What stands behind the positions: the wallet by asset, or all assets together as collateral.

Each settle asset has a wallet of its own, unless the account was said to count every asset (multi-asset mode). A wallet
in dollars behind coin-margined contracts is converted at the price now, and the card says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Final

from bot.rendering.views import Asked, Note
from bot.services.question import Question
from bot.services.readiness import Ready
from bot.understanding.coins import STABLES
from margin_engine import Collateral
from margin_engine.venues.partition import SHARED_POOL

HAIRCUT: Final = Decimal("0.05")
"""Of a coin that backs a multi-asset account; assumed: venues publish theirs by coin and amount."""

MOST_COINS: Final = Decimal(100)
"""Up to here a wallet without a unit is counted in the coin of a coin-margined contract, above it in dollars."""

_DIGITS = Context(prec=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """The account's money as the engine takes it.

    wallet: by asset, None while some of it is not known. collateral: price and haircut of coins in multi-asset mode.
    notes: what was converted or assumed. asked: what has to be known first.
    """

    wallet: Mapping[str, Decimal] | None = None
    pooled: bool = False
    collateral: Mapping[str, Collateral] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    asked: Asked | None = None

    @property
    def pools(self) -> tuple[str, ...]:
        """The engine's names of the cross pools."""
        return (SHARED_POOL,) if self.pooled else tuple(f"cross:{asset}" for asset in self.wallet or ())


def settles_of(legs: Sequence[Ready]) -> tuple[str, ...]:
    """The settle assets of the positions, each once."""
    return tuple(dict.fromkeys(leg.listing.settle for leg in legs))


def funds_of(question: Question, legs: Sequence[Ready]) -> Funds:
    """The money behind the positions, as far as it was said."""
    settles = settles_of(legs)
    stray = _stray(question, settles)
    if stray is not None and not question.pooled:
        own = any(leg.listing.coin == stray and leg.leg.contract is None for leg in legs)
        return Funds(asked=Asked(slot="collateral", choices=(*(("inverse",) if own else ()), "multi"), asset=stray))
    if question.pooled and not any(leg.listing.in_coins for leg in legs):
        return _pooled(question, legs)
    wallet: dict[str, Decimal] = {}
    notes: list[Note] = []
    for asset in settles:
        leg = next(index for index, each in enumerate(legs) if each.listing.settle == asset)
        found = question.assets.get(asset) if len(settles) > 1 or question.wallet is None else None
        if found is None and _belongs(question.wallet_asset, asset, settles):
            found, note = _own_wallet(question, legs[leg], asset)
            notes += [note] if note else []
        if found is None:
            return Funds(asked=Asked(slot="wallet", leg=leg, asset=asset))
        wallet[asset] = found
    return Funds(wallet=wallet, notes=tuple(notes))


def _stray(question: Question, settles: Sequence[str]) -> str | None:
    """A coin of the account in which none of the contracts is settled."""
    held = [*question.assets, *([question.wallet_asset] if question.wallet is not None else [])]
    return next((asset for asset in held if asset and asset not in STABLES and asset not in settles), None)


def _belongs(said: str | None, asset: str, settles: Sequence[str]) -> bool:
    """Whether the one balance that was said is this asset's: named so, or the first that it can be."""
    return said == asset or (said not in settles and asset == settles[0])


def _own_wallet(question: Question, ready: Ready, asset: str) -> tuple[Decimal | None, Note | None]:
    """The balance in the settle asset, and what has to be said about it."""
    amount, said = question.wallet, question.wallet_asset
    if amount is None or said == asset:
        return amount, None
    facts = {"asset": asset, "said": amount, "unit": said or "USD"}
    if asset in STABLES:
        other = said is not None and said != asset and asset != "USD"
        return amount, Note(name="wallet_taken_as", facts={**facts, "wallet": amount}, slot="wallet") if other else None
    if said is None and amount <= MOST_COINS:
        return amount, Note(name="wallet_in_coins", facts={**facts, "wallet": amount}, slot="wallet")
    price = _price_of(asset, question, [ready])
    if price is None:
        return None, None
    converted = _DIGITS.divide(amount, price)
    return converted, Note(name="wallet_converted", facts={**facts, "wallet": converted, "price": price}, slot="wallet")


def _price_of(asset: str, question: Question, legs: Sequence[Ready]) -> Decimal | None:
    """The price now of a coin: as given, else the mark of a position in it."""
    given = question.prices.get(asset)
    if given is not None:
        return given.price
    return next((leg.mark for leg in legs if leg.listing.coin == asset), None)


def _pooled(question: Question, legs: Sequence[Ready]) -> Funds:
    """All assets together: dollars as they are, coins at their price less a haircut."""
    wallet = dict(question.assets)
    dollars = settles_of(legs)[0]
    if question.wallet is not None:
        asset = question.wallet_asset or dollars
        asset = dollars if asset in STABLES else asset
        wallet[asset] = wallet.get(asset, Decimal(0)) + question.wallet
    if not wallet:
        return Funds(pooled=True, asked=Asked(slot="wallet", asset=dollars))
    collateral: dict[str, Collateral] = {}
    notes: list[Note] = []
    for asset in (each for each in wallet if each not in STABLES):
        price = _price_of(asset, question, legs)
        if price is None:
            return Funds(pooled=True, asked=Asked(slot="coin_price", asset=asset))
        collateral[asset] = Collateral(price=price, haircut=HAIRCUT)
        facts = {"unit": asset, "price": price, "percent": (1 - HAIRCUT) * 100, "haircut": HAIRCUT * 100}
        traded = any(leg.listing.coin == asset for leg in legs)
        notes.append(Note(name="collateral_counted", facts=facts, slot=None if traded else "coin_price"))
    wallet.setdefault(dollars, Decimal(0))
    return Funds(wallet=wallet, pooled=True, collateral=collateral, notes=tuple(notes))


def priced_asset(question: Question) -> str | None:
    """The coin of the account whose price now is asked for: the first that no position has a price of."""
    held = [*question.assets, *([question.wallet_asset] if question.wallet_asset else [])]
    known = {*question.prices, *(leg.coin for leg in question.legs if leg.entry is not None)}
    coins = [asset for asset in held if asset not in STABLES]
    return next((asset for asset in coins if asset not in known), coins[0] if coins else None)
