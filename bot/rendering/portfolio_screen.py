"""The portfolio card: the account's number first, then every position, and the pages that change it.

Actions that its buttons send: `remove`, `remove:ID`, `removed:ID`, `price`, `price:COIN`, `wallet`, `compare`, `act`,
`back`, `close`.
"""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue import Button, Fill, Screen, Tap
from bot.rendering.check_buttons import back_row, in_rows, shortened
from bot.rendering.check_screen import bold, joined, old_table, table_name
from bot.rendering.notes import age, write_note
from bot.rendering.venues import title_of
from bot.rendering.verdict import Tongue, away, leg_name, liquidation_price, market_line, no_price, short_leg_name
from bot.rendering.views import HeldView, Mode, Note, PortfolioView, PriceView, SideName

LABEL_LENGTH = 60
PRICES_SHOWN = 12


def portfolio_screen(view: PortfolioView, tongue: Tongue, *, remark: Markup | None = None) -> Screen:
    """The account with its positions; empty, it says what to do."""
    words = tongue.words
    if not view.held:
        return _empty(view, tongue, remark=remark)
    lines = [_line(number, held, tongue) for number, held in enumerate(view.held, start=1)]
    paragraphs = [
        joined(bold(_verdict(view, tongue))),
        remark or Markup(""),
        joined(lines),
        _prices(view, tongue),
        _wallet(view, tongue),
        joined([words("tiers.table", table=table_name(view.tiers, tongue)), *old_table(view.tiers, tongue)])
        if view.tiers
        else Markup(""),
    ]
    text = Markup("\n\n").join(paragraph for paragraph in paragraphs if paragraph)
    return Screen(text=text, buttons=_buttons(tongue))


def _buttons(tongue: Tongue) -> tuple[tuple[Button, ...], ...]:
    words = tongue.words
    return (
        (
            Tap(label=words.label("button.what_if"), action="whatif"),
            Tap(label=words.label("button.compare"), action="compare"),
            Tap(label=words.label("button.act"), action="act"),
        ),
        (
            Tap(label=words.label("button.price"), action="price"),
            Tap(label=words.label("button.wallet"), action="wallet"),
        ),
        (
            Tap(label=words.label("button.remove"), action="remove"),
            Tap(label=words.label("button.close"), action="close"),
        ),
    )


def _empty(view: PortfolioView, tongue: Tongue, *, remark: Markup | None) -> Screen:
    words = tongue.words
    example = words.label("example.isolated")
    parts = [remark, words("portfolio.empty"), Markup("<code>{}</code>").format(example)]
    rows: tuple[tuple[Button, ...], ...] = (
        (Fill(label=words.label("button.example"), text=example),),
        (
            Tap(label=words.label("button.wallet"), action="wallet"),
            Tap(label=words.label("button.close"), action="close"),
        ),
    )
    text = joined([part for part in parts if part])
    if view.wallet is not None:
        text = Markup("\n\n").join((text, _wallet(view, tongue)))
    return Screen(text=text, buttons=rows)


def _verdict(view: PortfolioView, tongue: Tongue) -> list[Markup]:
    """What goes first, then how far everything may move before the cross account goes."""
    words = tongue.words
    if view.trouble is not None:
        return [words("portfolio.trouble", why=write_note(view.trouble, words, tongue.numbers))]
    if view.market is None:
        return [_nearest(view, tongue)]
    priced = any(price.age is not None for price in view.prices)
    account = market_line(view.market, words("portfolio.account"), tongue, priced=priced)
    if view.market.liquidatable:
        gone = ", ".join(str(short_leg_name(held.leg, tongue)) for held in view.held if _is_cross(held))
        return [words("portfolio.gone_with_it", account=account, names=Markup(gone))]
    return [account] if len(view.held) == 1 else [_nearest(view, tongue), account]


def _is_cross(held: HeldView) -> bool:
    return held.leg.mode == "cross"


def _nearest(view: PortfolioView, tongue: Tongue) -> Markup:
    """The position that is liquidated first, which stands first."""
    words, held = tongue.words, view.held[0]
    leg, figures = held.leg, held.figures
    name = Markup("{} {}").format(short_leg_name(leg, tongue), _mode(leg.mode, tongue))
    alone = len(view.held) == 1
    if figures is None:
        return words("portfolio.no_figures")
    if figures.liquidation_price is None:
        alive = not figures.dead and not alone
        return words("portfolio.none_dies") if alive else no_price(figures, leg, tongue, mode=name)
    price, distance = liquidation_price(leg, figures, tongue), away(leg, figures, tongue)
    return words("verdict.price" if alone else "portfolio.nearest", mode=name, price=price, distance=distance)


def _mode(mode: Mode | None, tongue: Tongue) -> str:
    return tongue.words.label("mode.isolated" if mode == "isolated" else "mode.cross").lower()


def _wallet(view: PortfolioView, tongue: Tongue) -> Markup:
    if view.wallet is None:
        return tongue.words("portfolio.no_wallet", venue=title_of(view.venue))
    wallet = tongue.numbers.amount(view.wallet, view.settle)
    return tongue.words("portfolio.wallet", wallet=wallet, asset=view.settle, venue=title_of(view.venue))


def place_name(coin: str, side: SideName, mode: Mode, tongue: Tongue) -> Markup:
    """ "BTC long, isolated": what a portfolio holds once at most."""
    words = tongue.words
    side_label = words.label("side.long" if side == "long" else "side.short").lower()
    return Markup("{} {}, {}").format(coin, side_label, _mode(mode, tongue))


def held_name(held: HeldView, tongue: Tongue) -> Markup:
    """ "Long 0.5 BTC at 64,000, 20x, cross"."""
    return Markup("{}, {}").format(leg_name(held.leg, tongue), _mode(held.leg.mode, tongue))


def _line(number: int, held: HeldView, tongue: Tongue) -> Markup:
    words, leg, figures = tongue.words, held.leg, held.figures
    if figures is None:
        where = words("portfolio.no_figures")
    elif figures.dead and _is_cross(held):
        where = words("portfolio.goes")
    elif figures.liquidation_price is None:
        where = no_price(figures, leg, tongue, mode=short_leg_name(leg, tongue))
    else:
        where = words("block.where", price=liquidation_price(leg, figures, tongue), distance=away(leg, figures, tongue))
    return words("portfolio.line", number=number, name=held_name(held, tongue), where=where)


def _prices(view: PortfolioView, tongue: Tongue) -> Markup:
    shown = [_price(price, tongue) for price in view.prices[:PRICES_SHOWN]]
    if not shown:
        return Markup("")
    if len(view.prices) > PRICES_SHOWN:
        shown.append(Markup("…"))
    return tongue.words("portfolio.prices", prices=Markup("; ").join(shown))


def _price(price: PriceView, tongue: Tongue) -> Markup:
    number = tongue.numbers.plain(price.price)
    if price.age is None:
        return tongue.words("portfolio.price_entry", coin=price.coin, price=number)
    return tongue.words("portfolio.price_given", coin=price.coin, price=number, age=age(price.age, tongue.words))


def which_screen(view: PortfolioView, tongue: Tongue) -> Screen:
    """Which position is to be removed?"""
    taps: list[tuple[Button, ...]] = [
        (Tap(label=shortened(str(held_name(held, tongue)), LABEL_LENGTH), action=f"remove:{held.id}"),)
        for held in view.held
    ]
    return Screen(text=tongue.words("portfolio.which_remove"), buttons=(*taps, back_row(tongue)))


def really_screen(held: HeldView, tongue: Tongue) -> Screen:
    """Removing asks first: nothing destructive on one tap."""
    words = tongue.words
    remove: tuple[Button, ...] = (
        Tap(label=words.label("button.remove_yes"), action=f"removed:{held.id}", style="danger"),
    )
    return Screen(text=words("portfolio.really", name=held_name(held, tongue)), buttons=(remove, back_row(tongue)))


def coin_screen(view: PortfolioView, tongue: Tongue) -> Screen:
    """Whose price is to be given?"""
    taps = [Tap(label=price.coin, action=f"price:{price.coin}") for price in view.prices]
    return Screen(text=tongue.words("portfolio.which_price"), buttons=(*in_rows(taps, 3), back_row(tongue)))


def ask_screen(question: Markup, tongue: Tongue, *, problem: Note | None = None) -> Screen:
    """A question that is answered by typing."""
    if problem is not None:
        question = joined([write_note(problem, tongue.words, tongue.numbers), question])
    return Screen(text=question, buttons=(back_row(tongue),))
