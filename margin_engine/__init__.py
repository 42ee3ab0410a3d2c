"""An exact margin engine for leveraged positions: isolated or cross, and what happens in each.

    from decimal import Decimal
    from margin_engine import Book, MarginMode, Position, Side, evaluate

    position = Position(id="p1", symbol="BTCUSDT", side=Side.LONG, quantity=Decimal("0.5"),
                        entry_price=Decimal("64000"), leverage=Decimal("20"), margin_mode=MarginMode.ISOLATED)
    evaluate(Book(wallet={"USDT": Decimal("10000")}, positions=(position,))).position("p1").liquidation_price

Pure: no clock, no network, no log; its tables are dated data of the package. Answers are decimals that explain
themselves.
"""

from margin_engine.codec import (
    read_book,
    write_comparison,
    write_evaluation,
    write_path,
    write_what_if,
)
from margin_engine.model.book import Book, LiquidationProcess, MarginMode, Position, Rules, Side
from margin_engine.model.contracts import Contract, ContractKind, Terms
from margin_engine.model.derivation import Step
from margin_engine.model.errors import EngineError, InconsistentBook, InvalidValue, MalformedInput, Unsupported
from margin_engine.model.tiers import Tier, TierMethod, TierTable
from margin_engine.questions.comparison import Comparison, Difference, compare
from margin_engine.questions.liquidation import evaluate
from margin_engine.questions.results import Evaluation, LiquidationReason, PoolHealth, PositionHealth
from margin_engine.questions.what_if import Death, Liquidation, MarketPath, WhatIf, path, what_if
from margin_engine.venues.presets import default_contract, symbols, tick_size, tier_table

__all__ = [
    "Book",
    "Comparison",
    "Contract",
    "ContractKind",
    "Death",
    "Difference",
    "EngineError",
    "Evaluation",
    "InconsistentBook",
    "InvalidValue",
    "Liquidation",
    "LiquidationProcess",
    "LiquidationReason",
    "MalformedInput",
    "MarginMode",
    "MarketPath",
    "PoolHealth",
    "Position",
    "PositionHealth",
    "Rules",
    "Side",
    "Step",
    "Terms",
    "Tier",
    "TierMethod",
    "TierTable",
    "Unsupported",
    "WhatIf",
    "compare",
    "default_contract",
    "evaluate",
    "path",
    "read_book",
    "symbols",
    "tick_size",
    "tier_table",
    "what_if",
    "write_comparison",
    "write_evaluation",
    "write_path",
    "write_what_if",
]
