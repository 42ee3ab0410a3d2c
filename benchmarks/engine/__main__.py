"""The engine's part of `make bench`: every figure beside its peer in the same rounds; ratios are what counts."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.engine.accounts import account
from benchmarks.engine.loops import decimal_prices, plainest, prepared
from benchmarks.engine.peer import Peer, peer
from margin_engine import Book, evaluate, read_book
from margin_engine.health.lines import groups_of, lines_of
from margin_engine.questions.clouds import crowd, surfaces
from margin_engine.venues.account import open_account

ROUNDS = 7
ACCOUNTS = 100
CROWD = 10_000
SCENARIOS = 1_000_000
SIZES = (10, 30, 100, 300, 1000)

Way = Callable[[], object]


def main() -> None:
    with peer() as freqtrade:
        errors(freqtrade)
        whole_accounts(freqtrade)
        many_accounts(freqtrade)
    cloud()
    growth()


def seconds(way: Way) -> float:
    started = time.perf_counter()
    way()
    return time.perf_counter() - started


def rounds(ways: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Each way's seconds, all ways in turn in every round; the first round warms up and does not count."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        for name, way in ways.items():
            spent = way()
            if number:
                taken[name].append(spent)
    return taken


def spread(values: Sequence[float], form: str = ".2f") -> str:
    return f"{statistics.median(values):{form}} (min {min(values):{form}}, max {max(values):{form}})"


def ratio(first: Sequence[float], second: Sequence[float]) -> str:
    """How many times as long the second took, round by round."""
    return spread([b / a for a, b in zip(first, second, strict=True)])


def errors(freqtrade: Peer) -> None:
    """How far freqtrade's prices are from the exact ones, in shares of the mark."""
    for sides in ("long", "short", "both"):
        books = [account(10, seed=seed, sides=sides) for seed in range(ACCOUNTS)]
        off, missing = [], 0
        for book, prices in zip(books, freqtrade.ask(books)[1], strict=True):
            for position, price, stated in zip(
                evaluate(read_book(book)).positions, prices, book["positions"], strict=True
            ):
                if position.liquidation_price is None:
                    missing += price > 0
                else:
                    off.append(abs(price - float(position.liquidation_price)) / float(stated["mark_price"]))
        figures = f"median {statistics.median(off):.2%}, largest {max(off):.2%} of the mark"
        print(f"freqtrade's error, accounts of 10, sides {sides}: {figures}; a price where there is none: {missing}")


def whole_accounts(freqtrade: Peer) -> None:
    """Accounts of ten positions, one after the other, exactly, with every figure, with and without its working."""
    books = [account(10, seed=seed) for seed in range(ACCOUNTS)]
    read, bare = [read_book(book) for book in books], [prepared(book) for book in books]
    lists: list[list[float | None]] = [
        [None if price is None else float(price) for price in decimal_prices(each)] for each in bare
    ]
    exact = [[position.liquidation_price for position in evaluate(book).positions] for book in read]
    assert all(
        a == b or abs(a / float(b) - 1) < 1e-9 for x, y in zip(lists, exact, strict=True) for a, b in _pairs(x, y)
    )
    taken = rounds(
        {
            "with working": lambda: seconds(lambda: [evaluate(book) for book in read]),
            "without": lambda: seconds(lambda: [evaluate(book, explain=False) for book in read]),
            "freqtrade": lambda: freqtrade.ask(books)[0],
            "bare Decimal loop": lambda: seconds(lambda: [decimal_prices(each) for each in bare]),
        }
    )
    for name, spent in taken.items():
        print(f"{name:18} accounts/s: {spread([ACCOUNTS / each for each in spent], '.0f')}")
    for way in ("with working", "without"):
        for peer_name in ("freqtrade", "bare Decimal loop"):
            print(f"evaluate {way} / {peer_name}, rates: {ratio(taken[way], taken[peer_name])}")
    print(f"evaluate without / with working, rates: {ratio(taken['without'], taken['with working'])}")


def _pairs(ours: list[float | None], exact: Sequence[Any]) -> list[tuple[float, Any]]:
    """Those that both have: the bare loop does not look on the other side of the mark."""
    return [(a, b) for a, b in zip(ours, exact, strict=True) if a is not None and b is not None]


def many_accounts(freqtrade: Peer) -> None:
    """All prices of ten thousand accounts at new marks, compiled once."""
    books = [account(10, seed=seed) for seed in range(CROWD)]
    read: list[Book] = [read_book(book) for book in books]
    started = time.perf_counter()
    together = crowd(read).crowd
    compiled = time.perf_counter() - started
    marks = together.marks * 1.001
    sample = books[:1000]
    taken = rounds(
        {
            "crowd": lambda: seconds(lambda: together.liquidation_prices(marks)),
            "freqtrade": lambda: freqtrade.ask(sample)[0] * CROWD / len(sample),
        }
    )
    print(f"all prices of {CROWD} accounts of 10: ms {spread([each * 1e3 for each in taken['crowd']], '.1f')}")
    print(f"crowd / freqtrade, rates: {ratio(taken['crowd'], taken['freqtrade'])} (aim: at least 20)")
    print(f"compiling them once, checks and tables included: {compiled / CROWD * 1e6:.0f} us an account")


def cloud() -> None:
    """One account of ten positions with five rungs each, over a million price vectors."""
    book = read_book(account(10, seed=1))
    (pool,) = open_account(book).pools
    lines = [lines_of(group) for group in groups_of(pool)]
    slopes, intercepts = np.array([each.slopes for each in lines]), np.array([each.intercepts for each in lines])
    plain, fused = surfaces(book)[pool.id], surfaces(book, fast=True)[pool.id]
    marks = np.array(plain.marks)[:, None]
    prices = marks * np.random.default_rng(1).uniform(0.2, 3, (len(lines), SCENARIOS))
    balance, copied = float(pool.wallet_balance), np.empty_like(prices)
    assert np.allclose(plain.health(prices), plainest(prices, balance, slopes, intercepts))
    assert np.allclose(plain.health(prices), fused.health(prices))
    taken = rounds(
        {
            "NumPy": lambda: seconds(lambda: plain.health(prices)),
            "numba": lambda: seconds(lambda: fused.health(prices)),
            "plainest loop": lambda: seconds(lambda: plainest(prices, balance, slopes, intercepts)),
            "copy": lambda: seconds(lambda: np.copyto(copied, prices)),
        }
    )
    for name, spent in taken.items():
        # A copy reads and writes; the others read the prices and write one figure a scenario.
        moved = prices.nbytes * (2 if name == "copy" else 1.1)
        rate, times = (
            spread([moved / each / 1e9 for each in spent], ".1f"),
            spread([each * 1e3 for each in spent], ".1f"),
        )
        print(f"{SCENARIOS} x {len(lines)} x {slopes.shape[1]}, {name:13} ms {times}; GB/s {rate}")
    print(f"numba / plainest loop, times: {ratio(taken['plainest loop'], taken['numba'])} (aim: at most 1.5)")
    print(f"NumPy / plainest loop, times: {ratio(taken['plainest loop'], taken['NumPy'])} (aim: at most 10)")


def growth() -> None:
    """The cost of an account by its number of positions, with and without the working."""
    books = {size: read_book(account(size, seed=size)) for size in SIZES}

    def way(size: int, explain: bool) -> Callable[[], float]:
        # As many accounts as make the same number of positions: a small one alone is too short to be timed.
        times = SIZES[-1] // size
        return lambda: seconds(lambda: [evaluate(books[size], explain=explain) for _ in range(times)]) / times

    for name, explain in (("with working", True), ("without", False)):
        taken = rounds({str(size): way(size, explain) for size in SIZES})
        costs = {size: spread([each / int(size) * 1e6 for each in spent], ".0f") for size, spent in taken.items()}
        print(f"evaluate {name}, us a position:", json.dumps(costs))


if __name__ == "__main__":
    main()
