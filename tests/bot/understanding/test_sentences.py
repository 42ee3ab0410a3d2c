"""Sentences built from known slots: whatever the order and the way of writing, a slot is right, flagged or open."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.understanding import Reading, understand

BANDS = {"btc": (40_000, 120_000), "eth": (1_500, 4_900), "sol": (70, 290), "link": (8, 30), "near": (1, 9)}


@dataclass(frozen=True)
class Told:
    """What a sentence says, and its parts in the order in which they are said."""

    side: str
    symbol: str
    quantity: Decimal
    price: Decimal
    leverage: int
    mode: str | None
    wallet: int
    parts: tuple[str, ...]
    joint: str


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


@st.composite
def told(draw: st.DrawFn, *, shuffled: bool) -> Told:
    coin = draw(st.sampled_from(sorted(BANDS)))
    low, high = BANDS[coin]
    price = draw(st.integers(low, high))
    quantity = draw(st.sampled_from(("0.1", "0.25", "0.5", "1", "1.5", "2", "3", "7", "12")))
    leverage = draw(st.sampled_from((2, 3, 5, 10, 20, 25, 50, 100)))
    wallet = draw(st.sampled_from((400, 650, 1_000, 2_500, 5_000, 10_000, 12_500, 20_000, 250_000)))
    side, mode = draw(st.sampled_from(("long", "short"))), draw(st.sampled_from((None, "isolated", "cross")))
    prices = [f"{price}", f"at {price}", f"@ {price}", f"entry {price}", f"${price}"]
    prices += [f"{price:,}", _spaced(price)] if price >= 1000 else []
    prices += [f"{price // 1000}k"] if price % 1000 == 0 else []
    wallets = [f"{wallet}", f"{wallet:,}", _spaced(wallet), f"${wallet}", f"{wallet} usdt"]
    wallets += [f"{wallet // 1000}k"] if wallet % 1000 == 0 else []
    money = draw(st.sampled_from(wallets))
    word = draw(st.sampled_from(("wallet", "balance", "bal")))
    parts = [
        side,
        f"{quantity} {coin}",
        draw(st.sampled_from(prices)),
        draw(st.sampled_from((f"{leverage}x", f"x{leverage}", f"lev {leverage}", f"leverage {leverage}x"))),
        *((draw(st.sampled_from((mode, mode[:3] if mode == "isolated" else mode))),) if mode else ()),
        draw(st.sampled_from((f"{word} {money}", f"{word}: {money}", f"{money} {word}"))),
    ]
    return Told(
        side=side,
        symbol=coin.upper(),
        quantity=Decimal(quantity),
        price=Decimal(price),
        leverage=leverage,
        mode=mode,
        wallet=wallet,
        parts=tuple(draw(st.permutations(parts)) if shuffled else parts),
        joint=draw(st.sampled_from((" ", ", "))),
    )


def _wrong(reading: Reading, wanted: Told) -> list[str]:
    """The slots with another value than was said, and without a flag."""
    flagged = {entry.split(":")[0] for entry in reading.assumed}
    positions = reading.parsed.positions or ()
    if len(positions) != 1:
        return ["positions"]
    said, account = positions[0], reading.parsed.account
    pairs = (
        ("symbol", said.symbol, wanted.symbol),
        ("side", said.side, wanted.side),
        ("size", said.qty, wanted.quantity),
        ("usd_amount_is_margin", said.margin, None),
        ("size", said.notional, None),
        ("entry", said.entry, wanted.price),
        ("leverage", said.leverage, wanted.leverage),
        ("mode", said.mode, wanted.mode),
        ("wallet", account.balance if account else None, wanted.wallet),
    )
    return [f"{name} {got}" for name, got, right in pairs if got not in (None, right) and name not in flagged]


@given(told(shuffled=True))
@example(
    Told(
        "short",
        "LINK",
        Decimal("0.25"),
        Decimal(27),
        100,
        None,
        12500,
        ("short 0.25 link", "at 27", "bal 12 500", "100x"),
        " ",
    )
)
@example(
    Told(
        "long",
        "NEAR",
        Decimal("0.1"),
        Decimal(1),
        2,
        None,
        2500,
        ("2x", "1", "0.1 near", "long", "2 500 wallet"),
        " ",
    )
)
@example(
    Told(
        "long",
        "BTC",
        Decimal("0.5"),
        Decimal(64000),
        20,
        None,
        10000,
        ("10000 wallet", "64000", "long 0.5 btc 20x"),
        " ",
    )
)
def test_a_slot_of_a_shuffled_sentence_is_right_or_flagged_or_open(wanted: Told) -> None:
    text = wanted.joint.join(wanted.parts)
    reading = understand(text)
    assert reading.kind == "position", text
    assert _wrong(reading, wanted) == [], text


@given(told(shuffled=False))
def test_every_slot_of_a_sentence_in_the_usual_order_is_read(wanted: Told) -> None:
    text = wanted.joint.join(wanted.parts)
    assume("$" not in wanted.parts[2])
    (said,) = understand(text).parsed.positions or ()
    account = understand(text).parsed.account
    got = [said.symbol, said.side, said.qty, said.entry, said.leverage, said.mode]
    right = [wanted.symbol, wanted.side, wanted.quantity, wanted.price, wanted.leverage, wanted.mode]
    assert got == right, text
    assert account is not None
    assert account.balance == wanted.wallet, text


@pytest.mark.parametrize(
    ("wallet", "amounts", "prices"),
    [
        ("wallet 0.05 btc at 64000", {"BTC": "0.05"}, {"BTC": "64000"}),
        ("collateral 0.05 btc @64k", {"BTC": "0.05"}, {"BTC": "64000"}),
        ("wallet 500 usdt and 0.05 btc btc at 64000", {"USDT": "500", "BTC": "0.05"}, {"BTC": "64000"}),
        ("collateral 0.05 btc (btc at 64000) and 500 usdt", {"BTC": "0.05", "USDT": "500"}, {"BTC": "64000"}),
        (
            "balance 0.05 btc at 64k and 500 usdt and 2 sol at 150",
            {"BTC": "0.05", "USDT": "500", "SOL": "2"},
            {"BTC": "64000", "SOL": "150"},
        ),
    ],
)
def test_a_coin_of_the_wallet_may_tell_its_price(wallet: str, amounts: dict[str, str], prices: dict[str, str]) -> None:
    parsed = understand(f"long 1 eth 3000 10x cross multi asset, {wallet}").parsed
    assert parsed.account is not None
    (position,) = parsed.positions or ()
    assert (position.symbol, position.entry, position.margin) == ("ETH", Decimal(3000), None)
    account = parsed.account
    held = list(account.collateral.items()) if account.collateral else [(account.unit, account.balance)]
    assert held == [(asset, Decimal(amount)) for asset, amount in amounts.items()]
    assert parsed.marks == {coin: Decimal(price) for coin, price in prices.items()}


def test_a_price_behind_a_wallet_of_the_traded_coin_is_its_entry() -> None:
    parsed = understand("long 0.5 btc 10x cross multi asset, wallet 0.2 btc at 64000").parsed
    assert parsed.marks is None
    assert [each.entry for each in parsed.positions or ()] == [64000]
