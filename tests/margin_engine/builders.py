"""Short ways to state a book in a test.

Every default is plain: 100 x price 100, one rung of 1 %, no fee, venue generic.
"""

from decimal import Decimal
from typing import Any

from margin_engine import Book, EngineError, Evaluation, evaluate, read_book

D = Decimal
ONE_PERCENT = [{"floor": "0", "rate": "0.01"}]


def position(**fields: Any) -> dict[str, Any]:
    """A long of 1 coin at 100, 10x, cross, symbol AAAUSDT, unless said otherwise."""
    plain = {
        "id": "p1",
        "symbol": "AAAUSDT",
        "side": "long",
        "quantity": "1",
        "entry_price": "100",
        "leverage": "10",
        "margin_mode": "cross",
    }
    return plain | fields


def book(*positions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A generic book of these positions with a wallet of 50 USDT; each symbol has one rung of 1 %."""
    plain: dict[str, Any] = {
        "venue": "generic",
        "wallet": {"USDT": "50"},
        "positions": list(positions),
        "tiers": {each["symbol"]: ONE_PERCENT for each in positions},
        "rules": {},
    }
    return plain | fields


def asked(*positions: dict[str, Any], **fields: Any) -> Evaluation:
    """The evaluation of such a book."""
    return evaluate(read_book(book(*positions, **fields)))


def read(*positions: dict[str, Any], **fields: Any) -> Book:
    """Such a book, read."""
    return read_book(book(*positions, **fields))


def refusal(data: Any) -> EngineError:
    """How a book (JSON text or object) is refused."""
    try:
        evaluate(read_book(data))
    except EngineError as error:
        return error
    raise AssertionError("was not refused")
