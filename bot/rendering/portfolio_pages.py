"""The pages behind the portfolio card: its positions, one position, a change before it is made, and what else it can.

Actions that their buttons send: `pos:KEY`, `do`, `pick:KEY`, `as:MODE`, `order:KIND:KEY`, `type:SLOT:KEY`, `rename`,
`duplicate`, `delete`, `deleted`, `venue`, `venue:NAME`, `multi:MODE`, `collateral`, `new`, `open:ID`, `restore:ID`,
`import`, `export`, `share`, `list`, `more`, `back`.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_buttons import back_row, in_rows, shortened
from bot.rendering.check_screen import bold, joined, paragraphs
from bot.rendering.notes import age, write_note
from bot.rendering.portfolio_screen import held_name, line_of
from bot.rendering.portfolio_views import Moved, OrderView, ShelfLine, key_of
from bot.rendering.verdict import Tongue, away, leg_name, liquidation_price, market_line, no_price, short_leg_name
from bot.rendering.views import HeldView, LegView, Note, PortfolioView, PriceView

LABEL_LENGTH = 60
POSITIONS_LISTED = 24
_ORDERS = {
    "open": "order.open",
    "add": "order.add",
    "reduce": "order.reduce",
    "close": "order.close",
    "remove": "order.remove",
    "margin": "order.margin",
    "take_margin": "order.take_margin",
    "leverage": "order.leverage",
    "isolated": "order.isolated",
    "cross": "order.cross",
    "quantity": "order.quantity",
    "entry": "order.entry",
}


def positions_screen(view: PortfolioView, tongue: Tongue) -> Screen:
    """Which position?"""
    ordered = sorted(view.held, key=lambda held: held.place)
    taps: list[tuple[Button, ...]] = [
        (Tap(label=shortened(str(held_name(held.leg, tongue)), LABEL_LENGTH), action=f"pos:{key_of(held.id)}"),)
        for held in ordered[:POSITIONS_LISTED]
    ]
    words = tongue.words
    text = words("portfolio.which") if len(ordered) <= POSITIONS_LISTED else words("portfolio.which_many")
    return Screen(text=text, buttons=(*taps, back_row(tongue)))


def pick_screen(legs: Sequence[tuple[str, LegView]], tongue: Tongue) -> Screen:
    """Which of several positions is meant?"""
    taps: list[tuple[Button, ...]] = [
        (Tap(label=shortened(str(held_name(leg, tongue)), LABEL_LENGTH), action=f"pick:{key_of(identity)}"),)
        for identity, leg in legs[:POSITIONS_LISTED]
    ]
    return Screen(text=tongue.words("portfolio.which"), buttons=(*taps, back_row(tongue)))


def position_screen(held: HeldView, count: int, tongue: Tongue) -> Screen:
    """One position with everything that can be done to it."""
    words, identity = tongue.words, key_of(held.id)
    other = "cross" if held.leg.mode == "isolated" else "isolated"

    def tap(key: str, action: str) -> Tap:
        return Tap(label=words.label(key), action=f"{action}:{identity}")

    rows: list[tuple[Button, ...]] = [
        (tap("button.close_position", "order:close"), tap("button.reduce", "type:reduce")),
        (
            tap("button.add", "type:add"),
            tap("button.to_cross" if other == "cross" else "button.to_isolated", f"order:{other}"),
            tap("button.leverage", "type:leverage"),
        ),
        (
            tap("button.fix_size", "type:quantity"),
            tap("button.fix_entry", "type:entry"),
            *((tap("button.margin", "type:margin"),) if held.leg.mode == "isolated" else ()),
        ),
    ]
    if count > 1:
        rows.append((tap("button.up", "order:up"), tap("button.down", "order:down")))
    rows.append((tap("button.remove", "order:remove"), Tap(label=words.label("button.back"), action="positions")))
    return Screen(text=line_of(held, tongue), buttons=tuple(rows))


def mode_screen(leg: LegView, tongue: Tongue) -> Screen:
    """A new position whose mode was not said."""
    words = tongue.words
    modes: tuple[Button, ...] = (
        Tap(label=words.label("save.as_isolated"), action="as:isolated"),
        Tap(label=words.label("save.as_cross"), action="as:cross"),
    )
    return Screen(text=words("order.which_mode", name=leg_name(leg, tongue)), buttons=(modes, back_row(tongue)))


# --- A change before it is made ------------------------------------------------------------------------------------


def order_screen(view: OrderView, tongue: Tongue, *, back: str) -> Screen:
    """What a change would do: what is said of it, then every position that it moves, then the account."""
    words = tongue.words
    again: tuple[Button, ...] = (Tap(label=words.label("button.back"), action=back),)
    if view.refusal is not None:
        why = write_note(view.refusal, words, tongue.numbers)
        return Screen(text=words("order.refused", what=_what(view, tongue), why=why), buttons=(again,))
    lines = [_moved(each, tongue) for each in view.moved]
    if view.more:
        lines.append(words.count("order.more", view.more))
    account = _account(view, tongue)
    said = view.moved[0] if view.moved else None
    head = _headline(view, said, tongue)
    rest = [line for line, each in zip(lines, view.moved, strict=False) if each is not said] + lines[len(view.moved) :]
    parts = [
        joined(bold([head])),
        write_note(view.warning, words, tongue.numbers) if view.warning is not None else Markup(""),
        joined(_terms(view, tongue)),
        joined([*rest, *account]),
    ]
    kind = "danger" if view.kind in ("remove", "close") or _kills(view) else "success"
    do: tuple[Button, ...] = (
        Tap(label=words.label("button.make_it_so"), action="do", style="danger" if kind == "danger" else "success"),
    )
    return Screen(text=paragraphs(parts), buttons=(do, again))


def _headline(view: OrderView, said: Moved | None, tongue: Tongue) -> Markup:
    what = _what(view, tongue)
    if said is None:
        return tongue.words("order.nothing_moves", what=what)
    return tongue.words("order.headline", what=what, effect=_moved(said, tongue))


def _what(view: OrderView, tongue: Tongue) -> Markup:
    """ "Close SOL long", "Move SOL long to cross", "Add 0.5 to BTC long"."""
    words, numbers = tongue.words, tongue.numbers
    names = [str(short_leg_name(leg, tongue)) for leg in view.subject]
    name = Markup(", ").join(names[:3]) + (Markup("…") if len(names) > 3 else Markup(""))
    facts: dict[str, object] = {"name": name}
    if "quantity" in view.facts:
        facts["size"] = numbers.quantity(view.facts["quantity"])
    elif "fraction" in view.facts:
        facts["size"] = numbers.rate(view.facts["fraction"])
    if "leverage" in view.facts:
        facts["leverage"] = numbers.plain(view.facts["leverage"], most=2)
    kind = view.kind
    if "amount" in view.facts:
        facts["amount"] = numbers.amount(abs(view.facts["amount"]), view.subject[0].settle)
        kind = "take_margin" if kind == "margin" and view.facts["amount"] < 0 else kind
    if kind == "open":
        facts["name"] = held_name(view.subject[0], tongue)
    return words(_ORDERS[kind], **facts)


def _terms(view: OrderView, tongue: Tongue) -> list[Markup]:
    """At which price, what goes to the wallet, and what the venue says about it."""
    words, numbers = tongue.words, tongue.numbers
    lines = []
    leg = view.moved[0].leg if view.kind == "add" and view.moved else None
    if leg is not None and leg.quantity is not None and leg.entry is not None:
        facts = {"size": numbers.quantity(leg.quantity), "entry": numbers.plain(leg.entry, most=6)}
        lines.append(words("order.average", coin=leg.coin, **facts))
    if view.at is not None:
        assumed = view.at.age is None and "price" not in view.facts
        lines.append(words("order.at_entry" if assumed else "order.at", price=_priced(view.at, tongue)))
    for asset, amount in view.realised:
        key = "order.gain" if amount > 0 else "order.loss"
        lines.append(words(key, amount=numbers.amount(abs(amount), asset), asset=asset))
    if view.kind in ("remove", "quantity", "entry"):
        lines.append(words("order.correction"))
    if view.permission == "refused":
        lines.append(words("order.switch_refused", venue=view.venue))
    elif view.permission == "unknown":
        lines.append(words("order.switch_unknown", venue=view.venue))
    return lines


def _priced(price: PriceView, tongue: Tongue) -> Markup:
    number = tongue.numbers.plain(price.price)
    if price.age is None:
        return Markup(number)
    return tongue.words("reference.given", price=number, age=age(price.age, tongue.words))


def _moved(moved: Moved, tongue: Tongue) -> Markup:
    words, leg = tongue.words, moved.leg
    name = short_leg_name(leg, tongue)
    before = moved.before
    if moved.closed:
        if before is None or before.liquidation_price is None:
            return words("order.gone", name=name)
        return words("order.gone_from", name=name, before=liquidation_price(leg, before, tongue))
    after = moved.after
    if after is None:
        return words("order.open_end", name=name)
    if after.liquidation_price is None:
        return no_price(after, leg, tongue, mode=name)
    facts = {"name": name, "price": liquidation_price(leg, after, tongue), "distance": away(leg, after, tongue)}
    if before is None or before.liquidation_price is None or before.liquidation_price == after.liquidation_price:
        return words("order.now_at", **facts)
    return words("order.moves", **facts, before=liquidation_price(leg, before, tongue))


def _kills(view: OrderView) -> bool:
    """Whether somebody would be liquidated at once."""
    return any(each.after is not None and each.after.dead and not _was_dead(each) for each in view.moved)


def _was_dead(moved: Moved) -> bool:
    return moved.before is not None and moved.before.dead


def _account(view: OrderView, tongue: Tongue) -> list[Markup]:
    words = tongue.words
    lines = [words("order.dies")] if _kills(view) else []
    if view.market_after is None or view.market_after == view.market_before:
        return lines
    return [*lines, market_line(view.market_after, words("portfolio.account_then"), tongue)]


# --- More ----------------------------------------------------------------------------------------------------------


def more_screen(view: PortfolioView, tongue: Tongue, *, stored: bool) -> Screen:
    """Everything else that can be done with a portfolio."""
    words = tongue.words

    def tap(key: str, action: str) -> Tap:
        return Tap(label=words.label(key), action=action)

    rows: list[tuple[Button, ...]] = [
        (tap("button.venue", "venue"), tap("button.asset_mode", "multi:single" if view.multi else "multi:multi")),
    ]
    if view.multi:
        rows.append((tap("button.collateral", "collateral"),))
    rows.append((tap("button.import", "import"), *((tap("button.export", "export"),) if view.held else ())))
    if stored:
        rows.append((tap("button.rename", "rename"), tap("button.duplicate", "duplicate")))
        rows.append((tap("button.history", "history"), *((tap("button.share", "share"),) if view.held else ())))
    rows.append((*((tap("button.delete", "delete"),) if stored else ()), tap("button.new", "new")))
    rows.append((tap("button.list", "list"), tap("button.back", "back")))
    mode = words("portfolio.mode_multi") if view.multi else words("portfolio.mode_single")
    text = words("portfolio.more", name=view.name, venue=view.venue, mode=mode)
    return Screen(text=text, buttons=tuple(rows))


def venue_screen(venues: Sequence[tuple[str, str]], tongue: Tongue) -> Screen:
    """Which exchange is the account at?"""
    taps = [Tap(label=title, action=f"venue:{name}") for name, title in venues]
    return Screen(text=tongue.words("portfolio.which_venue"), buttons=(*in_rows(taps, 2), back_row(tongue)))


def list_screen(
    lines: Sequence[ShelfLine], tongue: Tongue, *, most: int | None = None, remark: Markup | None = None
) -> Screen:
    """All portfolios of a person; the open one is marked. most: how many there can be, where that is near."""
    words = tongue.words
    living = [line for line in lines if line.deleted_ago is None]
    gone = [line for line in lines if line.deleted_ago is not None]
    text = [*([remark, Markup("")] if remark else []), *bold([words.count("portfolio.list", len(living))])]
    if most is not None:
        text.append(words("portfolio.list_room", number=len(living), most=most))
    for line in living:
        key = "portfolio.list_open" if line.is_open else "portfolio.list_line"
        text.append(words.count(key, line.positions, name=line.name))
    for line in gone:
        assert line.deleted_ago is not None
        text.append(words("portfolio.list_gone", name=line.name, age=age(line.deleted_ago, words)))
    opening: list[Button] = [
        Tap(label=shortened(line.name, 20), action=f"open:{line.id}") for line in living if not line.is_open
    ]
    back: list[Button] = [
        Tap(label=words.label("button.restore", name=shortened(line.name, 20)), action=f"restore:{line.id}")
        for line in gone[:6]
    ]
    last: tuple[Button, ...] = (
        Tap(label=words.label("button.new"), action="new"),
        Tap(label=words.label("button.back"), action="back"),
    )
    return Screen(text=joined(text), buttons=(*in_rows(opening, 2), *in_rows(back, 1), last))


def delete_screen(view: PortfolioView, tongue: Tongue) -> Screen:
    """Deleting asks first."""
    words = tongue.words
    yes: tuple[Button, ...] = (Tap(label=words.label("button.delete_yes"), action="deleted", style="danger"),)
    text = words.count("portfolio.really_delete", len(view.held), name=view.name)
    return Screen(text=text, buttons=(yes, back_row(tongue)))


def typed_screen(question: Markup, tongue: Tongue, *, back: str, problem: Note | None = None) -> Screen:
    """A question that is answered by typing, with the way back to the page that it came from."""
    if problem is not None:
        question = joined([write_note(problem, tongue.words, tongue.numbers), question])
    row: tuple[Button, ...] = (Tap(label=tongue.words.label("button.back"), action=back),)
    return Screen(text=question, buttons=(row,))
