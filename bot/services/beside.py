"""The saved account beside a trade: which positions share the cross pool with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.question import Question
from bot.services.readiness import Ready
from bot.services.saved import engine_position
from bot.storage.portfolios import Portfolio, SavedPosition
from margin_engine import Position


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
    one cross position of a symbol and side; uncounted: how many saved positions the answer leaves out."""

    positions: tuple[Position, ...] = ()
    instead: tuple[SavedPosition, ...] = ()
    uncounted: int = 0

    @property
    def counted(self) -> bool:
        """Whether the cross half is the saved account's."""
        return bool(self.positions or self.instead)


ALONE = Beside()


def beside(question: Question, legs: Sequence[Ready], account: Account | None) -> Beside:
    """The saved positions in the trade's cross half: all of them when the wallet is the portfolio's, else none.

    A wallet that was said for the trade may be another account's, so nothing saved is put into it. The prices are the
    portfolio's, except for the trade's own symbols: a symbol has one price now.
    """
    others = account.others if account is not None else ()
    if account is None or question.wallet_from != "portfolio" or question.wallet is None:
        return Beside(uncounted=len(others) if question.wallet is not None else 0)
    places = {(ready.listing.symbol, ready.side) for ready in legs}
    instead = [each for each in others if each.margin_mode == "cross" and (each.symbol, each.side) in places]
    prices = {symbol: mark.price for symbol, mark in account.portfolio.marks.items()}
    prices |= {ready.listing.symbol: ready.mark for ready in legs}
    return Beside(
        positions=tuple(
            engine_position(each, prices.get(each.symbol), identity=f"s{number}")
            for number, each in enumerate(others, start=1)
            if each not in instead
        ),
        instead=tuple(instead),
    )
