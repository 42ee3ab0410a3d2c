"""Random intents, each with the slots that it stands for and the parts of a sentence that say them.

The parts are rendered in a random style: number conventions, labels, order of a number and its word, capitals, and
for positions one of several languages.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

PRICES = {"BTC": (40_000, 120_000), "ETH": (1_500, 4_900), "SOL": (70, 290), "AVAX": (12, 60), "BNB": (550, 1_300)}
LEVERAGES = (2, 3, 5, 10, 12, 20, 25, 50, 75, 100, 125)
WALLETS = (400, 650, 1_000, 2_500, 5_000, 10_000, 12_500, 250_000)
LABELS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "entry": ("entry", "avg"),
        "lev": ("lev", "leverage"),
        "wallet": ("wallet", "balance"),
        "size": ("size", "qty"),
    },
    "ru": {"entry": ("вход",), "lev": ("плечо",), "wallet": ("баланс", "депо"), "size": ("размер",)},
    "es": {"entry": ("entrada",), "lev": ("apalancamiento",), "wallet": ("saldo",), "size": ("cantidad",)},
    "de": {"entry": ("einstieg",), "lev": ("hebel",), "wallet": ("guthaben",), "size": ("menge",)},
    "tr": {"entry": ("giriş",), "lev": ("kaldıraç",), "wallet": ("bakiye",), "size": ("miktar",)},
}
MODES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"isolated": ("isolated", "iso"), "cross": ("cross",)},
    "ru": {"isolated": ("изолированная", "изо"), "cross": ("кросс",)},
    "es": {"isolated": ("aislado",), "cross": ("cruzado",)},
    "de": {"isolated": ("isoliert",), "cross": ("cross",)},
    "tr": {"isolated": ("izole",), "cross": ("çapraz",)},
}
SIDES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"long": ("long", "LONG", "buy"), "short": ("short", "SHORT", "sell")},
    "ru": {"long": ("лонг",), "short": ("шорт",)},
    "es": {"long": ("largo", "long"), "short": ("corto", "short")},
    "de": {"long": ("long",), "short": ("short",)},
    "tr": {"long": ("long",), "short": ("short",)},
}
NOISE = ("hey", "bro", "hmm", "please", "so", "guys", "lol", "ok", "🙏", "🔥", "maybe", "honestly", "folks", "man")


@dataclass(frozen=True)
class Intent:
    """What is meant: the kind, its slots, and the parts that say them; in any order where `movable`."""

    kind: str
    parsed: dict[str, Any]
    parts: tuple[str, ...]
    movable: bool = True


def number(value: int) -> st.SearchStrategy[str]:
    """A whole number as people write it."""
    styles = [f"{value}"]
    if value >= 1000:
        styles += [f"{value:,}", f"{value:,}".replace(",", " "), f"{value:,}".replace(",", "."), f"{value}.00"]
    if value % 1000 == 0:
        styles += [f"{value // 1000}k", f"{value // 1000}K"]
    return st.sampled_from(styles)


def _coin(draw: st.DrawFn) -> tuple[str, int]:
    symbol = draw(st.sampled_from(sorted(PRICES)))
    return symbol, draw(st.integers(*PRICES[symbol]))


def _named(draw: st.DrawFn, symbol: str) -> str:
    return draw(st.sampled_from((symbol, symbol.lower(), f"{symbol}USDT", f"${symbol}", f"{symbol}/USDT")))


@st.composite
def positions(draw: st.DrawFn) -> Intent:
    """A position with every slot labelled, so that the order of the slots cannot matter."""
    lang = draw(st.sampled_from(sorted(LABELS)))
    symbol, entry = _coin(draw)
    side, mode = draw(st.sampled_from(("long", "short"))), draw(st.sampled_from(("isolated", "cross")))
    quantity, leverage = draw(st.sampled_from(("0.1", "0.25", "0.5", "2", "3", "7"))), draw(st.sampled_from(LEVERAGES))
    wallet = draw(st.sampled_from(WALLETS))
    labels = {name: draw(st.sampled_from(words)) for name, words in LABELS[lang].items()}
    colon = draw(st.sampled_from((" ", ": ")))
    written = draw(st.sampled_from((quantity, quantity.replace(".", ","))))
    parts = (
        f"{draw(st.sampled_from(SIDES[lang][side]))} {_named(draw, symbol)}",
        f"{labels['size']}{colon}{written}",
        f"{labels['entry']}{colon}{draw(number(entry))}",
        draw(st.sampled_from((f"{leverage}x", f"x{leverage}", f"{labels['lev']}{colon}{leverage}"))),
        draw(st.sampled_from(MODES[lang][mode])),
        f"{labels['wallet']}{colon}{draw(number(wallet))}",
    )
    told = {"symbol": symbol, "side": side, "qty": plain(quantity), "entry": entry, "leverage": leverage, "mode": mode}
    parsed = {"positions": [told], "ask": ["liq_price"], "account": {"balance": wallet}}
    return Intent("position", parsed, parts)


@st.composite
def what_ifs(draw: st.DrawFn) -> Intent:
    """One to three moves, by percent or to a price."""
    targets = draw(st.lists(st.sampled_from(("BTC", "ETH", "SOL", "ALTS")), min_size=1, max_size=3, unique=True))
    shocks: list[dict[str, object]] = []
    parts: list[str] = []
    for target in targets:
        if target != "ALTS" and draw(st.booleans()):
            price = draw(st.integers(*PRICES[target]))
            shocks.append({"target": target, "price": price})
            verb = draw(st.sampled_from(("to", "goes to", "hits", "drops to")))
            parts.append(f"{target.lower()} {verb} {draw(number(price))}")
            continue
        pct = draw(st.integers(1, 60))
        sign = draw(st.sampled_from((1, -1)))
        verbs = ("drops", "falls", "dumps") if sign < 0 else ("rises", "pumps", "gains")
        signed = f"{'-' if sign < 0 else '+'}{pct}%"
        said = draw(st.sampled_from((signed, f"{draw(st.sampled_from(verbs))} {pct}%")))
        shocks.append({"target": target, "pct": sign * pct})
        parts.append(f"{target.lower()} {said}")
    joint = draw(st.sampled_from((", ", " and ")))
    opening = draw(st.sampled_from(("what if ", "if ")))
    return Intent("whatif", {"shocks": shocks, "portfolio": "current"}, (opening + joint.join(parts),), movable=False)


@st.composite
def sizes(draw: st.DrawFn) -> Intent:
    """A size that fits a stop and a risk in money."""
    symbol, entry = _coin(draw)
    side = draw(st.sampled_from(("long", "short")))
    stop = entry * 97 // 100 if side == "long" else entry * 103 // 100
    risk = draw(st.sampled_from((25, 50, 100, 250)))
    parts = (
        f"{_named(draw, symbol)} {side}",
        f"entry {draw(number(entry))}",
        f"{draw(st.sampled_from(('stop', 'sl', 'stop loss')))} {draw(number(stop))}",
        draw(st.sampled_from((f"risk {risk}$", f"risk ${risk}", f"risk {risk} usdt"))),
    )
    parsed = {"symbol": symbol, "side": side, "entry": entry, "stop": stop, "risk": {"amount": risk}}
    return Intent("size", parsed, parts)


@st.composite
def added_margins(draw: st.DrawFn) -> Intent:
    """Margin put into a position of the book, or taken out of it."""
    symbol, side = draw(st.sampled_from(sorted(PRICES))), draw(st.sampled_from(("long", "short")))
    amount, puts_in = draw(st.sampled_from((50, 150, 300, 750))), draw(st.booleans())
    unit = draw(st.sampled_from(("", " usdt", "$")))
    verb = f"add {amount}{unit} to" if puts_in else f"withdraw {amount}{unit} from"
    parsed = {"portfolio": "current", "symbol": symbol, "side": side, "amount": amount if puts_in else -amount}
    return Intent("addmargin", parsed, (f"{verb} my {symbol.lower()} {side}",), movable=False)


@st.composite
def comparisons(draw: st.DrawFn) -> Intent:
    """Both modes for one position."""
    whole = draw(positions())
    told = {name: value for name, value in whole.parsed["positions"][0].items() if name != "mode"}
    asked = draw(st.sampled_from(("iso or cross", "cross vs isolated", "isolated vs cross")))
    parsed = {"positions": [told], "modes": ["isolated", "cross"], "account": whole.parsed["account"]}
    parts = tuple(part for index, part in enumerate(whole.parts) if index != 4)
    return Intent("compare", parsed, (f"{asked}?", *parts), movable=False)


def plain(written: str) -> int | float:
    """A number as JSON has it."""
    value = Decimal(written)
    return int(value) if value == value.to_integral_value() else float(value)


INTENTS = st.one_of(positions(), what_ifs(), sizes(), added_margins(), comparisons())
