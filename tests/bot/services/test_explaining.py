"""Which assumption makes our liquidation price the venue's: every suspect's price is the engine's."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.explain_views import Explained, Suspect
from bot.rendering.views import Partition
from bot.services.explaining import explain_difference
from bot.services.suspects import Known
from margin_engine import Book, MarginMode, Position, Side, Tier, TierTable

TICK = Decimal("0.1")


def book(mode: MarginMode, *, wallet: int = 10_000, leverage: int = 20) -> Book:
    long = Position(
        id="p1",
        symbol="BTCUSDT",
        side=Side.LONG,
        quantity=Decimal("0.5"),
        entry_price=Decimal(64_000),
        leverage=Decimal(leverage),
        margin_mode=mode,
    )
    return Book(wallet={"USDT": Decimal(wallet)}, positions=(long,))


BOOKS: dict[Partition, Book] = {"isolated": book(MarginMode.ISOLATED), "cross": book(MarginMode.CROSS)}


def explained(
    shown: str | None, *, mode: Partition = "isolated", venue: str | None = None, known: Known | None = None
) -> Explained:
    price = Decimal(shown) if shown is not None else None
    return explain_difference(BOOKS, mode, "p1", shown=price, venue=venue, known=known)


def named(found: Explained, name: str) -> Suspect:
    return next(each for each in found.suspects if each.name == name)


def test_margin_added_to_a_leg_of_an_isolated_hedge_is_found() -> None:
    # 0.5 x 64,000 - 1,600 - 0.498 x 60,040.2 = 499.98 for the long of a hedge that is marked at 63,000.
    long, marked = BOOKS["isolated"].positions[0], Decimal(63_000)
    short = replace(long, id="p2", side=Side.SHORT, entry_price=Decimal(62_000), mark_price=marked)
    hedge: dict[Partition, Book] = {
        "isolated": replace(BOOKS["isolated"], positions=(replace(long, mark_price=marked), short))
    }
    found = explain_difference(hedge, "isolated", "p1", shown=Decimal("60040.2"))
    assert named(found, "added").facts["amount"] == Decimal("499.98")
    told = explain_difference(hedge, "isolated", "p1", shown=Decimal("60040.2"), known=Known(added=Decimal(500)))
    assert told.fits


def test_added_margin_is_found_to_the_cent() -> None:
    added = named(explained("61020"), "added")
    # (61,044.1767 - 61,020) x 0.5 x 0.996 = 12.04
    assert (added.facts["amount"], added.fits) == (Decimal("12.04"), True)


def test_what_was_paid_is_found_with_its_share_of_the_position() -> None:
    paid = named(explained("61076.3"), "paid")
    # (61,076.3 - 61,044.1767) x 0.498 = 16.00, which is 16 / 32,000
    assert paid.facts == {"amount": Decimal("16.00"), "asset": "USDT", "rate": Decimal("0.0005")}


def test_the_venues_own_rules_are_asked_of_the_engine() -> None:
    # OKX counts 0.05 % for closing: (32,000 - 1,600) / (0.5 x (1 - 0.004 - 0.0005)) = 61,074.84
    found = explained("61074.9", venue="okx")
    first = found.suspects[0]
    assert (first.name, first.facts, first.fits) == ("venue", {"venue": "okx"}, True)
    assert named(found, "closing_fee").fits


def test_the_other_mode_and_the_next_leverage_are_recognised() -> None:
    assert explained("44176.8").suspects[0].name == "mode"
    # 32,000 / 21 = 1,523.81; (32,000 - 1,523.81) / 0.498 = 61,197.17
    assert named(explained("61197.2"), "leverage").facts == {"leverage": Decimal(21)}


def test_an_entry_and_a_maintenance_rate_are_found() -> None:
    found = explained("60000")
    # 19/20 x E / 0.996 = 60,000 -> E = 62,905.26
    assert named(found, "entry").facts["price"] == Decimal("62905.3")
    # 30,400 / (0.5 x (1 - m)) = 61,000 -> m = 1 - 60,800 / 61,000 = 0.003279
    assert named(explained("61000"), "rate").facts["rate"] == Decimal("0.003279")


def test_in_cross_the_wallet_is_the_suspect() -> None:
    wallet = named(explained("44500", mode="cross"), "wallet")
    # (44,500 - 44,176.7068) x 0.498 = 161.00 less
    assert wallet.facts == {"wallet": Decimal("9839.00"), "amount": Decimal("-161.00"), "asset": "USDT"}


@pytest.mark.parametrize(
    ("known", "price"),
    [
        (Known(added=Decimal(100)), "60843.37"),  # (30,400 - 100) / 0.498
        (Known(paid=Decimal(100)), "61244.98"),  # (30,400 + 100) / 0.498
        (Known(rate=Decimal("0.004")), "61044.18"),  # the rung's own
        (Known(rate=Decimal("0.005")), "61105.53"),  # a rung that it does not reach: 60,800 / 0.995
        (Known(rate=Decimal("0.006")), "61167.00"),  # of no rung: 60,800 / 0.994
    ],
)
def test_what_is_known_is_counted_in_and_suspected_no_more(known: Known, price: str) -> None:
    found = explained("60000", known=known)
    assert found.ours is not None
    assert round(found.ours, 2) == Decimal(price)
    names = {each.name for each in found.suspects}
    assert not names & ({"added"} if known.added else {"paid", "opening_fee"} if known.paid else {"rate", "flat_rate"})


def test_a_known_difference_is_none_any_more() -> None:
    found = explained("61020", known=Known(added=Decimal("12.04")))
    assert found.fits
    assert found.off is not None
    assert abs(found.off) <= TICK


def test_the_price_now_moves_no_price_of_one_position() -> None:
    assert not explained("61020").mark_counts


def test_a_position_that_cannot_be_liquidated_has_nothing_to_compare() -> None:
    books: dict[Partition, Book] = {"isolated": book(MarginMode.ISOLATED, wallet=40_000, leverage=1)}
    found = explain_difference(books, "isolated", "p1", shown=Decimal(100))
    assert (found.ours, found.suspects) == (None, ())
    assert found.reason is not None


def test_more_taken_out_than_there_is_is_refused_without_a_fall() -> None:
    assert explained("61020", known=Known(added=Decimal(-5000))).reason == "refused"


@given(st.decimals(min_value=1, max_value=200_000, places=1))
def test_whatever_the_venue_shows_what_fits_is_within_a_tick_and_comes_first(shown: Decimal) -> None:
    for mode in BOOKS:
        found = explain_difference(BOOKS, mode, "p1", shown=shown, venue="bybit")
        fits = [each.fits for each in found.suspects]
        assert fits == sorted(fits, reverse=True)
        for each in found.suspects:
            assert each.fits == (abs(each.price - shown) <= TICK)
            assert each.off == each.price - shown


def test_a_large_position_keeps_the_deduction_of_a_rung_that_it_reaches() -> None:
    large = Position(
        id="p1",
        symbol="BTCUSDT",
        side=Side.LONG,
        quantity=Decimal(10),
        entry_price=Decimal(64_000),
        leverage=Decimal(20),
        margin_mode=MarginMode.ISOLATED,
    )
    books: dict[Partition, Book] = {"isolated": Book(wallet={"USDT": Decimal(40_000)}, positions=(large,))}
    # 640,000 stand on the second rung, 0.5 % less 300: (640,000 - 32,000 - 300) / (10 x 0.995) = 61,075.38
    found = explain_difference(books, "isolated", "p1", shown=Decimal(61_105), known=Known(rate=Decimal("0.005")))
    assert found.ours is not None
    assert round(found.ours, 2) == Decimal("61075.38")
    # Without the deduction: 608,000 / 9.95 = 61,105.53
    flat = next(
        each
        for each in explain_difference(books, "isolated", "p1", shown=Decimal("61105.5")).suspects
        if each.name == "flat_rate"
    )
    assert (flat.facts["rate"], flat.fits) == (Decimal("0.005"), True)


def test_a_coin_margined_position_is_explained_in_its_coin() -> None:
    inverse = Position(
        id="p1",
        symbol="BTCUSD_PERP",
        side=Side.LONG,
        quantity=Decimal(10_000),
        entry_price=Decimal(50_000),
        leverage=Decimal(10),
        margin_mode=MarginMode.ISOLATED,
    )
    tiers = {"BTCUSD_PERP": TierTable(tiers=(Tier(floor=Decimal(0), rate=Decimal("0.004")),))}
    wallet = {"BTC": Decimal("0.02")}
    books: dict[Partition, Book] = {
        "isolated": Book(venue="binance-coinm", wallet=wallet, tiers=tiers, positions=(inverse,))
    }
    # 10,000 / 50,000 = 0.2 BTC, margin 0.02: 10,000 x 1.004 / (0.2 + 0.02) = 45,636.36
    found = explain_difference(books, "isolated", "p1", shown=Decimal(45_000))
    assert found.ours is not None
    assert round(found.ours, 2) == Decimal("45636.36")
    # 10,040 / 45,000 - 0.22 = 0.00311111 BTC
    assert named(found, "added").facts == {"amount": Decimal("0.00311111"), "asset": "BTC"}


@pytest.mark.parametrize("shown", ["1e-12", "1e15", "0.00000001", "999999999999999"])
def test_no_price_that_can_be_typed_makes_it_fall(shown: str) -> None:
    for mode in BOOKS:
        assert explained(shown, mode=mode, venue="okx").ours is not None
