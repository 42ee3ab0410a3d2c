"""Changes to a book: what each does, what is refused, and how they compose with liquidations on the way."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margin_engine import Book, EngineError, MarginMode, Side, evaluate, read_book, what_if
from margin_engine.model.book import Position
from margin_engine.questions.change_kinds import (
    Add,
    AddMargin,
    Change,
    Close,
    Deposit,
    Open,
    PayFee,
    PayFunding,
    PriceShock,
    Reduce,
    SetLeverage,
    SwitchMode,
    TakeMargin,
    Withdraw,
)
from margin_engine.questions.changed_books import what_if_changes
from margin_engine.questions.changes import apply
from tests.margin_engine.builders import D, position, read
from tests.margin_engine.strategies import books
from tests.support.random_books import mixed_book

ISOLATED, CROSS = MarginMode.ISOLATED, MarginMode.CROSS


def after(*changes: Change, of: Book | None = None) -> Book:
    """The plain book (long 1 at 100, cross, 50 USDT) after these changes."""
    return apply(of or read(position()), changes)


def refused(*changes: Change, of: Book | None = None) -> str:
    with pytest.raises(EngineError) as caught:
        after(*changes, of=of)
    return str(caught.value)


def isolated(**fields: object) -> Book:
    return read(position(margin_mode="isolated", **fields))


def new(**fields: object) -> Position:
    plain: dict[str, object] = {
        "id": "p2",
        "symbol": "BBBUSDT",
        "side": Side.LONG,
        "quantity": D(1),
        "entry_price": D(100),
        "leverage": D(10),
        "margin_mode": CROSS,
    }
    return Position(**(plain | fields))  # type: ignore[arg-type]


def test_a_deposit_and_a_withdrawal_change_the_wallet() -> None:
    assert after(Deposit(asset="USDT", amount=D(5))).wallet == {"USDT": D(55)}
    assert after(Deposit(asset="BTC", amount=D(1))).wallet == {"USDT": D(50), "BTC": D(1)}
    # 50 + 0 - 10 of initial margin: 40 are available.
    assert after(Withdraw(asset="USDT", amount=D(40))).wallet == {"USDT": D(10)}


def test_more_than_what_is_available_cannot_be_withdrawn() -> None:
    text = refused(Withdraw(asset="USDT", amount=D(41)))
    assert text == "changes[0].amount: must be at most 40, what is available in cross:USDT, got 41"
    # A profit of 100 that is not realised counts as available to open, but only the wallet's 50 can leave.
    rich = read(position(mark_price="200"))
    assert refused(Withdraw(asset="USDT", amount=D(51)), of=rich).startswith("changes[0].amount: must be at most 50,")
    assert refused(Withdraw(asset="EUR", amount=D(1))).startswith("changes[0].asset: must be an asset of wallet")


@pytest.mark.parametrize("amount", [D(0), D(-1), D("NaN")])
def test_an_amount_that_is_not_above_0_is_refused_with_its_place(amount: Decimal) -> None:
    good = Deposit(asset="USDT", amount=D(1))
    assert refused(good, Deposit(asset="USDT", amount=amount)).startswith(
        "changes[1].amount: must be a Decimal above 0"
    )


def test_margin_moves_between_the_wallet_and_an_isolated_position() -> None:
    grown = after(AddMargin(id="p1", amount=D(5)), of=isolated())
    assert (grown.positions[0].isolated_margin, grown.wallet) == (D(15), {"USDT": D(50)})
    # 15 stand behind an initial margin of 10: at most 5 come back.
    assert after(TakeMargin(id="p1", amount=D(5)), of=grown).positions[0].isolated_margin == 10
    assert refused(TakeMargin(id="p1", amount=D(6)), of=grown) == (
        "changes[0].amount: must be at most 5, what the position holds beyond its initial margin, got 6"
    )
    assert refused(AddMargin(id="p1", amount=D(41)), of=isolated()).startswith("changes[0].amount: must be at most 40")
    assert "must be an isolated position" in refused(AddMargin(id="p1", amount=D(1)))


def test_adding_averages_the_entry_price_and_keeps_the_mark() -> None:
    # (1 x 100 + 3 x 80) / 4 = 85, and the mark stays 100.
    grown = after(Add(id="p1", quantity=D(3), price=D(80)))
    assert (grown.positions[0].quantity, grown.positions[0].entry_price) == (D(4), D(85))
    assert grown.positions[0].mark_price == 100
    assert after(Add(id="p1", quantity=D(1))).positions[0].entry_price == 100
    # Isolated with a stated margin of 12: the added 1 x 80 / 10 go in as well.
    more = after(Add(id="p1", quantity=D(1), price=D(80)), of=isolated(isolated_margin="12"))
    assert more.positions[0].isolated_margin == 20


def test_reducing_realises_its_part_and_releases_its_margin() -> None:
    # 0.25 of 1 closed at 120: 0.25 x 20 = 5 into the wallet, and 3 of 4 parts of the margin of 12 stay.
    less = after(Reduce(id="p1", quantity=D("0.25"), price=D(120)), of=isolated(isolated_margin="12"))
    assert less.wallet == {"USDT": D(55)}
    assert (less.positions[0].quantity, less.positions[0].isolated_margin) == (D("0.75"), D(9))
    assert less.positions[0].mark_price == 100
    assert "must be at most the position's 1" in refused(Reduce(id="p1", quantity=D(2)))


def test_closing_leaves_the_wallet_with_the_realised_pnl() -> None:
    short = read(position(side="short", mark_price="90"))
    closed = after(Close(id="p1"), of=short)
    assert (closed.positions, closed.wallet) == ((), {"USDT": D(60)})
    assert after(Close(id="p1", price=D(130)), of=short).wallet == {"USDT": D(20)}


def test_a_new_leverage_moves_the_margin_that_follows_it() -> None:
    assert evaluate(after(SetLeverage(id="p1", leverage=D(5)), of=isolated())).pool("p1").wallet_balance == 20
    stated = after(SetLeverage(id="p1", leverage=D(20)), of=isolated(isolated_margin="12"))
    assert evaluate(stated).pool("p1").wallet_balance == 12
    # 100 / 1 = 100 of initial margin, and 40 beside the 10 are there.
    assert refused(SetLeverage(id="p1", leverage=D(1))) == (
        "changes[0]: must not need more than the 40 that is available in cross:USDT, got 90"
    )


def test_switching_takes_a_margin_along_and_brings_it_back() -> None:
    alone = after(SwitchMode(id="p1", margin_mode=ISOLATED))
    assert evaluate(alone).pool("p1").wallet_balance == 10
    assert evaluate(after(SwitchMode(id="p1", margin_mode=ISOLATED, margin=D(30)))).pool("p1").wallet_balance == 30
    assert after(SwitchMode(id="p1", margin_mode=CROSS), of=alone) == read(position())
    assert "must be the other margin mode" in refused(SwitchMode(id="p1", margin_mode=CROSS))
    poor = read(position(leverage="1.5"), wallet={"USDT": "60"})
    text = refused(SwitchMode(id="p1", margin_mode=ISOLATED), of=poor)
    assert text.startswith("changes[0]: wallet.USDT: must cover the isolated margins")


def test_a_fee_and_a_funding_are_paid_by_whom_they_concern() -> None:
    assert after(PayFee(asset="USDT", amount=D(3))).wallet == {"USDT": D(47)}
    assert after(PayFee(asset="USDT", amount=D(-3))).wallet == {"USDT": D(53)}
    # Longs pay 1 x 100 x 0.01 = 1, the isolated one from its own margin of 10; shorts receive it.
    assert after(PayFunding(symbol="AAAUSDT", rate=D("0.01"))).wallet == {"USDT": D(49)}
    own = after(PayFunding(symbol="AAAUSDT", rate=D("0.01")), of=isolated())
    assert (own.wallet, own.positions[0].isolated_margin) == ({"USDT": D(49)}, D(9))
    short = after(PayFunding(symbol="AAAUSDT", rate=D("0.01")), of=read(position(side="short")))
    assert short.wallet == {"USDT": D(51)}


def test_a_position_is_opened_at_the_mark_of_its_moment() -> None:
    shock = PriceShock(shocks={"*": D("-0.1")})
    second = new(symbol="AAAUSDT", side=Side.SHORT, entry_price=D(90))
    opened = after(shock, Open(position=second))
    assert [each.mark_price for each in opened.positions] == [90, 90]
    stale = new(symbol="AAAUSDT", side=Side.SHORT, entry_price=D(90), mark_price=D(100))
    assert refused(shock, Open(position=stale)).startswith("changes[1].position.mark_price: must be left out or be")
    assert refused(Open(position=new(id="p1"))).startswith("changes[0].position.id: must be unique")


def test_opening_needs_its_initial_margin_and_a_table() -> None:
    tables = read(position(), position(id="x", symbol="BBBUSDT")).tiers
    roomy = Book(venue="generic", wallet={"USDT": D(50)}, positions=read(position()).positions, tiers=tables)
    assert len(after(Open(position=new(quantity=D(4))), of=roomy).positions) == 2
    text = refused(Open(position=new(quantity=D("4.1"))), of=roomy)
    assert text == "changes[0]: must not need more than the 40 that is available in cross:USDT, got 41"
    assert "must have a tier table" in refused(Open(position=new()))


def test_an_id_that_is_not_there_is_refused_with_those_that_are() -> None:
    assert refused(Close(id="p9")) == "changes[0].id: must be the id of a position: p1, got p9"
    assert "there is none" in refused(Close(id="p1"), Close(id="p1"))


def test_a_shock_that_leaves_no_price_is_refused() -> None:
    assert refused(PriceShock(shocks={"*": D(-1)})).startswith("changes[0].shocks.*: must be a Decimal above -1")


def test_collateral_moves_only_by_its_own_name() -> None:
    backed = read(position(), collateral={"BTC": {"price": "64000"}})
    assert after(PriceShock(shocks={"*": D("-0.5")}), of=backed).collateral["BTC"].price == 64000
    assert after(PriceShock(shocks={"BTC": D("-0.5")}), of=backed).collateral["BTC"].price == 32000


def test_a_shock_kills_on_the_way_and_what_comes_later_finds_the_rest() -> None:
    # Isolated at 10x with 1 %: 90 / 0.99 = 90.90..., so -20 % kills it at 0.4545... of the way; the cross one lives.
    book = read(position(id="a", margin_mode="isolated"), position(id="b", symbol="BBBUSDT"))
    answer = what_if_changes(
        book,
        [
            PriceShock(shocks={"AAAUSDT": D("-0.2")}),
            Reduce(id="a", quantity=D("0.5")),
            Withdraw(asset="USDT", amount=D(30)),
        ],
    )
    assert [(each.change, each.liquidation.id) for each in answer.liquidated] == [(0, "a")]
    assert answer.without_effect == (1,)
    assert answer.book.wallet == {"USDT": D(10)}
    assert (answer.equity_before, answer.equity_after) == ({"USDT": D(50)}, {"USDT": D(10)})
    assert [each.id for each in answer.after.positions] == ["b"]


def test_a_dead_cross_pool_leaves_only_the_isolated_margins() -> None:
    third = position(id="c", symbol="CCCUSDT", margin_mode="isolated", leverage="3")
    answer = what_if_changes(read(position(), third), [PriceShock(shocks={"AAAUSDT": D("-0.5")})])
    assert [each.liquidation.id for each in answer.liquidated] == ["cross:USDT"]
    assert answer.after.pool("c").wallet_balance == evaluate(read(third)).pool("c").wallet_balance
    assert abs(answer.after.pool("cross:USDT").wallet_balance) < D("1e-100")


def test_a_change_can_kill_at_once_and_a_deposit_can_save() -> None:
    # In cross 50 - 9.5 carry it; alone its 10 - 9.5 are less than 0.905.
    hurt = read(position(mark_price="90.5"))
    answer = what_if_changes(hurt, [SwitchMode(id="p1", margin_mode=ISOLATED)])
    assert [(each.change, each.liquidation.id, each.liquidation.at_fraction) for each in answer.liquidated] == [
        (0, "p1", D(0))
    ]
    dead = read(position(mark_price="50"))
    assert what_if_changes(dead, [Deposit(asset="USDT", amount=D(1))]).liquidated == ()
    assert len(what_if_changes(dead, [PayFee(asset="USDT", amount=D(1))]).liquidated) == 1


def test_no_change_changes_nothing() -> None:
    answer = what_if_changes(read(position()), [])
    assert (answer.before, answer.equity_before) == (answer.after, answer.equity_after)
    assert what_if_changes(read(position()), [PriceShock(shocks={})]).after == answer.after


@given(books())
def test_closing_everything_at_the_marks_turns_equity_into_wallet(data: dict[str, object]) -> None:
    book = read_book(data)
    equity = what_if(book).equity_before
    closed = apply(book, [Close(id=each.id) for each in book.positions])
    assert closed.positions == ()
    assert closed.wallet == equity


@given(books(), st.integers(1, 9))
def test_a_part_reduced_at_the_mark_keeps_the_equity(data: dict[str, object], tenths: int) -> None:
    book = read_book(data)
    first = book.positions[0]
    part = first.quantity * tenths / 10
    less = apply(book, [Reduce(id=first.id, quantity=part)])
    assert what_if(less).equity_before["USDT"] == pytest.approx(what_if(book).equity_before["USDT"])


@given(books(), st.integers(-60, 60), st.integers(-60, 60))
def test_two_shocks_in_a_row_are_one_shock_where_nothing_is_liquidated(
    data: dict[str, object], first: int, second: int
) -> None:
    one, other = D(first) / 100, D(second) / 100
    book = read_book(data)
    apart = apply(book, [PriceShock(shocks={"*": one}), PriceShock(shocks={"*": other})])
    together = apply(book, [PriceShock(shocks={"*": (1 + one) * (1 + other) - 1})])
    assert evaluate(apart).pools == evaluate(together).pools


# The same for the other kinds: an inverse and a quanto contract, and a wallet of several assets.

INVERSE = {"kind": "inverse", "multiplier": "10", "settle_asset": "AAA"}
QUANTO = {"kind": "quanto", "multiplier": "0.001", "settle_asset": "AAA"}


def coin(**fields: object) -> Book:
    """10 contracts of 10 USD at 100: 1 AAA of notional, in a wallet of 1 AAA."""
    return read(position(symbol="AAAUSD", quantity="10", contract=INVERSE, **fields), wallet={"AAA": "1"})


def test_inverse_entries_average_harmonically_so_that_the_notional_at_entry_adds_up() -> None:
    # 100 / 100 + 100 / 50 = 3 AAA for 200 USD.
    grown = after(Add(id="p1", quantity=D(10), price=D(50)), of=coin())
    assert abs(grown.positions[0].entry_price - D(200) / D(3)) < D("1e-24")
    alone = after(Add(id="p1", quantity=D(10), price=D(50)), of=coin(margin_mode="isolated", isolated_margin="0.1"))
    # 0.1 + 2 / 10.
    assert alone.positions[0].isolated_margin == D("0.3")


def test_an_inverse_position_realises_coins() -> None:
    # 100 x (1 / 100 - 1 / 125) = 0.2 AAA.
    assert after(Close(id="p1", price=D(125)), of=coin()).wallet == {"AAA": D("1.2")}


def test_funding_of_an_inverse_position_is_paid_in_coins_at_the_mark() -> None:
    # 100 / 200 x 0.01.
    paid = after(PayFunding(symbol="AAAUSD", rate=D("0.01")), of=coin(mark_price="200"))
    assert paid.wallet == {"AAA": D("0.995")}


def test_a_quanto_position_realises_its_settle_coin() -> None:
    # 10 x 0.001 x (125 - 100) = 0.25 AAA.
    book = read(position(symbol="BBBUSD", quantity="10", contract=QUANTO), wallet={"AAA": "1"})
    assert after(Close(id="p1", price=D(125)), of=book).wallet == {"AAA": D("1.25")}


def test_in_multi_asset_mode_every_asset_can_be_withdrawn_until_the_pool_is_short() -> None:
    book = read(
        position(),
        wallet={"USDT": "5", "BTC": "1"},
        asset_mode="multi",
        collateral={"BTC": {"price": "100", "haircut": "0.1"}},
    )
    # 5 + 90 - 10 of initial margin: 85 / 90 of the coin.
    assert after(Withdraw(asset="BTC", amount=D("0.9")), of=book).wallet["BTC"] == D("0.1")
    text = refused(Withdraw(asset="BTC", amount=D("0.95")), of=book)
    assert text == "changes[0]: must not need more than the 85 that is available in cross:USD, got 85.5"
    lost = what_if_changes(book, [PriceShock(shocks={"AAAUSDT": D("-0.99")})])
    assert lost.book.wallet == {"USDT": D(0), "BTC": D(0)}


@pytest.mark.parametrize("seed", range(20))
def test_closing_everything_turns_equity_into_wallet_in_every_kind_and_mode(seed: int) -> None:
    # Enough of everything, so that no realised loss eats into the isolated margins of the rest.
    poor = read_book(mixed_book(Random(seed)))
    book = replace(poor, wallet={asset: balance + 10**9 for asset, balance in poor.wallet.items()})
    equity = what_if(book).equity_before
    closed = apply(book, [Close(id=each.id) for each in book.positions])
    for asset, amount in equity.items():
        assert abs(closed.wallet.get(asset, D(0)) - amount) <= D("1e-60") * (1 + abs(amount))


@pytest.mark.parametrize("seed", range(20))
def test_a_shock_leaves_what_the_walk_leaves_in_every_kind_and_mode(seed: int) -> None:
    book = read_book(mixed_book(Random(seed)))
    walked = what_if(book)
    changed = what_if_changes(replace(book, shocks={}), [PriceShock(shocks=book.shocks)])
    dead_at_start = {pool.id for pool in walked.before.pools if pool.liquidatable}
    assert [each.liquidation for each in changed.liquidated] == list(walked.liquidated)
    assert [each.id for each in changed.after.positions] == [each.id for each in walked.after.positions]
    for one, other in zip(changed.after.pools, walked.after.pools, strict=True):
        assert one.id == other.id
        assert abs(one.margin_balance - other.margin_balance) <= D("1e-60") * (1 + abs(other.margin_balance))
    assert dead_at_start <= {each.liquidation.id for each in changed.liquidated}


def test_without_its_working_a_what_if_says_the_same() -> None:
    book, fall = read(position(), position(id="p2", symbol="BBBUSDT", margin_mode="isolated")), {"BBBUSDT": D("-0.5")}
    whole = what_if_changes(book, [PriceShock(shocks=fall)])
    bare = what_if_changes(book, [PriceShock(shocks=fall)], explain=False)
    assert whole.before.derivation
    assert whole.after.derivation
    same = {name: replace(getattr(whole, name), derivation=()) for name in ("before", "after")}
    assert bare == replace(whole, **same)
