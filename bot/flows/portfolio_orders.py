"""Positions, one by one: what a change would do is shown first, and made with a second tap.

[Positions…] [Long 0.5 BTC …]    ->  its page: Close, Reduce, Add, To cross, Leverage, Size, Entry, Up, Down, Remove
[To cross]                       ->  "Move BTC long to cross: … 61,044.2 → 46,747.0" [Make it so] [« Back]
"close half the sol"             ->  the same from words; of two SOL positions it asks which
"add 2 eth long 3100 10x cross"  ->  the new position beside the others [Make it so]
[Make it so]                     ->  made; if the portfolio has changed meanwhile, shown anew
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome, Screen, Tap
from bot.flows.portfolio_card import Draft, and_change, ask, changed, page, save, show_card, with_open
from bot.flows.start import tongue_of
from bot.rendering.notes import write_note
from bot.rendering.portfolio_pages import mode_screen, order_screen, pick_screen, position_screen, positions_screen
from bot.rendering.portfolio_views import key_of
from bot.rendering.views import Note
from bot.services.account_view import leg_view, look_at
from bot.services.answers import typed_leverage, typed_price
from bot.services.facts import Facts
from bot.services.orders import Kind, Order, holders, opened_position, order_from, planned, position_of
from bot.services.portfolios import order_view, typed_size
from bot.services.saved import name_of, settle_of
from bot.services.symbols import coin_of
from bot.storage.portfolios import Portfolio, SavedPosition
from bot.understanding.answers import read_number
from bot.understanding.portfolio_words import Spoken, order_of
from bot.understanding.readings import PositionSlots

_BY_TAP: dict[str, Kind] = {
    "close": "close",
    "isolated": "isolated",
    "cross": "cross",
    "remove": "remove",
    "up": "up",
    "down": "down",
}
_TYPED = ("reduce", "add", "leverage", "margin", "quantity", "entry")


def positions(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """The list of positions; None for an empty portfolio."""
    view = look_at(facts.portfolio.portfolio, now=event.time)
    return page(card, Draft(page="positions"), positions_screen(view, tongue_of(event))) if view.held else None


def position(event: Event, card: Card, key: str, facts: Facts) -> Outcome:
    """The page of one position."""
    view = look_at(facts.portfolio.portfolio, now=event.time)
    held = next((each for each in view.held if key_of(each.id) == key), None)
    if held is None:
        return gone(event, card, facts)
    draft = Draft(page="position", position=held.id)
    return page(card, draft, position_screen(held, len(view.held), tongue_of(event)))


def gone(event: Event, card: Card, facts: Facts) -> Outcome:
    """A position that is not there any more."""
    return show_card(event, card, facts, remark=tongue_of(event).words("portfolio.gone"))


def _held(key: str, facts: Facts) -> SavedPosition | None:
    found = facts.portfolio.portfolio.positions
    return next((each for each in found if key_of(each.id) == key), None)


def order_tapped(event: Event, card: Card, value: str, facts: Facts) -> Outcome | None:
    """`order:KIND:KEY`: a change that needs nothing typed."""
    name, _, key = value.partition(":")
    kind, held = _BY_TAP.get(name), _held(key, facts)
    if kind is None:
        return None
    if held is None:
        return gone(event, card, facts)
    order = Order(kind=kind, ids=(held.id,))
    if kind not in ("up", "down"):
        return preview(event, card, order, facts, back=f"pos:{key}")
    plan = planned(facts.portfolio.portfolio, order, now=event.time)
    if plan.portfolio is None:
        return None
    shown = position(event, card, key, with_open(facts, plan.portfolio))
    made = changed(event, card, facts, plan.portfolio, "order")
    return Outcome(show=shown.show, changes=made.changes)


def type_tapped(event: Event, card: Card, value: str, facts: Facts) -> Outcome | None:
    """`type:SLOT:KEY`: a change whose number is typed."""
    slot, _, key = value.partition(":")
    awaiting = next((each for each in _TYPED if each == slot), None)
    if awaiting is None:
        return None
    held = _held(key, facts)
    if held is None:
        return gone(event, card, facts)
    draft = Draft.model_validate(
        {
            "page": "typed",
            "awaiting": awaiting,
            "position": held.id,
            "coin": name_of(facts.portfolio.portfolio, held.symbol),
            "back": f"pos:{key}",
        }
    )
    return ask(event, card, draft)


def typed(event: Event, card: Card, draft: Draft, text: str, facts: Facts) -> Outcome | None:
    """The number that a position's page asked for; None when the text is none."""
    held = position_of(facts.portfolio.portfolio, draft.position)
    if held is None:
        return gone(event, card, facts)
    order = _typed_order(draft, held, text)
    if order is None:
        return None
    refusal = planned(facts.portfolio.portfolio, order, now=event.time).refusal
    if refusal is not None:  # said, and asked again
        return ask(event, card, draft, problem=refusal)
    return preview(event, card, order, facts, back=f"pos:{key_of(held.id)}")


def _typed_order(draft: Draft, held: SavedPosition, text: str) -> Order | None:
    ids = (held.id,)
    match draft.awaiting:
        case "reduce":
            spoken = order_of(f"reduce btc by {text}")
            if spoken is None or spoken.price is not None:
                return None
            kind: Kind = "close" if spoken.kind == "close" else "reduce"
            return Order(kind=kind, ids=ids, quantity=spoken.quantity, fraction=spoken.fraction)
        case "add":
            size, _, at = text.lower().replace("@", " at ").partition(" at ")
            quantity = typed_size(size)
            price = typed_price(at, coin=coin_of(draft.coin)) if at else None
            valid = quantity is not None and (price is not None or not at)
            return Order(kind="add", ids=ids, quantity=quantity, price=price) if valid else None
        case "leverage":
            leverage = typed_leverage(text)
            return Order(kind="leverage", ids=ids, leverage=leverage) if leverage else None
        case "margin":
            amount = read_number(text, None)
            valid = amount is not None and amount != 0 and abs(amount) < Decimal("1e15")
            return Order(kind="margin", ids=ids, amount=amount) if valid else None
        case "quantity":
            quantity = typed_size(text)
            return Order(kind="quantity", ids=ids, quantity=quantity) if quantity is not None else None
        case "entry":
            price = typed_price(text, coin=coin_of(draft.coin))
            return Order(kind="entry", ids=ids, price=price) if price is not None else None
        case _:
            return None


# --- Words ---------------------------------------------------------------------------------------------------------


def spoken_order(event: Event, card: Card, spoken: Spoken, facts: Facts, *, sure: bool) -> Outcome | None:
    """An order in words about positions; None when it is not about any that is held, and not a new one.

    Arguments: sure, whether nothing but the saved positions can be meant: then what is not held is said.
    """
    portfolio = facts.portfolio.portfolio
    if spoken.kind == "open":
        same = holders(spoken, portfolio)
        said = spoken.position
        alike = [each for each in same if said is not None and _is_more_of(said, each)]
        same = tuple(alike) or same
        said_terms = not alike and said is not None and (said.leverage or said.mode)
        if not same or said_terms or spoken.position is None or not isinstance(spoken.position.qty, Decimal):
            return _spoken_opening(event, card, spoken, facts)
        # Without terms of its own it goes to the position that is there, and takes those.
        spoken = Spoken(
            kind="add",
            coin=spoken.coin,
            side=spoken.side,
            quantity=spoken.position.qty,
            price=spoken.position.entry if isinstance(spoken.position.entry, Decimal) else None,
        )
    found = holders(spoken, portfolio)
    if not found and spoken.coin is not None and sure:
        return _not_held(event, card, spoken, facts)
    if spoken.sold:
        longs = tuple(each for each in found if each.side == "long")
        if found and not longs:
            return _sells_a_short(event, card, spoken, found[0], facts)
        found = longs
    if spoken.kind == "margin":
        found = tuple(each for each in found if each.margin_mode == "isolated")
        other = _in_other_money(event, card, spoken, found, facts)
        if other is not None:
            return other
    if spoken.kind in ("isolated", "cross"):
        found = tuple(each for each in found if each.margin_mode != spoken.kind)
    if spoken.kind == "add" and spoken.quantity is None and found:
        return type_tapped(event, card, f"add:{key_of(found[0].id)}", facts) if len(found) == 1 else None
    order = order_from(spoken, found, facts.portfolio.portfolio.venue)
    if not found or order is None:
        return None
    if len(found) == 1 or spoken.everything:
        return preview(event, card, order, facts, back="back")
    legs = [(each.id, leg_view(each, facts.portfolio.portfolio, now=event.time)) for each in found]
    return page(card, _remembering(order, facts, "pick"), pick_screen(legs, tongue_of(event)))


def _is_more_of(said: PositionSlots, held: SavedPosition) -> bool:
    """Whether a whole position is more of a cross one that is held: an exchange averages the two."""
    terms = (said.mode, said.leverage or held.leverage) == (held.margin_mode, held.leverage)
    return held.margin_mode == "cross" and terms and isinstance(said.qty, Decimal)


def _in_other_money(
    event: Event, card: Card, spoken: Spoken, found: Sequence[SavedPosition], facts: Facts
) -> Outcome | None:
    """Margin in an asset that none of the positions settles in; None for its own."""
    settles = [settle_of(facts.portfolio.portfolio, each.symbol) for each in found]
    if not settles or spoken.asset in ("", "USD", *settles):
        return None
    tongue = tongue_of(event)
    note = Note(name="other_unit", facts={"unit": spoken.asset, "asset": settles[0]})
    return show_card(event, card, facts, remark=write_note(note, tongue.words, tongue.numbers))


def _not_held(event: Event, card: Card, spoken: Spoken, facts: Facts) -> Outcome:
    """What is to be changed is not there; of a new position it says how to write it whole."""
    words = tongue_of(event).words
    if spoken.kind == "add" and spoken.quantity is not None:
        return _unfinished(event, card, spoken, spoken.quantity, spoken.price, facts)
    return show_card(event, card, facts, remark=words("order.not_held", coin=spoken.coin))


def _unfinished(
    event: Event, card: Card, spoken: Spoken, size: Decimal, price: Decimal | None, facts: Facts
) -> Outcome:
    """A new position whose terms are missing: nothing is taken for granted, the whole sentence is shown."""
    tongue = tongue_of(event)
    coin, side = str(spoken.coin), spoken.side or "long"
    at = tongue.words.label("order.price_here") if price is None else f"{price:f}"
    example = f"add {size:f} {coin.lower()} {side} {at} 10x cross"
    name = "order.unfinished_priced" if price is not None else "order.unfinished"
    return show_card(event, card, facts, remark=tongue.words(name, coin=coin, example=example))


def _sells_a_short(event: Event, card: Card, spoken: Spoken, held: SavedPosition, facts: Facts) -> Outcome | None:
    """Selling makes a short larger, and a part of it was named: which of both?"""
    order = order_from(spoken, (held,), facts.portfolio.portfolio.venue)
    if order is None:
        return None
    words, key = tongue_of(event).words, key_of(held.id)
    rows = (
        (Tap(label=words.label("button.buy_back_part"), action=f"pick:{key}"),),
        (Tap(label=words.label("button.add_to_short"), action=f"type:add:{key}"),),
        (Tap(label=words.label("button.back"), action="back"),),
    )
    held_size = tongue_of(event).numbers.quantity(held.quantity)
    text = words("order.sells_short", coin=name_of(facts.portfolio.portfolio, held.symbol), size=held_size)
    return page(card, _remembering(order, facts, "pick"), Screen(text=text, buttons=rows))


def _beside_opposite(order: Order, portfolio: Portfolio, event: Event) -> Markup:
    """What a new position is beside one of the other side: both are held in hedge mode only."""
    new = order.position
    if order.kind != "open" or new is None:
        return Markup("")
    tongue = tongue_of(event)
    other = [each for each in portfolio.positions if each.symbol == new.symbol and each.side != new.side]
    if not other:
        return Markup("")
    held = sum((each.quantity for each in other), Decimal(0))
    left = held - new.quantity
    name = "order.one_way_smaller" if left > 0 else "order.one_way_turned" if left < 0 else "order.one_way_closed"
    long, short = (tongue.words.label(each).lower() for each in ("side.long", "side.short"))
    side, other_side = (long, short) if new.side == "long" else (short, long)
    size, rest = tongue.numbers.quantity(held), tongue.numbers.quantity(abs(left))
    coin = name_of(portfolio, new.symbol)
    return Markup("\n\n") + tongue.words(name, coin=coin, other=other_side, side=side, size=size, rest=rest)


def _remembering(order: Order, facts: Facts, name: str) -> Draft:
    stored = facts.portfolio
    return Draft(page=name, order=order, portfolio_id=stored.id, version=stored.version)


def _spoken_opening(event: Event, card: Card, spoken: Spoken, facts: Facts) -> Outcome | None:
    identity = f"w{event.serial}"
    saved, refusal = opened_position(spoken, facts.portfolio.portfolio, identity=identity, now=event.time)
    if refusal is not None:
        words = tongue_of(event)
        return show_card(event, card, facts, remark=write_note(refusal, words.words, words.numbers))
    if saved is None:
        said = spoken.position
        if said is None or said.leverage is not None or not isinstance(said.qty, Decimal):
            return None
        price = said.entry if isinstance(said.entry, Decimal) else None
        return _unfinished(event, card, spoken, said.qty, price, facts)
    order = Order(kind="open", position=saved)
    if spoken.position is None or spoken.position.mode is None:
        leg = leg_view(saved, facts.portfolio.portfolio, now=event.time)
        return page(card, _remembering(order, facts, "mode"), mode_screen(leg, tongue_of(event)))
    return preview(event, card, order, facts, back="back")


def picked(event: Event, card: Card, draft: Draft, key: str, facts: Facts) -> Outcome | None:
    """`pick:KEY`: which of several positions an order is about."""
    held = _held(key, facts)
    if draft.order is None:
        return None
    if held is None or held.id not in draft.order.ids:
        return gone(event, card, facts)
    order = draft.order.model_copy(update={"ids": (held.id,)})
    return preview(event, card, order, facts, back="back")


def mode_chosen(event: Event, card: Card, draft: Draft, mode: str, facts: Facts) -> Outcome | None:
    """`as:MODE`: the mode of a new position."""
    order = draft.order
    if order is None or order.position is None or mode not in ("isolated", "cross"):
        return None
    update = {"margin_mode": mode} | ({"isolated_margin": None} if mode == "cross" else {})
    order = order.model_copy(update={"position": order.position.model_copy(update=update)})
    return preview(event, card, order, facts, back="back")


# --- A change before it is made, and made --------------------------------------------------------------------------


def preview(event: Event, card: Card, order: Order, facts: Facts, *, back: str, toast: str | None = None) -> Outcome:
    """What a change would do; nothing is stored yet."""
    portfolio = facts.portfolio.portfolio
    view = order_view(portfolio, order, planned(portfolio, order, now=event.time), now=event.time)
    draft = _remembering(order, facts, "order").model_copy(update={"back": back})
    screen = order_screen(view, tongue_of(event), back=back)
    if view.refusal is None:
        screen = replace(screen, text=screen.text + _beside_opposite(order, portfolio, event))
    return page(card, draft, screen, toast=toast)


def recounted(event: Event, card: Card, draft: Draft, portfolio: Portfolio, facts: Facts) -> Outcome | None:
    """The change that is open, counted at prices that were given meanwhile and are kept."""
    if draft.order is None:
        return None
    stored = replace(facts.portfolio, portfolio=portfolio, version=facts.portfolio.version + 1)
    shown = preview(event, card, draft.order, replace(facts, portfolio=stored), back=draft.back)
    return and_change(shown, save(event, facts, portfolio, "price"))


def made(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome | None:
    """`do`: the change that was shown, unless the portfolio is another one by now: then it is shown anew."""
    order, stored = draft.order, facts.portfolio
    if order is None or draft.page != "order":
        return None
    words = tongue_of(event).words
    if not draft.is_of(stored):
        return preview(event, card, order, facts, back=draft.back, toast=words.label("toast.changed_meanwhile"))
    plan = planned(stored.portfolio, order, now=event.time)
    if plan.portfolio is None:
        return preview(event, card, order, facts, back=draft.back)
    return changed(event, card, facts, plan.portfolio, order.kind, remark=words("portfolio.made"))
