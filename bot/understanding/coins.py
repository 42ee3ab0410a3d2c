"""Which coin a word means, and which prices are plausible for it.

Names come from `data/`: 72 coins with aliases and a price window, and the other listed base names. A name that is
also an everyday word ("near", "op", "link") is a *weak* hit: the readers take it only where a coin is expected.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.understanding.words import data

BAND = Decimal(3)
"""How far outside the recorded lowest and highest price a price may lie and still be believed."""

QUOTES = ("usdt", "usdc", "fdusd", "busd", "usd", "perp", "usd1")
STABLES = frozenset({"USDT", "USDC", "USD", "FDUSD", "DAI", "BUSD", "TUSD", "USDE"})
_MULTIPLE = {"1000": 1000, "k": 1000, "1m": 1_000_000, "1000000": 1_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coin:
    """A coin as a word named it.

    symbol: base name without quote ("1000PEPE" for kPEPE). weak: also an everyday word. quote: the quote that was
    written with it ("USDT", "USD", "PERP"), empty when none. margined: written as a contract settled in the coin
    ("BTCUSD_PERP", "BTC-USD-SWAP"). known: False for a name that stands where a coin must be and that no coin has.
    typed: the misspelt name that this coin was taken for, empty for a right one.
    """

    symbol: str
    weak: bool = False
    quote: str = ""
    margined: bool = False
    known: bool = True
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Lowest and highest recorded price of one unit of a symbol."""

    low: Decimal
    high: Decimal


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def plain_words() -> frozenset[str]:
    """English words of everyday chat, in lower case."""
    return frozenset(row["word"] for row in _rows("plain_words.csv"))


@cache
def _windows() -> dict[str, Window]:
    windows = {}
    for row in _rows("coins.csv"):
        low, high = Decimal(row["price_low"]), Decimal(row["price_high"])
        windows[row["symbol"]] = Window(low=low, high=high)
    return windows


@cache
def _names() -> dict[str, str]:
    """Every single-word name in lower case -> symbol."""
    names: dict[str, str] = {}
    for row in _rows("other_coins.csv"):
        names[row["symbol"].lower()] = row["symbol"]
    for row in _rows("coins.csv"):
        names[row["symbol"].lower()] = row["symbol"]
        for alias in row["aliases"].split("|"):
            if " " not in alias and "." not in alias and "-" not in alias:
                names[alias.lower()] = _multiplied(alias.lower(), row["symbol"])
    return names | {name: symbol for symbol, row in data("spoken_coins.json").items() for name in row}


@cache
def chinese() -> tuple[str, ...]:
    """The names in Chinese, which stand without spaces around them."""
    return tuple(name for name in _names() if not name.isascii() and "\u4e00" <= name[0] <= "\u9fff")


@cache
def phrases() -> dict[tuple[str, ...], str]:
    """Names of more than one word ("bitcoin cash") -> symbol."""
    found = {}
    for row in _rows("coins.csv"):
        for alias in row["aliases"].split("|"):
            if " " in alias and "." not in alias:
                found[tuple(alias.lower().split())] = row["symbol"]
    return found


@cache
def phrase_starts() -> frozenset[str]:
    """The first words of `phrases`."""
    return frozenset(words[0] for words in phrases())


def _multiplied(alias: str, symbol: str) -> str:
    """The symbol that an alias names: "kpepe" and "1000pepe" are lots of a thousand, "1000PEPE"."""
    for prefix, multiple in _MULTIPLE.items():
        for quote in ("", *QUOTES):
            if alias == f"{prefix}{symbol.lower()}{quote}":
                return f"{multiple}{symbol}"
    return symbol


def _weak(word: str) -> bool:
    return len(word) == 1 or word in plain_words()


@lru_cache(maxsize=4096)
def _lookup(word: str) -> Coin | None:
    names = _names()
    if word.upper() in STABLES:
        return None
    if word in names:
        quote = next((quote for quote in QUOTES if word.endswith(quote) and word.removesuffix(quote) in names), "")
        return Coin(symbol=names[word], weak=_weak(word), quote=quote.upper(), margined=word == "xbtusd")
    for quote in QUOTES:
        base = word.removesuffix(quote)
        if base != word and base in names:
            return Coin(symbol=names[base], quote=quote.upper(), margined=word == "xbtusd")
    for prefix in ("1000000", "1000", "1m", "k"):
        base = word.removeprefix(prefix)
        if base != word and len(base) > 2 and base.upper() in _windows() and not _weak(base):
            return Coin(symbol=_multiplied(word, base.upper()))
    return None


def find(word: str) -> Coin | None:
    """The coin that one word names, without guessing at typos.

    Arguments: word, in any case ("btc", "XBTUSD", "kPEPE", "bitcoin"). Result: the coin, or None.
    """
    return _lookup(word.lower()) if len(word) <= 24 else None


@cache
def names_to_correct() -> tuple[str, ...]:
    """Names long enough to be recognised through a typo: the 72 coins' names of five letters and more."""
    known = _windows()
    return tuple(name for name, symbol in _names().items() if symbol in known and len(name) >= 5 and not _weak(name))


@lru_cache(maxsize=4096)
def meant_by(word: str) -> Coin | None:
    """The well-known coin that a misspelt name in a coin's place was meant to be; None when none or several are near.

    One edit (or two neighbours swapped) is forgiven up to five letters, two from six on; the first letter must be
    right. Arguments: word, in lower case, of at least three letters; a quote behind it is kept out of the comparison.
    """
    base = next((base for quote in QUOTES if (base := word.removesuffix(quote)) != word and len(base) > 2), word)
    if not 3 <= len(base) <= 20 or not base.isalpha():
        return None
    known = {name: symbol for name, symbol in _names().items() if symbol in _windows() and len(name) > 2}
    near = extract(base, list(known), scorer=OSA.distance, score_cutoff=1 if len(base) <= 5 else 2, limit=12)
    hits = [(distance, known[name]) for name, distance, _ in near if name[0] == base[0]]
    best = {symbol for distance, symbol in hits if distance == min(hits)[0]}
    return Coin(symbol=best.pop(), typed=word.upper()) if len(best) == 1 else None


def _unit(symbol: str) -> tuple[str, Decimal]:
    for multiple in (1_000_000, 1000):
        base = symbol.removeprefix(str(multiple))
        if base != symbol and base in _windows():
            return base, Decimal(multiple)
    return symbol, Decimal(1)


@lru_cache(maxsize=4096)
def window(symbol: str | None) -> Window | None:
    """The recorded price window of one unit of a symbol ("1000PEPE" is a thousand coins); None when not recorded."""
    if symbol is None:
        return None
    base, multiple = _unit(symbol)
    known = _windows().get(base)
    return known and Window(low=known.low * multiple, high=known.high * multiple)


def plausible_price(symbol: str | None, price: Decimal) -> bool | None:
    """Whether a price lies in the sanity band low / 3 .. high * 3; None when the symbol has no recorded window."""
    known = window(symbol)
    if known is None:
        return None
    return known.low / BAND <= price <= known.high * BAND


def usual_price(symbol: str | None, price: Decimal) -> bool:
    """Whether a price lies inside the recorded window itself, with a tenth of slack on both sides."""
    known = window(symbol)
    return known is not None and known.low * Decimal("0.9") <= price <= known.high * Decimal("1.1")


def plausible_quantity(symbol: str | None, quantity: Decimal) -> bool:
    """Whether so many coins could be a person's position: worth less than 20 million at the window's low price."""
    known = window(symbol)
    return known is None or quantity * known.low < 20_000_000
