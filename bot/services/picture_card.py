"""What a picture card shows of a subject: which picture, in which mode, how far, and what else could be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal, get_args

from markupsafe import Markup

from bot.pictures.captions import caption_of, text_of
from bot.pictures.phrases import Phrases
from bot.pictures.specs import LadderSpec, Line, Mode, PictureSpec, ShareRow, ShareSpec, Theme, data_of
from bot.rendering.notes import age
from bot.rendering.numbers import Numbers
from bot.rendering.verdict import Tongue
from bot.services.losing import most_lost
from bot.services.own_coin import nearness_of
from bot.services.picture_verdict import verdict_of
from bot.services.picturing import Look, Scene, distances_of, ladder_of, market_of
from bot.services.picturing_plane import two_coins_of
from bot.services.quizzing import Given
from bot.services.subject import Subject
from bot.services.symbols import coin_of
from margin_engine import Book, tick_size
from margin_engine.questions.results import PositionHealth

Kind = Literal["market", "ladder", "distances", "two_coins", "share", "verdict"]
KINDS: Final[Mapping[str, Kind]] = {kind: kind for kind in get_args(Kind)}
Span = Literal["0.1", "0.3", "0.6"]

MOST_PRICES: Final = 6
MOST_POSITIONS: Final = 3
"""Positions in a table to be sent on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for; what does not fit the subject gives way to what does. across, up: coins. given: the answers of
    the quiz whose verdict is a picture, too."""

    kind: Kind = "market"
    mode: Mode | None = None
    span: Span = "0.3"
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
    given = any(leg.reference is not None and leg.reference.age is not None for leg in subject.legs.values())
    look = Look(theme=wish.theme, language=language, given=given)
    spec, ladder = _drawn(subject, books, wish, look, {coin_of(each): each for each in symbols})
    words = [caption_of(spec), *([_now(subject, wish.language)] if modes else [])]
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
    subject: Subject, books: Mapping[Mode, Book], wish: Wish, look: Look, symbols: Mapping[str, str]
) -> tuple[PictureSpec, LadderSpec | None]:
    """What is drawn, and the ladder that its text has instead. symbols: by coin."""
    if wish.kind == "verdict" and wish.given is not None:
        return verdict_of(wish.given, subject, look), None
    names, span = names_of(subject, look.language), Decimal(wish.span)
    scenes = {each: Scene(book=book, mode=each, names=names) for each, book in books.items()}
    mode: Mode = next(iter(books)) if wish.mode is None else wish.mode
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


def _now(subject: Subject, language: str | None) -> Markup:
    """What "now" is: the prices that were given and when, the entries for the rest."""
    tongue = Tongue.of(language)
    said: dict[str, Markup] = {}
    for leg in subject.legs.values():
        if leg.coin and leg.reference is not None and leg.reference.age is not None:
            price, ago = tongue.numbers.plain(leg.reference.price), age(leg.reference.age, tongue.words)
            said[leg.coin] = tongue.words("picture.price_given", coin=leg.coin, price=price, age=ago)
    if not said:
        return tongue.words("picture.now_entry")
    prices = Markup("; ").join(list(said.values())[:MOST_PRICES])
    every = all(leg.coin in said for leg in subject.legs.values())
    return tongue.words("picture.now_given" if every else "picture.now_mixed", prices=prices)


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


def names_of(subject: Subject, language: str) -> dict[str, str]:
    """ "BTC long" by id; with the mode where two would be called the same."""
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
        rows += [
            ShareRow(
                label=own.name(health.id), isolated=_price(health, own, words), cross=_price(other, pooled, words)
            ),
            ShareRow(label=words("picture.share_away"), isolated=_away(health, words), cross=_away(other, words)),
        ]
    rows.append(ShareRow(label=words("picture.share_loss"), isolated=_loss(own, words), cross=_loss(pooled, words)))
    return ShareSpec(
        theme=look.theme,
        language=look.language,
        given=look.given,
        title=words("picture.share_title", market=words.market(market.subject)),
        verdict=words("picture.share_verdict", isolated=_end(alone, words), cross=_end(together, words)),
        rows=tuple(rows),
    )


def _end(line: Line, words: Phrases) -> str:
    """The nearest move of the market that ends something in a mode."""
    nearest = min((*line.fall[:1], *line.rise[:1]), key=lambda ending: abs(ending.at), default=None)
    if nearest is None:
        return words("picture.no_price_short")
    return words.move(nearest.at) if nearest.at else words("picture.now_dead")


def _away(health: PositionHealth, words: Phrases) -> str:
    return "" if health.distance is None else words.move(health.distance)


def _price(health: PositionHealth, scene: Scene, words: Phrases) -> str:
    """A liquidation price, or why there is none."""
    if health.liquidation_price is None or health.distance is None:
        dead = scene.evaluation.pool(health.pool_id).liquidatable
        return words("picture.now_dead" if dead else "picture.no_price_short")
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
