"""What "now" is on a picture: whose prices, which part of the equity is a gain, and where what is gone already went."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.pictures.phrases import Phrases
from bot.pictures.specs import Mode
from bot.rendering.notes import age
from bot.rendering.verdict import Tongue, figures_of
from bot.rendering.views import LegView, SideName
from bot.services.equity import prices_of, settled_in
from bot.services.picturing import Scene
from bot.services.subject import Subject
from margin_engine import AssetMode, Book, Position

MOST_PRICES: Final = 6


def names_of(subject: Subject, language: str) -> dict[str, str]:
    """ "BTC long" by id; with a number where two would be called the same."""
    words = Phrases(language)
    names = {
        identity: f"{leg.coin} {words('side.long' if leg.side == 'long' else 'side.short').lower()}"
        for identity, leg in subject.legs.items()
    }
    twice = {name for name, count in Counter(names.values()).items() if count > 1}
    return {
        identity: f"{name} {number}" if name in twice else name
        for number, (identity, name) in enumerate(names.items(), start=1)
    }


def given_in(subject: Subject, book: Book | None) -> tuple[bool, bool]:
    """Whether somebody gave prices now, else they are entries; and whether that is so of some positions only."""
    given = [leg.priced for leg in subject.legs.values()]
    if any(given):
        return True, not all(given)
    return False, book is not None and any(map(_stands_elsewhere, book.positions))


def _stands_elsewhere(position: Position) -> bool:
    """Whether its price now is not its own entry."""
    return position.mark_price is not None and position.mark_price != position.entry_price


def now_line(subject: Subject, book: Book, language: str) -> Markup:
    """What "now" is: the prices that were given and when, an entry that stands for all of its coin, or each its own."""
    words = Tongue.of(language).words
    said: dict[str, Markup] = {}
    for position in book.positions:
        leg = subject.legs[position.id]
        if leg.priced or _stands_elsewhere(position):
            said.setdefault(leg.coin, _price_now(leg, position, subject, language))
    if not said:
        return words("picture.now_entry")
    prices = Markup("; ").join(list(said.values())[:MOST_PRICES])
    every = all(leg.coin in said for leg in subject.legs.values())
    return words("picture.now_given" if every else "picture.now_mixed", prices=prices)


def _price_now(leg: LegView, position: Position, subject: Subject, language: str) -> Markup:
    """One coin's price and whose it is."""
    tongue, now = Tongue.of(language), position.mark_price
    if leg.reference is not None and leg.reference.age is not None:
        price, ago = tongue.numbers.plain(leg.reference.price), age(leg.reference.age, tongue.words)
        return tongue.words("picture.price_given", coin=leg.coin, price=price, age=ago)
    names = names_of(subject, language)
    whose = [names[each] for each, other in subject.legs.items() if other.coin == leg.coin and other.entry == now]
    price = tongue.numbers.plain(position.entry_price if now is None else now)
    if not whose:
        return tongue.words("picture.price_only", coin=leg.coin, price=price)
    return tongue.words("picture.price_of", coin=leg.coin, price=price, name=whose[0])


def balance_line(scene: Scene, language: str) -> Markup | None:
    """What of the equity now is balance and what a gain or loss at the prices now; None without one."""
    words, gain = Phrases(language), _gain(scene)
    sign = "+" if gain > 0 else "−"
    written = words.amount(abs(gain), scene.asset)
    if scene.dead or written == words.amount(Decimal(0), scene.asset):
        return None
    balance = f"{words.amount(scene.now - gain, scene.asset)} {scene.asset}"
    return Tongue.of(language).words("picture.balance", balance=balance, gain=f"{sign}{written} {scene.asset}")


def _gain(scene: Scene) -> Decimal:
    """The unrealised gain of all positions in the scene's asset."""
    multi = scene.book.asset_mode == AssetMode.MULTI
    prices = prices_of(scene.book) if multi else {}
    worth = {each.id: prices.get(settled_in(scene.book, each), Decimal(1)) for each in scene.book.positions}
    return sum((each.unrealised_pnl * worth[each.id] for each in scene.evaluation.positions), Decimal(0))


def went_of(subject: Subject, mode: Mode, language: str) -> dict[str, str]:
    """Where positions that are liquidated already went on the way from their entries, as far as that is known."""
    numbers, found = Phrases(language).numbers, {}
    for identity, leg in subject.legs.items():
        figures = figures_of(leg, mode)
        if figures is not None and figures.dead and figures.died_at is not None and leg.reference is not None:
            side: SideName = "long" if figures.died_at > leg.reference.price else "short"
            found[identity] = numbers.liquidation_price(figures.died_at, side=side, tick=leg.tick)
    return found
