"""The worked stories of /learn: each is a few steps, with the engine's numbers for the move that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Final

from bot.rendering.learn_screen import StoryStep, StoryView
from bot.rendering.learn_topics import StoryName
from bot.services.daily_moves import daily_moves
from bot.services.lesson_books import CROSS, IN_BTC, INVERSE, ISOLATED, figure, hedge, in_btc, position, three
from margin_engine import Book, MarginMode, Position, evaluate, path, what_if

Facts = dict[str, Decimal]


def story_of(name: StoryName, choice: str, step: int) -> StoryView | None:
    """One step of a story with the choice that was made; None for a choice or a step that the story does not have."""
    choices = STORIES[name][0]
    if choice not in choices:
        return None
    steps = _played(name, choice)
    if not 0 <= step < len(steps):
        return None
    return StoryView(name=name, step=step, steps=len(steps), choice=choice, choices=choices, shown=steps[step])


def first_choice(name: StoryName) -> str:
    """The choice that a story begins with."""
    return STORIES[name][0][1]


@cache
def _played(name: StoryName, choice: str) -> tuple[StoryStep, ...]:
    return STORIES[name][1](Decimal(choice))


def _left(book: Book, asset: str = "USDT") -> Decimal:
    return what_if(book).equity_after[asset]


def _steps(facts: Facts, *keys: str) -> tuple[StoryStep, ...]:
    return tuple(StoryStep(key=key, facts=facts) for key in keys)


# --- A tenth set apart ---------------------------------------------------------------------------------------------


def _apart(leverage: Decimal) -> tuple[StoryStep, ...]:
    """1 BTC in the account, a long in ETH with 0.1 BTC isolated; the choice is its leverage."""
    margin, price = Decimal("0.1"), Decimal("0.05")
    quantity = margin * leverage / price

    def book(mode: MarginMode) -> Book:
        held = position("ETHBTC", f"{quantity:f}", price, leverage, mode, contract=IN_BTC)
        return in_btc("1", held, rates={"ETHBTC": "0.005"})

    isolated, cross = evaluate(book(ISOLATED)), evaluate(book(CROSS))
    own, pooled = isolated.positions[0], cross.positions[0]
    facts = {
        "wallet_btc": Decimal(1),
        "margin_btc": own.max_loss,
        "set_leverage": leverage,
        "held_size": quantity,
        "entry_btc": price,
        "worth_btc": own.notional,
        "isolated_away": figure(own.distance),
        "isolated_btc": figure(own.liquidation_price),
        "left_btc": Decimal(1) - own.max_loss,
    }
    if pooled.liquidation_price is None:
        keys = ("storyapart.setup", "storyapart.isolated", "storyapart.never", "storyapart.moral")
        return _steps(facts, *keys)
    facts |= {"cross_away": figure(pooled.distance), "cross_btc": pooled.liquidation_price}
    return _steps(facts, "storyapart.setup", "storyapart.isolated", "storyapart.cross", "storyapart.moral")


# --- The coin that crashed -----------------------------------------------------------------------------------------


def _crash(share: Decimal) -> tuple[StoryStep, ...]:
    """2 BTC: A is 5x on BTC (inverse), B 10x on SOL in BTC; the choice is how far SOL falls."""
    price, sol = Decimal(60_000), Decimal("0.002")

    def book(mode: MarginMode, shocks: Mapping[str, Decimal]) -> Book:
        a = position("BTCUSD", "150000", price, 5, mode, contract=INVERSE)
        b = position("SOLBTC", "500", sol, 10, mode, contract=IN_BTC)
        return in_btc("2", a, b, rates={"BTCUSD": "0.005", "SOLBTC": "0.01"}, shocks=shocks)

    falls = {"SOLBTC": -share}
    isolated, cross = evaluate(book(ISOLATED, falls)), book(CROSS, falls)
    a, b = isolated.position("BTCUSD"), isolated.position("SOLBTC")
    together = path(book(CROSS, {})).fall[0].at
    common = what_if(book(ISOLATED, {"*": together}))
    facts = {
        "wallet_btc": Decimal(2),
        "a_leverage": Decimal(5),
        "b_leverage": Decimal(10),
        "a_margin_btc": a.max_loss,
        "b_margin_btc": b.max_loss,
        "b_worth_btc": b.notional,
        "b_part_share": b.max_loss / 2,
        "b_away": figure(b.distance),
        "set_move": share,
        "left_btc": Decimal(2) - b.max_loss,
        "idle_btc": Decimal(2) - a.max_loss - b.max_loss,
        "cross_left_btc": _left(cross, "BTC"),
        "common_away": together,
        "common_lost_btc": sum((pool.loss for pool in common.liquidated), Decimal(0)),
    }
    dies = any("SOLBTC" in pool.positions for pool in what_if(book(ISOLATED, falls)).liquidated)
    own = "storycrash.isolated" if dies else "storycrash.outlives"
    return _steps(facts, "storycrash.setup", own, "storycrash.cross", "storycrash.both")


# --- A hundred times -----------------------------------------------------------------------------------------------


def _hundred(share: Decimal) -> tuple[StoryStep, ...]:
    """0.01 BTC at 100x on a coin in BTC; the choice is how far it rises."""
    held = position("COINBTC", "1000", "0.001", 100, ISOLATED, contract=IN_BTC)
    book = in_btc("0.01", held, rates={"COINBTC": "0.005"})
    own = evaluate(book).positions[0]
    risen = replace(held, mark_price=held.entry_price * (1 + share))
    gain = evaluate(replace(book, positions=(risen,))).positions[0].unrealised_pnl
    facts = {
        "margin_btc": own.max_loss,
        "top_leverage": Decimal(100),
        "worth_btc": own.notional,
        "set_move": share,
        "gain_btc": gain,
        "times_times": gain / own.max_loss,
        "end_away": figure(own.distance),
        "daily_share": daily_moves()["BTCUSDT"],
    }
    return _steps(facts, "storyhundred.setup", "storyhundred.rise", "storyhundred.fall", "storyhundred.moral")


# --- The hedge that broke ------------------------------------------------------------------------------------------


def _hedge(share: Decimal) -> tuple[StoryStep, ...]:
    """Long BTC, short ETH of the same worth; the choice is how far ETH jumps."""
    jump = {"ETHUSDT": share}
    isolated, cross = what_if(hedge(ISOLATED, shocks=jump)), what_if(hedge(CROSS, shocks=jump))
    short = isolated.before.position("ETHUSDT")
    held = {each.id: each for each in hedge(CROSS).positions}
    both = what_if(hedge(CROSS, shocks={"ETHUSDT": share, "BTCUSDT": share}))
    beta = Decimal("1.5")
    facts = {
        "wallet": Decimal(10_000),
        "ten_leverage": Decimal(10),
        "long_size": held["BTCUSDT"].quantity,
        "short_size": held["ETHUSDT"].quantity,
        "set_move": share,
        "short_away": figure(short.distance),
        "short_lost": short.max_loss,
        "isolated_left": isolated.equity_after["USDT"],
        "short_loss": short.notional * share,
        "cross_left": cross.equity_after["USDT"],
        "both_left": both.equity_after["USDT"],
        "beta_size": beta,
        "beta_away": path(hedge(CROSS, beta=beta)).rise[0].at,
    }
    own = "storyhedge.isolated" if isolated.liquidated else "storyhedge.outlives"
    pool = "storyhedge.dead" if cross.liquidated else "storyhedge.cross"
    return _steps(facts, "storyhedge.setup", own, pool, "storyhedge.beta")


# --- The innocent long ---------------------------------------------------------------------------------------------


def _three(share: Decimal) -> tuple[StoryStep, ...]:
    """Three positions in one pool, of which a short goes wrong; the choice is how far SOL rises."""
    rise = {"SOLUSDT": share}
    isolated, cross = what_if(three(ISOLATED, rise)), what_if(three(CROSS, rise))
    short, held = isolated.before.position("SOLUSDT"), _by_id(three(CROSS))
    facts = {
        "wallet": Decimal(5_000),
        "ten_leverage": Decimal(10),
        "btc_size": held["BTCUSDT"].quantity,
        "eth_size": held["ETHUSDT"].quantity,
        "sol_size": held["SOLUSDT"].quantity,
        "set_move": share,
        "end_away": figure(cross.before.position("SOLUSDT").distance),
        "cross_left": cross.equity_after["USDT"],
        "short_away": figure(short.distance),
        "short_lost": short.max_loss,
        "isolated_left": isolated.equity_after["USDT"],
    }
    pool = "storythree.cross" if cross.liquidated else "storythree.alive"
    own = "storythree.isolated" if isolated.liquidated else "storythree.holds"
    return _steps(facts, "storythree.setup", pool, own, "storythree.moral")


def _by_id(book: Book) -> dict[str, Position]:
    return {each.id: each for each in book.positions}


STORIES: Final[Mapping[StoryName, tuple[tuple[str, ...], Callable[[Decimal], tuple[StoryStep, ...]]]]] = {
    "apart": (("5", "10", "20"), _apart),
    "crash": (("0.05", "0.3", "0.9"), _crash),
    "hundred": (("0.02", "0.1", "9"), _hundred),
    "hedge": (("0.05", "0.2", "0.4"), _hedge),
    "three": (("0.05", "0.2", "0.3"), _three),
}
"""What can be chosen in each story, the second first; and how it is played."""
