"""What a picture card shows of a subject: which picture, in which mode, how far, and what else could be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal, get_args

from markupsafe import Markup

from bot.pictures.captions import caption_of, text_of
from bot.pictures.phrases import Phrases
from bot.pictures.specs import (
    LadderSpec,
    Line,
    MarketSpec,
    Mode,
    PictureSpec,
    ShareRow,
    ShareSpec,
    Theme,
    TwoCoinsSpec,
    data_of,
)
from bot.rendering.numbers import FAR, Numbers
from bot.services.losing import most_lost
from bot.services.own_coin import nearness_of
from bot.services.picture_now import balance_line, given_in, names_of, now_line, went_of
from bot.services.picture_verdict import verdict_of
from bot.services.picturing import SPANS, Look, Scene, first_span, ladder_of, market_of
from bot.services.picturing_distances import distances_of
from bot.services.picturing_plane import two_coins_of
from bot.services.quizzing import Given
from bot.services.subject import Subject
from bot.services.symbols import coin_of
from margin_engine import tick_size
from margin_engine.questions.results import PositionHealth

Kind = Literal["market", "ladder", "distances", "two_coins", "share", "verdict"]
KINDS: Final[Mapping[str, Kind]] = {kind: kind for kind in get_args(Kind)}
Span = Literal["0.1", "0.3", "0.6"]

NAMED_SPANS: Final[Mapping[Decimal, Span]] = {Decimal(each): each for each in get_args(Span)}
MOST_POSITIONS: Final = 3
"""Positions in a table to be sent on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for; what does not fit the subject gives way to what does. across, up: coins. given: the answers of
    the quiz whose verdict is a picture, too. span: None for the smallest that has the nearest endings."""

    kind: Kind = "market"
    mode: Mode | None = None
    span: Span | None = None
    across: str = ""
    up: str = ""
    theme: Theme = "light"
    language: str | None = None
    given: Given | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A picture and its words. wish: what is shown. modes, kinds, coins: what else could be."""

    spec: Mapping[str, Any]
    caption: Markup
    instead: Markup
    wish: Wish
    modes: tuple[Mode, ...]
    kinds: tuple[Kind, ...]
    coins: tuple[str, ...]


def pictured(subject: Subject, wish: Wish) -> Pictured | None:
    """The picture of a subject; None where it has no books yet and there is no verdict. Raises Unpictured."""
    modes = _modes(subject)
    if not modes and wish.given is None:
        return None
    books = {mode: subject.books[mode] for mode in modes}
    symbols = tuple(dict.fromkeys(each.symbol for mode in modes[:1] for each in books[mode].positions))
    coins = tuple(dict.fromkeys(map(coin_of, symbols)))
    kinds = _kinds(coins, modes, verdict=wish.given is not None)
    wish = _fitting(wish, modes, kinds, coins)
    language = str(Numbers.of(wish.language).locale).replace("_", "-")
    given, mixed = given_in(subject, books[modes[0]] if modes else None)
    look = Look(theme=wish.theme, language=language, given=given, mixed=mixed)
    names = names_of(subject, language)
    scenes = {
        mode: Scene(book=book, mode=mode, names=names, went=went_of(subject, mode, language))
        for mode, book in books.items()
    }
    wish = wish if wish.span else replace(wish, span=_span(wish, scenes))
    spec, ladder = _drawn(subject, scenes, wish, look, {coin_of(each): each for each in symbols})
    words = [caption_of(spec), *_now(subject, scenes, spec, language)]
    instead = [text_of(spec, ladder), *words[1:]]
    return Pictured(
        spec=data_of(spec),
        caption=Markup("\n").join(words),
        instead=Markup("\n").join(instead),
        wish=wish,
        modes=modes,
        kinds=kinds,
        coins=coins,
    )


def _drawn(
    subject: Subject, scenes: Mapping[Mode, Scene], wish: Wish, look: Look, symbols: Mapping[str, str]
) -> tuple[PictureSpec, LadderSpec | None]:
    """What is drawn, and the ladder that its text has instead. symbols: by coin."""
    if wish.kind == "verdict" and wish.given is not None:
        return verdict_of(wish.given, subject, look), None
    span = Decimal(wish.span or SPANS[1])
    mode: Mode = next(iter(scenes)) if wish.mode is None else wish.mode
    match wish.kind:
        case "ladder":
            return ladder_of(scenes[mode], span, look), None
        case "distances":
            return distances_of(scenes[mode], look), None
        case "two_coins":
            spec = two_coins_of(scenes[mode], symbols[wish.across], symbols[wish.up], span, look)
            return spec, ladder_of(scenes[mode], span, look)
        case "share":
            return share_of(scenes["isolated"], scenes["cross"], look=look), None
        case _:
            mode, shown = ("given", [scenes["given"]]) if "given" in scenes else (mode, list(scenes.values()))
            return market_of(shown, span, look), ladder_of(scenes[mode], span, look)


def _span(wish: Wish, scenes: Mapping[Mode, Scene]) -> Span:
    """How far a picture goes until somebody chooses; two coins, which may part, at least to the middle."""
    shown = scenes.values() if wish.kind == "market" else [scenes[each] for each in scenes if each == wish.mode]
    span = first_span(list(shown))
    return NAMED_SPANS[max(span, SPANS[1]) if wish.kind == "two_coins" else span]


def _now(subject: Subject, scenes: Mapping[Mode, Scene], spec: PictureSpec, language: str) -> list[Markup]:
    """What "now" is, under a picture of positions."""
    if not scenes:
        return []
    scene = next(iter(scenes.values()))
    balance = balance_line(scene, language) if isinstance(spec, MarketSpec | LadderSpec | TwoCoinsSpec) else None
    return [*([balance] if balance is not None else []), now_line(subject, scene.book, language)]


def _modes(subject: Subject) -> tuple[Mode, ...]:
    """The modes that have a book, as it stands first."""
    stands = subject.as_it_stands
    order: tuple[Mode, ...] = ("given", "cross", "isolated")
    found = [mode for mode in order if mode in subject.books]
    return tuple(sorted(found, key=lambda mode: subject.books[mode] is not stands))


def _kinds(coins: tuple[str, ...], modes: tuple[Mode, ...], *, verdict: bool) -> tuple[Kind, ...]:
    kinds: list[Kind] = ["verdict"] if verdict else []
    if modes:
        kinds += ["market", "ladder", "distances"]
    if len(coins) > 1:
        kinds.append("two_coins")
    if {"isolated", "cross"} <= set(modes):
        kinds.append("share")
    return tuple(kinds)


def _fitting(wish: Wish, modes: tuple[Mode, ...], kinds: tuple[Kind, ...], coins: tuple[str, ...]) -> Wish:
    mode = wish.mode if wish.mode in modes or not modes else modes[0]
    kind = wish.kind if wish.kind in kinds else kinds[0]
    across = wish.across if wish.across in coins or not coins else coins[0]
    others = [coin for coin in coins if coin != across]
    up = wish.up if wish.up in others else (others[0] if others else "")
    return replace(wish, kind=kind, mode=mode, across=across, up=up)


# --- The table to be sent on ---------------------------------------------------------------------------------------


def share_of(own: Scene, pooled: Scene, *, look: Look) -> ShareSpec:
    """The two modes side by side, the nearest positions first. Raises the engine's refusal."""
    words = Phrases(look.language)
    market = market_of([own, pooled], Decimal("0.3"), look)
    alone, *_ = [line for line in market.lines if line.mode == "isolated"]
    together, *_ = [line for line in market.lines if line.mode == "cross"]
    rows: list[ShareRow] = []
    for health in sorted(own.evaluation.positions, key=nearness_of)[:MOST_POSITIONS]:
        other = pooled.evaluation.position(health.id)
        prices = _price(health, own, words), _price(other, pooled, words)
        rows.append(ShareRow(label=own.name(health.id), isolated=prices[0], cross=prices[1]))
        away = _away(health, words), _away(other, words)
        if any(away):
            rows.append(ShareRow(label=words("picture.share_away"), isolated=away[0], cross=away[1]))
    rows.append(ShareRow(label=words("picture.share_loss"), isolated=_loss(own, words), cross=_loss(pooled, words)))
    return ShareSpec(
        theme=look.theme,
        language=look.language,
        given=look.given,
        mixed=look.mixed,
        title=words("picture.share_title", market=words.market(market.subject)),
        verdict=_verdict(alone, together, words),
        rows=tuple(rows),
    )


def _verdict(alone: Line, together: Line, words: Phrases) -> str:
    """Where the first position goes in each mode."""
    isolated, cross = _end(alone, words), _end(together, words)
    if isolated == cross == words("picture.share_gone"):
        return words("picture.share_dead")
    return words("picture.share_verdict", isolated=isolated, cross=cross)


def _end(line: Line, words: Phrases) -> str:
    """The nearest move of the market that ends something in a mode."""
    nearest = min((*line.fall[:1], *line.rise[:1]), key=lambda ending: abs(ending.at), default=None)
    if nearest is None:
        return words("picture.no_price_short")
    return words.move(nearest.at) if nearest.at else words("picture.share_gone")


def _away(health: PositionHealth, words: Phrases) -> str:
    return "" if health.distance is None or health.distance > FAR else words.move(health.distance)


def _price(health: PositionHealth, scene: Scene, words: Phrases) -> str:
    """A liquidation price, or why there is none."""
    if health.liquidation_price is None or health.distance is None:
        if health.pool_id not in scene.dead:
            return words("picture.no_price_short")
        went = scene.went.get(health.id)
        return words("picture.went", price=went) if went else words("picture.now_dead")
    if health.distance > FAR:
        return words("picture.beyond")
    return words.numbers.liquidation_price(
        health.liquidation_price,
        side="long" if health.distance < 0 else "short",
        tick=tick_size(scene.book.venue, health.symbol),
    )


def _loss(scene: Scene, words: Phrases) -> str:
    """The most that can be lost in the pools with positions."""
    held = {health.pool_id for health in scene.evaluation.positions}
    lost = sum((most_lost(scene.evaluation, pool_id) for pool_id in held), Decimal(0))
    return f"{words.amount(lost, scene.asset)} {scene.asset}"
