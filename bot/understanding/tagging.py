"""Pieces -> meaning: typos corrected, phrases turned into concepts, coins found, units joined to their numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.understanding import coins, venues
from bot.understanding.coin_places import placed
from bot.understanding.coins import Coin
from bot.understanding.exits import exits_of, with_closing_sales
from bot.understanding.lexer import Piece, lex, scaled
from bot.understanding.lookalikes import plain_letters
from bot.understanding.normalise import normalise
from bot.understanding.roles import WORTH_BEFORE, labelled, nearest_symbols, rewards_of
from bot.understanding.rows import with_columns
from bot.understanding.sides import meant_sides
from bot.understanding.units import joined
from bot.understanding.vocabulary import Phrase, cjk_terms, corrected, known_words, phrases
from bot.understanding.worded import with_worded
from bot.understanding.words import LANGUAGES, Concept, listed

CORRECTED_WORDS = 40
"""Unknown words of one message that are looked at for typos; the rest stay as they are."""

_LEVERAGE = re.compile(r"[0-9]+[xх]")
_EMPHASIS = frozenset(
    ("a", "at", "be", "in", "me", "not", "now", "on", "one", "open", "order", "people", "safe", "take", "the", "us")
)
"""Coins whose names in capitals are more often words that somebody stresses."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message after tagging: its pieces in order, the language when it is not English, and the command it began
    with.
    """

    pieces: tuple[Piece, ...]
    lang: str | None = None
    command: str = ""

    def has(self, *concepts: Concept) -> bool:
        """Whether any of the concepts occurs."""
        return not self._concepts.isdisjoint(concepts)

    @cached_property
    def _concepts(self) -> frozenset[Concept | None]:
        return frozenset(piece.concept for piece in self.pieces)

    @cached_property
    def words(self) -> str:
        """The words, corrected, each between single spaces: " why is my liq price ... "."""
        return f" {' '.join(piece.text for piece in self.pieces)} "

    @cached_property
    def symbols(self) -> list[str | None]:
        """For each piece the symbol that it most likely speaks of."""
        return nearest_symbols(self.pieces)

    @cached_property
    def roles(self) -> dict[int, Concept]:
        """Index of each labelled number -> the concept of its label; nobody changes it."""
        roles = labelled(self.pieces, self.symbols) | dict.fromkeys(self.exits, Concept.TAKE_PROFIT)
        return roles | rewards_of(self.pieces)

    @cached_property
    def exits(self) -> frozenset[int]:
        """The indices of the prices at which a trade that is told beside them is left."""
        return exits_of(self.pieces, self.symbols)


def _correct(pieces: list[Piece]) -> list[Piece]:
    found, looked_at = [], 0
    for piece in pieces:
        if piece.kind == "word" and looked_at < CORRECTED_WORDS and _unknown(piece.text):
            looked_at += 1
            text = corrected(plain_letters(piece.text, piece.raw))
            piece = piece if text == piece.text else replace(piece, text=text)
        found.append(piece)
    return found


def _without_ordinals(pieces: list[Piece]) -> list[Piece]:
    """The pieces without the numbers of list items: "1) btc long", "2. eth short" at the start of a line."""
    found: list[Piece] = []
    for index, piece in enumerate(pieces):
        after, then = pieces[index + 1 : index + 2], pieces[index + 2 : index + 3]
        opens = not found or found[-1].text == "\n"
        marked = bool(after) and after[0].glued and after[0].text in (")", ".") and bool(then) and not then[0].number
        if opens and marked and piece.number and len(piece.raw) <= 2:
            continue
        found.append(piece)
    return found


def _without_counts(pieces: list[Piece]) -> list[Piece]:
    """The pieces without numbers that only count positions: the 3 of "opened 3 longs"."""
    return [
        piece
        for index, piece in enumerate(pieces)
        if not (piece.number and index + 1 < len(pieces) and pieces[index + 1].text in listed("positions_counted"))
    ]


def _unknown(word: str) -> bool:
    return word not in known_words() and word not in venues.single_words() and coins.find(word) is None


def _whole(run: str) -> bool:
    """Whether letters and digits are one word; "1000x" is a leverage, whatever coin has that name."""
    return not _LEVERAGE.fullmatch(run) and (coins.find(run) is not None or run in known_words())


def _tagged(pieces: list[Piece]) -> tuple[list[Piece], list[frozenset[str]]]:
    """Phrases joined into one piece each, coins marked; and the languages of the phrases met."""
    found: list[Piece] = []
    langs: list[frozenset[str]] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        length, phrase = _phrase_at(pieces, index)
        name_length, symbol = _coin_phrase_at(pieces, index)
        coin = coins.find(piece.text) if piece.kind == "word" else None
        venue_length, venue = venues.phrase_at(pieces, index) if piece.kind == "word" else (0, "")
        if venue_length > max(length, name_length) or (venue_length == length == 1 and coin is None):
            found += _venue(pieces[index : index + venue_length], venue, coin)
            index += venue_length
        elif name_length > length:
            text = " ".join(part.text for part in pieces[index : index + name_length])
            found.append(replace(piece, text=text, coin=Coin(symbol=symbol)))
            index += name_length
        elif phrase is not None and (coin is None or coin.weak or length > 1):
            keep = coin if length == 1 else None
            text = " ".join(phrase.words)
            found.append(
                Piece(kind="word", text=text, raw=piece.raw, glued=piece.glued, concept=phrase.concept, coin=keep)
            )
            langs += [phrase.langs] * (coin is None)
            index += length
        else:
            if coin:
                piece = Piece(kind="word", text=piece.text, raw=piece.raw, glued=piece.glued, coin=coin)
            found.append(piece)
            index += 1
    return found, langs


def _venue(parts: list[Piece], venue: str, coin: Coin | None) -> list[Piece]:
    """A venue's name as one piece; what it says of the contract ("coin-m") stays a piece of its own."""
    text = " ".join(part.text for part in parts if part.kind == "word")
    head = replace(parts[0], text=text, venue=venue, coin=coin if len(parts) == 1 else None, concept=None)
    _, phrase = _phrase_at(parts, 1) if len(parts) > 1 else (0, None)
    if phrase is None or phrase.concept not in (Concept.INVERSE, Concept.LINEAR):
        return [head]
    return [head, replace(parts[1], text=" ".join(phrase.words), concept=phrase.concept, coin=None)]


def _phrase_at(pieces: list[Piece], start: int) -> tuple[int, Phrase | None]:
    candidates = phrases().get(pieces[start].text)
    if candidates is None:
        return 0, None
    before = pieces[start - 1].number if start else None
    after_number = before is not None and pieces[start].text == "x" and (pieces[start].glued or before.value <= 1000)
    for phrase in candidates:
        if after_number and len(phrase.words) > 1:
            continue  # "10x margin 500": the x is the number's, not that of "x margin"
        index = start
        for position, word in enumerate(phrase.words):
            if (
                position
                and index < len(pieces)
                and pieces[index].text in ("-", ".", "/")
                and pieces[index].text != word
            ):
                index += 1
            if index >= len(pieces) or pieces[index].text != word:
                break
            index += 1
        else:
            return index - start, phrase
    return 0, None


def _coin_phrase_at(pieces: list[Piece], start: int) -> tuple[int, str]:
    if pieces[start].kind != "word" or pieces[start].text not in coins.phrase_starts():
        return 0, ""
    for length in (3, 2):
        words = tuple(piece.text for piece in pieces[start : start + length])
        if words in coins.phrases():
            return length, coins.phrases()[words]
    return 0, ""


def _settled_coins(pieces: list[Piece], text: str) -> list[Piece]:
    """Quotes joined to their coin ("BTC/USDT", "btc-usdt-swap", "$NEAR"), and weak names in capitals taken as coins."""
    shouted = text.isupper()
    found: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece, following = pieces[index], index + 1
        if piece.coin:
            coin, following = _with_quote(pieces, index, piece.coin)
            marked = bool(found) and found[-1].text in ("$", "#") and piece.glued
            capitals = piece.raw.isupper() and len(piece.raw) > 1 and not shouted and piece.concept is None
            capitals = capitals and piece.text not in _EMPHASIS
            if coin.weak and (marked or capitals or coin.quote):
                coin = replace(coin, weak=False)
            if marked:
                found.pop()
            if coin != piece.coin or (piece.concept and not coin.weak):
                piece = replace(piece, coin=coin, concept=piece.concept if coin.weak else None)
        found.append(piece)
        index = following
    return found


def _with_quote(pieces: Sequence[Piece], index: int, coin: Coin) -> tuple[Coin, int]:
    following, quote, margined = index + 1, coin.quote, coin.margined
    while following + 1 < len(pieces):
        sign, word = pieces[following], pieces[following + 1]
        if not (
            sign.glued
            and word.glued
            and sign.text in "-/_.:"
            and word.text in (*coins.QUOTES, "swap", "p", "perpetual")
        ):
            break
        margined = margined or (quote == "USD" and word.text == "swap")
        quote = quote or word.text.upper()
        following += 2
    if quote == "USD" and following < len(pieces) and pieces[following].glued:
        dated = pieces[following].text == "perp" or (pieces[following].number and len(pieces[following].raw) == 6)
        margined, following = (True, following + 1) if dated else (margined, following)
    if (
        following < len(pieces)
        and pieces[following].text in ("usdt", "usdc")
        and _ends_pair(pieces, following)
        and not quote
    ):
        return replace(coin, quote=pieces[following].text.upper()), following + 1
    if _is_dated(pieces, following):
        following += 4
    if index >= 2 and pieces[index - 2].text == "pf":
        margined = False  # Kraken's PF_XBTUSD is linear, PI_XBTUSD is not
    same = quote == coin.quote and margined == coin.margined
    return (coin if same else replace(coin, quote=quote, margined=margined)), following


_MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])


def _is_dated(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a delivery date follows a coin: the "-28mar25" of a dated future."""
    sign, day, month, year = (pieces[at] if at < len(pieces) else None for at in range(index, index + 4))
    dated = sign and day and month and year and sign.text == "-" and day.number and year.number
    return bool(dated) and month is not None and month.text in _MONTHS


def _ends_pair(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a "usdt" after a coin is its quote ("btc usdt long") and not the unit of a number before it ("0.5 btc
    usdt").
    """
    before = pieces[index - 2] if index >= 2 else None
    return before is None or before.number is None


def _language(pieces: list[Piece], langs: list[frozenset[str]]) -> str | None:
    """The language other than English whose words weigh most, if it has at least two or all of them."""
    counts = Counter(lang for said in langs for lang in said)
    if not counts:
        return None
    lang = max(LANGUAGES, key=lambda name: counts[name])  # of equals the first
    foreign_letters = any(not piece.text.isascii() and piece.text.isalpha() for piece in pieces)
    return lang if counts[lang] >= 2 or foreign_letters else None


def read(text: str) -> Message:
    """A message as typed -> tagged pieces. Never fails; only the first 4096 characters count."""
    plain = normalise(text, cjk_terms())
    command, plain = _command(plain)
    pieces, langs = _tagged(_correct(scaled(with_worded(_without_counts(_without_ordinals(lex(plain, _whole)))))))
    pieces = placed(_settled_coins(pieces, plain), english=not any(langs))
    pieces = _arrows_as_sides(_by_neighbours(meant_sides(with_columns(joined(pieces)))))
    symbols = nearest_symbols(pieces)
    pieces = _worth_of_positions(with_closing_sales(pieces, symbols), symbols)
    return Message(pieces=tuple(pieces), lang=_language(pieces, langs), command=command)


def _by_neighbours(pieces: list[Piece]) -> list[Piece]:
    """Words whose neighbours give them their meaning.

    "take 200 out of", "pull 300 usdt off": a verb in two parts around its amount means withdrawing. "current 63k",
    "current: 63k": with a number behind it the word names the price now.
    """
    found = list(pieces)
    for index, piece in enumerate(pieces[:-1]):
        parted = (
            piece.text in ("take", "pull", "move", "get", "bring", "taking", "pulling") and pieces[index + 1].number
        )
        if parted and any(after.text in ("out", "off") for after in pieces[index + 2 : index + 4]):
            found[index] = replace(piece, concept=Concept.WITHDRAW, coin=None)
        after = next((p for p in pieces[index + 1 : index + 3] if p.text not in (":", "=", "is", "at")), None)
        if piece.text == "current" and after is not None and after.number and after.number.unit in ("", "usd"):
            found[index] = replace(piece, concept=Concept.MARK)
        if piece.text == "move to" or (
            piece.text == "at" and index and pieces[index - 1].text in ("happens", "happen")
        ):
            price = pieces[index + 1].number
            priced = price is not None and price.unit in ("", "usd")
            found[index] = replace(piece, concept=Concept.GO_TO) if priced else piece
        if piece.text == "through" and any(p.number and p.number.unit == "%" for p in pieces[index + 1 : index + 3]):
            found[index] = replace(piece, concept=Concept.SURVIVE)
        if piece.text == "from" and index and pieces[index - 1].concept in _DISTANCES and pieces[index + 1].number:
            found[index] = replace(piece, concept=Concept.MARK)
        if piece.concept is Concept.NOW and pieces[index + 1].concept is Concept.AT and _is_priced(pieces, index):
            found[index] = replace(piece, concept=Concept.MARK)
    return found


def _worth_of_positions(pieces: list[Piece], symbols: Sequence[str | None]) -> list[Piece]:
    """Money right before "position" is what the position is worth: "$5000 position", "10k pos", "5000$ pos size"."""
    found = list(pieces)
    for index, piece in enumerate(pieces):
        number = pieces[index - 1].number if index else None
        if number is None or piece.text not in ("position", "pos", "position size", "pos size"):
            continue
        behind = pieces[index + 1].number if index + 1 < len(pieces) else None
        if piece.concept is Concept.SIZE and behind is not None and not behind.usual_price(symbols[index + 1]):
            continue  # "margin 500$ position size 10k"
        bare = number.unit == "" and number.scaled and not number.usual_price(symbols[index])
        if bare or number.unit == "usd":
            found[index] = replace(piece, text=WORTH_BEFORE, concept=Concept.NOTIONAL)
    return found


_DISTANCES = frozenset({Concept.DISTANCE, Concept.LIQ, Concept.HOW_FAR})
"""Words for a distance: "how far is liq from 62k" starts at the price now."""


def _is_priced(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the coin has an entry before "now @ 155": the one behind is then its price now, and no second entry."""
    symbols = nearest_symbols(pieces)
    for at, piece in enumerate(pieces[:index]):
        if piece.number is None or symbols[at] != symbols[index]:
            continue
        named = at > 0 and pieces[at - 1].concept in (Concept.AT, Concept.ENTRY)
        if named or (piece.number.unit in ("", "usd") and piece.number.usual_price(symbols[at])):
            return True
    return False


def _arrows_as_sides(pieces: list[Piece]) -> list[Piece]:
    """The arrows before coins as sides, where a mode or a leverage is said and no side in words."""
    concepts = {piece.concept for piece in pieces}
    told = concepts & {Concept.ISOLATED, Concept.CROSS, Concept.LEVERAGE} and Concept.AT in concepts
    if not told or concepts & {Concept.LONG, Concept.SHORT}:
        return pieces
    arrows = {Concept.EMOJI_UP: Concept.EMOJI_LONG, Concept.EMOJI_DOWN: Concept.EMOJI_SHORT}
    found = list(pieces)
    for index, piece in enumerate(pieces[:-1]):
        if piece.concept in arrows and pieces[index + 1].coin:
            found[index] = replace(piece, concept=arrows[piece.concept])
    return found


def _command(text: str) -> tuple[str, str]:
    stripped = text.lstrip()
    if not stripped.startswith("/") or not stripped[1:2].isalpha():
        return "", text
    head, _, rest = stripped.partition(" ") if " " in stripped.split("\n")[0] else stripped.partition("\n")
    return head[1:].partition("@")[0].lower(), rest
