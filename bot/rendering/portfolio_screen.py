"""The portfolio card: the account's number first, then every position, the nearest to its liquidation at the top.

Actions that its buttons send: `page:START`, `whatif`, `compare`, `act`, `picture`, `price`, `price:COIN`, `wallet`,
`positions`, `more`, `list`, `import`, `history`, `undo`, `close`; its pages are in portfolio_pages.py.
"""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue import Button, Fill, Screen, Tap
from bot.rendering.check_buttons import back_row, in_rows
from bot.rendering.check_screen import bold, joined, paragraphs, table_lines
from bot.rendering.notes import age, write_note
from bot.rendering.own_coin import own_coin_notes
from bot.rendering.verdict import (
    Tongue,
    away,
    leg_name,
    liquidation_price,
    market_line,
    mode_word,
    no_price,
    short_leg_name,
    side_word,
)
from bot.rendering.views import Backing, HeldView, LegView, Mode, PortfolioView, PriceView, SideName

POSITIONS_SHOWN = 8
"""Positions on one page of the card: more do not fit a phone."""

PRICES_SHOWN = 12


def portfolio_screen(
    view: PortfolioView,
    tongue: Tongue,
    *,
    remark: Markup | None = None,
    start: int = 0,
    several: bool = False,
    undo: str = "",
) -> Screen:
    """The account with its positions; empty, it says what to do.

    Arguments: start, the first position of the page; several, whether the person has further portfolios; undo, the
    action of the button that takes the last change back, empty without one.
    """
    if not view.held:
        return _empty(view, tongue, remark=remark, several=several)
    start = start if 0 <= start < len(view.held) else 0
    shown = view.held[start : start + POSITIONS_SHOWN]
    lines = [_line(number, held, tongue) for number, held in enumerate(shown, start=start + 1)]
    parts = [
        joined(bold(_verdict(view, tongue))),
        remark or Markup(""),
        joined([*lines, *own_coin_notes(((held.leg, held.figures) for held in shown), tongue)]),
        _prices(view, tongue),
        joined([_wallet(view, tongue), *_backing(view, tongue), *_totals(view, tongue), *_room(view, tongue)]),
        table_lines(view.tiers, tongue),
    ]
    text = paragraphs(parts)
    return Screen(text=text, buttons=_buttons(view, start, tongue, undo=undo, several=several))


def _buttons(
    view: PortfolioView, start: int, tongue: Tongue, *, undo: str, several: bool
) -> tuple[tuple[Button, ...], ...]:
    words = tongue.words
    turning: list[Button] = []
    if start > 0:
        turning.append(Tap(label=words.label("button.earlier"), action=f"page:{start - POSITIONS_SHOWN}"))
    if start + POSITIONS_SHOWN < len(view.held):
        turning.append(Tap(label=words.label("button.later"), action=f"page:{start + POSITIONS_SHOWN}"))
    last: list[Button] = [Tap(label=words.label("button.more"), action="more")]
    if several:
        last.append(Tap(label=words.label("button.list"), action="list"))
    last.append(Tap(label=words.label("button.close"), action="close"))
    return (
        *((tuple(turning),) if turning else ()),
        (
            Tap(label=words.label("button.what_if"), action="whatif"),
            Tap(label=words.label("button.compare"), action="compare"),
            Tap(label=words.label("button.act"), action="act"),
        ),
        (
            Tap(label=words.label("button.price"), action="price"),
            Tap(label=words.label("button.wallet"), action="wallet"),
            Tap(label=words.label("button.picture"), action="picture"),
        ),
        (
            Tap(label=words.label("button.positions"), action="positions"),
            Tap(label=words.label("button.undo"), action=undo)
            if undo
            else Tap(label=words.label("button.history"), action="history"),
        ),
        tuple(last),
    )


def _empty(view: PortfolioView, tongue: Tongue, *, remark: Markup | None, several: bool) -> Screen:
    words = tongue.words
    example = words.label("example.isolated")
    parts = [remark, words("portfolio.empty"), Markup("<code>{}</code>").format(example)]
    rows: tuple[tuple[Button, ...], ...] = (
        (
            Fill(label=words.label("button.example"), text=example),
            Tap(label=words.label("button.import"), action="import"),
        ),
        (
            Tap(label=words.label("button.wallet"), action="wallet"),
            Tap(label=words.label("button.more"), action="more"),
        ),
        (
            *((Tap(label=words.label("button.list"), action="list"),) if several else ()),
            Tap(label=words.label("button.close"), action="close"),
        ),
    )
    text = joined([part for part in parts if part])
    if view.wallet is not None or several:
        text = paragraphs((text, joined([_wallet(view, tongue), *_backing(view, tongue)])))
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
    name = Markup("{} {}").format(short_leg_name(leg, tongue), mode_word(leg.mode, tongue))
    alone = len(view.held) == 1
    if figures is None:
        return words("portfolio.no_figures")
    if figures.liquidation_price is None:
        alive = not figures.dead and not alone
        far = any(each.figures is not None and each.figures.reason == "far" for each in view.held)
        none = words("portfolio.none_near" if far else "portfolio.none_dies")
        return none if alive else no_price(figures, leg, tongue, mode=name)
    price, distance = liquidation_price(leg, figures, tongue), away(leg, figures, tongue)
    return words("verdict.price" if alone else "portfolio.nearest", mode=name, price=price, distance=distance)


def _wallet(view: PortfolioView, tongue: Tongue) -> Markup:
    """ "main: wallet 10,000 USDT, Binance USD-M": whose account it is and what is in it."""
    words, numbers = tongue.words, tongue.numbers
    amounts = ", ".join(f"{numbers.amount(amount, asset)} {asset}" for asset, amount in view.wallets)
    parts = [words("portfolio.wallet", wallet=amounts) if amounts else words("portfolio.no_wallet")]
    place = words("portfolio.multi", venue=view.venue) if view.multi else words("portfolio.venue", venue=view.venue)
    return Markup(" ").join([*parts, place, words("portfolio.name", name=view.name)])


def _backing(view: PortfolioView, tongue: Tongue) -> list[Markup]:
    """What the coins behind the account count as."""
    lines = [backing_line(each, tongue) for each in view.backing if each.price is not None]
    return [tongue.words("portfolio.backing", coins=Markup("; ").join(lines))] if lines else []


def backing_line(backing: Backing, tongue: Tongue) -> Markup:
    """ "BTC at 64,000, given 3 h ago, less 5%"."""
    words, numbers = tongue.words, tongue.numbers
    if backing.price is None:
        return words("collateral.unpriced", asset=backing.asset)
    price = PriceView(coin=backing.asset, price=backing.price, age=backing.age)
    told = _price(price, tongue) if price.age is not None else f"{price.coin} {numbers.plain(price.price)}"
    return words("collateral.counts", price=told, haircut=numbers.rate(backing.haircut))


def _room(view: PortfolioView, tongue: Tongue) -> list[Markup]:
    """That it is nearly full, before it is."""
    return [] if view.most is None else [tongue.words("portfolio.room", number=len(view.held), most=view.most)]


def _totals(view: PortfolioView, tongue: Tongue) -> list[Markup]:
    words, numbers = tongue.words, tongue.numbers
    lines = []
    for total in view.totals:
        gain = ("+" if total.gain > 0 else "−" if total.gain < 0 else "") + numbers.amount(abs(total.gain), total.asset)
        facts = {"gain": gain, "margin": numbers.amount(total.margin, total.asset), "asset": total.asset}
        if total.free is None:
            lines.append(words("portfolio.total", **facts))
        else:
            lines.append(words("portfolio.total_free", **facts, free=numbers.amount(total.free, total.asset)))
    return lines


def place_name(coin: str, side: SideName, mode: Mode, tongue: Tongue) -> Markup:
    """ "BTC long, isolated": what a portfolio holds once at most."""
    return Markup("{} {}, {}").format(coin, side_word(side, tongue), mode_word(mode, tongue))


def held_name(leg: LegView, tongue: Tongue) -> Markup:
    """ "Long 0.5 BTC at 64,000, 20x, cross"."""
    return Markup("{}, {}").format(leg_name(leg, tongue), mode_word(leg.mode, tongue))


def line_of(held: HeldView, tongue: Tongue) -> Markup:
    """A position and where it is liquidated, with its number in the person's own order."""
    return _line(held.place, held, tongue)


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
    return words("portfolio.line", number=number, name=held_name(leg, tongue), where=where)


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


def coin_screen(view: PortfolioView, tongue: Tongue) -> Screen:
    """Whose price is to be given?"""
    taps = [Tap(label=price.coin, action=f"price:{price.coin}") for price in view.prices]
    return Screen(text=tongue.words("portfolio.which_price"), buttons=(*in_rows(taps, 3), back_row(tongue)))
