"""The words that carry meaning: concepts, and for each language the phrases that express them (`data/words/*.json`).

A phrase means one concept only; where a word depends on its surroundings ("market": at the market, or the whole
market) the readers decide. Phrases are in lower case and without apostrophes. A new language is a file and its name
in `LANGUAGES`.
"""

import json
from enum import StrEnum, auto
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "ru", "es", "pt", "tr", "id", "de", "zh", "ko")
"""In order of precedence: a phrase that two languages share keeps the meaning of the first."""


class Concept(StrEnum):
    """What a word or phrase stands for."""

    LONG = auto()
    SHORT = auto()
    EMOJI_LONG = auto()
    EMOJI_SHORT = auto()
    EMOJI_UP = auto()
    EMOJI_DOWN = auto()
    ISOLATED = auto()
    CROSS = auto()
    MODE = auto()
    LEVERAGE = auto()
    TIMES = auto()
    ENTRY = auto()
    AT = auto()
    SIZE = auto()
    NOTIONAL = auto()
    MARGIN = auto()
    BALANCE = auto()
    COLLATERAL = auto()
    STOP = auto()
    TAKE_PROFIT = auto()
    MARK = auto()
    PRICE = auto()
    NOW = auto()
    MARKET = auto()
    LIVE = auto()
    LIQ = auto()
    ADDED = auto()
    MORE = auto()
    CONTRACTS = auto()
    COINS = auto()
    EACH = auto()
    MONEY = auto()
    PERCENT = auto()
    HOURS = auto()
    DAYS = auto()
    WEEKS = auto()
    MONTHS = auto()
    INVERSE = auto()
    QUANTO = auto()
    ENTRY_ASK = auto()
    STOP_ASK = auto()
    LINEAR = auto()
    PERPETUAL = auto()
    HEDGE = auto()
    ONE_WAY = auto()
    MULTI_ASSET = auto()
    FUNDING = auto()
    FEE = auto()
    FILLER = auto()
    AND = auto()
    OR = auto()
    VERSUS = auto()
    IF = auto()
    WHAT_IF = auto()
    WHY = auto()
    MY = auto()
    RISE = auto()
    FALL = auto()
    FLAT = auto()
    HALVE = auto()
    DOUBLE = auto()
    TRIPLE = auto()
    TO_ZERO = auto()
    GO_TO = auto()
    MOVE = auto()
    ALL = auto()
    ALTS = auto()
    REST = auto()
    BETA = auto()
    LADDER = auto()
    HEATMAP = auto()
    FIRST = auto()
    EQUITY = auto()
    DISTANCE = auto()
    HOW_FAR = auto()
    MAX_LOSS = auto()
    TIME_TO = auto()
    PROBABILITY = auto()
    RISK = auto()
    SIZE_ASK = auto()
    HOW_MANY = auto()
    HOW_MUCH = auto()
    MAXIMUM = auto()
    BELOW = auto()
    ABOVE = auto()
    AWAY = auto()
    WITHIN = auto()
    SURVIVE = auto()
    ADD = auto()
    TOP_UP = auto()
    WITHDRAW = auto()
    NEED = auto()
    MARGIN_RATIO = auto()
    MARGIN_CALL = auto()
    CLOSE = auto()
    OPEN = auto()
    ALSO = auto()
    SWITCH = auto()
    COMPARE = auto()
    SAVED = auto()
    HAVE = auto()
    BOOK = auto()
    ACCOUNT = auto()
    REWARD = auto()
    CAN = auto()
    GREETING = auto()
    THANKS = auto()
    QUIZ = auto()
    SETTINGS = auto()
    HELP = auto()
    ASKING = auto()
    UNDO = auto()
    RESET = auto()
    MANAGE = auto()
    PNL = auto()
    USED = auto()
    ALL_IN = auto()
    CORRECTED = auto()
    REVERSE = auto()
    INSTEAD = auto()


@cache
def phrases(language: str) -> dict[Concept, tuple[str, ...]]:
    """The phrases of one language for each concept that it has words for."""
    rows: dict[str, list[str]] = data(f"words/{language}.json")
    return {Concept(name): tuple(row) for name, row in rows.items()}


def data(name: str) -> dict[str, list[str]]:
    """A table of this room's data: name -> list of phrases."""
    rows: dict[str, list[str]] = table(name)
    return rows


def table(name: str) -> dict[str, Any]:
    """A table of this room's data, as its file has it."""
    text = files(__package__).joinpath("data", *name.split("/")).read_text(encoding="utf-8")
    rows: dict[str, Any] = json.loads(text)
    return rows


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list of `data/lists.json`, each of which only adds to what the concepts say."""
    return frozenset(data("lists.json")[name])
