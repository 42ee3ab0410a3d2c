"""An exact margin engine for leveraged positions: isolated or cross, and what happens in each.

    >>> from decimal import Decimal
    >>> from margin_engine import Book, MarginMode, Position, Side, evaluate
    >>> long = Position(id="p1", symbol="BTCUSDT", side=Side.LONG, quantity=Decimal("0.5"), entry_price=Decimal(64000),
    ...                 leverage=Decimal(20), margin_mode=MarginMode.ISOLATED)
    >>> answer = evaluate(Book(venue="binance-usdm", wallet={"USDT": Decimal(10000)}, positions=(long,)))
    >>> round(answer.position("p1").liquidation_price, 2)
    Decimal('61044.18')
    >>> answer.steps_of("p1", "liquidation_price")[-1].formula
    '(W_p1 + D_p1 - s_p1 * q_p1 * E_p1) / (q_p1 * m_p1 - s_p1 * q_p1)'
    >>> answer.assumptions[0]
    'contract: BTCUSDT linear, multiplier 1, settled in USDT'

Every question is a function of a book (and of what it asks about), and its answer carries its working or the book that
it leaves, evaluated:

    evaluate                                    what is everything worth, and where is it liquidated?
    compare, in_mode, preview_switch            isolated beside cross: all positions, or one that changes its mode
    what_if, what_if_changes, apply, path       prices move; money, orders and modes change; the market falls or rises
    profit                                      what a target leaves after costs, and against which stop
    largest_quantity, largest_leverage,         what must change so that a goal is met: AtPrice, AtDistance, BeyondStop,
    margin_to_add, part_to_close                Survives
    size_for_risk                               the size whose stop costs what may be lost
    funding_bleed, killing_rate                 how long funding can be paid, and which rate ends it
    advise, prefilled, mistakes                 which mode, by five answers; what a book gets wrong

Venues are data: known_venues, preset_of, symbols, tier_table, tick_size, default_contract. Books and answers as JSON:
read_book, write_evaluation and its like, or `python -m margin_engine`. Very many answers at once, with NumPy:
margin_engine.questions.clouds.

Pure: no clock, no network, no log; its tables are dated data of the package. A refusal is an EngineError that names the
field.
"""

from margin_engine.codec import read_book, write_comparison, write_evaluation, write_path, write_what_if
from margin_engine.model.book import AssetMode, Book, Collateral, LiquidationProcess, MarginMode, Position, Rules, Side
from margin_engine.model.contracts import Contract, ContractKind, Terms, average_entry
from margin_engine.model.derivation import Step
from margin_engine.model.errors import EngineError, InconsistentBook, InvalidValue, MalformedInput, Unsupported
from margin_engine.model.tiers import Tier, TierMethod, TierTable
from margin_engine.questions.advice import Advice, Answers, Verdict, advise, prefilled
from margin_engine.questions.break_even import BreakEven
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
from margin_engine.questions.changed_books import ChangedWhatIf, what_if_changes
from margin_engine.questions.changes import apply
from margin_engine.questions.comparison import Comparison, Difference, compare, in_mode
from margin_engine.questions.funding import Bleed, BleedReason, KillingRate, funding_bleed, killing_rate
from margin_engine.questions.liquidation import evaluate
from margin_engine.questions.mistakes import Finding, Habits, Mistake, Thresholds, mistakes
from margin_engine.questions.profit import Costs, Outturn, Profit, profit
from margin_engine.questions.results import Evaluation, LiquidationReason, PoolHealth, PositionHealth
from margin_engine.questions.risk_size import RiskSize, size_for_risk
from margin_engine.questions.shocks import Liquidation
from margin_engine.questions.sizing import (
    Outcome,
    Sizing,
    SizingReason,
    largest_leverage,
    largest_quantity,
    margin_to_add,
    part_to_close,
)
from margin_engine.questions.survival import AtDistance, AtPrice, BeyondStop, Goal, Survives
from margin_engine.questions.switching import Permission, SwitchPreview, preview_switch
from margin_engine.questions.venue_steps import StepKind, VenueStep
from margin_engine.questions.what_if import Death, MarketPath, WhatIf, path, what_if
from margin_engine.venues.presets import (
    Preset,
    default_contract,
    known_venues,
    preset_of,
    symbols,
    tick_size,
    tier_table,
)

__all__ = [
    "Add",
    "AddMargin",
    "Advice",
    "Answers",
    "AssetMode",
    "AtDistance",
    "AtPrice",
    "BeyondStop",
    "Bleed",
    "BleedReason",
    "Book",
    "BreakEven",
    "Change",
    "ChangedWhatIf",
    "Close",
    "Collateral",
    "Comparison",
    "Contract",
    "ContractKind",
    "Costs",
    "Death",
    "Deposit",
    "Difference",
    "EngineError",
    "Evaluation",
    "Finding",
    "Goal",
    "Habits",
    "InconsistentBook",
    "InvalidValue",
    "KillingRate",
    "Liquidation",
    "LiquidationProcess",
    "LiquidationReason",
    "MalformedInput",
    "MarginMode",
    "MarketPath",
    "Mistake",
    "Open",
    "Outcome",
    "Outturn",
    "PayFee",
    "PayFunding",
    "Permission",
    "PoolHealth",
    "Position",
    "PositionHealth",
    "Preset",
    "PriceShock",
    "Profit",
    "Reduce",
    "RiskSize",
    "Rules",
    "SetLeverage",
    "Side",
    "Sizing",
    "SizingReason",
    "Step",
    "StepKind",
    "Survives",
    "SwitchMode",
    "SwitchPreview",
    "TakeMargin",
    "Terms",
    "Thresholds",
    "Tier",
    "TierMethod",
    "TierTable",
    "Unsupported",
    "VenueStep",
    "Verdict",
    "WhatIf",
    "Withdraw",
    "advise",
    "apply",
    "average_entry",
    "compare",
    "default_contract",
    "evaluate",
    "funding_bleed",
    "in_mode",
    "killing_rate",
    "known_venues",
    "largest_leverage",
    "largest_quantity",
    "margin_to_add",
    "mistakes",
    "part_to_close",
    "path",
    "prefilled",
    "preset_of",
    "preview_switch",
    "profit",
    "read_book",
    "size_for_risk",
    "symbols",
    "tick_size",
    "tier_table",
    "what_if",
    "what_if_changes",
    "write_comparison",
    "write_evaluation",
    "write_path",
    "write_what_if",
]
