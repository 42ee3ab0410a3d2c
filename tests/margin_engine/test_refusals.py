"""Everything that is refused: the JSON path comes first, then the rule, then what was given."""

import json
from decimal import Decimal
from typing import Any

import pytest

from margin_engine import (
    Book,
    Contract,
    ContractKind,
    EngineError,
    InconsistentBook,
    InvalidValue,
    MalformedInput,
    Rules,
    Tier,
    TierTable,
    Unsupported,
    read_book,
)
from tests.margin_engine.builders import asked, book, position, refusal

LONG = "1" * 31


def tiers(*rungs: dict[str, str]) -> dict[str, Any]:
    return book(position(), tiers={"AAAUSDT": list(rungs)})


def one(**fields: Any) -> dict[str, Any]:
    return book(position(**fields))


CASES: list[tuple[str, dict[str, Any] | str, type[Exception]]] = [
    # Form
    ("positons", book() | {"positons": []}, MalformedInput),
    ("positions[0].sise", one(sise="1"), MalformedInput),
    ("rules.fee", book(rules={"fee": "0"}), MalformedInput),
    ("tiers.AAAUSDT[0].cap", tiers({"floor": "0", "rate": "0", "cap": "1"}), MalformedInput),
    ("positions[0].contract.size", one(contract={"size": "1"}), MalformedInput),
    ("wallet.USDT", '{"wallet": {"USDT": "1", "USDT": "1"}}', MalformedInput),
    ("venue", '{"venue": "generic", "venue": "generic"}', MalformedInput),
    ("positions[0].id", '{"positions": [{"id": "a", "id": "b"}]}', MalformedInput),
    ("wallet.USDT", book(wallet={"USDT": 50}), MalformedInput),
    ("wallet.USDT", '{"wallet": {"USDT": 5e1}}', MalformedInput),
    ("wallet.USDT", '{"wallet": {"USDT": NaN}}', MalformedInput),
    ("wallet.USDT", book(wallet={"USDT": None}), MalformedInput),
    ("wallet.USDT", book(wallet={"USDT": True}), MalformedInput),
    ("positions[0].quantity", one(quantity=1.5), MalformedInput),
    ("positions[0].quantity", one(quantity="1e3"), MalformedInput),
    ("positions[0].quantity", one(quantity="NaN"), MalformedInput),
    ("positions[0].quantity", one(quantity="Infinity"), MalformedInput),
    ("positions[0].quantity", one(quantity="+1"), MalformedInput),
    ("positions[0].quantity", one(quantity=" 1"), MalformedInput),
    ("positions[0].quantity", one(quantity="1\n"), MalformedInput),
    ("positions[0].quantity", one(quantity="1_000"), MalformedInput),
    ("positions[0].quantity", one(quantity="1."), MalformedInput),
    ("positions[0].quantity", one(quantity=".5"), MalformedInput),
    ("positions[0].quantity", one(quantity=""), MalformedInput),
    ("positions[0].quantity", one(quantity="\u0661"), MalformedInput),
    ("positions[0].quantity", one(quantity=LONG), MalformedInput),
    ("positions[0].quantity", one(quantity=f"0.{LONG}"), MalformedInput),
    ("positions[0].mark_price", one(mark_price=None), MalformedInput),
    ("positions[0].side", one(side="buy"), InvalidValue),
    ("positions[0].side", one(side=1), InvalidValue),
    ("positions[0].side", one(side=["long"]), InvalidValue),
    ("positions[0].margin_mode", one(margin_mode="Cross"), InvalidValue),
    ("positions[0].id", one(id=7), MalformedInput),
    ("positions[0].contract", one(contract="linear"), MalformedInput),
    ("positions[0]", book() | {"positions": ["p1"]}, MalformedInput),
    ("positions", book() | {"positions": {}}, MalformedInput),
    ("wallet", book(wallet=[]), MalformedInput),
    ("wallet", book(wallet={"": "1"}), MalformedInput),
    ("tiers.AAAUSDT", book(tiers={"AAAUSDT": {}}), MalformedInput),
    ("rules.others_profit_counts", book(rules={"others_profit_counts": "true"}), MalformedInput),
    ("rules.tier_method", book(rules={"tier_method": "flat"}), InvalidValue),
    ("rules.liquidation_process", book(rules={"liquidation_process": "steps"}), InvalidValue),
    ("asset_mode", book(asset_mode="both"), InvalidValue),
    ("$", "[]", MalformedInput),
    ("$", "", MalformedInput),
    ("$", "{", MalformedInput),
    ("$", '{"venue": "generic"} {}', MalformedInput),
    ("$", "[" * 100_000, MalformedInput),
    ("$", '{"venue":' * 50_000, MalformedInput),
    ("$", json.dumps({"venue": "x" * 1024 * 1024}), MalformedInput),
    # Values
    ("positions[0].quantity", one(quantity="-1"), InvalidValue),
    ("positions[0].quantity", one(quantity="0"), InvalidValue),
    ("positions[0].entry_price", one(entry_price="0.0"), InvalidValue),
    ("positions[0].mark_price", one(mark_price="-0"), InvalidValue),
    ("positions[0].leverage", one(leverage="0"), InvalidValue),
    ("positions[0].contract.multiplier", one(contract={"multiplier": "0"}), InvalidValue),
    ("positions[0].contract.settle_asset", one(contract={"settle_asset": ""}), InvalidValue),
    ("positions[0].isolated_margin", one(margin_mode="isolated", isolated_margin="-1"), InvalidValue),
    ("positions[0].id", one(id=""), InvalidValue),
    ("positions[0].id", one(id="cross:USDT"), InvalidValue),
    ("positions[0].symbol", one(symbol="*"), InvalidValue),
    ("shocks.AAAUSDT", book(shocks={"AAAUSDT": "-1"}), InvalidValue),
    ("shocks.*", book(shocks={"*": "-1.5"}), InvalidValue),
    ("rules.closing_fee_rate", book(rules={"closing_fee_rate": "1"}), InvalidValue),
    ("rules.closing_fee_rate", book(rules={"closing_fee_rate": "-0.1"}), InvalidValue),
    ("rules.fee_to_close_rate", book(rules={"fee_to_close_rate": "1"}), InvalidValue),
    ("tiers.AAAUSDT[0].rate", tiers({"floor": "0", "rate": "1"}), InvalidValue),
    ("tiers.AAAUSDT[0].rate", tiers({"floor": "0", "rate": "-0.01"}), InvalidValue),
    ("tiers.AAAUSDT[0].floor", tiers({"floor": "1", "rate": "0"}), InvalidValue),
    ("tiers.AAAUSDT[1].floor", tiers({"floor": "0", "rate": "0"}, {"floor": "0", "rate": "0.1"}), InvalidValue),
    ("tiers.AAAUSDT[0].max_leverage", tiers({"floor": "0", "rate": "0", "max_leverage": "0"}), InvalidValue),
    ("tiers.AAAUSDT", book(position(), tiers={"AAAUSDT": []}), InvalidValue),
    ("positions[0].leverage", tiers({"floor": "0", "rate": "0", "max_leverage": "9.99"}), InvalidValue),
    (
        "tiers.AAAUSDT[0].amount",
        tiers({"floor": "0", "rate": "0.1", "amount": "1"}) | {"rules": {"tier_method": "whole_position"}},
        InvalidValue,
    ),
    (
        "tiers.UNUSED[0].amount",
        book(
            position(),
            tiers={
                "AAAUSDT": [{"floor": "0", "rate": "0.1"}],
                "UNUSED": [{"floor": "0", "rate": "0.1", "amount": "1"}],
            },
            rules={"tier_method": "whole_position"},
        ),
        InvalidValue,
    ),
    # Relations
    ("positions[1].id", book(position(), position(symbol="BBBUSDT")), InconsistentBook),
    ("positions[1].side", book(position(), position(id="p2")), InconsistentBook),
    ("positions[1].mark_price", book(position(mark_price="99"), position(id="p2", side="short", mark_price="98")),
     InconsistentBook),
    ("positions[1].mark_price", book(position(), position(id="p2", side="short", entry_price="98")), InconsistentBook),
    (
        "positions[1].contract",
        book(position(contract={"multiplier": "10"}), position(id="p2", side="short", contract={"multiplier": "1"})),
        InconsistentBook,
    ),
    ("positions[0].contract.settle_asset", book(position(), wallet={"USDC": "50"}), InconsistentBook),
    ("positions[0].contract.settle_asset", book(position(symbol="AAA")), InconsistentBook),
    ("positions[0].isolated_margin", one(isolated_margin="1"), InconsistentBook),
    ("wallet.USDT", book(position(margin_mode="isolated"), wallet={"USDT": "9.99"}), InconsistentBook),
    ("positions[0].symbol", book(position(), tiers={}), InconsistentBook),
    # Contracts and collateral
    ("positions[0].contract.settle_asset", one(contract={"kind": "inverse"}), InconsistentBook),
    ("positions[0].contract.multiplier", one(contract={"kind": "quanto", "settle_asset": "USDT"}), InconsistentBook),
    ("positions[0].contract.kind", one(contract={"kind": "option"}), InvalidValue),
    ("collateral.BTC", book(position(), asset_mode="multi", wallet={"USDT": "1", "BTC": "1"}), InconsistentBook),
    ("collateral.BTC.haircut", book(collateral={"BTC": {"price": "64000", "haircut": "1.05"}}), InvalidValue),
    ("collateral.BTC.haircut", book(collateral={"BTC": {"price": "64000", "haircut": "-0.1"}}), InvalidValue),
    ("collateral.BTC.price", book(collateral={"BTC": {"price": "0"}}), InvalidValue),
    ("collateral.BTC.price", book(collateral={"BTC": {"haircut": "0.1"}}), MalformedInput),
    ("venue", book(venue="ftx"), Unsupported),
]  # fmt: skip


@pytest.mark.parametrize(("field", "data", "kind"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_a_refusal_starts_with_the_path_of_what_is_wrong(
    field: str, data: dict[str, Any] | str, kind: type[Exception]
) -> None:
    error = refusal(data)
    assert (error.field, type(error)) == (field, kind)
    assert str(error).startswith(f"{field}: ")
    assert "\n" not in str(error)
    assert len(str(error)) < 900


@pytest.mark.parametrize("name", ["id", "symbol", "side", "quantity", "entry_price", "leverage", "margin_mode"])
def test_required_fields_must_be_given(name: str) -> None:
    fields = position()
    del fields[name]
    assert str(refusal(book() | {"positions": [fields]})) == f"positions[0].{name}: must be given, got nothing"


def test_a_refusal_is_one_plain_sentence() -> None:
    assert str(refusal(one(quantity="-1"))) == "positions[0].quantity: must be above 0, got -1"
    assert str(refusal(book(wallet={"US\nDT": "x"}))).startswith("wallet.US\\nDT: must be a decimal string")


def test_what_is_at_the_limit_is_accepted() -> None:
    thirty = "1" * 30
    fine = position(quantity=f"{thirty}.{thirty}", leverage="0.5")
    assert asked(fine, wallet={"USDT": f"{'9' * 30}"}).position("p1").notional
    assert asked(position(), shocks={"*": "-0.999"}, collateral={}, asset_mode="single")
    assert asked(position(), rules={"others_profit_counts": True, "fee_to_close_rate": "0"})
    third = position(margin_mode="isolated", leverage="3")
    assert asked(third, third | {"id": "p2"}, third | {"id": "p3"}, wallet={"USDT": "100"})


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(MalformedInput, match="must be UTF-8"):
        read_book(b'{"venue": "\xff"}')


def test_a_book_of_values_is_held_to_the_same_rules() -> None:
    with pytest.raises(InvalidValue, match=r"wallet\.USDT: must be a finite Decimal"):
        Book(wallet={"USDT": Decimal("NaN")})
    with pytest.raises(InvalidValue, match=r"must be a finite Decimal, got 0\.5"):
        Book(wallet={"USDT": 0.5})  # type: ignore[dict-item]
    with pytest.raises(InvalidValue, match=r"tiers\.AAAUSDT\[0\]\.amount: must be a finite Decimal"):
        Book(tiers={"AAAUSDT": TierTable((Tier(floor=Decimal(0), rate=Decimal(0), amount=Decimal("NaN")),))})
    with pytest.raises(InvalidValue, match=r"rules\.fee_to_close_rate"):
        Book(rules=Rules(fee_to_close_rate=Decimal(1)))
    with pytest.raises(InvalidValue, match="asset_mode: must be one of single, multi"):
        Book(asset_mode="both")
    assert Contract(kind=ContractKind.LINEAR).multiplier is None


def test_a_repeated_key_among_very_many_is_found_at_once() -> None:
    names = ",".join(f'"A{number}":"1"' for number in range(60_000))
    with pytest.raises(EngineError, match=r"^wallet.A7: must be given once"):
        read_book(f'{{"wallet": {{{names},"A7":"1"}}}}')


def test_collateral_has_no_effect_in_single_mode_and_the_answer_says_so() -> None:
    plain = asked(position())
    backed = asked(position(), collateral={"BTC": {"price": "64000", "haircut": "1"}})
    assert backed.pools == plain.pools
    assert "collateral: BTC does not count, asset_mode is single" in backed.assumptions
