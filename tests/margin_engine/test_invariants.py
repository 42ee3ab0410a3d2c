"""What holds for every kind of contract and every mode: on random books that mix them all."""

from decimal import Decimal, localcontext
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from margin_engine import Evaluation, PoolHealth, evaluate, path, read_book, what_if
from tests.margin_engine.builders import D, asked, position
from tests.support.random_books import mixed_book

seeds = st.integers(0, 10**9)
CLOSE = D("1e-20")


def ask(book: dict[str, Any]) -> Evaluation:
    return evaluate(read_book(book))


def spare(pool: PoolHealth) -> Decimal:
    return pool.margin_balance - pool.maintenance_margin


def marked(book: dict[str, Any], symbol: str, price: Decimal) -> dict[str, Any]:
    """The same book with another mark, written with as many digits as are read."""
    moved = [each | ({"mark_price": f"{price:.30f}"} if each["symbol"] == symbol else {}) for each in book["positions"]]
    return book | {"positions": moved}


@given(seeds)
def test_a_pool_dies_on_one_side_of_its_liquidation_price_and_lives_on_the_way_there(seed: int) -> None:
    book = mixed_book(Random(seed))
    book["rules"].pop("others_profit_counts")
    with localcontext() as context:
        context.prec = 60
        for each, stated in zip(ask(book).positions, book["positions"], strict=True):
            price, mark = each.liquidation_price, D(stated["mark_price"])
            if price is None or price < D("1e-6") or price > D("1e20"):
                continue
            for share in (D("0.25"), D("0.5"), D("0.999999")):
                between = mark + (price - mark) * share
                if between > 0 and between != mark:
                    assert not ask(marked(book, each.symbol, between)).pool(each.pool_id).liquidatable
            nudge = D("1e-18") if price < mark else D("-1e-18")
            around = [ask(marked(book, each.symbol, price * (1 + n))).pool(each.pool_id) for n in (nudge, -nudge)]
            assert any(pool.liquidatable or spare(pool) < CLOSE * (1 + abs(pool.margin_balance)) for pool in around)


@given(seeds)
def test_the_order_of_positions_is_irrelevant(seed: int) -> None:
    book = mixed_book(Random(seed))
    one, other = ask(book), ask(book | {"positions": book["positions"][::-1]})
    for pool in one.pools:
        again = other.pool(pool.id)
        for field in ("margin_balance", "maintenance_margin", "market_fall_to_liquidation"):
            agree(getattr(pool, field), getattr(again, field))
    for each in one.positions:
        agree(each.liquidation_price, other.position(each.id).liquidation_price)
        agree(each.bankruptcy_price, other.position(each.id).bankruptcy_price)


@given(seeds)
def test_a_what_if_that_stops_where_a_pool_dies_touches_it_at_the_end(seed: int) -> None:
    book = read_book(mixed_book(Random(seed)))
    for death in what_if(book).liquidated:
        assert 0 <= death.at_fraction <= 1
        assert death.positions
    ends = {death.id: death.at for death in path(book).fall}
    figures = {pool.id: pool.market_fall_to_liquidation for pool in evaluate(book).pools}
    assert ends == {name: at for name, at in figures.items() if at is not None}


@given(seeds, st.sampled_from(["0.001", "0.5", "1000"]))
def test_quantity_and_multiplier_only_count_together(seed: int, factor: str) -> None:
    book = mixed_book(Random(seed))
    scaled = [
        each
        | {"quantity": plain(D(each["quantity"]) * D(factor))}
        | {"contract": each["contract"] | {"multiplier": plain(D(each["contract"]["multiplier"]) / D(factor))}}
        for each in book["positions"]
    ]
    one, other = ask(book), ask(book | {"positions": scaled})
    prices, others = ([each.liquidation_price for each in answer.positions] for answer in (one, other))
    assert prices == others
    assert one.pools == other.pools


def plain(value: Decimal) -> str:
    return f"{value:.25f}" if value < 1 else f"{value:f}"


@given(st.integers(1, 9), st.integers(0, 5), st.sampled_from(["long", "short"]), st.integers(1, 30), st.integers(-4, 4))
def test_an_inverse_position_is_a_linear_one_of_the_other_side_in_one_over_the_price(
    entry: int, tenths: int, side: str, size: int, drift: int
) -> None:
    # Q (1/E - 1/P) = -Q (u - v) with u = 1/P: prices of the form 2^n have an end either way.
    e, p = D(2) ** entry, D(2) ** (entry + drift)
    opposite = {"long": "short", "short": "long"}[side]
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": f"{size}", "rate": f"0.{tenths}5"}]}
    terms = {"kind": "inverse", "multiplier": "1", "settle_asset": "USDT"}
    shared = {"quantity": str(size), "leverage": "2"}
    inverse = position(side=side, entry_price=str(e), mark_price=str(p), contract=terms, **shared)
    linear = position(side=opposite, entry_price=f"{1 / e:f}", mark_price=f"{1 / p:f}", **shared)
    wallet = {"USDT": f"{size / (2**entry):.20f}"}
    one, other = (asked(each, tiers=tiers, wallet=wallet).position("p1") for each in (inverse, linear))
    for field in ("notional", "unrealised_pnl", "maintenance_margin", "margin_balance", "margin_ratio"):
        agree(getattr(one, field), getattr(other, field))
    for field in ("liquidation_price", "bankruptcy_price"):
        price = getattr(other, field)
        agree(getattr(one, field), None if price is None else 1 / price)


@given(seeds)
def test_a_quanto_contract_that_settles_in_its_quote_is_a_linear_one(seed: int) -> None:
    book = mixed_book(Random(seed))
    as_linear = [
        each | {"contract": each["contract"] | {"kind": "linear"}} if each["contract"]["kind"] == "quanto" else each
        for each in book["positions"]
    ]
    assert ask(book).pools == ask(book | {"positions": as_linear}).pools


@given(seeds, st.integers(1, 1000))
def test_more_of_an_asset_without_haircut_never_brings_a_pools_death_nearer(seed: int, more: int) -> None:
    book = mixed_book(Random(seed)) | {"asset_mode": "multi"}
    for asset in ("AAA", "BBB", "USDC"):
        book.setdefault("collateral", {}).setdefault(asset, {"price": "10", "haircut": "0.1"})
    richer = book | {"wallet": book["wallet"] | {"USD": str(more)}}
    before, after = ask(book).pool("cross:USD"), ask(richer).pool("cross:USD")
    assert abs(after.margin_balance - before.margin_balance - more) < CLOSE * (1 + abs(before.margin_balance))
    assert before.liquidatable or not after.liquidatable
    for field in ("market_fall_to_liquidation", "market_rise_to_liquidation"):
        near, far = getattr(before, field), getattr(after, field)
        if near is None and not before.liquidatable:
            assert far is None
        elif near is not None and far is not None:
            assert abs(far) >= abs(near)


def agree(one: Decimal | None, other: Decimal | None) -> None:
    assert (one is None) == (other is None), (one, other)
    if one is not None and other is not None:
        assert abs(one - other) <= D("1e-26") * (1 + abs(other)), (one, other)
