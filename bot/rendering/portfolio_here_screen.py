"""A portfolio where others read along: offered, then in percent, then, if its owner says so, with amounts.

Actions that the buttons send: `show`, `amounts`, `close`.
"""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_screen import bold, joined, paragraphs
from bot.rendering.notes import age
from bot.rendering.numbers import is_tiny
from bot.rendering.portfolio_screen import POSITIONS_SHOWN, place_name, portfolio_screen
from bot.rendering.verdict import Tongue, market_line
from bot.rendering.views import HeldView, PortfolioView


def offer_screen(tongue: Tongue) -> Screen:
    """Nothing personal, and a button for who wants it."""
    return Screen(text=tongue.words("portfolio.private"), buttons=_buttons("button.show_here", "show", tongue))


def distances_screen(view: PortfolioView, tongue: Tongue) -> Screen:
    """How far each position and the account are from liquidation: no size, price, wallet or name is in it."""
    words = tongue.words
    if view.trouble is not None:  # its words may hold amounts
        return Screen(text=words("here.trouble"), buttons=_buttons("button.with_amounts", "amounts", tongue))
    lines = [_line(held, tongue) for held in view.held[:POSITIONS_SHOWN]]
    if len(view.held) > POSITIONS_SHOWN:
        lines.append(words.count("order.more", len(view.held) - POSITIONS_SHOWN))
    head = [words("here.nearest", line=lines[0])]
    if view.market is not None:
        priced = any(price.age is not None for price in view.prices)
        head.append(market_line(view.market, words("portfolio.account"), tongue, priced=priced))
    parts = [joined(bold(head)), joined(lines[1:]), words("here.percent")]
    text = paragraphs(parts)
    return Screen(text=text, buttons=_buttons("button.with_amounts", "amounts", tongue))


def whole_screen(view: PortfolioView, tongue: Tongue) -> Screen:
    """The card as it is in the private chat, without what changes the portfolio."""
    text = portfolio_screen(view, tongue).text
    return Screen(text=text, buttons=_buttons("button.without_amounts", "show", tongue))


def _buttons(label: str, action: str, tongue: Tongue) -> tuple[tuple[Button, ...], ...]:
    words = tongue.words
    return ((Tap(label=words.label(label), action=action), Tap(label=words.label("button.close"), action="close")),)


def _line(held: HeldView, tongue: Tongue) -> Markup:
    return tongue.words("here.line", name=_name(held, tongue), where=_where(held, tongue))


def _name(held: HeldView, tongue: Tongue) -> Markup:
    assert held.leg.side is not None
    return place_name(held.leg.coin, held.leg.side, held.leg.mode or "isolated", tongue)


def _where(held: HeldView, tongue: Tongue) -> Markup:
    """The distance with what it is measured from; why a position has none is said without its numbers."""
    words, figures, reference = tongue.words, held.figures, held.leg.reference
    if figures is None:
        return words("portfolio.no_figures")
    given = reference.age if reference is not None else None
    start = words("reference.entry") if given is None else words("here.given", age=age(given, words))
    if figures.dead:
        return words("here.dead", reference=start)
    if figures.distance is None:
        return words("here.never")
    if is_tiny(figures.distance):
        return words("distance.tiny", reference=start)
    percent = tongue.numbers.percent(figures.distance)
    return words("distance.below" if figures.distance < 0 else "distance.above", percent=percent, reference=start)
