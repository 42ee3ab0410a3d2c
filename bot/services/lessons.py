"""The numbers of the lessons, all from the engine: what the texts of /learn are filled with, and a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from bot.rendering.learn_screen import Lesson, Own, VenueRule
from bot.rendering.learn_topics import OwnKind, Topic
from bot.services.comparing import referred
from bot.services.daily_moves import daily_moves
from bot.services.lesson_books import (
    BTC_PRICE,
    CROSS,
    ETH_PRICE,
    INVERSE,
    ISOLATED,
    WALLET,
    figure,
    hedge,
    in_btc,
    position,
    usual,
)
from bot.services.mismatch import topic_numbers
from bot.services.own_coin import as_shown, nearness_of
from bot.services.quizzing import book_of
from bot.services.subject import Subject
from margin_engine import (
    Book,
    EngineError,
    LiquidationReason,
    MarginMode,
    Permission,
    Position,
    PositionHealth,
    SwitchPreview,
    evaluate,
    funding_bleed,
    known_venues,
    preset_of,
    preview_switch,
    tier_table,
)
from margin_engine.questions.switching import permission_of
from margin_engine.venues.presets import SwitchScope

FUNDING_RATE = Decimal("0.0001")
"""Per 8 hours: the rate that most contracts have as their default."""

ADDED = Decimal(500)
"""Margin that a lesson puts in."""


def _only(book: Book) -> PositionHealth:
    return evaluate(book, explain=False).positions[0]


@cache
def lesson_facts() -> Mapping[str, Decimal]:
    """Every number that a text may name. The end of a name tells its unit: see `learn_screen.written`."""
    isolated, cross = _only(usual()), _only(usual(mode=CROSS))
    facts = {
        "wallet": WALLET,
        "entry_price": BTC_PRICE,
        "held_size": Decimal("0.5"),
        "usual_leverage": Decimal(20),
        "notional": isolated.notional,
        "margin": isolated.initial_margin,
        "rest": WALLET - isolated.initial_margin,
        "maintenance": isolated.maintenance_margin,
        "base_rate": isolated.maintenance_rate,
        "ratio_share": figure(isolated.margin_ratio),
        "cross_ratio_share": figure(cross.margin_ratio),
        "isolated_price": figure(isolated.liquidation_price),
        "isolated_away": figure(isolated.distance),
        "isolated_loss": isolated.max_loss,
        "bankrupt_price": figure(isolated.bankruptcy_price),
        "cross_price": figure(cross.liquidation_price),
        "cross_away": figure(cross.distance),
        "cross_loss": cross.max_loss,
        "daily_share": daily_moves()["BTCUSDT"],
    }
    return facts | _by_leverage() | _by_margin() | _beside_others() | _by_size() | _by_contract() | _by_venue()


def _by_leverage() -> dict[str, Decimal]:
    facts: dict[str, Decimal] = {}
    for name, leverage in (("low", 5), ("ten", 10), ("high", 50), ("top", 100)):
        isolated, cross = _only(usual(leverage)), _only(usual(leverage, CROSS))
        facts |= {
            f"{name}_leverage": Decimal(leverage),
            f"{name}_price": figure(isolated.liquidation_price),
            f"{name}_away": figure(isolated.distance),
            f"{name}_margin": isolated.initial_margin,
            f"{name}_cross_price": figure(cross.liquidation_price),
            f"{name}_cross_margin": cross.initial_margin,
        }
    return facts


def _by_margin() -> dict[str, Decimal]:
    """What more margin and paid funding do."""
    held = usual().positions[0]
    more = _only(replace(usual(), positions=(replace(held, isolated_margin=_only(usual()).initial_margin + ADDED),)))
    [bleed] = funding_bleed(usual(), {"BTCUSDT": FUNDING_RATE}, interval_hours=Decimal(8))
    return {
        "added": ADDED,
        "added_price": figure(more.liquidation_price),
        "added_away": figure(more.distance),
        "funding_rate": FUNDING_RATE,
        "funding_cost": bleed.payment,
        "bleed_days": figure(bleed.days),
    }


def _beside_others() -> dict[str, Decimal]:
    """What other positions of a pool do to a liquidation price."""
    alone = _only(hedge_without_short())
    beside = _only(hedge(CROSS))
    risen = replace(hedge(CROSS), positions=_with_mark(hedge(CROSS), "ETHUSDT", ETH_PRICE * Decimal("1.1")))
    winning = Book(
        wallet={"USDT": Decimal(3_000)},
        positions=(
            position("BTCUSDT", "0.5", BTC_PRICE, 20, CROSS, mark=Decimal(67_000)),
            position("ETHUSDT", "10", ETH_PRICE, 20, CROSS, mark=Decimal(2_900)),
        ),
    )
    return {
        "alone_price": figure(alone.liquidation_price),
        "beside_price": figure(beside.liquidation_price),
        "risen_price": figure(_only(risen).liquidation_price),
        "risen_move": Decimal("0.1"),
        "beyond_price": figure(_only(winning).liquidation_price),
        "beyond_mark_price": Decimal(67_000),
    }


def hedge_without_short() -> Book:
    """The long of the hedge alone."""
    book = hedge(CROSS)
    return replace(book, positions=book.positions[:1])


def _with_mark(book: Book, symbol: str, mark: Decimal) -> tuple[Position, ...]:
    return tuple(replace(each, mark_price=mark) if each.symbol == symbol else each for each in book.positions)


def _by_size() -> dict[str, Decimal]:
    """Tiers: a position so large that it stands on the second rung."""
    table = tier_table("binance-usdm", "BTCUSDT")
    if table is None:
        raise ValueError("the lessons need Binance's table of BTCUSDT")
    second = table.tiers[1]
    large = _only(
        Book(
            wallet={"USDT": Decimal(1_000_000)},
            positions=(position("BTCUSDT", "10", BTC_PRICE, 20, ISOLATED, identity="p1"),),
        )
    )
    return {
        "first_rate": table.tiers[0].rate,
        "second_rate": second.rate,
        "second_floor": second.floor,
        "large_size": Decimal(10),
        "large_notional": large.notional,
        "large_rate": large.maintenance_rate,
        "large_amount": large.maintenance_amount,
        "large_maintenance": large.maintenance_margin,
        "large_price": figure(large.liquidation_price),
        "large_away": figure(large.distance),
    }


def _by_contract() -> dict[str, Decimal]:
    """A coin-margined long beside the usual one, both 10x, both at the usual one's rate."""
    rate = _only(usual()).maintenance_rate
    held = position("BTCUSD", "64000", BTC_PRICE, 10, ISOLATED, identity="p1", contract=INVERSE)
    inverse = _only(in_btc("1", held, rates={"BTCUSD": f"{rate:f}"}))
    return {"inverse_price": figure(inverse.liquidation_price), "inverse_away": figure(inverse.distance)}


def _by_venue() -> dict[str, Decimal]:
    """The same trade by the rules of other venues."""
    return {
        f"{venue}_price": figure(_only(usual(venue=venue)).liquidation_price) for venue in ("bybit", "okx", "primexbt")
    }


# --- Venues --------------------------------------------------------------------------------------------------------


@cache
def venue_lists() -> Mapping[str, tuple[str, ...]]:
    """The venues' titles by what their rules say: whether a mode can be switched, and what it holds for."""
    presets = [preset_of(name) for name in known_venues() if name != "generic"]
    named: dict[str, list[str]] = {each.value: [] for each in Permission}
    named |= {f"by_{scope.value}": [] for scope in SwitchScope}
    for preset in presets:
        named[permission_of(preset.switching).value].append(preset.title)
        if preset.switching.scope is not None:
            named[f"by_{preset.switching.scope.value}"].append(preset.title)
    return {name: tuple(titles) for name, titles in named.items()}


def rule_of(topic: Topic, venue: str | None) -> VenueRule | None:
    """The rule that a topic rests on: the venue's own for what differs between them, else the one with its source."""
    if topic.name == "mode_switch" or (topic.name == "venue_mode_scope" and venue is not None):
        preset = preset_of(_known(venue))
        switching = preset.switching
        return VenueRule(venue=preset.title, rule=switching.rule, source=switching.source, asked=venue is not None)
    return VenueRule(venue="", rule="", source=topic.source) if topic.source else None


def _known(venue: str | None) -> str:
    """The name of a venue as the engine knows it; "binance" and what is unknown are Binance USD-M."""
    names = [name for name in known_venues() if venue and (name == venue or name.startswith(f"{venue}-"))]
    usual_first = sorted(names, key=lambda name: name != "binance-usdm")
    return usual_first[0] if usual_first else "binance-usdm"


def lesson_of(topic: Topic, subject: Subject, *, venue: str | None = None) -> Lesson:
    """A topic with its numbers, its rule, and the person's own positions where there are some."""
    return Lesson(
        topic=topic,
        facts=lesson_facts(),
        names=venue_lists(),
        rule=rule_of(topic, venue),
        own=own_numbers(topic.own, subject),
        moved=topic_numbers(topic.name, subject),
        tiers=date.fromisoformat(evaluate(usual(), explain=False).tiers_as_of or ""),
    )


# --- A person's own ------------------------------------------------------------------------------------------------


def own_numbers(kind: OwnKind | None, subject: Subject) -> Own | None:
    """What a topic means for a person's own positions; None without any, or where the engine refuses them."""
    book = book_of(subject)
    if kind is None or book is None:
        return None
    try:
        return _own(kind, subject, book)
    except EngineError:
        return None


def _own(kind: OwnKind, subject: Subject, book: Book) -> Own | None:
    first = min(as_shown(evaluate(book, explain=False)).positions, key=nearness_of)
    leg, gone = subject.legs.get(first.id), first.liquidation_reason is LiquidationReason.ALREADY_LIQUIDATABLE
    if leg is None or (gone and kind in ("nearest", "switch")):
        return None
    match kind:
        case "nearest":
            leg, price = referred(leg, book.position(first.id)), first.liquidation_price
            since = leg.reference.price if leg.reference is not None else book.position(first.id).entry_price
            return Own(kind=kind, leg=leg, price=price, away=None if price is None else price / since - 1)
        case "ratio":
            return Own(
                kind=kind, leg=leg, need=first.maintenance_margin, have=first.margin_balance, share=first.margin_ratio
            )
        case "stake":
            return _stakes(subject, kind)
        case "switch":
            preview: SwitchPreview = preview_switch(book, first.id)
            after = preview.after
            return Own(
                kind=kind,
                leg=leg,
                price=first.liquidation_price,
                after=after.liquidation_price if after else None,
                to="cross" if first.margin_mode is MarginMode.ISOLATED else "isolated",
                dead=bool(preview.crossed_at_once),
            )


def _stakes(subject: Subject, kind: OwnKind) -> Own | None:
    """What isolated and cross put at stake: the margins, and the whole wallet."""
    isolated = subject.books.get("isolated")
    if isolated is None or subject.wallet is None:
        return None
    margins = sum((each.max_loss for each in evaluate(isolated, explain=False).positions), Decimal(0))
    return Own(kind=kind, leg=next(iter(subject.legs.values())), need=margins, have=subject.wallet)
