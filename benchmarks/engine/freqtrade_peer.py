"""Runs in freqtrade's own environment: times its dry-run liquidation prices for the accounts on standard input.

One JSON array of books a line in; out, one line: seconds, and the price of every position of every book. freqtrade is
called as installed: its Binance exchange without network, its marks and tiers being ours. Each book is one account of
open trades; the prices are those before its safety buffer.
"""

import importlib
import json
import logging
import sys
import time
from types import SimpleNamespace
from typing import Any

CONFIG = {
    "dry_run": True,
    "runmode": "dry_run",
    "stake_currency": "USDT",
    "trading_mode": "futures",
    "margin_mode": "cross",
    "exchange": {"name": "binance", "pair_whitelist": [], "pair_blacklist": []},
}


def main() -> None:
    logging.disable()
    exchange = importlib.import_module("freqtrade.exchange.binance").Binance(dict(CONFIG), validate=False)
    for line in sys.stdin:
        books = json.loads(line)
        accounts = [prepared(book) for book in books]
        exchange._leverage_tiers = {}
        for book in books:
            exchange._leverage_tiers |= {symbol: tiers(rows) for symbol, rows in book["tiers"].items()}
        started = time.perf_counter()
        prices = [prices_of(exchange, account) for account in accounts]
        seconds = time.perf_counter() - started
        print(json.dumps({"seconds": seconds, "prices": prices}), flush=True)
    exchange.close()


def prepared(book: dict[str, Any]) -> SimpleNamespace:
    """An account with freqtrade's names for things."""
    trades = [
        SimpleNamespace(
            pair=each["symbol"],
            open_rate=float(each["entry_price"]),
            is_short=each["side"] == "short",
            amount=float(each["quantity"]),
            stake_amount=float(each["quantity"]) * float(each["entry_price"]) / float(each["leverage"]),
            leverage=float(each["leverage"]),
        )
        for each in book["positions"]
    ]
    marks = {each["symbol"]: {"markPrice": float(each["mark_price"])} for each in book["positions"]}
    return SimpleNamespace(trades=trades, marks=marks, wallet=float(book["wallet"]["USDT"]))


def tiers(rows: list[dict[str, str]]) -> list[dict[str, float]]:
    """A table as freqtrade keeps it, with the amounts that follow from continuity."""
    made: list[dict[str, float]] = []
    for row in rows:
        floor, rate = float(row["floor"]), float(row["rate"])
        amount = made[-1]["maintAmt"] + floor * (rate - made[-1]["maintenanceMarginRate"]) if made else 0.0
        made.append({"minNotional": floor, "maintenanceMarginRate": rate, "maintAmt": amount})
    return made


def prices_of(exchange: Any, account: SimpleNamespace) -> list[float]:
    """Every position's price, as its `update_liquidation_prices` asks for them; marks come from memory."""
    exchange.fetch_funding_rates = lambda _pairs: account.marks
    return [
        exchange.dry_run_liquidation_price(
            pair=trade.pair,
            open_rate=trade.open_rate,
            is_short=trade.is_short,
            amount=trade.amount,
            stake_amount=trade.stake_amount,
            leverage=trade.leverage,
            wallet_balance=account.wallet,
            open_trades=account.trades,
        )
        for trade in account.trades
    ]


if __name__ == "__main__":
    main()
