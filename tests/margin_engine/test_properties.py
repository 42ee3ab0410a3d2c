"""What holds for every linear book with continuous tables."""

from decimal import Decimal, localcontext
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from margin_engine import Evaluation, PoolHealth, Tier, TierMethod, TierTable, evaluate, read_book
from tests.margin_engine.builders import D
from tests.margin_engine.strategies import books, tables

STRETCH = [D(step) / 8 for step in range(8)]


def ask(book: dict[str, Any]) -> Evaluation:
    return evaluate(read_book(book))


def marked(book: dict[str, Any], prices: dict[str, Decimal]) -> dict[str, Any]:
    """The same book with other marks, written with as many digits as are read."""
    positions = [
        each | {"mark_price": f"{prices[each['symbol']]:.30f}" if each["symbol"] in prices else each["mark_price"]}
        for each in book["positions"]
    ]
    return book | {"positions": positions}


def health(pool: PoolHealth) -> Decimal:
    return pool.margin_balance - pool.maintenance_margin


@given(books())
def test_at_the_liquidation_price_the_margin_balance_equals_the_requirement_and_before_it_the_pool_lives(
    book: dict[str, Any],
) -> None:
    answer = ask(book)
    with localcontext() as context:
        context.prec = 60
        for position in answer.positions:
            price = position.liquidation_price
            if price is None:
                continue
            mark = position.notional / D(book["positions"][answer.positions.index(position)]["quantity"])
            at_death = ask(marked(book, {position.symbol: price})).pool(position.pool_id)
            assert abs(health(at_death)) < D("1e-20")
            for share in STRETCH:
                between = ask(marked(book, {position.symbol: mark + (price - mark) * share})).pool(position.pool_id)
                assert not between.liquidatable


@given(books())
def test_at_the_market_figure_the_pool_meets_its_requirement(book: dict[str, Any]) -> None:
    marks = {each["symbol"]: D(each["mark_price"]) for each in book["positions"]}
    with localcontext() as context:
        context.prec = 60
        for pool in ask(book).pools:
            for move in (pool.market_fall_to_liquidation, pool.market_rise_to_liquidation):
                if move is not None:
                    moved = {symbol: mark * (1 + move) for symbol, mark in marks.items()}
                    assert abs(health(ask(marked(book, moved)).pool(pool.id))) < D("1e-18")


@given(books(most=1, modes=("cross",)), st.integers(1, 100))
def test_more_margin_moves_the_liquidation_price_away(book: dict[str, Any], more: int) -> None:
    before = ask(book).positions[0]
    richer = book | {"wallet": {"USDT": str(D(book["wallet"]["USDT"]) + more)}}
    after = ask(richer).positions[0]
    assume(before.distance is not None)
    assert before.distance is not None
    assert after.distance is None or abs(after.distance) > abs(before.distance)


@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_positions_is_irrelevant(book: dict[str, Any], random: Any) -> None:
    shuffled = list(book["positions"])
    random.shuffle(shuffled)
    first, second = ask(book), ask(book | {"positions": shuffled})
    for position in first.positions:
        assert second.position(position.id) == position
    for pool in first.pools:
        assert second.pool(pool.id) == pool


@given(books(most=1, modes=("cross",)))
def test_a_single_cross_position_equals_an_isolated_one_with_the_same_wallet(book: dict[str, Any]) -> None:
    only = book["positions"][0]
    alone = only | {"margin_mode": "isolated", "isolated_margin": book["wallet"]["USDT"]}
    cross, isolated = ask(book).positions[0], ask(book | {"positions": [alone]}).positions[0]
    assert cross.liquidation_price == isolated.liquidation_price
    assert cross.margin_ratio == isolated.margin_ratio
    assert cross.bankruptcy_price == isolated.bankruptcy_price


@given(st.integers(1000, 30000), st.integers(1, 900), st.integers(1, 400))
def test_a_long_mirrors_a_short(entry: int, rate: int, margin: int) -> None:
    # With a requirement that does not move (a rate of 0 and a fixed need), a long's distance is minus a short's.
    def distance(side: str) -> Decimal | None:
        position = {"id": "p", "symbol": "AAAUSDT", "side": side, "quantity": "1", "leverage": "1"}
        position |= {"entry_price": str(entry), "margin_mode": "isolated", "isolated_margin": str(margin + rate)}
        tiers = {"AAAUSDT": [{"floor": "0", "rate": "0", "amount": f"-{rate}"}]}
        wallet = {"USDT": str(margin + rate)}
        book = {"venue": "generic", "wallet": wallet, "positions": [position], "tiers": tiers, "rules": {}}
        return ask(book).positions[0].distance

    long, short = distance("long"), distance("short")
    assert short is not None
    assert long is not None
    assert abs(long + short) < D("1e-24")


@given(tables())
def test_a_table_without_given_amounts_is_continuous(rows: list[dict[str, str]]) -> None:
    table = TierTable(tuple(Tier(floor=D(row["floor"]), rate=D(row["rate"])) for row in rows))
    ladder = table.ladder(method=TierMethod.MARGINAL, closing_fee_rate=D("0.001"))
    for piece in range(1, len(ladder.starts)):
        floor = ladder.starts[piece]
        below, above = (floor * ladder.slopes[each] - ladder.deductions[each] for each in (piece - 1, piece))
        assert below == above


@given(books())
def test_pools_add_up_to_the_wallet(book: dict[str, Any]) -> None:
    with localcontext() as context:
        context.prec = 60
        assert abs(sum(pool.wallet_balance for pool in ask(book).pools) - D(book["wallet"]["USDT"])) < D("1e-40")
